#include "refrain/match/join_internal.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "refrain/match/edges_internal.h"
#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

// Runs of one pair of copies may lie this many words apart: paragraphs that one copy lacks.
constexpr uint32_t kMostBetween = 300;
// How many runs before are looked at, in order of their second places.
constexpr size_t kLookBack = 16;
// Cells of alignment tables that a page may cost, for each token.
constexpr uint64_t kCellsPerToken = 64;
// Verbatim words between words that differ, to count as the same passage: fewer if they are whole sentences.
constexpr uint32_t kSentenceQuarters = 3 * 4;
constexpr uint32_t kPhraseQuarters = 5 * 4;

// A stretch of the page on both sides, between two runs.
struct Between {
  uint32_t a = 0, a_end = 0;
  uint32_t b = 0, b_end = 0;

  uint32_t in_a() const { return a_end - a; }
  uint32_t in_b() const { return b_end - b; }
};

// Two aligned words.
struct Pair {
  uint32_t a = 0;
  uint32_t b = 0;
  bool slip = false;
};

}  // namespace

struct RunJoiner::State {
  std::string_view text;
  const Tokens* tokens = nullptr;
  const std::vector<EdgeBits>* edges = nullptr;
  uint32_t max_edits = 0;
  uint64_t cells_left = 0;

  std::vector<int32_t> ends_here, best;  // scores of the row before, by column
  std::vector<int32_t> next_ends_here, next_best;
  std::vector<uint8_t> moves;
  std::vector<Pair> pairs, chain;

  bool GoesOn(const AlignedRun& run, const AlignedRun& next) const;
  void Align(const Between& between);
  void KeepChains(const Between& between);
  bool IsEvident(const Between& between) const;
  bool Append(const AlignedRun& next, AlignedRun* run);
  void AppendPair(const Pair& pair, AlignedRun* run) const;
};

namespace {

// Takes `count` words off the front of a run's first piece, or off the back of its last; false if there are
// no more than that.
bool TrimFront(uint32_t count, AlignedRun* run) {
  RunPiece& piece = run->pieces.front();
  if (piece.length <= count) return false;
  piece.a += count;
  piece.b += count;
  piece.length -= count;
  return true;
}

bool TrimBack(uint32_t count, AlignedRun* run) {
  RunPiece& piece = run->pieces.back();
  if (piece.length <= count) return false;
  piece.length -= count;
  return true;
}

// Verbatim words at the end of a run, counted up to `most`.
uint32_t LastWords(const AlignedRun& run, uint32_t most) {
  uint32_t words = 0;
  for (auto piece = run.pieces.rbegin(); piece != run.pieces.rend() && words < most; ++piece)
    words += piece->length;
  return std::min(words, most);
}

}  // namespace

bool RunJoiner::State::GoesOn(const AlignedRun& run, const AlignedRun& next) const {
  // A cut-off lead does not go on in the text that stands behind it.
  if (((*edges)[run.a_end()] | (*edges)[run.b_end()]) & Edge::kTail) return false;
  constexpr uint32_t kOverlap = 8;
  return next.a_begin() + kOverlap >= run.a_end() && next.b_begin() + kOverlap >= run.b_end() &&
         next.a_end() > run.a_end() && next.b_end() > run.b_end() &&
         next.a_begin() <= run.a_end() + kMostBetween && next.b_begin() <= run.b_end() + kMostBetween &&
         next.a_end() <= run.b_begin();
}

