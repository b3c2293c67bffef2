#include "refrain/match/buckets.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <numeric>
#include <utility>

namespace refrain {

Buckets::Buckets(uint32_t items, const SpillOptions& spill)
    : members_(spill.tmpdir, spill.memory), places_(spill, 32 + std::bit_width(items)) {}

absl::StatusOr<std::unique_ptr<Buckets>> Buckets::Build(SpillSorter<KeyedItem>* keyed, const RankOf& rank_of,
                                                        uint32_t items, const SpillOptions& spill) {
  std::unique_ptr<Buckets> buckets(new Buckets(items, spill));
  std::vector<uint32_t> ranks;  // of the bucket that is read
  uint64_t key = 0;
  while (true) {
    const absl::StatusOr<std::span<const KeyedItem>> block = keyed->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const KeyedItem& one : *block) {
      const uint32_t rank = rank_of(one.item);
      if (rank == kNobody) continue;
      if (one.key != key) {
        if (absl::Status status = buckets->AddBucket(&ranks); !status.ok()) return status;
        key = one.key;
      }
      ranks.push_back(rank);
    }
  }
  if (absl::Status status = buckets->AddBucket(&ranks); !status.ok()) return status;
  if (absl::Status status = buckets->places_.Finish(); !status.ok()) return status;
  return buckets;
}

// Empties `ranks`.
absl::Status Buckets::AddBucket(std::vector<uint32_t>* ranks) {
  std::sort(ranks->begin(), ranks->end());
  const uint64_t begin = members_.size();
  for (size_t i = 0; ranks->size() > 1 && i < ranks->size(); ++i) {
    const uint64_t rank = (*ranks)[i];
    if (absl::Status status = members_.Add((*ranks)[i]); !status.ok()) return status;
    if (i == 0) continue;
    if (absl::Status status = places_.Add({.key = rank << 32 | i, .begin = begin}); !status.ok())
      return status;
  }
  ranks->clear();
  return absl::OkStatus();
}

absl::StatusOr<const Buckets::Place*> Buckets::Peek() {
  if (block_.empty()) {
    const absl::StatusOr<std::span<const Place>> block = places_.Next();
    if (!block.ok()) return block.status();
    block_ = *block;
  }
  return block_.empty() ? nullptr : &block_.front();
}

absl::StatusOr<bool> Buckets::Next(uint32_t* rank, std::vector<uint32_t>* candidates, uint64_t* skipped) {
  candidates->clear();
  *skipped = 0;
  *rank = kNobody;
  while (true) {
    const absl::StatusOr<const Place*> place = Peek();
    if (!place.ok()) return place.status();
    const uint32_t next = *place == nullptr ? kNobody : static_cast<uint32_t>((*place)->key >> 32);
    if (next != *rank && *rank != kNobody) break;
    if (next == kNobody) return false;
    *rank = next;
    if (absl::Status status = AddCandidates(**place, candidates, skipped); !status.ok()) return status;
    block_ = block_.subspan(1);
  }
  std::sort(candidates->begin(), candidates->end());
  candidates->erase(std::unique(candidates->begin(), candidates->end()), candidates->end());
  return true;
}

absl::Status Buckets::AddCandidates(const Place& place, std::vector<uint32_t>* candidates,
                                    uint64_t* skipped) const {
  const auto add = [&](uint64_t begin, size_t count) {
    candidates->resize(candidates->size() + count);
    return members_.Read(begin, count, candidates->data() + candidates->size() - count);
  };
  const size_t earlier = static_cast<uint32_t>(place.key);
  if (earlier <= kMostEarlier) return add(place.begin, earlier);
  constexpr size_t kRightBefore = kMostEarlier - kMostFirst;
  *skipped += earlier - kMostEarlier;
  if (absl::Status status = add(place.begin, kMostFirst); !status.ok()) return status;
  return add(place.begin + earlier - kRightBefore, kRightBefore);
}

void Buckets::Rewind() {
  block_ = {};
  places_.Rewind();
}

absl::StatusOr<std::vector<uint32_t>> FirstOfEquals(SpillSorter<ExactItem>* exact, const RankOf& rank_of,
                                                    uint32_t items) {
  std::vector<uint32_t> leader(items);  // by rank: of its equals the one that was read first
  std::iota(leader.begin(), leader.end(), 0u);
  std::vector<std::pair<uint64_t, uint32_t>> leaders;  // with this key, by lower half: nearly always one
  uint64_t key = 0;
  while (true) {
    const absl::StatusOr<std::span<const ExactItem>> block = exact->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const ExactItem& one : *block) {
      const uint32_t rank = rank_of(one.item);
      if (rank == kNobody) continue;
      if (one.key != key) leaders.clear();
      key = one.key;
      const auto found =
          std::find_if(leaders.begin(), leaders.end(), [&](const auto& it) { return it.first == one.low; });
      if (found == leaders.end()) {
        leaders.emplace_back(one.low, rank);
      } else {
        leader[rank] = found->second;
      }
    }
  }
  std::vector<uint32_t> first_led_by(items, kNobody), first(items);
  for (uint32_t rank = 0; rank < items; ++rank) {
    uint32_t& first_of_all = first_led_by[leader[rank]];
    if (first_of_all == kNobody) first_of_all = rank;
    first[rank] = first_of_all;
  }
  return first;
}

}  // namespace refrain
