#pragma once
// What repeats in a token text, by its suffix array: plain, and made in another way than anything in lib.

#include <cstdint>
#include <vector>

#include "refrain/text/tokens.h"

namespace refrain::reference {

class SuffixArray {
 public:
  // O(n log^2 n): sorted by twice as many words each time.
  explicit SuffixArray(const Tokens& tokens);

  // How many words from `a` and from `b` on agree. O(distance in the array).
  uint32_t CommonWords(uint32_t a, uint32_t b) const;

  // [begin, end) stands earlier as well, verbatim, and no longer stretch around it does.
  struct Place {
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  // Every such place that is worth `min_words` words or more, ascending.
  std::vector<Place> RepeatedPlaces(double min_words) const;

 private:
  // For each word, how many from it on stand at an earlier place too.
  std::vector<uint32_t> LongestBefore() const;

  const Tokens& tokens_;
  std::vector<uint32_t> suffixes_;  // sorted
  std::vector<uint32_t> rank_;      // where in suffixes_
  std::vector<uint32_t> common_;    // words that suffixes_[i] shares with suffixes_[i - 1]
};

}  // namespace refrain::reference
