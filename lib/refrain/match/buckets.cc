#include "refrain/match/buckets.h"

#include <algorithm>
#include <cstddef>

#include "refrain/base/radix_sort.h"

namespace refrain {

Buckets Buckets::Build(std::vector<KeyedItem> keyed, uint32_t items) {
  RadixSort(std::span(keyed), [](const KeyedItem& one) { return one.key; });
  Buckets buckets;
  buckets.item_starts_.assign(items + 1, 0);
  buckets.starts_.push_back(0);
  for (size_t begin = 0, end; begin < keyed.size(); begin = end) {
    end = begin + 1;
    while (end < keyed.size() && keyed[end].key == keyed[begin].key) ++end;
    if (end - begin < 2) continue;
    std::sort(keyed.begin() + static_cast<std::ptrdiff_t>(begin),
              keyed.begin() + static_cast<std::ptrdiff_t>(end),
              [](const KeyedItem& one, const KeyedItem& other) { return one.item < other.item; });
    for (size_t i = begin; i < end; ++i) {
      buckets.members_.push_back(keyed[i].item);
      ++buckets.item_starts_[keyed[i].item + 1];
    }
    buckets.starts_.push_back(buckets.members_.size());
  }
  for (uint32_t item = 0; item < items; ++item) buckets.item_starts_[item + 1] += buckets.item_starts_[item];
  buckets.item_buckets_.resize(buckets.members_.size());
  std::vector<uint64_t> next(buckets.item_starts_.begin(), buckets.item_starts_.end() - 1);
  for (uint32_t bucket = 0; bucket < buckets.size(); ++bucket) {
    for (const uint32_t item : buckets.members(bucket)) buckets.item_buckets_[next[item]++] = bucket;
  }
  return buckets;
}

void Buckets::EarlierCandidates(uint32_t item, std::vector<uint32_t>* candidates, uint64_t* skipped) const {
  candidates->clear();
  for (const uint32_t bucket : buckets_of(item)) {
    const std::span<const uint32_t> all = members(bucket);
    const size_t earlier = static_cast<size_t>(std::lower_bound(all.begin(), all.end(), item) - all.begin());
    if (earlier <= kMostEarlier) {
      candidates->insert(candidates->end(), all.begin(), all.begin() + earlier);
      continue;
    }
    const size_t right_before = kMostEarlier - kMostFirst;
    candidates->insert(candidates->end(), all.begin(), all.begin() + kMostFirst);
    candidates->insert(candidates->end(), all.begin() + (earlier - right_before), all.begin() + earlier);
    *skipped += earlier - kMostEarlier;
  }
  std::sort(candidates->begin(), candidates->end());
  candidates->erase(std::unique(candidates->begin(), candidates->end()), candidates->end());
}

}  // namespace refrain
