#include "refrain/pipeline/agreeing_numbers.h"

#include <algorithm>
#include <string>
#include <utility>

namespace refrain {
namespace {

// Parts of a date and its time stand so near its year, in tokens: "23:31, 4 April 2024".
constexpr uint32_t kNearYear = 5;

// Hashes of years, sorted.
std::vector<uint64_t> HashesOfYears() {
  std::string text;
  for (int year = 1970; year < 2050; ++year) text += std::to_string(year) + ' ';
  Tokens tokens;
  Tokenize(text, &tokens);
  std::sort(tokens.hashes.begin(), tokens.hashes.end());
  return std::move(tokens.hashes);
}

bool IsYear(const Tokens& tokens, uint32_t i) {
  static const std::vector<uint64_t> years = HashesOfYears();
  return std::binary_search(years.begin(), years.end(), tokens.hashes[i]);
}

// Of a number and a word beside it; odd factors tell the two sides apart. Hashes of tokens are mixed already.
constexpr uint64_t kBehind = 0x9E3779B97F4A7C15, kBefore = 0xC2B2AE3D27D4EB4F;

}  // namespace

void AgreeingNumbers::Add(const Tokens& tokens, uint32_t first, uint32_t last, std::vector<Number>* numbers) {
  const auto size = static_cast<uint32_t>(tokens.size());
  const size_t before_all = numbers->size();
  std::vector<uint32_t>& places = places_;
  places.clear();
  uint32_t dated_until = first;  // from the last year on
  for (uint32_t i = first; i < last && before_all + places.size() < kMost; ++i) {
    if (!tokens.has_digit(i)) continue;
    if (IsYear(tokens, i)) {
      while (!places.empty() && places.back() + kNearYear >= i) places.pop_back();
      dated_until = i + kNearYear + 1;
    } else if (i >= dated_until) {
      places.push_back(i);
    }
  }
  for (const uint32_t i : places) {
    const uint64_t behind = i > 0 ? tokens.hashes[i - 1] : 0,
                   before = i + 1 < size ? tokens.hashes[i + 1] : 0;
    numbers->push_back(
        {.behind = tokens.hashes[i] * kBehind + behind, .before = tokens.hashes[i] * kBefore + before});
  }
}

double AgreeingNumbers::Share(const std::vector<Number>& numbers, const std::vector<Number>& others) {
  keys_.clear();
  for (const Number& number : others) {
    keys_.push_back(number.behind);
    keys_.push_back(number.before);
  }
  std::sort(keys_.begin(), keys_.end());
  const auto has = [&](uint64_t key) { return std::binary_search(keys_.begin(), keys_.end(), key); };
  const auto agreeing = std::count_if(numbers.begin(), numbers.end(), [&](const Number& number) {
    return has(number.behind) || has(number.before);
  });
  return static_cast<double>(agreeing) / static_cast<double>(numbers.size());
}

double AgreeingNumbers::Of(const Tokens& a, const Tokens& b, const std::vector<SharedPassage>& passages) {
  numbers_a_.clear();
  numbers_b_.clear();
  for (const SharedPassage& p : passages) {
    Add(a, p.a_first, p.a_last, &numbers_a_);
    Add(b, p.b_first, p.b_last, &numbers_b_);
  }
  if (std::min(numbers_a_.size(), numbers_b_.size()) < kFewest) return 1;
  const double of_a = Share(numbers_a_, numbers_b_), of_b = Share(numbers_b_, numbers_a_);
  // Of as many on either side, whichever comes first.
  if (numbers_a_.size() == numbers_b_.size()) return std::min(of_a, of_b);
  return numbers_a_.size() < numbers_b_.size() ? of_a : of_b;
}

}  // namespace refrain
