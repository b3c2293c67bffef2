#include "refrain/match/making_internal.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include <absl/container/inlined_vector.h>

#include "refrain/match/columns_internal.h"
#include "refrain/match/spelling_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// A call-out or a lead has at most so many lines.
constexpr uint32_t kCalloutLines = 3;
// The line around a call-out is a paragraph if it is a whole sentence, or as long as this.
constexpr uint32_t kParagraphWords = 25;
// And has at least so many words beside the call-out.
constexpr uint32_t kOtherWords = 4;
// In Thai and its like a lead may stop inside a phrase of its paragraph, which is longer than this: shorter
// lines are titles.
constexpr uint32_t kLongTitleWords = 60;
// What fits into a line of a screen is shorter, in Thai and its like.
constexpr uint32_t kScreenWords = 35;
// Between a lead and its paragraph.
constexpr uint32_t kNearWords = 100;
// Of lines broken to a width one other may stand beside so many; the widest has so many columns, or if
// several show it, so many; and one that lacks so little is as good as full: quotation marks among Han are
// wide or narrow.
constexpr size_t kFullLinesAnOther = 6, kSeveral = 3;
constexpr uint32_t kNarrowest = 50, kNarrowestOfSeveral = 24, kExact = 2;
// Where a line may be broken inside a word (U+200B), which nobody sees.
constexpr std::string_view kBreakMark = "\u200B";

// Marks in front of key points.
constexpr std::string_view kBullets[] = {"-",      "*",      "\u2013", "\u2014", "\u2022",
                                         "\u00B7", "\u2219", "\u25AA", "\u2023", "\u25B8",
                                         "\u25BA", "\u25CF", "\u25E6", "\u25A0", "\u27A4"};

void CompareGaps(EdgeBits a, EdgeBits b, Making* making) {
  const auto wraps = [](EdgeBits one, EdgeBits other) {
    return (one & Edge::kWrap) && !(other & (Edge::kWrap | Edge::kLine));
  };
  making->wraps += wraps(a, b) - wraps(b, a);
  making->entities += ((a & ~b) & Edge::kEntity) != 0;
  making->entities -= ((b & ~a) & Edge::kEntity) != 0;
}

// The copy stops here, at a line's end or a tail, where the other copy goes on.
bool CutOff(EdgeBits edge, EdgeBits other) {
  constexpr EdgeBits kTorn = Edge::kEllipsis | Edge::kTail;
  if (other & kTorn) return false;
  if ((edge & Edge::kEllipsis) && (edge & Edge::kTail)) return true;
  const bool goes_on = !(other & (Edge::kLine | Edge::kSentence | Edge::kColon));
  return goes_on && ((edge & kTorn) || ((edge & Edge::kLine) && !(edge & Edge::kSentence)));
}

// A stretch of the page that one side of a run shows.
struct Stretch {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Compares the two places of every run of a page.
class Comparison {
 public:
  Comparison(const PageView& page, const std::vector<AlignedRun>& runs)
      : text_(page.text), tokens_(page.tokens), edges_(page.edges), runs_(runs), makings_(runs.size()) {
    FindLines();
    for (uint32_t run = 0; run < runs_.size(); ++run) Compare(run);
    WeighEnclosures();
    WeighHyphens(page, &hyphens_, &makings_);
    WeighSlips(page, runs_, &makings_);
  }

  std::vector<Making>& makings() { return makings_; }

 private:
  // One side of a run stands inside a line of the other side.
  struct Enclosure {
    uint32_t line = 0;   // number of that line
    Stretch inside;      // of it
    uint32_t lines = 0;  // that the other side takes for it
    uint32_t run = 0;
    bool a_enclosed = false;
  };

  void FindLines() {
    line_.resize(edges_.size());
    uint32_t number = 0;
    for (uint32_t i = 0; i < edges_.size(); ++i) {
      if (edges_[i] & Edge::kLine) {
        number = static_cast<uint32_t>(line_begins_.size());
        line_begins_.push_back(i);
      }
      line_[i] = number;
    }
    line_breaks_lost_.assign(line_begins_.size(), 0);
  }

