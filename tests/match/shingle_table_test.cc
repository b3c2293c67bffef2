#include "refrain/match/shingle_table.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/sketch/mix.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

struct Text {
  std::vector<uint64_t> hashes;
  std::vector<uint8_t> traits;
  size_t size() const { return hashes.size(); }
};

// Of few different words, so that shingles come again; in one script, or in stretches of three.
Text Make(Random* random, size_t size, bool mixed) {
  constexpr uint8_t kKinds[] = {4, 2, 1};
  Text text;
  uint8_t kind = 4;
  for (size_t i = 0; i < size; ++i) {
    if (mixed && random->Below(9) == 0) kind = kKinds[random->Below(3)];
    uint64_t word = random->Below(3);
    text.hashes.push_back(sketch_internal::SplitMix64(&word));
    text.traits.push_back(kind);
  }
  return text;
}

std::vector<uint64_t> Set(const Text& text, const ShingleOptions& options, TokenRange part) {
  std::vector<uint64_t> set;
  MakeShingles(std::span(text.hashes).subspan(part.begin, part.end - part.begin),
               std::span(text.traits).subspan(part.begin, part.end - part.begin), options, &set);
  MakeSet(&set);
  return set;
}

ShingleTable Table(const Text& text, const ShingleOptions& options) {
  PlacedShingles scratch;
  ShingleTable table;
  MakeShingleTable(text.hashes, text.traits, options, &scratch, &table);
  return table;
}

void ExpectEqual(const Overlap& got, const Overlap& expected) {
  EXPECT_EQ(got.a, expected.a);
  EXPECT_EQ(got.b, expected.b);
  EXPECT_EQ(got.shared, expected.shared);
}

constexpr ShingleOptions kOptions[] = {{}, {.words = 2, .half = 4, .quarter = 8}, {.words = 7, .half = 7}};

TEST(ShingleTable, KnowsThePlacesOfEachValue) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const Text text = Make(&random, random.Below(300), round % 2 == 1);
    const ShingleOptions& options = kOptions[round % 3];
    const ShingleTable table = Table(text, options);
    const std::vector<uint64_t> set = Set(text, options, {0, text.size()});
    EXPECT_EQ(table.distinct, set.size());
    for (const uint64_t value : set) {
      std::vector<uint32_t> places, expected;
      for (uint32_t at = table.First(value); at != ShingleTable::kNone; at = table.next[at])
        places.push_back(at);
      for (uint32_t at = 0; at < table.size(); ++at) {
        if (table.values[at] == value) expected.push_back(at);
      }
      EXPECT_EQ(places, expected);
    }
    EXPECT_EQ(table.First(12345), ShingleTable::kNone);
  }
}

TEST(ShingleTable, SharedIsWhatTheSetsShare) {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    const ShingleOptions& options = kOptions[round % 3];
    const Text one = Make(&random, random.Below(200), round % 2 == 1);
    const Text other = Make(&random, random.Below(400), round % 4 > 1);
    const ShingleTable a = Table(one, options), b = Table(other, options);
    SharedShingles shared;
    FindShared(a, b, &shared);
    const std::vector<uint64_t> set_b = Set(other, options, {0, other.size()});
    ExpectEqual(shared.overlap, ExactOverlap(Set(one, options, {0, one.size()}), set_b));
    size_t at = 0;
    for (uint32_t i = 0; i < a.size(); ++i) {
      if (!std::binary_search(set_b.begin(), set_b.end(), a.values[i])) continue;
      ASSERT_LT(at, shared.places.size());
      EXPECT_EQ(shared.places[at].a, i);
      EXPECT_EQ(shared.places[at].b, b.First(a.values[i]));
      ++at;
    }
    EXPECT_EQ(at, shared.places.size());
  }
}

TEST(ShingleTable, APartOverlapsAsIfItWereAText) {
  Random random(3);
  int short_parts = 0;
  for (int round = 0; round < 3000; ++round) {
    const ShingleOptions& options = kOptions[round % 3];
    const Text one = Make(&random, 1 + random.Below(250), round % 2 == 1);
    const Text other = Make(&random, 1 + random.Below(250), round % 4 > 1);
    const ShingleTable a = Table(one, options), b = Table(other, options);
    SharedShingles shared;
    FindShared(a, b, &shared);
    for (const bool of_a : {true, false}) {
      const Text& text = of_a ? one : other;
      const Text& whole = of_a ? other : one;
      TokenRange part{random.Below(text.size()), random.Below(text.size() + 1)};
      if (part.begin >= part.end) part = {0, text.size()};
      const Overlap got = of_a ? OverlapOfPartOfA(a, b, shared, part) : OverlapOfPartOfB(a, b, shared, part);
      const Overlap expected = ExactOverlap(Set(text, options, part), Set(whole, options, {0, whole.size()}));
      if (got.a == 0) {
        ++short_parts;
        EXPECT_EQ(expected.a, 1u) << "the one over all of the part";
        EXPECT_EQ(got.shared, 0u);
      } else {
        ExpectEqual(got, expected);
      }
    }
  }
  EXPECT_GT(short_parts, 10);
}

TEST(ShingleTable, TakesNoMoreThanItNeeds) {
  Random random(4);
  PlacedShingles scratch;
  for (const size_t size : {10'000u, 10u}) {
    const Text text = Make(&random, size, false);
    ShingleTable table;
    MakeShingleTable(text.hashes, text.traits, {}, &scratch, &table);
    EXPECT_LE(table.memory(), 36 * table.size() + 200);
  }
}

TEST(ShingleTable, MemoryOfAnotherTextIsUsedAgainWhereItSuffices) {
  Random random(5);
  PlacedShingles scratch;
  ShingleTable table;
  size_t most = 0;
  for (int round = 0; round < 200; ++round) {
    const Text text = Make(&random, 1 + random.Below(round % 2 == 0 ? 3000 : 30), round % 3 == 0);
    ShingleTable fresh;
    MakeShingleTable(text.hashes, text.traits, {}, &scratch, &fresh);
    MakeShingleTable(text.hashes, text.traits, {}, &scratch, &table);
    most = std::max(most, fresh.memory());
    EXPECT_EQ(table.memory(), most);
    EXPECT_EQ(table.distinct, fresh.distinct);
    EXPECT_TRUE(std::ranges::equal(table.values, fresh.values));
    EXPECT_TRUE(std::ranges::equal(table.starts, fresh.starts));
    EXPECT_TRUE(std::ranges::equal(table.widths, fresh.widths));
    EXPECT_TRUE(std::ranges::equal(table.next, fresh.next));
    EXPECT_TRUE(std::ranges::equal(table.slots, fresh.slots));
    EXPECT_TRUE(std::ranges::equal(table.filter, fresh.filter));
  }
}

}  // namespace
}  // namespace refrain
