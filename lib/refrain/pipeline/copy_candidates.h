#pragma once
/// Which pages are compared: those that share anchors or a band.

#include <cstdint>
#include <span>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/spill_sort.h"
#include "refrain/match/buckets.h"
#include "refrain/match/decide.h"

namespace refrain {

/// In a bucket where more than kMostMet pages come before one, it meets the first kFirstMet of them and the
/// ones right before it: a rule on ranks alone, so that neither threads nor memory change what is compared.
/// Nothing is left out of the index: who shows a text that ten thousand pages show meets where it was first.
inline constexpr size_t kMostMet = 64;
inline constexpr size_t kFirstMet = 16;
inline constexpr size_t kLastMet = 8;

/// What a key of a page stands for, in its lowest bit.
enum class MeetBy : uint8_t {
  kAnchor = 0,  ///< an anchor: counts once, and not where it is a phrase
  kStrong = 1,  ///< two anchors in a row, or a band: counts twice
};
constexpr uint64_t MeetKey(uint64_t hash, MeetBy by) {
  return (hash & ~uint64_t{1}) | static_cast<uint64_t>(by);
}

/// Adds to `pairs` each pair that meets, as often as what it meets by counts. Reads `keys`, which is
/// finished, to its end. Takes 4 bytes for each member of the largest bucket. `phrase`: an anchor of more
/// pages is one. `asked_for`: if that is not 0, pages of lower ranks meet the others, and no pages meet
/// otherwise. `skipped`: raised by those that over-long buckets left out.
absl::Status MeetInBuckets(SpillSorter<KeyedItem>* keys, const RankOf& rank_of, size_t phrase,
                           uint32_t asked_for, SpillSorter<MatchedEdge>* pairs, uint64_t* skipped);

/// Pairs by their later page, each once, of those that are in `pairs` at least `least` times.
class CandidatePairs {
 public:
  /// `pairs` is finished.
  CandidatePairs(SpillSorter<MatchedEdge>* pairs, uint32_t least) : pairs_(*pairs), least_(least) {}
  /// False at the end. `meetings`: as often as the pair is there.
  absl::StatusOr<bool> Next(MatchedPair* pair, uint32_t* meetings);
  /// Next begins again.
  void Rewind();

 private:
  absl::StatusOr<const MatchedEdge*> Peek();
  SpillSorter<MatchedEdge>& pairs_;
  const uint32_t least_;
  std::span<const MatchedEdge> block_;
};

}  // namespace refrain
