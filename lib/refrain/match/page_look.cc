#include "refrain/match/page_look_internal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <limits>
#include <optional>

#include <absl/base/attributes.h>

#include "refrain/match/entities_internal.h"
#include "refrain/match/words_internal.h"
#include "refrain/text/line_ends.h"

namespace refrain {
namespace {

// The same for first and second places together.
constexpr double kAllPlaces = 0.7;
// Less than a whole copy must be nearly all of the page.
constexpr double kNearlyHalf = 0.45;
// In copies most runs begin and end where sentences do. Shuffled ones have short runs, edited ones many gaps,
// but not both.
constexpr double kUnits = 0.6, kWordsARun = 20, kLongRun = 60, kWordsAGap = 25;
constexpr size_t kFewRuns = 3, kFewGaps = 16;
// An ordinary text repeats a word so many times at most, or has so many words.
constexpr size_t kTimesAWord = 8, kManyWords = 1000;
// A page is broken to a width if so many of its line ends are.
constexpr double kWraps = 0.2;
// Manuals, tables, laws have so many signs of markup between their words; articles have a tenth of it.
constexpr double kFormatted = 0.04;
// Menus are lines of so many words at least, with so many signs.
constexpr uint32_t kMenuWords = 4;
constexpr double kMenuMarks = 0.4;
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

// Whether the tokens for which `where` holds begin at least `least` different words. Stops as soon as they
// do.
template <typename Where>
bool HasWords(const Tokens& tokens, size_t least, const Where& where) {
  std::vector<uint64_t> table(std::bit_ceil(2 * least + 2), 0);  // open addressing; 0 is free
  size_t count = 0;
  bool zero = false;
  for (size_t i = 0; i < tokens.size() && count < least; ++i) {
    if (!where(i)) continue;
    const uint64_t word = WordAt(tokens, i, tokens.size());
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

}  // namespace

double Period(const Tokens& tokens, const AlignedRun& run) {
  if (run.teaser || run.a_end() <= run.b_begin()) return std::numeric_limits<double>::infinity();
  return static_cast<double>(QuarterWords(tokens, run.a_begin(), run.b_begin())) / 4;
}

PageLook::PageLook(const PageView& page, const std::vector<AlignedRun>& runs, double min_words) {
  LookAtText(page);
  LookAtRuns(page, runs, min_words);
  CountPlaces(page.tokens, runs);
}

double PageLook::Share(const Count& count, uint32_t begin, uint32_t end) {
  return end <= begin ? 0 : static_cast<double>(count[end] - count[begin]) / (end - begin);
}

bool PageLook::IsFormula(const Tokens& tokens, uint32_t begin, uint32_t end) const {
  const auto words = FirstWords(tokens, begin, end);
  return words && std::binary_search(formulas_.begin(), formulas_.end(), *words);
}

// Whether the page as a whole is there twice.
void PageLook::LookAtRuns(const PageView& page, const std::vector<AlignedRun>& runs, double min_words) {
  constexpr uint8_t kFirst = 1, kSecond = 2;
  const Tokens& tokens = page.tokens;
  const std::vector<EdgeBits>& edges = page.edges;
  std::vector<uint8_t> places(tokens.size(), 0);
  size_t count = 0, units = 0, longest = 0;
  const auto is_end = [&](uint32_t a, uint32_t b) {
    return (edges[a] & edges[b] & Edge::kLine) || (Edge::IsUnit(edges[a]) && Edge::IsUnit(edges[b]));
  };
  for (const AlignedRun& run : runs) {
    if (Period(tokens, run) < min_words) continue;
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
  words_ = static_cast<double>(quarters) / 4;
  const double page_quarters = static_cast<double>(quarters);
  // One of nearly half of the page is the copy, whatever else repeats.
  const bool many_runs =
      count > kFewRuns && static_cast<double>(longest) < kNearlyHalf * static_cast<double>(tokens.size());
  const double least = formatted_ && many_runs ? kNearlyHalf : kSecondPlaces;
  if (static_cast<double>(in_second) < least * page_quarters) return;
  if (static_cast<double>(in_any) < kAllPlaces * page_quarters) return;
  if (static_cast<double>(in_second) < std::min(4 * kWholeCopy * min_words, kNearlyHalf * page_quarters))
    return;
  if (many_runs) {
    // A list of links or functions; in one or two runs it is shown twice all the same.
    if (marks(0, static_cast<uint32_t>(tokens.size())) >= kMarks) return;
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

void PageLook::LookAtText(const PageView& page) {
  const std::string_view text = page.text;
  const Tokens& tokens = page.tokens;
  const size_t size = tokens.size();
  for (Count* count : {&marks_, &digits_, &quoted_}) {
    *count = std::make_unique_for_overwrite<uint32_t[]>(size + 1);
    (*count)[0] = 0;
  }
  // Nothing is loaded again behind each store.
  const uint32_t* const begins = tokens.begins.data();
  const uint32_t* const ends = tokens.ends.data();
  const uint8_t* const traits = tokens.traits.data();
  const EdgeBits* const bits = page.edges.data();
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
    const bool plain = i > 0 && (length == 0 || (length == 1 && gap[0] == ' ') ||
                                 (length == 2 && gap[1] == ' ' && (gap[0] == ',' || gap[0] == '.')));
    const EdgeBits edge = bits[i];
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
void PageLook::CountPlaces(const Tokens& tokens, const std::vector<AlignedRun>& runs) {
  struct Beginning {
    uint64_t words = 0;
    uint32_t places = 0;
  };
  std::vector<Beginning> beginnings;
  // Bits for some of their tokens, of which there are as many as words at least: most places of a page begin
  // with none of them. The first alone would not tell letters of Thai apart.
  std::array<uint64_t, 64> may_begin{};
  const uint64_t* const hashes = tokens.hashes.data();
  const auto some_of = [&](uint32_t at) {
    static_assert(kFirstWords == 5);
    return (hashes[at] ^ hashes[at + 2] * 3 ^ hashes[at + 4] * 5) >> 40;
  };
  const auto bit = [](uint64_t some) { return uint64_t{1} << some % 64; };
  const auto bits = [&](uint64_t some) -> uint64_t& { return may_begin[some / 64 % may_begin.size()]; };
  for (const AlignedRun& run : runs) {
    const RunPiece& piece = run.pieces.front();
    if (const auto words = FirstWords(tokens, piece.a, piece.a + piece.length)) {
      beginnings.push_back({*words});
      bits(some_of(piece.a)) |= bit(some_of(piece.a));
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
  for (uint32_t i = 0; i + kFirstWords <= size; ++i) {
    const uint64_t some = some_of(i);
    if (!(bits(some) & bit(some))) continue;
    const auto words = FirstWords(tokens, i, size);
    if (!words) break;
    const auto at = std::lower_bound(beginnings.begin(), beginnings.end(), Beginning{*words}, less);
    if (at != beginnings.end() && at->words == *words) ++at->places;
  }
  for (const Beginning& beginning : beginnings) {
    if (beginning.places >= kPlaces) formulas_.push_back(beginning.words);
  }
}

}  // namespace refrain
