#include "refrain/match/cut_spans_internal.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "refrain/match/teasers_internal.h"

namespace refrain {
namespace {

class SpanMaker {
 public:
  SpanMaker(const PageView& page, WordCuts* cuts) : page_(page), cuts_(*cuts) {}

  uint32_t BlankLinesBegin(uint32_t at) const;
  Span CutBytes(uint32_t first, uint32_t last, std::optional<uint32_t> lines_begin);

 private:
  bool AnyWitness(uint32_t begin, uint32_t end);

  const PageView& page_;
  WordCuts& cuts_;
  std::vector<bool> witnesses_;  // tokens that stay for others; empty until asked for
};

// Whether any of the tokens [begin, end) stays for one that goes.
bool SpanMaker::AnyWitness(uint32_t begin, uint32_t end) {
  const uint32_t size = static_cast<uint32_t>(page_.tokens.size());
  if (witnesses_.empty()) {
    witnesses_.resize(size);
    for (uint32_t token = 0; token < size; ++token) {
      if (cuts_.goes(token)) witnesses_[cuts_.Root(token)] = true;
    }
  }
  return std::any_of(witnesses_.begin() + begin, witnesses_.begin() + end, [](bool is) { return is; });
}

// Where the blank lines begin that stand right in front of the line that begins at `at`; `at` if there are
// none.
uint32_t SpanMaker::BlankLinesBegin(uint32_t at) const {
  const auto line_end_before = [&](uint32_t end) -> uint32_t {
    if (end == 0 || (page_.text[end - 1] != '\n' && page_.text[end - 1] != '\r')) return 0;
    return end >= 2 && page_.text[end - 2] == '\r' && page_.text[end - 1] == '\n' ? 2 : 1;
  };
  while (at > 0) {
    uint32_t line = at - line_end_before(at);
    if (line == at) break;
    while (line > 0 && (page_.text[line - 1] == ' ' || page_.text[line - 1] == '\t')) --line;
    if (line > 0 && line_end_before(line) == 0) break;
    at = line;
  }
  return at;
}

// The bytes to leave out for cut tokens [first, last), which stand on one line. `lines_begin`: where the cut
// lines begin that this one goes on from.
Span SpanMaker::CutBytes(uint32_t first, uint32_t last, std::optional<uint32_t> lines_begin) {
  const uint32_t size = static_cast<uint32_t>(page_.tokens.size());
  const bool from_line = page_.edges[first] & Edge::kLine;
  // The first token of the next line, if the cut goes that far. Where the witness shows the ellipsis too,
  // nothing is cut off, and what follows is text. A tail that another copy was cut for stays.
  const bool same_ellipsis = page_.edges[cuts_.Root(last - 1) + 1] & Edge::kEllipsis;
  uint32_t line_token = same_ellipsis ? last : TailEnd(page_.edges, last);
  if (line_token > last && AnyWitness(last, line_token)) line_token = last;
  const bool to_line = page_.edges[line_token] & Edge::kLine;
  uint32_t begin = page_.tokens.begins[first], end = page_.tokens.ends[last - 1];
  const uint32_t before = first == 0 ? 0 : page_.tokens.ends[first - 1];
  const uint32_t behind =
      line_token == size ? static_cast<uint32_t>(page_.text.size()) : page_.tokens.begins[line_token];

  if (from_line) {
    // All of the line that stands before the word: what follows the last line end of the gap.
    uint32_t line = before;
    for (uint32_t at = before; at < begin;) {
      const uint32_t size_here = LineEndAt(page_.text, at);
      at += size_here > 0 ? size_here : 1;
      if (size_here > 0) line = at;
    }
    begin = line;
  } else {
    const Gap gap = ShareGap(page_.text, before, begin);
    begin = to_line ? gap.closing_end : gap.opening_begin;
  }
  if (to_line) {
    end = line_token > last ? page_.tokens.ends[line_token - 1] : end;
    while (end < behind && LineEndAt(page_.text, end) == 0) ++end;
    // A line that goes entirely takes its line end along, and blank lines behind it if one stands before it
    // already.
    if (from_line) {
      end += LineEndAt(page_.text, end);
      const uint32_t lines = lines_begin.value_or(begin);
      if (lines == 0 || BlankLinesBegin(lines) < lines) {
        for (uint32_t at = end; at < behind;) {
          const uint32_t line_end = LineEndAt(page_.text, at);
          if (line_end > 0) {
            at += line_end;
            end = at;
          } else if (page_.text[at] == ' ' || page_.text[at] == '\t') {
            ++at;
          } else {
            break;
          }
        }
      }
    }
  } else {
    end = ShareGap(page_.text, end, behind).opening_begin;
  }
  return {begin, end};
}

}  // namespace

void FindCutSpans(const PageView& page, WordCuts* cuts, std::vector<Span>* cut,
                  std::vector<CutTokens>* words) {
  const uint32_t size = static_cast<uint32_t>(page.tokens.size());
  SpanMaker maker(page, cuts);
  cut->clear();
  words->clear();
  std::optional<uint32_t> lines_begin;
  for (uint32_t token = 0; token < size;) {
    if (!cuts->goes(token)) {
      ++token;
      continue;
    }
    uint32_t last = token + 1;
    while (last < size && cuts->goes(last) && !(page.edges[last] & Edge::kLine)) ++last;
    // Of lines that go one after the other, the blank ones between them go too.
    if (words->empty() || words->back().last != token || !(page.edges[words->back().first] & Edge::kLine))
      lines_begin.reset();
    Span bytes = maker.CutBytes(token, last, lines_begin);
    if (!cut->empty()) {
      const uint32_t before = cut->back().end;
      bytes.begin = lines_begin ? before : std::max(bytes.begin, before);
    }
    if (!lines_begin) lines_begin = bytes.begin;
    if (!bytes.empty()) {
      cut->push_back(bytes);
      words->push_back({token, last});
    }
    token = last;
  }
  // Lines cut up to the end: what is left does not end in blank lines either.
  if (!lines_begin || cut->back().end < page.text.size()) return;
  size_t first = words->size() - 1;
  while ((*cut)[first].begin > *lines_begin) --first;
  (*cut)[first].begin = maker.BlankLinesBegin(*lines_begin);
}

}  // namespace refrain
