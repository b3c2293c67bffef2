#pragma once
/// A page as all steps of its repair look at it.

#include <span>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/edges_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Text, its words, and what stands between them. Refers to what is given.
struct PageView {
  std::string_view text;
  const Tokens& tokens;
  const std::vector<EdgeBits>& edges;  ///< of FindEdges, tokens.size() + 1
  std::span<const Span> apart = {};    ///< PageHints::apart
};

}  // namespace refrain
