#include "refrain/match/evidence_internal.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "refrain/match/labels_internal.h"
#include "refrain/match/reach_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// A word of difference on both sides at one place weighs as much as so many that agree.
constexpr double kWordsPerDifference = 15;
// What is left of the passage then, if both places have words of their own.
constexpr double kAlike = 0.4;
// Like kPagePerTail and the others: of leads without a tail.
constexpr double kPagePerLead = 300;
// So many times the minimum is needed of call-outs that are no sentence.
constexpr double kLeastPart = 1.5;
// One sentence may be glued to the next by accident, and a full stop belong to an abbreviation.
constexpr int64_t kManyGlued = 2;
constexpr double kLeastMinimum = 3;  // words, PageRepeatOptions::min_tokens
constexpr double kVerseLine = 10, kPagePerVerse = 4;
// So much of the page as one copy is shown twice whatever it holds; right behind itself less will do, and of
// short copies more is needed: two functions or two answers may end alike.
constexpr double kMuch = 0.3, kMuchNext = 0.2, kMuchShort = 0.4;
// Share of numbers among words.
constexpr double kDigits = 0.4;
// What stands so many tokens from a passage belongs to it here.
constexpr uint32_t kAround = 6;
// Two versions of one thing differ at so many places.
constexpr uint64_t kVersions = 2;
// An entry of a list is shorter than so many times the minimum; of its heading so many words stand in the
// other heading.
constexpr double kLongEntry = 8, kAlikeHeadings = 0.35;
// A label that ends in a full stop has so many words at most.
constexpr uint32_t kLabelWords = 5;
// A paragraph of so many times the minimum is no line that entries of a list have in common.
constexpr double kLongParagraph = 2;
// A lead without a tail, or a line that its text begins with, stands near it.
constexpr uint32_t kNearWords = 100;

// A page is not shown twice by what entries of a list have in common.
PageLook LookAt(const PageView& page, const std::vector<AlignedRun>& runs, const Lists& lists,
                double min_words) {
  PageLook look(page, runs, min_words);
  if (lists.empty() || !look.shown_twice()) return look;
  std::vector<AlignedRun> rest;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(rest),
               [&](const AlignedRun& run) { return !lists.Has(run); });
  return {page, rest, min_words};
}

}  // namespace

Evidence::Evidence(const PageView& page, const std::vector<AlignedRun>& runs, double min_words)
    : text_(page.text),
      tokens_(page.tokens),
      edges_(page.edges),
      around_(page),
      apart_(page.apart),
      min_words_(min_words),
      short_leads_(ShortLeadsMayGo(tokens_, min_words)),
      lists_(page, runs, min_words),
      look_(LookAt(page, runs, lists_, min_words)) {
  constexpr size_t kMostCopies = 64;
  if (!look_.shown_twice()) return;
  for (const AlignedRun& run : runs) {
    if (copies_.size() == kMostCopies) break;
    if (QuarterWords(tokens_, run.b_begin(), run.b_end()) >= 4 * kWholeCopy * min_words)
      copies_.push_back(&run);
  }
}

// Of a page that is shown twice each copy may say a thing twice, as the one that stays does then: both places
// stand in one copy, and the other one has them too.
bool Evidence::IsSaidInOneCopy(const AlignedRun& run) const {
  constexpr uint32_t kShare = 3;  // what is more of a copy may be a copy itself
  const auto is_in = [](const AlignedRun& copy, bool in_a, uint32_t begin, uint32_t end) {
    const auto first = [in_a](const RunPiece& piece) { return in_a ? piece.a : piece.b; };
    uint32_t shared = 0;
    for (auto piece = std::partition_point(copy.pieces.begin(), copy.pieces.end(),
                                           [&](const RunPiece& p) { return first(p) + p.length <= begin; });
         piece != copy.pieces.end() && first(*piece) < end; ++piece)
      shared += std::min(end, first(*piece) + piece->length) - std::max(begin, first(*piece));
    return shared * 5 >= (end - begin) * 4;
  };
  const uint32_t longer = std::max(run.a_end() - run.a_begin(), run.b_end() - run.b_begin());
  return std::any_of(copies_.begin(), copies_.end(), [&](const AlignedRun* copy) {
    if (longer * kShare > copy->b_end() - copy->b_begin()) return false;
    const auto holds_both = [&](bool in_a) {
      return is_in(*copy, in_a, run.a_begin(), run.a_end()) && is_in(*copy, in_a, run.b_begin(), run.b_end());
    };
    return holds_both(true) || holds_both(false);
  });
}

