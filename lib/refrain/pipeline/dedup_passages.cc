// Which blocks go from pages that stay: paragraphs that another kept page shows, word for word or but for
// slips of the pen.

#include <algorithm>
#include <numeric>
#include <utility>

#include "refrain/match/passage.h"
#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/report/jsonl.h"
#include "refrain/sketch/resemblance.h"

namespace refrain {
namespace {

// Compares blocks on their pages' texts. One for each thread.
class BlockComparer {
 public:
  explicit BlockComparer(const TextStore& store) : store_(store) {}

  // The resemblance of two blocks, if `other` may go because of `kept`; else 0.
  absl::StatusOr<double> Compare(const BlockEntry& kept, const BlockEntry& other, int max_edits) {
    const absl::StatusOr<std::string_view> one = store_.Read(kept.page, kept.span, &kept_text_);
    if (!one.ok()) return one.status();
    const absl::StatusOr<std::string_view> two = store_.Read(other.page, other.span, &other_text_);
    if (!two.ok()) return two.status();
    const ShingleOptions shingles = BlockShingles(std::max(kept.tokens, other.tokens));
    MakeBlockSet(*one, shingles, &kept_set_);
    MakeBlockSet(*two, shingles, &other_set_);
    const double resemblance = ExactOverlap(kept_set_, other_set_).resemblance();
    return matcher_.Covers(*one, *two, max_edits) ? resemblance : 0;
  }

 private:
  void MakeBlockSet(std::string_view text, const ShingleOptions& shingles, std::vector<uint64_t>* set) {
    Tokenize(text, &tokens_);
    MakeShingles(tokens_.hashes, tokens_.traits, shingles, set);
    MakeSet(set);
  }

