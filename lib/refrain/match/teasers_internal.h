#pragma once
/// What text alone cannot find but lines and sentences can: cut-off leads of a few words, and slips at a
/// passage's very edge.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Appends a run for each line that ends in an ellipsis (and at most four words behind it, "… Read more") and
/// shows, with three words or more, how another line begins that goes on. Such a line is a repeat however
/// short it is. `edges` are those of FindEdges. Lines that a run of `runs` begins with already are left to
/// it. Linear.
void FindTeasers(const Tokens& tokens, const std::vector<uint8_t>& edges, std::vector<AlignedRun>* runs);

/// Extends the ends of `run` by up to six words to where a passage begins or ends in both places, if all
/// words between agree but for slips. The search for runs does not step over a slip with fewer than three
/// verbatim words behind it; at an edge there are none.
void ExtendToEdges(std::string_view text, const Tokens& tokens, const std::vector<uint8_t>& edges,
                   int max_edits, AlignedRun* run);

/// Words behind an ellipsis that still belong to it.
inline constexpr uint32_t kTailWords = 4;

/// The end of the tail that begins at edge `edge`: the first token behind it, which begins a line, or `edge`
/// itself if there is no ellipsis there or too much behind it.
uint32_t TailEnd(const std::vector<uint8_t>& edges, uint32_t edge);

}  // namespace refrain
