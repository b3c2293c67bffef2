#include "refrain/match/page_repeats.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "refrain/match/copies_internal.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/runs.h"
#include "refrain/match/teasers_internal.h"

namespace refrain {
namespace {

constexpr uint32_t kKept = UINT32_MAX;
constexpr uint64_t kTeaserQuarters = 3 * 4;

// Whether the text holds an ellipsis at all.
bool MayHoldTeaser(std::string_view text) {
  return text.find("\u2026") != std::string_view::npos || text.find("...") != std::string_view::npos;
}

uint64_t QuarterWords(const Tokens& tokens, uint32_t begin, uint32_t end) {
  uint64_t quarters = 0;
  for (uint32_t i = begin; i < end; ++i) quarters += tokens.quarter_words(i);
  return quarters;
}

}  // namespace

absl::Status PageRepeatOptions::Validate() const {
  if (!(min_tokens >= 3 && min_tokens <= 1000)) {
    return absl::InvalidArgumentError(
        fmt::format("min-tokens is {}, must be between 3 and 1000", min_tokens));
  }
  if (max_edits < 0 || max_edits > 8) {
    return absl::InvalidArgumentError(fmt::format("max-edits is {}, must be between 0 and 8", max_edits));
  }
  return absl::OkStatus();
}

void PageRepeats::clear() {
  repeats.clear();
  cut.clear();
}

struct PageRepeatFinder::State {
  RunFinder finder;
  std::vector<AlignedRun> runs;
  std::vector<uint8_t> edges;
  std::vector<CopyChoice> choices;
  // For each token: kKept, or the token that shows the same word and stays (or led to one that stays when it
  // was set).
  std::vector<uint32_t> witness;

  std::string_view text;
  const Tokens* tokens = nullptr;
  uint64_t least_quarters = 0;
  int max_edits = 0;

  uint32_t Root(uint32_t token);
  void CutToken(uint32_t token, uint32_t other);
  void CutRun(const AlignedRun& run, bool cut_a);
  void CutStretch(const AlignedRun& run, bool cut_a, size_t first, size_t last, uint64_t least);
  void ReportRepeats(PageRepeats* found);
  void TakePunctuation(Repeat* repeat) const;
  void ReportCut(PageRepeats* found);
  Span CutBytes(uint32_t first, uint32_t last);
};

uint32_t PageRepeatFinder::State::Root(uint32_t token) {
  uint32_t root = token;
  while (witness[root] != kKept) root = witness[root];
  while (witness[token] != kKept) {  // the way is short next time
    const uint32_t next = witness[token];
    witness[token] = root;
    token = next;
  }
  return root;
}

// Cuts `token` because of `other`, unless it is already cut or is what `other` itself leads to: so one copy
// always stays.
void PageRepeatFinder::State::CutToken(uint32_t token, uint32_t other) {
  if (witness[token] != kKept) return;
  const uint32_t root = Root(other);
  if (root == token) return;
  witness[token] = root;
}

// Cuts pieces [first, last) of the run and the gaps between them on one side, pulled in to where passages may
// begin and end.
void PageRepeatFinder::State::CutStretch(const AlignedRun& run, bool cut_a, size_t first, size_t last,
                                         uint64_t least) {
  const auto side = [&](const RunPiece& piece) { return cut_a ? piece.a : piece.b; };
  const auto other_side = [&](const RunPiece& piece) { return cut_a ? piece.b : piece.a; };
  uint32_t begin = side(run.pieces[first]);
  uint32_t end = side(run.pieces[last - 1]) + run.pieces[last - 1].length;
  while (begin < end && !Edge::IsUnit(edges[begin])) ++begin;
  while (end > begin && !Edge::IsUnit(edges[end]) && !(edges[end] & Edge::kEllipsis)) --end;
  if (QuarterWords(*tokens, begin, end) < least) return;

  // Runs may overlap themselves (a passage three times in a row): going away from the witness, the root is
  // always behind us.
  std::vector<std::pair<uint32_t, uint32_t>> verbatim, slips;
  for (size_t p = first; p < last; ++p) {
    const RunPiece& piece = run.pieces[p];
    for (uint32_t i = 0; i < piece.length; ++i) verbatim.emplace_back(side(piece) + i, other_side(piece) + i);
    if (p + 1 == last) break;
    const uint32_t gap_begin = side(piece) + piece.length, gap_end = side(run.pieces[p + 1]);
    const uint32_t other_begin = other_side(piece) + piece.length, other_end = other_side(run.pieces[p + 1]);
    for (uint32_t i = gap_begin; i < gap_end; ++i) {
      slips.emplace_back(i, std::min(other_begin + (i - gap_begin), other_end - 1));
    }
  }
  if (cut_a) std::reverse(verbatim.begin(), verbatim.end());
  const auto inside = [&](uint32_t token) { return token >= begin && token < end; };
  for (const auto& [token, other] : verbatim) {
    if (inside(token)) CutToken(token, other);
  }
  for (const auto& [token, other] : slips) {
    if (inside(token)) CutToken(token, other);
  }
}

// Splits the run where the cut side has words of its own: they stay, and so does their sentence.
void PageRepeatFinder::State::CutRun(const AlignedRun& run, bool cut_a) {
  const GapKind own_words = cut_a ? GapKind::kExtraA : GapKind::kExtraB;
  size_t first = 0;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    if (p + 1 < run.pieces.size() && run.gaps[p] != own_words) continue;
    CutStretch(run, cut_a, first, p + 1, run.teaser ? kTeaserQuarters : least_quarters);
    first = p + 1;
  }
}

