#include "refrain/pipeline/degree_shares.h"

#include <algorithm>
#include <cmath>

namespace refrain {

DegreeShares::DegreeShares(const std::vector<std::pair<uint32_t, double>>& counts, double seen)
    : seen_(std::min(seen, 1.0)) {
  // What every item has is known if all are in the sample.
  if (seen_ > 0.999) {
    for (const auto& [met, count] : counts) degrees_.push_back(met), shares_.push_back(count);
    return;
  }
  const double most = counts.empty() ? 0 : static_cast<double>(counts.back().first) / seen_;
  for (double degree = 0; degrees_.empty() || degrees_.back() < 2 * most + 8;
       degree = degree < 16 ? degree + 1 : std::ceil(degree * 1.2)) {
    degrees_.push_back(degree);
    // Where the sample says nothing, most items are alone.
    shares_.push_back(degree == 0 ? 0.8 : 0.2 / ((degree + 1) * (degree + 1)));
  }
  std::vector<std::vector<double>> likelihood;
  double items = 0;
  for (const auto& [met, count] : counts) {
    items += count;
    likelihood.emplace_back();
    for (const double degree : degrees_) likelihood.back().push_back(Likelihood(met, degree));
  }
  // Expectation and maximisation: the shares that explain the counts best. Slow where little is seen, and
  // stopped where more rounds would follow chance.
  for (int round = 0; round < 2000 && items > 0; ++round) {
    std::vector<double> next(degrees_.size());
    for (size_t i = 0; i < counts.size(); ++i) {
      double sum = 0;
      for (size_t d = 0; d < degrees_.size(); ++d) sum += shares_[d] * likelihood[i][d];
      if (!(sum > 0)) continue;
      for (size_t d = 0; d < degrees_.size(); ++d)
        next[d] += counts[i].second * shares_[d] * likelihood[i][d] / sum / items;
    }
    shares_ = std::move(next);
  }
}

// Binomial.
double DegreeShares::Likelihood(uint32_t met, double degree) const {
  if (seen_ > 0.999) return met == degree ? 1 : 0;
  if (met > degree) return 0;
  const double k = met;
  return std::exp(std::lgamma(degree + 1) - std::lgamma(k + 1) - std::lgamma(degree - k + 1) +
                  k * std::log(seen_) + (degree - k) * std::log1p(-seen_));
}

}  // namespace refrain
