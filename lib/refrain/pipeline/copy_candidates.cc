#include "refrain/pipeline/copy_candidates.h"

#include <algorithm>
#include <compare>
#include <span>
#include <tuple>
#include <vector>

namespace refrain {
namespace {

struct Member {
  uint32_t who = 0;  // a page while its bucket is read, a rank when they meet
  uint32_t next = 0;
  friend auto operator<=>(const Member&, const Member&) = default;
};

// Brings together those that share a key.
class Meetings {
 public:
  Meetings(size_t phrase, uint32_t asked_for, SpillSorter<MatchedEdge>* pairs, uint64_t* skipped)
      : phrase_(phrase), asked_for_(asked_for), pairs_(*pairs), skipped_(*skipped) {}

  // `members`: of a bucket, by rank.
  absl::Status Meet(bool band, std::vector<Member>* members) {
    std::sort(members->begin(), members->end());
    ranks_.clear();
    for (const Member& member : *members) {
      if (ranks_.empty() || ranks_.back() != member.who) ranks_.push_back(member.who);
    }
    if (ranks_.size() < 2) return absl::OkStatus();
    if (band) return MeetAll(ranks_, 2);
    if (ranks_.size() <= phrase_) {
      if (absl::Status status = MeetAll(ranks_, 1); !status.ok()) return status;
    }
    // Those with the same next anchor.
    std::erase_if(*members, [](const Member& member) { return member.next == 0; });
    std::sort(members->begin(), members->end(), [](const Member& a, const Member& b) {
      return std::tie(a.next, a.who) < std::tie(b.next, b.who);
    });
    for (size_t begin = 0, end; begin < members->size(); begin = end) {
      ranks_.clear();
      const uint32_t next = (*members)[begin].next;
      for (end = begin; end < members->size() && (*members)[end].next == next; ++end) {
        if (ranks_.empty() || ranks_.back() != (*members)[end].who) ranks_.push_back((*members)[end].who);
      }
      if (absl::Status status = MeetAll(ranks_, 2); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  // `ranks`: ascending, different. Each pair meets so many times.
  absl::Status MeetAll(const std::vector<uint32_t>& ranks, int times) {
    const size_t asked =
        static_cast<size_t>(std::lower_bound(ranks.begin(), ranks.end(), asked_for_) - ranks.begin());
    for (size_t later = std::max<size_t>(1, asked); later < ranks.size(); ++later) {
      const size_t before = asked_for_ > 0 ? asked : later;
      const bool all = before <= kMostMet;
      if (!all) skipped_ += before - kFirstMet - kLastMet;
      for (size_t earlier = 0; earlier < before; ++earlier) {
        if (!all && earlier == kFirstMet) earlier = before - kLastMet;
        const MatchedEdge edge({.earlier = ranks[earlier], .later = ranks[later]});
        for (int i = 0; i < times; ++i) {
          if (absl::Status status = pairs_.Add(edge); !status.ok()) return status;
        }
      }
    }
    return absl::OkStatus();
  }

  const size_t phrase_;
  const uint32_t asked_for_;
  SpillSorter<MatchedEdge>& pairs_;
  uint64_t& skipped_;
  std::vector<uint32_t> ranks_;
};

}  // namespace

// Most keys are of one page alone: nothing is looked up for them.
absl::Status MeetInBuckets(SpillSorter<MeetingKey>* keys, const RankOf& rank_of, size_t phrase,
                           uint32_t asked_for, SpillSorter<MatchedEdge>* pairs, uint64_t* skipped) {
  Meetings meetings(phrase, asked_for, pairs, skipped);
  std::vector<Member> members;
  uint64_t key = 0;
  const auto meet = [&]() -> absl::Status {
    if (members.size() < 2) return absl::OkStatus();
    size_t kept = 0;
    for (const Member& member : members) {
      if (const uint32_t rank = rank_of(member.who); rank != kNobody) members[kept++] = {rank, member.next};
    }
    members.resize(kept);
    return meetings.Meet(MeetingKey{.key = key}.is_band(), &members);
  };
  while (true) {
    const absl::StatusOr<std::span<const MeetingKey>> block = keys->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return meet();
    for (const MeetingKey& one : *block) {
      if (one.key != key) {
        if (absl::Status status = meet(); !status.ok()) return status;
        members.clear();
        key = one.key;
      }
      const Member member{one.page, one.next};
      // A page that says the same again and again.
      if (members.empty() || members.back() != member) members.push_back(member);
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
