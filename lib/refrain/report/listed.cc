#include "refrain/report/listed.h"

#include <algorithm>

#include <fmt/format.h>

#include "refrain/report/safe_text_internal.h"

namespace refrain {
namespace {

constexpr size_t kShown = 100;  // bytes of a text

// On one line, white space as single spaces.
void AppendOnOneLine(std::string_view text, std::string* out) {
  std::string safe;
  AppendSafe(text, &safe);
  bool space = false;
  for (const char c : safe) {
    const bool is_space = c == '\n' || c == '\t' || c == ' ';
    if (!is_space || !space) out->push_back(is_space ? ' ' : c);
    space = is_space;
  }
}

}  // namespace

void AppendListed(const BoilerplateRow& row, std::string* out) {
  if (row.of > 0) {
    out->append(fmt::format("{:>8} {:>7.1f} %  ", row.pages, 100.0 * row.pages / row.of));
  } else {
    out->append(fmt::format("{:>8}  ", row.pages));
  }
  size_t end = std::min(kShown, row.text.size());
  while (end > 0 && end < row.text.size() && (static_cast<unsigned char>(row.text[end]) & 0xC0) == 0x80)
    --end;
  size_t at = 0;
  for (const Span& slot : row.slots) {
    if (slot.end > end) break;
    AppendOnOneLine(row.text.substr(at, slot.begin - at), out);
    out->append("‹");
    AppendOnOneLine(Slice(row.text, slot), out);
    out->append("›");
    at = slot.end;
  }
  AppendOnOneLine(row.text.substr(at, end - at), out);
  if (end < row.text.size()) out->append("…");
  out->append("  (");
  AppendOnOneLine(row.first, out);
  out->append(")\n");
}

void AppendListHeading(std::string_view source, uint32_t of, std::string* out) {
  if (of == 0) {
    out->append("common to many sources\n");
    return;
  }
  AppendOnOneLine(source, out);
  out->append(fmt::format(": {} different page{}\n", of, of == 1 ? "" : "s"));
}

}  // namespace refrain
