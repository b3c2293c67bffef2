#pragma once
/// What stands between two tokens: line ends, sentence ends, lost spaces.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/text/line_ends.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Facts about the bytes in front of a token. One byte an edge; edge i stands in front of token i, edge
/// size() behind the last.
struct Edge {
  static constexpr uint8_t kLine = 1;      ///< a line ends here
  static constexpr uint8_t kSentence = 2;  ///< a sentence ends here
  static constexpr uint8_t kSpace = 4;     ///< white space of any kind
  static constexpr uint8_t kEllipsis = 8;  ///< "…", "...", "[…]"
  static constexpr uint8_t kLower =
      16;  ///< the word behind begins with a small letter (Latin, Greek, Cyrillic)

  /// A place where a passage may begin or end without leaving half a sentence.
  static bool IsUnit(uint8_t edge) { return edge & (kLine | kSentence); }
  /// A sentence ends and the next begins without the space between them.
  static bool IsGlued(uint8_t edge) { return (edge & kSentence) && !(edge & (kSpace | kLine)); }
};

/// Replaces `edges` with tokens.size() + 1 edges; both ends of the text are lines. Linear.
void FindEdges(std::string_view text, const Tokens& tokens, std::vector<uint8_t>* edges);

/// The bytes between two tokens, shared out: closing punctuation belongs to the word before, opening
/// punctuation to the word behind, white space stands between.
struct Gap {
  uint32_t closing_end = 0;    ///< the word before ends here, with its full stop and closing quotes
  uint32_t opening_begin = 0;  ///< the word behind begins here, with its opening quotes
};
Gap ShareGap(std::string_view text, uint32_t begin, uint32_t end);

}  // namespace refrain