// The bytes to leave out for cut tokens [first, last), which stand on one line.
Span PageRepeatFinder::State::CutBytes(uint32_t first, uint32_t last) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  const bool from_line = edges[first] & Edge::kLine;
  // The first token of the next line, if the cut goes that far. Where the witness shows the ellipsis too,
  // nothing is cut off, and what follows is text.
  const bool same_ellipsis = edges[Root(last - 1) + 1] & Edge::kEllipsis;
  const uint32_t line_token = same_ellipsis ? last : TailEnd(edges, last);
  const bool to_line = edges[line_token] & Edge::kLine;
  uint32_t begin = tokens->begins[first], end = tokens->ends[last - 1];
  const uint32_t before = first == 0 ? 0 : tokens->ends[first - 1];
  const uint32_t behind =
      line_token == size ? static_cast<uint32_t>(text.size()) : tokens->begins[line_token];

  if (from_line) {
    // All of the line that stands before the word: what follows the last line end of the gap.
    uint32_t line = before;
    for (uint32_t at = before; at < begin;) {
      const uint32_t size_here = LineEndAt(text, at);
      at += size_here > 0 ? size_here : 1;
      if (size_here > 0) line = at;
    }
    begin = line;
  } else {
    const Gap gap = ShareGap(text, before, begin);
    begin = to_line ? gap.closing_end : gap.opening_begin;
  }
  if (to_line) {
    end = line_token > last ? tokens->ends[line_token - 1] : end;
    while (end < behind && LineEndAt(text, end) == 0) ++end;
    // A line that goes entirely takes its line end along, and blank lines behind it if one stands before it
    // already.
    if (from_line) {
      end += LineEndAt(text, end);
      const bool blank_before =
          begin == 0 ||
          (begin >= 2 && text[begin - 1] == '\n' &&
           (text[begin - 2] == '\n' || (begin >= 3 && text[begin - 2] == '\r' && text[begin - 3] == '\n')));
      if (blank_before) {
        for (uint32_t at = end; at < behind;) {
          const uint32_t line_end = LineEndAt(text, at);
          if (line_end > 0) {
            at += line_end;
            end = at;
          } else if (text[at] == ' ' || text[at] == '\t') {
            ++at;
          } else {
            break;
          }
        }
      }
    }
  } else {
    end = ShareGap(text, end, behind).opening_begin;
  }
  return {begin, end};
}

