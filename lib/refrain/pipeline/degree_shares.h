#pragma once
/// How many copies of each thing there are, from a sample that shows few of them.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace refrain {

/// Of how many others each item is a copy, where each of those is in the sample by chance `seen`, as the
/// distribution that makes what was counted most likely.
///
///   DegreeShares shares({{0, 950}, {1, 50}}, 0.1);   // 50 of 1000 items met one other in a sample of a
///   tenth shares.Expect(0, [](double others) { return 1 / (1 + others); });
class DegreeShares {
 public:
  /// `counts`: how many items met so many others. 0 < seen <= 1.
  DegreeShares(const std::vector<std::pair<uint32_t, double>>& counts, double seen);
  /// Mean of `f` of the others that an item has which met `met` of them.
  template <typename Function>
  double Expect(uint32_t met, const Function& f) const {
    double sum = 0, weight = 0;
    for (size_t i = 0; i < degrees_.size(); ++i) {
      const double share = shares_[i] * Likelihood(met, degrees_[i]);
      sum += share * f(degrees_[i]);
      weight += share;
    }
    return weight > 0 ? sum / weight : f(static_cast<double>(met) / seen_);
  }

 private:
  double Likelihood(uint32_t met, double degree) const;

  double seen_;
  std::vector<double> degrees_, shares_;
};

}  // namespace refrain
