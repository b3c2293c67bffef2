#include "refrain/pipeline/record_hash.h"

#include <string>

namespace refrain {

Key128 RecordHash(std::string_view raw) {
  while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) raw.remove_suffix(1);
  return HashBytes128(raw);
}

Key128 RecordHash(const Page& page) {
  if (!page.raw.empty()) return RecordHash(page.raw);
  std::string all;
  for (const std::string* field : {&page.id, &page.url, &page.source, &page.date, &page.text}) {
    all += std::to_string(field->size());
    all += ':';
    all += *field;
  }
  return HashBytes128(all);
}

}  // namespace refrain
