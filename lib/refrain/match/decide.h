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
inline constexpr uint32_t kNoWitness = UINT32_MAX;

/// A verified match of two items, `later` behind `earlier` in keep order.
struct MatchedPair {
  uint32_t earlier = 0;
  uint32_t later = 0;
};

/// Decides from all verified matches, in any order. Returns for each of `items` its witness: the first kept
/// item in keep order that it matches, or kNoWitness if it is kept. One scan.
std::vector<uint32_t> DecideFromMatches(uint32_t items, std::vector<MatchedPair> matches);

/// Decides as DecideFromMatches would from all matches among the candidates of `buckets`, but verifies only
/// what the decision needs: an item is compared with kept items in keep order until one matches.
///
/// `match(worker, kept, items, &hits)`: which of `items` (ascending) match `kept`; sets hits[i]. Called from
/// `threads` threads. `always_kept(item)` names items that are kept whatever they match (an earlier run's
/// output). `skipped` counts candidates that over-long buckets left out.
absl::StatusOr<std::vector<uint32_t>> DecideLazily(
    const Buckets& buckets, uint32_t items, int threads,
    const std::function<absl::Status(int, uint32_t, const std::vector<uint32_t>&, std::vector<bool>*)>& match,
    const std::function<bool(uint32_t)>& always_kept, uint64_t* skipped);

}  // namespace refrain
