#include "refrain/sketch/banding.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/reference/sketch_reference.h"
#include "tests/reference/sketch_slow.h"

namespace refrain {
namespace {

std::vector<uint64_t> Keys(const std::vector<uint32_t>& signature, const Banding& banding) {
  std::vector<uint64_t> keys;
  AppendBandKeys(signature, banding, &keys);
  return keys;
}

std::vector<uint32_t> RandomSignature(size_t components, uint64_t seed) {
  reference::Random random(seed);
  std::vector<uint32_t> signature(components);
  for (uint32_t& component : signature) component = static_cast<uint32_t>(random());
  return signature;
}

TEST(Banding, MeetingProbabilityIsTheFormula) {
  for (const Banding& banding :
       {Banding{1, 1}, Banding{12, 4}, Banding{16, 8}, Banding{128, 1}, Banding{1, 128}}) {
    for (const double j : {0.0, 0.1, 0.5, 0.8, 0.99, 1.0}) {
      EXPECT_NEAR(banding.MeetingProbability(j), 1 - std::pow(1 - std::pow(j, banding.rows), banding.bands),
                  1e-12);
    }
  }
}

TEST(Banding, DefaultMeets998Of1000AtResemblance80) {
  EXPECT_NEAR(Banding().MeetingProbability(0.8), 0.998, 0.0005);
  EXPECT_EQ(Banding().components(), 48);
  EXPECT_EQ(Banding().Id(), "bands:12x4");
}

TEST(Banding, EqualSignaturesShareEveryBucket) {
  const auto signature = RandomSignature(128, 1);
  EXPECT_EQ(Keys(signature, {16, 8}), Keys(signature, {16, 8}));
  EXPECT_EQ(Keys(signature, {16, 8}).size(), 16);
}

TEST(Banding, ABandMeetsOnlyWhereAllItsRowsAgree) {
  const Banding banding{16, 8};
  const auto signature = RandomSignature(128, 2);
  const auto keys = Keys(signature, banding);
  for (size_t k = 0; k < signature.size(); ++k) {
    auto other = signature;
    other[k] ^= 1u << (k % 32);
    const auto other_keys = Keys(other, banding);
    for (size_t band = 0; band < keys.size(); ++band)
      EXPECT_EQ(keys[band] == other_keys[band], band != k / 8);
  }
}

TEST(Banding, EveryKernelEqualsTheReference) {
  reference::ForEachKernel([] {
    for (size_t rows = 1; rows <= 9; ++rows) {
      for (size_t bands = 1; bands <= 33; ++bands) {
        const Banding banding{static_cast<int>(bands), static_cast<int>(rows)};
        for (const auto& signature :
             {RandomSignature(bands * rows, rows * 100 + bands), std::vector<uint32_t>(bands * rows, 0),
              std::vector<uint32_t>(bands * rows, UINT32_MAX)}) {
          ASSERT_EQ(Keys(signature, banding), reference::SlowBandKeys(signature, bands, rows))
              << banding.Id();
        }
      }
    }
  });
}

TEST(Banding, EqualRowsInDifferentBandsDoNotMeet) {
  const auto keys = Keys(std::vector<uint32_t>(128, 5), {32, 4});
  EXPECT_EQ(std::set<uint64_t>(keys.begin(), keys.end()).size(), 32);
}

TEST(Banding, OrderOfRowsMatters) {
  EXPECT_NE(Keys({1, 2, 3, 4}, {1, 4}), Keys({1, 2, 4, 3}, {1, 4}));
  EXPECT_NE(Keys({0, 0}, {1, 2}), Keys({0, 0, 0}, {1, 3}));
}

TEST(Banding, ComponentsBeyondTheBandsAreIgnored) {
  auto signature = RandomSignature(128, 3);
  const auto keys = Keys(signature, {});
  signature[48] ^= 1;
  EXPECT_EQ(Keys(signature, {}), keys);
}

TEST(Banding, KeysAreAppended) {
  std::vector<uint64_t> keys = {77};
  AppendBandKeys(RandomSignature(48, 4), {}, &keys);
  EXPECT_EQ(keys.size(), 13);
  EXPECT_EQ(keys[0], 77);
}

TEST(Banding, EveryBitOfAKeyIsAsGoodAsACoin) {
  constexpr int kHalf = 1 << 15, kKeys = 2 * kHalf;
  std::vector<uint64_t> keys;
  for (uint32_t i = 0; i < kKeys; ++i)
    AppendBandKeys(std::vector<uint32_t>{i}, {1, 1}, &keys);  // small rows, the worst case
  for (int bit = 0; bit < 64; ++bit) {
    int ones = 0;
    for (const uint64_t key : keys) ones += key >> bit & 1;
    EXPECT_NEAR(ones, kHalf, 5 * 128) << "bit " << bit;
  }
  EXPECT_EQ(std::set<uint64_t>(keys.begin(), keys.end()).size(), kKeys);
}

TEST(Banding, MoreComponentsThanTheSignatureHasAreRefused) {
  EXPECT_TRUE((Banding{16, 8}).Validate(128).ok());
  EXPECT_EQ((Banding{16, 9}).Validate(128).message(),
            "16 bands of 9 rows need 144 components; the signature has 128");
  EXPECT_EQ((Banding{0, 4}).Validate(128).message(), "bands = 0: must be at least 1");
  EXPECT_EQ((Banding{4, -1}).Validate(128).message(), "rows = -1: must be at least 1");
  EXPECT_FALSE((Banding{1 << 20, 1 << 20}).Validate(128).ok());
}

TEST(ChooseBanding, GivesTheDefaultForTheDefaultRecall) {
  const auto banding = ChooseBanding(0.8, 0.998, 128);
  ASSERT_TRUE(banding.ok());
  EXPECT_EQ(banding->bands, 12);
  EXPECT_EQ(banding->rows, 4);
}

TEST(ChooseBanding, TakesFewerRowsWhereTheComponentsDoNotSuffice) {
  const auto banding = ChooseBanding(0.5, 0.95, 128);  // 47 bands of 4 would need 188 components
  ASSERT_TRUE(banding.ok());
  EXPECT_EQ(banding->rows, 3);
  EXPECT_EQ(banding->bands, 23);
}

TEST(ChooseBanding, NamesTheBestThatCanBeHad) {
  const auto banding = ChooseBanding(0.1, 0.99, 16);
  ASSERT_EQ(banding.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(banding.status().message(),
            "no banding of 16 components meets pairs of resemblance 0.1 with probability 0.99; the best, 16 "
            "bands of 1 row, "
            "has 0.8147: ask for less recall or more components");
}

TEST(ChooseBanding, RefusesValuesOutOfRange) {
  for (const auto& banding :
       {ChooseBanding(0, 0.9, 128), ChooseBanding(1.1, 0.9, 128), ChooseBanding(std::nan(""), 0.9, 128),
        ChooseBanding(0.8, 0, 128), ChooseBanding(0.8, 1.5, 128), ChooseBanding(0.8, 1, 128),
        ChooseBanding(0.8, 0.9, 0)}) {
    EXPECT_EQ(banding.status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(ChooseBanding(1, 1, 128).ok());
}

RC_GTEST_PROP(ChooseBanding, ReachesTheRecallAndOneBandLessDoesNot, ()) {
  const double resemblance = *rc::gen::inRange(1, 1000) / 1000.0;
  const double recall = *rc::gen::inRange(1, 1000) / 1000.0;
  const int components = *rc::gen::inRange(1, 512);
  const auto banding = ChooseBanding(resemblance, recall, components);
  if (!banding.ok()) {
    for (int rows = 1; rows <= components; ++rows) {
      RC_ASSERT((Banding{components / rows, rows}).MeetingProbability(resemblance) < recall);
    }
    return;
  }
  RC_ASSERT(banding->Validate(components).ok());
  RC_ASSERT(banding->MeetingProbability(resemblance) >= recall - 1e-12);
  RC_ASSERT((Banding{banding->bands - 1, banding->rows}).MeetingProbability(resemblance) < recall);
  if (banding->rows < 4) {
    const int rows = banding->rows + 1;
    RC_ASSERT((Banding{components / rows, rows}).MeetingProbability(resemblance) < recall);
  }
}

}  // namespace
}  // namespace refrain
