#pragma once
/// From what a plan found to all of the input.

#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/plan_sample.h"

namespace refrain {

/// What a sample says about the whole. Numbers of things and of bytes.
struct PlanTotals {
  double pages = 0, text = 0, ids = 0, blocks = 0, repaired = 0, repeat_spans = 0, repeat_bytes = 0;
  double clean = 0, clean_stored = 0, removed_stored = 0;  ///< if nothing went, and if everything went
  double extracted_repaired = 0;                ///< of removed_stored: pages of ours that were repaired
  double extracted_stored = 0;                  ///< pages of ours, whether or not they were repaired
  double other = 0;                             ///< bytes of records without a page, which go through
  double seconds = 0;                           ///< of processor, to read and look at everything
  double kept = 0, kept_text = 0;               ///< pages that stay, and their bytes
  double met = 0, met_words = 0, met_text = 0;  ///< pages that are compared; texts that have to be stored
  bool compressed = false;                      ///< some of the input
  double near = 0;                              ///< pages that go as near-duplicates
  /// Bytes of memory that the largest pages seen take together, as many as may be in work at once: while they
  /// are read, and while they are compared. docs/scaling.md
  double largest_read = 0, largest_compared = 0;
};

PlanTotals TotalsOf(const std::vector<Found>& found, const DedupOptions& options);

}  // namespace refrain
