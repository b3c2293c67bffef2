#include "refrain/match/advice.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace refrain {
namespace {

constexpr int kLeastMinimum = 3;  // that PageRepeatOptions takes
constexpr int kEachBelow = 13;    // minima that are tried one by one
constexpr size_t kMostTries = 24;
// Shares of a place's words.
constexpr double kAll = 0.9, kPart = 0.1;

// Descending.
std::vector<int> MinimaToTry(const PageRepeats& found, double in_use) {
  const int below = static_cast<int>(std::ceil(in_use)) - 1;
  std::vector<int> minima;
  for (int minimum = kLeastMinimum; minimum <= std::min(below, kEachBelow - 1); ++minimum)
    minima.push_back(minimum);
  for (const LeftRepeat& left : found.left) {
    if (left.at_min_tokens >= kEachBelow) minima.push_back(left.at_min_tokens);
  }
  std::sort(minima.begin(), minima.end(), std::greater<>());
  minima.erase(std::unique(minima.begin(), minima.end()), minima.end());
  if (minima.size() > kMostTries) minima.erase(minima.begin(), minima.end() - kMostTries);
  return minima;
}

// Of the words of the place, the share that goes.
double ShareGone(const Tokens& tokens, Span place, const std::vector<Span>& cut) {
  const auto first = std::lower_bound(tokens.begins.begin(), tokens.begins.end(), place.begin);
  size_t words = 0, gone = 0;
  auto over = std::lower_bound(cut.begin(), cut.end(), place.begin,
                               [](const Span& span, uint32_t at) { return span.end <= at; });
  for (size_t i = static_cast<size_t>(first - tokens.begins.begin());
       i < tokens.size() && tokens.begins[i] < place.end; ++i) {
    while (over != cut.end() && over->end <= tokens.begins[i]) ++over;
    ++words;
    gone += over != cut.end() && over->begin <= tokens.begins[i];
  }
  return words == 0 ? 0 : static_cast<double>(gone) / static_cast<double>(words);
}

}  // namespace

std::vector<Advice> TryAdvice(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
                              const PageHints& hints, const PageRepeats& found, PageRepeatFinder* finder) {
  std::vector<Advice> advice(found.left.size());
  const auto is_open = [](const Advice& one) { return one.min_tokens == 0; };
  PageRepeats with_less;
  PageRepeatOptions tried = options;
  for (const int minimum : MinimaToTry(found, options.min_tokens)) {
    if (std::none_of(advice.begin(), advice.end(), is_open)) break;
    tried.min_tokens = minimum;
    finder->Find(text, tokens, tried, &with_less, {.apart = hints.apart});
    for (size_t i = 0; i < advice.size(); ++i) {
      if (!is_open(advice[i])) continue;
      const LeftRepeat& left = found.left[i];
      const double gone = std::max(ShareGone(tokens, left.first, with_less.cut),
                                   ShareGone(tokens, left.second, with_less.cut));
      if (gone >= kAll) {
        advice[i].min_tokens = minimum;
      } else if (gone >= kPart) {
        advice[i].part_at = std::max(advice[i].part_at, minimum);
      }
    }
  }
  for (Advice& one : advice) {
    if (one.min_tokens > 0) one.part_at = 0;
  }
  return advice;
}

}  // namespace refrain
