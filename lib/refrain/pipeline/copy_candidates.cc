#include "refrain/pipeline/copy_candidates.h"

#include <algorithm>
#include <span>
#include <vector>

namespace refrain {
namespace {

struct MeetRules {
  size_t phrase = 0;
  uint32_t asked_for = 0;
};

absl::Status MeetInBucket(std::vector<uint32_t>* ranks, uint64_t key, const MeetRules& rules,
                          SpillSorter<MatchedEdge>* pairs, uint64_t* skipped) {
  const bool strong = key % 2 == static_cast<uint64_t>(MeetBy::kStrong);
  std::sort(ranks->begin(), ranks->end());
  ranks->erase(std::unique(ranks->begin(), ranks->end()), ranks->end());
  if (!strong && ranks->size() > rules.phrase) return absl::OkStatus();
  const size_t asked =
      static_cast<size_t>(std::lower_bound(ranks->begin(), ranks->end(), rules.asked_for) - ranks->begin());
  for (size_t later = std::max<size_t>(1, asked); later < ranks->size(); ++later) {
    const size_t before = rules.asked_for > 0 ? asked : later;
    const bool all = before <= kMostMet;
    if (!all) *skipped += before - kFirstMet - kLastMet;
    for (size_t earlier = 0; earlier < before; ++earlier) {
      if (!all && earlier == kFirstMet) earlier = before - kLastMet;
      for (int i = 0; i < (strong ? 2 : 1); ++i) {
        absl::Status status =
            pairs->Add(MatchedEdge({.earlier = (*ranks)[earlier], .later = (*ranks)[later]}));
        if (!status.ok()) return status;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MeetInBuckets(SpillSorter<KeyedItem>* keys, const RankOf& rank_of, size_t phrase,
                           uint32_t asked_for, SpillSorter<MatchedEdge>* pairs, uint64_t* skipped) {
  const MeetRules rules{phrase, asked_for};
  std::vector<uint32_t> ranks;
  uint64_t key = 0;
  while (true) {
    const absl::StatusOr<std::span<const KeyedItem>> block = keys->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return MeetInBucket(&ranks, key, rules, pairs, skipped);
    for (const KeyedItem& item : *block) {
      if (item.key != key) {
        if (absl::Status status = MeetInBucket(&ranks, key, rules, pairs, skipped); !status.ok())
          return status;
        ranks.clear();
        key = item.key;
      }
      if (const uint32_t rank = rank_of(item.item); rank != kNobody) ranks.push_back(rank);
    }
  }
}

absl::StatusOr<const MatchedEdge*> CandidatePairs::Peek() {
  if (block_.empty()) {
    const absl::StatusOr<std::span<const MatchedEdge>> next = pairs_.Next();
    if (!next.ok()) return next.status();
    block_ = *next;
  }
  return block_.empty() ? nullptr : &block_.front();
}

absl::StatusOr<bool> CandidatePairs::Next(MatchedPair* pair, uint32_t* meetings) {
  while (true) {
    absl::StatusOr<const MatchedEdge*> edge = Peek();
    if (!edge.ok()) return edge.status();
    if (*edge == nullptr) return false;
    const uint64_t key = (*edge)->key;
    *pair = (*edge)->pair();
    *meetings = 0;
    while (*edge != nullptr && (*edge)->key == key) {
      size_t same = 1;
      while (same < block_.size() && block_[same].key == key) ++same;
      *meetings += static_cast<uint32_t>(same);
      block_ = block_.subspan(same);
      edge = Peek();
      if (!edge.ok()) return edge.status();
    }
    if (*meetings >= least_) return true;
  }
}

void CandidatePairs::Rewind() {
  pairs_.Rewind();
  block_ = {};
}

}  // namespace refrain
