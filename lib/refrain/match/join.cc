#include "refrain/match/join_internal.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/types/span.h"
#include "refrain/match/between_internal.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/same_copy_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
struct RunJoiner::State {
  const std::vector<EdgeBits>* edges = nullptr;
  WordScale scale;
  BetweenAligner aligner;

  bool GoesOn(const AlignedRun& run, const AlignedRun& next) const;
  bool Append(const AlignedRun& next, AlignedRun* run);
};

namespace {

void SortRuns(std::vector<AlignedRun>* runs) {
  std::sort(runs->begin(), runs->end(), [](const AlignedRun& one, const AlignedRun& other) {
    return std::pair(one.b_begin(), one.a_begin()) < std::pair(other.b_begin(), other.a_begin());
  });
}

// Takes `count` words off the front of a run's first piece, or off the back of its last; false if there are
// no more than that.
bool TrimFront(uint32_t count, RunPiece* first) {
  if (first->length <= count) return false;
  first->a += count;
  first->b += count;
  first->length -= count;
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

uint32_t Words(const AlignedRun& run) {
  uint32_t words = 0;
  for (const RunPiece& piece : run.pieces) words += piece.length;
  return words;
}

void AppendPair(const AlignedPair& pair, AlignedRun* run) {
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

// Runs whose second places begin at `place` or right before it.
class RunsTo {
 public:
  RunsTo(const Tokens& tokens, absl::Span<const AlignedRun> runs, uint32_t place)
      : tokens_(tokens), runs_(runs), place_(place) {
    const uint32_t from = place - std::min(place, kSameCopyOverlap);
    first_ = static_cast<size_t>(
        std::partition_point(runs.begin(), runs.end(),
                             [&](const AlignedRun& each) { return each.b_begin() < from; }) -
        runs.begin());
  }
  template <typename Is>
  bool Any(uint32_t words, const Is& is) const {
    for (size_t i = first_; i < std::min(first_ + kSameCopyLookBack, runs_.size()); ++i) {
      if (runs_[i].b_begin() > place_) return false;
      if (is(runs_[i]) && HasWords(runs_[i], words)) return true;
    }
    return false;
  }

 private:
  // No fewer tokens tell.
  bool HasWords(const AlignedRun& run, uint32_t words) const {
    const uint32_t quarters = 4 * words;
    if (run.b_end() - run.b_begin() < words) return false;
    return QuarterWords(tokens_, run.b_begin(), std::min(run.b_end(), run.b_begin() + quarters)) >= quarters;
  }

  const Tokens& tokens_;
  absl::Span<const AlignedRun> runs_;
  uint32_t place_ = 0;
  size_t first_ = 0;
};

// Whether other copies begin in the middle of `run`, at `a` and `b`, which follow each other in it. Either
// some other run shows the beginning at `a` and goes on in `run`; or two show what stands at `a` and at `b`
// as the beginning of one and the same copy before.
bool CopiesBegin(const Tokens& tokens, absl::Span<const AlignedRun> runs, const AlignedRun& run, uint32_t a,
                 uint32_t b) {
  constexpr uint32_t kBeginning = 20, kCopy = 120;  // words
  const RunsTo to_a(tokens, runs, a);
  const bool goes_on = to_a.Any(kBeginning, [&](const AlignedRun& other) {
    return other.a_end() <= run.a_begin() + kSameCopyOverlap &&
           other.b_end() <= run.b_begin() + kSameCopyOverlap;
  });
  if (goes_on) return true;
  const RunsTo to_b(tokens, runs, b);
  const auto begins_as = [&](const AlignedRun& one) {
    return to_b.Any(kCopy, [&](const AlignedRun& other) {
      const uint32_t begin = one.a_begin(), other_begin = other.a_begin();
      return std::max(begin, other_begin) - std::min(begin, other_begin) <= kSameCopyOverlap;
    });
  };
  return to_a.Any(kCopy,
                  [&](const AlignedRun& one) { return one.a_begin() < run.a_begin() && begins_as(one); });
}

// Whether a copy of what begins at `shown` begins in [begin, end): a lead, and behind it the text it is from,
// are two copies.
bool BeginsAgain(absl::Span<const AlignedRun> runs, uint32_t shown, uint32_t begin, uint32_t end) {
  if (begin >= end) return false;
  const auto first = std::partition_point(runs.begin(), runs.end(), [&](const AlignedRun& each) {
    return each.b_begin() + kSameCopyOverlap < begin;
  });
  const auto last = first + std::min<std::ptrdiff_t>(kSameCopyLookBack, runs.end() - first);
  return std::any_of(first, last, [&](const AlignedRun& each) {
    const uint32_t place = each.a_begin();
    return each.b_begin() < end && std::max(place, shown) - std::min(place, shown) <= kSameCopyOverlap;
  });
}

// Of three copies in a row, the first of which lacks its beginning, the end of the first and the beginning of
// the second are alike to the end of the second and the beginning of the third, with a word or two between
// them at most. Takes such runs apart: they are of two pairs of copies. Leaves `runs` sorted; a part may be
// shorter than a run must be, and is joined or judged as it is.
void SplitAtCopies(const Tokens& tokens, std::vector<AlignedRun>* runs) {
  std::vector<AlignedRun> parts;
  for (AlignedRun& run : *runs) {
    for (size_t p = run.gaps.size(); p-- > 0;) {
      if (run.gaps[p] == GapKind::kSlip || run.gaps[p] == GapKind::kSeam) continue;
      if (run.pieces[p].length == 0 ||
          !CopiesBegin(tokens, *runs, run, run.pieces[p + 1].a, run.pieces[p + 1].b))
        continue;
      const auto at = static_cast<std::ptrdiff_t>(p) + 1;
      AlignedRun& part = parts.emplace_back();
      part.pieces.assign(run.pieces.begin() + at, run.pieces.end());
      part.gaps.assign(run.gaps.begin() + at, run.gaps.end());
      run.pieces.resize(p + 1);
      run.gaps.resize(p);
    }
  }
  if (parts.empty()) return;
  std::move(parts.begin(), parts.end(), std::back_inserter(*runs));
  SortRuns(runs);
}

}  // namespace

bool RunJoiner::State::GoesOn(const AlignedRun& run, const AlignedRun& next) const {
  // A cut-off lead does not go on in the text that stands behind it.
  if (((*edges)[run.a_end()] | (*edges)[run.b_end()]) & Edge::kTail) return false;
  return next.a_end() > run.a_end() && next.b_end() > run.b_end() && next.a_end() <= run.b_begin() &&
         scale.IsWithin(next.a_begin(), run.a_end(), kSameCopyOverlap) &&
         scale.IsWithin(next.b_begin(), run.b_end(), kSameCopyOverlap) &&
         scale.IsWithin(run.a_end(), next.a_begin(), kSameCopyWords) &&
         scale.IsWithin(run.b_end(), next.b_begin(), kSameCopyWords);
}

// Appends `next` and what can be aligned between it and `run`; false, with both as they were, if too many
// words between them differ for the same two copies.
bool RunJoiner::State::Append(const AlignedRun& next, AlignedRun* run) {
  RunPiece first = next.pieces.front();  // all that may change of it
  const uint32_t overlap_a = run->a_end() > first.a ? run->a_end() - first.a : 0;
  const uint32_t overlap_b = run->b_end() > first.b ? run->b_end() - first.b : 0;
  const uint32_t overlap = std::max(overlap_a, overlap_b);
  // Words that both could have go where a sentence begins.
  const bool begins = Edge::IsUnit((*edges)[first.a]) || Edge::IsUnit((*edges)[first.b]);
  if (overlap > 0 && !(begins ? TrimBack(overlap, run) : TrimFront(overlap, &first))) return false;
  const Between between = {run->a_end(), first.a, run->b_end(), first.b};
  const uint32_t shorter = std::min(between.in_a(), between.in_b());
  const uint32_t words = Words(next) - (next.pieces.front().length - first.length);
  const uint32_t most_other = 2 + LastWords(*run, words) / 4;
  if (shorter > most_other && !aligner.MayKeep(between, shorter - most_other)) return false;
  const std::vector<AlignedPair>& pairs = aligner.Align(between);
  if (shorter - static_cast<uint32_t>(pairs.size()) > most_other) return false;
  for (const AlignedPair& pair : pairs) AppendPair(pair, run);
  const uint32_t in_a = first.a - run->a_end(), in_b = first.b - run->b_end();
  if (in_a == 0 && in_b == 0) {
    run->pieces.back().length += first.length;
  } else {
    run->gaps.push_back(in_a == 0 ? GapKind::kExtraB : in_b == 0 ? GapKind::kExtraA : GapKind::kOther);
    run->pieces.push_back(first);
  }
  run->pieces.insert(run->pieces.end(), next.pieces.begin() + 1, next.pieces.end());
  run->gaps.insert(run->gaps.end(), next.gaps.begin(), next.gaps.end());
  return true;
}

RunJoiner::RunJoiner() : state_(std::make_unique<State>()) {}
RunJoiner::~RunJoiner() = default;

void RunJoiner::Join(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                     int max_edits, std::vector<AlignedRun>* runs) {
  State& s = *state_;
  s.edges = &edges;
  if (runs->size() > 1) s.scale.Measure(tokens);
  SplitAtCopies(tokens, runs);
  s.aligner.Begin(text, tokens, edges, max_edits);
  size_t kept = 0;
  for (size_t i = 0; i < runs->size(); ++i) {
    // The nearest run before that shows the same two copies.
    size_t nearest = kept;
    uint64_t least = UINT64_MAX;
    for (size_t back = 1; back <= std::min(kept, kSameCopyLookBack); ++back) {
      const AlignedRun& before = (*runs)[kept - back];
      if (!s.GoesOn(before, (*runs)[i])) continue;
      const AlignedRun& next = (*runs)[i];
      const auto known = absl::MakeConstSpan(*runs).first(kept);
      if (CopiesBegin(tokens, known, before, next.a_begin(), next.b_begin())) continue;
      if (BeginsAgain(known, before.a_begin(), before.a_end(), next.a_begin()) ||
          BeginsAgain(known, before.b_begin(), before.b_end(), next.b_begin())) {
        continue;
      }
      // A lead that is cut off is over: what follows is another one.
      if ((edges[before.a_end()] ^ edges[before.b_end()]) & Edge::kTail) continue;
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
  part->gaps.assign(run.gaps.begin() + first, run.gaps.begin() + (last - 1));
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

// Words to leave off the front, so that both copies begin where a line does: as many as stand again behind
// the last copy at most.
uint32_t WordsToLine(const std::vector<EdgeBits>& edges, const AlignedRun& run) {
  constexpr uint32_t kMost = 60;  // words
  const RunPiece& first = run.pieces.front();
  if (run.a_end() <= first.b) return 0;
  const uint32_t most = std::min({run.a_end() - first.b, first.length - std::min(first.length, 1u), kMost});
  for (uint32_t words = 0; words <= most; ++words) {
    if (edges[first.a + words] & edges[first.b + words] & Edge::kLine) return words;
  }
  return 0;
}

}  // namespace

// A page may have runs of very many pieces that are taken apart very often, so each piece is copied once.
void SplitOverlaps(const Tokens& tokens, const std::vector<EdgeBits>& edges, std::vector<AlignedRun>* runs) {
  const size_t before = runs->size();
  std::vector<AlignedRun> wholes;
  std::vector<Rest> rests;
  for (AlignedRun& run : *runs) {
    Rest rest = {.run = wholes.size(), .skip = WordsToLine(edges, run)};
    AlignedRun part;
    if (rest.skip > 0 && run.a_end() <= run.b_begin() + rest.skip) {
      TrimFront(rest.skip, &run.pieces.front());  // nothing stands again behind the copies
      continue;
    }
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
  if (runs->size() != before) SortRuns(runs);
}

}  // namespace refrain
