#pragma once
/// Whether two texts in one form tell of one thing: by the numbers in it.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "refrain/match/passages.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Compares the numbers of passages. Rates, results, the weather of another day: the words are the same, and
/// the numbers, each beside the same word, are not. One for each thread.
class AgreeingNumbers {
 public:
  /// The first thousands tell as much as a table's million, which would take longer than all else.
  static constexpr size_t kMost = 4096;
  /// Fewer tell nothing.
  static constexpr size_t kFewest = 3;

  /// Of the numbers that the side with fewer has in `passages`, the share that the other one has beside the
  /// same word, in front of it or behind it; 1 where they are too few to tell. What stands near a year is a
  /// date and does not count: each page has its own. Linear but for sorting at most kMost numbers a side.
  double Of(const Tokens& a, const Tokens& b, const std::vector<SharedPassage>& passages);

 private:
  struct Number {
    uint64_t behind = 0;  // key of it and the word in front of it
    uint64_t before = 0;  // key of it and the word behind it
  };
  double Share(const std::vector<Number>& numbers, const std::vector<Number>& others);
  void Add(const Tokens& tokens, uint32_t first, uint32_t last, std::vector<Number>* numbers);

  std::vector<Number> numbers_a_, numbers_b_;
  std::vector<uint32_t> places_;
  std::vector<uint64_t> keys_;
};

}  // namespace refrain