// A lead or a call-out is none of what is said twice, whichever copy has it.
bool Evidence::IsShownTwice(const AlignedRun& run, const Making& making) const {
  const bool one_sided = run.teaser || making.cut_off != 0 || making.enclosed != 0;
  return look_.shown_twice() && (one_sided || !IsSaidInOneCopy(run));
}

LeftBecause Evidence::Judge(const AlignedRun& run, const Making& making, bool cut_a) const {
  return Judge(run, making, cut_a, min_words_);
}

LeftBecause Evidence::Judge(const AlignedRun& run, const Making& making, bool cut_a, double min_words) const {
  const uint32_t begin = cut_a ? run.a_begin() : run.b_begin(), end = cut_a ? run.a_end() : run.b_end();
  if (Period(tokens_, run) < min_words) return LeftBecause::kPeriod;
  const double words = static_cast<double>(making.quarters) / 4;
  const bool one_sided = run.teaser || making.cut_off != 0 || making.enclosed != 0;
  const bool tail = edges_[end] & Edge::kTail;
  const bool is_long = words >= kWholeCopy * min_words_;
  // The line of a blob is no title, whatever it begins with.
  const bool long_line = is_long && around_.IsOneLine(begin, end);
  if (!tail && ((one_sided && around_.IsFirstLine(begin, end)) || (!long_line && around_.IsField(begin))))
    return LeftBecause::kTitle;
  if (!one_sided && making.glued == 0 && IsVerse(making, words)) return LeftBecause::kVerse;
  if (!run.teaser && !tail && making.cut_off == 0 && making.glued == 0 && words < kLongEntry * min_words &&
      IsAnnounced(run)) {
    return LeftBecause::kQuoted;
  }
  const bool made_alike = !run.teaser && !tail && making.cut_off == 0 && making.glued == 0;
  if (!run.teaser && !tail && lists_.Has(run)) return LeftBecause::kEntry;
  if (made_alike && words < kLongEntry * min_words && !IsArticleTwice(run, making) && IsEntry(run))
    return LeftBecause::kEntry;
  if (!IsShownTwice(run, making)) {
    if (IsQuoted(run.a_begin(), run.a_end(), is_long) || IsQuoted(run.b_begin(), run.b_end(), is_long))
      return LeftBecause::kQuoted;
    const uint32_t other = cut_a ? run.b_begin() : run.a_begin(),
                   other_end = cut_a ? run.b_end() : run.a_end();
    const double share = !is_long ? kMuchShort : Follows(run) ? kMuchNext : kMuch;
    const bool much = words >= share * look_.words();
    if (!much && (!IsProse(begin, end, tail) || !IsProse(other, other_end, tail)))
      return LeftBecause::kNotProse;
    if (!much && IsFormula(run) && !IsCopyInARow(run, min_words)) return LeftBecause::kFormula;
  }
  const double least = Needed(run, making, cut_a, min_words).words;
  if (words < least) return LeftBecause::kShortForPage;
  // Sections of a manual that differ at several places are about two things.
  if (look_.formatted() && made_alike && making.replacements >= kVersions) return LeftBecause::kDiffers;
  const double alike = words - kWordsPerDifference * static_cast<double>(making.replacements);
  const bool differs = Evident(making) < least || (!one_sided && alike < kAlike * words);
  return differs ? LeftBecause::kDiffers : LeftBecause::kNothing;
}

