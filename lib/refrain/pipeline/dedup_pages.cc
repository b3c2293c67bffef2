// Which pages go: candidates by band, verified word for word, decided in keep order.

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <utility>

#include "refrain/base/ordered.h"
#include "refrain/pipeline/collect_texts.h"
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

// Most candidates are far from alike, and to read about each of them from disk takes longer than all else.
// What memory is left for pages holds as much of their signatures as says so.
absl::Status DedupRun::KeepCoarse() {
  if (table_->disk() == 0) return absl::OkStatus();
  const uint64_t need = MemoryNeeded();
  const uint64_t room = MostMemory() - std::min(need, MostMemory());
  coarse_.resize(std::min<uint64_t>(table_->size(), room / sizeof(CoarseSignature)));
  std::vector<PageFacts> facts;
  for (uint32_t page = 0; page < table_->size(); page += static_cast<uint32_t>(facts.size())) {
    facts.resize(std::min<size_t>(kRowsAtOnce, table_->size() - page));
    if (absl::Status status = table_->Facts(page, facts.size(), facts.data()); !status.ok()) return status;
    for (uint32_t i = 0; i < facts.size(); ++i) {
      if (pages_.rank[page + i] < coarse_.size()) coarse_[pages_.rank[page + i]] = Coarsen(facts[i].sketch);
    }
  }
  return absl::OkStatus();
}

// Whether a candidate pair is worth comparing. Ranks.
absl::StatusOr<bool> DedupRun::MayMatch(uint32_t one, uint32_t other) const {
  const uint32_t a = pages_.by_rank[one], b = pages_.by_rank[other];
  if (std::min(Entry(a).tokens, Entry(b).tokens) < 2 * kEnoughShingles) return true;
  const int least = LeastAgreement(options_.resemblance);
  if (std::max(one, other) < coarse_.size() && MostAgreeingComponents(coarse_[one], coarse_[other]) < least)
    return false;
  PageFacts scratch_a, scratch_b;
  const absl::StatusOr<const PageFacts*> facts_a = table_->Facts(a, &scratch_a);
  if (!facts_a.ok()) return facts_a.status();
  const absl::StatusOr<const PageFacts*> facts_b = table_->Facts(b, &scratch_b);
  if (!facts_b.ok()) return facts_b.status();
  return AgreeingComponents((*facts_a)->sketch, (*facts_b)->sketch) >= least;
}

// Which pages' texts a comparison may need and cannot read in place.
absl::StatusOr<std::vector<bool>> DedupRun::TextsToStore(Buckets* buckets) const {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  std::vector<bool> wanted(size);
  const auto reads_in_place = [&](uint32_t page) {
    return ReadsInPlace(Entry(page), plain_files_[Entry(page).file]);
  };
  uint32_t in_place = 0;
  for (uint32_t page = 0; page < size; ++page) in_place += reads_in_place(page);
  if (in_place == size) return wanted;
  std::vector<bool> meets(size);  // by rank
  std::vector<uint32_t> candidates;
  uint64_t skipped = 0;
  while (true) {
    uint32_t rank = 0;
    const absl::StatusOr<bool> more = buckets->Next(&rank, &candidates, &skipped);
    if (!more.ok()) return more.status();
    if (!*more) break;
    for (const uint32_t earlier : candidates) {
      const absl::StatusOr<bool> may_match = MayMatch(earlier, rank);
      if (!may_match.ok()) return may_match.status();
      if (*may_match) meets[earlier] = meets[rank] = true;
    }
  }
  buckets->Rewind();
  for (uint32_t page = 0; page < size; ++page) {
    wanted[page] = meets[pages_.first_equal[pages_.rank[page]]] && !reads_in_place(page);
  }
  return wanted;
}

