#pragma once
// The tokeniser written down a second time, slowly and with ICU: what a token is and what it folds to,
// straight from the properties of Unicode and whole-string normalisation. Shares nothing with
// lib/refrain/text but the hash function.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::reference {

struct ReferenceToken {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t quarter_words = 0;
  bool digit = false;
  std::string folded;  // UTF-8
};

struct ReferenceTokens {
  std::vector<ReferenceToken> tokens;
  uint64_t invalid_bytes = 0;
};

ReferenceTokens TokenizeByIcu(std::string_view text);

// Whether Unicode 15.0, which our tables are for, has this code point: a newer ICU may know more.
bool IsKnown(char32_t c);

std::string Nfc(std::string_view text);
std::string Nfd(std::string_view text);
std::string UpperCase(std::string_view text);
std::string LowerCase(std::string_view text);

}  // namespace refrain::reference
