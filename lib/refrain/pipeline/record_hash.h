#pragma once
/// What tells two records apart where all else is equal.

#include <string_view>

#include "refrain/base/hash.h"
#include "refrain/io/page.h"

namespace refrain {

/// Of the record's bytes, whatever ends its line; of extracted pages, of their fields and text.
Key128 RecordHash(const Page& page);
/// The same of a record that is no extracted page: by its bytes alone.
Key128 RecordHash(std::string_view raw);

}  // namespace refrain
