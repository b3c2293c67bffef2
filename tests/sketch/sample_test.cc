#include "refrain/sketch/sample.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::ForEachKernel;
using reference::Random;

ScaledSample Sample(const std::vector<uint64_t>& shingles, uint32_t scale) {
  ScaledSample sample{.scale = scale, .values = {1, 2, 3}};
  TakeSample(shingles, &sample);
  return sample;
}

TEST(ScaledSample, EveryKernelKeepsWhatLiesBelowTheLimitOnceAndSorted) {
  Random random(1);
  ForEachKernel([&] {
    for (const size_t n : {0, 1, 7, 8, 9, 63, 511, 512, 513, 520, 3000}) {
      for (const uint32_t scale : {1u, 2u, 3u, 16u, 1000u, ~0u}) {
        auto shingles = random.Hashes(n);
        shingles.insert(shingles.end(), shingles.begin(), shingles.begin() + n / 3);
        std::set<uint64_t> expected;
        for (const uint64_t shingle : shingles) {
          if (static_cast<unsigned __int128>(shingle) * scale < static_cast<unsigned __int128>(1) << 64)
            expected.insert(shingle);
        }
        const ScaledSample sample = Sample(shingles, scale);
        ASSERT_EQ(sample.values, std::vector<uint64_t>(expected.begin(), expected.end()))
            << n << " at " << scale;
      }
    }
  });
}

TEST(ScaledSample, LimitsAreExact) {
  const uint64_t quarter = uint64_t{1} << 62;
  EXPECT_EQ(Sample({quarter - 1, quarter, 0, ~uint64_t{0}}, 4).values,
            (std::vector<uint64_t>{0, quarter - 1}));
  const uint64_t third =
      ~uint64_t{0} / 3;  // 2^64 is not a multiple of 3: this is the last below a third of it
  EXPECT_EQ(Sample({third + 1, third}, 3).values, (std::vector<uint64_t>{third}));
  EXPECT_EQ(Sample({~uint64_t{0}}, 1).values.size(), 1);
}

TEST(ScaledSample, ScaleOneIsExact) {
  const ScaledSample a = Sample({1, 2, 3, 4}, 1), b = Sample({3, 4, 5}, 1);
  EXPECT_DOUBLE_EQ(EstimateContainment(a, b), 0.5);
  EXPECT_DOUBLE_EQ(EstimateContainment(b, a), 2.0 / 3);
  EXPECT_DOUBLE_EQ(EstimateResemblance(a, b), 0.4);
}

TEST(ScaledSample, DifferentScalesAreComparedAtTheLargerOne) {
  Random random(2);
  const auto pair = reference::MakePair(5000, 3000, &random);
  EXPECT_EQ(EstimateContainment(Sample(pair.a, 4), Sample(pair.b, 16)),
            EstimateContainment(Sample(pair.a, 16), Sample(pair.b, 16)));
  EXPECT_EQ(EstimateResemblance(Sample(pair.a, 16), Sample(pair.b, 3)),
            EstimateResemblance(Sample(pair.a, 16), Sample(pair.b, 16)));
}

TEST(ScaledSample, NothingKeptEstimatesNothing) {
  EXPECT_EQ(EstimateContainment(Sample({}, 16), Sample({1}, 16)), 0);
  EXPECT_EQ(EstimateResemblance(Sample({}, 16), Sample({}, 16)), 0);
}

// 9/10 of a set of 2000 stand inside one that is 1 to 30 times as long: the error must not depend on the
// length.
TEST(ScaledSample, ContainmentErrorIsBinomialWhateverTheOtherSize) {
  constexpr size_t kSize = 2000, kShared = 1800;
  constexpr uint32_t kScale = 16;
  constexpr int kTrials = 400;
  for (const size_t ratio : {1, 3, 10, 30}) {
    Random random(ratio);
    double sum = 0, squares = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const auto a = random.Hashes(kSize);
      auto b = random.Hashes(kSize * ratio);
      std::copy_n(a.begin(), kShared, b.begin());
      const double error = EstimateContainment(Sample(a, kScale), Sample(b, kScale)) - 0.9;
      sum += error;
      squares += error * error;
    }
    const double theory = std::sqrt(0.9 * 0.1 * kScale / kSize);
    EXPECT_NEAR(std::sqrt(squares / kTrials) / theory, 1, 0.18)
        << ratio;  // five standard errors of 400 trials
    EXPECT_LE(std::abs(sum / kTrials), 5 * theory / std::sqrt(kTrials)) << ratio;
  }
}

}  // namespace
}  // namespace refrain
