#pragma once
/// From runs to copies: runs that show the same two copies become one, and what stands between them is
/// aligned.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Joins runs that go on from each other in both places, and aligns the words between them, so that the short
/// sentence between two that one copy lacks is found, and the slips that are too close together for the
/// search for seeds. Between seeds a match may be short: what stands around it in the same order is its
/// evidence.
class RunJoiner {
 public:
  RunJoiner();
  ~RunJoiner();

  /// Replaces `runs` (sorted as RunFinder leaves them) with fewer and longer ones, in the same order. With
  /// max_edits 0 only what is verbatim is aligned. Steps are counted and stop at a small multiple of
  /// tokens.size(): linear on any page.
  void Join(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges, int max_edits,
            std::vector<AlignedRun>* runs);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Of three copies in a row the first two may be aligned with the last two, in one run that overlaps itself.
/// Takes it apart where the second copy begins, so that each pair of copies is judged by itself, if a copy
/// has sixty words or more: a short passage over and over is one repeat. Where a copy may begin at several
/// words, since what stands behind the last one begins as the copies do, a line's end is taken. Leaves `runs`
/// sorted.
void SplitOverlaps(const Tokens& tokens, const std::vector<EdgeBits>& edges, std::vector<AlignedRun>* runs);

}  // namespace refrain
