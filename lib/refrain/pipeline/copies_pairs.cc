// Which pages share what: candidates, compared word for word.

#include <algorithm>
#include <atomic>
#include <bit>
#include <span>
#include <utility>

#include "refrain/base/ordered.h"
#include "refrain/base/utf8.h"
#include "refrain/pipeline/copies_run_internal.h"

namespace refrain {
namespace {

// So many that those that have to do with each other are with one thread, which remembers their texts.
constexpr size_t kPairsAtOnce = 1024;

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

std::vector<std::unique_ptr<CopyComparer>> CopiesRun::Comparers() {
  std::vector<std::unique_ptr<CopyComparer>> comparers;
  const int threads = std::max(1, options_.corpus.threads);
  for (int worker = 0; worker < threads; ++worker) {
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

// What pages of two sources share can be neither the furniture of a site, if that is left out, nor a form in
// which it tells its news day by day.
Verdict CopiesRun::Judge(uint32_t a, uint32_t b, CopyScores scores) const {
  const uint32_t source_a = Entry(a).source_rank, source_b = Entry(b).source_rank;
  scores.known_sources = source_a != kNoSource && source_b != kNoSource;
  scores.across = options_.discount_furniture && scores.known_sources && source_a != source_b;
  return JudgeCopy(scores, thresholds_);
}

// The part of the earlier page that is the later one, if that is a whole page and the other much more; else
// empty.
Span CopiesRun::PartOfEarlier(const ComparedPair& found) const {
  constexpr double kHalf = 0.5;
  if (found.scores.b_in_a < thresholds_.containment || found.scores.a_in_b >= kHalf) return {};
  Span part{UINT32_MAX, 0};
  for (const SharedSpan& span : found.spans)
    part = {std::min(part.begin, span.a.begin), std::max(part.end, span.a.end)};
  return part.begin < part.end ? part : Span();
}

// Of what ends or begins at the same place, one of two sources each.
void CopiesRun::Parts::Add(Span part, uint32_t source) {
  if (std::pair(part.end, source) < std::pair(first_end, first_source))
    first_end = part.end, first_source = source;
  if (std::pair(part.begin, source) > std::pair(last_begin, last_source))
    last_begin = part.begin, last_source = source;
}

absl::Status CopiesRun::ComparePairs() {
  if (absl::Status status = FindPairs(); !status.ok()) return status;
  if (absl::Status status = StoreTexts(); !status.ok()) return status;
  const uint32_t size = static_cast<uint32_t>(table_->size());
  one_story_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), 32 + std::bit_width(size));
  rows_ = std::make_unique<RowSorter>(Spilled(), 32 + std::bit_width(size));
  told_ = std::make_unique<RowSorter>(Spilled(), 32 + std::bit_width(size));
  if (of_ == nullptr) parts_.assign(size, {});
  // Equal pages are compared once: of which first ones there are some in another source.
  std::vector<bool> elsewhere(of_ == nullptr ? size : 0);
  for (uint32_t rank = 0; rank < elsewhere.size(); ++rank) {
    const uint32_t first = pages_.first_equal[rank];
    if (Ranked(first).source_rank != Ranked(rank).source_rank) elsewhere[first] = true;
  }
  // Of each page the first one it was found to be one story with: its origin, as far as one can tell by now.
  // What is told of the two is found while their texts are at hand; what was not is found later.
  const std::unique_ptr<std::atomic<uint32_t>[]> likely(new std::atomic<uint32_t>[size]);
  for (uint32_t rank = 0; rank < size; ++rank) likely[rank].store(kNobody, std::memory_order_relaxed);
  struct Found {
    MatchedPair pair;
    Verdict verdict = Verdict::kQuote;
    Span part;            // of the earlier page
    size_t end = 0;       // of its rows in all of them
    size_t told_end = 0;  // of what is told of it
  };
  struct Rows {
    std::string json, told;
    std::vector<Found> found;
    uint64_t compared = 0;
  };
  // With --of, by rank: which of its pages stand elsewhere, all of them or a part.
  summary_.asked = AskedFor();
  std::vector<bool> shown(summary_.asked), shown_in_part(summary_.asked);
  using Pairs = std::vector<MatchedPair>;
  std::span<const MatchedEdge> block;
  auto comparers = Comparers();
  if (hooks_.progress) hooks_.progress({.stage = "comparing"});
  absl::Status status = RunOrdered<Pairs, Rows>(
      options_.corpus.threads,
      [&](Pairs* pairs) -> absl::StatusOr<bool> {
        if (Stopped()) return absl::CancelledError("stopped");
        pairs->clear();
        while (pairs->size() < kPairsAtOnce) {
          if (block.empty()) {
            const absl::StatusOr<std::span<const MatchedEdge>> next = candidates_->Next();
            if (!next.ok()) return next.status();
            block = *next;
            if (block.empty()) break;
          }
          pairs->push_back(pair_order_->PairOf(block.front()));
          block = block.subspan(1);
        }
        return !pairs->empty();
      },
      [&](int worker, Pairs& pairs, Rows* rows) -> absl::Status {
        CopyComparer& comparer = *comparers[static_cast<size_t>(worker)];
        ComparedPair found;
        std::string text_a, text_b;  // for passim
        for (const MatchedPair& pair : pairs) {
          if (Stopped()) return absl::CancelledError("stopped");
          const uint32_t a = pages_.by_rank[pair.earlier], b = pages_.by_rank[pair.later];
          if (of_ != nullptr) {
            const absl::StatusOr<bool> same = IsSameRecord(a, b);
            if (!same.ok()) return same.status();
            if (*same) continue;
          }
          absl::Status compared = comparer.Compare(a, b, AreEqual(pair.earlier, pair.later), &found);
          if (!compared.ok()) return compared;
          ++rows->compared;
          const Verdict verdict = Judge(a, b, found.scores);
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
          const Span part = PartOfEarlier(found);
          row.spans = std::move(found.spans);
          if (options_.format == PairFormat::kPassim) {
            absl::Status read = comparer.ReadText(a, &text_a);
            if (read.ok()) read = comparer.ReadText(b, &text_b);
            if (!read.ok()) return read;
            AppendRow(row, text_a, text_b, &rows->json);
          } else {
            AppendRow(row, "", "", &rows->json);
          }
          if (IsOneStory(verdict) && pair.earlier < likely[pair.later].load(std::memory_order_relaxed)) {
            likely[pair.later].store(pair.earlier, std::memory_order_relaxed);
            Told told{.verdict = verdict,
                      .in_origin = found.scores.b_in_a,
                      .of_origin = found.scores.a_in_b,
                      .changes = {}};
            if (!found.equal) {
              if (absl::Status changed = comparer.FindChanges(a, b, &told.changes); !changed.ok())
                return changed;
            }
            PackTold(told, &rows->told);
          }
          rows->found.push_back({pair, verdict, part, rows->json.size(), rows->told.size()});
        }
        return absl::OkStatus();
      },
      [&](Rows&& rows) {
        summary_.compared += rows.compared;
        size_t begin = 0, told_begin = 0;
        for (const auto& [pair, verdict, part, end, told_end] : rows.found) {
          if (of_ == nullptr && IsOneStory(verdict) && !part.empty()) {
            parts_[pair.earlier].Add(part,
                                     elsewhere[pair.later] ? kNoSource : Ranked(pair.later).source_rank);
          }
          ++summary_.pairs[std::string(Name(verdict))];
          if (pair.earlier < summary_.asked)
            (IsOneStory(verdict) ? shown : shown_in_part)[pair.earlier] = true;
          const MatchedEdge edge(pair);
          absl::Status added = rows_->Add(edge.key, std::string_view(rows.json).substr(begin, end - begin));
          if (added.ok() && IsOneStory(verdict)) added = one_story_->Add(edge);
          if (added.ok() && told_begin < told_end) {
            // By the origin, as stories are told.
            added = told_->Add(MatchedEdge({.earlier = pair.later, .later = pair.earlier}).key,
                               std::string_view(rows.told).substr(told_begin, told_end - told_begin));
          }
          if (!added.ok()) return added;
          begin = end;
          told_begin = told_end;
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  for (size_t rank = 0; rank < shown.size(); ++rank) {
    summary_.found += shown[rank];
    summary_.found_part += !shown[rank] && shown_in_part[rank];
  }
  NoteDisk();
  candidates_.reset();
  pair_order_.reset();
  status = rows_->Write([this](std::string_view rows) { return matches_->Write(rows); });
  rows_.reset();
  return status.ok() ? one_story_->Finish() : status;
}

}  // namespace refrain
