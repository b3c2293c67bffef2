#include "refrain/match/buckets.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/match_decide.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

constexpr uint64_t kMemories[] = {uint64_t{1} << 40, 1};

std::unique_ptr<Buckets> Build(
    const std::vector<KeyedItem>& keyed, uint32_t items, uint64_t memory,
    const RankOf& rank_of = [](uint32_t item) { return item; }) {
  SpillSorter<KeyedItem> sorter({.memory = memory});
  for (const KeyedItem& one : keyed) EXPECT_TRUE(sorter.Add(one).ok());
  EXPECT_TRUE(sorter.Finish().ok());
  auto buckets = Buckets::Build(&sorter, rank_of, items, {.memory = memory});
  EXPECT_TRUE(buckets.ok()) << buckets.status();
  return *std::move(buckets);
}

// What Next gives, by rank.
std::vector<std::vector<uint32_t>> Candidates(Buckets* buckets, uint32_t items, uint64_t* skipped) {
  std::vector<std::vector<uint32_t>> all(items);
  std::vector<uint32_t> candidates = {7, 7, 7};  // left over
  uint32_t rank = 0;
  uint64_t of_rank = 0;
  for (int64_t before = -1;; before = rank) {
    const auto more = buckets->Next(&rank, &candidates, &of_rank);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) return all;
    EXPECT_GT(rank, before);
    EXPECT_FALSE(candidates.empty());
    all[rank] = candidates;
    *skipped += of_rank;
  }
}

std::vector<std::vector<uint32_t>> AsLists(const std::vector<std::set<uint32_t>>& sets) {
  std::vector<std::vector<uint32_t>> lists;
  for (const auto& set : sets) lists.emplace_back(set.begin(), set.end());
  return lists;
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

TEST(Buckets, CandidatesAreTheEarlierItemsThatShareAKeyAscendingEachOnce) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(150));
    const auto keyed = RandomKeys(&random, items, 8, 1 + random.Below(60));
    const auto expected = AsLists(reference::EarlierSharers(keyed, items));
    uint64_t skipped = 0;
    const auto buckets = Build(keyed, items, kMemories[round % 2]);
    ASSERT_EQ(Candidates(buckets.get(), items, &skipped), expected);
    buckets->Rewind();
    ASSERT_EQ(Candidates(buckets.get(), items, &skipped), expected) << "and once more";
    ASSERT_EQ(skipped, 0u);
  }
}

TEST(Buckets, AreOfRanksAndLeaveOutWhoHasNone) {
  Random random(3);
  for (int round = 0; round < 40; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(100));
    const auto keyed = RandomKeys(&random, items, 6, 40);
    const auto rank_of = [&](uint32_t item) { return item % 5 == 2 ? kNobody : items - 1 - item; };
    std::vector<KeyedItem> ranked;
    for (const KeyedItem& one : keyed) {
      if (rank_of(one.item) != kNobody) ranked.push_back({one.key, rank_of(one.item)});
    }
    uint64_t skipped = 0;
    ASSERT_EQ(Candidates(Build(keyed, items, kMemories[round % 2], rank_of).get(), items, &skipped),
              AsLists(reference::EarlierSharers(ranked, items)));
  }
}

TEST(Buckets, DoNotDependOnTheOrderOfKeysNorOnMemory) {
  Random random(4);
  constexpr uint32_t kItems = 30'000;
  auto keyed = RandomKeys(&random, kItems, 5, 9000);
  uint64_t skipped = 0, skipped_other = 0;
  const auto expected = Candidates(Build(keyed, kItems, kMemories[0]).get(), kItems, &skipped);
  std::reverse(keyed.begin(), keyed.end());
  const auto spilled = Build(keyed, kItems, kMemories[1]);
  EXPECT_GT(spilled->disk(), 0u);
  EXPECT_EQ(Candidates(spilled.get(), kItems, &skipped_other), expected);
  EXPECT_EQ(skipped, skipped_other);
}

