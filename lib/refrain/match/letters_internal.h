#pragma once
/// Slips in scripts that write no spaces between words (Thai, Lao, Khmer, Myanmar), where each letter is a
/// token: a letter too many or too few.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Behind piece `p` of `run` one place has a letter twice in a row that the other has once, in the middle of
/// words: the first place if `in_a`.
bool IsDoubledLetter(const Tokens& tokens, const std::vector<EdgeBits>& edges, const AlignedRun& run,
                     bool in_a, size_t p);

/// Extends the ends of `run` over a letter that one place has more, up to where a line begins or ends in one
/// of them, if all else between agrees and is no longer than six words. The search for runs needs more words
/// behind a difference. Constant.
void ExtendOverLetters(const Tokens& tokens, const std::vector<EdgeBits>& edges, AlignedRun* run);

}  // namespace refrain
