#pragma once
/// Lengths in words, in which scripts that write no spaces count too.

#include <cstdint>

#include "refrain/text/tokens.h"

namespace refrain {

/// Headings are no longer than this.
inline constexpr uint32_t kHeadingWords = 12;

/// Length of the tokens [begin, end) in quarters of a word.
inline uint64_t QuarterWords(const Tokens& tokens, uint32_t begin, uint32_t end) {
  uint64_t quarters = 0;
  for (uint32_t i = begin; i < end; ++i) quarters += tokens.quarter_words(i);
  return quarters;
}

}  // namespace refrain
