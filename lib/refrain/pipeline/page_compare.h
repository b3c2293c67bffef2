#pragma once
/// Comparing pages word for word, on texts read back from disk.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/match/align.h"
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

using ShingleSet = std::vector<uint64_t>;  ///< sorted, each once

/// A set as bytes for a TextStore.
std::string_view AsBytes(const ShingleSet& set);

/// Prepares texts, remembering the last few, and compares them. One for each thread.
class PageComparer {
 public:
  /// `texts` and `sets` hold the pages' texts and shingle sets under the same numbers.
  PageComparer(const TextStore& texts, const TextStore& sets, const ShingleOptions& shingle)
      : texts_(texts), sets_(sets), shingle_(shingle) {}

  /// Exact, on the full shingle sets.
  absl::StatusOr<Overlap> Compare(uint32_t a, uint32_t b);

  /// Fills the scores and spans of `row`; and, if asked, what of b its counterpart a lacks.
  absl::Status Describe(uint32_t a, uint32_t b, MatchRow* row, std::vector<Span>* only_in_b);

 private:
  // The last few things of one kind, so that a kept page is not read again for each page it is compared with.
  template <typename Thing>
  struct Recent {
    std::deque<std::pair<uint32_t, std::shared_ptr<const Thing>>> things;
    uint64_t bytes = 0;
    std::shared_ptr<const Thing> Find(uint32_t number) const;
    void Add(uint32_t number, std::shared_ptr<const Thing> thing);
  };
  absl::StatusOr<std::shared_ptr<const PreparedText>> Prepare(uint32_t text);
  absl::StatusOr<std::shared_ptr<const ShingleSet>> Set(uint32_t text);

  const TextStore& texts_;
  const TextStore& sets_;
  ShingleOptions shingle_;
  AlignScratch align_;
  std::vector<AlignedTokens> aligned_;
  std::string bytes_;
  Recent<PreparedText> recent_texts_;
  Recent<ShingleSet> recent_sets_;
};

}  // namespace refrain
