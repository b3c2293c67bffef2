#pragma once
/// Lines that end only because they were full.

#include <string_view>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Turns kLine into kWrap where a text was broken to a width: in blocks of lines as narrow as a screen,
/// behind lines too full for the next word that end no sentence. Linear.
void MarkWraps(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges);

}  // namespace refrain