  // Lines from the first word of the stretch to its last, less one.
  uint32_t LineBreaks(Stretch s) const { return line_[s.end - 1] - line_[s.begin]; }
  // What a lead shows begins here: a sentence, a line, or speech.
  bool MayBegin(uint32_t edge) const {
    return edges_[edge] & (Edge::kLine | Edge::kWrap | Edge::kSentence | Edge::kColon | Edge::kSpeech);
  }
  // A space is lost. Han and kana have none behind a full stop, nor have the numbers among them.
  bool IsGlued(uint32_t edge) const {
    const auto half = [&](uint32_t token) { return tokens_.quarter_words(token) == TokenTraits::kHalf; };
    return Edge::IsGlued(edges_[edge]) && !(edge > 0 && half(edge - 1)) &&
           !(edge < tokens_.size() && half(edge));
  }
  bool IsApart(uint32_t edge) const { return edges_[edge] & (Edge::kLine | Edge::kSentence | Edge::kSpace); }
  // Words are written without spaces on both sides of `edge`.
  bool HasNoSpaces(uint32_t edge) const {
    const auto quarter = [&](uint32_t token) {
      return tokens_.quarter_words(token) == TokenTraits::kQuarter;
    };
    return edge > 0 && edge < tokens_.size() && quarter(edge - 1) && quarter(edge);
  }
  // A space stands beside a letter of Thai and its like, which have no full stops: a sentence may end there,
  // also where a number or a foreign word follows.
  bool MayEndPhrase(uint32_t edge) const {
    const auto quarter = [&](uint32_t token) {
      return tokens_.quarter_words(token) == TokenTraits::kQuarter;
    };
    return (edges_[edge] & (Edge::kSpace | Edge::kLine)) && edge > 0 && edge < tokens_.size() &&
           (quarter(edge - 1) || quarter(edge));
  }
  // From the first token on, and no further than needed to know.
  bool HasMoreWords(uint32_t begin, uint32_t end, uint32_t words) const {
    uint32_t quarters = 0;
    for (uint32_t i = begin; i < end && quarters <= 4 * words; ++i) quarters += tokens_.quarter_words(i);
    return quarters > 4 * words;
  }
  // What stands in the last of its lines.
  Stretch LastLine(Stretch s) const { return {std::max(s.begin, line_begins_[line_[s.end - 1]]), s.end}; }
  // In Thai and its like, where no full stop shows it: a lead of several lines, whose last line goes on in
  // the other place.
  bool IsLongLead(Stretch lead, Stretch paragraphs) const {
    return tokens_.quarter_words(paragraphs.end - 1) == TokenTraits::kQuarter &&
           lead.end <= paragraphs.begin && LineBreaks(lead) >= LineBreaks(paragraphs) &&
           !HasMoreWords(lead.end, paragraphs.begin, kNearWords);
  }
  // A lead in front of its paragraph and near it. What comes behind, or far away, may as well be a paragraph
  // that a blob shows with the next one glued to it.
  bool StopsInsidePhrase(Stretch lead, Stretch paragraph) const {
    const uint32_t line = line_[paragraph.begin];
    return HasNoSpaces(paragraph.end) && lead.end <= paragraph.begin &&
           !HasMoreWords(lead.end, paragraph.begin, kNearWords) &&
           HasMoreWords(line_begins_[line], line_begins_[line + 1], kLongTitleWords);
  }
  // Behind a line that is too long for a heading.
  bool IsBehindLongLine(uint32_t edge) const {
    return edge > 0 && HasMoreWords(line_begins_[line_[edge - 1]], edge, kHeadingWords);
  }
  // A line that ends at `edge`, and goes on at `other`. Adds it to `unclear` if nothing tells whether it is a
  // heading, and the next word has no case that could. Of Thai and its like lines end where phrases do.
  void CountBreak(uint32_t edge, uint32_t other, Breaks* breaks, std::vector<uint32_t>* unclear) const {
    if (!(edges_[edge] & Edge::kLine) || (edges_[other] & Edge::kLine)) return;
    if (((edges_[edge] | edges_[other]) & (Edge::kSentence | Edge::kColon | Edge::kEllipsis)) ||
        MayEndPhrase(other)) {
      ++breaks->whole;
    } else if (edges_[edge] & Edge::kLower) {
      ++breaks->within;
    } else {
      ++breaks->unclear;
      breaks->long_unclear += IsBehindLongLine(edge);
      if (edge < tokens_.size() && tokens_.quarter_words(edge) != TokenTraits::kQuarter &&
          HasNoCaseAt(text_, tokens_.begins[edge])) {
        unclear->push_back(edge);
      }
    }
  }
  uint32_t ColumnsOfLine(uint32_t line) const {
    const uint32_t begin = tokens_.begins[line_begins_[line]];
    return Columns(text_.substr(begin, tokens_.ends[line_begins_[line + 1] - 1] - begin));
  }
  // Where letters have no case, a line that ends inside a sentence looks like a heading. But lines that were
  // broken to a width are too full for the next word, by the widest one of the place, and a heading is
  // narrower than the paragraph under it.
  void TakeFullLines(Stretch place, std::vector<uint32_t>* lines, Breaks* breaks) const {
    // In front of the place and behind it are lines that the other has not.
    std::vector<uint32_t>& unclear = *lines;
    std::erase_if(unclear, [&](uint32_t edge) { return edge <= place.begin || edge >= place.end; });
    if (unclear.empty()) return;
    uint32_t widest = 0;
    for (uint32_t line = line_[place.begin]; line <= line_[place.end - 1]; ++line)
      widest = std::max(widest, ColumnsOfLine(line));
    const uint32_t narrowest = unclear.size() < kSeveral ? kNarrowest : kNarrowestOfSeveral;
    if (widest < narrowest || widest > kWidestColumns) return;
    const auto is_full = [&](uint32_t edge) {
      const uint32_t word = Columns(Slice(text_, tokens_.span(edge)));
      return ColumnsOfLine(line_[edge - 1]) + 1 + word + kExact > widest;
    };
    const auto full = static_cast<size_t>(std::count_if(unclear.begin(), unclear.end(), is_full));
    if ((unclear.size() - full) * kFullLinesAnOther > full) return;
    breaks->within += static_cast<int64_t>(unclear.size());
    breaks->unclear -= static_cast<int64_t>(unclear.size());
    for (const uint32_t edge : unclear) breaks->long_unclear -= IsBehindLongLine(edge);
  }
  void CompareEdge(uint32_t a, uint32_t b, Making* making) {
    CompareSpaces(a, b, making);
    CountBreak(a, b, &making->breaks_a, &unclear_a_);
    CountBreak(b, a, &making->breaks_b, &unclear_b_);
  }
  void CompareSpaces(uint32_t a, uint32_t b, Making* making) {
    const bool seam_a = edges_[a] & Edge::kSeam, seam_b = edges_[b] & Edge::kSeam;
    const auto inside = [&](uint32_t edge) { return edge > 0 && edge < tokens_.size(); };
    if (seam_a != seam_b && inside(a) && inside(b) && IsGlued(seam_a ? a : b)) {
      const uint32_t whole = seam_a ? a : b, apart = seam_a ? b : a;
      CompareWords({apart - 1, apart + 1}, {whole - 1, whole + 1}, seam_a, making);
    } else {
      making->glued += IsGlued(a) - IsGlued(b);
    }
    CompareGaps(edges_[a], edges_[b], making);
  }
  // Where what both places have begins and ends, one of them may go on in its line with what the other has
  // not. That tells of paragraphs only if no line break inside says that both have them, and a line that is
  // cut off is none.
  void CountBreaksAround(Making* making) {
    if (making->shared_breaks > 0) return;
    const auto count = [&](uint32_t edge, uint32_t other, Breaks* breaks, std::vector<uint32_t>* unclear) {
      constexpr EdgeBits kEnd = Edge::kSentence | Edge::kColon | Edge::kEllipsis | Edge::kTail;
      if ((edges_[edge] & Edge::kEllipsis) && !(edges_[other] & kEnd)) return;
      CountBreak(edge, other, breaks, unclear);
    };
    for (const auto& [a, b] : around_) {
      count(a, b, &making->breaks_a, &unclear_a_);
      count(b, a, &making->breaks_b, &unclear_b_);
    }
  }
  // White space stands between two words of the stretch, unlike in "don't" and "e-mail".
  bool HasSpace(Stretch s) const {
    return std::any_of(edges_.begin() + s.begin + 1, edges_.begin() + s.end,
                       [](EdgeBits edge) { return edge & (Edge::kSpace | Edge::kLine); });
  }
  bool EndsLine(uint32_t edge) const { return edges_[edge] & (Edge::kLine | Edge::kTail); }
  bool IsWholeLines(Stretch s) const { return (edges_[s.begin] & Edge::kLine) && EndsLine(s.end); }

