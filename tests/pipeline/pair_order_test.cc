#include "refrain/pipeline/pair_order.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_slow.h"

namespace refrain {
namespace {

using reference::Random;
using Pair = std::pair<uint32_t, uint32_t>;  // earlier, later

// Written from the header: a recursive walk over the tree. The place of each page.
std::vector<uint32_t> SlowPlaces(uint32_t pages, const std::map<Pair, uint32_t>& meetings,
                                 const std::vector<uint32_t>& sources) {
  std::map<uint32_t, std::vector<uint32_t>> below;
  std::map<uint32_t, std::vector<uint32_t>> roots;  // by source
  for (uint32_t page = 0; page < pages; ++page) {
    uint32_t most = 0, parent = page;
    for (uint32_t earlier = 0; earlier < page; ++earlier) {
      const auto met = meetings.find({earlier, page});
      if (met != meetings.end() && met->second > most) most = met->second, parent = earlier;
    }
    parent == page ? roots[sources[page]].push_back(page) : below[parent].push_back(page);
  }
  std::vector<uint32_t> places(pages);
  uint32_t place = 0;
  const std::function<void(uint32_t)> walk = [&](uint32_t page) {
    places[page] = place++;
    for (const uint32_t child : below[page]) walk(child);
  };
  for (const auto& [source, its] : roots) {
    for (const uint32_t root : its) walk(root);
  }
  return places;
}

TEST(PairOrder, PagesFollowTheOneTheyMeetMostOftenAndRootsTheirSource) {
  Random random(1);
  for (int round = 0; round < 300; ++round) {
    const uint32_t pages = static_cast<uint32_t>(2 + random.Below(40));
    std::map<Pair, uint32_t> meetings;
    for (size_t i = random.Below(100); i > 0; --i) {
      const uint32_t one = static_cast<uint32_t>(random.Below(pages)),
                     other = static_cast<uint32_t>(random.Below(pages));
      if (one != other)
        meetings[{std::min(one, other), std::max(one, other)}] = static_cast<uint32_t>(1 + random.Below(4));
    }
    std::vector<uint32_t> sources;
    for (uint32_t page = 0; page < pages; ++page)
      sources.push_back(random.Below(4) == 0 ? UINT32_MAX : static_cast<uint32_t>(random.Below(5)));
    PairOrder order(pages);
    for (const auto& [pair, count] : meetings)
      order.Add({.earlier = pair.first, .later = pair.second}, count);
    order.Finish([&](uint32_t page) { return sources[page]; });
    const std::vector<uint32_t> places = SlowPlaces(pages, meetings, sources);
    for (const auto& [pair, count] : meetings) {
      const MatchedEdge edge = order.EdgeOf({.earlier = pair.first, .later = pair.second});
      EXPECT_EQ(edge.pair().earlier, std::min(places[pair.first], places[pair.second]));
      EXPECT_EQ(edge.pair().later, std::max(places[pair.first], places[pair.second]));
      EXPECT_EQ(order.PairOf(edge).earlier, pair.first);
      EXPECT_EQ(order.PairOf(edge).later, pair.second);
    }
  }
}

TEST(PairOrder, DoesNotDependOnTheOrderInWhichPairsCome) {
  const std::vector<std::pair<Pair, uint32_t>> pairs = {{{0, 4}, 2}, {{1, 4}, 5}, {{2, 4}, 5},
                                                        {{3, 5}, 1}, {{0, 5}, 1}, {{4, 5}, 1}};
  std::set<std::vector<uint64_t>> seen;
  for (const bool backwards : {false, true}) {
    PairOrder order(6);
    for (size_t i = 0; i < pairs.size(); ++i) {
      const auto& [pair, count] = pairs[backwards ? pairs.size() - 1 - i : i];
      order.Add({.earlier = pair.first, .later = pair.second}, count);
    }
    order.Finish([](uint32_t page) { return page % 2; });
    std::vector<uint64_t> keys;
    for (const auto& [pair, count] : pairs)
      keys.push_back(order.EdgeOf({.earlier = pair.first, .later = pair.second}).key);
    seen.insert(keys);
  }
  EXPECT_EQ(seen.size(), 1u);
}

}  // namespace
}  // namespace refrain
