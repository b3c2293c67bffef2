#include "refrain/pipeline/degree_shares.h"

#include <algorithm>
#include <cmath>

namespace refrain {
namespace {

// Of the negative binomial: 2 is what numbers of copies have if each of a text's pages is an item and its
// copies are made one by one at a rate of chance, as an item is likelier to be of a text with many.
constexpr double kSuccesses = 2;

}  // namespace

DegreeShares::DegreeShares(const std::vector<std::pair<uint32_t, double>>& counts, double seen)
    : seen_(seen) {
  if (seen_ > 0.999) return;
  double items = 0;
  uint32_t most = 0;
  for (const auto& [met, count] : counts) items += count, most = std::max(most, met);
  // Where the sample says nothing, copies are few.
  rates_.push_back(0), shares_.push_back(0.2);
  for (double rate = 0.25; rate < 2 * (most + 4) / seen_; rate *= 2)
    rates_.push_back(rate), shares_.push_back(std::pow(1 + rate, -3));
  std::vector<std::vector<double>> likelihood;
  for (const auto& [met, count] : counts) {
    likelihood.emplace_back();
    for (const double rate : rates_) likelihood.back().push_back(Likelihood(met, rate));
  }
  // Expectation and maximisation. What is not seen holds each round back: the less, the more of them.
  const int rounds = static_cast<int>(std::clamp(100 / seen_, 1000.0, 100'000.0));
  for (int round = 0; round < rounds && items > 0; ++round) {
    std::vector<double> next(rates_.size());
    for (size_t i = 0; i < counts.size(); ++i) {
      double sum = 0;
      for (size_t r = 0; r < rates_.size(); ++r) sum += shares_[r] * likelihood[i][r];
      if (!(sum > 0)) continue;
      for (size_t r = 0; r < rates_.size(); ++r)
        next[r] += counts[i].second * shares_[r] * likelihood[i][r] / sum / items;
    }
    shares_ = std::move(next);
  }
}

double DegreeShares::Expect(uint32_t met, const std::function<double(double)>& f) const {
  double sum = 0, weight = 0;
  for (size_t r = 0; r < rates_.size(); ++r) {
    const double share = shares_[r] * Likelihood(met, rates_[r]);
    if (!(share > 0)) continue;
    sum += share * Mean(met, rates_[r], f);
    weight += share;
  }
  return weight > 0 ? sum / weight : f(static_cast<double>(met) / seen_);
}

// Of what is drawn by chance from a negative binomial number the distribution is the same but for the mean.
double DegreeShares::Likelihood(uint32_t met, double rate) const {
  if (rate == 0) return met == 0 ? 1 : 0;
  const double mean = rate * seen_, p = mean / (kSuccesses + mean);
  return (met + 1) * std::pow(p, met) * (1 - p) * (1 - p);
}

// The others that were not met are negative binomial too, with what was met among the successes.
double DegreeShares::Mean(uint32_t met, double rate, const std::function<double(double)>& f) const {
  if (rate == 0) return f(0);
  const double successes = kSuccesses + met;
  const double mean = successes * (1 - seen_) / (kSuccesses / rate + seen_);
  const double p = mean / (successes + mean);
  double chance = std::exp(successes * std::log1p(-p)), left = 1, left_mean = mean, sum = 0;
  constexpr int kOneByOne = 64;
  for (int others = 0; others < kOneByOne; ++others) {
    sum += chance * f(met + others);
    left -= chance, left_mean -= chance * others;
    chance *= p * (successes + others) / (others + 1);
  }
  constexpr double kNothing = 1e-9;
  return left > kNothing ? sum + left * f(met + left_mean / left) : sum;
}

}  // namespace refrain
