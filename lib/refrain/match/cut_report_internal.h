#pragma once
/// What is said about a page's repair: rows of what went, and on request of what was left.

#include <vector>

#include "refrain/match/copies_internal.h"
#include "refrain/match/cut_spans_internal.h"
#include "refrain/match/page_repeats.h"
#include "refrain/match/runs.h"
#include "refrain/match/word_cuts_internal.h"

namespace refrain {

/// Replaces `found->repeats` with a row for each stretch of cut words whose witnesses follow each other, but
/// for words that only the witness has. `words`: the tokens of each span of `found->cut`. Linear.
void ReportRepeats(const PageView& page, const PageRepeatOptions& options,
                   const std::vector<CutTokens>& words, WordCuts* cuts, PageRepeats* found);

/// Replaces `found->left` with every choice of which nothing went, but for what another run cut.
void ReportLeft(const PageView& page, const PageRepeatOptions& options, const std::vector<AlignedRun>& runs,
                const std::vector<CopyChoice>& choices, WordCuts* cuts, PageRepeats* found);

}  // namespace refrain
