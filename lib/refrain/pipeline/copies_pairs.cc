// Which pages share what: candidates by anchors and bands, compared word for word.

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <utility>

#include "refrain/base/ordered.h"
#include "refrain/base/utf8.h"
#include "refrain/pipeline/collect_texts.h"
#include "refrain/pipeline/copies_run_internal.h"
#include "refrain/pipeline/copy_candidates.h"

namespace refrain {
namespace {

constexpr size_t kPairsAtOnce = 128;

// How many code points stand in front of some bytes of a text: counted once, in one go.
class CodePoints {
 public:
  /// `offsets`: those that are asked for, at edges of code points.
  CodePoints(std::string_view text, std::vector<uint32_t> offsets) : offsets_(std::move(offsets)) {
    std::sort(offsets_.begin(), offsets_.end());
    uint64_t count = 0;
    size_t at = 0;
    for (const uint32_t offset : offsets_) {
      count += CountCodePoints(text.substr(at, offset - at));
      at = offset;
      before_.push_back(count);
    }
  }
  uint64_t Before(uint32_t offset) const {
    const auto at = std::lower_bound(offsets_.begin(), offsets_.end(), offset);
    return before_[static_cast<size_t>(at - offsets_.begin())];
  }

 private:
  std::vector<uint32_t> offsets_;
  std::vector<uint64_t> before_;
};

}  // namespace

// With --of, pages of the one side are compared with those of the other.
bool CopiesRun::MayMeet(uint32_t earlier, uint32_t later) const {
  return of_ == nullptr || Ranked(earlier).against != Ranked(later).against;
}

// Each page of equal tokens meets the first of them, as often as candidates must.
absl::Status CopiesRun::AddEqualPages(SpillSorter<MatchedEdge>* pairs, uint32_t times) const {
  for (uint32_t rank = 0; rank < first_equal_.size(); ++rank) {
    const uint32_t first = first_equal_[rank];
    if (first == rank || !MayMeet(first, rank)) continue;
    for (uint32_t i = 0; i < times; ++i) {
      absl::Status status = pairs->Add(MatchedEdge({.earlier = first, .later = rank}));
      if (!status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

// Pages of --of come first.
uint32_t CopiesRun::AskedFor() const {
  uint32_t count = 0;
  while (of_ != nullptr && count < order_.size() && Ranked(count).against) ++count;
  return count;
}

absl::Status CopiesRun::FindPairs() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  if (absl::Status status = keys_->Finish(); !status.ok()) return status;
  pairs_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), 32 + std::bit_width(size));
  // Only the first of equal pages is compared.
  absl::Status status = MeetInBuckets(
      keys_.get(),
      [this](uint32_t page) { return first_equal_[rank_[page]] == rank_[page] ? rank_[page] : kNobody; },
      plan_.phrase, AskedFor(), pairs_.get(), &summary_.skipped);
  if (!status.ok()) return status;
  NoteDisk();
  keys_.reset();
  if (!Expands()) {
    if (status = AddEqualPages(pairs_.get(), LeastShared()); !status.ok()) return status;
  }
  if (status = pairs_->Finish(); !status.ok()) return status;
  return Expands() ? ExpandEqualPages() : absl::OkStatus();
}

// Candidates among first ones stand for all pairs of their equals, and these for each other.
absl::Status CopiesRun::ExpandEqualPages() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  expanded_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), 32 + std::bit_width(size));
  std::vector<uint32_t> begins(size + 1), equals(size);
  for (uint32_t rank = 0; rank < size; ++rank) ++begins[first_equal_[rank]];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  for (uint32_t rank = size; rank-- > 0;) equals[--begins[first_equal_[rank]]] = rank;
  const auto equals_of = [&](uint32_t first) {
    return std::span(equals).subspan(begins[first], begins[first + 1] - begins[first]);
  };
  const auto add = [&](uint32_t one, uint32_t other) {
    const MatchedPair pair{.earlier = std::min(one, other), .later = std::max(one, other)};
    return MayMeet(pair.earlier, pair.later) ? expanded_->Add(MatchedEdge(pair)) : absl::OkStatus();
  };
  for (uint32_t first = 0; first < size; ++first) {
    const std::span<const uint32_t> all = equals_of(first);
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t j = i + 1; j < all.size(); ++j) {
        if (absl::Status status = add(all[i], all[j]); !status.ok()) return status;
      }
    }
  }
  CandidatePairs candidates(pairs_.get(), LeastShared());
  MatchedPair pair;
  while (true) {
    const absl::StatusOr<bool> more = candidates.Next(&pair);
    if (!more.ok()) return more.status();
    if (!*more) break;
    for (const uint32_t one : equals_of(pair.earlier)) {
      for (const uint32_t other : equals_of(pair.later)) {
        if (absl::Status status = add(one, other); !status.ok()) return status;
      }
    }
  }
  pairs_.reset();
  return expanded_->Finish();
}

