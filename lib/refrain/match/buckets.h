#pragma once
/// Buckets: who meets whom. Items with an equal band key share a bucket; pairs of one bucket are candidates.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace refrain {

/// One band key of one item. Items are ranks: smaller ones come first in keep order.
struct KeyedItem {
  uint64_t key = 0;
  uint32_t item = 0;
};

/// Buckets of two items or more, and for each item the buckets it is in. Immutable after Build, thread safe.
class Buckets {
 public:
  /// Sorts `keyed` (its order on entry does not matter) and keeps what meets. An item may carry a key once.
  static Buckets Build(std::vector<KeyedItem> keyed, uint32_t items);

  size_t size() const { return starts_.empty() ? 0 : starts_.size() - 1; }
  /// Members of a bucket in rank order.
  std::span<const uint32_t> members(uint32_t bucket) const {
    return std::span(members_).subspan(starts_[bucket], starts_[bucket + 1] - starts_[bucket]);
  }
  /// The buckets of an item.
  std::span<const uint32_t> buckets_of(uint32_t item) const {
    return std::span(item_buckets_).subspan(item_starts_[item], item_starts_[item + 1] - item_starts_[item]);
  }
  bool meets_any(uint32_t item) const { return item_starts_[item] != item_starts_[item + 1]; }

  /// The candidates of `item` among earlier items, ascending, each once. In a bucket where more than
  /// kMostEarlier members come before `item`, the first kMostFirst of them and the ones right before it are
  /// taken: a rule on ranks alone, so that neither threads nor memory change what is compared. `skipped`
  /// counts the others.
  void EarlierCandidates(uint32_t item, std::vector<uint32_t>* candidates, uint64_t* skipped) const;

  static constexpr size_t kMostFirst = 192;
  static constexpr size_t kMostEarlier = 256;

 private:
  std::vector<uint64_t> starts_;  // bucket -> first member
  std::vector<uint32_t> members_;
  std::vector<uint64_t> item_starts_;  // item -> first of its buckets
  std::vector<uint32_t> item_buckets_;
};

}  // namespace refrain