  const TextStore& store_;
  PassageMatcher matcher_;
  Tokens tokens_;
  std::string kept_text_, other_text_;
  std::vector<uint64_t> kept_set_, other_set_;
};

}  // namespace

absl::Status DedupRun::ComparePassages() {
  // Items: blocks of kept pages in keep order of their pages, then by position.
  const uint32_t blocks = static_cast<uint32_t>(blocks_->size());
  std::vector<uint32_t> items;                     // item -> block
  std::vector<uint32_t> item_of(blocks, kNobody);  // block -> item
  {
    std::vector<uint32_t> first_block(table_->size() + 1);  // by page
    BlockEntry scratch;
    for (uint32_t block = 0; block < blocks; ++block) {
      const absl::StatusOr<const BlockEntry*> entry = blocks_->Get(block, &scratch);
      if (!entry.ok()) return entry.status();
      ++first_block[(*entry)->page + 1];
    }
    std::partial_sum(first_block.begin(), first_block.end(), first_block.begin());
    for (const uint32_t page : pages_.by_rank) {
      if (decisions_->drops(page)) continue;
      for (uint32_t block = first_block[page]; block < first_block[page + 1]; ++block) {
        item_of[block] = static_cast<uint32_t>(items.size());
        items.push_back(block);
      }
    }
  }
  const uint32_t size = static_cast<uint32_t>(items.size());
  if (absl::Status status = block_exact_keys_->Finish(); !status.ok()) return status;
  const absl::StatusOr<std::vector<uint32_t>> firsts =
      FirstOfEquals(block_exact_keys_.get(), [&](uint32_t block) { return item_of[block]; }, size);
  if (!firsts.ok()) return firsts.status();
  const std::vector<uint32_t>& first_equal = *firsts;
  block_exact_keys_.reset();
  if (absl::Status status = block_keys_->Finish(); !status.ok()) return status;
  const absl::StatusOr<std::unique_ptr<Buckets>> buckets = Buckets::Build(
      block_keys_.get(),
      [&](uint32_t block) {
        const uint32_t item = item_of[block];
        return item != kNobody && first_equal[item] == item ? item : kNobody;
      },
      size, Spilled());
  if (!buckets.ok()) return buckets.status();
  block_keys_.reset();
  std::vector<uint32_t>().swap(item_of);
  const auto entry_of = [&](uint32_t item) -> absl::StatusOr<BlockEntry> {
    BlockEntry scratch;
    const absl::StatusOr<const BlockEntry*> entry = blocks_->Get(items[item], &scratch);
    if (!entry.ok()) return entry.status();
    return **entry;
  };

  std::vector<bool> wanted(table_->size());
  uint32_t met = 0;
  uint64_t skipped = 0;
  std::vector<uint32_t> met_before;
  while (true) {
    const absl::StatusOr<bool> more = (*buckets)->Next(&met, &met_before, &skipped);
    if (!more.ok()) return more.status();
    if (!*more) break;
    met_before.push_back(met);
    for (const uint32_t item : met_before) {
      const absl::StatusOr<BlockEntry> block = entry_of(item);
      if (!block.ok()) return block.status();
      wanted[block->page] = true;
    }
  }
  (*buckets)->Rewind();
  if (absl::Status status = StoreTexts(wanted); !status.ok()) return status;

  std::vector<std::unique_ptr<BlockComparer>> comparers;
  for (int i = 0; i < std::max(1, options_.corpus.threads); ++i)
    comparers.push_back(std::make_unique<BlockComparer>(*store_));
  std::vector<uint64_t> compared(comparers.size());
  const auto compare = [&](int worker, uint32_t kept, uint32_t item) -> absl::StatusOr<double> {
    const absl::StatusOr<BlockEntry> one = entry_of(kept), other = entry_of(item);
    if (!one.ok()) return one.status();
    if (!other.ok()) return other.status();
    if (one->page == other->page) return 0;  // the page scope's business
    ++compared[static_cast<size_t>(worker)];
    absl::StatusOr<double> resemblance =
        comparers[static_cast<size_t>(worker)]->Compare(*one, *other, options_.repeats.max_edits);
    if (resemblance.ok() && *resemblance < options_.resemblance) return 0;
    return resemblance;
  };
  absl::StatusOr<std::vector<uint32_t>> witness = DecideLazily(
      size, options_.corpus.threads,
      [&](uint32_t* item, std::vector<uint32_t>* candidates) -> absl::StatusOr<bool> {
        while (true) {
          const absl::StatusOr<bool> more = (*buckets)->Next(item, candidates, &skipped);
          if (!more.ok() || !*more) return more;
          const absl::StatusOr<BlockEntry> block = entry_of(*item);
          if (!block.ok()) return block.status();
          if (Entry(block->page).against) continue;  // stays whatever it matches
          summary_.skipped += skipped;
          return true;
        }
      },
      [&](int worker, uint32_t kept, const std::vector<uint32_t>& others,
          std::vector<bool>* hits) -> absl::Status {
        for (size_t i = 0; i < others.size(); ++i) {
          absl::StatusOr<double> resemblance = compare(worker, kept, others[i]);
          if (!resemblance.ok()) return resemblance.status();
          (*hits)[i] = *resemblance > 0;
        }
        return absl::OkStatus();
      });
  if (!witness.ok()) return witness.status();

  std::vector<CutPassage> cuts;
  uint32_t page = kNobody;  // that they are of
  for (uint32_t item = 0; item < size; ++item) {
    const uint32_t first = first_equal[item];
    const bool equal = first != item && (*witness)[first] == kNoWitness;
    const uint32_t kept = equal ? first : (*witness)[first];
    if (kept == kNoWitness) continue;
    const absl::StatusOr<BlockEntry> found = entry_of(item), stays = entry_of(kept);
    if (!found.ok()) return found.status();
    if (!stays.ok()) return stays.status();
    if (Entry(found->page).against || stays->page == found->page) continue;
    CutPassage cut{.span = found->span, .witness = stays->page, .kept = stays->span};
    if (!equal) {
      const absl::StatusOr<double> resemblance = compare(0, kept, first);
      if (!resemblance.ok()) return resemblance.status();
      cut.resemblance = *resemblance;
    }
    if (found->page != page) {
      if (absl::Status status = AddCuts(page, cuts); !status.ok()) return status;
      cuts.clear();
      page = found->page;
    }
    cuts.push_back(cut);
  }
  for (const uint64_t pairs : compared) summary_.compared += pairs;
  return AddCuts(page, cuts);
}

absl::Status DedupRun::AddCuts(uint32_t page, const std::vector<CutPassage>& cuts) {
  if (cuts.empty()) return absl::OkStatus();
  std::string json;
  for (const CutPassage& cut : cuts) {
    ++summary_.passages_cut;
    summary_.passage_bytes += cut.span.size();
    MatchRow row{.a = DisplayId(cut.witness), .b = DisplayId(page), .verdict = Verdict::kPassage};
    row.resemblance = row.a_in_b = row.b_in_a = cut.resemblance;
    row.spans.push_back({cut.kept, cut.span});
    row.shingle = BlockShingles(kShortBlock - 1).words;
    AppendJson(row, &json);
    ++summary_.matches;
    if (passage_examples_.size() < kExamples) {
      passage_examples_.push_back({.verdict = "passage",
                                   .id = row.b,
                                   .witness = row.a,
                                   .resemblance = cut.resemblance,
                                   .text = TextOf(page, cut.span)});
    }
  }
  if (matches_ != nullptr) {
    if (absl::Status status = matches_->Write(json); !status.ok()) return status;
  }
  return decisions_->Cut(page, cuts);
}

}  // namespace refrain