absl::Status DedupRun::ComparePages() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  if (absl::Status status = page_keys_->Finish(); !status.ok()) return status;
  // Only the first of equal pages is compared.
  absl::StatusOr<std::unique_ptr<Buckets>> buckets = Buckets::Build(
      page_keys_.get(),
      [this](uint32_t page) {
        return pages_.first_equal[pages_.rank[page]] == pages_.rank[page] ? pages_.rank[page] : kNobody;
      },
      size, Spilled());
  if (!buckets.ok()) return buckets.status();
  NoteDisk((*buckets)->disk());
  page_keys_.reset();

  if (absl::Status status = KeepCoarse(); !status.ok()) return status;
  const absl::StatusOr<std::vector<bool>> wanted = TextsToStore(buckets->get());
  if (!wanted.ok()) return wanted.status();
  if (absl::Status status = StoreTexts(*wanted); !status.ok()) return status;
  if (hooks_.progress) hooks_.progress({.stage = "comparing"});
  sets_ = std::make_unique<TextStore>(options_.corpus.tmpdir, StoreMemory());
  described_ = std::make_unique<TextStore>(options_.corpus.tmpdir, StoreMemory());

  std::vector<uint32_t> witness;  // rank -> rank
  if (absl::Status status = options_.all_pairs ? DecideByAllPairs(buckets->get(), &witness)
                                               : DecideByWitness(buckets->get(), &witness);
      !status.ok()) {
    return status;
  }
  NoteDisk((*buckets)->disk());
  buckets->reset();
  std::vector<CoarseSignature>().swap(coarse_);  // with its memory
  // What equals a page shares its fate: it goes because of that page, or because of what that page goes for.
  for (uint32_t rank = 0; rank < size; ++rank) {
    const uint32_t first = pages_.first_equal[rank];
    if (first == rank || Entry(pages_.by_rank[rank]).against) continue;
    witness[rank] = witness[first] == kNoWitness ? first : witness[first];
  }

  if (!options_.all_pairs) {
    uint32_t rank = 0;
    return ReportPairs(
        [&](MatchedPair* pair) {
          while (rank < size && witness[rank] == kNoWitness) ++rank;
          if (rank == size) return false;
          *pair = {.earlier = witness[rank], .later = rank};
          ++rank;
          return true;
        },
        witness);
  }
  SpillSorter<MatchedEdge> pairs(Spilled(), 32 + std::bit_width(size));
  if (absl::Status status = ExpandVerified(&pairs); !status.ok()) return status;
  if (absl::Status status = pairs.Finish(); !status.ok()) return status;
  std::span<const MatchedEdge> block;
  return ReportPairs(
      [&](MatchedPair* pair) -> absl::StatusOr<bool> {
        if (block.empty()) {
          const absl::StatusOr<std::span<const MatchedEdge>> next = pairs.Next();
          if (!next.ok()) return next.status();
          block = *next;
        }
        if (block.empty()) return false;
        *pair = block.front().pair();
        block = block.subspan(1);
        return true;
      },
      witness);
}

// Verified pairs of first ones stand for all pairs of their equals.
absl::Status DedupRun::ExpandVerified(SpillSorter<MatchedEdge>* pairs) {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  // The equals of a first one, ascending, stand in `equals` from begins[first] to where the next ones begin.
  std::vector<uint32_t> begins(size), equals(size);
  for (uint32_t rank = 0; rank < size; ++rank) ++begins[pages_.first_equal[rank]];
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  for (uint32_t rank = size; rank-- > 0;) equals[--begins[pages_.first_equal[rank]]] = rank;
  const auto equals_of = [&](uint32_t first) {
    const uint32_t end = first + 1 < size ? begins[first + 1] : size;
    return std::span(equals).subspan(begins[first], end - begins[first]);
  };
  const auto add = [&](uint32_t one, uint32_t other) {
    if (Entry(pages_.by_rank[one]).against && Entry(pages_.by_rank[other]).against) return absl::OkStatus();
    return pairs->Add(MatchedEdge({.earlier = std::min(one, other), .later = std::max(one, other)}));
  };
  for (uint32_t first = 0; first < size; ++first) {
    const std::span<const uint32_t> all = equals_of(first);
    for (size_t i = 0; i < all.size(); ++i) {
      for (size_t j = i + 1; j < all.size(); ++j) {
        if (absl::Status status = add(all[i], all[j]); !status.ok()) return status;
      }
    }
  }
  verified_->Rewind();
  while (true) {
    const absl::StatusOr<std::span<const MatchedEdge>> block = verified_->Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return absl::OkStatus();
    for (const MatchedEdge& edge : *block) {
      for (const uint32_t one : equals_of(edge.pair().earlier)) {
        for (const uint32_t other : equals_of(edge.pair().later)) {
          if (absl::Status status = add(one, other); !status.ok()) return status;
        }
      }
    }
  }
}

