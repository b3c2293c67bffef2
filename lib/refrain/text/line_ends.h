#pragma once
/// Where lines end: the one rule that blocks, cuts and clean output share.

#include <cstdint>
#include <string_view>

#include "refrain/base/span.h"

namespace refrain {

/// False for a byte that begins no line end, as most do that stand between words.
inline bool MayEndLine(char c) { return static_cast<unsigned char>(c - '\r' - 1) >= 0xC2 - '\r' - 1; }

/// The line end (LF, CR, CR LF, VT, FF, U+0085, U+2028, U+2029) that begins at byte `at`: its size in bytes,
/// 0 if none does.
inline uint32_t LineEndAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const unsigned first = byte(at);
  if (first == '\r') return byte(at + 1) == '\n' ? 2 : 1;
  if (first >= '\n' && first <= '\f') return 1;
  if (first == 0xC2) return byte(at + 1) == 0x85 ? 2 : 0;
  if (first != 0xE2 || byte(at + 1) != 0x80) return 0;
  return byte(at + 2) == 0xA8 || byte(at + 2) == 0xA9 ? 3 : 0;
}

/// Whether a line begins at byte `at`: the text does, or a line end stands in front.
inline bool LineBeginsAt(std::string_view text, size_t at) {
  if (at == 0) return true;
  const unsigned before = static_cast<unsigned char>(text[at - 1]);
  if (before >= '\n' && before <= '\r') return true;
  if (before == 0x85) return at >= 2 && LineEndAt(text, at - 2) == 2;
  return (before == 0xA8 || before == 0xA9) && at >= 3 && LineEndAt(text, at - 3) == 3;
}

/// The lines that `span` lies in, with the line end of the last one.
inline Span WholeLines(std::string_view text, Span span) {
  while (!LineBeginsAt(text, span.begin)) --span.begin;
  uint32_t end_size = 0;
  while (span.end < text.size() && (end_size = LineEndAt(text, span.end)) == 0) ++span.end;
  span.end += end_size;
  return span;
}

}  // namespace refrain
