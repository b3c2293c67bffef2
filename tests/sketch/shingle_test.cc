#include "refrain/sketch/shingle.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::ForEachKernel;
using reference::Random;

constexpr uint8_t kWord = 4;
constexpr uint8_t kHalf = 2;
constexpr uint8_t kQuarter = 1;
constexpr uint8_t kDigit = 8;

std::vector<uint64_t> Shingles(const std::vector<uint64_t>& hashes, const std::vector<uint8_t>& traits,
                               const ShingleOptions& options = {}) {
  std::vector<uint64_t> shingles;
  MakeShingles(hashes, traits, options, &shingles);
  return shingles;
}

std::vector<uint64_t> WordShingles(const std::vector<uint64_t>& hashes, int width = 5) {
  return Shingles(hashes, std::vector<uint8_t>(hashes.size(), kWord), {.words = width});
}

void ExpectAsReference(const std::vector<uint64_t>& hashes, const std::vector<uint8_t>& traits,
                       const ShingleOptions& options) {
  const auto expected = reference::SlowShingles(hashes, traits, options.words, options.half, options.quarter);
  PlacedShingles placed;
  placed.values = {1, 2, 3};  // left over from another text
  MakePlacedShingles(hashes, traits, options, &placed);
  ASSERT_EQ(placed.values.size(), expected.size());
  ASSERT_EQ(placed.starts.size(), expected.size());
  ASSERT_EQ(placed.widths.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(placed.values[i], expected[i].value) << i;
    ASSERT_EQ(placed.starts[i], expected[i].start) << i;
    ASSERT_EQ(placed.widths[i], expected[i].width) << i;
  }
  ASSERT_EQ(Shingles(hashes, traits, options), placed.values);
}

TEST(Shingle, NoTokensGiveNone) { EXPECT_TRUE(Shingles({}, {}).empty()); }

TEST(Shingle, EveryWholeWindowGivesOneInTextOrder) {
  Random random(1);
  ForEachKernel([&] {
    for (size_t n = 5; n < 100; ++n) {
      const auto hashes = random.Hashes(n);
      const auto shingles = WordShingles(hashes);
      ASSERT_EQ(shingles.size(), n - 4);
      for (size_t i = 0; i + 5 <= n; ++i) ASSERT_EQ(shingles[i], reference::SlowShingle(hashes, i, 5));
    }
  });
}

TEST(Shingle, TextShorterThanTheWidthGivesOneOverAllTokens) {
  const std::vector<uint64_t> hashes = {11, 12, 13};
  EXPECT_EQ(WordShingles(hashes, 5), WordShingles(hashes, 3));
  EXPECT_EQ(WordShingles(hashes, 5).size(), 1);
  EXPECT_EQ(Shingles({7, 8}, {kHalf, kQuarter}).size(), 1);
}

