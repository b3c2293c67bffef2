#include "refrain/match/decide.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "refrain/base/ordered.h"

namespace refrain {
namespace {

// Items are decided in windows of at most this many items and about this many candidates, so that candidate
// lists are held for few at a time.
constexpr uint32_t kWindow = 1 << 16;
constexpr size_t kWindowCandidates = 1 << 22;

// Items compared with one kept item in one call: enough to use what was prepared for it, few enough to share
// out.
constexpr size_t kMostAtOnce = 256;

constexpr uint32_t kNobody = UINT32_MAX;

enum class Fate : uint8_t { kOpen, kKept, kDropped };

// An item of the window whose fate is open. Places are those in the list of them.
struct OpenItem {
  uint32_t item = 0;
  size_t next = 0;  // of its candidates: those before it are settled, dropped or kept without a match
  size_t end = 0;
  uint32_t first_waiting = kNobody;  // place of an item that waits for this one
  uint32_t also_waiting = kNobody;   // place of another one that waits for the same item
};

struct Comparison {
  uint32_t kept = 0;
  std::vector<uint32_t> items;
  std::vector<uint32_t> places;
  std::vector<bool> hits;
};

// Decides the items of one window after the other. An item is compared with kept candidates in keep order; at
// an open one it waits, and is woken when that one is settled. So each candidate is looked at about once,
// however long the chains are.
class Window {
 public:
  Window(std::vector<Fate>* fates, std::vector<uint32_t>* witness) : fates_(*fates), witness_(*witness) {}

  // Empties the window.
  void Begin(uint32_t first_item) {
    first_item_ = first_item;
    open_.clear();
    candidates_.clear();
    place_of_.clear();
  }
  // Takes the item behind the one before. `candidates` are earlier items, ascending; without any it is kept.
  void Add(uint32_t item, const std::vector<uint32_t>& candidates) {
    place_of_.push_back(candidates.empty() ? kNobody : static_cast<uint32_t>(open_.size()));
    if (candidates.empty()) return;
    fates_[item] = Fate::kOpen;
    open_.push_back({.item = item, .next = candidates_.size()});
    candidates_.insert(candidates_.end(), candidates.begin(), candidates.end());
    open_.back().end = candidates_.size();
  }
  bool full() const { return place_of_.size() >= kWindow || candidates_.size() >= kWindowCandidates; }

  template <typename Match>
  absl::Status Decide(const Match& match, WorkerTeam* team) {
    awake_.resize(open_.size());
    std::iota(awake_.begin(), awake_.end(), 0u);
    while (!awake_.empty()) {
      wanted_.clear();
      while (!awake_.empty()) {
        const uint32_t place = awake_.back();
        awake_.pop_back();
        Advance(place);
      }
      std::sort(wanted_.begin(), wanted_.end());
      comparisons_.clear();
      for (const auto& [kept, place] : wanted_) {
        if (comparisons_.empty() || comparisons_.back().kept != kept ||
            comparisons_.back().items.size() == kMostAtOnce) {
          comparisons_.emplace_back().kept = kept;
        }
        comparisons_.back().items.push_back(open_[place].item);
        comparisons_.back().places.push_back(place);
      }
      absl::Status status = team->ForEach(comparisons_.size(), [&](int worker, uint64_t i) {
        Comparison& comparison = comparisons_[i];
        comparison.hits.assign(comparison.items.size(), false);
        return match(worker, comparison.kept, comparison.items, &comparison.hits);
      });
      if (!status.ok()) return status;
      for (const Comparison& comparison : comparisons_) {
        for (size_t i = 0; i < comparison.items.size(); ++i) {
          const uint32_t place = comparison.places[i];
          ++open_[place].next;
          if (comparison.hits[i]) {
            witness_[comparison.items[i]] = comparison.kept;
            Settle(place, Fate::kDropped);
          } else {
            awake_.push_back(place);
          }
        }
      }
    }
    return absl::OkStatus();
  }

 private:
  // Goes on until the item is settled, has to be compared, or has to wait.
  void Advance(uint32_t place) {
    OpenItem& one = open_[place];
    while (one.next < one.end && fates_[candidates_[one.next]] == Fate::kDropped) ++one.next;
    if (one.next == one.end) return Settle(place, Fate::kKept);
    const uint32_t candidate = candidates_[one.next];
    if (fates_[candidate] == Fate::kKept) {
      wanted_.emplace_back(candidate, place);
      return;
    }
    OpenItem& other = open_[place_of_[candidate - first_item_]];
    one.also_waiting = std::exchange(other.first_waiting, place);
  }

  void Settle(uint32_t place, Fate fate) {
    OpenItem& one = open_[place];
    fates_[one.item] = fate;
    for (uint32_t waiting = one.first_waiting; waiting != kNobody; waiting = open_[waiting].also_waiting)
      awake_.push_back(waiting);
  }

  std::vector<Fate>& fates_;
  std::vector<uint32_t>& witness_;
  uint32_t first_item_ = 0;
  std::vector<OpenItem> open_;
  std::vector<uint32_t> candidates_;                   // of all open items, one behind the other
  std::vector<uint32_t> place_of_;                     // item - first_item_ -> place
  std::vector<uint32_t> awake_;                        // places
  std::vector<std::pair<uint32_t, uint32_t>> wanted_;  // (kept item, place)
  std::vector<Comparison> comparisons_;
};

}  // namespace

std::vector<uint32_t> DecideFromMatches(uint32_t items, std::vector<MatchedPair> matches) {
  std::sort(matches.begin(), matches.end(), [](const MatchedPair& one, const MatchedPair& other) {
    return std::pair(one.later, one.earlier) < std::pair(other.later, other.earlier);
  });
  std::vector<uint32_t> witness(items, kNoWitness);
  for (const MatchedPair& match : matches) {
    if (witness[match.later] == kNoWitness && witness[match.earlier] == kNoWitness)
      witness[match.later] = match.earlier;
  }
  return witness;
}

absl::StatusOr<std::vector<uint32_t>> DecideLazily(
    const Buckets& buckets, uint32_t items, int threads,
    const std::function<absl::Status(int, uint32_t, const std::vector<uint32_t>&, std::vector<bool>*)>& match,
    const std::function<bool(uint32_t)>& always_kept, uint64_t* skipped) {
  std::vector<uint32_t> witness(items, kNoWitness);
  std::vector<Fate> fates(items, Fate::kKept);
  WorkerTeam team(threads);
  Window window(&fates, &witness);
  std::vector<uint32_t> candidates;
  for (uint32_t item = 0; item < items;) {
    window.Begin(item);
    for (; item < items && !window.full(); ++item) {
      candidates.clear();
      if (!always_kept(item) && buckets.meets_any(item))
        buckets.EarlierCandidates(item, &candidates, skipped);
      window.Add(item, candidates);
    }
    if (absl::Status status = window.Decide(match, &team); !status.ok()) return status;
  }
  return witness;
}

}  // namespace refrain
