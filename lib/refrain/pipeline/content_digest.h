#pragma once
/// A digest of a file's records: says whether restored content is what the run read, however the file was
/// compressed.

#include <cstdint>
#include <string>
#include <string_view>

#include "refrain/base/hash.h"

namespace refrain {

/// Order matters; where records were cut into batches does not.
class ContentDigest {
 public:
  void Add(const Key128& record) {
    const uint64_t words[4] = {digest_.high, digest_.low, record.high, record.low};
    digest_ = HashBytes128(std::string_view(reinterpret_cast<const char*>(words), sizeof words));
  }
  void AddRecord(std::string_view bytes) { Add(HashBytes128(bytes)); }
  /// 32 hexadecimal digits.
  std::string Hex() const;

 private:
  Key128 digest_;
};

}  // namespace refrain
