#include "refrain/match/decide.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/cpu_time.h"
#include "tests/reference/match_decide.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::DecideGreedily;
using reference::EarlierSharers;
using reference::Random;

bool NoneAlwaysKept(uint32_t) { return false; }

// A random graph of matches that needs no memory: one pair in `rarity` matches.
struct RandomMatches {
  uint64_t seed = 0;
  uint64_t rarity = 2;
  bool operator()(uint32_t one, uint32_t other) const {
    return Random(seed ^ (uint64_t{std::min(one, other)} << 32 | std::max(one, other)))() % rarity == 0;
  }
};

std::vector<KeyedItem> RandomKeys(Random* random, uint32_t items, size_t keys, size_t distinct) {
  std::vector<KeyedItem> keyed;
  for (uint32_t item = 0; item < items; ++item) {
    std::set<uint64_t> own;
    for (size_t i = random->Below(keys + 1); i > 0; --i) own.insert(random->Below(distinct));
    for (const uint64_t key : own) keyed.push_back({key, item});
  }
  return keyed;
}

template <typename Matches, typename AlwaysKept>
std::vector<uint32_t> Lazily(const std::vector<KeyedItem>& keyed, uint32_t items, int threads,
                             const Matches& matches, const AlwaysKept& always_kept) {
  SpillSorter<KeyedItem> sorter({.memory = 64 << 20});
  for (const KeyedItem& one : keyed) EXPECT_TRUE(sorter.Add(one).ok());
  EXPECT_TRUE(sorter.Finish().ok());
  const auto buckets =
      Buckets::Build(&sorter, [](uint32_t item) { return item; }, items, {.memory = 64 << 20});
  EXPECT_TRUE(buckets.ok());
  std::atomic<bool> sane = true;
  const auto witness = DecideLazily(
      items, threads,
      [&](uint32_t* item, std::vector<uint32_t>* candidates) -> absl::StatusOr<bool> {
        uint64_t skipped = 0;
        absl::StatusOr<bool> more = false;
        do {
          more = (*buckets)->Next(item, candidates, &skipped);
        } while (more.ok() && *more && always_kept(*item));
        if (skipped > 0) sane = false;
        return more;
      },
      [&](int worker, uint32_t kept, const std::vector<uint32_t>& others, std::vector<bool>* hits) {
        if (worker < 0 || worker >= threads || others.empty() || hits->size() != others.size()) sane = false;
        for (size_t i = 0; i < others.size(); ++i) {
          if (others[i] <= kept || (i > 0 && others[i] <= others[i - 1])) sane = false;
          (*hits)[i] = matches(kept, others[i]);
        }
        return absl::OkStatus();
      });
  EXPECT_TRUE(sane);
  EXPECT_TRUE(witness.ok());
  return witness.ok() ? *witness : std::vector<uint32_t>();
}

std::vector<uint32_t> FromMatches(uint32_t items, const std::vector<MatchedPair>& pairs) {
  SpillSorter<MatchedEdge> edges({.memory = 1});
  for (const MatchedPair& pair : pairs) EXPECT_TRUE(edges.Add(MatchedEdge(pair)).ok());
  EXPECT_TRUE(edges.Finish().ok());
  const auto witness = DecideFromMatches(items, &edges);
  EXPECT_TRUE(witness.ok()) << witness.status();
  return *witness;
}

TEST(Decide, FromMatchesIsTheGreedyWalk) {
  Random random(1);
  for (int round = 0; round < 100; ++round) {
    const uint32_t items = static_cast<uint32_t>(random.Below(60));
    const RandomMatches matches{random(), 1 + random.Below(20)};
    std::vector<MatchedPair> pairs;
    std::vector<std::set<uint32_t>> candidates(items);
    for (uint32_t later = 0; later < items; ++later) {
      for (uint32_t earlier = 0; earlier < later; ++earlier) {
        candidates[later].insert(earlier);
        if (matches(earlier, later)) pairs.push_back({earlier, later});
      }
    }
    for (size_t i = pairs.size(); i > 1; --i) std::swap(pairs[i - 1], pairs[random.Below(i)]);
    ASSERT_EQ(FromMatches(items, pairs), DecideGreedily(candidates, matches, NoneAlwaysKept));
  }
}

