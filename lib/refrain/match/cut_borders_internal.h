#pragma once
/// Where a passage that goes may begin and end, so that no half sentence is left.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Answers for words that go and the words that stay for them. Most scripts end sentences with a mark. Thai,
/// Lao, Khmer and Myanmar have spaces between phrases instead, and none between words: what may stand there
/// the other place has to tell, and it is asked first. Constant, but for the line of a title. Not thread
/// safe.
class CutBorders {
 public:
  /// Takes a page, which must outlive this.
  void Start(const PageView& page);

  /// Whether the passage may begin in front of `token`, which the witness shows as `other`: at a sentence or
  /// line of its own, or where the witness begins a line and a sentence may begin.
  bool MayBegin(uint32_t token, uint32_t other);
  /// The same for the end behind `token`. `next_stays`: there is a word behind it, which does not go.
  bool MayEnd(uint32_t token, uint32_t other, bool next_stays);

  /// The fewest quarters of a word that may go between two edges: `least`, or more between two spaces that
  /// both may stand around a name.
  uint64_t LeastBetween(uint32_t begin, uint32_t end, uint64_t least) const;

 private:
  EdgeBits EdgeAt(uint32_t edge) const { return (*edges_)[edge]; }
  bool IsHeading(uint32_t token) const;
  bool IsHalfPhrase(uint32_t edge, uint32_t other);
  bool IsTitle(uint32_t edge);
  bool IsBehindLead(uint32_t edge, uint32_t other) const;
  bool IsPhrase(uint32_t edge) const;

  std::string_view text_;
  const Tokens* tokens_ = nullptr;
  const std::vector<EdgeBits>* edges_ = nullptr;
  Span title_;  // the tokens of the last line that was no longer than one
};

}  // namespace refrain
