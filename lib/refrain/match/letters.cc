#include "refrain/match/letters_internal.h"

namespace refrain {
namespace {

// Verbatim letters on both sides of one too many.
constexpr uint32_t kAround = 4;
// To the end of a line: six words.
constexpr uint32_t kMostLetters = 24;

bool IsLetter(const Tokens& tokens, uint32_t token) {
  return tokens.quarter_words(token) == TokenTraits::kQuarter && !tokens.has_digit(token);
}

// Where to go on from: before token `a` or behind it.
struct Ends {
  uint32_t a = 0;
  uint32_t b = 0;
};

class Extension {
 public:
  Extension(const Tokens& tokens, const std::vector<EdgeBits>& edges, AlignedRun* run)
      : tokens_(tokens), edges_(edges), run_(*run) {}

  void Front() {
    const Ends begin = {run_.a_begin(), run_.b_begin()};
    if (IsLine(begin)) return;
    for (const bool in_a : {true, false}) {
      if ((in_a ? begin.a : begin.b) == 0 || !IsLetter(tokens_, (in_a ? begin.a : begin.b) - 1)) continue;
      Ends at = {begin.a - in_a, begin.b - !in_a};
      const uint32_t behind = at.a;
      while (!IsLine(at) && behind - at.a < kMostLetters && at.a > 0 && at.b > run_.a_end() &&
             tokens_.hashes[at.a - 1] == tokens_.hashes[at.b - 1]) {
        --at.a, --at.b;
      }
      if (!IsLine(at) || at.a == behind) continue;
      run_.pieces.insert(run_.pieces.begin(), {at.a, at.b, behind - at.a});
      run_.gaps.insert(run_.gaps.begin(), in_a ? GapKind::kExtraA : GapKind::kExtraB);
      return;
    }
  }

  void Back() {
    const Ends end = {run_.a_end(), run_.b_end()};
    const uint32_t size = static_cast<uint32_t>(tokens_.size());
    if (IsLine(end)) return;
    for (const bool in_a : {true, false}) {
      if ((in_a ? end.a : end.b) == size || !IsLetter(tokens_, in_a ? end.a : end.b)) continue;
      const Ends from = {end.a + in_a, end.b + !in_a};
      Ends at = from;
      while (!IsLine(at) && at.a - from.a < kMostLetters && at.b < size && at.a < run_.b_begin() &&
             tokens_.hashes[at.a] == tokens_.hashes[at.b]) {
        ++at.a, ++at.b;
      }
      if (!IsLine(at) || at.a == from.a || at.a > run_.b_begin()) continue;
      run_.pieces.push_back({from.a, from.b, at.a - from.a});
      run_.gaps.push_back(in_a ? GapKind::kExtraA : GapKind::kExtraB);
      return;
    }
  }

 private:
  bool IsLine(Ends at) const { return (edges_[at.a] | edges_[at.b]) & Edge::kLine; }

  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
  AlignedRun& run_;
};

}  // namespace

bool IsDoubledLetter(const Tokens& tokens, const std::vector<EdgeBits>& edges, const AlignedRun& run,
                     bool in_a, size_t p) {
  const RunPiece &before = run.pieces[p], &behind = run.pieces[p + 1];
  const uint32_t letter = (in_a ? before.a : before.b) + before.length, next = in_a ? behind.a : behind.b;
  const uint32_t other = (in_a ? before.b : before.a) + before.length;
  if (next != letter + 1 || (in_a ? behind.b : behind.a) != other) return false;
  if (before.length < kAround || behind.length < kAround || !IsLetter(tokens, letter)) return false;
  // Nothing stands between them.
  if (edges[letter] != 0 || edges[next] != 0) return false;
  return tokens.hashes[letter] == tokens.hashes[letter - 1] || tokens.hashes[letter] == tokens.hashes[next];
}

void ExtendOverLetters(const Tokens& tokens, const std::vector<EdgeBits>& edges, AlignedRun* run) {
  Extension extension(tokens, edges, run);
  extension.Front();
  extension.Back();
}

}  // namespace refrain