// Fills `pairs` with the best alignment: verbatim words count four, slips three, and each that follows
// another one more, so that words in a row win over words here and there.
void RunJoiner::State::Align(const Between& between) {
  constexpr int32_t kVerbatim = 4, kSlip = 3, kInRow = 1;
  constexpr uint8_t kPair = 1, kAfterPair = 2, kSkipA = 4, kIsSlip = 8;
  pairs.clear();
  const size_t rows = between.in_a(), columns = between.in_b();
  const uint64_t cells = (rows + 1) * (columns + 1);
  if (rows == 0 || columns == 0 || cells > cells_left) return;
  cells_left -= cells;
  // The run before ends in a pair.
  constexpr int32_t kNever = -1'000'000;
  ends_here.assign(columns + 1, kNever);
  best.assign(columns + 1, 0);
  ends_here[0] = 0;
  next_ends_here.resize(columns + 1);
  next_best.resize(columns + 1);
  moves.assign(cells, 0);
  for (size_t row = 1; row <= rows; ++row) {
    next_ends_here[0] = kNever;
    next_best[0] = 0;
    moves[row * (columns + 1)] = kSkipA;
    for (size_t column = 1; column <= columns; ++column) {
      const uint32_t a = between.a + static_cast<uint32_t>(row) - 1,
                     b = between.b + static_cast<uint32_t>(column) - 1;
      int32_t gain = 0;
      if (tokens->hashes[a] == tokens->hashes[b]) {
        gain = kVerbatim;
      } else if (max_edits > 0 && IsSlip(text, *tokens, a, b)) {
        gain = kSlip;
      }
      uint8_t move = 0;
      int32_t pair = kNever;
      if (gain > 0) {
        const bool in_row = ends_here[column - 1] + kInRow >= best[column - 1];
        pair = gain + (in_row ? ends_here[column - 1] + kInRow : best[column - 1]);
        move = static_cast<uint8_t>((in_row ? kAfterPair : 0) | (gain == kSlip ? kIsSlip : 0));
      }
      const int32_t skip_a = best[column], skip_b = next_best[column - 1];
      next_ends_here[column] = pair;
      next_best[column] = std::max({pair, skip_a, skip_b});
      if (pair >= skip_a && pair >= skip_b) {
        move |= kPair;
      } else if (skip_a >= skip_b) {
        move |= kSkipA;
      }
      moves[row * (columns + 1) + column] = move;
    }
    std::swap(ends_here, next_ends_here);
    std::swap(best, next_best);
  }
  // Back from the end; `forced`: the pair behind counted on a pair here. The run behind begins with a pair.
  bool forced = ends_here[columns] + kInRow >= best[columns];
  for (size_t row = rows, column = columns; row > 0 && column > 0;) {
    const uint8_t move = moves[row * (columns + 1) + column];
    if (forced || (move & kPair)) {
      pairs.push_back({between.a + static_cast<uint32_t>(row) - 1,
                       between.b + static_cast<uint32_t>(column) - 1, (move & kIsSlip) != 0});
      forced = (move & kAfterPair) != 0;
      --row, --column;
    } else if (move & kSkipA) {
      --row;
    } else {
      --column;
    }
  }
  std::reverse(pairs.begin(), pairs.end());
}

// Whether `chain`, words in a row on both sides, belongs to both copies.
bool RunJoiner::State::IsEvident(const Between& between) const {
  const Pair &first = chain.front(), &last = chain.back();
  if (first.a == between.a && first.b == between.b) return true;
  if (last.a + 1 == between.a_end && last.b + 1 == between.b_end) return true;
  uint32_t quarters = 0;
  for (const Pair& pair : chain) quarters += pair.slip ? 0 : tokens->quarter_words(pair.a);
  if (quarters >= kPhraseQuarters) return true;
  const auto unit = [&](uint32_t a, uint32_t b) {
    return Edge::IsUnit((*edges)[a]) || Edge::IsUnit((*edges)[b]);
  };
  return quarters >= kSentenceQuarters && unit(first.a, first.b) && unit(last.a + 1, last.b + 1);
}

// Drops pairs that are no passage: single words that both sides happen to use, slips beyond the limit or with
// nothing verbatim beside them.
void RunJoiner::State::KeepChains(const Between& between) {
  std::vector<Pair> kept;
  for (size_t begin = 0, end; begin < pairs.size(); begin = end) {
    uint32_t slips = 0;
    for (end = begin; end < pairs.size(); ++end) {
      if (end > begin && (pairs[end].a != pairs[end - 1].a + 1 || pairs[end].b != pairs[end - 1].b + 1))
        break;
      slips = pairs[end].slip ? slips + 1 : 0;
      if (slips > max_edits) break;
    }
    if (end == begin) {
      ++end;
      continue;
    }
    chain.assign(pairs.begin() + static_cast<std::ptrdiff_t>(begin),
                 pairs.begin() + static_cast<std::ptrdiff_t>(end));
    // A slip at an end needs a sentence's end beside it.
    const auto unit = [&](uint32_t a, uint32_t b) {
      return (Edge::IsUnit((*edges)[a]) && Edge::IsUnit((*edges)[b])) || (a == between.a && b == between.b) ||
             (a == between.a_end && b == between.b_end);
    };
    while (!chain.empty() && chain.back().slip && !unit(chain.back().a + 1, chain.back().b + 1))
      chain.pop_back();
    size_t front = 0;
    while (front < chain.size() && chain[front].slip && !unit(chain[front].a, chain[front].b)) ++front;
    chain.erase(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(front));
    if (!chain.empty() && IsEvident(between)) kept.insert(kept.end(), chain.begin(), chain.end());
  }
  pairs.swap(kept);
}

