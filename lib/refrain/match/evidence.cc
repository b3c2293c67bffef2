#include "refrain/match/evidence_internal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>

#include <absl/base/attributes.h>

#include "refrain/match/entities_internal.h"
#include "refrain/text/line_ends.h"

namespace refrain {
namespace {

// A word of difference on both sides at one place weighs as much as so many that agree.
constexpr double kWordsPerDifference = 15;
// What is left of the passage then, if both places have words of their own.
constexpr double kAlike = 0.4;
// Like kPagePerTail and kPagePerCallout: of leads without a tail, copies with sentences glued together that
// the other has apart, copies that follow one another, whole lines elsewhere, other places.
constexpr double kPagePerLead = 300, kPagePerGlued = 40, kPagePerNext = 40, kPagePerLines = 8,
                 kPagePerText = 6;
// And so many times the minimum is needed of the last two.
constexpr double kLeastLines = 3, kLeastText = 6, kLeastGlued = 2, kLeastPart = 1.5;
// One sentence may be glued to the next by accident, and a full stop belong to an abbreviation.
constexpr int64_t kManyGlued = 2;
constexpr double kWholeCopy = 6;     // times the minimum
constexpr double kLeastMinimum = 3;  // words, PageRepeatOptions::min_tokens
constexpr double kVerseLine = 10, kPagePerVerse = 4;
constexpr uint32_t kTitleWords = 25;
// Two places follow one another if no more words than these stand between them: a date, an author.
constexpr uint32_t kNext = 12;
// The same for first and second places together.
constexpr double kAllPlaces = 0.7;
// Less than a whole copy must be nearly all of the page.
constexpr double kNearlyHalf = 0.45;
// In copies most runs begin and end where sentences do. Shuffled ones have short runs, edited ones many gaps,
// but not both.
constexpr double kUnits = 0.6, kWordsARun = 20, kLongRun = 60, kWordsAGap = 25;
constexpr size_t kFewRuns = 3, kFewGaps = 16;
// So much of the page as one copy is shown twice whatever it holds; right behind itself less will do, and of
// short copies more is needed: two functions or two answers may end alike.
constexpr double kMuch = 0.3, kMuchNext = 0.2, kMuchShort = 0.4;
// An ordinary text repeats a word so many times at most, or has so many words.
constexpr size_t kTimesAWord = 8, kManyWords = 1000;
// Shares of code, markup and table rules between words, and of numbers among them.
constexpr double kMarks = 0.2, kDigits = 0.4;
// A page is broken to a width if so many of its line ends are.
constexpr double kWraps = 0.2;
// What stands so many tokens from a passage belongs to it here.
constexpr uint32_t kAround = 6;
// Two versions of one thing differ at so many places.
constexpr uint64_t kVersions = 2;
// Manuals, tables, laws have so many signs of markup between their words; articles have a tenth of it.
constexpr double kFormatted = 0.04;
// Menus are lines of so many words at least, with so many signs.
constexpr uint32_t kMenuWords = 4;
constexpr double kMenuMarks = 0.4;
// An entry of a list is shorter than so many times the minimum; its heading has so many words at most, of
// which so many stand in the other heading.
constexpr double kLongEntry = 8, kAlikeHeadings = 0.35;
constexpr uint32_t kHeadingWords = 12;
// How far in front of a passage to look for its line, in tokens.
constexpr uint32_t kLongLine = 400;
// A lead without a tail, or a line that its text begins with, stands near it.
constexpr uint32_t kNearWords = 100;
// What stands in so many places is a formula. It is known by its first words.
constexpr uint32_t kPlaces = 5, kFirstWords = 5;

// The first words of a passage as one number; nothing if it has fewer.
std::optional<uint64_t> FirstWords(const Tokens& tokens, uint32_t begin, uint32_t end) {
  uint64_t hash = 0;
  uint32_t quarters = 0;
  for (uint32_t i = begin; i < end; ++i) {
    hash = (hash ^ tokens.hashes[i]) * 0x9E3779B97F4A7C15u;
    quarters += tokens.quarter_words(i);
    if (quarters >= 4 * kFirstWords) return hash;
  }
  return std::nullopt;
}

// A word; in scripts without spaces between words, as many tokens in a row as make one.
uint64_t WordAt(const Tokens& tokens, size_t begin) {
  uint64_t hash = 0;
  uint32_t quarters = 0;
  for (size_t k = begin; k < tokens.size() && quarters < 4; ++k) {
    hash = (hash ^ tokens.hashes[k]) * 0x9E3779B97F4A7C15u;
    quarters += tokens.quarter_words(k);
  }
  return hash;
}

// Whether the tokens for which `where` holds begin at least `least` different words. Stops as soon as they
// do.
template <typename Where>
bool HasWords(const Tokens& tokens, size_t least, const Where& where) {
  std::vector<uint64_t> table(std::bit_ceil(2 * least + 2), 0);  // open addressing; 0 is free
  size_t count = 0;
  bool zero = false;
  for (size_t i = 0; i < tokens.size() && count < least; ++i) {
    if (!where(i)) continue;
    const uint64_t word = WordAt(tokens, i);
    if (word == 0) {
      count += !zero;
      zero = true;
      continue;
    }
    size_t slot = word >> 32 & (table.size() - 1);
    while (table[slot] != 0 && table[slot] != word) slot = (slot + 1) & (table.size() - 1);
    count += table[slot] == 0;
    table[slot] = word;
  }
  return count >= least;
}

// What stands between two words.
struct GapMarks {
  bool marks = false;     // what prose does not have
  bool new_line = false;  // and then
  bool quoted = false;    // the last line begins as quotations and tables do
};

GapMarks LookAtGap(std::string_view gap) {
  constexpr std::string_view kNotProse = "<>{}[]=\\|_*^~`+&@#/";
  constexpr uint32_t kColumn = 3;  // spaces
  GapMarks found;
  uint32_t spaces = 0;
  bool indent = false;
  for (size_t at = 0; at < gap.size();) {
    if (const uint32_t line_end = LineEndAt(gap, at); line_end > 0) {
      at += line_end;
      spaces = 0;
      indent = true;
      found.new_line = true;
      found.quoted = false;
      continue;
    }
    if (const uint32_t entity = EntityAt(gap.substr(at)).size; entity > 0) {
      at += entity;
      continue;
    }
    if (const std::string_view rest = gap.substr(at);
        rest.starts_with("[...]") || rest.starts_with("[\u2026]")) {
      at += rest[1] == '.' ? 5 : 2 + std::string_view("\u2026").size();  // something was left out
      continue;
    }
    const char c = gap[at++];
    if (c == ' ' || c == '\t') {
      spaces += c == '\t' ? kColumn : 1;
      continue;
    }
    if (indent && (c == '>' || c == '|' || c == '#')) found.quoted = true;
    found.marks |= (spaces >= kColumn && !indent) || kNotProse.find(c) != std::string_view::npos;
    spaces = 0;
    indent = false;
  }
  found.marks |= spaces >= kColumn && !indent;
  return found;
}

// Of the gap in front of token i. Apart from the loop that calls it, which then keeps all it needs in
// registers.
ABSL_ATTRIBUTE_NOINLINE GapMarks MarksBefore(std::string_view text, const Tokens& tokens, size_t i) {
  const uint32_t begin = i == 0 ? 0 : tokens.ends[i - 1], end = tokens.begins[i];
  if (i == 0 || end - begin > 1) return LookAtGap(text.substr(begin, end - begin));
  if (begin == end) return {};
  GapMarks gap = LookAtGap(text.substr(begin, 1));
  gap.marks |= text[begin] == '.' && IsLowerAt(text, end);  // "page.html"
  return gap;
}

double Share(const std::unique_ptr<uint32_t[]>& count, uint32_t begin, uint32_t end) {
  return end <= begin ? 0 : static_cast<double>(count[end] - count[begin]) / (end - begin);
}

}  // namespace

Evidence::Evidence(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                   const std::vector<AlignedRun>& runs, double min_words)
    : text_(text), tokens_(tokens), edges_(edges), min_words_(min_words) {
  LookAtText(text, tokens);
  LookAtRuns(tokens, runs);
  CountPlaces(tokens, runs);
}

// Whether the page as a whole is there twice.
void Evidence::LookAtRuns(const Tokens& tokens, const std::vector<AlignedRun>& runs) {
  constexpr uint8_t kFirst = 1, kSecond = 2;
  std::vector<uint8_t> places(tokens.size(), 0);
  size_t count = 0, units = 0, longest = 0;
  const auto is_end = [&](uint32_t a, uint32_t b) {
    return (edges_[a] & edges_[b] & Edge::kLine) || (Edge::IsUnit(edges_[a]) && Edge::IsUnit(edges_[b]));
  };
  for (const AlignedRun& run : runs) {
    if (IsPeriod(run)) continue;
    size_t length = 0;
    for (const RunPiece& piece : run.pieces) {
      length += piece.length;
      for (uint32_t i = 0; i < piece.length; ++i) places[piece.b + i] |= kSecond;
      for (uint32_t i = 0; i < piece.length; ++i) places[piece.a + i] |= kFirst;
    }
    longest = std::max(longest, length);
    ++count;
    units += is_end(run.a_begin(), run.b_begin());
    units += is_end(run.a_end(), run.b_end());
  }
  uint64_t quarters = 0, in_second = 0, in_any = 0;
  size_t gaps = 0, seconds = 0;
  // Counts of 32 bits for some tokens at a time: compilers make vectors of them.
  constexpr size_t kPart = 4096;
  for (size_t begin = 0; begin < tokens.size(); begin += kPart) {
    const size_t end = std::min(begin + kPart, tokens.size());
    uint32_t part_quarters = 0, part_second = 0, part_any = 0, part_seconds = 0, part_gaps = 0;
    for (size_t i = begin; i < end; ++i) {
      const uint32_t here = tokens.quarter_words(i);
      part_quarters += here;
      part_any += places[i] != 0 ? here : 0;
      part_second += (places[i] & kSecond) != 0 ? here : 0;
      part_seconds += (places[i] & kSecond) != 0;
    }
    for (size_t i = std::max<size_t>(begin, 1); i < end; ++i)
      part_gaps += (places[i] != 0) != (places[i - 1] != 0);
    quarters += part_quarters;
    in_second += part_second;
    in_any += part_any;
    seconds += part_seconds;
    gaps += part_gaps;
  }
  page_words_ = static_cast<double>(quarters) / 4;
  const double page_quarters = static_cast<double>(quarters);
  // One of nearly half of the page is the copy, whatever else repeats.
  const bool many_runs =
      count > kFewRuns && static_cast<double>(longest) < kNearlyHalf * static_cast<double>(tokens.size());
  const double least = formatted_ && many_runs ? kNearlyHalf : kSecondPlaces;
  if (static_cast<double>(in_second) < least * page_quarters) return;
  if (static_cast<double>(in_any) < kAllPlaces * page_quarters) return;
  if (static_cast<double>(in_second) < std::min(4 * kWholeCopy * min_words_, kNearlyHalf * page_quarters))
    return;
  if (many_runs) {
    // A list of links or functions; in one or two runs it is shown twice all the same.
    if (Share(marks_, 0, static_cast<uint32_t>(tokens.size())) >= kMarks) return;
    const double shown = static_cast<double>(in_second) / 4, words_a_run = shown / static_cast<double>(count);
    if (static_cast<double>(units) < kUnits * 2 * static_cast<double>(count)) return;
    if (words_a_run < (formatted_ ? kLongRun : kWordsARun)) return;
    if (words_a_run < kLongRun && gaps > kFewGaps && shown < kWordsAGap * static_cast<double>(gaps)) return;
  }
  // A sentence said a hundred times is nothing but a few words.
  const size_t enough = std::min(seconds, kTimesAWord * kManyWords);
  shown_twice_ = HasWords(tokens, (enough + kTimesAWord - 1) / kTimesAWord,
                          [&](size_t i) { return (places[i] & kSecond) != 0; });
}

void Evidence::LookAtText(std::string_view text, const Tokens& tokens) {
  const size_t size = tokens.size();
  for (Count* count : {&marks_, &digits_, &quoted_}) {
    *count = std::make_unique_for_overwrite<uint32_t[]>(size + 1);
    (*count)[0] = 0;
  }
  // Nothing is loaded again behind each store.
  const uint32_t* const begins = tokens.begins.data();
  const uint32_t* const ends = tokens.ends.data();
  const uint8_t* const traits = tokens.traits.data();
  const EdgeBits* const edges = edges_.data();
  uint32_t* const marks_before = marks_.get() + 1;
  uint32_t* const digits_before = digits_.get() + 1;
  uint32_t* const quoted_before = quoted_.get() + 1;
  uint32_t quoted = 0, marks = 0, digits = 0, quotes = 0;
  size_t lines = 0, wraps = 0;
  // Of the line at hand, which begins at token `line`, and of all that are no menu ("Home | Europe | World").
  uint32_t line = 0, line_marks = 0, text_words = 0, text_marks = 0;
  const auto end_line = [&](uint32_t end) {
    const uint32_t words = end - line;
    if (words < kMenuWords || line_marks < kMenuMarks * words) {
      text_words += words;
      text_marks += line_marks;
    }
    line = end;
    line_marks = 0;
  };
  for (size_t i = 0; i < size; ++i) {
    const uint32_t begin = i == 0 ? 0 : ends[i - 1], length = begins[i] - begin;
    const char* const gap = text.data() + begin;
    // As nearly all are.
    const bool plain = i > 0 && ((length == 1 && gap[0] == ' ') ||
                                 (length == 2 && gap[1] == ' ' && (gap[0] == ',' || gap[0] == '.')));
    const EdgeBits edge = edges[i];
    if (edge & (Edge::kLine | Edge::kWrap)) {
      ++lines;
      wraps += (edge & Edge::kWrap) != 0;
      if (edge & Edge::kLine) end_line(static_cast<uint32_t>(i));
    }
    if (!plain) {
      const GapMarks found = MarksBefore(text, tokens, i);
      if (found.new_line || i == 0) quoted = found.quoted;
      marks += found.marks;
      // "1/15/2008" is no markup.
      line_marks += found.marks && !(i > 0 && tokens.has_digit(i) && tokens.has_digit(i - 1));
    }
    marks_before[i] = marks;
    digits_before[i] = digits += (traits[i] & TokenTraits::kDigit) != 0;
    quoted_before[i] = quotes += quoted;
  }
  wrapped_ = static_cast<double>(wraps) >= kWraps * static_cast<double>(lines);
  end_line(static_cast<uint32_t>(size));
  formatted_ = text_marks >= kFormatted * text_words;
}

// Finds the formulas among the beginnings of runs.
void Evidence::CountPlaces(const Tokens& tokens, const std::vector<AlignedRun>& runs) {
  struct Beginning {
    uint64_t words = 0;
    uint32_t places = 0;
  };
  std::vector<Beginning> beginnings;
  // Bits for their first tokens: most places of a page begin with none of them.
  std::array<uint64_t, 64> may_begin{};
  const auto bit = [](uint64_t word) { return uint64_t{1} << word % 64; };
  const auto bits = [&](uint64_t word) -> uint64_t& { return may_begin[word / 64 % may_begin.size()]; };
  for (const AlignedRun& run : runs) {
    const RunPiece& piece = run.pieces.front();
    if (const auto words = FirstWords(tokens, piece.a, piece.a + piece.length)) {
      beginnings.push_back({*words});
      bits(tokens.hashes[piece.a]) |= bit(tokens.hashes[piece.a]);
    }
  }
  const auto less = [](const Beginning& one, const Beginning& other) { return one.words < other.words; };
  std::sort(beginnings.begin(), beginnings.end(), less);
  beginnings.erase(
      std::unique(beginnings.begin(), beginnings.end(),
                  [](const Beginning& one, const Beginning& other) { return one.words == other.words; }),
      beginnings.end());
  if (beginnings.empty()) return;
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  for (uint32_t i = 0; i < size; ++i) {
    if (!(bits(tokens.hashes[i]) & bit(tokens.hashes[i]))) continue;
    const auto words = FirstWords(tokens, i, size);
    if (!words) break;
    const auto at = std::lower_bound(beginnings.begin(), beginnings.end(), Beginning{*words}, less);
    if (at != beginnings.end() && at->words == *words) ++at->places;
  }
  for (const Beginning& beginning : beginnings) {
    if (beginning.places >= kPlaces) formulas_.push_back(beginning.words);
  }
}

LeftBecause Evidence::Judge(const AlignedRun& run, const Making& making, bool cut_a) const {
  return Judge(run, making, cut_a, min_words_);
}

LeftBecause Evidence::Judge(const AlignedRun& run, const Making& making, bool cut_a, double min_words) const {
  const uint32_t begin = cut_a ? run.a_begin() : run.b_begin(), end = cut_a ? run.a_end() : run.b_end();
  if (Period(run) < min_words) return LeftBecause::kPeriod;
  const double words = static_cast<double>(making.quarters) / 4;
  const bool one_sided = run.teaser || making.cut_off != 0 || making.enclosed != 0;
  const bool tail = edges_[end] & Edge::kTail;
  if (!tail && ((one_sided && IsFirstLine(begin, end)) || IsField(begin))) return LeftBecause::kTitle;
  if (!one_sided && making.glued == 0 && IsVerse(making, words)) return LeftBecause::kVerse;
  if (!run.teaser && !tail && making.cut_off == 0 && making.glued == 0 && words < kLongEntry * min_words &&
      IsAnnounced(run)) {
    return LeftBecause::kQuoted;
  }
  const bool made_alike = !run.teaser && !tail && making.cut_off == 0 && making.glued == 0;
  if (made_alike && words < kLongEntry * min_words && IsEntry(run)) return LeftBecause::kEntry;
  if (!shown_twice_) {
    if (IsQuoted(run.a_begin(), run.a_end()) || IsQuoted(run.b_begin(), run.b_end()))
      return LeftBecause::kQuoted;
    const uint32_t other = cut_a ? run.b_begin() : run.a_begin(),
                   other_end = cut_a ? run.b_end() : run.a_end();
    const double share = words < kWholeCopy * min_words_ ? kMuchShort : Follows(run) ? kMuchNext : kMuch;
    const bool much = words >= share * page_words_;
    if (!much && (!IsProse(begin, end, tail) || !IsProse(other, other_end, tail)))
      return LeftBecause::kNotProse;
    if (!much && IsFormula(run) && !IsCopyInARow(run, min_words)) return LeftBecause::kFormula;
  }
  const double least = Needed(run, making, cut_a, min_words).words;
  if (words < least) return LeftBecause::kShortForPage;
  // Sections of a manual that differ at several places are about two things.
  if (formatted_ && made_alike && making.replacements >= kVersions) return LeftBecause::kDiffers;
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

// Words of the passage, less what it differs.
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
    weight.weighed = Period(run);
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

bool Evidence::IsPeriod(const AlignedRun& run) const { return Period(run) < min_words_; }

// Words after which the passage begins again, if its places overlap.
double Evidence::Period(const AlignedRun& run) const {
  if (run.teaser || run.a_end() <= run.b_begin()) return std::numeric_limits<double>::infinity();
  uint64_t quarters = 0;
  for (uint32_t i = run.a_begin(); i < run.b_begin(); ++i) quarters += tokens_.quarter_words(i);
  return static_cast<double>(quarters) / 4;
}

Evidence::Need Evidence::Needed(const AlignedRun& run, const Making& making, bool cut_a,
                                double min_words) const {
  const auto need = [&](RepeatKind kind, double least, double page_per_word) {
    return Need{kind, std::max(least * min_words, page_words_ / page_per_word)};
  };
  const bool tail = edges_[cut_a ? run.a_end() : run.b_end()] & Edge::kTail;
  const bool lines = 2 * (cut_a ? making.whole_a : making.whole_b) >= making.words;
  const RepeatKind kind = run.teaser || making.cut_off != 0 ? RepeatKind::kCutOff
                          : making.enclosed != 0            ? RepeatKind::kCallOut
                          : making.glued != 0               ? RepeatKind::kGlued
                          : lines && Follows(run)           ? RepeatKind::kFollows
                          : lines                           ? RepeatKind::kWholeLines
                                                            : RepeatKind::kInsideText;
  if (run.teaser && (tail || (!wrapped_ && IsNear(run, kNearWords))))
    return need(kind, formatted_ ? 1 : 0, tail ? kPagePerTail : kPagePerLead);
  if (shown_twice_) return {kind, min_words};
  if ((making.cut_off != 0 || making.enclosed != 0) && !wrapped_ && !formatted_ && !IsLink(run, cut_a))
    return need(kind, tail || IsSentence(run, cut_a) ? 1 : kLeastPart,
                kind == RepeatKind::kCallOut && has_call_outs_ ? kPagePerMoreCallouts : kPagePerCallout);
  if (!formatted_ && (cut_a ? making.glued >= kManyGlued : making.glued <= -kManyGlued))
    return need(RepeatKind::kGlued, kLeastGlued, kPagePerGlued);
  if (lines && Follows(run)) return need(RepeatKind::kFollows, 1, kPagePerNext);
  if (lines) return need(RepeatKind::kWholeLines, kLeastLines, kPagePerLines);
  return need(RepeatKind::kInsideText, kLeastText, kPagePerText);
}

// The second place stands right behind the first, but for a date or an author; not for what a quotation, a
// question or somebody's words are, to which the second place may be an answer.
bool Evidence::Follows(const AlignedRun& run) const {
  const uint32_t between = run.a_end(), next = run.b_begin();
  if (between >= next) return true;
  if (!IsNear(run, kNext) || quoted_[next] != quoted_[between]) return false;
  return !EndsInQuestion(next) && !(IsLabelled(between) && IsLabelled(next));
}

// Both places, or the longest parts of them, stand behind short lines that end in a colon: "he wrote:".
bool Evidence::IsAnnounced(const AlignedRun& run) const {
  constexpr EdgeBits kBoth = Edge::kLine | Edge::kColon;
  const RunPiece& longest =
      *std::max_element(run.pieces.begin(), run.pieces.end(),
                        [](const RunPiece& one, const RunPiece& other) { return one.length < other.length; });
  const auto is_announced = [&](uint32_t edge) {
    if ((edges_[edge] & kBoth) != kBoth) return false;
    const Span line = LineBefore(edge);
    return !line.empty() && IsShortLine(line.begin);
  };
  return is_announced(longest.a) && is_announced(longest.b);
}

// The line in front of `edge` ends in a question mark.
bool Evidence::EndsInQuestion(uint32_t edge) const {
  const std::string_view gap =
      text_.substr(tokens_.ends[edge - 1], tokens_.begins[edge] - tokens_.ends[edge - 1]);
  for (const std::string_view mark : {"?", "\uFF1F", "\u061F"}) {
    if (gap.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

// A line that begins with a name: "HAMLET: ...".
bool Evidence::IsLabelled(uint32_t edge) const {
  constexpr uint32_t kName = 3;  // tokens
  if (!(edges_[edge] & Edge::kLine)) return false;
  const uint32_t size = static_cast<uint32_t>(tokens_.size());
  for (uint32_t i = edge + 1; i <= std::min(edge + kName, size) && !(edges_[i] & Edge::kLine); ++i) {
    if (edges_[i] & Edge::kColon) return true;
  }
  return false;
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
  const auto mark = [&](uint32_t token) { return marks_[token] != marks_[token + 1]; };
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

bool Evidence::IsFirstLine(uint32_t begin, uint32_t end) const {
  uint32_t quarters = 0;
  for (uint32_t i = 0; i < end && quarters <= 4 * kTitleWords; ++i) quarters += tokens_.quarter_words(i);
  if (quarters > 4 * kTitleWords) return false;
  const auto is_line = [](EdgeBits edge) { return (edge & Edge::kLine) != 0; };
  return std::none_of(edges_.begin() + 1, edges_.begin() + begin + 1, is_line) &&
         std::none_of(edges_.begin() + begin + 1, edges_.begin() + end, is_line);
}

// It is what a line holds behind its name: "Title: ...".
bool Evidence::IsField(uint32_t begin) const {
  constexpr uint32_t kName = 2;  // tokens
  if (!(edges_[begin] & Edge::kColon) || (edges_[begin] & Edge::kLine)) return false;
  return std::any_of(edges_.begin() + (begin - std::min(begin, kName)), edges_.begin() + begin,
                     [](EdgeBits edge) { return edge & Edge::kLine; });
}

// A few short lines among others, or most of them no sentences: a chorus, a menu.
bool Evidence::IsVerse(const Making& making, double words) const {
  if (making.shared_breaks == 0 || words > kVerseLine * static_cast<double>(making.shared_breaks + 1))
    return false;
  return words * kPagePerVerse < page_words_ ||
         (!shown_twice_ && 2 * making.open_breaks >= making.shared_breaks);
}

// With what stands around, but where a tail stands.
bool Evidence::IsProse(uint32_t begin, uint32_t end, bool tail) const {
  if (Share(marks_, begin + 1, end) >= kMarks) return false;
  if (tail) return true;
  if (Share(digits_, begin, end) >= kDigits) return false;
  const uint32_t size = static_cast<uint32_t>(tokens_.size());
  return Share(marks_, begin - std::min(begin, kAround), std::min(size, end + kAround)) < kMarks;
}

bool Evidence::IsQuoted(uint32_t begin, uint32_t end) const { return Share(quoted_, begin, end) >= 0.5; }

bool Evidence::IsFormula(const AlignedRun& run) const {
  const RunPiece& piece = run.pieces.front();
  const auto words = FirstWords(tokens_, piece.a, piece.a + piece.length);
  return words && std::binary_search(formulas_.begin(), formulas_.end(), *words);
}

// The tokens of the line in front of the one that `token` stands on; empty if that one is the first.
Span Evidence::LineBefore(uint32_t token) const {
  const auto line = [&](uint32_t at) {
    const uint32_t stop = at - std::min(at, kLongLine);
    while (at > stop && !(edges_[at] & Edge::kLine)) --at;
    return at;
  };
  const uint32_t end = line(token);
  return end == 0 || !(edges_[end] & Edge::kLine) ? Span{} : Span{line(end - 1), end};
}

// The line that begins at `edge` has a heading's length; so has none, at the end of the page.
bool Evidence::IsShortLine(uint32_t edge) const {
  uint32_t quarters = 0;
  for (uint32_t i = edge; i < tokens_.size() && (i == edge || !(edges_[i] & Edge::kLine)); ++i) {
    quarters += tokens_.quarter_words(i);
    if (quarters > 4 * kHeadingWords) return false;
  }
  return true;
}

// Both places stand under headings that say different things in the same form, as entries of a list do:
// "3 May, Town hall", "10 May, Church"; or between headings that have no word in common, as questions with
// one answer do. A title with the site's name behind it is the same title, and a date is no title.
bool Evidence::IsEntry(const AlignedRun& run) const {
  const Span one = LineBefore(run.a_begin()), other = LineBefore(run.b_begin());
  if (other.begin < run.a_end()) return false;  // the passage itself is no heading
  const auto words = [&](Span line) {
    std::vector<uint64_t> found;
    uint32_t quarters = 0;
    for (uint32_t i = line.begin; i < line.end && quarters <= 4 * kHeadingWords; ++i) {
      found.push_back(tokens_.hashes[i]);
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
  const auto digits = [&](Span line) { return digits_[line.end] - digits_[line.begin]; };
  // What ends in a full stop is a paragraph.
  const auto is_paragraph = [&](Span line) {
    const std::string_view behind = text_.substr(tokens_.ends[line.end - 1]);
    return behind.starts_with('.') || behind.starts_with("\u3002") || behind.starts_with("\u0964") ||
           behind.starts_with("\u06D4");
  };
  if (is_paragraph(one) || is_paragraph(other) || (digits(one) == 0) != (digits(other) == 0)) return false;
  // A date is no heading.
  const auto is_date = [&](Span line) { return 2 * digits(line) >= line.end - line.begin; };
  if (is_date(one) != is_date(other)) return false;
  return more * 2 <= fewer * 5 && IsShortLine(run.a_end()) && IsShortLine(run.b_end());
}

}  // namespace refrain
