#pragma once
/// The lines in which a passage stands, and those around it: titles, labels, questions, paragraphs.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/words_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Titles are no longer than this.
inline constexpr uint32_t kTitleWords = 25;

/// Answers for places of one page, whose view must outlive this; places are of tokens. Linear in the lines
/// asked about.
class Surroundings {
 public:
  explicit Surroundings(const PageView& page) : text_(page.text), tokens_(page.tokens), edges_(page.edges) {}

  /// The tokens of the line in front of the one that `token` stands on, or the last 400 of them. Empty if
  /// that one is the first, or begins more than 400 tokens before `token`.
  Span LineBefore(uint32_t token) const;

  /// The tokens [begin, end) stand on one line, which is not broken to a width.
  bool IsOneLine(uint32_t begin, uint32_t end) const;
  /// And are all of it.
  bool IsWholeLine(uint32_t begin, uint32_t end) const;
  /// They stand on the page's first line, or are all of it, and no more than a title's words end with them.
  bool IsFirstLine(uint32_t begin, uint32_t end) const;

  /// The line that begins at `edge` has so many words at most: a heading's length; so has none, at the end of
  /// the page.
  bool IsShortLine(uint32_t edge, uint32_t words = kHeadingWords) const;
  /// It begins with a name: "HAMLET: ...".
  bool IsLabelled(uint32_t edge) const;
  /// The line in front of `edge` ends in a question mark. REQUIRES: it lies between two tokens.
  bool EndsInQuestion(uint32_t edge) const;

  /// What begins at `begin` is what a line holds behind its name: "Title: ...".
  bool IsField(uint32_t begin) const;
  /// The lines [begin, end) stand between two paragraphs, as a call-out or a paragraph of an article does, or
  /// behind the last one; not beside a heading or a label, of so many words at most, as the entries of a list
  /// do.
  bool IsInText(uint32_t begin, uint32_t end, uint32_t heading) const;

 private:
  const std::string_view text_;
  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
};

}  // namespace refrain
