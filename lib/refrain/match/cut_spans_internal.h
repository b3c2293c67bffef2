#pragma once
/// From words that go to bytes that clean text leaves out.

#include <cstdint>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/word_cuts_internal.h"

namespace refrain {

/// The tokens [first, last) that a span of cut bytes takes out.
struct CutTokens {
  uint32_t first = 0;
  uint32_t last = 0;
};

/// Replaces `cut` with the bytes to leave out, as PageRepeats::cut has them, and `words` with the tokens of
/// each. What would dangle goes along: the tail of a cut-off lead, white space, the marks around a passage,
/// blank lines between lines that go. Linear.
void FindCutSpans(const PageView& page, WordCuts* cuts, std::vector<Span>* cut,
                  std::vector<CutTokens>* words);

}  // namespace refrain