void RunJoiner::State::AppendPair(const Pair& pair, AlignedRun* run) const {
  const uint32_t in_a = pair.a - run->a_end(), in_b = pair.b - run->b_end();
  if (pair.slip) {
    // An empty piece holds the place behind the slip.
    if (in_a > 0 || in_b > 0) {
      run->gaps.push_back(in_a == 0 ? GapKind::kExtraB : in_b == 0 ? GapKind::kExtraA : GapKind::kOther);
      run->pieces.push_back({pair.a, pair.b, 0});
    }
    RunPiece& last = run->pieces.back();
    if (last.length == 0 && !run->gaps.empty() && run->gaps.back() == GapKind::kSlip) {
      ++last.a, ++last.b;  // the slip before goes on
    } else {
      run->gaps.push_back(GapKind::kSlip);
      run->pieces.push_back({pair.a + 1, pair.b + 1, 0});
    }
    return;
  }
  if (in_a == 0 && in_b == 0) {
    ++run->pieces.back().length;
    return;
  }
  run->gaps.push_back(in_a == 0 ? GapKind::kExtraB : in_b == 0 ? GapKind::kExtraA : GapKind::kOther);
  run->pieces.push_back({pair.a, pair.b, 1});
}

// Appends `next` and what can be aligned between it and `run`; false, with both as they were, if too many
// words between them differ for the same two copies.
bool RunJoiner::State::Append(const AlignedRun& next, AlignedRun* run) {
  AlignedRun rest = next;
  const uint32_t overlap_a = run->a_end() > rest.a_begin() ? run->a_end() - rest.a_begin() : 0;
  const uint32_t overlap_b = run->b_end() > rest.b_begin() ? run->b_end() - rest.b_begin() : 0;
  const uint32_t overlap = std::max(overlap_a, overlap_b);
  // Words that both could have go where a sentence begins.
  const bool begins = Edge::IsUnit((*edges)[rest.a_begin()]) || Edge::IsUnit((*edges)[rest.b_begin()]);
  if (overlap > 0 && !(begins ? TrimBack(overlap, run) : TrimFront(overlap, &rest))) return false;
  const Between between = {run->a_end(), rest.a_begin(), run->b_end(), rest.b_begin()};
  Align(between);
  KeepChains(between);
  const uint32_t aligned = static_cast<uint32_t>(pairs.size());
  const uint32_t other = std::min(between.in_a() - aligned, between.in_b() - aligned);
  if (other > 2 + LastWords(*run, LastWords(rest, UINT32_MAX)) / 4) return false;
  for (const Pair& pair : pairs) AppendPair(pair, run);
  const uint32_t in_a = rest.a_begin() - run->a_end(), in_b = rest.b_begin() - run->b_end();
  if (in_a == 0 && in_b == 0) {
    run->pieces.back().length += rest.pieces.front().length;
    run->pieces.insert(run->pieces.end(), rest.pieces.begin() + 1, rest.pieces.end());
  } else {
    run->gaps.push_back(in_a == 0 ? GapKind::kExtraB : in_b == 0 ? GapKind::kExtraA : GapKind::kOther);
    run->pieces.insert(run->pieces.end(), rest.pieces.begin(), rest.pieces.end());
  }
  run->gaps.insert(run->gaps.end(), rest.gaps.begin(), rest.gaps.end());
  return true;
}

RunJoiner::RunJoiner() : state_(std::make_unique<State>()) {}
RunJoiner::~RunJoiner() = default;

