#pragma once
/// Aligned runs: stretches of one page that show the same words, found from winnowed seeds and extended over
/// small edits.
///
/// Seeds are shingles chosen by winnowing (Schleimer, Wilkerson, Aiken 2003), dense enough that every
/// verbatim stretch of `min_words` holds one that is chosen in both places. Each pair of places is extended
/// both ways to a maximal run. The oracle in the tests is a suffix array.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "refrain/text/tokens.h"

namespace refrain {

/// A verbatim stretch: tokens [a, a + length) and [b, b + length) of the page are equal.
struct RunPiece {
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t length = 0;
};

/// What stands between two pieces of a run.
enum class GapKind : uint8_t {
  kSlip,    ///< as many words on either side, each pair alike but for a letter or two, in no number
  kSeam,    ///< the same letters, cut into words in another way ("SaysOn" and "Says On")
  kExtraA,  ///< words only the first place has
  kExtraB,  ///< words only the second place has
  kOther,   ///< words on both sides, not the same (in joined runs only)
};

/// Two places of a page that show the same words. Pieces rise on both sides; gaps[i] stands between pieces i
/// and i + 1.
struct AlignedRun {
  std::vector<RunPiece> pieces;
  std::vector<GapKind> gaps;
  bool teaser = false;  ///< a cut-off lead, shorter than other runs may be; see teasers_internal.h

  uint32_t a_begin() const { return pieces.front().a; }
  uint32_t a_end() const { return pieces.back().a + pieces.back().length; }
  uint32_t b_begin() const { return pieces.front().b; }
  uint32_t b_end() const { return pieces.back().b + pieces.back().length; }
};

struct RunOptions {
  /// Shortest run reported, in word equivalents.
  double min_words = 8;
  /// Words that may differ between two verbatim stretches; 0 finds verbatim runs only.
  int max_edits = 2;
};

/// Finds the runs of a page. Reuse one finder for many pages: its tables stay. Not thread safe.
class RunFinder {
 public:
  RunFinder();
  ~RunFinder();

  /// Replaces `runs` with the maximal runs of at least options.min_words, sorted by (b_begin, a_begin),
  /// a_begin < b_begin. Of a passage shown more than seventeen times, each place is aligned with the sixteen
  /// before it. Linear in tokens.size() whatever the page holds: about 4 ns a token without repeats.
  /// `shingles`: what MakeShingles gives for `tokens`, of a caller who has that anyway, or none.
  void Find(std::string_view text, const Tokens& tokens, const RunOptions& options,
            std::vector<AlignedRun>* runs, std::span<const uint64_t> shingles = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace refrain