// The second place stands right behind the first with nothing between, or is long: cells of a table that say
// the same have a label between them.
bool Evidence::IsCopyInARow(const AlignedRun& run, double min_words) const {
  if (!Follows(run)) return false;
  if (run.a_end() == run.b_begin()) return true;
  uint64_t longest = 0;
  for (const RunPiece& piece : run.pieces) {
    uint64_t quarters = 0;
    for (uint32_t i = piece.b; i < piece.b + piece.length; ++i) quarters += tokens_.quarter_words(i);
    longest = std::max(longest, quarters);
  }
  return static_cast<double>(longest) >= 4 * kLeastLines * min_words;
}

double Evidence::Evident(const Making& making) {
  return static_cast<double>(making.quarters) / 4 -
         kWordsPerDifference * static_cast<double>(making.differences);
}

Weight Evidence::Weigh(const AlignedRun& run, const Making& making, LeftBecause left, bool cut_a) const {
  Weight weight;
  if (left != LeftBecause::kShortForPage && left != LeftBecause::kDiffers && left != LeftBecause::kPeriod)
    return weight;
  const Need need = Needed(run, making, cut_a, min_words_);
  weight = {.weighed = Evident(making), .needed = need.words, .kind = need.kind};
  if (left == LeftBecause::kPeriod) {
    weight.weighed = Period(tokens_, run);
    weight.needed = min_words_;
  }
  for (double minimum = std::ceil(min_words_) - 1; minimum >= kLeastMinimum; --minimum) {
    if (Judge(run, making, cut_a, minimum) != LeftBecause::kNothing) continue;
    weight.at_min_tokens = static_cast<int>(minimum);
    break;
  }
  return weight;
}

bool Evidence::IsWholeCopy(const Making& making) const {
  return static_cast<double>(making.quarters) >= 4 * kWholeCopy * min_words_ &&
         making.differences * 50 <= making.words;
}

bool Evidence::IsPeriod(const AlignedRun& run) const { return Period(tokens_, run) < min_words_; }

Evidence::Need Evidence::Needed(const AlignedRun& run, const Making& making, bool cut_a,
                                double min_words) const {
  // Whatever needs less than here must be known to AreAllTooShort.
  const auto need = [&](RepeatKind kind, double least, double page_per_word) {
    return Need{kind, std::max(least * min_words, look_.words() / page_per_word)};
  };
  const bool tail = edges_[cut_a ? run.a_end() : run.b_end()] & Edge::kTail;
  // Half of the first line may be edited, and the rest be paragraphs all the same.
  const uint64_t inside = look_.formatted() || look_.wrapped() ? 0 : making.lines_inside;
  const bool lines = 2 * ((cut_a ? making.whole_a : making.whole_b) + inside) >= making.words;
  const RepeatKind kind = run.teaser || making.cut_off != 0 ? RepeatKind::kCutOff
                          : making.enclosed != 0            ? RepeatKind::kCallOut
                          : making.glued != 0               ? RepeatKind::kGlued
                          : lines && Follows(run)           ? RepeatKind::kFollows
                          : lines                           ? RepeatKind::kWholeLines
                                                            : RepeatKind::kInsideText;
  // Of a page so long that no short leads are looked for, longer ones are cut-off copies like others.
  const bool lead = run.teaser || (short_leads_ && making.cut_off > 0 && cut_a && IsLead(run));
  if (lead && (tail || (!look_.wrapped() && IsNear(run, kNearWords))))
    return need(kind, look_.formatted() ? 1 : 0, tail ? kPagePerTail : kPagePerLead);
  if (IsShownTwice(run, making)) return {kind, min_words};
  if ((making.cut_off != 0 || making.enclosed != 0) && !look_.wrapped() && !look_.formatted() &&
      !IsLink(run, cut_a))
    return need(kind, tail || IsSentence(run, cut_a) ? 1 : kLeastPart,
                kind == RepeatKind::kCallOut && has_call_outs_ ? kPagePerMoreCallouts : kPagePerCallout);
  if (!look_.formatted() && (cut_a ? making.glued >= kManyGlued : making.glued <= -kManyGlued))
    return need(RepeatKind::kGlued, kLeastGlued, kPagePerGlued);
  if (lines) {
    Need found = Follows(run) ? need(kind, 1, kPagePerNext) : need(kind, kLeastLines, kPagePerLines);
    if (const double page = PagePerParagraph(run, making); page > 0)
      found.words = std::min(found.words, need(kind, kLeastParagraph, page).words);
    if (IsStandfirst(run)) found.words = std::min(found.words, need(kind, 1, kPagePerNextParagraph).words);
    return found;
  }
  return need(RepeatKind::kInsideText, kLeastText, kPagePerText);
}