void RunJoiner::Join(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                     int max_edits, std::vector<AlignedRun>* runs) {
  State& s = *state_;
  s.text = text;
  s.tokens = &tokens;
  s.edges = &edges;
  s.max_edits = static_cast<uint32_t>(max_edits);
  s.cells_left = kCellsPerToken * (tokens.size() + 1024);
  size_t kept = 0;
  for (size_t i = 0; i < runs->size(); ++i) {
    // The nearest run before that shows the same two copies.
    size_t nearest = kept;
    uint64_t least = UINT64_MAX;
    for (size_t back = 1; back <= std::min(kept, kLookBack); ++back) {
      const AlignedRun& before = (*runs)[kept - back];
      if (!s.GoesOn(before, (*runs)[i])) continue;
      const uint64_t between = uint64_t{(*runs)[i].a_begin()} -
                               std::min(before.a_end(), (*runs)[i].a_begin()) + (*runs)[i].b_begin() -
                               std::min(before.b_end(), (*runs)[i].b_begin());
      if (between < least) {
        least = between;
        nearest = kept - back;
      }
    }
    if (nearest < kept && s.Append((*runs)[i], &(*runs)[nearest])) continue;
    if (kept != i) (*runs)[kept] = std::move((*runs)[i]);
    ++kept;
  }
  runs->resize(kept);
}

namespace {

// What is not yet taken apart of a run: from its piece `piece` on, without that one's first `skip` words.
struct Rest {
  size_t run = 0;
  size_t piece = 0;
  uint32_t skip = 0;
};

// Appends pieces [rest.piece, end) of `run`, or what they have of the rest, to `part`.
void AppendPieces(const AlignedRun& run, const Rest& rest, size_t end, AlignedRun* part) {
  const auto first = static_cast<std::ptrdiff_t>(rest.piece), last = static_cast<std::ptrdiff_t>(end);
  part->pieces.assign(run.pieces.begin() + first, run.pieces.begin() + last);
  part->gaps.assign(run.gaps.begin() + first, run.gaps.begin() + last - 1);
  RunPiece& piece = part->pieces.front();
  piece.a += rest.skip;
  piece.b += rest.skip;
  piece.length -= rest.skip;
}

// Moves what lies before the second copy from `rest` to `part`; false, with both as they were, if the rest is
// not to be taken apart.
bool TakePart(const Tokens& tokens, const AlignedRun& run, Rest* rest, AlignedRun* part) {
  constexpr uint64_t kCopyQuarters = 60 * 4;
  const uint32_t begin = run.pieces[rest->piece].a + rest->skip;
  const uint32_t border = run.pieces[rest->piece].b + rest->skip;
  if (run.a_end() <= border) return false;
  uint64_t quarters = 0;
  for (uint32_t t = begin; t < border && quarters < kCopyQuarters; ++t) quarters += tokens.quarter_words(t);
  if (quarters < kCopyQuarters) return false;
  size_t piece = rest->piece;
  while (run.pieces[piece].a + run.pieces[piece].length <= border) ++piece;
  const uint32_t head = border - std::min(run.pieces[piece].a, border);
  AppendPieces(run, *rest, head > 0 ? piece + 1 : piece, part);
  if (head > 0) part->pieces.back().length = border - part->pieces.back().a;
  *rest = {rest->run, piece, head};
  return true;
}

}  // namespace

// A page may have runs of very many pieces that are taken apart very often, so each piece is copied once.
void SplitOverlaps(const Tokens& tokens, std::vector<AlignedRun>* runs) {
  const size_t before = runs->size();
  std::vector<AlignedRun> wholes;
  std::vector<Rest> rests;
  for (AlignedRun& run : *runs) {
    Rest rest = {.run = wholes.size()};
    AlignedRun part;
    if (!TakePart(tokens, run, &rest, &part)) continue;
    wholes.push_back(std::exchange(run, std::move(part)));
    rests.push_back(rest);
  }
  for (size_t i = 0; i < rests.size(); ++i) {
    Rest rest = rests[i];
    const AlignedRun& run = wholes[rest.run];
    AlignedRun part;
    if (TakePart(tokens, run, &rest, &part)) {
      rests.push_back(rest);
    } else {
      AppendPieces(run, rest, run.pieces.size(), &part);
    }
    runs->push_back(std::move(part));
  }
  if (runs->size() == before) return;
  std::sort(runs->begin(), runs->end(), [](const AlignedRun& one, const AlignedRun& other) {
    return std::pair(one.b_begin(), one.a_begin()) < std::pair(other.b_begin(), other.a_begin());
  });
}

}  // namespace refrain
