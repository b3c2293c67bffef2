#pragma once
/// Comparing main texts: how much of one page stands in another, where, and what was changed.

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/match/align.h"
#include "refrain/match/passages.h"
#include "refrain/match/shingle_table.h"
#include "refrain/pipeline/agreeing_numbers.h"
#include "refrain/pipeline/copy_verdict.h"
#include "refrain/pipeline/noise.h"
#include "refrain/pipeline/page_texts.h"
#include "refrain/pipeline/text_store.h"
#include "refrain/report/copies.h"

namespace refrain {

/// Tokens [first, last) of a page.
struct TokenStretch {
  uint32_t first = 0;
  uint32_t last = 0;
  friend auto operator<=>(const TokenStretch&, const TokenStretch&) = default;
};

/// What of a page is not its main text: furniture, and what it shows a second time. Sorted, disjoint.
using LeftOut = std::vector<TokenStretch>;

/// Takes the tokens of `left_out` away.
void KeepMainText(const LeftOut& left_out, Tokens* tokens);

/// The tokens of a page's main text, whose spans are those of its text. About 60 bytes a word.
struct MainText {
  Tokens tokens;
  double words = 0;   ///< in word equivalents
  SeededText seeded;  ///< of `tokens`
  /// Of what scores are counted on, if that is not `seeded.seeds`.
  std::unique_ptr<ShingleTable> scored;

  const ShingleTable& shingles() const { return scored != nullptr ? *scored : seeded.seeds; }
};

/// What was found of a pair.
struct ComparedPair {
  CopyScores scores;
  std::vector<SharedSpan> spans;  ///< passages, in bytes; empty: the pair shares none
  double words = 0;               ///< in verbatim runs of them, on the side that has fewer
  bool equal = false;             ///< all tokens are the same: there are no changes
};

/// What one page changed of another, all in bytes of the texts.
struct Changes {
  std::vector<Span> added;
  std::vector<Span> cut;
  std::vector<SharedSpan> changed;  ///< a: of the origin
};

/// The last texts that were asked for, so that a page that many others are compared with is not read again
/// for each. One for each thread: since pairs come in PairOrder two threads hardly ask for the same.
class RecentTexts {
 public:
  /// `memory`: bytes of them, about.
  explicit RecentTexts(uint64_t memory) : most_(memory) {}
  /// Null if it is not there.
  std::shared_ptr<const MainText> Find(uint32_t page);
  /// One to be filled, which may hold another text: memory of what has to go is used again.
  std::shared_ptr<MainText> Spare();
  void Add(uint32_t page, std::shared_ptr<MainText> text);

 private:
  struct Known {
    uint32_t page = 0;
    uint64_t bytes = 0;
    std::shared_ptr<MainText> text;
  };
  std::shared_ptr<MainText> DropOldest();

  const uint64_t most_;
  std::list<Known> recent_;  // the last one asked for first
  std::unordered_map<uint32_t, std::list<Known>::iterator> known_;
  uint64_t bytes_ = 0;
};

/// Reads texts and compares them. One for each thread.
class CopyComparer {
 public:
  /// `left_out` has packed LeftOut for the pages that have any. `memory`: of texts that it remembers.
  CopyComparer(std::unique_ptr<PageTexts> texts, const TextStore& left_out, Noise noise,
               const NoisePlan& plan, const PassageOptions& passages, uint64_t memory)
      : recent_(memory),
        texts_(std::move(texts)),
        left_out_(left_out),
        tokenizer_(noise),
        has_words_(noise != Noise::kOcr),
        shingle_(plan.shingle),
        options_(passages),
        seeds_are_scored_(SeedsFor(passages).Id() == plan.shingle.Id()) {}

  /// Replaces `pair`. `equals`: main texts have the same exact key, so `b` need not be read. Errors: those of
  /// PageTexts.
  absl::Status Compare(uint32_t a, uint32_t b, bool equals, ComparedPair* pair);
  /// Replaces `changes` by those that `member` made of `origin`.
  absl::Status FindChanges(uint32_t origin, uint32_t member, Changes* changes);
  /// Replaces `text` by that of the page, all of it.
  absl::Status ReadText(uint32_t page, std::string* text) { return texts_->Read(page, text); }

 private:
  absl::StatusOr<std::shared_ptr<const MainText>> Read(uint32_t page);
  // Fills tokens_ with those of the main text.
  absl::Status ReadTokens(uint32_t page);
  // `their_tokens`: where those of `theirs` are, token for token the same.
  absl::Status CompareTexts(const MainText& ours, const MainText& theirs, const Tokens& their_tokens,
                            ComparedPair* pair);
  // Of pages whose main texts have the same key of 128 bits, as all exact copies are told: what is found of
  // one and itself holds of both, and the other is read only where that is not one passage.
  absl::Status CompareEqual(uint32_t a, uint32_t b, ComparedPair* pair);
  // Of the last pair, by scored_ and passages_.
  double LocalResemblance(const MainText& a, const MainText& b, bool a_is_smaller);

  RecentTexts recent_;
  std::unique_ptr<PageTexts> texts_;
  const TextStore& left_out_;
  NoisyTokenizer tokenizer_;
  const bool has_words_;  // tokens are words, not letters
  ShingleOptions shingle_;
  PassageOptions options_;
  const bool seeds_are_scored_;  // shingles of seeds are those of scores
  PassageFinder finder_;
  SharedShingles scored_, seeds_;
  std::vector<SharedPassage> passages_;
  AgreeingNumbers numbers_;
  // The last page of which equals were asked for, and what was found of it and itself.
  uint32_t itself_page_ = UINT32_MAX;
  ComparedPair itself_;
  AlignScratch align_;
  std::vector<AlignedTokens> aligned_;
  std::vector<uint64_t> stretch_shingles_;
  PlacedShingles placed_;
  std::string text_, scratch_;
  Tokens tokens_;
};

}  // namespace refrain
