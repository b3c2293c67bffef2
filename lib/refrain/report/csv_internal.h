#pragma once
/// Comma-separated values as RFC 4180 has them.

#include <string>
#include <string_view>
#include <vector>

namespace refrain {

/// Appends one line: fields with commas, quotes or line ends stand in quotes, quotes are doubled, the line
/// ends in CR LF. A field that a spreadsheet would take for a formula is left as it is: whoever opens the
/// file there imports it as text.
void AppendCsvLine(const std::vector<std::string_view>& fields, std::string* out);

}  // namespace refrain