// One row for each stretch of cut words whose witnesses follow each other, but for words that only the
// witness has.
void PageRepeatFinder::State::ReportRepeats(PageRepeats* found) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  for (uint32_t token = 0; token < size;) {
    if (witness[token] == kKept) {
      ++token;
      continue;
    }
    const uint32_t first = token, first_root = Root(token);
    uint32_t last_root = first_root;
    Repeat repeat;
    for (; token < size && witness[token] != kKept; ++token) {
      const uint32_t root = Root(token);
      const bool next_copy = (edges[token] & Edge::kLine) && root > last_root + 1;
      // Two words in a row with one witness: two halves of it (a seam), or a word over and over.
      const bool same_word = root == last_root && tokens->hashes[token] == tokens->hashes[root];
      if (token > first && (root < last_root || same_word ||
                            root > last_root + 1 + static_cast<uint32_t>(max_edits) || next_copy))
        break;
      last_root = root;
      ++repeat.tokens;
      // Not what its run said: a witness may itself have been cut because of a slip.
      repeat.edits += tokens->hashes[token] != tokens->hashes[root];
    }
    repeat.dropped = {tokens->begins[first], tokens->ends[token - 1]};
    repeat.kept = {tokens->begins[first_root], tokens->ends[last_root]};
    TakePunctuation(&repeat);
    found->repeats.push_back(repeat);
  }
}

// Both spans take the marks along that stand around them in both copies: quotes in front, the full stop
// behind.
void PageRepeatFinder::State::TakePunctuation(Repeat* repeat) const {
  const auto is_mark = [](char c) {
    return c > 0x20 && c < 0x7F && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9');
  };
  Span &dropped = repeat->dropped, &kept = repeat->kept;
  while (dropped.end < text.size() && kept.end < text.size() && text[dropped.end] == text[kept.end] &&
         is_mark(text[kept.end])) {
    ++dropped.end, ++kept.end;
  }
  const auto opens = [](char c) { return c == '"' || c == '(' || c == '[' || c == '\''; };
  while (dropped.begin > 0 && kept.begin > 0 && text[dropped.begin - 1] == text[kept.begin - 1] &&
         opens(text[kept.begin - 1])) {
    --dropped.begin, --kept.begin;
  }
}

void PageRepeatFinder::State::ReportCut(PageRepeats* found) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  for (uint32_t token = 0; token < size;) {
    if (witness[token] == kKept) {
      ++token;
      continue;
    }
    uint32_t last = token + 1;
    while (last < size && witness[last] != kKept && !(edges[last] & Edge::kLine)) ++last;
    Span cut = CutBytes(token, last);
    if (!found->cut.empty()) cut.begin = std::max(cut.begin, found->cut.back().end);
    if (!cut.empty()) found->cut.push_back(cut);
    token = last;
  }
}

PageRepeatFinder::PageRepeatFinder() : state_(std::make_unique<State>()) {}
PageRepeatFinder::~PageRepeatFinder() = default;

void PageRepeatFinder::Find(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
                            PageRepeats* found) {
  found->clear();
  State& s = *state_;
  s.finder.Find(text, tokens, {.min_words = options.min_tokens, .max_edits = options.max_edits}, &s.runs);
  if (s.runs.empty() && !MayHoldTeaser(text)) return;
  s.text = text;
  s.tokens = &tokens;
  s.least_quarters = static_cast<uint64_t>(options.min_tokens * 4);
  s.max_edits = options.max_edits;
  FindEdges(text, tokens, &s.edges);
  for (AlignedRun& run : s.runs) ExtendToEdges(text, tokens, s.edges, options.max_edits, &run);
  FindTeasers(tokens, s.edges, &s.runs);
  if (s.runs.empty()) return;
  s.witness.assign(tokens.size(), kKept);

  ChooseCopies(tokens, s.edges, s.runs, options.min_tokens, &s.choices);
  for (const CopyChoice& choice : s.choices) s.CutRun(s.runs[choice.run], choice.cut_a);
  s.ReportRepeats(found);
  s.ReportCut(found);
}

std::string WithoutSpans(std::string_view text, const std::vector<Span>& cut) {
  std::string out;
  out.reserve(text.size());
  size_t at = 0;
  for (const Span& span : cut) {
    out.append(text.substr(at, span.begin - at));
    at = span.end;
  }
  out.append(text.substr(at));
  return out;
}

}  // namespace refrain
