#include "refrain/io/html_style_internal.h"

#include <cstddef>

#include "refrain/io/html_tokens_internal.h"

namespace refrain::html {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

std::string_view Trim(std::string_view s) {
  while (!s.empty() && IsSpace(s.front())) s.remove_prefix(1);
  while (!s.empty() && IsSpace(s.back())) s.remove_suffix(1);
  return s;
}

/// Whether `s` is `word` in any case. REQUIRES: `word` is lower case letters.
bool Is(std::string_view s, std::string_view word) {
  if (s.size() != word.size()) return false;
  for (size_t i = 0; i < s.size(); ++i) {
    if (static_cast<char>(s[i] | 0x20) != word[i]) return false;
  }
  return true;
}

/// The value without "!important".
std::string_view PlainValue(std::string_view value) { return Trim(value.substr(0, value.find('!'))); }

}  // namespace

uint32_t ReadStyle(std::string_view style) {
  uint32_t seen = 0;
  while (!style.empty()) {
    const size_t end = style.find(';');
    const std::string_view declaration = style.substr(0, end);
    style.remove_prefix(end == std::string_view::npos ? style.size() : end + 1);
    const size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view property = Trim(declaration.substr(0, colon));
    if (Is(property, "display")) {
      seen &= ~uint32_t{kDisplayNone};
      if (Is(PlainValue(declaration.substr(colon + 1)), "none")) seen |= kDisplayNone;
    } else if (Is(property, "visibility")) {
      const std::string_view value = PlainValue(declaration.substr(colon + 1));
      seen &= ~uint32_t{kVisibilityHidden | kVisibilityVisible};
      if (Is(value, "hidden") || Is(value, "collapse")) seen |= kVisibilityHidden;
      if (Is(value, "visible")) seen |= kVisibilityVisible;
    }
  }
  return seen;
}

}  // namespace refrain::html