// Texts of pages that are compared and cannot be read in place.
absl::Status CopiesRun::StoreTexts() {
  store_ = std::make_unique<TextStore>(options_.corpus.tmpdir, 0);
  std::vector<bool> wanted(table_->size());
  SpillSorter<MatchedEdge>* const pairs = expanded_ != nullptr ? expanded_.get() : pairs_.get();
  CandidatePairs candidates(pairs, expanded_ != nullptr ? 1 : LeastShared());
  MatchedPair pair;
  while (true) {
    const absl::StatusOr<bool> more = candidates.Next(&pair);
    if (!more.ok()) return more.status();
    if (!*more) break;
    for (const uint32_t rank : {pair.earlier, pair.later}) {
      const uint32_t page = order_[rank];
      wanted[page] = !ReadsInPlace(Entry(page), plain_files_[Entry(page).file]);
    }
  }
  pairs->Rewind();
  absl::Status status = CollectTexts(*corpus_, 0, *table_, wanted, hooks_, store_.get());
  if (!status.ok() || of_ == nullptr) return status;
  return CollectTexts(*of_, static_cast<uint32_t>(corpus_->files().size()), *table_, wanted, hooks_,
                      store_.get());
}

std::vector<std::unique_ptr<CopyComparer>> CopiesRun::Comparers() {
  std::vector<std::unique_ptr<CopyComparer>> comparers;
  for (int worker = 0; worker < std::max(1, options_.corpus.threads); ++worker) {
    comparers.push_back(std::make_unique<CopyComparer>(
        std::make_unique<PageTexts>(*table_, *store_, *corpus_, of_.get()), *left_out_, options_.noise, plan_,
        options_.passages, CompareMemory()));
  }
  return comparers;
}

void CopiesRun::AppendRow(const CopyRow& row, const std::string& text_a, const std::string& text_b,
                          std::string* out) const {
  if (options_.format == PairFormat::kRefrain) return AppendJson(row, out);
  std::vector<uint32_t> offsets_a, offsets_b;
  for (const SharedSpan& span : row.spans) {
    offsets_a.insert(offsets_a.end(), {span.a.begin, span.a.end});
    offsets_b.insert(offsets_b.end(), {span.b.begin, span.b.end});
  }
  const CodePoints points_a(text_a, std::move(offsets_a)), points_b(text_b, std::move(offsets_b));
  const auto side = [](const std::string& id, const std::string& series, std::string_view text,
                       const CodePoints& points, Span span) {
    return PassimSide{.id = id,
                      .series = series,
                      .begin = points.Before(span.begin),
                      .end = points.Before(span.end),
                      .text = Slice(text, span)};
  };
  for (const SharedSpan& span : row.spans) {
    AppendPassim(side(row.a, row.source_a, text_a, points_a, span.a),
                 side(row.b, row.source_b, text_b, points_b, span.b), out);
  }
}

// Whether a page of --of is this page itself: who asks about pages of the crawl that is searched does not ask
// for them.
absl::StatusOr<bool> CopiesRun::IsSameRecord(uint32_t a, uint32_t b) const {
  if (table_->id(a) != table_->id(b)) return false;
  PageFacts scratch_a, scratch_b;
  const absl::StatusOr<const PageFacts*> facts_a = table_->Facts(a, &scratch_a);
  if (!facts_a.ok()) return facts_a.status();
  const absl::StatusOr<const PageFacts*> facts_b = table_->Facts(b, &scratch_b);
  if (!facts_b.ok()) return facts_b.status();
  return (*facts_a)->record_hash == (*facts_b)->record_hash;
}

