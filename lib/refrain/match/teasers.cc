#include "refrain/match/teasers_internal.h"

#include <algorithm>
#include <utility>

#include "refrain/match/edges_internal.h"
#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

constexpr uint32_t kTeaserQuarters = 3 * 4;
constexpr uint32_t kEdgeWords = 6;

}  // namespace

uint32_t TailEnd(const std::vector<uint8_t>& edges, uint32_t edge) {
  if (!(edges[edge] & Edge::kEllipsis)) return edge;
  for (uint32_t at = edge; at < edges.size() && at <= edge + kTailWords; ++at) {
    if (edges[at] & Edge::kLine) return at;
  }
  return edge;
}

void FindTeasers(const Tokens& tokens, const std::vector<uint8_t>& edges, std::vector<AlignedRun>* runs) {
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  struct Line {
    uint64_t first;  // the first two words
    uint32_t begin;
  };
  std::vector<Line> lines;
  struct Teaser {
    uint32_t begin;
    uint32_t end;
  };
  std::vector<Teaser> teasers;
  for (uint32_t begin = 0, end; begin < size; begin = end) {
    uint32_t ellipsis = size + 1;
    for (end = begin + 1; end < size && !(edges[end] & Edge::kLine); ++end) {
      if (ellipsis > size && (edges[end] & Edge::kEllipsis)) ellipsis = end;
    }
    if (ellipsis > size && (edges[end] & Edge::kEllipsis)) ellipsis = end;
    if (begin + 1 < end) lines.push_back({tokens.hashes[begin] * 3 + tokens.hashes[begin + 1], begin});
    if (ellipsis <= size && end - ellipsis <= kTailWords) teasers.push_back({begin, ellipsis});
  }
  if (teasers.empty()) return;
  std::vector<std::pair<uint32_t, uint32_t>> known;
  known.reserve(runs->size());
  for (const AlignedRun& run : *runs) known.emplace_back(run.a_begin(), run.b_begin());
  std::sort(known.begin(), known.end());
  std::sort(lines.begin(), lines.end(), [](const Line& one, const Line& other) {
    return one.first != other.first ? one.first < other.first : one.begin < other.begin;
  });
  for (const Teaser& teaser : teasers) {
    if (teaser.end < teaser.begin + 2) continue;
    uint32_t quarters = 0;
    for (uint32_t i = teaser.begin; i < teaser.end; ++i) quarters += tokens.quarter_words(i);
    if (quarters < kTeaserQuarters) continue;
    const uint64_t first = tokens.hashes[teaser.begin] * 3 + tokens.hashes[teaser.begin + 1];
    auto line = std::lower_bound(lines.begin(), lines.end(), first,
                                 [](const Line& one, uint64_t value) { return one.first < value; });
    // A few lines that begin alike are tried; a page of nothing but such lines is no place for leads.
    for (int tried = 0; line != lines.end() && line->first == first && tried < 16; ++line, ++tried) {
      const uint32_t length = teaser.end - teaser.begin;
      if (line->begin == teaser.begin || line->begin + length >= size) continue;
      if (line->begin < teaser.end && teaser.begin < line->begin + length) continue;
      if (!std::equal(tokens.hashes.begin() + teaser.begin, tokens.hashes.begin() + teaser.end,
                      tokens.hashes.begin() + line->begin)) {
        continue;
      }
      const uint8_t other = edges[line->begin + length];
      if (other & (Edge::kLine | Edge::kEllipsis)) continue;  // does not go on
      AlignedRun run;
      run.pieces.push_back(
          {std::min(teaser.begin, line->begin), std::max(teaser.begin, line->begin), length});
      run.teaser = true;
      if (!std::binary_search(known.begin(), known.end(), std::pair(run.a_begin(), run.b_begin())))
        runs->push_back(std::move(run));
      break;
    }
  }
}

void ExtendToEdges(std::string_view text, const Tokens& tokens, const std::vector<uint8_t>& edges,
                   int max_edits, AlignedRun* run) {
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  const auto is_edge = [&](uint32_t a, uint32_t b) {
    return Edge::IsUnit(edges[a]) && Edge::IsUnit(edges[b]);
  };

  // `step` words from the run's end (direction +1) or beginning (-1): slips and verbatim words only. Appends
  // pieces outwards.
  const auto extend = [&](int direction) {
    uint32_t a = direction > 0 ? run->a_end() : run->a_begin();
    uint32_t b = direction > 0 ? run->b_end() : run->b_begin();
    if (is_edge(a, b)) return;
    uint32_t words = 0;
    int slips = 0;
    std::vector<bool> verbatim;
    for (; words < kEdgeWords && !is_edge(a, b); ++words) {
      if (direction > 0 ? b >= size || a >= run->b_begin() : a == 0 || b <= run->a_end()) return;
      const uint32_t at_a = direction > 0 ? a : a - 1, at_b = direction > 0 ? b : b - 1;
      const bool equal = tokens.hashes[at_a] == tokens.hashes[at_b];
      if (!equal && (++slips > max_edits || !IsSlip(text, tokens, at_a, at_b))) return;
      verbatim.push_back(equal);
      a += direction > 0 ? 1 : -1;
      b += direction > 0 ? 1 : -1;
    }
    if (!is_edge(a, b) || slips == 0) return;
    // An empty piece at the far end holds a slip that is the very last word.
    std::vector<RunPiece> pieces;
    std::vector<GapKind> gaps;
    uint32_t at_a = direction > 0 ? run->a_end() : run->a_begin(),
             at_b = direction > 0 ? run->b_end() : run->b_begin();
    for (size_t i = 0; i < verbatim.size();) {
      size_t next = i;
      while (next < verbatim.size() && !verbatim[next]) ++next;
      size_t end = next;
      while (end < verbatim.size() && verbatim[end]) ++end;
      const uint32_t gap = static_cast<uint32_t>(next - i), length = static_cast<uint32_t>(end - next);
      if (gap == 0) return;  // verbatim words right at the run would have belonged to it
      gaps.push_back(GapKind::kSlip);
      if (direction > 0) {
        pieces.push_back({at_a + gap, at_b + gap, length});
        at_a += gap + length;
        at_b += gap + length;
      } else {
        at_a -= gap + length;
        at_b -= gap + length;
        pieces.push_back({at_a, at_b, length});
      }
      i = end;
    }
    if (direction > 0) {
      run->pieces.insert(run->pieces.end(), pieces.begin(), pieces.end());
      run->gaps.insert(run->gaps.end(), gaps.begin(), gaps.end());
    } else {
      run->pieces.insert(run->pieces.begin(), pieces.rbegin(), pieces.rend());
      run->gaps.insert(run->gaps.begin(), gaps.rbegin(), gaps.rend());
    }
  };
  extend(-1);
  extend(+1);
}

}  // namespace refrain
