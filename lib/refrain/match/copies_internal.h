#pragma once
/// Which of two copies is the better one.

#include <cstdint>
#include <vector>

#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// The decision for one run: cut its first place (a) or its second (b).
struct CopyChoice {
  uint32_t run = 0;
  bool cut_a = false;
};

/// Replaces `choices` with one for each run that is a repeat, in the order in which to cut. Runs of the same
/// two copies are decided together, so that a copy is not left in pieces. A copy is the better one if it is
/// not cut off; then if fewer of its sentences are glued together; then if it has more of its paragraph
/// breaks (a break inside a sentence counts against it); then if it comes first. A run whose two places
/// overlap by more than all but `min_words` (a short passage over and over: a chorus line, a row of dashes
/// spelled out) is no repeat. `edges` are those of FindEdges.
void ChooseCopies(const Tokens& tokens, const std::vector<uint8_t>& edges,
                  const std::vector<AlignedRun>& runs, double min_words, std::vector<CopyChoice>* choices);

}  // namespace refrain
