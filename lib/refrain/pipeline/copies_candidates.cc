// Which pages are compared, and in which order: those that share anchors or bands, and equal ones.

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <utility>

#include "refrain/pipeline/collect_texts.h"
#include "refrain/pipeline/copies_run_internal.h"
#include "refrain/pipeline/copy_candidates.h"

namespace refrain {
namespace {

// Meetings of equal pages: more than any two others have.
constexpr uint32_t kOfEquals = UINT32_MAX;

}  // namespace

// With --of, pages of the one side are compared with those of the other.
bool CopiesRun::MayMeet(uint32_t earlier, uint32_t later) const {
  return of_ == nullptr || Ranked(earlier).against != Ranked(later).against;
}

// Pages of --of come first.
uint32_t CopiesRun::AskedFor() const {
  uint32_t count = 0;
  while (of_ != nullptr && count < pages_.by_rank.size() && Ranked(count).against) ++count;
  return count;
}

absl::Status CopiesRun::FindPairs() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  const int key_bits = 32 + std::bit_width(size);
  if (absl::Status status = keys_->Finish(); !status.ok()) return status;
  pairs_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), key_bits);
  // Only the first of equal pages is compared.
  std::vector<uint32_t> meets(size, kNobody);
  for (uint32_t rank = 0; rank < size; ++rank) {
    if (pages_.first_equal[rank] == rank) meets[pages_.by_rank[rank]] = rank;
  }
  absl::Status status = MeetInBuckets({.rank_of = [&meets](uint32_t page) { return meets[page]; },
                                       .phrase = plan_.phrase,
                                       .asked_for = AskedFor(),
                                       .threads = options_.corpus.threads},
                                      keys_.get(), pairs_.get(), &summary_.skipped);
  if (!status.ok()) return status;
  std::vector<uint32_t>().swap(meets);
  NoteDisk();
  keys_.reset();
  if (status = pairs_->Finish(); !status.ok()) return status;

  chosen_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), key_bits);
  pair_order_ = std::make_unique<PairOrder>(size);
  wanted_.assign(size, false);
  status = Expands() ? ChooseWithEquals() : ChooseFirsts();
  if (status.ok()) status = chosen_->Finish();
  if (!status.ok()) return status;
  NoteDisk();
  pairs_.reset();
  pair_order_->Finish([this](uint32_t rank) { return Ranked(rank).source_rank; });
  candidates_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), key_bits);
  while (true) {
    const absl::StatusOr<std::span<const MatchedEdge>> block = chosen_->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) break;
    for (const MatchedEdge& edge : *block) {
      if (status = candidates_->Add(pair_order_->EdgeOf(edge.pair())); !status.ok()) return status;
    }
  }
  NoteDisk();
  chosen_.reset();
  return candidates_->Finish();
}

// A pair that is to be compared: once, and nothing of it is said twice.
absl::Status CopiesRun::Choose(const MatchedPair& pair, uint32_t meetings) {
  if (!MayMeet(pair.earlier, pair.later)) return absl::OkStatus();
  for (const uint32_t rank : {pair.earlier, pair.later}) {
    const uint32_t page = pages_.by_rank[rank];
    wanted_[page] = !ReadsInPlace(Entry(page), plain_files_[Entry(page).file]);
  }
  pair_order_->Add(pair, meetings);
  return chosen_->Add(MatchedEdge(pair));
}

// Candidates, and each of equal pages with the first of them.
absl::Status CopiesRun::ChooseFirsts() {
  CandidatePairs candidates(pairs_.get(), LeastShared());
  MatchedPair pair;
  uint32_t meetings = 0;
  while (true) {
    const absl::StatusOr<bool> more = candidates.Next(&pair, &meetings);
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (absl::Status status = Choose(pair, meetings); !status.ok()) return status;
  }
  for (uint32_t rank = 0; rank < pages_.first_equal.size(); ++rank) {
    if (pages_.first_equal[rank] == rank) continue;
    absl::Status status = Choose({.earlier = pages_.first_equal[rank], .later = rank}, kOfEquals);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Candidates among first ones stand for all pairs of their equals, and these for each other.
absl::Status CopiesRun::ChooseWithEquals() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  std::vector<uint32_t> begins(size + 1), equals(size);
  for (uint32_t rank = 0; rank < size; ++rank) ++begins[pages_.first_equal[rank]];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  for (uint32_t rank = size; rank-- > 0;) equals[--begins[pages_.first_equal[rank]]] = rank;
  const auto equals_of = [&](uint32_t first) {
    return std::span(equals).subspan(begins[first], begins[first + 1] - begins[first]);
  };
  for (uint32_t first = 0; first < size; ++first) {
    const std::span<const uint32_t> all = equals_of(first);
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t j = i + 1; j < all.size(); ++j) {
        absl::Status status = Choose({.earlier = all[i], .later = all[j]}, kOfEquals);
        if (!status.ok()) return status;
      }
    }
  }
  CandidatePairs candidates(pairs_.get(), LeastShared());
  MatchedPair pair;
  uint32_t meetings = 0;
  while (true) {
    const absl::StatusOr<bool> more = candidates.Next(&pair, &meetings);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    for (const uint32_t one : equals_of(pair.earlier)) {
      for (const uint32_t other : equals_of(pair.later)) {
        absl::Status status =
            Choose({.earlier = std::min(one, other), .later = std::max(one, other)}, meetings);
        if (!status.ok()) return status;
      }
    }
  }
}

// Texts of pages that are compared and cannot be read in place.
absl::Status CopiesRun::StoreTexts() {
  store_ = std::make_unique<TextStore>(options_.corpus.tmpdir, 0);
  const std::vector<bool> wanted = std::move(wanted_);
  absl::Status status = CollectTexts(*corpus_, 0, *table_, wanted, hooks_, store_.get());
  if (!status.ok() || of_ == nullptr) return status;
  return CollectTexts(*of_, static_cast<uint32_t>(corpus_->files().size()), *table_, wanted, hooks_,
                      store_.get());
}

}  // namespace refrain
