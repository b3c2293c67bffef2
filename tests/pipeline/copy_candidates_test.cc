#include "refrain/pipeline/copy_candidates.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_slow.h"

namespace refrain {
namespace {

using reference::Random;
using Pair = std::pair<uint32_t, uint32_t>;  // earlier, later
using Meetings = std::map<Pair, uint32_t>;   // how often

constexpr uint64_t kMuch = uint64_t{1} << 40, kTiny = 1;
constexpr size_t kPhrase = 16;

uint32_t Itself(uint32_t item) { return item; }

struct Met {
  Meetings meetings;
  uint64_t skipped = 0;
  friend bool operator==(const Met&, const Met&) = default;
};

// Written from the header: each page looks at those before it, bucket by bucket.
Met SlowMeet(const std::vector<MeetingKey>& keyed, const RankOf& rank_of, size_t phrase, uint32_t asked_for) {
  std::map<uint64_t, std::set<uint32_t>> of_keys;
  std::map<std::pair<uint64_t, uint32_t>, std::set<uint32_t>> of_two;  // anchors in a row
  for (const MeetingKey& one : keyed) {
    if (rank_of(one.page) == kNobody) continue;
    of_keys[one.key].insert(rank_of(one.page));
    if (one.next != 0) of_two[{one.key, one.next}].insert(rank_of(one.page));
  }
  Met met;
  const auto meet = [&](const std::set<uint32_t>& members, uint32_t times) {
    const std::vector<uint32_t> ranks(members.begin(), members.end());
    for (size_t later = 0; later < ranks.size(); ++later) {
      if (ranks[later] < asked_for) continue;
      std::vector<uint32_t> before;  // that it may meet
      for (size_t earlier = 0; earlier < later; ++earlier) {
        if (asked_for == 0 || ranks[earlier] < asked_for) before.push_back(ranks[earlier]);
      }
      for (size_t i = 0; i < before.size(); ++i) {
        const bool meets = before.size() <= kMostMet || i < kFirstMet || before.size() - i <= kLastMet;
        if (!meets) ++met.skipped;
        if (meets) met.meetings[{before[i], ranks[later]}] += times;
      }
    }
  };
  for (const auto& [key, members] : of_keys) {
    const bool band = (key & 1) != 0;
    if (band || members.size() <= phrase) meet(members, band ? 2 : 1);
  }
  for (const auto& [two, members] : of_two) meet(members, 2);
  return met;
}

// All pairs of `pairs` with how often they are there, counted from what CandidatePairs gives for each
// `least`. Says if they do not come by their later page, then by the earlier one, or if one comes twice.
std::vector<Pair> Candidates(SpillSorter<MatchedEdge>* pairs, uint32_t least) {
  pairs->Rewind();
  CandidatePairs candidates(pairs, least);
  std::vector<Pair> all, again;
  for (std::vector<Pair>* list : {&all, &again}) {
    MatchedPair pair;
    uint32_t meetings = 0;
    while (true) {
      const auto more = candidates.Next(&pair, &meetings);
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) break;
      list->emplace_back(pair.earlier, pair.later);
    }
    candidates.Rewind();
  }
  EXPECT_EQ(all, again) << "after Rewind";
  for (size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(std::pair(all[i - 1].second, all[i - 1].first), std::pair(all[i].second, all[i].first));
  }
  return all;
}

struct Asked {
  uint64_t memory = kMuch;
  RankOf rank_of = Itself;
  size_t phrase = kPhrase;
  uint32_t asked_for = 0;
  int threads = 1;
};

std::unique_ptr<SpillSorter<MatchedEdge>> Meet(const std::vector<MeetingKey>& keyed, const Asked& asked,
                                               uint64_t* skipped) {
  SpillSorter<MeetingKey> keys({.memory = asked.memory});
  for (const MeetingKey& one : keyed) EXPECT_TRUE(keys.Add(one).ok());
  EXPECT_TRUE(keys.Finish().ok());
  auto pairs = std::make_unique<SpillSorter<MatchedEdge>>(SpillOptions{.memory = asked.memory});
  const absl::Status status = MeetInBuckets({asked.rank_of, asked.phrase, asked.asked_for, asked.threads},
                                            &keys, pairs.get(), skipped);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_TRUE(pairs->Finish().ok());
  return pairs;
}

Met MeetAll(const std::vector<MeetingKey>& keyed, const Asked& asked = {}) {
  Met met;
  const auto pairs = Meet(keyed, asked, &met.skipped);
  while (true) {
    const auto block = pairs->Next();
    EXPECT_TRUE(block.ok()) << block.status();
    if (!block.ok() || block->empty()) return met;
    for (const MatchedEdge& edge : *block) ++met.meetings[{edge.pair().earlier, edge.pair().later}];
  }
}

MeetingKey Anchor(uint64_t hash, uint32_t page, uint32_t next = 0) {
  return MeetingKey::Anchor(hash, page, next);
}
MeetingKey Band(uint64_t hash, uint32_t page) { return MeetingKey::Band(hash, page); }

// Up to `keys` random keys for each page, anchors and bands, some of them again, in random order.
std::vector<MeetingKey> RandomKeys(Random* random, uint32_t items, size_t keys, size_t distinct) {
  std::vector<MeetingKey> keyed;
  for (uint32_t item = 0; item < items; ++item) {
    for (size_t i = random->Below(keys + 1); i > 0; --i) {
      const uint64_t hash = random->Below(distinct) * 0x9E3779B97F4A7C15;
      const uint32_t next = static_cast<uint32_t>(random->Below(4));
      keyed.push_back(random->Below(2) == 0 ? Band(hash, item) : Anchor(hash, item, next));
      if (random->Below(4) == 0)
        keyed.push_back(keyed[keyed.size() - 1 - random->Below(std::min<size_t>(3, keyed.size()))]);
    }
  }
  for (size_t i = keyed.size(); i > 1; --i) std::swap(keyed[i - 1], keyed[random->Below(i)]);
  return keyed;
}

enum class Kind { kAnchor, kBand, kTwo };
// One bucket.
std::vector<MeetingKey> OneBucket(uint32_t items, Kind kind) {
  std::vector<MeetingKey> keyed;
  for (uint32_t item = items; item-- > 0;)
    keyed.push_back(kind == Kind::kBand ? Band(424242, item)
                                        : Anchor(424242, item, kind == Kind::kTwo ? 7 : 0));
  return keyed;
}

TEST(MeetingKey, AnchorsAndBandsOfOneHashDiffer) {
  for (const uint64_t hash : {uint64_t{6}, uint64_t{7}, ~uint64_t{0}}) {
    EXPECT_FALSE(Anchor(hash, 1).is_band());
    EXPECT_TRUE(Band(hash, 1).is_band());
    EXPECT_EQ(Anchor(hash, 1).key | 1, hash | 1);
    EXPECT_EQ(Band(hash, 1).key | 1, hash | 1);
    EXPECT_NE(MeetingKey::Next(hash), 0u);
  }
  EXPECT_NE(MeetingKey::Next(0), 0u) << "0 is no next anchor";
}

TEST(MeetInBuckets, PairsMeetAsOftenAsWhatTheyShareCounts) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(120));
    const auto keyed = RandomKeys(&random, items, 10, 1 + random.Below(80));
    const Met expected = SlowMeet(keyed, Itself, kPhrase, 0);
    for (const uint64_t memory : {kMuch, kTiny}) ASSERT_EQ(MeetAll(keyed, {.memory = memory}), expected);
    for (const auto& [pair, times] : expected.meetings)
      ASSERT_LT(pair.first, pair.second) << "nothing meets itself";
  }
}

