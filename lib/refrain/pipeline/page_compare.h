#pragma once
/// Comparing pages word for word, on texts read again.

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/match/align.h"
#include "refrain/pipeline/page_texts.h"
#include "refrain/pipeline/text_store.h"
#include "refrain/report/model.h"
#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/shingle.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// A text made ready to be aligned.
struct PreparedText {
  std::string text;
  Tokens tokens;
};

/// All that is said about two pages a and b that are alike.
struct PairDescription {
  Overlap overlap;  ///< of their shingle sets
  std::vector<SharedSpan> spans;
  std::vector<Span> only_in_b;  ///< what of b its counterpart lacks
};
void Pack(const PairDescription& pair, std::string* bytes);
void Unpack(std::string_view bytes, PairDescription* pair);

/// Prepares texts, remembering the last few, and compares them. One for each thread.
class PageComparer {
 public:
  /// `sets` is for the shingle sets of pages, which are made when they are first asked for; all threads share
  /// it.
  PageComparer(std::unique_ptr<PageTexts> texts, TextStore* sets, const ShingleOptions& shingle)
      : texts_(std::move(texts)), sets_(*sets), shingle_(shingle) {}

  /// Whether two pages have at least this resemblance. Exact, on the full shingle sets.
  absl::StatusOr<bool> Match(uint32_t a, uint32_t b, double resemblance);

  /// Replaces `pair`. Cheapest right after Match, when both texts are at hand.
  absl::Status Describe(uint32_t a, uint32_t b, PairDescription* pair);

 private:
  using Set = std::span<const uint64_t>;  // sorted, each once
  // A set that was read, and where its bytes are if they are not in memory anyway.
  struct ReadSet {
    uint32_t page = UINT32_MAX;
    Set set;
    std::string bytes;
  };
  absl::StatusOr<std::shared_ptr<const PreparedText>> Prepare(uint32_t page);
  absl::StatusOr<Set> FindSet(uint32_t page, ReadSet* read);

  std::unique_ptr<PageTexts> texts_;
  TextStore& sets_;
  ShingleOptions shingle_;
  AlignScratch align_;
  std::vector<AlignedTokens> aligned_;
  std::vector<uint64_t> shingles_;
  ReadSet set_a_;
  ReadSet set_b_;
  // The last few texts, so that a kept page is not read again for each page it is compared with.
  std::deque<std::pair<uint32_t, std::shared_ptr<PreparedText>>> recent_;
  uint64_t recent_bytes_ = 0;
  std::shared_ptr<PreparedText> spare_;  // memory of one that is no longer among them
};

}  // namespace refrain
