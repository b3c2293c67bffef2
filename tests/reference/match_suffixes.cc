#include "tests/reference/match_suffixes.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace refrain::reference {

SuffixArray::SuffixArray(const Tokens& tokens) : tokens_(tokens) {
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  suffixes_.resize(size);
  rank_.resize(size);
  common_.assign(size, 0);
  std::iota(suffixes_.begin(), suffixes_.end(), 0u);
  std::vector<uint64_t> words = tokens.hashes;
  std::sort(words.begin(), words.end());
  for (uint32_t i = 0; i < size; ++i) {
    rank_[i] =
        static_cast<uint32_t>(std::lower_bound(words.begin(), words.end(), tokens.hashes[i]) - words.begin());
  }
  for (uint32_t width = 1; size > 0; width *= 2) {
    // By the first `width` words, and the `width` behind them; what ends comes first.
    const auto key = [&](uint32_t at) {
      return std::pair(uint64_t{rank_[at]}, at + width < size ? uint64_t{rank_[at + width]} + 1 : 0);
    };
    std::sort(suffixes_.begin(), suffixes_.end(), [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
    std::vector<uint32_t> next(size);
    for (uint32_t i = 1; i < size; ++i)
      next[suffixes_[i]] = next[suffixes_[i - 1]] + (key(suffixes_[i - 1]) < key(suffixes_[i]));
    rank_ = std::move(next);
    if (rank_[suffixes_[size - 1]] == size - 1 || width >= size) break;
  }
  // Kasai: a suffix shares at most one word less with its neighbour than the one that begins before it.
  uint32_t shared = 0;
  for (uint32_t at = 0; at < size; ++at) {
    if (rank_[at] == 0) {
      shared = 0;
      continue;
    }
    const uint32_t other = suffixes_[rank_[at] - 1];
    while (std::max(at, other) + shared < size && tokens.hashes[at + shared] == tokens.hashes[other + shared])
      ++shared;
    common_[rank_[at]] = shared;
    shared -= shared > 0;
  }
}

uint32_t SuffixArray::CommonWords(uint32_t a, uint32_t b) const {
  const auto [low, high] = std::minmax(rank_[a], rank_[b]);
  return *std::min_element(common_.begin() + low + 1, common_.begin() + high + 1);
}

std::vector<uint32_t> SuffixArray::LongestBefore() const {
  const uint32_t size = static_cast<uint32_t>(suffixes_.size());
  std::vector<uint32_t> longest(size, 0);
  // In the array, the nearest neighbours on either side that begin earlier share most.
  for (const bool forwards : {true, false}) {
    struct Open {
      uint32_t at = 0;
      uint32_t common = 0;  // words it shares with the one below it
    };
    std::vector<Open> open;  // `at` rises from below to the top
    for (uint32_t step = 0; step < size; ++step) {
      const uint32_t i = forwards ? step : size - 1 - step;
      uint32_t common = step == 0 ? 0 : common_[forwards ? i : i + 1];
      while (!open.empty() && open.back().at > suffixes_[i]) {
        common = std::min(common, open.back().common);
        open.pop_back();
      }
      if (!open.empty()) longest[suffixes_[i]] = std::max(longest[suffixes_[i]], common);
      open.push_back({suffixes_[i], open.empty() ? 0 : common});
    }
  }
  return longest;
}

std::vector<SuffixArray::Place> SuffixArray::RepeatedPlaces(double min_words) const {
  const std::vector<uint32_t> longest = LongestBefore();
  std::vector<Place> places;
  for (uint32_t begin = 0; begin < longest.size(); ++begin) {
    if (begin > 0 && longest[begin - 1] > longest[begin]) continue;  // part of the one before
    uint64_t quarters = 0;
    for (uint32_t i = 0; i < longest[begin]; ++i) quarters += tokens_.quarter_words(begin + i);
    if (longest[begin] > 0 && static_cast<double>(quarters) >= 4 * min_words)
      places.push_back({begin, begin + longest[begin]});
  }
  return places;
}

}  // namespace refrain::reference
