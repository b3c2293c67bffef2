#pragma once
// Every pair of places of a token text that shows the same words, by comparing all of them. And token texts
// to compare.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "refrain/text/tokens.h"

namespace refrain::reference {

struct VerbatimRun {
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t length = 0;
  friend auto operator<=>(const VerbatimRun&, const VerbatimRun&) = default;
};

// All (a, b, length), a < b, whose words are equal, that cannot be extended either way and that are worth
// `min_words` words or more; sorted by (b, a). Quadratic.
std::vector<VerbatimRun> AllVerbatimRuns(const Tokens& tokens, double min_words);

// How often the most frequent stretch of `width` tokens occurs.
size_t MostOccurrences(const Tokens& tokens, size_t width);

// "w0 w3 w1 ...": one word for each number, spelled with letters only.
std::string WordText(const std::vector<uint32_t>& numbers);

// Every sequence of `order` numbers below `letters` once, end to end: letters^order numbers.
std::vector<uint32_t> DeBruijn(uint32_t letters, uint32_t order);

}  // namespace refrain::reference
