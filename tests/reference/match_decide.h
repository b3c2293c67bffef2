#pragma once
// The keep decision as one would do it by hand, and the buckets it meets in.

#include <cstdint>
#include <functional>
#include <set>
#include <vector>

#include "refrain/match/buckets.h"

namespace refrain::reference {

// For each item the earlier items that share a key with it.
std::vector<std::set<uint32_t>> EarlierSharers(const std::vector<KeyedItem>& keyed, uint32_t items);

// Walks the items in order: each goes to the first kept candidate that it matches, else it is kept. Entries
// are witnesses, kNoWitness for kept items.
std::vector<uint32_t> DecideGreedily(const std::vector<std::set<uint32_t>>& candidates,
                                     const std::function<bool(uint32_t, uint32_t)>& matches,
                                     const std::function<bool(uint32_t)>& always_kept);

}  // namespace refrain::reference
