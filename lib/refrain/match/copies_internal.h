#pragma once
/// Which of two copies is the better one.

#include <cstdint>
#include <vector>

#include "refrain/match/evidence_internal.h"
#include "refrain/match/page_repeats.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"

namespace refrain {

/// The decision for one run: cut its first place (a) or its second (b), or leave both.
struct CopyChoice {
  uint32_t run = 0;
  bool cut_a = false;
  LeftBecause left = LeftBecause::kNothing;  ///< kNothing: one goes
  bool whole_copy = false;  ///< long and without gaps: short sentences in it need no evidence of their own
  CutBecause because = CutBecause::kSecond;  ///< what is wrong with the copy to cut
  Weight weight;                             ///< on request (PageRepeatOptions::explain), if it is left
};

/// Replaces `choices` with one for each run that is a repeat, in the order in which to cut; with none if
/// nothing can go and nobody asks why (PageRepeatOptions::explain). Runs of the same
/// two copies are decided together, so that a copy is not left in pieces. A copy is the better one
///  1. if it is not cut off;
///  2. if fewer of its sentences are glued together;
///  3. if it is part of a whole paragraph, where the other is a line or two of their own (a lead, a
///  call-out);
///  4. if it is in ordinary letters, the other in capitals;
///  5. if it has more of its paragraph breaks (a break inside a sentence counts against it);
///  6. if it has fewer entities that nobody has read ("&quot;");
///  7. if fewer of its lines are broken to a width;
///  8. if its words have their apostrophes and hyphens;
///  9. if its spelling is the one the page has more often, where they differ by a slip;
///  10. if it has its quotation marks;
///  11. if it stands in running text, the other on top of it or beside it;
///  12. if it comes first.
/// Whether it goes is a matter of evidence: a page that shows a passage twice looks different from one that
/// says something twice. What a copy needs is in docs/parameters.md. Wraps and tails are marked among the
/// page's edges. Linear but for sorting the runs.
void ChooseCopies(const PageView& page, const std::vector<AlignedRun>& runs, const PageRepeatOptions& options,
                  std::vector<CopyChoice>* choices);

}  // namespace refrain
