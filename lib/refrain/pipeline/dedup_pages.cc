// Which pages go: candidates by band, verified word for word, decided in keep order.

#include <algorithm>
#include <utility>

#include "refrain/base/ordered.h"
#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/pipeline/page_compare.h"
#include "refrain/report/jsonl.h"

namespace refrain {
namespace {

constexpr size_t kRowsAtOnce = 256;

}  // namespace

std::vector<std::unique_ptr<PageComparer>> DedupRun::Comparers() {
  std::vector<std::unique_ptr<PageComparer>> comparers;
  for (int worker = 0; worker < std::max(1, options_.corpus.threads); ++worker) {
    comparers.push_back(std::make_unique<PageComparer>(
        std::make_unique<PageTexts>(*table_, *store_, *corpus_, against_.get()), sets_.get(),
        options_.shingle));
  }
  return comparers;
}

// Whether a candidate pair is worth comparing. Ranks.
absl::StatusOr<bool> DedupRun::MayMatch(uint32_t one, uint32_t other) const {
  const uint32_t a = order_[one], b = order_[other];
  if (std::min(Entry(a).tokens, Entry(b).tokens) < 2 * kEnoughShingles) return true;
  PageFacts scratch_a, scratch_b;
  const absl::StatusOr<const PageFacts*> facts_a = table_->Facts(a, &scratch_a);
  if (!facts_a.ok()) return facts_a.status();
  const absl::StatusOr<const PageFacts*> facts_b = table_->Facts(b, &scratch_b);
  if (!facts_b.ok()) return facts_b.status();
  return AgreeingComponents((*facts_a)->sketch, (*facts_b)->sketch) >= LeastAgreement(options_.resemblance);
}

// Which pages' texts a comparison may need and cannot read in place.
absl::StatusOr<std::vector<bool>> DedupRun::TextsToStore(const Buckets& buckets) const {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  std::vector<bool> meets(size);  // by rank
  std::vector<uint32_t> candidates;
  uint64_t skipped = 0;
  for (uint32_t rank = 0; rank < size; ++rank) {
    if (!buckets.meets_any(rank)) continue;
    buckets.EarlierCandidates(rank, &candidates, &skipped);
    for (const uint32_t earlier : candidates) {
      const absl::StatusOr<bool> may_match = MayMatch(earlier, rank);
      if (!may_match.ok()) return may_match.status();
      if (*may_match) meets[earlier] = meets[rank] = true;
    }
  }
  std::vector<bool> wanted(size);
  for (uint32_t page = 0; page < size; ++page) {
    wanted[page] =
        meets[first_equal_[rank_[page]]] && !ReadsInPlace(Entry(page), plain_files_[Entry(page).file]);
  }
  return wanted;
}

absl::Status DedupRun::ComparePages() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  // Only the first of equal pages is compared.
  std::erase_if(page_keys_,
                [&](const KeyedItem& key) { return first_equal_[rank_[key.item]] != rank_[key.item]; });
  for (KeyedItem& key : page_keys_) key.item = rank_[key.item];
  const Buckets buckets = Buckets::Build(std::exchange(page_keys_, {}), size);

  const absl::StatusOr<std::vector<bool>> wanted = TextsToStore(buckets);
  if (!wanted.ok()) return wanted.status();
  if (absl::Status status = StoreTexts(*wanted); !status.ok()) return status;
  if (hooks_.progress) hooks_.progress({.stage = "comparing"});
  sets_ = std::make_unique<TextStore>(options_.corpus.tmpdir, StoreMemory());
  described_ = std::make_unique<TextStore>(options_.corpus.tmpdir, StoreMemory());

  std::vector<uint32_t> witness;  // rank -> rank
  if (absl::Status status =
          options_.all_pairs ? DecideByAllPairs(buckets, &witness) : DecideByWitness(buckets, &witness);
      !status.ok()) {
    return status;
  }
  // What equals a page shares its fate: it goes because of that page, or because of what that page goes for.
  for (uint32_t rank = 0; rank < size; ++rank) {
    const uint32_t first = first_equal_[rank];
    if (first == rank || Entry(order_[rank]).against) continue;
    witness[rank] = witness[first] == kNoWitness ? first : witness[first];
  }

