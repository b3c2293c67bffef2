#include "refrain/report/marked.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "refrain/report/safe_text_internal.h"
#include "refrain/report/stretches_internal.h"

namespace refrain {
namespace {

constexpr std::array<int, 6> kColors = {36, 33, 35, 32, 34, 31};

std::string Style(const Stretch& stretch) {
  if (stretch.look == Stretch::kPlain) return "";
  return fmt::format("\x1b[{};{}m", stretch.look == Stretch::kCut ? "2;9" : "4",
                     kColors[stretch.passage % kColors.size()]);
}

// Every line is closed and opened again, so that pagers and terminals show each by itself.
void AppendStyled(std::string_view text, const std::string& style, std::string* out) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) {
      out->append(style);
      const bool cr = end < text.size() && text[end - 1] == '\r';
      AppendSafe(text.substr(0, cr ? end - 1 : end), out);
      if (!style.empty()) out->append("\x1b[0m");
    }
    if (end < text.size()) out->push_back('\n');
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void AppendBracketed(const Stretch& stretch, std::string_view text, std::string* out) {
  const bool cut = stretch.look == Stretch::kCut;
  if (stretch.opens) out->append(cut ? "[-" : "{+");
  AppendSafe(text, out);
  if (!stretch.closes) return;
  // The mark closes before the line end that a whole line takes along.
  const bool line = cut && out->back() == '\n';
  if (line) out->pop_back();
  out->append(cut ? "-]" : "+}");
  if (line) out->push_back('\n');
}

}  // namespace

void AppendMarked(const PageRow& row, const MarkedOptions& options, std::string* out) {
  for (const Stretch& stretch : StretchesOf(row)) {
    const std::string_view text = Slice(row.text, stretch.span);
    if (options.color) {
      AppendStyled(text, Style(stretch), out);
    } else {
      AppendBracketed(stretch, text, out);
    }
  }
  if (!row.text.empty() && row.text.back() != '\n') out->push_back('\n');
}

}  // namespace refrain
