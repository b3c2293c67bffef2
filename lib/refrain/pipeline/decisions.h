#pragma once
/// What was decided about each page: read by everything that writes.

#include <cstdint>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/span.h"
#include "refrain/base/spill_sort.h"
#include "refrain/match/decide.h"
#include "refrain/pipeline/text_store.h"
#include "refrain/report/model.h"

namespace refrain {

/// Why a page goes.
struct DroppedPage {
  uint32_t witness = 0;  ///< page
  Verdict verdict = Verdict::kNear;
  double resemblance = 1;
  double in_witness = 1;
  std::vector<Span> only_in_dropped;
};

/// A block that goes from a page that stays.
struct CutPassage {
  Span span;
  uint32_t witness = 0;  ///< page
  Span kept;
  double resemblance = 1;
};

/// By page, in memory or on disk: 12 bytes a page of memory for where those stand that go, and as much for
/// those of which something is cut. Thread safe.
class Decisions {
 public:
  /// `spill.memory` for either kind.
  explicit Decisions(const SpillOptions& spill)
      : dropped_(spill.tmpdir, spill.memory), cut_(spill.tmpdir, spill.memory) {}

  /// Once a page at the most. Errors: those of SpillFile.
  absl::Status Drop(uint32_t page, const DroppedPage& why);
  /// `passages`: in order, disjoint.
  absl::Status Cut(uint32_t page, const std::vector<CutPassage>& passages);

  bool drops(uint32_t page) const { return dropped_.has(page); }
  bool cuts(uint32_t page) const { return cut_.has(page); }
  /// Replaces `why`. REQUIRES: drops(page). DataLoss if it cannot be read back.
  absl::Status Read(uint32_t page, DroppedPage* why) const;
  /// Replaces `passages`: none if nothing is cut.
  absl::Status Read(uint32_t page, std::vector<CutPassage>* passages) const;
  uint64_t memory() const { return dropped_.memory() + cut_.memory(); }
  uint64_t disk() const { return dropped_.disk() + cut_.disk(); }

 private:
  TextStore dropped_;
  TextStore cut_;
};

}  // namespace refrain