  std::vector<MatchedPair> pairs;
  if (options_.all_pairs) {
    // Verified pairs of first ones stand for all pairs of their equals.
    std::vector<std::vector<uint32_t>> equals(size);
    for (uint32_t rank = 0; rank < size; ++rank) equals[first_equal_[rank]].push_back(rank);
    const auto add = [&](uint32_t one, uint32_t other) {
      if (Entry(order_[one]).against && Entry(order_[other]).against) return;
      pairs.push_back({std::min(one, other), std::max(one, other)});
    };
    for (uint32_t first = 0; first < size; ++first) {
      for (size_t i = 0; i < equals[first].size(); ++i) {
        for (size_t j = i + 1; j < equals[first].size(); ++j) add(equals[first][i], equals[first][j]);
      }
    }
    for (const MatchedPair& pair : verified_) {
      for (const uint32_t one : equals[pair.earlier]) {
        for (const uint32_t other : equals[pair.later]) add(one, other);
      }
    }
    std::sort(pairs.begin(), pairs.end(), [](const MatchedPair& one, const MatchedPair& other) {
      return std::pair(one.later, one.earlier) < std::pair(other.later, other.earlier);
    });
  } else {
    for (uint32_t rank = 0; rank < size; ++rank) {
      if (witness[rank] != kNoWitness) pairs.push_back({witness[rank], rank});
    }
  }
  return ReportPairs(pairs, witness);
}

