#pragma once
/// Which pages are compared: those that share anchors or a band.

#include <algorithm>
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

/// What a page may meet others by. A page may have one several times: it counts once.
struct MeetingKey {
  /// An anchor: counts once, and not where it is a phrase. If `next` is not 0, the two in a row besides:
  /// these count twice.
  static MeetingKey Anchor(uint64_t anchor, uint32_t page, uint32_t next) {
    return {.key = anchor & ~kIsBand, .page = page, .next = next};
  }
  /// A band of its signature: counts twice.
  static MeetingKey Band(uint64_t band, uint32_t page) {
    return {.key = band | kIsBand, .page = page, .next = 0};
  }
  /// Stands for the anchor that follows another one: its lower bits, since upper ones are much alike in
  /// anchors, which are the least of their windows. Of two that differ one in 2^32 looks like the other.
  static uint32_t Next(uint64_t anchor) { return std::max(static_cast<uint32_t>(anchor), uint32_t{1}); }
  bool is_band() const { return (key & kIsBand) != 0; }

  static constexpr uint64_t kIsBand = 1;
  uint64_t key = 0;
  uint32_t page = 0;
  uint32_t next = 0;
};

/// Who meets.
struct MeetingRules {
  RankOf rank_of;          ///< kNobody: meets nobody. Thread safe.
  size_t phrase = 16;      ///< an anchor of more pages is one
  uint32_t asked_for = 0;  ///< if not 0, pages of lower ranks meet the others, and no pages meet otherwise
  int threads = 1;
};

/// Adds to `pairs` each pair that meets, as often as what it meets by counts. Reads `keys`, which is
/// finished, to its end. Takes 40 bytes for each key of the largest bucket. `skipped`: raised by those that
/// over-long buckets left out.
absl::Status MeetInBuckets(const MeetingRules& rules, SpillSorter<MeetingKey>* keys,
                           SpillSorter<MatchedEdge>* pairs, uint64_t* skipped);

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
