#include "tests/reference/match_decide.h"

#include <map>

#include "refrain/match/decide.h"

namespace refrain::reference {

std::vector<std::set<uint32_t>> EarlierSharers(const std::vector<KeyedItem>& keyed, uint32_t items) {
  std::map<uint64_t, std::set<uint32_t>> members;
  for (const KeyedItem& one : keyed) members[one.key].insert(one.item);
  std::vector<std::set<uint32_t>> earlier(items);
  for (const auto& [key, sharers] : members) {
    for (const uint32_t later : sharers) {
      for (const uint32_t other : sharers) {
        if (other < later) earlier[later].insert(other);
      }
    }
  }
  return earlier;
}

std::vector<uint32_t> DecideGreedily(const std::vector<std::set<uint32_t>>& candidates,
                                     const std::function<bool(uint32_t, uint32_t)>& matches,
                                     const std::function<bool(uint32_t)>& always_kept) {
  std::vector<uint32_t> witness(candidates.size(), kNoWitness);
  for (uint32_t item = 0; item < candidates.size(); ++item) {
    if (always_kept(item)) continue;
    for (const uint32_t other : candidates[item]) {
      if (witness[other] != kNoWitness || !matches(other, item)) continue;
      witness[item] = other;
      break;
    }
  }
  return witness;
}

}  // namespace refrain::reference
