#include "refrain/match/cut_borders_internal.h"

#include <algorithm>
#include <cstddef>

#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// Titles in Thai and its like are no longer than this: phrases without a full stop at their end.
constexpr uint64_t kTitleQuarters = 60 * 4;
// From the end of a lead to the end of what its paragraph shows of it, and the date between them, at most.
constexpr uint32_t kLeadWords = 160;
// Other headings; of a line as short as this no half goes.
constexpr uint64_t kHeadingQuarters = 4 * kHeadingWords;
// In Thai and its like names stand between spaces, as sentences do: of a ministry or an office, they have
// fewer words than this.
constexpr uint64_t kNameQuarters = 25 * 4;

}  // namespace

void CutBorders::Start(const PageView& page) {
  text_ = page.text;
  tokens_ = &page.tokens;
  edges_ = &page.edges;
  title_ = {};
}

bool CutBorders::MayBegin(uint32_t token, uint32_t other) {
  if (IsHalfPhrase(token, other)) return false;
  if (Edge::IsUnit(EdgeAt(token)) || (EdgeAt(token) & EdgeAt(other) & Edge::kLine)) return true;
  const uint32_t begin = tokens_->begins[token], before = tokens_->ends[token - 1];
  if (EdgeAt(other) & Edge::kLine) return !IsLowerAt(text_, begin) && !IsHeading(token);
  if (!(EdgeAt(other) & Edge::kSentence)) return false;
  // Behind a caption that ends without a full stop, but not behind "he said:". Quotation marks in front of
  // the word go with it.
  const std::string_view gap = text_.substr(before, ShareGap(text_, before, begin).opening_begin - before);
  if (gap.find_first_not_of(" )]") != std::string_view::npos) return false;
  if (gap.empty()) return !IsLowerAt(text_, begin);
  // In Thai and its like a space ends no sentence.
  const bool no_case = HasNoCaseAt(text_, begin) && tokens_->quarter_words(token) != TokenTraits::kQuarter;
  return no_case || IsUpperAt(text_, begin);
}

bool CutBorders::MayEnd(uint32_t token, uint32_t other, bool next_stays) {
  const EdgeBits edge = EdgeAt(token + 1);
  if (IsHalfPhrase(token + 1, other + 1)) return false;
  // A heading announces what stays.
  constexpr EdgeBits kAnnounces = Edge::kLine | Edge::kColon;
  if ((edge & kAnnounces) == kAnnounces && next_stays && IsHeading(token)) return false;
  if (Edge::IsUnit(edge) || (edge & (Edge::kEllipsis | Edge::kTail))) return true;
  if (edge & EdgeAt(other + 1) & Edge::kLine) return true;
  if (!(EdgeAt(other + 1) & Edge::kLine)) return false;
  return token + 1 == tokens_->size() || (!IsLowerAt(text_, tokens_->begins[token + 1]) && !IsHeading(token));
}

uint64_t CutBorders::LeastBetween(uint32_t begin, uint32_t end, uint64_t least) const {
  return IsPhrase(begin) && IsPhrase(end) ? std::max(least, kNameQuarters) : least;
}

// The line of `token` has a heading's length.
bool CutBorders::IsHeading(uint32_t token) const {
  uint64_t quarters = 0;
  for (uint32_t i = token; quarters <= kHeadingQuarters; --i) {
    quarters += tokens_->quarter_words(i);
    if (EdgeAt(i) & Edge::kLine) break;
  }
  for (uint32_t i = token + 1; quarters <= kHeadingQuarters && !(EdgeAt(i) & Edge::kLine); ++i)
    quarters += tokens_->quarter_words(i);
  return quarters <= kHeadingQuarters;
}

// In scripts without spaces between words: inside a phrase, or between phrases of one sentence as far as the
// other place shows. A title is phrases with spaces between them, and goes whole or stays. Elsewhere what
// ends a line in the other place ends here too, even where it is glued to what follows.
bool CutBorders::IsHalfPhrase(uint32_t edge, uint32_t other) {
  constexpr EdgeBits kWhole = Edge::kLine | Edge::kEllipsis | Edge::kTail | Edge::kJoint;
  if (EdgeAt(edge) & kWhole) return false;
  if (EdgeAt(edge) & Edge::kPhrase) return !(EdgeAt(other) & kWhole) || IsTitle(edge);
  const bool inside = !(EdgeAt(edge) & Edge::kSpace) && edge < tokens_->size() &&
                      tokens_->quarter_words(edge) == TokenTraits::kQuarter;
  return inside &&
         (!IsBesideParagraph(*tokens_, *edges_, other) || IsTitle(edge) || IsBehindLead(edge, other));
}

// The line around `edge`, which stands inside it, is no longer than a title.
bool CutBorders::IsTitle(uint32_t edge) {
  if (edge > title_.begin && edge < title_.end) return true;
  uint64_t quarters = 0;
  Span line = {edge, edge};
  while (line.begin > 0 && !(EdgeAt(line.begin) & Edge::kLine) && quarters <= kTitleQuarters)
    quarters += tokens_->quarter_words(--line.begin);
  while (line.end < tokens_->size() && !(EdgeAt(line.end) & Edge::kLine) && quarters <= kTitleQuarters)
    quarters += tokens_->quarter_words(line.end++);
  if (quarters > kTitleQuarters) return false;
  title_ = line;
  return true;
}

// The other place stands right in front: lines that stop inside a phrase there are a lead of this paragraph.
// What a blob glues to another text stands further away.
bool CutBorders::IsBehindLead(uint32_t edge, uint32_t other) const {
  return other < edge && QuarterWords(*tokens_, std::max(other, edge - std::min(edge, 4 * kLeadWords)),
                                      edge) < 4 * kLeadWords;
}

// Nothing but a space between phrases stands there.
bool CutBorders::IsPhrase(uint32_t edge) const {
  return (EdgeAt(edge) & (Edge::kPhrase | Edge::kLine)) == Edge::kPhrase;
}

}  // namespace refrain
