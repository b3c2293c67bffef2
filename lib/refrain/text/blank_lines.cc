#include "refrain/text/blank_lines.h"

#include "refrain/text/line_ends.h"

namespace refrain {
namespace {

// White space on a line, with hard and wide spaces.
bool IsBlank(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto starts = [&](std::string_view with) { return text.substr(i).starts_with(with); };
    if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')) {
      ++i;
    } else if (starts("\u00a0") || starts("\u0085")) {
      i += 2;
    } else if (starts("\u3000") || starts("\u200b") || starts("\ufeff") || starts("\u2028") ||
               starts("\u2029")) {
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

// The line that ends right before byte `at`, where a line begins. REQUIRES: at > 0.
Span LineBefore(std::string_view text, uint32_t at) {
  uint32_t begin = at - 1;
  // Both halves of a CR LF belong to it.
  while (begin > 0 && (!LineBeginsAt(text, begin) || (text[begin] == '\n' && text[begin - 1] == '\r')))
    --begin;
  return {begin, at};
}

}  // namespace

uint32_t BlanksBefore(std::string_view text, uint32_t at) {
  while (at > 0) {
    const Span line = LineBefore(text, at);
    if (!IsBlank(Slice(text, line))) break;
    at = line.begin;
  }
  return at;
}

uint32_t BlanksBehind(std::string_view text, uint32_t at) {
  while (at < text.size()) {
    const Span line = WholeLines(text, {at, at});
    if (!IsBlank(Slice(text, line))) break;
    at = line.end;
  }
  return at;
}

Span TakeBlankLines(std::string_view text, Span lines) {
  const uint32_t before = BlanksBefore(text, lines.begin), behind = BlanksBehind(text, lines.end);
  if (before == 0 || behind == text.size()) return {before, behind};
  return {lines.begin, before < lines.begin ? behind : lines.end};
}

}  // namespace refrain
