#include <algorithm>
#include <array>
#include <cstring>

#include <absl/base/attributes.h>

#include "refrain/base/utf8.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/entities_internal.h"

namespace refrain {
namespace {

constexpr bool IsWhite(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// Full stops of the world's scripts: Latin, full-width, Arabic, Urdu, Devanagari, Armenian, Ethiopic, Khmer,
// Myanmar.
constexpr bool IsStop(char32_t c) {
  switch (c) {
    case '.':
    case '!':
    case '?':
    case 0x2026:
    case 0x3002:
    case 0xFF01:
    case 0xFF0E:
    case 0xFF1F:
    case 0xFF61:
    case 0x061F:
    case 0x06D4:
    case 0x0964:
    case 0x0965:
    case 0x0589:
    case 0x1362:
    case 0x17D4:
    case 0x104B:
    case 0x203C:
    case 0x2047:
    case 0x2048:
    case 0x2049:
      return true;
    default:
      return false;
  }
}

// Commas and semicolons: Latin, Arabic, Han, full-width.
constexpr bool IsComma(char32_t c) {
  return c == ',' || c == ';' || c == 0x060C || c == 0x061B || c == 0x3001 || c == 0xFF0C || c == 0xFF1B;
}

bool IsOpening(char32_t c) {
  switch (c) {
    case '(':
    case '[':
    case '{':
    case 0xAB:
    case 0x2039:
    case 0x201C:
    case 0x2018:
    case 0x201E:
    case 0x201A:
    case 0x300C:
    case 0x300E:
    case 0x3010:
    case 0x3008:
    case 0x300A:
    case 0x3014:
    case 0xFF08:
    case 0xFF3B:
    case 0xA1:
    case 0xBF:
    case '#':
    case '@':
    case '$':
    case 0x20AC:
    case 0xA3:
      return true;
    default:
      return false;
  }
}

// Quotation marks and dashes.
constexpr bool IsSpeech(char32_t c) {
  return c == '"' || c == 0xAB || c == 0xBB || (c >= 0x2013 && c <= 0x201F) || c == 0x300C || c == 0x300E;
}

bool IsLower(char32_t c) {
  // Beyond Latin-1 small and capital letters mostly alternate.
  if ((c >= 0x100 && c < 0x138) || (c >= 0x14A && c < 0x178)) return c % 2 == 1;
  if ((c >= 0x139 && c < 0x149) || (c >= 0x179 && c < 0x17F)) return c % 2 == 0;
  if ((c >= 0x460 && c < 0x482) || (c >= 0x48A && c < 0x4C0) || (c >= 0x4D0 && c < 0x530)) return c % 2 == 1;
  if (c >= 0x1E00 && c < 0x1F00) return c % 2 == 1;
  return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) || (c >= 0x3AC && c <= 0x3CE) ||
         (c >= 0x430 && c <= 0x45F) || (c >= 0x561 && c <= 0x587);
}

bool IsUpper(char32_t c) {
  if ((c >= 0x100 && c < 0x138) || (c >= 0x14A && c < 0x178)) return c % 2 == 0;
  if ((c >= 0x139 && c < 0x149) || (c >= 0x179 && c < 0x17F)) return c % 2 == 1;
  if ((c >= 0x460 && c < 0x482) || (c >= 0x48A && c < 0x4C0) || (c >= 0x4D0 && c < 0x530)) return c % 2 == 0;
  if (c >= 0x1E00 && c < 0x1F00) return c % 2 == 0;
  return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x386 && c <= 0x3AB) ||
         (c >= 0x400 && c <= 0x42F) || (c >= 0x531 && c <= 0x556);
}

// What EdgeAt asks of a character.
struct Mark {
  static constexpr uint8_t kWhite = 1, kStop = 2, kComma = 4, kColon = 8, kSpeech = 16;
};

constexpr uint8_t MarksOf(char32_t c) {
  return static_cast<uint8_t>((IsWhite(c) ? Mark::kWhite : 0) | (IsStop(c) ? Mark::kStop : 0) |
                              (IsComma(c) ? Mark::kComma : 0) | (c == ':' || c == 0xFF1A ? Mark::kColon : 0) |
                              (IsSpeech(c) ? Mark::kSpeech : 0));
}

constexpr std::array<uint8_t, 128> kAsciiMarks = [] {
  std::array<uint8_t, 128> marks{};
  for (size_t c = 0; c < marks.size(); ++c) marks[c] = MarksOf(static_cast<char32_t>(c));
  return marks;
}();

// An entity stands for its character.
char32_t Next(std::string_view text, size_t* at) {
  char32_t c = 0;
  if (*at < text.size() && text[*at] == '&') {
    const Entity entity = EntityAt(text.substr(*at));
    *at += entity.size;
    if (entity.size > 0) return entity.character;
  }
  if (!DecodeUtf8(text, at, &c)) return 0xFFFD;
  return c;
}

}  // namespace

