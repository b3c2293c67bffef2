#include "refrain/pipeline/copy_candidates.h"

#include <algorithm>
#include <compare>
#include <mutex>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "refrain/base/ordered.h"

namespace refrain {
namespace {

// What all threads add to. In which order pairs come makes no difference: equal ones cannot be told apart,
// and others are sorted.
struct Sink {
  SpillSorter<MatchedEdge>& pairs;
  uint64_t& skipped;
  std::mutex mutex;  // guards both
};

// Brings together those that share a key. One for each thread.
class Meetings {
 public:
  Meetings(const MeetingRules& rules, Sink* sink) : rules_(rules), sink_(*sink) {}

  // `keys`: whole buckets. Most keys are of one page alone: nothing is looked up for them.
  absl::Status MeetAll(std::span<const MeetingKey> keys) {
    for (size_t begin = 0, end; begin < keys.size(); begin = end) {
      for (end = begin + 1; end < keys.size() && keys[end].key == keys[begin].key;) ++end;
      if (end - begin < 2) continue;
      members_.clear();
      for (const MeetingKey& key : keys.subspan(begin, end - begin)) {
        if (const uint32_t rank = rules_.rank_of(key.page); rank != kNobody)
          members_.push_back({rank, key.next});
      }
      if (absl::Status status = Meet(keys[begin].is_band()); !status.ok()) return status;
    }
    return Flush();
  }

 private:
  static constexpr size_t kPairsAtOnce = 8192;

  struct Member {
    uint32_t rank = 0;
    uint32_t next = 0;
    friend auto operator<=>(const Member&, const Member&) = default;
  };

  // Of members_, a bucket.
  absl::Status Meet(bool band) {
    std::sort(members_.begin(), members_.end());
    ranks_.clear();
    for (const Member& member : members_) {
      if (ranks_.empty() || ranks_.back() != member.rank) ranks_.push_back(member.rank);
    }
    if (ranks_.size() < 2) return absl::OkStatus();
    if (band) return MeetEach(2);
    if (ranks_.size() <= rules_.phrase) {
      if (absl::Status status = MeetEach(1); !status.ok()) return status;
    }
    // Those with the same next anchor.
    std::erase_if(members_, [](const Member& member) { return member.next == 0; });
    std::sort(members_.begin(), members_.end(), [](const Member& a, const Member& b) {
      return std::tie(a.next, a.rank) < std::tie(b.next, b.rank);
    });
    for (size_t begin = 0, end; begin < members_.size(); begin = end) {
      ranks_.clear();
      const uint32_t next = members_[begin].next;
      for (end = begin; end < members_.size() && members_[end].next == next; ++end) {
        if (ranks_.empty() || ranks_.back() != members_[end].rank) ranks_.push_back(members_[end].rank);
      }
      if (absl::Status status = MeetEach(2); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // Of ranks_, ascending, different. Each pair meets so many times.
  absl::Status MeetEach(int times) {
    const size_t asked = static_cast<size_t>(
        std::lower_bound(ranks_.begin(), ranks_.end(), rules_.asked_for) - ranks_.begin());
    for (size_t later = std::max<size_t>(1, asked); later < ranks_.size(); ++later) {
      const size_t before = rules_.asked_for > 0 ? asked : later;
      const bool all = before <= kMostMet;
      if (!all) skipped_ += before - kFirstMet - kLastMet;
      for (size_t earlier = 0; earlier < before; ++earlier) {
        if (!all && earlier == kFirstMet) earlier = before - kLastMet;
        found_.insert(found_.end(), static_cast<size_t>(times),
                      MatchedEdge({.earlier = ranks_[earlier], .later = ranks_[later]}));
      }
      if (found_.size() < kPairsAtOnce) continue;
      if (absl::Status status = Flush(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status Flush() {
    std::lock_guard lock(sink_.mutex);
    for (const MatchedEdge& edge : found_) {
      if (absl::Status status = sink_.pairs.Add(edge); !status.ok()) return status;
    }
    sink_.skipped += std::exchange(skipped_, 0);
    found_.clear();
    return absl::OkStatus();
  }

  const MeetingRules& rules_;
  Sink& sink_;
  std::vector<Member> members_;
  std::vector<uint32_t> ranks_;
  std::vector<MatchedEdge> found_;
  uint64_t skipped_ = 0;
};

// Whole buckets, but for those of one key alone.
class BucketReader {
 public:
  explicit BucketReader(SpillSorter<MeetingKey>* keys) : keys_(*keys) {}

  // Replaces `buckets`; false at the end.
  absl::StatusOr<bool> Next(std::vector<MeetingKey>* buckets) {
    constexpr size_t kKeysAtOnce = 8192;
    buckets->clear();
    if (has_open_) buckets->push_back(open_);
    has_open_ = false;
    while (true) {
      if (block_.empty()) {
        const absl::StatusOr<std::span<const MeetingKey>> next = keys_.Next();
        if (!next.ok()) return next.status();
        block_ = *next;
        if (block_.empty()) return !buckets->empty();
      }
      while (!block_.empty()) {
        const MeetingKey key = block_.front();
        block_ = block_.subspan(1);
        const size_t size = buckets->size();
        const bool begins = size > 0 && buckets->back().key != key.key;
        if (begins && (size == 1 || (*buckets)[size - 2].key != buckets->back().key)) {
          buckets->back() = key;  // what stood there was alone
        } else if (begins && size >= kKeysAtOnce) {
          open_ = key;
          has_open_ = true;
          return true;
        } else {
          buckets->push_back(key);
        }
      }
    }
  }

 private:
  SpillSorter<MeetingKey>& keys_;
  std::span<const MeetingKey> block_;
  MeetingKey open_;  // the first of the next bucket
  bool has_open_ = false;
};

}  // namespace

absl::Status MeetInBuckets(const MeetingRules& rules, SpillSorter<MeetingKey>* keys,
                           SpillSorter<MatchedEdge>* pairs, uint64_t* skipped) {
  struct Nothing {};
  BucketReader reader(keys);
  Sink sink{.pairs = *pairs, .skipped = *skipped, .mutex = {}};
  std::vector<Meetings> meetings(static_cast<size_t>(std::max(1, rules.threads)), Meetings(rules, &sink));
  return RunOrdered<std::vector<MeetingKey>, Nothing>(
      rules.threads, [&](std::vector<MeetingKey>* buckets) { return reader.Next(buckets); },
      [&](int worker, std::vector<MeetingKey>& buckets, Nothing*) {
        return meetings[static_cast<size_t>(worker)].MeetAll(buckets);
      },
      [](Nothing&&) { return absl::OkStatus(); });
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