// Both places begin lines, and with the words that TeaserFinder looks for.
bool Evidence::IsLead(const AlignedRun& run) const {
  constexpr uint32_t kQuarters = 5 * 4;
  const RunPiece& first = run.pieces.front();
  return (edges_[first.a] & edges_[first.b] & Edge::kLine) &&
         QuarterWords(tokens_, first.a, first.a + std::min(first.length, kQuarters)) >= kQuarters;
}

// The second place stands right behind the first, but for a date or an author; not for what a quotation, a
// question or somebody's words are, to which the second place may be an answer.
bool Evidence::Follows(const AlignedRun& run) const {
  const uint32_t between = run.a_end(), next = run.b_begin();
  if (between >= next) return true;
  if (!IsNear(run, kNextWords) || look_.quoted(between, next) > 0) return false;
  return !around_.EndsInQuestion(next) && !(around_.IsLabelled(between) && around_.IsLabelled(next));
}

// A page may be so many times as long as a paragraph that it shows again, as a call-out or as what stands on
// top of it; 0 if the run is no such one. Answers, choruses, and clauses that each section has are said
// again.
double Evidence::PagePerParagraph(const AlignedRun& run, const Making& making) const {
  if (look_.formatted() || look_.wrapped() || !IsParagraph(run, making)) return 0;
  const uint32_t a = run.a_begin(), b = run.b_begin();
  if ((a > 0 && around_.EndsInQuestion(a)) || around_.EndsInQuestion(b)) return 0;
  if (lists_.IsSaidThrice(run)) return 0;
  const bool dated = run.a_end() < b && IsDateline({run.a_end(), b}) && !IsDateline(around_.LineBefore(a));
  if (Follows(run) && (run.a_end() >= b || dated)) return kPagePerNextParagraph;
  const bool on_top = a <= 4 * kNearWords && QuarterWords(tokens_, 0, a) <= 4 * kNearWords;
  // Short ones may be what entries of a list have in common, under headings that are sentences.
  const bool is_long = static_cast<double>(making.quarters) >= 4 * kLongParagraph * min_words_;
  const uint32_t beside = is_long ? kLabelWords : kHeadingWords;
  return around_.IsInText(b, run.b_end(), beside) && (on_top || around_.IsInText(a, run.a_end(), beside))
             ? kPagePerParagraph
             : 0;
}

// Both places are one line, word by word the same but for slips, and a sentence ends there.
bool Evidence::IsParagraph(const AlignedRun& run, const Making& making) const {
  const auto is_line = [&](uint32_t begin, uint32_t end) {
    return (edges_[begin] & edges_[end] & Edge::kLine) != 0 &&
           (edges_[end] & (Edge::kSentence | Edge::kPhrase)) == Edge::kSentence;
  };
  return IsOnePiece(run) && making.shared_breaks == 0 && is_line(run.a_begin(), run.a_end()) &&
         is_line(run.b_begin(), run.b_end());
}

// A line under the title, word by word the same behind a date or an author. It need not be a sentence.
// Entries of a list have dates behind both, or are said over and over.
bool Evidence::IsStandfirst(const AlignedRun& run) const {
  const uint32_t a = run.a_begin(), end = run.a_end(), b = run.b_begin(), last = run.b_end();
  if (!IsOnePiece(run) || end >= b || look_.formatted() || look_.wrapped()) return false;
  const Span title = around_.LineBefore(a);
  if (title.empty() || QuarterWords(tokens_, 0, a) > 4 * kTitleWords) return false;
  if (!around_.IsWholeLine(a, end) || !around_.IsWholeLine(b, last) || !Follows(run)) return false;
  const uint32_t behind = last < tokens_.size() ? NextLine(edges_, last + 1) : last;
  return IsDateline({end, b}) && !IsDateline(title) && !IsDateline({last, behind}) &&
         !lists_.IsSaidThrice(run);
}