bool IsLowerAt(std::string_view text, uint32_t at) {
  if (at >= text.size()) return false;
  if (text[at] >= 'A' && text[at] <= 'z') return text[at] >= 'a';  // most of them
  size_t place = at;
  return IsLower(Next(text, &place));
}

bool IsUpperAt(std::string_view text, uint32_t at) {
  if (at >= text.size()) return false;
  if (text[at] >= 'A' && text[at] <= 'z') return text[at] <= 'Z';
  size_t place = at;
  return IsUpper(Next(text, &place));
}

bool HasNoCaseAt(std::string_view text, uint32_t at) {
  return at < text.size() && static_cast<unsigned char>(text[at]) >= 0xD7 && !IsLowerAt(text, at) &&
         !IsUpperAt(text, at);
}

namespace {

// Apart from the loop that calls it, which then keeps all it needs in registers.
ABSL_ATTRIBUTE_NOINLINE EdgeBits EdgeAt(std::string_view text, const Tokens& tokens, size_t i) {
  const uint32_t begin = tokens.ends[i - 1], end = tokens.begins[i];
  EdgeBits edge = 0;
  uint32_t line_ends = 0;
  const bool words =
      tokens.quarter_words(i - 1) == TokenTraits::kWord && tokens.quarter_words(i) == TokenTraits::kWord;
  if (begin == end && words) edge = Edge::kSeam;
  const char first = end > begin ? text[begin] : '\0';
  if (end - begin == 2 && text[end - 1] == ' ' && (first == ',' || first == '.')) {  // most of the others
    // "7 a.m. from"
    const bool abbreviated = tokens.span(i - 1).size() == 1 && IsLowerAt(text, end);
    edge = first == ',' || abbreviated ? Edge::kSpace : Edge::kSpace | Edge::kSentence;
  } else if (end - begin == 1 && first == ' ') {
    edge = Edge::kSpace;
  } else {
    const std::string_view gap = text.substr(begin, end - begin);
    uint32_t full_stops = 0;
    bool stop = false, stop_before_space = false, colon = false, speech = false, corner = false;
    for (size_t at = 0; at < gap.size();) {
      if (const uint32_t line_end = MayEndLine(gap[at]) ? LineEndAt(gap, at) : 0; line_end > 0) {
        edge |= Edge::kLine | Edge::kSpace;
        ++line_ends;
        at += line_end;
        stop_before_space |= stop || corner;
        full_stops = 0;
        continue;
      }
      const unsigned char byte = static_cast<unsigned char>(gap[at]);
      uint8_t marks;
      if (byte < 0x80 && byte != '&') {
        marks = kAsciiMarks[byte];
        full_stops = byte == '.' ? full_stops + 1 : 0;
        ++at;
        corner = corner && (marks & Mark::kWhite);
      } else {
        const size_t from = at;
        const char32_t c = Next(gap, &at);
        if (byte == '&' && at > from + 1) edge |= Edge::kEntity;
        if (c == 0x2026) edge |= Edge::kEllipsis;
        marks = MarksOf(c);
        corner = c == 0x300D || c == 0x300F;  // what is said ends a line
        full_stops = c == '.' ? full_stops + 1 : 0;
      }
      if (marks & Mark::kWhite) {
        edge |= Edge::kSpace;
        stop_before_space |= stop;
      }
      if (full_stops >= 3) edge |= Edge::kEllipsis;
      stop = (stop && !(marks & Mark::kComma)) || (marks & Mark::kStop);
      colon |= (marks & Mark::kColon) != 0;
      speech = (marks & Mark::kSpeech) || (speech && (marks & Mark::kWhite));
    }
    if (speech) edge |= Edge::kSpeech;
    // "10:30" and "https://example.com" announce nothing.
    if (colon && ((edge & (Edge::kSpace | Edge::kLine)) || IsUpperAt(text, end))) edge |= Edge::kColon;
    // A stop ends a sentence where white space follows it, or where the next word begins with a capital or
    // with a letter that has no case: "3.5", "example.com" and "e.g." go on, and so does "the U.S., ".
    const unsigned char next = static_cast<unsigned char>(text[end]);
    const bool number = tokens.has_digit(i - 1) && tokens.has_digit(i);
    const bool phrase =
        tokens.quarter_words(i) == TokenTraits::kQuarter;  // no full stops but in abbreviations
    if (stop_before_space ||
        (stop && !number && !phrase && !(next >= 'a' && next <= 'z') && !(next >= '0' && next <= '9'))) {
      edge |= Edge::kSentence;
    }
  }
  // Thai, Lao, Khmer and Myanmar put spaces between phrases and have no full stop.
  if ((edge & Edge::kSpace) && tokens.quarter_words(i - 1) == TokenTraits::kQuarter &&
      tokens.quarter_words(i) == TokenTraits::kQuarter) {
    edge |= Edge::kSentence | Edge::kPhrase;
  }
  if (edge != Edge::kSpace) {
    if (line_ends < 2 && IsLowerAt(text, end)) edge |= Edge::kLower;
  }
  return edge;
}

}  // namespace

