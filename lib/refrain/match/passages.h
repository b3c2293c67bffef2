#pragma once
/// Passages: what two texts share, through edits, moved sentences and gaps.
///
/// Seeds are shingles that stand in both texts, but not many times in the second; each is extended to a
/// verbatim run. Runs that lie near each other in both texts make a passage, in whatever order they stand:
/// who rewrites a text moves sentences. Edited text is found by shingles of five words, rewritten text by
/// pairs of words. Known from plagiarism detection as seeding, extension and filtering; Potthast et al.,
/// "Overview of the 5th International Competition on Plagiarism Detection" (2013).
///
///   FindShared(ours.seeds, theirs.seeds, &shared);
///   PassageFinder finder;
///   finder.Find(ours, theirs, shared, PassageOptions(), &passages);

#include <cstdint>
#include <vector>

#include "refrain/match/shingle_table.h"
#include "refrain/sketch/shingle.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Tokens [a_first, a_last) of one text and [b_first, b_last) of another that say the same.
struct SharedPassage {
  uint32_t a_first = 0;
  uint32_t a_last = 0;
  uint32_t b_first = 0;
  uint32_t b_last = 0;
  double a_words = 0;  ///< in verbatim runs, in word equivalents; the passage itself may be longer
  double b_words = 0;
  bool verbatim = false;  ///< mostly long runs: begins and ends with one
};

/// Lengths and distances in word equivalents (TokenTraits). Reasons in docs/parameters.md, "Passages".
struct PassageOptions {
  double min_words = 20;  ///< shortest passage, on both sides

  // Verbatim passages: at least half of what is shared stands in runs of `long_run`. Where less than
  // `density_edited` of one is shared, it is taken apart into runs that a fifth of `run_gap` is between.
  double long_run = 12;
  double run_gap = 25;   ///< between two runs of one passage, at most
  double short_run = 5;  ///< runs below it neither begin nor end nor join a verbatim passage

  // Edited ones: all others.
  double density_edited = 0.5;  ///< of what is shared, on both sides, at least

  // Rewritten ones, instead of edited ones.
  bool rewritten = false;
  double gap = 40;              ///< between two runs of one passage, at most
  uint32_t seeds = 12;          ///< at least, of shared pairs of words
  double density = 0.25;        ///< of what is shared, on both sides, at least
  double density_beside = 0.5;  ///< the same where the two texts share a verbatim passage too: texts on one
                                ///< subject share phrases
  double thin = 20;  ///< an end whose first four seeds lie in more words than that is taken off, run by run
};

/// A text ready to be compared: its seeds, and how long its beginnings are.
struct SeededText {
  const Tokens* tokens = nullptr;  ///< not owned
  ShingleTable seeds;
  /// Quarter words in front of each token, and of the end; empty where all tokens are words.
  std::vector<uint32_t> before;

  /// Of tokens [first, last), in word equivalents.
  double Words(uint32_t first, uint32_t last) const {
    if (last <= first) return 0;
    return before.empty() ? last - first : 0.25 * static_cast<double>(before[last] - before[first]);
  }
};
/// The shingles that are seeds.
ShingleOptions SeedsFor(const PassageOptions& options);
/// Replaces `text`. `tokens` must outlive it.
void MakeSeeded(const Tokens& tokens, const PassageOptions& options, PlacedShingles* scratch,
                SeededText* text);

/// Compares texts. Reuse one for many. Not thread safe.
class PassageFinder {
 public:
  /// Replaces `passages` by those of `a` and `b`, by (a_first, b_first). A stretch of one text that the other
  /// shows several times may be in several passages. `shared`: what FindShared says of their seeds. Linear in
  /// that. Of a shingle that `b` shows more than four times the first place is taken, and none where
  /// rewritten text is looked for. REQUIRES: both texts were made with these options.
  void Find(const SeededText& a, const SeededText& b, const SharedShingles& shared,
            const PassageOptions& options, std::vector<SharedPassage>* passages);

 private:
  struct Run {
    uint32_t a = 0;
    uint32_t b = 0;
    uint32_t length = 0;
  };

  void FindRuns(const SeededText& a, const SeededText& b, const SharedShingles& shared, bool rewritten);
  void AddRun(const Tokens& a, const Tokens& b, uint32_t i, uint32_t j);
  template <typename Near>
  void Cluster(std::vector<Run>* runs, const Near& near, std::vector<std::vector<Run>>* clusters);

  std::vector<Run> runs_;
  std::vector<uint32_t> diagonal_end_;  // by a - b + b.size(): where in b the last run on it ends; else 0
  std::vector<uint32_t> parent_;
};

}  // namespace refrain