// Nothing but a few slips stands between its pieces.
bool Evidence::IsOnePiece(const AlignedRun& run) {
  constexpr size_t kWordsASlip = 10;
  return std::all_of(run.gaps.begin(), run.gaps.end(), [](GapKind gap) { return gap == GapKind::kSlip; }) &&
         run.gaps.size() * kWordsASlip <= run.b_end() - run.b_begin();
}

// The page is a line, three paragraphs and more, another line, and the same paragraphs: a title and a label,
// and no list of two entries.
bool Evidence::IsArticleTwice(const AlignedRun& run, const Making& making) const {
  constexpr uint64_t kParagraphs = 3;
  const Span title = around_.LineBefore(run.a_begin()), label = around_.LineBefore(run.b_begin());
  return making.shared_breaks + 1 >= kParagraphs && making.open_breaks == 0 &&
         run.b_end() == tokens_.size() && title.begin == 0 && !title.empty() && label.begin == run.a_end() &&
         !label.empty();
}

// Dates or names of authors, line by line.
bool Evidence::IsDateline(Span lines) const {
  for (uint32_t begin = lines.begin, end; begin < lines.end; begin = end) {
    end = std::min(NextLine(edges_, begin + 1), lines.end);
    if (look_.digits(begin, end) < kDigits && !IsCredit(text_, tokens_, {begin, end})) return false;
  }
  return !lines.empty();
}

// Both places, or the longest parts of them, stand behind short lines that end in a colon: "he wrote:".
bool Evidence::IsAnnounced(const AlignedRun& run) const {
  constexpr EdgeBits kBoth = Edge::kLine | Edge::kColon;
  const RunPiece& longest =
      *std::max_element(run.pieces.begin(), run.pieces.end(),
                        [](const RunPiece& one, const RunPiece& other) { return one.length < other.length; });
  const auto is_announced = [&](uint32_t edge) {
    if ((edges_[edge] & kBoth) != kBoth) return false;
    const Span line = around_.LineBefore(edge);
    return !line.empty() && around_.IsShortLine(line.begin);
  };
  return is_announced(longest.a) && is_announced(longest.b);
}

// No more words than these stand between the two places.
bool Evidence::IsNear(const AlignedRun& run, uint32_t words) const {
  uint32_t quarters = 0;
  for (uint32_t i = run.a_end(); i < run.b_begin() && quarters <= 4 * words; ++i)
    quarters += tokens_.quarter_words(i);
  return quarters <= 4 * words;
}

// A sentence refers to a title, and a list of links has it as well.
bool Evidence::IsLink(const AlignedRun& run, bool cut_a) const {
  const auto mark = [&](uint32_t token) { return look_.marks(token, token + 1) > 0; };
  return !IsSentence(run, cut_a) && (mark(run.a_begin()) || mark(run.b_begin()));
}

// Whether a call-out begins or ends with a sentence, unlike a name or a title that a sentence mentions.
bool Evidence::IsSentence(const AlignedRun& run, bool cut_a) const {
  const auto ends = [&](uint32_t edge) {
    return (edges_[edge] & (Edge::kSentence | Edge::kPhrase)) == Edge::kSentence;
  };
  const uint32_t begin = cut_a ? run.b_begin() : run.a_begin();
  // At the beginning of a paragraph any name may stand.
  const bool line = edges_[begin] & Edge::kLine;
  return (line ? IsNear(run, kNearWords) : ends(begin)) || (edges_[begin] & (Edge::kColon | Edge::kSpeech)) ||
         (ends(run.a_end()) && ends(run.b_end()));
}

