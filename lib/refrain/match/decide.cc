#include "refrain/match/decide.h"

#include <algorithm>
#include <utility>

#include "refrain/base/ordered.h"

namespace refrain {
namespace {

// Items are decided in windows of this many, so that candidate lists are held for few at a time.
constexpr uint32_t kWindow = 1 << 16;

// Items compared with one kept item in one call: enough to use what was prepared for it, few enough to share
// out.
constexpr size_t kMostAtOnce = 256;

enum class Fate : uint8_t { kOpen, kKept, kDropped };

struct OpenItem {
  uint32_t item = 0;
  std::vector<uint32_t> candidates;  // earlier items, ascending
  size_t next = 0;                   // candidates before it are settled: dropped, or kept without a match
};

struct Comparison {
  uint32_t kept = 0;
  std::vector<uint32_t> items;
  std::vector<uint32_t> open;  // their places in the list of open items
  std::vector<bool> hits;
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
  for (uint32_t window = 0; window < items; window += std::min(kWindow, items - window)) {
    const uint32_t window_end = window + std::min(kWindow, items - window);
    std::vector<OpenItem> open;
    for (uint32_t item = window; item < window_end; ++item) {
      if (always_kept(item) || !buckets.meets_any(item)) continue;
      OpenItem next{.item = item};
      buckets.EarlierCandidates(item, &next.candidates, skipped);
      if (next.candidates.empty()) continue;
      fates[item] = Fate::kOpen;
      open.push_back(std::move(next));
    }
    // Each round settles at least the first open item. An item waits for an open candidate: whether that one
    // stays decides whether it is compared at all.
    while (!open.empty()) {
      std::vector<std::pair<uint32_t, uint32_t>> wanted;  // (kept item, place in open)
      for (uint32_t place = 0; place < open.size(); ++place) {
        OpenItem& one = open[place];
        while (one.next < one.candidates.size() && fates[one.candidates[one.next]] == Fate::kDropped)
          ++one.next;
        if (one.next == one.candidates.size()) {
          fates[one.item] = Fate::kKept;
        } else if (fates[one.candidates[one.next]] == Fate::kKept) {
          wanted.emplace_back(one.candidates[one.next], place);
        }
      }
      std::sort(wanted.begin(), wanted.end());
      std::vector<Comparison> comparisons;
      for (const auto& [kept, place] : wanted) {
        if (comparisons.empty() || comparisons.back().kept != kept ||
            comparisons.back().items.size() == kMostAtOnce) {
          comparisons.push_back({.kept = kept});
        }
        comparisons.back().items.push_back(open[place].item);
        comparisons.back().open.push_back(place);
      }
      absl::Status status = ForEachParallel(threads, comparisons.size(), [&](int worker, uint64_t i) {
        Comparison& comparison = comparisons[i];
        comparison.hits.assign(comparison.items.size(), false);
        return match(worker, comparison.kept, comparison.items, &comparison.hits);
      });
      if (!status.ok()) return status;
      for (const Comparison& comparison : comparisons) {
        for (size_t i = 0; i < comparison.items.size(); ++i) {
          OpenItem& one = open[comparison.open[i]];
          ++one.next;
          if (!comparison.hits[i]) continue;
          fates[one.item] = Fate::kDropped;
          witness[one.item] = comparison.kept;
        }
      }
      std::erase_if(open, [&](const OpenItem& one) { return fates[one.item] != Fate::kOpen; });
    }
  }
  return witness;
}

}  // namespace refrain
