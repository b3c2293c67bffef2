#include <algorithm>

#include "refrain/base/utf8.h"
#include "refrain/match/edges_internal.h"

namespace refrain {
namespace {

bool IsWhite(char32_t c) {
  return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// Full stops of the world's scripts: Latin, full-width, Arabic, Urdu, Devanagari, Armenian, Ethiopic, Khmer,
// Myanmar.
bool IsStop(char32_t c) {
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

bool IsLower(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 0xDF && c <= 0xFF && c != 0xF7) || (c >= 0x3AC && c <= 0x3CE) ||
         (c >= 0x430 && c <= 0x45F);
}

char32_t Next(std::string_view text, size_t* at) {
  char32_t c = 0;
  if (!DecodeUtf8(text, at, &c)) return 0xFFFD;
  return c;
}

}  // namespace

void FindEdges(std::string_view text, const Tokens& tokens, std::vector<uint8_t>* edges) {
  const size_t size = tokens.size();
  edges->assign(size + 1, 0);
  (*edges)[0] = Edge::kLine | Edge::kSpace | Edge::kSentence;
  for (size_t i = 1; i < size; ++i) {
    const uint32_t begin = tokens.ends[i - 1], end = tokens.begins[i];
    uint8_t edge = 0;
    if (end - begin == 1 && text[begin] == ' ') {  // nearly all of them
      edge = Edge::kSpace;
    } else {
      const std::string_view gap = text.substr(begin, end - begin);
      uint32_t full_stops = 0;
      bool stop = false, stop_before_space = false;
      for (size_t at = 0; at < gap.size();) {
        if (LineEndAt(gap, at) > 0) edge |= Edge::kLine;
        const char32_t c = Next(gap, &at);
        if (IsWhite(c)) {
          edge |= Edge::kSpace;
          stop_before_space |= stop;
        }
        if (c == 0x2026) edge |= Edge::kEllipsis;
        full_stops = c == '.' ? full_stops + 1 : 0;
        if (full_stops >= 3) edge |= Edge::kEllipsis;
        stop |= IsStop(c);
      }
      // A stop ends a sentence where white space follows it, or where the next word begins with a capital or
      // with a letter that has no case: "3.5", "example.com" and "e.g." go on.
      const unsigned char next = static_cast<unsigned char>(text[end]);
      const bool number = tokens.has_digit(i - 1) && tokens.has_digit(i);
      if (stop_before_space ||
          (stop && !number && !(next >= 'a' && next <= 'z') && !(next >= '0' && next <= '9'))) {
        edge |= Edge::kSentence;
      }
    }
    // Thai, Lao, Khmer and Myanmar put spaces between phrases and have no full stop.
    if ((edge & Edge::kSpace) && tokens.quarter_words(i - 1) == 1 && tokens.quarter_words(i) == 1)
      edge |= Edge::kSentence;
    if (edge != Edge::kSpace) {
      size_t at = end;
      if (IsLower(Next(text, &at))) edge |= Edge::kLower;
    }
    (*edges)[i] = edge;
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
    (*edges)[size] = static_cast<uint8_t>(Edge::kLine | Edge::kSpace | (stop ? Edge::kSentence : 0) |
                                          (ellipsis ? Edge::kEllipsis : 0));
  }
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
