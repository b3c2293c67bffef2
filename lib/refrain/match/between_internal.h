#pragma once
/// What stands between two runs of the same two copies, aligned word by word: the short sentence that both
/// have between two that one lacks, slips too close together for the search for seeds.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// A stretch of the page in both places: tokens [a, a_end) and [b, b_end).
struct Between {
  uint32_t a = 0, a_end = 0;
  uint32_t b = 0, b_end = 0;

  uint32_t in_a() const { return a_end - a; }
  uint32_t in_b() const { return b_end - b; }
};

/// Two aligned words, equal or one a slip of the other.
struct AlignedPair {
  uint32_t a = 0;
  uint32_t b = 0;
  bool slip = false;
};

/// Aligns stretches of one page after the other. Steps are counted, and stop at a small multiple of its
/// tokens: what is asked for behind that is aligned with nothing. Keeps its tables. Not thread safe.
class BetweenAligner {
 public:
  BetweenAligner();
  ~BetweenAligner();

  /// Takes a page; views must live as long as it is asked about. With max_edits 0 slips are none.
  void Begin(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges, int max_edits);

  /// False only if Align would return fewer than `least` pairs. Most stretches are strangers, and this tells
  /// them at about a tenth of the cost.
  bool MayKeep(const Between& between, uint32_t least);

  /// The best alignment, rising on both sides, of words that belong to a passage: no single words that both
  /// sides happen to use. Valid until the next call. Takes a cell of a table for each pair of words.
  const std::vector<AlignedPair>& Align(const Between& between);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace refrain
