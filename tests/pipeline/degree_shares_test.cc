#include "refrain/pipeline/degree_shares.h"

#include <gtest/gtest.h>

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

TEST(DegreeShares, WhereAllAreSeenNothingIsGuessed) {
  const std::vector<std::pair<uint32_t, double>> counts = {{0, 10}, {7, 8}, {99, 100}};
  const DegreeShares shares(counts, 1);
  for (const auto& [met, count] : counts)
    EXPECT_EQ(shares.Expect(met, [](double others) { return others; }), met);
}

}  // namespace
}  // namespace refrain