void FindEdges(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges) {
  const size_t size = tokens.size();
  edges->assign(size + 1, Edge::kSpace);  // as nearly all of them are
  (*edges)[0] = Edge::kLine | Edge::kSpace | Edge::kSentence;
  const uint32_t* const begins = tokens.begins.data();
  const uint32_t* const ends = tokens.ends.data();
  const uint8_t* const traits = tokens.traits.data();
  for (size_t i = 1; i < size; ++i) {
    const uint32_t begin = ends[i - 1], end = begins[i];
    const uint32_t quarters = traits[i] & TokenTraits::kQuarterWords;
    if (end - begin == 1 && text[begin] == ' ' && quarters != TokenTraits::kQuarter) continue;
    // Nor do Han, kana, Thai and its like have small letters.
    if (end == begin && quarters != TokenTraits::kWord) {
      (*edges)[i] = 0;
      continue;
    }
    (*edges)[i] = EdgeAt(text, tokens, i);
  }
  if (size > 0) (*edges)[size] = Edge::kLine | Edge::kSpace | Edge::kSentence;
  if (size > 0) {  // behind the last word: does its sentence end?
    const std::string_view rest = text.substr(tokens.ends[size - 1]);
    bool stop = false, ellipsis = false;
    uint32_t full_stops = 0;
    for (size_t at = 0; at < rest.size();) {
      const char32_t c = Next(rest, &at);
      full_stops = c == '.' ? full_stops + 1 : 0;
      ellipsis |= c == 0x2026 || full_stops >= 3;
      stop |= IsStop(c);
    }
    (*edges)[size] = static_cast<EdgeBits>(Edge::kLine | Edge::kSpace | (stop ? Edge::kSentence : 0) |
                                           (ellipsis ? Edge::kEllipsis : 0));
  }
}

bool IsBesideParagraph(const Tokens& tokens, const std::vector<EdgeBits>& edges, uint32_t edge) {
  constexpr uint32_t kParagraph = 25 * 4;  // quarters of a word
  const auto is_line = [&](uint32_t at) { return (edges[at] & Edge::kLine) != 0; };
  if (!is_line(edge)) return false;
  uint32_t before = 0, behind = 0;
  for (uint32_t i = edge; i > 0 && before < kParagraph;) {
    before += tokens.quarter_words(--i);
    if (is_line(i)) break;
  }
  for (uint32_t i = edge; i < tokens.size() && behind < kParagraph; ++i) {
    if (i > edge && is_line(i)) break;
    behind += tokens.quarter_words(i);
  }
  return std::max(before, behind) >= kParagraph;
}

Gap ShareGap(std::string_view text, uint32_t begin, uint32_t end) {
  const std::string_view gap = text.substr(begin, end - begin);
  size_t closing = 0, opening = gap.size();
  bool white = false;
  for (size_t at = 0; at < gap.size();) {
    const size_t from = at;
    const char32_t c = Next(gap, &at);
    if (IsWhite(c)) {
      white = true;
      opening = gap.size();
    } else if (white || IsOpening(c)) {
      opening = std::min(opening, from);
    } else if (opening == gap.size()) {
      closing = at;
    }
  }
  return {begin + static_cast<uint32_t>(closing), begin + static_cast<uint32_t>(std::max(opening, closing))};
}

}  // namespace refrain
