#include "refrain/pipeline/degree_shares.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace refrain {
namespace {

double Mean(const DegreeShares& shares, const std::vector<std::pair<uint32_t, double>>& counts,
            double (*f)(double)) {
  double sum = 0, items = 0;
  for (const auto& [met, count] : counts) sum += count * shares.Expect(met, f), items += count;
  return sum / items;
}

TEST(DegreeShares, CopiesThatASampleDoesNotShowAreCounted) {
  // Half of all items have three copies each, and one of ten is in the sample: a binomial count of them.
  constexpr double kSeen = 0.1, kItems = 20000;
  std::vector<std::pair<uint32_t, double>> counts;
  for (uint32_t met = 0; met <= 3; ++met) {
    const double choose[] = {1, 3, 3, 1};
    counts.emplace_back(met, kItems / 2 * choose[met] * std::pow(kSeen, met) * std::pow(1 - kSeen, 3 - met));
  }
  counts[0].second += kItems / 2;
  const DegreeShares shares(counts, kSeen);
  const double alone = Mean(shares, counts, [](double others) { return 1 / (1 + others); });
  EXPECT_NEAR(alone, 0.5 + 0.5 / 4, 0.05);
  EXPECT_NEAR(Mean(shares, counts, [](double others) { return others; }), 1.5, 0.05);
}

// What went wrong: of a sample of one page in thirty, which shows hardly any text three times, as many pages
// were said to have no copy as if each text with copies had dozens.
TEST(DegreeShares, AsManyHaveACopyAsTextsCopiedByChanceHave) {
  // Texts are copied 0.8 times on average, and now and then several times: of pages, a share has k others.
  constexpr double kSeen = 0.03, kItems = 40000, kCopies = 0.8;
  double with_copy = 0;
  std::vector<std::pair<uint32_t, double>> counts = {{0, 0}, {1, 0}, {2, 0}, {3, 0}};
  for (int k = 0; k < 60; ++k) {
    const double share = (k + 1) * std::pow(kCopies / (1 + kCopies), k) / std::pow(1 + kCopies, 2);
    if (k > 0) with_copy += share;
    for (uint32_t met = 0; met < counts.size() && met <= static_cast<uint32_t>(k); ++met) {
      const double ways = std::exp(std::lgamma(k + 1) - std::lgamma(met + 1) - std::lgamma(k - met + 1.0));
      counts[met].second += kItems * share * ways * std::pow(kSeen, met) * std::pow(1 - kSeen, k - met);
    }
  }
  for (auto& [met, count] : counts) count = std::round(count);
  const DegreeShares shares(counts, kSeen);
  EXPECT_NEAR(Mean(shares, counts, [](double others) { return std::min(others, 1.0); }), with_copy,
              0.15 * with_copy);
  EXPECT_NEAR(Mean(shares, counts, [](double others) { return 1 / (1 + others); }), 1 / (1 + kCopies), 0.05);
}

TEST(DegreeShares, WhereAllAreSeenNothingIsGuessed) {
  const std::vector<std::pair<uint32_t, double>> counts = {{0, 10}, {7, 8}, {99, 100}};
  const DegreeShares shares(counts, 1);
  for (const auto& [met, count] : counts)
    EXPECT_EQ(shares.Expect(met, [](double others) { return others; }), met);
}

}  // namespace
}  // namespace refrain
