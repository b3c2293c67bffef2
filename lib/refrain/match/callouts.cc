// Of two places that are made equally well, which one stands in running text: what has lost its quotation
// marks, and what stands beside the text, as a call-out or on top of it, is the worse copy.

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "refrain/base/utf8.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/entities_internal.h"
#include "refrain/match/evidence_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// Double ones: single ones are apostrophes as well.
bool IsQuotationMark(char32_t c) {
  return c == '"' || c == 0xAB || c == 0xBB || (c >= 0x201C && c <= 0x201F) || c == 0x2039 || c == 0x203A ||
         (c >= 0x300C && c <= 0x300F) || (c >= 0x301D && c <= 0x301F) || c == 0xFF02 || c == 0xFF62 ||
         c == 0xFF63;
}

// What stands between two words, letter by letter. Calls visit(c); entities are the marks they stand for.
template <typename Visit>
void ForEachMark(std::string_view text, uint32_t begin, uint32_t end, const Visit& visit) {
  const std::string_view gap = text.substr(begin, end - begin);
  for (size_t at = 0; at < gap.size();) {
    const Entity entity = gap[at] == '&' ? EntityAt(gap.substr(at)) : Entity();
    char32_t c = entity.character;
    if (entity.size > 0) {
      at += entity.size;
    } else if (!DecodeUtf8(gap, &at, &c)) {
      continue;
    }
    visit(c);
  }
}

uint32_t CountQuotationMarks(std::string_view text, uint32_t begin, uint32_t end) {
  uint32_t count = 0;
  ForEachMark(text, begin, end, [&](char32_t c) { count += IsQuotationMark(c); });
  return count;
}

}  // namespace

// The bytes in front of the token `edge`, as its neighbours share them.
Gap Evidence::GapAt(uint32_t edge) const {
  if (edge == 0) return {};  // all of it is the first word's
  const uint32_t begin = tokens_.ends[edge - 1];
  const uint32_t end = edge < tokens_.size() ? tokens_.begins[edge] : static_cast<uint32_t>(text_.size());
  return ShareGap(text_, begin, end);
}

int64_t Evidence::QuotationMarksLost(const AlignedRun& run) const {
  const auto within = [&](uint32_t edge) {
    const uint32_t begin = tokens_.ends[edge - 1], end = tokens_.begins[edge];
    // As between most words.
    if (end - begin <= 1 && (begin == end || text_[begin] != '"')) return uint32_t{0};
    return CountQuotationMarks(text_, begin, end);
  };
  int64_t lost = 0;
  uint32_t marks_a = 0, marks_b = 0;
  for (const RunPiece& piece : run.pieces) {
    for (uint32_t i = 1; i < piece.length; ++i) {
      const uint32_t in_a = within(piece.a + i), in_b = within(piece.b + i);
      lost += (in_a == 0 && in_b > 0) - (in_b == 0 && in_a > 0);
      marks_a += in_a, marks_b += in_b;
    }
  }
  if (lost != 0 || run.pieces.size() > 1) return lost;
  // Marks around the whole may be those of a call-out; but where one ends that did not begin, it was lost.
  // One that does not end is right: somebody's words go on in the next paragraph.
  const auto before = [&](uint32_t edge) {
    const uint32_t end = tokens_.begins[edge];
    return CountQuotationMarks(text_, GapAt(edge).opening_begin, end);
  };
  const auto behind = [&](uint32_t edge) {
    return CountQuotationMarks(text_, tokens_.ends[edge - 1], GapAt(edge).closing_end);
  };
  const uint32_t before_a = before(run.a_begin()), before_b = before(run.b_begin());
  marks_a += behind(run.a_end()), marks_b += behind(run.b_end());
  const auto has_lost = [](uint32_t front, uint32_t rest, uint32_t other_front, uint32_t other_rest) {
    return front == 0 && rest % 2 == 1 && other_front == 1 && other_rest % 2 == 1;
  };
  return has_lost(before_a, marks_a, before_b, marks_b) - has_lost(before_b, marks_b, before_a, marks_a);
}

int64_t Evidence::StandsApart(const AlignedRun& run, const Making& making) const {
  const uint32_t a = run.a_begin(), a_end = run.a_end(), b = run.b_begin(), b_end = run.b_end();
  if (const int64_t known = IsKnownApart({a, a_end}) - IsKnownApart({b, b_end}); known != 0) return known;
  if (look_.formatted() || look_.wrapped() || !IsParagraph(run, making) || Follows(run)) return 0;
  // A standfirst: between the page's first line and the author's name or the date, behind which the article
  // begins.
  const Span title = around_.LineBefore(a);
  if (title.empty() || title.begin != 0 || IsDateline(title)) return 0;
  const Span behind = {a_end, NextLine(edges_, a_end + 1)};
  return IsDateline(behind) && around_.IsInText(b, b_end, kHeadingWords) ? 1 : 0;
}

// Whoever reads the page has said so, of a stretch that is nothing but this and perhaps a line of a few
// words, who said it: longer ones are text, such as a letter or a law that is quoted. What is announced in
// front, "she wrote:", is part of the text all the same.
bool Evidence::IsKnownApart(Span place) const {
  const uint32_t begin = tokens_.begins[place.begin], end = tokens_.ends[place.end - 1];
  const auto stretch =
      std::partition_point(apart_.begin(), apart_.end(), [&](const Span& one) { return one.end <= begin; });
  if (stretch == apart_.end() || stretch->begin > begin || end > stretch->end) return false;
  if (edges_[place.begin] & Edge::kColon) return false;
  if (place.begin > 0 && tokens_.ends[place.begin - 1] > stretch->begin) return false;
  uint32_t quarters = 0;
  for (uint32_t i = place.end; i < tokens_.size() && tokens_.begins[i] < stretch->end; ++i) {
    quarters += tokens_.quarter_words(i);
    if (quarters > 4 * kHeadingWords) return false;
  }
  return true;
}

}  // namespace refrain
