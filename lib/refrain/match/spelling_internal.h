#pragma once
/// Of two spellings of a word the one that the page has more often is right.

#include <cstdint>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/making_internal.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"

namespace refrain {

/// A word that one place of a run has with a hyphen and the other without.
struct Hyphen {
  uint32_t run = 0;
  uint32_t apart = 0;      ///< the first of its two tokens where it has one
  Span without;            ///< its bytes where it has none
  int64_t joined = 0;      ///< what it adds to Making::joined: 1 or -1
  int64_t less_often = 0;  ///< filled in: by how many times the page has it more often without
};

/// Hyphens of lines that were put together again ("gov-ernment") are none that the other place has lost:
/// where the page has more of these words as a whole than with a hyphen, Making::joined turns, for each place
/// of a run by itself. Words are compared whole and folded: "cooperation" says nothing of "co-op". Sorts
/// `hyphens`. One pass over the page, if there are any.
void WeighHyphens(const PageView& page, std::vector<Hyphen>* hyphens, std::vector<Making>* makings);

/// Fills Making::misspelt: slips whose word is more common in the page as the other place has it. The same
/// cost.
void WeighSlips(const PageView& page, const std::vector<AlignedRun>& runs, std::vector<Making>* makings);

}  // namespace refrain
