#pragma once
/// What stands between two tokens: line ends, sentence ends, lost spaces.

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/text/line_ends.h"
#include "refrain/text/tokens.h"

namespace refrain {

using EdgeBits = uint16_t;

/// Facts about the bytes in front of a token. Edge i stands in front of token i, edge
/// size() behind the last.
struct Edge {
  static constexpr EdgeBits kLine = 1;      ///< a line ends here
  static constexpr EdgeBits kSentence = 2;  ///< a sentence ends here
  static constexpr EdgeBits kSpace = 4;     ///< white space of any kind
  static constexpr EdgeBits kEllipsis = 8;  ///< "…", "...", "[…]"
  /// The word behind begins with a small letter (Latin, Greek, Cyrillic), and no blank line stands before it.
  static constexpr EdgeBits kLower = 16;
  static constexpr EdgeBits kTail =
      32;  ///< a cut-off text ends here: "… Read more" follows, then the line ends
  static constexpr EdgeBits kInTail = 64;  ///< the word behind is part of a tail

  static constexpr EdgeBits kColon =
      128;  ///< a colon, and what it announces behind a space, a line end or none

  /// A line ends here only because it was full: no kLine, the paragraph goes on.
  static constexpr EdgeBits kWrap = 256;

  /// A word was taken apart here (SplitSeams).
  static constexpr EdgeBits kSeam = 512;

  /// A quotation mark or a dash stands right before the word: speech may begin here.
  static constexpr EdgeBits kSpeech = 1024;

  /// A space in Thai, Lao, Khmer or Myanmar: a sentence may end here, or just a phrase (kSentence is set).
  static constexpr EdgeBits kPhrase = 2048;

  /// An entity stands here: "&quot;", not read.
  static constexpr EdgeBits kEntity = 4096;

  /// One passage ends here and the next begins, as the other places of both show (MarkJoints); kSentence is
  /// set too, unless both are of one run.
  static constexpr EdgeBits kJoint = 8192;

  /// A place where a passage may begin or end without leaving half a sentence. A line that goes on with a
  /// small letter is half a sentence mostly.
  static bool IsUnit(EdgeBits edge) { return (edge & kSentence) || ((edge & kLine) && !(edge & kLower)); }
  /// The same of the two places of a passage, of which one may have a colon where the other ends a line.
  static bool AreUnits(EdgeBits one, EdgeBits other) {
    return (IsUnit(one) && (IsUnit(other) || (other & kColon))) || (IsUnit(other) && (one & kColon));
  }
  /// One passage ends and the next begins without the space between them.
  static bool IsGlued(EdgeBits edge) {
    return (edge & (kSentence | kColon | kSeam)) && !(edge & (kSpace | kLine));
  }
};

/// The first edge from `from` on at which a line ends; edges.size() if none does. Eight edges a step.
inline uint32_t NextLine(const std::vector<EdgeBits>& edges, uint32_t from) {
  constexpr uint64_t kLines = Edge::kLine * uint64_t{0x0001000100010001};
  const size_t size = edges.size();
  size_t at = from;
  for (; at + 8 <= size; at += 8) {
    uint64_t halves[2];
    std::memcpy(halves, edges.data() + at, sizeof(halves));
    if (((halves[0] | halves[1]) & kLines) != 0) break;
  }
  while (at < size && !(edges[at] & Edge::kLine)) ++at;
  return static_cast<uint32_t>(at);
}

/// A line ends at `edge`, and it or the next one has 25 words: neither titles nor lines broken to a width are
/// that long. Constant.
bool IsBesideParagraph(const Tokens& tokens, const std::vector<EdgeBits>& edges, uint32_t edge);

/// Replaces `edges` with tokens.size() + 1 edges; both ends of the text are lines. Does not set kTail.
/// Linear.
void FindEdges(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges);

/// The letter at `at` is a small one, or a capital (Latin, Greek, Cyrillic, Armenian).
bool IsLowerAt(std::string_view text, uint32_t at);
bool IsUpperAt(std::string_view text, uint32_t at);
/// It is neither, so far as those two know: Arabic, Han, Hangul.
bool HasNoCaseAt(std::string_view text, uint32_t at);

/// The bytes between two tokens, shared out: closing punctuation belongs to the word before, opening
/// punctuation to the word behind, white space stands between.
struct Gap {
  uint32_t closing_end = 0;    ///< the word before ends here, with its full stop and closing quotes
  uint32_t opening_begin = 0;  ///< the word behind begins here, with its opening quotes
};
Gap ShareGap(std::string_view text, uint32_t begin, uint32_t end);

}  // namespace refrain