  // Words of the lines inside the stretch that end sentences, between parts of a line that is edited further
  // on. Of Thai and its like nothing tells sentences from phrases.
  uint32_t LinesInside(Stretch s) const {
    const auto ends = [&](uint32_t edge) {
      constexpr EdgeBits kEnd = Edge::kLine | Edge::kSentence;
      return (edges_[edge] & (kEnd | Edge::kPhrase)) == kEnd;
    };
    uint32_t begin = s.begin, end = s.end;
    while (begin < s.end && !ends(begin)) ++begin;
    while (end > begin && !ends(end)) --end;
    return end - begin;
  }
  // Of stretches that are not whole lines in either place.
  void AddLines(Stretch a, Stretch b, Making* making) const {
    if (a.begin >= a.end || b.begin >= b.end || IsWholeLines(a) || IsWholeLines(b)) return;
    making->lines_inside += std::min(LinesInside(a), LinesInside(b));
  }

  void Compare(uint32_t number) {
    const AlignedRun& run = runs_[number];
    Making& making = makings_[number];
    size_t first = 0, first_a = 0, first_b = 0;
    unclear_a_.clear();
    unclear_b_.clear();
    around_.clear();
    for (size_t p = 0; p < run.pieces.size(); ++p) {
      const RunPiece& piece = run.pieces[p];
      for (uint32_t i = 1; i < piece.length; ++i) CompareWithin(piece.a + i, piece.b + i, &making);
      making.words += piece.length;
      making.quarters += QuarterWords(tokens_, piece.b, piece.b + piece.length);
      const bool last = p + 1 == run.pieces.size();
      if (!last && run.gaps[p] == GapKind::kSlip) continue;
      if (!last && run.gaps[p] == GapKind::kSeam) {
        const uint32_t in_a = run.pieces[p + 1].a - (piece.a + piece.length);
        const uint32_t in_b = run.pieces[p + 1].b - (piece.b + piece.length);
        const bool a_joined = in_a < in_b;
        const Stretch apart = a_joined ? Stretch{piece.b + piece.length, run.pieces[p + 1].b}
                                       : Stretch{piece.a + piece.length, run.pieces[p + 1].a};
        const Stretch joined = a_joined ? Stretch{piece.a + piece.length, run.pieces[p + 1].a}
                                        : Stretch{piece.b + piece.length, run.pieces[p + 1].b};
        CompareWords(apart, joined, a_joined, &making);
        continue;
      }
      making.differences += !last && IsDifference(run, p);
      making.replacements += !last && run.gaps[p] == GapKind::kOther;
      AddLines({run.pieces[first_a].a, piece.a + piece.length},
               {run.pieces[first_b].b, piece.b + piece.length}, &making);
      // Words that only the other side has do not tear a side.
      if (last || run.gaps[p] != GapKind::kExtraB) {
        const Stretch a = {run.pieces[first_a].a, piece.a + piece.length};
        making.whole_a += a.begin < a.end && IsWholeLines(a) ? a.end - a.begin : 0;
        first_a = p + 1;
      }
      if (last || run.gaps[p] != GapKind::kExtraA) {
        const Stretch b = {run.pieces[first_b].b, piece.b + piece.length};
        making.whole_b += b.begin < b.end && IsWholeLines(b) ? b.end - b.begin : 0;
        first_b = p + 1;
      }
      CompareStretch(number, {run.pieces[first].a, piece.a + piece.length},
                     {run.pieces[first].b, piece.b + piece.length}, first > 0);
      first = p + 1;
    }
    CountBreaksAround(&making);
    // A lead or a blob is one line; a column of paragraphs that stops in the middle of a sentence just has an
    // edit there, unless dots end it.
    const auto cut_off = [&](Stretch one, Stretch other) {
      return (edges_[one.begin] & Edge::kLine) &&
             (LineBreaks(one) == 0 || (edges_[one.end] & Edge::kEllipsis)) && MayBegin(other.begin) &&
             CutOff(edges_[one.end], edges_[other.end]);
    };
    const Stretch a = {run.a_begin(), run.a_end()}, b = {run.b_begin(), run.b_end()};
    making.cut_off = cut_off(a, b) - cut_off(b, a);
    TakeFullLines(a, &unclear_a_, &making.breaks_a);
    TakeFullLines(b, &unclear_b_, &making.breaks_b);
    making.enclosed += (KeyPoints(run, true) - KeyPoints(run, false)) * static_cast<int64_t>(making.words);
    CompareCase(run, &making);
  }

