#pragma once
/// Lengths in words, in which scripts that write no spaces count too.

#include <cstddef>
#include <cstdint>
#include <vector>

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

/// The tokens [begin, end) as one number: other ones for others, as good as always.
inline uint64_t SequenceOf(const Tokens& tokens, uint32_t begin, uint32_t end) {
  uint64_t hash = end - begin;
  for (uint32_t i = begin; i < end; ++i) hash = (hash ^ tokens.hashes[i]) * 0x9E3779B97F4A7C15u;
  return hash;
}

/// A number for the word at `begin`; in scripts without spaces between words, for as many tokens in a row as
/// make one, none from `end` on.
inline uint64_t WordAt(const Tokens& tokens, size_t begin, size_t end) {
  uint64_t hash = 0;
  uint32_t quarters = 0;
  for (size_t k = begin; k < end && quarters < 4; ++k) {
    hash = (hash ^ tokens.hashes[k]) * 0x9E3779B97F4A7C15u;
    quarters += tokens.quarter_words(k);
  }
  return hash;
}

/// The length of any stretch of a page at once, also of one that ends before it begins: then 0. Keeps no
/// view, and its memory from page to page: four bytes a token.
class WordScale {
 public:
  WordScale() = default;
  explicit WordScale(const Tokens& tokens) { Measure(tokens); }

  /// Takes a page. Linear.
  void Measure(const Tokens& tokens) {
    before_.resize(tokens.size() + 1);
    uint32_t quarters = 0;
    for (size_t i = 0; i < tokens.size(); ++i) {
      before_[i] = quarters;
      quarters += tokens.quarter_words(i);
    }
    before_.back() = quarters;
  }
  uint32_t Quarters(uint32_t begin, uint32_t end) const {
    return begin < end ? before_[end] - before_[begin] : 0;
  }
  /// No more words than these stand there.
  bool IsWithin(uint32_t begin, uint32_t end, uint32_t words) const {
    return Quarters(begin, end) <= 4 * words;
  }

 private:
  std::vector<uint32_t> before_;  // each token, and behind the last
};

}  // namespace refrain
