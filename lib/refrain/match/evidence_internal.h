#pragma once
/// Shown twice, or said twice? Laws, manuals, verse, talk and tables repeat themselves, and nothing of that
/// may go unless it is a large part of the page. A page that shows a passage twice looks different: see
/// docs/parameters.md.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <absl/container/inlined_vector.h>

#include "refrain/match/edges_internal.h"
#include "refrain/match/lists_internal.h"
#include "refrain/match/making_internal.h"
#include "refrain/match/page_look_internal.h"
#include "refrain/match/page_repeats.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"
#include "refrain/match/surroundings_internal.h"
#include "refrain/match/words_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// A page may be so many times as long as what it shows twice: of leads with a tail, and of call-outs and
/// cut-off copies. Other copies need more.
inline constexpr double kPagePerTail = 1000, kPagePerCallout = 200, kPagePerMoreCallouts = 1000;
/// The same of copies with sentences glued together that the other has apart, of copies that follow one
/// another, of whole lines elsewhere, and of other places, inside text.
inline constexpr double kPagePerGlued = 40, kPagePerNext = 40, kPagePerLines = 8, kPagePerText = 6;
/// And so many times the minimum is needed of them.
inline constexpr double kLeastGlued = 2, kLeastLines = 3, kLeastText = 6;
/// Of paragraphs that are there again word by word less will do: right behind themselves, and among other
/// paragraphs.
inline constexpr double kLeastParagraph = 1.5, kPagePerNextParagraph = 200, kPagePerParagraph = 80;
/// Two places follow one another if no more words than these stand between them: a date, an author.
inline constexpr uint32_t kNextWords = 12;

/// What was weighed against what. See LeftRepeat.
struct Weight {
  double weighed = 0;
  double needed = 0;
  RepeatKind kind = RepeatKind::kWholeLines;
  int at_min_tokens = 0;
};

/// Judges the runs of one page. Lengths in words. Views belong to the caller. Linear but for sorting.
class Evidence {
 public:
  /// What `page` refers to and `runs` must outlive this. Wraps and tails are marked among its edges.
  Evidence(const PageView& page, const std::vector<AlignedRun>& runs, double min_words);

  /// Whether one place of `run` may go, or why it stays. `making`: of the run, or of all runs of the same two
  /// copies if they stand close together.
  LeftBecause Judge(const AlignedRun& run, const Making& making, bool cut_a) const;

  /// The page was seen to show so many call-outs: with a few, the minimum is enough for others.
  void SeeCallOuts(size_t count) { has_call_outs_ = count >= kFewCallOuts; }

  /// Where length decides: why `run` is `left`, as Judge said.
  Weight Weigh(const AlignedRun& run, const Making& making, LeftBecause left, bool cut_a) const;

  /// The places overlap: fewer words than the minimum, over and over.
  bool IsPeriod(const AlignedRun& run) const;

  /// Words of the passage, less what it differs: no fewer may be needed for it to go.
  static double Evident(const Making& making);

  /// The run is long and nearly without gaps: short sentences in it need no evidence of their own.
  bool IsWholeCopy(const Making& making) const;

  /// Of two places that are made equally well (callouts.cc). Positive speaks against a, 0 if nothing is
  /// known: places where one has lost a quotation mark that the other has;
  int64_t QuotationMarksLost(const AlignedRun& run) const;
  /// the first or the second stands beside the text, as a call-out does or on top of it, and the other in
  /// running text.
  int64_t StandsApart(const AlignedRun& run, const Making& making) const;

 private:
  static constexpr size_t kFewCallOuts = 3;
  struct Need {
    RepeatKind kind = RepeatKind::kInsideText;
    double words = 0;
  };

  LeftBecause Judge(const AlignedRun& run, const Making& making, bool cut_a, double min_words) const;
  Need Needed(const AlignedRun& run, const Making& making, bool cut_a, double min_words) const;
  bool IsCopyInARow(const AlignedRun& run, double min_words) const;
  double PagePerParagraph(const AlignedRun& run, const Making& making) const;
  bool IsStandfirst(const AlignedRun& run) const;
  bool IsParagraph(const AlignedRun& run, const Making& making) const;
  bool IsLead(const AlignedRun& run) const;
  static bool IsOnePiece(const AlignedRun& run);
  bool IsSaidInOneCopy(const AlignedRun& run) const;
  bool IsShownTwice(const AlignedRun& run, const Making& making) const;
  bool IsArticleTwice(const AlignedRun& run, const Making& making) const;
  bool IsDateline(Span lines) const;
  bool Follows(const AlignedRun& run) const;
  bool IsAnnounced(const AlignedRun& run) const;
  bool IsNear(const AlignedRun& run, uint32_t words) const;
  bool IsLink(const AlignedRun& run, bool cut_a) const;
  bool IsSentence(const AlignedRun& run, bool cut_a) const;
  bool IsVerse(const Making& making, double words) const;
  bool IsProse(uint32_t begin, uint32_t end, bool tail) const;
  bool IsQuoted(uint32_t begin, uint32_t end, bool is_long) const;
  bool IsFormula(const AlignedRun& run) const;
  bool IsEntry(const AlignedRun& run) const;
  bool IsKnownApart(Span place) const;
  Gap GapAt(uint32_t edge) const;

  const std::string_view text_;
  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
  const Surroundings around_;
  const std::span<const Span> apart_;
  const double min_words_;
  const bool short_leads_;
  const Lists lists_;
  const PageLook look_;                               // at what lists do not explain
  absl::InlinedVector<const AlignedRun*, 8> copies_;  // long runs of a page that is shown twice
  bool has_call_outs_ = false;
};

}  // namespace refrain