// A few short lines among others, or most of them no sentences: a chorus, a menu.
bool Evidence::IsVerse(const Making& making, double words) const {
  if (making.shared_breaks == 0 || words > kVerseLine * static_cast<double>(making.shared_breaks + 1))
    return false;
  return words * kPagePerVerse < look_.words() ||
         (!look_.shown_twice() && 2 * making.open_breaks >= making.shared_breaks);
}

// With what stands around, but where a tail stands.
bool Evidence::IsProse(uint32_t begin, uint32_t end, bool tail) const {
  if (look_.marks(begin + 1, end) >= kMarks) return false;
  if (tail) return true;
  if (look_.digits(begin, end) >= kDigits) return false;
  const uint32_t size = static_cast<uint32_t>(tokens_.size());
  return look_.marks(begin - std::min(begin, kAround), std::min(size, end + kAround)) < kMarks;
}

// Lines that begin as quotations and tables do. The line of a blob is no quotation, whatever it begins with.
bool Evidence::IsQuoted(uint32_t begin, uint32_t end, bool is_long) const {
  return look_.quoted(begin, end) >= 0.5 && !(is_long && around_.IsOneLine(begin, end));
}

bool Evidence::IsFormula(const AlignedRun& run) const {
  const RunPiece& piece = run.pieces.front();
  return look_.IsFormula(tokens_, piece.a, piece.a + piece.length);
}

// Both places stand under headings that say different things in the same form, as entries of a list do:
// "3 May, Town hall", "10 May, Church"; or between headings that have no word in common, as questions with
// one answer do. A title with the site's name behind it is the same title, and a date is no title.
bool Evidence::IsEntry(const AlignedRun& run) const {
  const Span one = around_.LineBefore(run.a_begin()), other = around_.LineBefore(run.b_begin());
  if (other.begin < run.a_end()) return false;  // the passage itself is no heading
  if (one.empty() || other.empty()) return false;
  // Nor is what ends the lead in front, nor an author's name above one of the two, if the first stands under
  // the page's first line.
  if ((edges_[one.begin] | edges_[other.begin]) & Edge::kInTail) return false;
  if (one.begin == 0 && IsLabel(text_, tokens_, one) != IsLabel(text_, tokens_, other)) return false;
  const auto words = [&](Span line) {
    std::vector<uint64_t> found;
    uint32_t quarters = 0;
    for (uint32_t i = line.begin; i < line.end && quarters <= 4 * kHeadingWords; ++i) {
      // All words of Thai have letters in common.
      const bool letter = tokens_.quarter_words(i) == TokenTraits::kQuarter;
      found.push_back(letter ? WordAt(tokens_, i, line.end) : tokens_.hashes[i]);
      quarters += tokens_.quarter_words(i);
    }
    if (quarters > 4 * kHeadingWords) found.clear();
    std::sort(found.begin(), found.end());
    return found;
  };
  const std::vector<uint64_t> ours = words(one), theirs = words(other);
  std::vector<uint64_t> both;
  std::set_intersection(ours.begin(), ours.end(), theirs.begin(), theirs.end(), std::back_inserter(both));
  const size_t fewer = std::min(ours.size(), theirs.size()), more = std::max(ours.size(), theirs.size());
  if (fewer == 0 || both.size() == fewer) return false;
  if (static_cast<double>(both.size()) >= kAlikeHeadings * static_cast<double>(fewer)) return true;
  const auto digits = [&](Span line) { return look_.digits(line.begin, line.end); };
  // What ends in a full stop is a paragraph.
  const auto is_paragraph = [&](Span line) {
    const std::string_view behind = text_.substr(tokens_.ends[line.end - 1]);
    return behind.starts_with('.') || behind.starts_with("\u3002") || behind.starts_with("\u0964") ||
           behind.starts_with("\u06D4");
  };
  if (is_paragraph(one) || is_paragraph(other) || (digits(one) == 0) != (digits(other) == 0)) return false;
  // A date is no heading.
  const auto is_date = [&](Span line) { return digits(line) >= 0.5; };
  if (is_date(one) != is_date(other)) return false;
  return more * 2 <= fewer * 5 && around_.IsShortLine(run.a_end()) && around_.IsShortLine(run.b_end());
}

}  // namespace refrain