  // All lines of one place are sentences behind bullets, and those of the other have none: key points, taken
  // from paragraphs that say the same. 1 or 0.
  int64_t KeyPoints(const AlignedRun& run, bool of_a) const {
    constexpr EdgeBits kEnd = Edge::kLine | Edge::kSentence;
    for (const RunPiece& piece : run.pieces) {
      const uint32_t ours = of_a ? piece.a : piece.b, theirs = of_a ? piece.b : piece.a;
      if (!(edges_[ours] & edges_[theirs] & Edge::kLine)) return 0;
      if ((edges_[ours + piece.length] & kEnd) != kEnd) return 0;
      for (uint32_t i = 0; i < piece.length; ++i) {
        if (!((edges_[ours + i] | edges_[theirs + i]) & Edge::kLine)) continue;
        if (!HasBullet(ours + i) || HasBullet(theirs + i)) return 0;
      }
    }
    return 1;
  }
  bool HasBullet(uint32_t edge) const {
    const uint32_t end = tokens_.begins[edge];
    uint32_t begin = edge > 0 ? tokens_.ends[edge - 1] : 0;
    for (uint32_t at = begin; at < end;) {
      const uint32_t line_end = LineEndAt(text_, at);
      at += std::max(line_end, 1u);
      if (line_end > 0) begin = at;
    }
    std::string_view gap = text_.substr(begin, end - begin);
    const auto strip = [&](std::string_view space) {
      while (gap.starts_with(space)) gap.remove_prefix(space.size());
      while (gap.ends_with(space)) gap.remove_suffix(space.size());
    };
    for (const std::string_view space : {" ", "\t", "\u00A0", " ", "\t"}) strip(space);
    return std::find(std::begin(kBullets), std::end(kBullets), gap) != std::end(kBullets);
  }

