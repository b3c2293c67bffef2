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

enum class Fate : uint8_t { kOpen, kKept, kDropped };

// An item of the window whose fate is open. Places are those in the list of them.
struct OpenItem {
  uint32_t item = 0;
  Fate fate = Fate::kOpen;
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
  explicit Window(std::vector<uint32_t>* witness) : witness_(*witness) {}

  // Empties the window.
  void Begin(uint32_t first_item) {
    first_item_ = first_item;
    open_.clear();
    candidates_.clear();
    place_of_.clear();
  }
  // Takes an item behind the one before; those in between are kept. `candidates` are earlier items,
  // ascending.
  void Add(uint32_t item, const std::vector<uint32_t>& candidates) {
    place_of_.resize(item - first_item_, kNobody);
    place_of_.push_back(static_cast<uint32_t>(open_.size()));
    open_.push_back({.item = item, .next = candidates_.size()});
    candidates_.insert(candidates_.end(), candidates.begin(), candidates.end());
    open_.back().end = candidates_.size();
  }
  bool HasRoomFor(uint32_t item) const {
    return item - first_item_ < kWindow && candidates_.size() < kWindowCandidates;
  }

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
    while (one.next < one.end && FateOf(candidates_[one.next]) == Fate::kDropped) ++one.next;
    if (one.next == one.end) return Settle(place, Fate::kKept);
    const uint32_t candidate = candidates_[one.next];
    if (FateOf(candidate) == Fate::kKept) {
      wanted_.emplace_back(candidate, place);
      return;
    }
    OpenItem& other = open_[place_of_[candidate - first_item_]];
    one.also_waiting = std::exchange(other.first_waiting, place);
  }

  // Items in front of the window are settled: the witness says all.
  Fate FateOf(uint32_t item) const {
    if (item < first_item_) return witness_[item] == kNoWitness ? Fate::kKept : Fate::kDropped;
    const uint32_t place = place_of_[item - first_item_];
    return place == kNobody ? Fate::kKept : open_[place].fate;
  }

  void Settle(uint32_t place, Fate fate) {
    OpenItem& one = open_[place];
    one.fate = fate;
    for (uint32_t waiting = one.first_waiting; waiting != kNobody; waiting = open_[waiting].also_waiting)
      awake_.push_back(waiting);
  }

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

absl::StatusOr<std::vector<uint32_t>> DecideFromMatches(uint32_t items, SpillSorter<MatchedEdge>* matches) {
  std::vector<uint32_t> witness(items, kNoWitness);
  while (true) {
    const absl::StatusOr<std::span<const MatchedEdge>> block = matches->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return witness;
    for (const MatchedEdge& edge : *block) {
      const MatchedPair match = edge.pair();
      if (witness[match.later] == kNoWitness && witness[match.earlier] == kNoWitness)
        witness[match.later] = match.earlier;
    }
  }
}

absl::StatusOr<std::vector<uint32_t>> DecideLazily(
    uint32_t items, int threads,
    const std::function<absl::StatusOr<bool>(uint32_t*, std::vector<uint32_t>*)>& next,
    const std::function<absl::Status(int, uint32_t, const std::vector<uint32_t>&, std::vector<bool>*)>&
        match) {
  std::vector<uint32_t> witness(items, kNoWitness);
  WorkerTeam team(threads);
  Window window(&witness);
  uint32_t item = 0;
  std::vector<uint32_t> candidates;
  absl::StatusOr<bool> more = next(&item, &candidates);
  while (more.ok() && *more) {
    for (window.Begin(item); more.ok() && *more && window.HasRoomFor(item); more = next(&item, &candidates))
      window.Add(item, candidates);
    if (!more.ok()) break;
    if (absl::Status status = window.Decide(match, &team); !status.ok()) return status;
  }
  if (!more.ok()) return more.status();
  return witness;
}

}  // namespace refrain
