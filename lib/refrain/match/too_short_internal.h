#pragma once
/// The look before the costly one (evidence_internal.h): laws, manuals and lists repeat a few words all over,
/// and nearly all of it is too short for its page, whatever else may be said of either.

#include <vector>

#include "refrain/match/making_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// True only if Evidence::Judge, given these, would let none of `runs` go: all have fewer words than it asks
/// of their kind at least. `makings`: one for each run, its own or that of all runs of the same two copies.
/// Linear but for sorting the runs.
bool AreAllTooShort(const Tokens& tokens, const std::vector<AlignedRun>& runs,
                    const std::vector<const Making*>& makings, double min_words);

}  // namespace refrain
