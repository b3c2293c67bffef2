#pragma once
/// UTF-8, one code point at a time, and byte offsets against code point offsets.
///
/// Valid is what Unicode calls well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refrain {

/// Reads the code point that begins at byte `*at` and moves `*at` behind it. Where no valid one begins,
/// returns false and moves `*at` by one byte: every byte that is not part of a valid sequence is bad by
/// itself. REQUIRES: *at < text.size().
inline bool DecodeUtf8(std::string_view text, size_t* at, char32_t* out) {
  const size_t left = text.size() - *at;
  const auto* p = reinterpret_cast<const unsigned char*>(text.data()) + *at;
  const uint32_t lead = p[0];
  if (lead < 0x80) {
    *out = lead;
    *at += 1;
    return true;
  }
  if (lead >= 0xC2 && lead < 0xE0) {
    if (left >= 2 && (p[1] & 0xC0) == 0x80) {
      *out = (lead & 0x1F) << 6 | (p[1] & 0x3Fu);
      *at += 2;
      return true;
    }
  } else if (lead >= 0xE0 && lead < 0xF0) {
    if (left >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
      const uint32_t c = (lead & 0x0F) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
      if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) {
        *out = c;
        *at += 3;
        return true;
      }
    }
  } else if (lead >= 0xF0 && lead < 0xF5) {
    if (left >= 4 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 && (p[3] & 0xC0) == 0x80) {
      const uint32_t c = (lead & 0x07) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
      if (c >= 0x10000 && c <= 0x10FFFF) {
        *out = c;
        *at += 4;
        return true;
      }
    }
  }
  *at += 1;
  return false;
}

/// Whether all of `text` is valid. simdjson's vector code: above 10 GB/s.
bool IsValidUtf8(std::string_view text);

/// `text` with U+FFFD for each byte that is no part of valid UTF-8: for people, and where a format allows
/// nothing else.
std::string ToValidUtf8(std::string_view text);

/// Appends the one to four bytes of `c`. REQUIRES: `c` is at most U+10FFFF and no surrogate.
void AppendUtf8(char32_t c, std::string* out);

/// How many code points `text` has; each byte that is not part of a valid sequence counts as one (as if
/// U+FFFD had replaced it).
size_t CountCodePoints(std::string_view text);

/// Replaces each byte offset in `offsets` by the number of code points in front of it. One pass over `text`.
/// REQUIRES: `offsets` ascends, none is beyond text.size() or inside a code point.
void BytesToCodePoints(std::string_view text, std::vector<uint64_t>* offsets);

/// The other way round. REQUIRES: `offsets` ascends; those beyond the last code point become text.size().
void CodePointsToBytes(std::string_view text, std::vector<uint64_t>* offsets);

}  // namespace refrain
