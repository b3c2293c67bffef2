#include "refrain/pipeline/content_digest.h"

#include <fmt/format.h>

namespace refrain {

std::string ContentDigest::Hex() const { return fmt::format("{:016x}{:016x}", digest_.high, digest_.low); }

}  // namespace refrain