TEST(MeetInBuckets, AnAnchorCountsOnceAndABandTwice) {
  const std::vector<MeetingKey> keyed = {Anchor(10, 0), Anchor(10, 1), Band(20, 2), Band(20, 1),
                                         Anchor(30, 1), Anchor(30, 2), Band(10, 0), Band(50, 3)};
  EXPECT_EQ(MeetAll(keyed).meetings, (Meetings{{{0, 1}, 1}, {{1, 2}, 3}}));
}

TEST(MeetInBuckets, TwoAnchorsInARowCountTwiceMore) {
  const std::vector<MeetingKey> keyed = {Anchor(10, 0, 5), Anchor(10, 1, 5), Anchor(10, 2, 9), Anchor(10, 3)};
  EXPECT_EQ(MeetAll(keyed).meetings,
            (Meetings{{{0, 1}, 3}, {{0, 2}, 1}, {{0, 3}, 1}, {{1, 2}, 1}, {{1, 3}, 1}, {{2, 3}, 1}}));
}

TEST(MeetInBuckets, WhatAPageSaysAgainCountsOnce) {
  const std::vector<MeetingKey> keyed = {Anchor(10, 0, 5), Anchor(10, 0, 6), Anchor(10, 0, 5),
                                         Anchor(10, 0, 5), Anchor(10, 1, 6), Anchor(10, 1, 5),
                                         Band(20, 0),      Band(20, 0),      Band(20, 1)};
  EXPECT_EQ(MeetAll(keyed).meetings, (Meetings{{{0, 1}, 1 + 2 + 2 + 2}}));
}