TEST(Shingle, TheTokenAtTheStartDecidesTheWidth) {
  // Three Han code points, then six words: Han windows of 4 reach into the words; words close with windows
  // of 2.
  PlacedShingles placed;
  MakePlacedShingles(Random(2).Hashes(9), std::vector<uint8_t>{2, 2, 2, 4, 4, 4, 4, 4, 4},
                     {.words = 2, .half = 4, .quarter = 6}, &placed);
  EXPECT_EQ(placed.starts, (std::vector<uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(placed.widths, (std::vector<uint32_t>{4, 4, 4, 2, 2, 2, 2, 2}));
}

TEST(Shingle, AWindowThatDoesNotFitIsLeftOutWhileNarrowerOnesBehindItFit) {
  PlacedShingles placed;
  MakePlacedShingles(Random(3).Hashes(6), std::vector<uint8_t>{1, 4, 1, 4, 4, 2},
                     {.words = 2, .half = 2, .quarter = 5}, &placed);
  EXPECT_EQ(placed.starts, (std::vector<uint32_t>{0, 1, 3, 4}));
  EXPECT_EQ(placed.widths, (std::vector<uint32_t>{5, 2, 2, 2}));
}

TEST(Shingle, OnlyTheLengthBitsOfATraitCount) {
  const auto hashes = Random(4).Hashes(40);
  EXPECT_EQ(Shingles(hashes, std::vector<uint8_t>(40, kWord)),
            Shingles(hashes, std::vector<uint8_t>(40, kWord | kDigit)));
  EXPECT_EQ(Shingles(hashes, std::vector<uint8_t>(40, kHalf)),
            Shingles(hashes, std::vector<uint8_t>(40, kHalf | 0xf8)));
}

TEST(Shingle, EveryKernelEqualsTheReferenceOnUniformText) {
  Random random(5);
  ForEachKernel([&] {
    for (const int width : {1, 2, 3, 5, 8, 12, 17, 32}) {
      for (const size_t n : {1, 15, 16, 17, 31, 33, 64, 100, 1000}) {
        ExpectAsReference(random.Hashes(n), std::vector<uint8_t>(n, kWord), {.words = width});
        ExpectAsReference(random.Hashes(n), std::vector<uint8_t>(n, kQuarter), {.quarter = width});
      }
    }
  });
}

// What a longer text left in memory is no part of a shorter one.
TEST(ShingleMaker, GivesForEachTextWhatItGivesAlone) {
  Random random(9);
  ShingleMaker maker;
  for (int round = 0; round < 300; ++round) {
    const auto hashes = random.Hashes(random.Below(200));
    std::vector<uint8_t> traits(hashes.size(), kWord);
    if (round % 3 == 0) std::fill_n(traits.begin(), traits.size() / 2, kQuarter);
    const auto made = maker.Make(hashes, traits, {});
    ASSERT_EQ(std::vector<uint64_t>(made.begin(), made.end()), Shingles(hashes, traits));
  }
}

TEST(Shingle, EveryKernelEqualsTheReferenceOnMixedText) {
  Random random(6);
  ForEachKernel([&] {
    for (int round = 0; round < 200; ++round) {
      const size_t n = random.Below(300);
      const size_t longest_run = 1 + random.Below(60);
      std::vector<uint8_t> traits;
      while (traits.size() < n) {
        const auto trait = static_cast<uint8_t>(random());
        traits.insert(traits.end(), std::min(1 + random.Below(longest_run), n - traits.size()), trait);
      }
      const ShingleOptions options{.words = static_cast<int>(1 + random.Below(8)),
                                   .half = static_cast<int>(1 + random.Below(12)),
                                   .quarter = static_cast<int>(1 + random.Below(20))};
      ExpectAsReference(random.Hashes(n), traits, options);
    }
  });
}

TEST(Shingle, PartsGiveTogetherWhatTheWholeTextGives) {
  Random random(8);
  const ShingleOptions options = {.words = 5, .half = 10, .quarter = 20};
  for (int round = 0; round < 500; ++round) {
    const std::vector<uint64_t> hashes = random.Hashes(32 + random.Below(200));
    std::vector<uint8_t> traits(hashes.size());
    uint8_t kind = kWord;
    for (uint8_t& trait : traits) {
      if (random.Below(9) == 0) kind = static_cast<uint8_t>(1 << random.Below(3));
      trait = kind;
    }
    PlacedShingles whole;
    MakePlacedShingles(hashes, traits, options, &whole);
    std::vector<uint64_t> values(hashes.size());
    std::vector<uint32_t> starts(hashes.size());
    size_t size = 0;
    for (size_t begin = 0, end; begin < hashes.size(); begin = end) {
      end = std::min(hashes.size(), begin + 1 + random.Below(90));
      size += MakeShinglesOfPart(hashes, traits, options, {begin, end}, values.data() + size,
                                 starts.data() + size);
    }
    values.resize(size);
    starts.resize(size);
    ASSERT_EQ(values, whole.values);
    ASSERT_EQ(starts, whole.starts);
  }
}

TEST(Shingle, WidthsGiveDifferentValuesForOneRepeatedToken) {
  std::set<uint64_t> values;
  size_t windows = 0;
  for (const uint64_t token : {uint64_t{0}, uint64_t{1}, ~uint64_t{0}, Random(7)()}) {
    for (int width = 1; width <= 32; ++width, ++windows) {
      const auto shingles = WordShingles(std::vector<uint64_t>(width + 20, token), width);
      EXPECT_EQ(std::set<uint64_t>(shingles.begin(), shingles.end()).size(), 1);
      values.insert(shingles[0]);
    }
  }
  EXPECT_EQ(values.size(), windows);
}

TEST(Shingle, OrderOfTokensMatters) {
  // All 120 orders of five tokens, and all windows of five over two tokens.
  std::vector<uint64_t> tokens = Random(8).Hashes(5);
  std::sort(tokens.begin(), tokens.end());
  std::set<uint64_t> values;
  do values.insert(WordShingles(tokens)[0]);
  while (std::next_permutation(tokens.begin(), tokens.end()));
  EXPECT_EQ(values.size(), 120);

  values.clear();
  for (int mask = 0; mask < 4096; ++mask) {
    std::vector<uint64_t> window(12);
    for (int i = 0; i < 12; ++i) window[i] = tokens[mask >> i & 1];
    values.insert(WordShingles(window, 12)[0]);
  }
  EXPECT_EQ(values.size(), 4096);
}

TEST(Shingle, PeriodicTextHasAsManyValuesAsItsPeriod) {
  Random random(9);
  for (size_t period = 1; period <= 12; ++period) {
    const auto unit = random.Hashes(period);
    std::vector<uint64_t> hashes;
    for (int i = 0; i < 50; ++i) hashes.insert(hashes.end(), unit.begin(), unit.end());
    for (const int width : {3, 5, 8, 12}) {
      auto shingles = WordShingles(hashes, width);
      MakeSet(&shingles);
      EXPECT_EQ(shingles.size(), period) << "width " << width;
    }
  }
}

TEST(Shingle, EveryBitOfAValueIsAsGoodAsACoin) {
  constexpr int kHalfOfThem = 1 << 15, kShingles = 2 * kHalfOfThem;
  const auto shingles = WordShingles(Random(10).Hashes(kShingles + 4));
  for (int bit = 0; bit < 64; ++bit) {
    const auto ones =
        std::count_if(shingles.begin(), shingles.end(), [&](uint64_t s) { return s >> bit & 1; });
    EXPECT_NEAR(ones, kHalfOfThem, 5 * 128) << "bit " << bit;  // five standard errors of 2^16 coins
  }
}

TEST(Shingle, WidthsOutOfRangeAreNamed) {
  EXPECT_TRUE(ShingleOptions().Validate().ok());
  EXPECT_TRUE((ShingleOptions{1, 32, 32}).Validate().ok());
  EXPECT_EQ((ShingleOptions{.half = 33}).Validate().message(),
            "shingle width half = 33: must be from 1 to 32 tokens");
  EXPECT_EQ((ShingleOptions{.words = 0}).Validate().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ShingleOptions().Id(), "shingles:5,8,12");
}

RC_GTEST_PROP(ShingleSet, IsSortedWithoutRepeats, (std::vector<uint64_t> shingles)) {
  const std::set<uint64_t> expected(shingles.begin(), shingles.end());
  MakeSet(&shingles);
  RC_ASSERT(std::equal(shingles.begin(), shingles.end(), expected.begin(), expected.end()));
}

TEST(ShingleSet, OfManyRepeatsKeepsOneOfEach) {
  Random random(11);
  for (const size_t n : {0, 1, 2, 127, 128, 1000, 5000}) {
    for (const size_t different : {1, 10, 700}) {
      const auto pool = random.Hashes(different);
      std::vector<uint64_t> shingles(n);
      for (uint64_t& shingle : shingles) shingle = pool[random.Below(different)];
      const std::set<uint64_t> expected(shingles.begin(), shingles.end());
      MakeSet(&shingles);
      EXPECT_EQ(shingles, std::vector<uint64_t>(expected.begin(), expected.end()));
    }
  }
}

TEST(Shingles, AreAllWordsSeesOneTokenOfAnotherKindAnywhere) {
  for (size_t size = 0; size < 100; ++size) {
    std::vector<uint8_t> traits(size, 4);
    for (size_t i = 0; i < size; i += 3) traits[i] |= 8;  // has a digit
    EXPECT_TRUE(AreAllWords(traits)) << size;
    for (size_t i = 0; i < size; ++i) {
      for (const uint8_t other : {1, 2, 9, 10}) {
        const uint8_t before = std::exchange(traits[i], other);
        EXPECT_FALSE(AreAllWords(traits)) << size << " " << i;
        traits[i] = before;
      }
    }
  }
}

}  // namespace
}  // namespace refrain
