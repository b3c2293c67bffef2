#include "refrain/pipeline/pair_order.h"

#include <algorithm>
#include <numeric>

namespace refrain {

PairOrder::PairOrder(uint32_t pages) : parents_(pages), meetings_(pages) {
  std::iota(parents_.begin(), parents_.end(), 0);
}

void PairOrder::Add(const MatchedPair& pair, uint32_t meetings) {
  uint32_t& most = meetings_[pair.later];
  uint32_t& parent = parents_[pair.later];
  if (meetings < most || (meetings == most && parent <= pair.earlier)) return;
  most = meetings;
  parent = pair.earlier;
}

// A parent comes before its pages in keep order too, so no walk needs a stack.
void PairOrder::Finish(const std::function<uint32_t(uint32_t)>& source_of) {
  const uint32_t size = static_cast<uint32_t>(parents_.size());
  std::vector<uint32_t>& below = meetings_;
  std::fill(below.begin(), below.end(), 1);
  for (uint32_t page = size; page-- > 0;) {
    if (parents_[page] != page) below[parents_[page]] += below[page];
  }
  places_.resize(size);
  pages_.resize(size);  // first, where the next page below each goes
  std::vector<uint32_t> roots;
  for (uint32_t page = 0; page < size; ++page) {
    if (parents_[page] == page) roots.push_back(page);
  }
  std::stable_sort(roots.begin(), roots.end(),
                   [&](uint32_t one, uint32_t other) { return source_of(one) < source_of(other); });
  uint32_t place = 0;
  for (const uint32_t root : roots) {
    places_[root] = place;
    place += below[root];
  }
  for (uint32_t page = 0; page < size; ++page) {
    if (parents_[page] != page) {
      uint32_t& next = pages_[parents_[page]];
      places_[page] = next;
      next += below[page];
    }
    pages_[page] = places_[page] + 1;
  }
  for (uint32_t page = 0; page < size; ++page) pages_[places_[page]] = page;
  std::vector<uint32_t>().swap(parents_);
  std::vector<uint32_t>().swap(meetings_);
}

MatchedEdge PairOrder::EdgeOf(const MatchedPair& pair) const {
  const uint32_t one = places_[pair.earlier], other = places_[pair.later];
  return MatchedEdge({.earlier = std::min(one, other), .later = std::max(one, other)});
}

MatchedPair PairOrder::PairOf(const MatchedEdge& edge) const {
  const uint32_t one = pages_[edge.pair().earlier], other = pages_[edge.pair().later];
  return {.earlier = std::min(one, other), .later = std::max(one, other)};
}

}  // namespace refrain
