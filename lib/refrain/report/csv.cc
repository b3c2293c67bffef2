#include "refrain/report/csv_internal.h"

namespace refrain {

void AppendCsvLine(const std::vector<std::string_view>& fields, std::string* out) {
  bool first = true;
  for (const std::string_view field : fields) {
    if (!first) out->push_back(',');
    first = false;
    if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
      out->append(field);
      continue;
    }
    out->push_back('"');
    for (const char c : field) {
      if (c == '"') out->push_back('"');
      out->push_back(c);
    }
    out->push_back('"');
  }
  out->append("\r\n");
}

}  // namespace refrain
