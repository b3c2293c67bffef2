#include "tests/reference/match_runs.h"

#include <algorithm>
#include <map>

namespace refrain::reference {

std::vector<VerbatimRun> AllVerbatimRuns(const Tokens& tokens, double min_words) {
  const std::vector<uint64_t>& words = tokens.hashes;
  std::vector<VerbatimRun> runs;
  for (uint32_t b = 0; b < words.size(); ++b) {
    for (uint32_t a = 0; a < b; ++a) {
      if (a > 0 && words[a - 1] == words[b - 1]) continue;  // begins further left
      uint32_t length = 0;
      double quarters = 0;
      for (; b + length < words.size() && words[a + length] == words[b + length]; ++length)
        quarters += tokens.quarter_words(b + length);
      if (length > 0 && quarters >= min_words * 4) runs.push_back({a, b, length});
    }
  }
  std::sort(runs.begin(), runs.end(), [](const VerbatimRun& one, const VerbatimRun& other) {
    return std::pair(one.b, one.a) < std::pair(other.b, other.a);
  });
  return runs;
}

size_t MostOccurrences(const Tokens& tokens, size_t width) {
  std::map<std::vector<uint64_t>, size_t> counts;
  size_t most = 0;
  for (size_t at = 0; at + width <= tokens.size(); ++at) {
    const auto begin = tokens.hashes.begin() + static_cast<std::ptrdiff_t>(at);
    most = std::max(most, ++counts[std::vector<uint64_t>(begin, begin + static_cast<std::ptrdiff_t>(width))]);
  }
  return most;
}

std::string WordText(const std::vector<uint32_t>& numbers) {
  std::string text;
  for (uint32_t number : numbers) {
    if (!text.empty()) text += ' ';
    text += 'w';
    for (++number; number > 0; number /= 26) text += static_cast<char>('a' + number % 26);
  }
  return text;
}

std::vector<uint32_t> DeBruijn(uint32_t letters, uint32_t order) {
  // Of the Lyndon words in order, those whose length divides `order`.
  std::vector<uint32_t> sequence, word = {0};
  while (!word.empty()) {
    if (order % word.size() == 0) sequence.insert(sequence.end(), word.begin(), word.end());
    const size_t size = word.size();
    while (word.size() < order) word.push_back(word[word.size() - size]);
    while (!word.empty() && word.back() + 1 == letters) word.pop_back();
    if (!word.empty()) ++word.back();
  }
  return sequence;
}

}  // namespace refrain::reference
