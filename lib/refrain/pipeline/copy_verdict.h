#pragma once
/// What two pages are to each other, from what their main texts share.

#include <cstdint>
#include <string_view>

#include <absl/status/status.h>

#include "refrain/report/model.h"

namespace refrain {

/// Thresholds, all shares of shingles or words. Reasons in docs/parameters.md, "Copies".
struct CopyThresholds {
  double mirror = 0.9;       ///< resemblance from which two pages are one text at two places
  double containment = 0.8;  ///< of the smaller in the larger: a copy, wherever it stands there
  /// Of an edited text, where what is shared may be a site's furniture or a form that texts are poured into,
  /// for texts of 300 words: of either text in the other, or else resemblance of the smaller text with the
  /// stretch of the larger one where it stands.
  double both = 0.66;
  double local = 0.68;
  /// By how much more of both is asked of texts ten times as long, and less of those a tenth as long.
  double rise = 0.1;
  /// Resemblance, of the whole or with that stretch, where it cannot be: pages of two sources without their
  /// furniture, which share so many words.
  double resemblance = 0.45;
  double least_words = 80;
  /// What `resemblance` falls by for each doubling of least_words, if passages hold half of the smaller text;
  /// never below two thirds of `resemblance`.
  double fall = 0.1;
  /// Words that a part of a longer text must hold to be the same story, unless it is so much of that text.
  double part_words = 35;
  double part = 0.5;
  /// Of pages of known sources, CopyScores::numbers below which they tell of two things in the same form.
  double numbers = 0.5;
  double excerpt = 0.3;  ///< of the smaller text's words, in shared passages; below, they are quotations
  double excerpt_words = 150;  ///< as many shared words are an excerpt, however long both texts are

  /// With all shares of shingles so much less; what is in words stays.
  CopyThresholds Scaled(double by) const;
  /// InvalidArgument, naming the field, unless all shares are in (0, 1].
  absl::Status Validate() const;
};

/// What was measured of a pair.
struct CopyScores {
  double resemblance = 0;  ///< of the main texts
  double a_in_b = 0;
  double b_in_a = 0;
  /// Of the smaller text with the stretch of the larger one that holds what they share: 1 if it stands there
  /// word for word and together, however much more there is around it.
  double local = 0;
  double passage_words = 0;  ///< in shared passages, of the side that has fewer
  double smaller_words = 0;  ///< of the smaller main text
  /// Of the numbers that the side with fewer has in shared passages, the share that the other has in the same
  /// places (AgreeingNumbers); 1 where they are too few to tell.
  double numbers = 1;
  /// The sources of both are known.
  bool known_sources = false;
  /// They are two, and the furniture of either is not in the main texts.
  bool across = false;

  double contained() const { return a_in_b > b_in_a ? a_in_b : b_in_a; }
  double both() const { return a_in_b > b_in_a ? b_in_a : a_in_b; }
};

/// kMirror, kCopy, kVersion, kExcerpt or kQuote: the first that holds. A pair with nothing shared is no pair:
/// do not ask.
Verdict JudgeCopy(const CopyScores& scores, const CopyThresholds& thresholds);

/// Whether pages so alike are one story.
inline bool IsOneStory(Verdict verdict) {
  return verdict == Verdict::kMirror || verdict == Verdict::kCopy || verdict == Verdict::kVersion;
}

}  // namespace refrain
