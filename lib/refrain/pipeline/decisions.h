#pragma once
/// What was decided about each page: read by everything that writes.

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/decide.h"
#include "refrain/report/model.h"

namespace refrain {

/// Why a page goes.
struct DroppedPage {
  uint32_t page = 0;
  uint32_t witness = 0;  ///< page
  Verdict verdict = Verdict::kNear;
  double resemblance = 1;
  double in_witness = 1;
  std::vector<Span> only_in_dropped;
};

/// A block that goes from a page that stays.
struct CutPassage {
  uint32_t page = 0;
  Span span;
  uint32_t witness = 0;  ///< page
  Span kept;
  double resemblance = 1;
};

struct Decisions {
  std::vector<DroppedPage> dropped;  ///< by page
  std::vector<CutPassage> passages;  ///< by page, then span

  /// The entry of a page, or nullptr if it stays.
  const DroppedPage* Find(uint32_t page) const;
  /// The passages cut from a page: [first, last) of `passages`.
  std::pair<size_t, size_t> PassagesOf(uint32_t page) const;
};

}  // namespace refrain