  // Whether a word is in capitals: by its second letter, since many words begin with one.
  enum class Case : uint8_t { kNone, kSmall, kCapitals };
  Case CaseOf(uint32_t token) const {
    const Span word = tokens_.span(token);
    uint32_t second = word.begin + 1;
    while (second < word.end && (static_cast<unsigned char>(text_[second]) & 0xC0) == 0x80) ++second;
    if (second >= word.end) return Case::kNone;
    return IsUpperAt(text_, second) ? Case::kCapitals : IsLowerAt(text_, second) ? Case::kSmall : Case::kNone;
  }

  // One place is in capitals where the other is not: of some words here and there, nearly all.
  void CompareCase(const AlignedRun& run, Making* making) const {
    constexpr uint32_t kWords = 16, kLeast = 4;
    uint32_t cased = 0, capitals_a = 0, capitals_b = 0;
    const auto compare = [&](const RunPiece& piece, uint32_t i) {
      const Case a = CaseOf(piece.a + i), b = CaseOf(piece.b + i);
      if (a == Case::kNone || b == Case::kNone) return;
      ++cased;
      capitals_a += a == Case::kCapitals && b == Case::kSmall;
      capitals_b += b == Case::kCapitals && a == Case::kSmall;
    };
    // Of the longest piece: most runs have one.
    const RunPiece& piece = *std::max_element(
        run.pieces.begin(), run.pieces.end(),
        [](const RunPiece& one, const RunPiece& other) { return one.length < other.length; });
    const uint32_t step = std::max<uint32_t>(piece.length / kWords, 1);
    for (uint32_t i = 0; i < piece.length; i += step) compare(piece, i);
    if (cased < kLeast) return;
    if (capitals_a * 4 >= cased * 3) making->capitals = static_cast<int64_t>(making->words);
    if (capitals_b * 4 >= cased * 3) making->capitals = -static_cast<int64_t>(making->words);
  }