absl::StatusOr<bool> DedupRun::NextCandidates(Buckets* buckets, uint32_t* rank,
                                              std::vector<uint32_t>* candidates) {
  while (true) {
    uint64_t skipped = 0;
    absl::StatusOr<bool> more = buckets->Next(rank, candidates, &skipped);
    if (more.ok() && *more && Entry(pages_.by_rank[*rank]).against) continue;  // stays whatever it matches
    summary_.skipped += skipped;
    return more;
  }
}

absl::Status DedupRun::DecideByWitness(Buckets* buckets, std::vector<uint32_t>* witness) {
  const int threads = options_.corpus.threads;
  auto comparers = Comparers();
  std::vector<uint64_t> compared(comparers.size());
  absl::StatusOr<std::vector<uint32_t>> decided = DecideLazily(
      static_cast<uint32_t>(table_->size()), threads,
      [&](uint32_t* rank, std::vector<uint32_t>* candidates) {
        return NextCandidates(buckets, rank, candidates);
      },
      [&](int worker, uint32_t kept, const std::vector<uint32_t>& items,
          std::vector<bool>* hits) -> absl::Status {
        for (size_t i = 0; i < items.size(); ++i) {
          const absl::StatusOr<bool> may_match = MayMatch(kept, items[i]);
          if (!may_match.ok()) return may_match.status();
          if (!*may_match) continue;
          if (Stopped()) return absl::CancelledError("stopped");
          const absl::StatusOr<bool> match = comparers[static_cast<size_t>(worker)]->Match(
              pages_.by_rank[kept], pages_.by_rank[items[i]], options_.resemblance);
          if (!match.ok()) return match.status();
          (*hits)[i] = *match;
          ++compared[static_cast<size_t>(worker)];
          if (!*match) continue;
          // That settles the item. Both texts are at hand now, which they will not be when pairs are
          // reported.
          PairDescription pair;
          absl::Status status = comparers[static_cast<size_t>(worker)]->Describe(
              pages_.by_rank[kept], pages_.by_rank[items[i]], &pair);
          if (!status.ok()) return status;
          std::string bytes;
          Pack(pair, &bytes);
          if (status = described_->Add(items[i], bytes); !status.ok()) return status;
        }
        return absl::OkStatus();
      });
  if (!decided.ok()) return decided.status();
  for (const uint64_t pairs : compared) summary_.compared += pairs;
  *witness = *std::move(decided);
  return absl::OkStatus();
}

