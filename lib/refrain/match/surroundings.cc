#include "refrain/match/surroundings_internal.h"

#include <algorithm>

namespace refrain {
namespace {

// How far in front of a passage to look for its line, in tokens.
constexpr uint32_t kLongLine = 400;

}  // namespace

Span Surroundings::LineBefore(uint32_t token) const {
  const auto line = [&](uint32_t at) {
    const uint32_t stop = at - std::min(at, kLongLine);
    while (at > stop && !(edges_[at] & Edge::kLine)) --at;
    return at;
  };
  const uint32_t end = line(token);
  return end == 0 || !(edges_[end] & Edge::kLine) ? Span{} : Span{line(end - 1), end};
}

bool Surroundings::IsOneLine(uint32_t begin, uint32_t end) const {
  return std::none_of(edges_.begin() + begin + 1, edges_.begin() + end,
                      [](EdgeBits edge) { return edge & (Edge::kLine | Edge::kWrap); });
}

bool Surroundings::IsWholeLine(uint32_t begin, uint32_t end) const {
  return (edges_[begin] & edges_[end] & Edge::kLine) && IsOneLine(begin, end);
}

bool Surroundings::IsShortLine(uint32_t edge, uint32_t words) const {
  uint32_t quarters = 0;
  for (uint32_t i = edge; i < tokens_.size() && (i == edge || !(edges_[i] & Edge::kLine)); ++i) {
    quarters += tokens_.quarter_words(i);
    if (quarters > 4 * words) return false;
  }
  return true;
}

bool Surroundings::IsFirstLine(uint32_t begin, uint32_t end) const {
  uint32_t quarters = 0;
  for (uint32_t i = 0; i < end && quarters <= 4 * kTitleWords; ++i) quarters += tokens_.quarter_words(i);
  if (quarters > 4 * kTitleWords) return false;
  const auto is_line = [](EdgeBits edge) { return (edge & Edge::kLine) != 0; };
  return std::none_of(edges_.begin() + 1, edges_.begin() + begin + 1, is_line) &&
         std::none_of(edges_.begin() + begin + 1, edges_.begin() + end, is_line);
}

bool Surroundings::IsField(uint32_t begin) const {
  constexpr uint32_t kName = 2;  // tokens
  if (!(edges_[begin] & Edge::kColon) || (edges_[begin] & Edge::kLine)) return false;
  return std::any_of(edges_.begin() + (begin - std::min(begin, kName)), edges_.begin() + begin,
                     [](EdgeBits edge) { return edge & Edge::kLine; });
}

bool Surroundings::IsLabelled(uint32_t edge) const {
  constexpr uint32_t kName = 3;  // tokens
  if (!(edges_[edge] & Edge::kLine)) return false;
  const uint32_t size = static_cast<uint32_t>(tokens_.size());
  for (uint32_t i = edge + 1; i <= std::min(edge + kName, size) && !(edges_[i] & Edge::kLine); ++i) {
    if (edges_[i] & Edge::kColon) return true;
  }
  return false;
}

bool Surroundings::EndsInQuestion(uint32_t edge) const {
  const std::string_view gap =
      text_.substr(tokens_.ends[edge - 1], tokens_.begins[edge] - tokens_.ends[edge - 1]);
  for (const std::string_view mark : {"?", "\uFF1F", "\u061F"}) {
    if (gap.find(mark) != std::string_view::npos) return true;
  }
  return false;
}

bool Surroundings::IsInText(uint32_t begin, uint32_t end, uint32_t heading) const {
  const auto is_paragraph = [&](uint32_t line, uint32_t line_end) {
    return (edges_[line_end] & Edge::kSentence) && !IsShortLine(line, heading);
  };
  const Span before = LineBefore(begin);
  return !before.empty() && is_paragraph(before.begin, begin) &&
         (end == tokens_.size() || is_paragraph(end, NextLine(edges_, end + 1)));
}

}  // namespace refrain
