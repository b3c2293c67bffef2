#pragma once
/// Words glued together where two passages meet ("SaysOn").

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Replaces `split` with `tokens` in which words are taken apart that another copy shows apart: inside a run
/// (a kSeam gap), or where verbatim words end and one copy's passage is over ("…he saysOn Friday" against
/// "…he says", end of line). Then runs and cuts can end inside such a word. Returns whether there is any; if
/// not, `split` is left as it was. `edges` are those of FindEdges. Linear in tokens and runs.
bool SplitSeams(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                const std::vector<AlignedRun>& runs, Tokens* split);

/// Sets kJoint and kSentence where one run ends and another begins while lines end and begin in the other
/// place of each: so passages meet that stand in another order elsewhere, even without a full stop or a space
/// between them, as in Thai. Linear but for sorting the runs.
void MarkJoints(const Tokens& tokens, const std::vector<AlignedRun>& runs, std::vector<EdgeBits>* edges);

}  // namespace refrain