TEST(MeetInBuckets, NobodyMeetsWhereNothingIsShared) {
  EXPECT_EQ(MeetAll({}), Met());
  EXPECT_EQ(MeetAll({Anchor(0, 5)}), Met());
  EXPECT_EQ(MeetAll({Anchor(0, 5), Band(0, 6), Anchor(2, 5)}), Met());
  EXPECT_EQ(MeetAll({Anchor(0, 5), Anchor(0, 2)}).meetings, (Meetings{{{2, 5}, 1}})) << "the key 0 is one";
}

TEST(MeetInBuckets, AnAnchorOfTooManyPagesIsAPhrase) {
  EXPECT_EQ(MeetAll(OneBucket(kPhrase, Kind::kAnchor)).meetings.size(), kPhrase * (kPhrase - 1) / 2);
  EXPECT_EQ(MeetAll(OneBucket(kPhrase + 1, Kind::kAnchor)), Met());
  EXPECT_EQ(MeetAll(OneBucket(kPhrase + 1, Kind::kAnchor), {.phrase = kPhrase + 1}).meetings.size(),
            kPhrase * (kPhrase + 1) / 2);
  EXPECT_EQ(MeetAll(OneBucket(kPhrase + 1, Kind::kTwo)).meetings.size(), kPhrase * (kPhrase + 1) / 2)
      << "two in a row are none";
  EXPECT_EQ(MeetAll(OneBucket(kPhrase + 1, Kind::kBand)).meetings.size(), kPhrase * (kPhrase + 1) / 2);
  // Who has no rank is no page.
  const Asked some{.rank_of = [](uint32_t item) { return item < kPhrase ? item : kNobody; }};
  EXPECT_EQ(MeetAll(OneBucket(kPhrase + 1, Kind::kAnchor), some).meetings.size(),
            kPhrase * (kPhrase - 1) / 2);
}

TEST(MeetInBuckets, InAnOverLongBucketTheFirstAndTheOnesRightBeforeAreMet) {
  constexpr uint32_t kItems = 200;
  const auto keyed = OneBucket(kItems, Kind::kBand);
  const Met met = MeetAll(keyed);
  EXPECT_EQ(met, SlowMeet(keyed, Itself, kPhrase, 0));
  EXPECT_EQ(met.skipped, uint64_t{kItems} * (kItems - 1) / 2 - met.meetings.size());
  std::vector<size_t> earlier(kItems);
  for (const auto& [pair, times] : met.meetings) ++earlier[pair.second];
  EXPECT_EQ(earlier[kMostMet], kMostMet);
  EXPECT_EQ(earlier[kMostMet + 1], kFirstMet + kLastMet);
  EXPECT_EQ(earlier[kItems - 1], kFirstMet + kLastMet);
  EXPECT_TRUE(met.meetings.contains({kFirstMet - 1, kItems - 1}));
  EXPECT_FALSE(met.meetings.contains({kFirstMet, kItems - 1}));
  EXPECT_FALSE(met.meetings.contains({kItems - 2 - kLastMet, kItems - 1}));
  EXPECT_TRUE(met.meetings.contains({kItems - 1 - kLastMet, kItems - 1}));
  // Up to so many nothing is left out.
  EXPECT_EQ(MeetAll(OneBucket(kMostMet + 1, Kind::kBand)).skipped, 0u);
  EXPECT_EQ(MeetAll(OneBucket(kMostMet + 2, Kind::kBand)).skipped, kMostMet + 1 - kFirstMet - kLastMet);
}

TEST(MeetInBuckets, SkippedIsRaisedNotSet) {
  uint64_t skipped = 1000;
  Meet(OneBucket(kMostMet + 2, Kind::kBand), {}, &skipped);
  EXPECT_EQ(skipped, 1000 + kMostMet + 1 - kFirstMet - kLastMet);
}

TEST(MeetInBuckets, IsOfRanksAndLeavesOutWhoHasNone) {
  Random random(3);
  for (int round = 0; round < 40; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(300));
    const auto keyed = RandomKeys(&random, items, 6, 1 + random.Below(30));
    const RankOf rank_of = [&](uint32_t item) { return item % 5 == 2 ? kNobody : items - 1 - item; };
    const Met expected = SlowMeet(keyed, rank_of, kPhrase, 0);
    for (const uint64_t memory : {kMuch, kTiny})
      ASSERT_EQ(MeetAll(keyed, {.memory = memory, .rank_of = rank_of}), expected);
  }
}