TEST(Decide, LazilyIsFromAllMatchesWhateverTheThreads) {
  Random random(2);
  for (int round = 0; round < 60; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(200));
    const auto keyed = RandomKeys(&random, items, 5, 1 + random.Below(80));
    const RandomMatches matches{random(), 1 + random.Below(6)};
    const auto candidates = EarlierSharers(keyed, items);
    std::vector<MatchedPair> pairs;
    for (uint32_t later = 0; later < items; ++later) {
      for (const uint32_t earlier : candidates[later]) {
        if (matches(earlier, later)) pairs.push_back({earlier, later});
      }
    }
    const auto expected = FromMatches(items, pairs);
    ASSERT_EQ(expected, DecideGreedily(candidates, matches, NoneAlwaysKept));
    for (const int threads : {1, 2, 7})
      ASSERT_EQ(Lazily(keyed, items, threads, matches, NoneAlwaysKept), expected) << threads;
  }
}

TEST(Decide, DroppedItemsMatchTheirWitnessAndKeptItemsMatchNoKeptCandidate) {
  Random random(3);
  for (int round = 0; round < 40; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(200));
    const auto keyed = RandomKeys(&random, items, 5, 40);
    const RandomMatches matches{random(), 3};
    const auto candidates = EarlierSharers(keyed, items);
    const auto witness = Lazily(keyed, items, 2, matches, NoneAlwaysKept);
    ASSERT_EQ(witness.size(), items);
    for (uint32_t item = 0; item < items; ++item) {
      if (witness[item] != kNoWitness) {
        ASSERT_LT(witness[item], item);
        ASSERT_EQ(witness[witness[item]], kNoWitness);
        ASSERT_TRUE(matches(witness[item], item));
        continue;
      }
      for (const uint32_t other : candidates[item])
        ASSERT_FALSE(witness[other] == kNoWitness && matches(other, item));
    }
  }
}

TEST(Decide, AlwaysKeptItemsStayWhateverTheyMatch) {
  Random random(4);
  for (int round = 0; round < 40; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(150));
    const auto keyed = RandomKeys(&random, items, 5, 20);
    const RandomMatches matches{random(), 2};
    const auto always_kept = [&](uint32_t item) { return item < items / 3 || item % 7 == 0; };
    const auto expected = DecideGreedily(EarlierSharers(keyed, items), matches, always_kept);
    for (const int threads : {1, 7}) ASSERT_EQ(Lazily(keyed, items, threads, matches, always_kept), expected);
    for (uint32_t item = 0; item < items / 3; ++item) ASSERT_EQ(expected[item], kNoWitness);
  }
}

TEST(Decide, AChainKeepsEveryOther) {
  const auto next = [](uint32_t one, uint32_t other) { return other == one + 1; };
  std::vector<KeyedItem> keyed;
  for (uint32_t item = 0; item < 200; ++item) keyed.push_back({9, item});
  const auto witness = Lazily(keyed, 200, 2, next, NoneAlwaysKept);
  for (uint32_t item = 0; item < 200; ++item) EXPECT_EQ(witness[item], item % 2 == 0 ? kNoWitness : item - 1);
}

// What went wrong: each round looked at all open items again, so that a chain cost the square of its length,
// and started its threads anew.
TEST(Decide, LongChainsCostTheirLength) {
  // On the processor, by all threads, so that a busy machine does not count.
  const auto seconds = [](uint32_t items, uint32_t chains, int threads) {
    const auto next = [&](uint32_t one, uint32_t other) { return other == one + chains; };
    std::vector<KeyedItem> keyed;
    for (uint32_t item = 0; item < items; ++item) {
      keyed.push_back({item, item});
      if (item + chains < items) keyed.push_back({item, item + chains});
    }
    std::vector<uint32_t> witness;
    const double taken = reference::CpuSecondsOf(
        CLOCK_PROCESS_CPUTIME_ID, [&] { witness = Lazily(keyed, items, threads, next, NoneAlwaysKept); });
    for (uint32_t item = 0; item < items; ++item) {
      EXPECT_EQ(witness[item], item / chains % 2 == 0 ? kNoWitness : item - chains);
      if (::testing::Test::HasFailure()) break;
    }
    return taken;
  };
  constexpr uint32_t kItems = 75'000, kTimes = 4;
  constexpr double kNoise = 5;  // seconds: threads that wait for each other on a busy machine
  for (const uint32_t chains : {1u, 3u}) {
    for (const int threads : {1, 3}) {
      // The square of the length would be sixteen times as much: half a minute.
      EXPECT_LT(seconds(kTimes * kItems, chains, threads),
                2 * kTimes * seconds(kItems, chains, threads) + kNoise);
    }
  }
}