  // Both sides have words of their own behind piece p, or one has a few: not a paragraph that the other
  // lacks.
  static bool IsDifference(const AlignedRun& run, size_t p) {
    constexpr uint32_t kFew = 8;
    if (run.gaps[p] == GapKind::kOther) return true;
    const RunPiece &piece = run.pieces[p], &next = run.pieces[p + 1];
    return std::max(next.a - piece.a - piece.length, next.b - piece.b - piece.length) < kFew;
  }

  // An edge between two words of a run. Where sentences of one line are lines of their own in the other copy,
  // the line is a blob.
  void CompareWithin(uint32_t a, uint32_t b, Making* making) {
    const bool shared = edges_[a] & edges_[b] & Edge::kLine;
    making->shared_breaks += shared;
    const bool open = shared && !(edges_[a] & Edge::kSentence) && !MayEndPhrase(a);
    making->open_breaks += open;
    making->open_long += open && IsBehindLongLine(a);
    if (edges_[a] == edges_[b]) return;  // as most are
    CompareEdge(a, b, making);
    making->glued += IsParagraphLost(a, b) - IsParagraphLost(b, a);
    making->listed += IsListed(a, b) || IsListed(b, a);
    if (!((edges_[a] ^ edges_[b]) & Edge::kLine)) return;
    if (!((edges_[a] | edges_[b]) & Edge::kSentence)) return;
    ++line_breaks_lost_[line_[edges_[a] & Edge::kLine ? b : a]];
  }

  // Where words have no spaces between them: a paragraph, longer than a screen is wide, ends at `other`, and
  // nothing shows it at `edge`.
  bool IsParagraphLost(uint32_t edge, uint32_t other) const {
    return (edges_[other] & Edge::kLine) && !(edges_[edge] & (Edge::kLine | Edge::kWrap | Edge::kSpace)) &&
           !IsGlued(edge) && HasNoSpaces(edge) &&
           HasMoreWords(line_begins_[line_[other - 1]], other, kScreenWords);
  }

  // A line ends at `edge`, and only a comma stands at `other`.
  bool IsListed(uint32_t edge, uint32_t other) const {
    constexpr EdgeBits kBreak = Edge::kLine | Edge::kWrap;
    return (edges_[edge] & kBreak) && !(edges_[other] & kBreak) && HasComma(other) && !HasComma(edge);
  }
  bool HasComma(uint32_t edge) const {
    const std::string_view rest = text_.substr(tokens_.ends[edge - 1]);
    return rest.starts_with(',') || rest.starts_with(';') || rest.starts_with("\u3001");
  }