TEST(Buckets, AnOverLongBucketGivesItsFirstAndThoseRightBefore) {
  constexpr uint32_t kItems = 600;
  std::vector<KeyedItem> keyed;
  for (uint32_t item = 0; item < kItems; ++item) keyed.push_back({42, item});
  uint64_t skipped = 0, expected_skipped = 0;
  const auto candidates = Candidates(Build(keyed, kItems, 1).get(), kItems, &skipped);
  for (uint32_t item = 0; item < kItems; ++item) {
    std::vector<uint32_t> expected;
    for (uint32_t other = 0; other < item; ++other) {
      if (item <= Buckets::kMostEarlier || other < Buckets::kMostFirst ||
          other + (Buckets::kMostEarlier - Buckets::kMostFirst) >= item) {
        expected.push_back(other);
      }
    }
    ASSERT_EQ(candidates[item], expected) << item;
    expected_skipped += item - expected.size();
  }
  EXPECT_EQ(skipped, expected_skipped);
}

TEST(Buckets, TakeBytesForEachMemberHoweverManyMeet) {
  constexpr uint32_t kItems = 1'000'000;
  SpillSorter<KeyedItem> sorter({.memory = 1 << 20});
  for (uint32_t item = 0; item < kItems; ++item) ASSERT_TRUE(sorter.Add({42, item}).ok());
  ASSERT_TRUE(sorter.Finish().ok());
  const auto buckets =
      Buckets::Build(&sorter, [](uint32_t item) { return item; }, kItems, {.memory = 1 << 20});
  ASSERT_TRUE(buckets.ok()) << buckets.status();
  EXPECT_LE((*buckets)->disk(), 20 * uint64_t{kItems});
  uint32_t rank = 0;
  uint64_t skipped = 0;
  std::vector<uint32_t> candidates;
  for (uint32_t item = 1; item < kItems; ++item) {
    ASSERT_TRUE(*(*buckets)->Next(&rank, &candidates, &skipped));
    ASSERT_EQ(rank, item);
    ASSERT_EQ(candidates.size(), std::min<size_t>(item, Buckets::kMostEarlier));
  }
}

TEST(Buckets, MayBeNone) {
  uint64_t skipped = 0;
  for (const uint64_t memory : kMemories) {
    EXPECT_TRUE(Candidates(Build({}, 0, memory).get(), 0, &skipped).empty());
    EXPECT_EQ(Candidates(Build({{1, 0}, {2, 1}, {3, 2}}, 4, memory).get(), 4, &skipped),
              std::vector<std::vector<uint32_t>>(4));
  }
}

TEST(Buckets, SayWhereTheyCannotBeWritten) {
  SpillSorter<KeyedItem> sorter({.memory = 1 << 30});
  for (uint32_t item = 0; item < 300'000; ++item) ASSERT_TRUE(sorter.Add({item / 2, item}).ok());
  ASSERT_TRUE(sorter.Finish().ok());
  const auto buckets = Buckets::Build(&sorter, [](uint32_t item) { return item; }, 300'000,
                                      {.tmpdir = "/absent/folder", .memory = 1});
  EXPECT_EQ(buckets.status().code(), absl::StatusCode::kPermissionDenied);
}

TEST(FirstOfEquals, IsTheFirstRankWithTheSameKey) {
  Random random(5);
  for (int round = 0; round < 100; ++round) {
    const uint32_t items = static_cast<uint32_t>(random.Below(200));
    SpillSorter<ExactItem> sorter({.memory = kMemories[round % 2]});
    std::map<std::pair<uint64_t, uint64_t>, uint32_t> first;
    std::vector<uint32_t> expected(items);
    std::vector<std::pair<uint64_t, uint64_t>> keys(items);
    const auto rank_of = [&](uint32_t item) { return item % 7 == 3 ? kNobody : items - 1 - item; };
    for (uint32_t item = 0; item < items; ++item) {
      // Upper halves alone say little.
      keys[item] = {random.Below(4), random.Below(20)};
      ASSERT_TRUE(sorter.Add({keys[item].first, keys[item].second, item}).ok());
    }
    ASSERT_TRUE(sorter.Finish().ok());
    for (uint32_t rank = 0; rank < items; ++rank) {
      const uint32_t item = items - 1 - rank;
      expected[rank] = item % 7 == 3 ? rank : first.emplace(keys[item], rank).first->second;
    }
    const auto found = FirstOfEquals(&sorter, rank_of, items);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(*found, expected);
  }
}

}  // namespace
}  // namespace refrain
