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
  std::vector<uint32_t> items;
  for (uint32_t block = 0; block < blocks_.size(); ++block) {
    if (decisions_.Find(blocks_[block].page) == nullptr) items.push_back(block);
  }
  std::stable_sort(items.begin(), items.end(), [&](uint32_t one, uint32_t other) {
    return rank_[blocks_[one].page] < rank_[blocks_[other].page];
  });
  const uint32_t size = static_cast<uint32_t>(items.size());
  std::vector<uint32_t> item_of(blocks_.size(), kNoWitness);
  for (uint32_t item = 0; item < size; ++item) item_of[items[item]] = item;

  std::vector<uint32_t> by_key(size), first_equal(size);
  std::iota(by_key.begin(), by_key.end(), 0u);
  std::sort(by_key.begin(), by_key.end(), [&](uint32_t one, uint32_t other) {
    const Key128 &a = blocks_[items[one]].exact, &b = blocks_[items[other]].exact;
    return a != b ? a < b : one < other;
  });
  for (size_t begin = 0, end; begin < by_key.size(); begin = end) {
    for (end = begin;
         end < by_key.size() && blocks_[items[by_key[end]]].exact == blocks_[items[by_key[begin]]].exact;
         ++end) {
      first_equal[by_key[end]] = by_key[begin];
    }
  }
  std::erase_if(block_keys_, [&](const KeyedItem& key) {
    return item_of[key.item] == kNoWitness || first_equal[item_of[key.item]] != item_of[key.item];
  });
  for (KeyedItem& key : block_keys_) key.item = item_of[key.item];
  const Buckets buckets = Buckets::Build(std::exchange(block_keys_, {}), size);

  std::vector<bool> wanted(table_->size());
  for (uint32_t item = 0; item < size; ++item) {
    if (buckets.meets_any(item)) wanted[blocks_[items[item]].page] = true;
  }
  if (absl::Status status = StoreTexts(wanted); !status.ok()) return status;

  std::vector<std::unique_ptr<BlockComparer>> comparers;
  for (int i = 0; i < std::max(1, options_.corpus.threads); ++i)
    comparers.push_back(std::make_unique<BlockComparer>(*store_));
  std::vector<uint64_t> compared(comparers.size());
  const auto compare = [&](int worker, uint32_t kept, uint32_t item) -> absl::StatusOr<double> {
    const BlockEntry &one = blocks_[items[kept]], &other = blocks_[items[item]];
    if (one.page == other.page) return 0;  // the page scope's business
    ++compared[static_cast<size_t>(worker)];
    absl::StatusOr<double> resemblance =
        comparers[static_cast<size_t>(worker)]->Compare(one, other, options_.repeats.max_edits);
    if (resemblance.ok() && *resemblance < options_.resemblance) return 0;
    return resemblance;
  };
  absl::StatusOr<std::vector<uint32_t>> witness = DecideLazily(
      buckets, size, options_.corpus.threads,
      [&](int worker, uint32_t kept, const std::vector<uint32_t>& others,
          std::vector<bool>* hits) -> absl::Status {
        for (size_t i = 0; i < others.size(); ++i) {
          absl::StatusOr<double> resemblance = compare(worker, kept, others[i]);
          if (!resemblance.ok()) return resemblance.status();
          (*hits)[i] = *resemblance > 0;
        }
        return absl::OkStatus();
      },
      [&](uint32_t item) { return Entry(blocks_[items[item]].page).against; }, &summary_.skipped);
  if (!witness.ok()) return witness.status();

  for (uint32_t item = 0; item < size; ++item) {
    const BlockEntry& block = blocks_[items[item]];
    if (Entry(block.page).against) continue;
    const uint32_t first = first_equal[item];
    const bool equal = first != item && (*witness)[first] == kNoWitness;
    const uint32_t kept = equal ? first : (*witness)[first];
    if (kept == kNoWitness || blocks_[items[kept]].page == block.page) continue;
    CutPassage cut{.page = block.page,
                   .span = block.span,
                   .witness = blocks_[items[kept]].page,
                   .kept = blocks_[items[kept]].span};
    if (!equal) {
      const absl::StatusOr<double> resemblance = compare(0, kept, first);
      if (!resemblance.ok()) return resemblance.status();
      cut.resemblance = *resemblance;
    }
    ++summary_.passages_cut;
    summary_.passage_bytes += block.span.size();
    decisions_.passages.push_back(cut);
  }
  for (const uint64_t pairs : compared) summary_.compared += pairs;

  std::string json;
  for (const CutPassage& cut : decisions_.passages) {
    MatchRow row{.a = DisplayId(cut.witness), .b = DisplayId(cut.page), .verdict = Verdict::kPassage};
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
                                   .text = TextOf(cut.page, cut.span)});
    }
  }
  std::sort(decisions_.passages.begin(), decisions_.passages.end(),
            [](const CutPassage& one, const CutPassage& other) {
              return std::pair(one.page, one.span) < std::pair(other.page, other.span);
            });
  return matches_ == nullptr ? absl::OkStatus() : matches_->Write(json);
}

}  // namespace refrain