  // A stretch without words that only one side has; `behind`: behind such words. A caption, or a paragraph
  // that the other lacks, has line breaks before and behind it and stands for one of the copy's own at most.
  void CompareStretch(uint32_t run, Stretch a, Stretch b, bool behind) {
    if (a.begin == a.end || b.begin == b.end) return;
    if (behind) {
      makings_[run].glued += IsGlued(a.begin) - IsGlued(b.begin);
    } else {
      CompareSpaces(a.begin, b.begin, &makings_[run]);
      around_.emplace_back(a.begin, b.begin);
    }
    CompareSpaces(a.end, b.end, &makings_[run]);
    around_.emplace_back(a.end, b.end);
    for (const bool a_enclosed : {true, false}) {
      const Stretch inner = a_enclosed ? a : b, whole_outer = a_enclosed ? b : a;
      if (!IsWholeLines(inner) || IsWholeLines(whole_outer)) continue;
      if (LineBreaks(whole_outer) > 0 && !IsLongLead(inner, whole_outer)) continue;
      const Stretch outer = LastLine(whole_outer);
      // Not a cell of a table, nor part of an address.
      if (!IsApart(outer.begin)) continue;
      if (!IsApart(outer.end) && !StopsInsidePhrase(inner, outer)) continue;
      const uint32_t lines = LineBreaks(inner) + 1 - LineBreaks(whole_outer);
      enclosures_.push_back({line_[outer.begin], outer, lines, run, a_enclosed});
    }
  }

  // A line that stands inside a paragraph is a lead or a call-out, and worse than the paragraph. Unless the
  // paragraph is nothing but such lines: then it is a blob.
  void WeighEnclosures() {
    std::sort(enclosures_.begin(), enclosures_.end(), [](const Enclosure& one, const Enclosure& other) {
      return one.line != other.line ? one.line < other.line : one.inside.begin < other.inside.begin;
    });
    for (size_t begin = 0, end; begin < enclosures_.size(); begin = end) {
      const uint32_t line = enclosures_[begin].line;
      const uint32_t line_begin = line_begins_[line], line_end = line_begins_[line + 1];
      uint32_t covered = 0, count = 0, reached = line_begin;
      for (end = begin; end < enclosures_.size() && enclosures_[end].line == line; ++end) {
        const Stretch inside = enclosures_[end].inside;
        count += inside.begin >= reached ? enclosures_[end].lines : 0;
        covered += inside.end - std::min(inside.end, std::max(inside.begin, reached));
        reached = std::max(reached, inside.end);
      }
      const bool blob =
          line_breaks_lost_[line] >= 2 || (count >= 2 && covered * 5 >= (line_end - line_begin) * 3);
      const bool paragraph = (edges_[line_end] & Edge::kSentence) || line_end - line_begin >= kParagraphWords;
      if (blob || !paragraph) continue;
      for (size_t i = begin; i < end; ++i) {
        const uint32_t words = enclosures_[i].inside.end - enclosures_[i].inside.begin;
        // Entries of a list that a sentence names are no call-out.
        if (makings_[enclosures_[i].run].listed > 0) continue;
        // A label in front of it makes no paragraph.
        if (enclosures_[i].lines > kCalloutLines || line_end - line_begin < words + kOtherWords) continue;
        makings_[enclosures_[i].run].enclosed += enclosures_[i].a_enclosed ? int64_t{words} : -int64_t{words};
      }
    }
  }

