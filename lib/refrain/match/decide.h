#pragma once
/// Who stays: the keep decision.
///
/// Sort by keep order, walk, drop what matches one that is already kept, else keep. That is the
/// lexicographically first maximal independent set of the verified matches: unique, so no thread, shard or
/// memory budget can change it, and without chains, since whatever is dropped matches the kept one it names.

#include <cstdint>
#include <functional>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/match/buckets.h"

namespace refrain {

/// Stands for "kept" in a list of witnesses.
inline constexpr uint32_t kNoWitness = kNobody;

/// A verified match of two items, `later` behind `earlier` in keep order.
struct MatchedPair {
  uint32_t earlier = 0;
  uint32_t later = 0;
};

/// As a record to sort: by the later item, then by the earlier one.
struct MatchedEdge {
  uint64_t key = 0;
  MatchedEdge() = default;
  explicit MatchedEdge(const MatchedPair& pair) : key(uint64_t{pair.later} << 32 | pair.earlier) {}
  MatchedPair pair() const {
    return {.earlier = static_cast<uint32_t>(key), .later = static_cast<uint32_t>(key >> 32)};
  }
};

/// Decides from all verified matches, which are read to their end. Returns for each of `items` its witness:
/// the first kept item in keep order that it matches, or kNoWitness if it is kept. One scan.
absl::StatusOr<std::vector<uint32_t>> DecideFromMatches(uint32_t items, SpillSorter<MatchedEdge>* matches);

/// Decides as DecideFromMatches would from all matches among candidates, but verifies only what the decision
/// needs: an item is compared with kept items in keep order until one matches.
///
/// `next(&item, &candidates)`: the next item that has candidates among earlier ones, and those, ascending;
/// false at the end. Called from the caller's thread; what it leaves out is kept.
/// `match(worker, kept, items, &hits)`: which of `items` (ascending) match `kept`; sets hits[i]. Called from
/// `threads` threads.
absl::StatusOr<std::vector<uint32_t>> DecideLazily(
    uint32_t items, int threads,
    const std::function<absl::StatusOr<bool>(uint32_t*, std::vector<uint32_t>*)>& next,
    const std::function<absl::Status(int, uint32_t, const std::vector<uint32_t>&, std::vector<bool>*)>&
        match);

}  // namespace refrain
