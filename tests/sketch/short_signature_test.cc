#include "refrain/sketch/short_signature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using Signature = std::array<uint32_t, PageSigner::kComponents>;

ShortSignature Sign(const std::vector<uint64_t>& shingles) {
  Signature signature;
  PageSigner().Sign(shingles, signature);
  return Shorten(signature);
}

TEST(ShortSignature, CountsComponentsWhoseLowestFourBitsAgree) {
  reference::Random random(1);
  for (int round = 0; round < 1000; ++round) {
    Signature a, b;
    int agreeing = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      a[i] = static_cast<uint32_t>(random());
      b[i] = random.Below(3) == 0 ? a[i] + 16 : static_cast<uint32_t>(random());
      agreeing += (a[i] & 15) == (b[i] & 15);
    }
    ASSERT_EQ(AgreeingComponents(Shorten(a), Shorten(b)), agreeing);
    ASSERT_EQ(AgreeingComponents(Shorten(a), Shorten(a)), PageSigner::kComponents);
  }
}

TEST(ShortSignature, ComponentsThatDifferInOneBitDoNotAgree) {
  for (int bit = 0; bit < 4; ++bit) {
    Signature a{}, b{};
    b[77] = 1u << bit;
    EXPECT_EQ(AgreeingComponents(Shorten(a), Shorten(b)), PageSigner::kComponents - 1);
  }
}

TEST(ShortSignature, ACoarseOneCountsComponentsWhoseLowestTwoBitsAgree) {
  reference::Random random(3);
  for (int round = 0; round < 1000; ++round) {
    Signature a, b;
    int agreeing = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      a[i] = static_cast<uint32_t>(random());
      b[i] = random.Below(3) == 0 ? a[i] ^ 1u << random.Below(6) : static_cast<uint32_t>(random());
      agreeing += (a[i] & 3) == (b[i] & 3);
    }
    const ShortSignature one = Shorten(a), other = Shorten(b);
    ASSERT_EQ(MostAgreeingComponents(Coarsen(one), Coarsen(other)), agreeing);
    ASSERT_GE(agreeing, AgreeingComponents(one, other));
  }
}

// Pairs right at the threshold, for which the chance to be left out is largest. It is below 10^-7; here
// 100 000 are tried.
TEST(ShortSignature, NoPairAtTheThresholdIsLeftOut) {
  reference::Random random(2);
  for (const double resemblance : {0.3, 0.5, 0.8, 0.9}) {
    const int least = LeastAgreement(resemblance);
    for (const size_t size : {16, 32, 50, 128, 300, 1000}) {
      size_t shared = reference::SharedFor(size, resemblance);
      while (reference::ResemblanceOf(size, shared) < resemblance) ++shared;
      const int rounds = static_cast<int>(1'200'000 / size / 4);
      for (int round = 0; round < std::min(rounds, 10'000); ++round) {
        const auto [a, b] = reference::MakePair(size, shared, &random);
        ASSERT_GE(AgreeingComponents(Sign(a), Sign(b)), least) << size << " shingles, " << resemblance;
      }
    }
  }
}

TEST(ShortSignature, StrangersAreLeftOut) {
  reference::Random random(3);
  int left_out = 0;
  for (int round = 0; round < 1000; ++round) {
    const auto [a, b] = reference::MakePair(500, reference::SharedFor(500, 0.3), &random);
    left_out += AgreeingComponents(Sign(a), Sign(b)) < LeastAgreement(0.8);
  }
  EXPECT_GE(left_out, 990);
}

TEST(ShortSignature, LeastAgreementIsNeverNegativeAndRises) {
  EXPECT_EQ(LeastAgreement(0.1), 0);
  EXPECT_EQ(LeastAgreement(0.5), 38);
  EXPECT_EQ(LeastAgreement(0.8), 76);
  EXPECT_EQ(LeastAgreement(1), 102);
}

}  // namespace
}  // namespace refrain