TEST(MeetInBuckets, WhereSomePagesAreAskedForTheOthersMeetThemAlone) {
  Random random(4);
  size_t met = 0;
  for (int round = 0; round < 20; ++round) {
    const uint32_t asked_for = 1 + static_cast<uint32_t>(random.Below(199));
    const auto keyed = RandomKeys(&random, 200, 6, 1 + random.Below(60));
    const Met expected = SlowMeet(keyed, Itself, kPhrase, asked_for);
    ASSERT_EQ(MeetAll(keyed, {.asked_for = asked_for}), expected);
    for (const auto& [pair, times] : expected.meetings) {
      ASSERT_LT(pair.first, asked_for);
      ASSERT_GE(pair.second, asked_for);
    }
    met += expected.meetings.size();
  }
  EXPECT_GT(met, 1000u);
}

TEST(MeetInBuckets, DoesNotDependOnTheOrderOfKeysNorOnMemoryNorOnThreads) {
  Random random(5);
  constexpr uint32_t kItems = 20'000;
  auto keyed = RandomKeys(&random, kItems, 5, 3000);
  for (uint32_t item = 0; item < kItems; item += 20) keyed.push_back(Band(77, item));
  const Met expected = SlowMeet(keyed, Itself, kPhrase, 0);
  EXPECT_GT(expected.skipped, 0u);
  EXPECT_EQ(MeetAll(keyed), expected);
  for (const int threads : {2, 3}) {
    for (const uint64_t memory : {kMuch, kTiny})
      EXPECT_EQ(MeetAll(keyed, {.memory = memory, .threads = threads}), expected) << threads;
  }
  std::reverse(keyed.begin(), keyed.end());
  EXPECT_EQ(MeetAll(keyed, {.memory = kTiny}), expected);
  uint64_t skipped = 0;
  EXPECT_GT(Meet(keyed, {.memory = kTiny}, &skipped)->disk(), 0u) << "it was little memory";
}

TEST(CandidatePairs, AreThoseThatMetOftenEnoughByTheirLaterPage) {
  Random random(6);
  for (int round = 0; round < 30; ++round) {
    const auto keyed = RandomKeys(&random, 150, 8, 1 + random.Below(60));
    const Met met = SlowMeet(keyed, Itself, kPhrase, 0);
    uint64_t skipped = 0;
    const auto pairs = Meet(keyed, {.memory = round % 2 == 0 ? kMuch : kTiny}, &skipped);
    for (const uint32_t least : {1u, 2u, 3u, 100u}) {
      std::vector<Pair> expected;
      for (const auto& [pair, times] : met.meetings) {
        if (times >= least) expected.push_back(pair);
      }
      std::sort(expected.begin(), expected.end(), [](const Pair& x, const Pair& y) {
        return std::pair(x.second, x.first) < std::pair(y.second, y.first);
      });
      ASSERT_EQ(Candidates(pairs.get(), least), expected) << least;
    }
  }
}

// Blocks of a spilled sorter end anywhere: a pair counts across them.
TEST(CandidatePairs, CountAPairAcrossBlocks) {
  SpillSorter<MatchedEdge> pairs({.memory = kTiny});
  constexpr uint32_t kTimes = 50'000;
  for (uint32_t i = 0; i < kTimes; ++i) {
    ASSERT_TRUE(pairs.Add(MatchedEdge({.earlier = 1, .later = 2})).ok());
    if (i % 2 == 0) {
      ASSERT_TRUE(pairs.Add(MatchedEdge({.earlier = 0, .later = 3})).ok());
    }
  }
  ASSERT_TRUE(pairs.Finish().ok());
  ASSERT_GT(pairs.disk(), 0u);
  EXPECT_EQ(Candidates(&pairs, kTimes / 2), (std::vector<Pair>{{1, 2}, {0, 3}}));
  EXPECT_EQ(Candidates(&pairs, kTimes / 2 + 1), (std::vector<Pair>{{1, 2}}));
  EXPECT_EQ(Candidates(&pairs, kTimes), (std::vector<Pair>{{1, 2}}));
  EXPECT_EQ(Candidates(&pairs, kTimes + 1), std::vector<Pair>());
}

TEST(CandidatePairs, OfNothingAreNone) {
  SpillSorter<MatchedEdge> pairs({.memory = kMuch});
  ASSERT_TRUE(pairs.Finish().ok());
  EXPECT_EQ(Candidates(&pairs, 1), std::vector<Pair>());
}

}  // namespace
}  // namespace refrain