absl::Status CopiesRun::ComparePairs() {
  if (absl::Status status = FindPairs(); !status.ok()) return status;
  if (absl::Status status = StoreTexts(); !status.ok()) return status;
  const uint32_t size = static_cast<uint32_t>(table_->size());
  one_story_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), 32 + std::bit_width(size));
  struct Rows {
    std::string json;
    std::vector<std::pair<MatchedPair, Verdict>> found;
    uint64_t compared = 0;
  };
  using Pairs = std::vector<MatchedPair>;
  CandidatePairs candidates(expanded_ != nullptr ? expanded_.get() : pairs_.get(),
                            expanded_ != nullptr ? 1 : LeastShared());
  auto comparers = Comparers();
  if (hooks_.progress) hooks_.progress({.stage = "comparing"});
  absl::Status status = RunOrdered<Pairs, Rows>(
      options_.corpus.threads,
      [&](Pairs* pairs) -> absl::StatusOr<bool> {
        if (Stopped()) return absl::CancelledError("stopped");
        pairs->clear();
        MatchedPair pair;
        while (pairs->size() < kPairsAtOnce) {
          const absl::StatusOr<bool> more = candidates.Next(&pair);
          if (!more.ok()) return more.status();
          if (!*more) break;
          pairs->push_back(pair);
        }
        return !pairs->empty();
      },
      [&](int worker, Pairs& pairs, Rows* rows) -> absl::Status {
        CopyComparer& comparer = *comparers[static_cast<size_t>(worker)];
        ComparedPair found;
        std::string text_a, text_b;  // for passim
        for (const MatchedPair& pair : pairs) {
          if (Stopped()) return absl::CancelledError("stopped");
          const uint32_t a = order_[pair.earlier], b = order_[pair.later];
          if (of_ != nullptr) {
            const absl::StatusOr<bool> same = IsSameRecord(a, b);
            if (!same.ok()) return same.status();
            if (*same) continue;
          }
          if (absl::Status compared = comparer.Compare(a, b, &found); !compared.ok()) return compared;
          ++rows->compared;
          const Verdict verdict = JudgeCopy(found.scores, thresholds_);
          // Of texts below the shortest passage only whole ones count.
          const bool tiny = found.scores.smaller_words < options_.passages.min_words;
          if (found.spans.empty() || (tiny && verdict != Verdict::kMirror)) continue;
          const PageEntry &entry_a = Entry(a), &entry_b = Entry(b);
          CopyRow row;
          row.a = DisplayId(a);
          row.b = DisplayId(b);
          row.verdict = verdict;
          row.resemblance = found.scores.resemblance;
          row.a_in_b = found.scores.a_in_b;
          row.b_in_a = found.scores.b_in_a;
          row.local = found.scores.local;
          row.words = found.words;
          row.shingle = plan_.shingle.words;
          row.same_source = entry_a.source_rank != kNoSource && entry_a.source_rank == entry_b.source_rank;
          row.source_a = SourceOf(entry_a);
          row.source_b = SourceOf(entry_b);
          if (IsEarlier(entry_a.date, entry_b.date)) row.earlier = Earlier::kA;
          if (IsEarlier(entry_b.date, entry_a.date)) row.earlier = Earlier::kB;
          row.spans = std::move(found.spans);
          if (options_.format == PairFormat::kPassim) {
            absl::Status read = comparer.ReadText(a, &text_a);
            if (read.ok()) read = comparer.ReadText(b, &text_b);
            if (!read.ok()) return read;
            AppendRow(row, text_a, text_b, &rows->json);
          } else {
            AppendRow(row, "", "", &rows->json);
          }
          rows->found.emplace_back(pair, verdict);
        }
        return absl::OkStatus();
      },
      [&](Rows&& rows) {
        summary_.compared += rows.compared;
        for (const auto& [pair, verdict] : rows.found) {
          ++summary_.pairs[std::string(Name(verdict))];
          if (!IsOneStory(verdict)) continue;
          if (absl::Status added = one_story_->Add(MatchedEdge(pair)); !added.ok()) return added;
        }
        return matches_->Write(rows.json);
      });
  if (!status.ok()) return status;
  NoteDisk();
  pairs_.reset();
  expanded_.reset();
  return one_story_->Finish();
}

}  // namespace refrain
