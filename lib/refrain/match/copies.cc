#include <algorithm>
#include <cstdint>
#include <numeric>

#include "refrain/match/copies_internal.h"
#include "refrain/match/edges_internal.h"

namespace refrain {
namespace {

// Runs of one pair of copies may lie this many words apart: a paragraph that one copy lacks.
constexpr uint32_t kSameCopyWords = 300;
// How far back to look for the run before, in order of their second places.
constexpr size_t kLookBack = 16;

// How well the two places of a run are made. Differences are a minus b; positive speaks against a.
struct Making {
  int cut_off = 0;     // +1: a is cut off and b is not; -1 the other way round
  int64_t glued = 0;   // sentences whose space is lost
  int64_t broken = 0;  // breaks inside a sentence less breaks between paragraphs
  uint64_t words = 0;
};

void CompareEdge(uint8_t a, uint8_t b, Making* making) {
  making->glued += (Edge::IsGlued(a) && !Edge::IsGlued(b)) - (Edge::IsGlued(b) && !Edge::IsGlued(a));
  // A line that goes on with a small letter, and no sentence ends there, was broken by accident.
  const auto breaks = [](uint8_t one, uint8_t other) {
    if (!(one & Edge::kLine) || (other & Edge::kLine)) return 0;
    return !((one | other) & Edge::kSentence) && (one & Edge::kLower) ? 1 : -1;
  };
  making->broken += breaks(a, b) - breaks(b, a);
}

// The copy stops here, at a line's end or an ellipsis, in the middle of a sentence that goes on in the other
// copy.
bool CutOff(uint8_t edge, uint8_t other) {
  const bool goes_on = !(other & (Edge::kLine | Edge::kSentence | Edge::kEllipsis));
  return goes_on && ((edge & Edge::kEllipsis) || ((edge & Edge::kLine) && !(edge & Edge::kSentence)));
}

// Tokens [begin, end) begin a line and stay on it.
bool OneLine(const std::vector<uint8_t>& edges, uint32_t begin, uint32_t end) {
  if (!(edges[begin] & Edge::kLine)) return false;
  return std::none_of(edges.begin() + begin + 1, edges.begin() + end,
                      [](uint8_t edge) { return edge & Edge::kLine; });
}

Making Compare(const std::vector<uint8_t>& edges, const AlignedRun& run) {
  Making making;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    const RunPiece& piece = run.pieces[p];
    for (uint32_t i = 1; i < piece.length; ++i) CompareEdge(edges[piece.a + i], edges[piece.b + i], &making);
    making.words += piece.length;
    if (p < run.gaps.size() && run.gaps[p] == GapKind::kSeam) {
      const uint32_t in_a = run.pieces[p + 1].a - (piece.a + piece.length);
      const uint32_t in_b = run.pieces[p + 1].b - (piece.b + piece.length);
      making.glued += in_a < in_b ? 1 : -1;
    }
  }
  CompareEdge(edges[run.a_begin()], edges[run.b_begin()], &making);
  CompareEdge(edges[run.a_end()], edges[run.b_end()], &making);
  // A lead or a blob is one line; a column of paragraphs that stops in the middle of a sentence just has an
  // edit there.
  const bool a_cut_off =
      OneLine(edges, run.a_begin(), run.a_end()) && CutOff(edges[run.a_end()], edges[run.b_end()]);
  const bool b_cut_off =
      OneLine(edges, run.b_begin(), run.b_end()) && CutOff(edges[run.b_end()], edges[run.a_end()]);
  making.cut_off = a_cut_off - b_cut_off;
  return making;
}

struct Groups {
  std::vector<uint32_t> parent;
  explicit Groups(size_t size) : parent(size) { std::iota(parent.begin(), parent.end(), 0u); }
  uint32_t Root(uint32_t run) {
    while (parent[run] != run) run = parent[run] = parent[parent[run]];
    return run;
  }
};

// Whether `next` goes on where `run` ends, on both sides, so that both show the same two copies.
bool Continues(const AlignedRun& run, const AlignedRun& next) {
  const auto near = [](uint32_t end, uint32_t begin) {
    return begin + 8 >= end && begin <= end + kSameCopyWords;
  };
  return near(run.a_end(), next.a_begin()) && near(run.b_end(), next.b_begin()) &&
         next.a_end() <= run.b_begin() + 8;
}

}  // namespace

void ChooseCopies(const Tokens& tokens, const std::vector<uint8_t>& edges,
                  const std::vector<AlignedRun>& runs, double min_words, std::vector<CopyChoice>* choices) {
  choices->clear();
  const uint32_t count = static_cast<uint32_t>(runs.size());
  std::vector<Making> makings(count);
  std::vector<bool> repeat(count, true);
  for (uint32_t i = 0; i < count; ++i) {
    makings[i] = Compare(edges, runs[i]);
    uint64_t period = 0;
    for (uint32_t t = runs[i].a_begin(); t < std::min(runs[i].b_begin(), runs[i].a_end()); ++t)
      period += tokens.quarter_words(t);
    repeat[i] = runs[i].teaser || static_cast<double>(period) >= min_words * 4;
  }

  Groups groups(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (!repeat[i] || makings[i].cut_off != 0) continue;
    for (uint32_t back = 1; back <= std::min<uint32_t>(i, kLookBack); ++back) {
      const uint32_t before = i - back;
      if (!repeat[before] || makings[before].cut_off != 0 || !Continues(runs[before], runs[i])) continue;
      groups.parent[groups.Root(i)] = groups.Root(before);
      break;
    }
  }
  std::vector<Making> sums(count);
  for (uint32_t i = 0; i < count; ++i) {
    Making& sum = sums[groups.Root(i)];
    sum.cut_off += makings[i].cut_off;
    sum.glued += makings[i].glued;
    sum.broken += makings[i].broken;
    sum.words += makings[i].words;
  }
  for (uint32_t i = 0; i < count; ++i) {
    if (!repeat[i]) continue;
    const Making& sum = sums[groups.Root(i)];
    const int64_t against_a = sum.cut_off != 0 ? sum.cut_off : sum.glued != 0 ? sum.glued : sum.broken;
    choices->push_back({i, against_a > 0});
  }
  // The most evident copies first: what they leave is what the others can lean on.
  std::stable_sort(choices->begin(), choices->end(), [&](const CopyChoice& one, const CopyChoice& other) {
    return sums[groups.Root(one.run)].words > sums[groups.Root(other.run)].words;
  });
}

}  // namespace refrain
