#pragma once
/// Which words of a page go, and what shows each of them.

#include <cstdint>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/copies_internal.h"
#include "refrain/match/cut_borders_internal.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/page_repeats.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// PageRepeatOptions::min_tokens in quarters of a word.
inline uint64_t LeastQuarters(const PageRepeatOptions& options) {
  return static_cast<uint64_t>(options.min_tokens * 4);
}

/// In whole copies parts between words that only one copy has may be as short as this; so may leads.
inline constexpr uint64_t kPartQuarters = 3 * 4;

/// The shortest stretch of a run that may go by itself, in quarters of a word: short ones in whole copies and
/// leads, `least` elsewhere.
uint64_t LeastStretch(const AlignedRun& run, const CopyChoice& choice, uint64_t least);

/// Takes runs one after the other and lets the words of the worse copy go, as far as passages may begin and
/// end there. A word that goes has a witness, the same word or one that differs by a slip, which stays, or
/// leads to one that stays. Not thread safe.
class WordCuts {
 public:
  /// Forgets all cuts. What `page` refers to must outlive them. With options.explain because() is kept.
  void Start(const PageView& page, const PageRepeatOptions& options);

  /// Linear in the run.
  void CutRun(const AlignedRun& run, const CopyChoice& choice);

  /// Whether three words of the run or more might go, as far as sentences and slips allow. Linear in the run.
  bool MayGo(const AlignedRun& run, const CopyChoice& choice);

  /// Lets the tokens `passage` go if they may, because `witness` and what stands behind it shows the same
  /// words.
  void CutPassage(const Span& passage, uint32_t witness);

  /// Whether cut text stands on both sides of the place that would go: then it is part of that copy.
  bool StandsBetweenCuts(const AlignedRun& run, const CopyChoice& choice) const;

  bool goes(uint32_t token) const { return witness_[token] != kKept; }
  /// Whether none of the tokens [begin, end) goes.
  bool AllStay(uint32_t begin, uint32_t end) const;
  /// The token that stays for this one: its witness's witness and so on; itself if it stays.
  uint32_t Root(uint32_t token) {
    const uint32_t next = witness_[token];
    if (next == kKept) return token;
    return witness_[next] == kKept ? next : FarRoot(token);
  }
  /// What was wrong with the copy that the token went with. REQUIRES: explain.
  CutBecause because(uint32_t token) const { return because_[token]; }

 private:
  // A word that may go and its witness.
  struct AlignedWord {
    uint32_t token = 0;
    uint32_t other = 0;
  };
  static constexpr uint32_t kKept = UINT32_MAX, kManySlips = UINT32_MAX - 1;

  EdgeBits EdgeAt(uint32_t edge) const { return (*edges_)[edge]; }
  uint32_t FarRoot(uint32_t token);
  bool MayCut(const AlignedWord& word);
  bool AreExtra(const AlignedRun& run, bool in_a, size_t p) const;
  void Cut(const AlignedWord& word);
  void LeadSlip(uint32_t slip, uint32_t root);
  template <typename Visit>
  void ForEachPart(const AlignedRun& run, bool cut_a, size_t first, size_t last, uint64_t least,
                   const Visit& visit);
  template <typename Visit>
  void ForEachPart(const AlignedRun& run, bool cut_a, uint64_t least, const Visit& visit);

  std::string_view text_;
  const Tokens* tokens_ = nullptr;
  const std::vector<EdgeBits>* edges_ = nullptr;
  uint64_t least_quarters_ = 0;
  bool verbatim_ = false;  // nothing may differ inside a sentence
  // For each token: kKept, or the token that shows the same word and stays (or led to one that stays when it
  // was set).
  std::vector<uint32_t> witness_;
  // For each token that stays: the word that leads to it and is spelled in another way; kKept if there is
  // none, kManySlips if they are spelled in several ways.
  std::vector<uint32_t> slips_;
  CutBecause reason_ = CutBecause::kSecond;  // of the run at hand
  std::vector<CutBecause> because_;          // of each token that went; empty if nobody asks
  CutBorders borders_;
  std::vector<AlignedWord> aligned_;
};

}  // namespace refrain
