#pragma once
/// Buckets: who meets whom. Items with an equal band key share a bucket; pairs of one bucket are candidates.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/hash.h"
#include "refrain/base/spill_array.h"
#include "refrain/base/spill_sort.h"

namespace refrain {

/// No item.
inline constexpr uint32_t kNobody = UINT32_MAX;

/// From the number that an item was added under to its rank: smaller ones come first in keep order. kNobody
/// leaves the item out.
using RankOf = std::function<uint32_t(uint32_t item)>;

/// One band key of one item.
struct KeyedItem {
  uint64_t key = 0;
  uint32_t item = 0;
};

/// Buckets of two items or more, in memory or on disk: 4 bytes for each member, and 16 for each but the first
/// of a bucket, however long it is. Read in rank order, as often as needed.
class Buckets {
 public:
  /// Reads `keyed`, which is finished, and brings together what meets. An item may carry a key once. Ranks
  /// are below `items`. Takes twice the memory of `spill`, and 4 bytes for each member of the largest bucket.
  static absl::StatusOr<std::unique_ptr<Buckets>> Build(SpillSorter<KeyedItem>* keyed, const RankOf& rank_of,
                                                        uint32_t items, const SpillOptions& spill);

  /// The next rank that has candidates among earlier ones, and those: ascending, each once. False at the end.
  ///
  /// In a bucket where more than kMostEarlier members come before the item, the first kMostFirst of them and
  /// the ones right before it are taken: a rule on ranks alone, so that neither threads nor memory change
  /// what is compared. `skipped`: how many of others there are.
  absl::StatusOr<bool> Next(uint32_t* rank, std::vector<uint32_t>* candidates, uint64_t* skipped);
  /// Next begins again at the first rank.
  void Rewind();

  static constexpr size_t kMostFirst = 192;
  static constexpr size_t kMostEarlier = 256;

  /// Bytes of temporary disk.
  uint64_t disk() const { return members_.disk() + places_.disk(); }

 private:
  // That an item is in a bucket, and not its first.
  struct Place {
    uint64_t key = 0;    // its rank, then its place in the bucket
    uint64_t begin = 0;  // of the bucket in members_
  };
  Buckets(uint32_t items, const SpillOptions& spill);
  absl::Status AddBucket(std::vector<uint32_t>* ranks);
  absl::Status AddCandidates(const Place& place, std::vector<uint32_t>* candidates, uint64_t* skipped) const;
  absl::StatusOr<const Place*> Peek();

  SpillArray<uint32_t> members_;  // ranks, ascending in each bucket
  SpillSorter<Place> places_;
  std::span<const Place> block_;  // what Next has not used
};

/// Something that stands for all of an item, half of it to sort by.
struct ExactItem {
  uint64_t key = 0;
  uint64_t low = 0;
  uint32_t item = 0;
};

/// For each rank below `items` the first rank of those that are equal to it: often itself. Reads `exact` to
/// its end; what is not in it equals nothing. Takes 12 bytes for each of `items` while it works, 4 of which
/// it returns.
absl::StatusOr<std::vector<uint32_t>> FirstOfEquals(SpillSorter<ExactItem>* exact, const RankOf& rank_of,
                                                    uint32_t items);

}  // namespace refrain