TEST(Decide, ChainsThatBranchAndJoinAreTheGreedyWalk) {
  Random random(7);
  for (int round = 0; round < 60; ++round) {
    const uint32_t items = 1 + static_cast<uint32_t>(random.Below(400));
    std::vector<KeyedItem> keyed;
    uint64_t key = 0;
    // Each item meets a few right before it: long waits, of several for one.
    for (uint32_t item = 1; item < items; ++item) {
      for (uint64_t i = random.Below(4); i > 0; --i, ++key) {
        keyed.push_back({key, item});
        keyed.push_back({key, item - 1 - static_cast<uint32_t>(random.Below(std::min<uint32_t>(item, 6)))});
      }
    }
    const RandomMatches matches{random(), 1 + random.Below(3)};
    const auto expected = DecideGreedily(EarlierSharers(keyed, items), matches, NoneAlwaysKept);
    for (const int threads : {1, 2, 7})
      ASSERT_EQ(Lazily(keyed, items, threads, matches, NoneAlwaysKept), expected) << threads;
  }
}

TEST(Decide, ManyCandidatesAreDecidedAsOneList) {
  // More candidates than are held at once: 256 an item.
  constexpr uint32_t kItems = 40'000;
  std::vector<KeyedItem> keyed;
  for (uint32_t item = 0; item < kItems; ++item) keyed.push_back({item / 256, item});
  const RandomMatches matches{8, 64};
  const auto expected = DecideGreedily(EarlierSharers(keyed, kItems), matches, NoneAlwaysKept);
  for (const int threads : {1, 2})
    ASSERT_EQ(Lazily(keyed, kItems, threads, matches, NoneAlwaysKept), expected);
}

TEST(Decide, ManyItemsFarApartAreDecidedAsOneList) {
  // More items than are decided at once, with pairs across the seams.
  constexpr uint32_t kItems = 150'000;
  Random random(5);
  std::vector<KeyedItem> keyed;
  for (uint32_t item = 0; item < kItems; ++item) keyed.push_back({random.Below(kItems / 4), item});
  const RandomMatches matches{6, 2};
  const auto expected = DecideGreedily(EarlierSharers(keyed, kItems), matches, NoneAlwaysKept);
  for (const int threads : {1, 2})
    ASSERT_EQ(Lazily(keyed, kItems, threads, matches, NoneAlwaysKept), expected);
}

TEST(Decide, AFailureFailsTheDecision) {
  for (const bool candidates_fail : {false, true}) {
    uint32_t given = 0;
    const auto witness = DecideLazily(
        3, 2,
        [&](uint32_t* item, std::vector<uint32_t>* candidates) -> absl::StatusOr<bool> {
          if (given == 2)
            return candidates_fail ? absl::StatusOr<bool>(absl::DataLossError("unreadable")) : false;
          *item = ++given;
          *candidates = {0};
          return true;
        },
        [&](int, uint32_t, const std::vector<uint32_t>&, std::vector<bool>*) {
          return candidates_fail ? absl::OkStatus() : absl::DataLossError("unreadable");
        });
    EXPECT_EQ(witness.status(), absl::DataLossError("unreadable"));
  }
}

TEST(Decide, NoItemsNeedNoDecision) {
  EXPECT_TRUE(FromMatches(0, {}).empty());
  EXPECT_TRUE(Lazily({}, 0, 2, RandomMatches(), NoneAlwaysKept).empty());
  EXPECT_EQ(Lazily({}, 3, 2, RandomMatches(), NoneAlwaysKept), std::vector<uint32_t>(3, kNoWitness));
}

}  // namespace
}  // namespace refrain
