#pragma once
/// Boilerplate as a list for people.

#include <string>

#include "refrain/report/model.h"

namespace refrain {

/// Appends one line: pages (or sources), their share, the text on one line with slots between "‹" and "›",
/// the first page. Long texts are cut off. Control characters are shown as U+FFFD.
void AppendListed(const BoilerplateRow& row, std::string* out);

/// Appends the heading of a source with `of` different pages; `of` 0: of texts of many sources.
void AppendListHeading(std::string_view source, uint32_t of, std::string* out);

}  // namespace refrain
