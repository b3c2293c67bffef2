#pragma once
/// What text alone cannot find but lines and sentences can: cut-off leads of a few words, and slips at a
/// passage's very edge.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/match/glance_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Sets Edge::kTail where a cut-off text ends: at an ellipsis at the end of a line, or before a call to read
/// on ("… Read more", "[more]", "Weiterlesen", in many languages) that ends one; and Edge::kInTail for the
/// words of such a call, and of one on a line of its own behind a line that ends no sentence.
class TailMarker {
 public:
  TailMarker();
  void Mark(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges) const;
  /// Whether the line of tokens [begin, end) ends in a call, or is one, that needs no ellipsis: of two words
  /// or more, or in brackets.
  bool EndsInCall(std::string_view text, const Tokens& tokens, uint32_t begin, uint32_t end) const;

 private:
  std::vector<uint64_t> calls_;  // sorted hashes
  bool MayEndCall(uint64_t word) const { return may_end_[word / 64 % may_end_.size()] >> word % 64 & 1; }
  bool IsCall(const Tokens& tokens, uint32_t begin, uint32_t end) const;
  uint32_t FindCall(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                    uint32_t begin, uint32_t end) const;
  bool IsSign(std::string_view text, const Tokens& tokens, uint32_t begin, uint32_t end) const;

  // Bits for the last words of calls: few lines of prose end in one that has its bit set.
  std::array<uint64_t, 64> may_end_{};
};

/// Finds cut-off leads too short for the search for seeds. Reuse one for many pages. Not thread safe.
class TeaserFinder {
 public:
  /// Whether lines of the page begin alike, so that Find is worth its cost: without any, it appends nothing.
  /// Line ends of other kinds than LF are seen only if the page holds an ellipsis. `glance` is that of
  /// `text`. Linear.
  bool MayFind(std::string_view text, const Tokens& tokens, const Glance& glance, const TailMarker& tails);

  /// Appends a run for each line that shows how a paragraph begins and stops in the middle of its sentence:
  /// from three words on if the line ends in a tail (kTail), from five if the lead's sentence is over there,
  /// or if there is no tail and the paragraph goes on with a small letter or one without case; else from
  /// eight. Lines that a run of `runs` begins with already are left to it. `edges` with tails marked; what is
  /// left of a word in front of one becomes part of it (MarkHalfWords). Linear.
  void Find(std::string_view text, const Tokens& tokens, std::vector<EdgeBits>* edges,
            std::vector<AlignedRun>* runs);

 private:
  void FindLines(const Tokens& tokens, const Glance& glance);

  struct Line {
    uint64_t first = 0;  // its first three words
    uint32_t begin = 0;
    uint32_t end = 0;
  };
  std::vector<Line> lines_;
  std::vector<uint32_t> starts_;  // of lines
  std::vector<uint64_t> keys_;    // of their first words
  std::vector<uint64_t> table_;
};

/// Of leads cut off inside a word ("the gover…" where the paragraph has "the government"): marks what is left
/// of the word as a tail, behind the runs that end in front of it. A lead begins a line, and nothing but an
/// ellipsis or a call to read on stands between the word and the line's end. Linear in the runs.
void MarkHalfWords(std::string_view text, const Tokens& tokens, const std::vector<AlignedRun>& runs,
                   std::vector<EdgeBits>* edges);

/// Extends the ends of `run` by up to six words to where a passage begins or ends in both places, if all
/// words between agree but for slips. The search for runs does not step over a slip with fewer than three
/// verbatim words behind it; at an edge there are none.
void ExtendToEdges(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                   int max_edits, AlignedRun* run);

/// Takes up to two words off an end of `run` that goes beyond a place where a passage ends in either copy,
/// and stops in the middle of a sentence in both: the next words agree by chance.
void TrimToEdges(const Tokens& tokens, const std::vector<EdgeBits>& edges, AlignedRun* run);

/// The end of the tail that begins at `edge`: the first token behind it, which begins a line; `edge` itself
/// if no tail begins there.
uint32_t TailEnd(const std::vector<EdgeBits>& edges, uint32_t edge);

}  // namespace refrain