absl::Status DedupRun::DecideByAllPairs(Buckets* buckets, std::vector<uint32_t>* witness) {
  struct Met {
    uint32_t rank = 0;
    std::vector<uint32_t> candidates;
  };
  struct Found {
    std::vector<MatchedPair> matches;
    uint64_t compared = 0;
  };
  auto comparers = Comparers();
  const uint32_t size = static_cast<uint32_t>(table_->size());
  verified_ = std::make_unique<SpillSorter<MatchedEdge>>(Spilled(), 32 + std::bit_width(size));
  absl::Status status = RunOrdered<std::vector<Met>, Found>(
      options_.corpus.threads,
      [&](std::vector<Met>* some) -> absl::StatusOr<bool> {
        some->clear();
        while (some->size() < kRowsAtOnce) {
          Met one;
          const absl::StatusOr<bool> more = NextCandidates(buckets, &one.rank, &one.candidates);
          if (!more.ok()) return more.status();
          if (!*more) break;
          some->push_back(std::move(one));
        }
        return !some->empty();
      },
      [&](int worker, std::vector<Met>& some, Found* found) -> absl::Status {
        for (const Met& one : some) {
          for (const uint32_t earlier : one.candidates) {
            const absl::StatusOr<bool> may_match = MayMatch(earlier, one.rank);
            if (!may_match.ok()) return may_match.status();
            if (!*may_match) continue;
            if (Stopped()) return absl::CancelledError("stopped");
            const absl::StatusOr<bool> match = comparers[static_cast<size_t>(worker)]->Match(
                pages_.by_rank[one.rank], pages_.by_rank[earlier], options_.resemblance);
            if (!match.ok()) return match.status();
            ++found->compared;
            if (*match) found->matches.push_back({earlier, one.rank});
          }
        }
        return absl::OkStatus();
      },
      [&](Found&& found) {
        summary_.compared += found.compared;
        for (const MatchedPair& pair : found.matches) {
          if (absl::Status added = verified_->Add(MatchedEdge(pair)); !added.ok()) return added;
        }
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  if (status = verified_->Finish(); !status.ok()) return status;
  absl::StatusOr<std::vector<uint32_t>> decided = DecideFromMatches(size, verified_.get());
  if (!decided.ok()) return decided.status();
  *witness = *std::move(decided);
  return absl::OkStatus();
}

// Writes a row for each pair and keeps what the removal log will say.
absl::Status DedupRun::ReportPairs(const std::function<absl::StatusOr<bool>(MatchedPair*)>& next,
                                   const std::vector<uint32_t>& witness) {
  struct Rows {
    std::string json;
    uint64_t count = 0;
    std::vector<std::pair<uint32_t, DroppedPage>> dropped;
  };
  using Pairs = std::vector<MatchedPair>;
  auto comparers = Comparers();
  absl::Status status = RunOrdered<Pairs, Rows>(
      options_.corpus.threads,
      [&](Pairs* pairs) -> absl::StatusOr<bool> {
        if (Stopped()) return absl::CancelledError("stopped");
        pairs->clear();
        while (pairs->size() < kRowsAtOnce) {
          MatchedPair pair;
          const absl::StatusOr<bool> more = next(&pair);
          if (!more.ok()) return more.status();
          if (!*more) break;
          pairs->push_back(pair);
        }
        return !pairs->empty();
      },
      [&](int worker, Pairs& pairs, Rows* rows) -> absl::Status {
        for (const MatchedPair& ranks : pairs) {
          const uint32_t a = pages_.by_rank[ranks.earlier], b = pages_.by_rank[ranks.later];
          const bool decides = witness[ranks.later] == ranks.earlier;
          MatchRow row{.a = DisplayId(a), .b = DisplayId(b), .shingle = options_.shingle.words};
          DroppedPage dropped{.witness = a};
          if (pages_.first_equal[ranks.earlier] == pages_.first_equal[ranks.later]) {
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
            if (decides && described_->has(ranks.later)) {
              std::string scratch;
              const absl::StatusOr<std::string_view> bytes = described_->Read(ranks.later, &scratch);
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
          ++rows->count;
          if (decides) rows->dropped.emplace_back(b, std::move(dropped));
        }
        return absl::OkStatus();
      },
      [&](Rows&& rows) {
        summary_.matches += rows.count;
        for (const auto& [page, why] : rows.dropped) {
          if (options_.keep_unique && !why.only_in_dropped.empty()) {
            ++summary_.kept_in_part;
          } else {
            ++(why.verdict == Verdict::kExact ? summary_.dropped_exact : summary_.dropped_near);
            summary_.dropped_bytes += Entry(page).text_bytes;
          }
          if (page_examples_.size() < kExamples) AddExample(page, why);
          if (absl::Status added = decisions_->Drop(page, why); !added.ok()) return added;
        }
        return matches_ == nullptr ? absl::OkStatus() : matches_->Write(rows.json);
      });
  NoteDisk();
  sets_.reset();
  described_.reset();
  return status;
}

absl::Status DedupRun::StoreTexts(const std::vector<bool>& wanted) {
  store_ = std::make_unique<TextStore>(options_.corpus.tmpdir, 0);
  absl::Status status = CollectTexts(*corpus_, 0, *table_, wanted, hooks_, store_.get());
  if (!status.ok() || against_ == nullptr) return status;
  return CollectTexts(*against_, static_cast<uint32_t>(corpus_->files().size()), *table_, wanted, hooks_,
                      store_.get());
}

void DedupRun::AddExample(uint32_t page, const DroppedPage& why) {
  page_examples_.push_back({.verdict = std::string(Name(why.verdict)),
                            .id = DisplayId(page),
                            .witness = DisplayId(why.witness),
                            .resemblance = why.resemblance,
                            .text = TextOf(page, {0, UINT32_MAX})});
}

std::string DedupRun::TextOf(uint32_t page, Span span) const {
  if (!store_->has(page) && !ReadsInPlace(Entry(page), plain_files_[Entry(page).file])) return "";
  std::string text;
  if (!PageTexts(*table_, *store_, *corpus_, against_.get()).Read(page, &text).ok()) return "";
  return Beginning(std::string_view(text).substr(span.begin, span.size()), kExampleBytes);
}

}  // namespace refrain
