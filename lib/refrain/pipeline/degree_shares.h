#pragma once
/// How many copies of each thing there are, from a sample that shows few of them.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace refrain {

/// Of how many others each item is a copy, where each of those is in the sample by chance `seen`.
///
///   DegreeShares shares({{0, 950}, {1, 50}}, 0.1);   // 50 of 1000 items met one other in a sample of a
///   tenth shares.Expect(0, [](double others) { return 1 / (1 + others); });
///
/// The mean number of others follows from what was met; whether few items have many or many have few shows
/// only in items that met several, of which a small sample has hardly any. So what is fitted is smooth: some
/// items are alone; others belong to texts that are copied at a rate each, now once and now five times, which
/// makes the numbers negative binomial with two successes. The rates are powers of two, their shares those
/// that make what was counted most likely. Items of texts that are all copied equally often are fitted less
/// well, by a twentieth.
class DegreeShares {
 public:
  /// `counts`: how many items met so many others. 0 < seen <= 1; from 0.999 on nothing is guessed.
  DegreeShares(const std::vector<std::pair<uint32_t, double>>& counts, double seen);
  /// Mean of `f` of the others that an item has which met `met` of them.
  double Expect(uint32_t met, const std::function<double(double)>& f) const;

 private:
  double Likelihood(uint32_t met, double rate) const;
  double Mean(uint32_t met, double rate, const std::function<double(double)>& f) const;

  double seen_;
  std::vector<double> rates_, shares_;  // mean numbers of others; 0: alone
};

}  // namespace refrain
