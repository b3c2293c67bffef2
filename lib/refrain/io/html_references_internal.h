#pragma once
/// Character references: `&eacute;`, `&#233;`, `&#xE9;`, and the old names that need no semicolon.

#include <cstdint>

namespace refrain::html {

/// What a reference stands for.
struct Reference {
  uint32_t consumed = 0;  ///< bytes of HTML, ampersand included
  uint8_t size = 0;       ///< bytes of UTF-8 in `bytes`
  char bytes[7] = {};
};

/// Reads the reference at `begin`, which points to an ampersand, as a browser does outside attributes:
/// numbers in the range of C1 controls mean windows-1252, zero, surrogates and what lies beyond U+10FFFF mean
/// U+FFFD. Returns false where there is none: then the ampersand is text. Looks at the digits of a number,
/// else at 33 bytes at most.
bool DecodeReference(const char* begin, const char* end, Reference* out);

}  // namespace refrain::html
