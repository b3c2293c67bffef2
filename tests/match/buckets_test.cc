#include "refrain/match/buckets.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/match_decide.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

std::vector<uint32_t> Candidates(const Buckets& buckets, uint32_t item, uint64_t* skipped) {
  std::vector<uint32_t> candidates = {7, 7, 7};  // left over from another item
  buckets.EarlierCandidates(item, &candidates, skipped);
  return candidates;
}

// `keys` random keys for each item, each once an item, in random order.
std::vector<KeyedItem> RandomKeys(Random* random, uint32_t items, size_t keys, size_t distinct) {
  std::set<std::pair<uint64_t, uint32_t>> chosen;
  for (uint32_t item = 0; item < items; ++item) {
    for (size_t i = random->Below(keys + 1); i > 0; --i)
      chosen.emplace(random->Below(distinct) * 0x9E3779B97F4A7C15, item);
  }
  std::vector<KeyedItem> keyed;
  for (const auto& [key, item] : chosen) keyed.push_back({key, item});
  for (size_t i = keyed.size(); i > 1; --i) std::swap(keyed[i - 1], keyed[random->Below(i)]);
  return keyed;
}

TEST(Buckets, AreTheKeysThatTwoItemsOrMoreCarry) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(80));
    const auto keyed = RandomKeys(&random, items, 6, 1 + random.Below(100));
    std::map<uint64_t, std::vector<uint32_t>> naive;
    for (const KeyedItem& one : keyed) naive[one.key].push_back(one.item);
    std::vector<std::vector<uint32_t>> expected;
    for (auto& [key, members] : naive) {
      std::sort(members.begin(), members.end());
      if (members.size() > 1) expected.push_back(members);
    }
    const Buckets buckets = Buckets::Build(keyed, items);
    ASSERT_EQ(buckets.size(), expected.size());
    std::vector<std::set<uint32_t>> of(items);
    for (uint32_t bucket = 0; bucket < buckets.size(); ++bucket) {
      const auto members = buckets.members(bucket);
      ASSERT_EQ(std::vector<uint32_t>(members.begin(), members.end()), expected[bucket]);
      for (const uint32_t item : members) of[item].insert(bucket);
    }
    for (uint32_t item = 0; item < items; ++item) {
      const auto found = buckets.buckets_of(item);
      ASSERT_EQ(found.size(), of[item].size());
      ASSERT_EQ(std::set<uint32_t>(found.begin(), found.end()), of[item]);
      ASSERT_EQ(buckets.meets_any(item), !of[item].empty());
    }
  }
}

TEST(Buckets, CandidatesAreTheEarlierItemsThatShareAKeyAscendingEachOnce) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(150));
    const auto keyed = RandomKeys(&random, items, 8, 1 + random.Below(60));
    const auto expected = reference::EarlierSharers(keyed, items);
    const Buckets buckets = Buckets::Build(keyed, items);
    uint64_t skipped = 0;
    for (uint32_t item = 0; item < items; ++item) {
      ASSERT_EQ(Candidates(buckets, item, &skipped),
                std::vector<uint32_t>(expected[item].begin(), expected[item].end()));
    }
    ASSERT_EQ(skipped, 0u);
  }
}

TEST(Buckets, DoNotDependOnTheOrderOfKeys) {
  Random random(3);
  auto keyed = RandomKeys(&random, 50, 5, 40);
  const Buckets one = Buckets::Build(keyed, 50);
  std::reverse(keyed.begin(), keyed.end());
  const Buckets other = Buckets::Build(keyed, 50);
  ASSERT_EQ(one.size(), other.size());
  uint64_t skipped = 0;
  for (uint32_t item = 0; item < 50; ++item)
    EXPECT_EQ(Candidates(one, item, &skipped), Candidates(other, item, &skipped));
}

TEST(Buckets, AnOverLongBucketGivesItsFirstAndThoseRightBefore) {
  constexpr uint32_t kItems = 600;
  std::vector<KeyedItem> keyed;
  for (uint32_t item = 0; item < kItems; ++item) keyed.push_back({42, item});
  const Buckets buckets = Buckets::Build(keyed, kItems);
  for (uint32_t item = 0; item < kItems; ++item) {
    std::vector<uint32_t> expected;
    for (uint32_t other = 0; other < item; ++other) {
      if (item <= Buckets::kMostEarlier || other < Buckets::kMostFirst ||
          other + (Buckets::kMostEarlier - Buckets::kMostFirst) >= item) {
        expected.push_back(other);
      }
    }
    uint64_t skipped = 5;  // adds up over items
    ASSERT_EQ(Candidates(buckets, item, &skipped), expected) << item;
    ASSERT_EQ(skipped, 5 + item - expected.size());
  }
}

TEST(Buckets, MayBeNone) {
  EXPECT_EQ(Buckets().size(), 0u);
  const Buckets nothing = Buckets::Build({}, 0);
  EXPECT_EQ(nothing.size(), 0u);
  const Buckets alone = Buckets::Build({{1, 0}, {2, 1}, {3, 2}}, 4);
  EXPECT_EQ(alone.size(), 0u);
  uint64_t skipped = 0;
  for (uint32_t item = 0; item < 4; ++item) {
    EXPECT_FALSE(alone.meets_any(item));
    EXPECT_TRUE(Candidates(alone, item, &skipped).empty());
  }
}

}  // namespace
}  // namespace refrain