absl::Status DedupRun::DecideByWitness(const Buckets& buckets, std::vector<uint32_t>* witness) {
  const int threads = options_.corpus.threads;
  auto comparers = Comparers();
  std::vector<uint64_t> compared(comparers.size());
  absl::StatusOr<std::vector<uint32_t>> decided = DecideLazily(
      buckets, static_cast<uint32_t>(table_->size()), threads,
      [&](int worker, uint32_t kept, const std::vector<uint32_t>& items,
          std::vector<bool>* hits) -> absl::Status {
        for (size_t i = 0; i < items.size(); ++i) {
          const absl::StatusOr<bool> may_match = MayMatch(kept, items[i]);
          if (!may_match.ok()) return may_match.status();
          if (!*may_match) continue;
          if (Stopped()) return absl::CancelledError("stopped");
          const absl::StatusOr<bool> match = comparers[static_cast<size_t>(worker)]->Match(
              order_[kept], order_[items[i]], options_.resemblance);
          if (!match.ok()) return match.status();
          (*hits)[i] = *match;
          ++compared[static_cast<size_t>(worker)];
          if (!*match) continue;
          // That settles the item. Both texts are at hand now, which they will not be when pairs are
          // reported.
          PairDescription pair;
          absl::Status status =
              comparers[static_cast<size_t>(worker)]->Describe(order_[kept], order_[items[i]], &pair);
          if (!status.ok()) return status;
          std::string bytes;
          Pack(pair, &bytes);
          if (status = described_->Add(items[i], bytes); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      [&](uint32_t rank) { return Entry(order_[rank]).against; }, &summary_.skipped);
  if (!decided.ok()) return decided.status();
  for (const uint64_t pairs : compared) summary_.compared += pairs;
  *witness = *std::move(decided);
  return absl::OkStatus();
}

absl::Status DedupRun::DecideByAllPairs(const Buckets& buckets, std::vector<uint32_t>* witness) {
  struct Found {
    std::vector<MatchedPair> matches;
    uint64_t compared = 0;
    uint64_t skipped = 0;
  };
  const int threads = options_.corpus.threads;
  auto comparers = Comparers();
  const uint32_t size = static_cast<uint32_t>(table_->size());
  uint32_t next = 0;
  absl::Status status = RunOrdered<uint32_t, Found>(
      threads,
      [&](uint32_t* first) -> absl::StatusOr<bool> {
        *first = next;
        if (next >= size) return false;
        next += std::min<uint32_t>(kRowsAtOnce, size - next);
        return true;
      },
      [&](int worker, uint32_t& first, Found* found) -> absl::Status {
        std::vector<uint32_t> candidates;
        for (uint32_t rank = first; rank < std::min<uint32_t>(size, first + kRowsAtOnce); ++rank) {
          if (!buckets.meets_any(rank) || Entry(order_[rank]).against) continue;
          buckets.EarlierCandidates(rank, &candidates, &found->skipped);
          for (const uint32_t earlier : candidates) {
            const absl::StatusOr<bool> may_match = MayMatch(earlier, rank);
            if (!may_match.ok()) return may_match.status();
            if (!*may_match) continue;
            if (Stopped()) return absl::CancelledError("stopped");
            const absl::StatusOr<bool> match = comparers[static_cast<size_t>(worker)]->Match(
                order_[rank], order_[earlier], options_.resemblance);
            if (!match.ok()) return match.status();
            ++found->compared;
            if (*match) found->matches.push_back({earlier, rank});
          }
        }
        return absl::OkStatus();
      },
      [&](Found&& found) {
        verified_.insert(verified_.end(), found.matches.begin(), found.matches.end());
        summary_.compared += found.compared;
        summary_.skipped += found.skipped;
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  *witness = DecideFromMatches(size, verified_);
  return absl::OkStatus();
}

// Writes a row for each pair and keeps what the removal log will say. Pairs are sorted by their later page.
absl::Status DedupRun::ReportPairs(const std::vector<MatchedPair>& pairs,
                                   const std::vector<uint32_t>& witness) {
  struct Rows {
    std::string json;
    std::vector<MatchRow> rows;  // without spans
    std::vector<DroppedPage> dropped;
  };
  auto comparers = Comparers();
  size_t next = 0;
  absl::Status status = RunOrdered<size_t, Rows>(
      options_.corpus.threads,
      [&](size_t* first) -> absl::StatusOr<bool> {
        if (Stopped()) return absl::CancelledError("stopped");
        *first = next;
        if (next >= pairs.size()) return false;
        next += std::min(kRowsAtOnce, pairs.size() - next);
        return true;
      },
      [&](int worker, size_t& first, Rows* rows) -> absl::Status {
        for (size_t i = first; i < std::min(pairs.size(), first + kRowsAtOnce); ++i) {
          const uint32_t a = order_[pairs[i].earlier], b = order_[pairs[i].later];
          const bool decides = witness[pairs[i].later] == pairs[i].earlier;
          MatchRow row{.a = DisplayId(a), .b = DisplayId(b), .shingle = options_.shingle.words};
          DroppedPage dropped{.page = b, .witness = a};
          if (first_equal_[pairs[i].earlier] == first_equal_[pairs[i].later]) {
            row.verdict = dropped.verdict = Verdict::kExact;
            row.resemblance = row.a_in_b = row.b_in_a = 1;
            PageFacts scratch_a, scratch_b;
            const absl::StatusOr<const PageFacts*> facts_a = table_->Facts(a, &scratch_a);
            if (!facts_a.ok()) return facts_a.status();
            const absl::StatusOr<const PageFacts*> facts_b = table_->Facts(b, &scratch_b);
            if (!facts_b.ok()) return facts_b.status();
            row.spans.push_back({(*facts_a)->words, (*facts_b)->words});
          } else {
            PairDescription pair;
            if (decides && described_->has(pairs[i].later)) {
              std::string scratch;
              const absl::StatusOr<std::string_view> bytes = described_->Read(pairs[i].later, &scratch);
              if (!bytes.ok()) return bytes.status();
              Unpack(*bytes, &pair);
            } else if (absl::Status described = comparers[static_cast<size_t>(worker)]->Describe(a, b, &pair);
                       !described.ok()) {
              return described;
            }
            row.resemblance = dropped.resemblance = pair.overlap.resemblance();
            row.a_in_b = pair.overlap.a_in_b();
            row.b_in_a = dropped.in_witness = pair.overlap.b_in_a();
            row.spans = std::move(pair.spans);
            dropped.only_in_dropped = std::move(pair.only_in_b);
          }
          AppendJson(row, &rows->json);
          row.spans.clear();
          if (decides) rows->dropped.push_back(std::move(dropped));
          rows->rows.push_back(std::move(row));
        }
        return absl::OkStatus();
      },
      [&](Rows&& rows) {
        summary_.matches += rows.rows.size();
        for (DroppedPage& dropped : rows.dropped) {
          ++(dropped.verdict == Verdict::kExact ? summary_.dropped_exact : summary_.dropped_near);
          summary_.dropped_bytes += Entry(dropped.page).text_bytes;
          if (page_examples_.size() < kExamples) AddExample(dropped);
          decisions_.dropped.push_back(std::move(dropped));
        }
        return matches_ == nullptr ? absl::OkStatus() : matches_->Write(rows.json);
      });
  std::sort(decisions_.dropped.begin(), decisions_.dropped.end(),
            [](const DroppedPage& one, const DroppedPage& other) { return one.page < other.page; });
  return status;
}

absl::Status DedupRun::StoreTexts(const std::vector<bool>& wanted) {
  store_ = std::make_unique<TextStore>(options_.corpus.tmpdir, 0);
  if (std::find(wanted.begin(), wanted.end(), true) == wanted.end()) return absl::OkStatus();
  absl::Status status = StoreTextsOf(*corpus_, 0, wanted);
  if (!status.ok() || against_ == nullptr) return status;
  return StoreTextsOf(*against_, static_cast<uint32_t>(corpus_->files().size()), wanted);
}

absl::Status DedupRun::StoreTextsOf(Corpus& corpus, uint32_t first_file, const std::vector<bool>& wanted) {
  struct Stored {
    uint32_t page = 0;
    std::string text;
  };
  using Texts = std::vector<Stored>;
  struct Worker {
    explicit Worker(const Corpus& corpus) : source(corpus) {}
    PageSource source;
    Page page;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < std::max(1, options_.corpus.threads); ++i)
    workers.push_back(std::make_unique<Worker>(corpus));
  return corpus.ForEachBatch<Texts>(
      "collecting", hooks_,
      [&](int number, CorpusBatch& batch, Texts* texts) {
        Worker& worker = *workers[static_cast<size_t>(number)];
        const uint32_t file = first_file + batch.file;
        for (const Record& record : batch.records.records) {
          const uint32_t page = table_->LowerBound(file, record.location.record);
          if (page >= table_->size() || Entry(page).file != file ||
              Entry(page).record != record.location.record)
            continue;
          if (!wanted[page] || record.oversized) continue;
          const absl::StatusOr<bool> parsed = worker.source.Read(record, &worker.page);
          if (!parsed.ok() || !*parsed) continue;
          texts->push_back({page, std::move(worker.page.text)});
        }
        return absl::OkStatus();
      },
      [&](Texts&& texts) {
        for (const Stored& stored : texts) {
          if (absl::Status status = store_->Add(stored.page, stored.text); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      [&](int number) { workers[static_cast<size_t>(number)] = std::make_unique<Worker>(corpus); });
}

void DedupRun::AddExample(const DroppedPage& dropped) {
  page_examples_.push_back({.verdict = std::string(Name(dropped.verdict)),
                            .id = DisplayId(dropped.page),
                            .witness = DisplayId(dropped.witness),
                            .resemblance = dropped.resemblance,
                            .text = TextOf(dropped.page, {0, UINT32_MAX})});
}

std::string DedupRun::TextOf(uint32_t page, Span span) const {
  if (!store_->has(page) && !ReadsInPlace(Entry(page), plain_files_[Entry(page).file])) return "";
  std::string text;
  if (!PageTexts(*table_, *store_, *corpus_, against_.get()).Read(page, &text).ok()) return "";
  return Beginning(std::string_view(text).substr(span.begin, span.size()), kExampleBytes);
}

}  // namespace refrain
