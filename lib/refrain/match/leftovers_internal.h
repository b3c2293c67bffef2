#pragma once
/// Short sentences that are left of a copy that went.

#include <cstdint>

#include "refrain/match/word_cuts_internal.h"

namespace refrain {

/// Of a copy in another order paragraphs stay that are shorter than a repeat must be: nothing but their words
/// shows that they are one. Lets those go that stand between two passages that went, or
/// between one and the end of its line, if they end as sentences do and stand elsewhere in the page as whole
/// sentences: all of such a place, or whole lines of it.
/// `least_quarters`: the shortest repeat, in quarters of a word. Linear: a place has 64 words
/// at most.
void CutLeftovers(const PageView& page, uint64_t least_quarters, WordCuts* cuts);

}  // namespace refrain