  // One place shows as one word (`joined`, in a or in b) what the other shows as several.
  void CompareWords(Stretch apart, Stretch joined, bool a_joined, Making* making) {
    const int64_t against_joined = a_joined ? 1 : -1;
    const bool of_two = apart.end == apart.begin + 2;
    const std::string_view between = of_two ? Between(apart.begin + 1) : std::string_view();
    if (between == kBreakMark) return;
    if (IsBrokenWord(between)) {
      making->joined -= against_joined;
    } else if (HasSpace(apart)) {
      making->glued += against_joined;
    } else {
      making->joined += against_joined;
      if (between != "-" || joined.begin >= joined.end) return;
      hyphens_.push_back({.run = static_cast<uint32_t>(making - makings_.data()),
                          .apart = apart.begin,
                          .without = {tokens_.begins[joined.begin], tokens_.ends[joined.end - 1]},
                          .joined = against_joined});
    }
  }
  std::string_view Between(uint32_t edge) const {
    return Slice(text_, {tokens_.ends[edge - 1], tokens_.begins[edge]});
  }
  // "neigh- bours", where a line ended or still does.
  static bool IsBrokenWord(std::string_view between) {
    return between.size() > 1 && between.front() == '-' &&
           between.find_first_not_of(" \t\r\n", 1) == std::string_view::npos;
  }

  std::string_view text_;
  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
  const std::vector<AlignedRun>& runs_;
  std::vector<Making> makings_;
  std::vector<uint32_t> line_;         // of each token, and one behind the last
  std::vector<uint32_t> line_begins_;  // of each line, and the end of the page
  std::vector<uint32_t> line_breaks_lost_;
  std::vector<Enclosure> enclosures_;
  std::vector<Hyphen> hyphens_;
  // Of the run at hand: see CountBreak and CountBreaksAround.
  std::vector<uint32_t> unclear_a_, unclear_b_;
  absl::InlinedVector<std::pair<uint32_t, uint32_t>, 8> around_;
};

}  // namespace

std::pair<CutBecause, int64_t> Making::Decisive() const {
  // Of lines that were broken to a width, one in six or fewer ends with a sentence, and the break looks
  // like that of a paragraph.
  constexpr int64_t kWrapsAParagraph = 6;
  const bool sentences = LinesEndSentences();
  int64_t breaks = breaks_b.Score(sentences) - breaks_a.Score(sentences);
  if (breaks * wraps < 0 && std::abs(breaks) * kWrapsAParagraph <= std::abs(wraps)) breaks = 0;
  const std::pair<CutBecause, int64_t> facts[] = {
      {CutBecause::kCutOff, cut_off},    {CutBecause::kGlued, glued},       {CutBecause::kCallOut, enclosed},
      {CutBecause::kCapitals, capitals}, {CutBecause::kParagraphs, breaks}, {CutBecause::kEntities, entities},
      {CutBecause::kParagraphs, wraps},  {CutBecause::kJoined, joined},     {CutBecause::kSlips, misspelt},
      {CutBecause::kQuotes, quotes}};
  for (const auto& fact : facts) {
    if (fact.second != 0) return fact;
  }
  return {CutBecause::kSecond, 0};
}

bool Making::LinesEndSentences() const {
  constexpr uint64_t kLeast = 3;
  const uint64_t closed =
      shared_breaks - open_breaks + static_cast<uint64_t>(breaks_a.whole + breaks_b.whole);
  return closed >= kLeast && closed > 2 * open_long;
}

void Making::Add(const Making& other) {
  cut_off += other.cut_off;
  glued += other.glued;
  enclosed += other.enclosed;
  for (const auto& [sum, part] :
       {std::pair(&breaks_a, &other.breaks_a), std::pair(&breaks_b, &other.breaks_b)}) {
    sum->whole += part->whole;
    sum->within += part->within;
    sum->unclear += part->unclear;
    sum->long_unclear += part->long_unclear;
  }
  wraps += other.wraps;
  entities += other.entities;
  capitals += other.capitals;
  joined += other.joined;
  misspelt += other.misspelt;
  quotes += other.quotes;
  words += other.words;
  quarters += other.quarters;
  differences += other.differences;
  replacements += other.replacements;
  whole_a += other.whole_a;
  whole_b += other.whole_b;
  lines_inside += other.lines_inside;
  shared_breaks += other.shared_breaks;
  open_breaks += other.open_breaks;
  open_long += other.open_long;
}

std::vector<Making> CompareMakings(const PageView& page, const std::vector<AlignedRun>& runs) {
  return std::move(Comparison(page, runs).makings());
}

}  // namespace refrain
