#pragma once
/// Blocks: the paragraphs of a page.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// One paragraph: a line that holds at least one token.
struct Block {
  Span span;           ///< the line without white space at its edges and without its line end
  uint32_t first = 0;  ///< its tokens are [first, last) of the page
  uint32_t last = 0;
  uint32_t size() const { return last - first; }
};

/// Replaces `blocks` with those of `text`, in order, disjoint. Lines end at LF, CR, CR LF, VT, FF, U+0085,
/// U+2028, U+2029. A token never crosses a block's edge. Linear.
void Segment(std::string_view text, const Tokens& tokens, std::vector<Block>* blocks);

}  // namespace refrain
