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
  /// Of a version: an edited text. Also of a copy, with the stretch of the larger page where it stands:
  /// below, what is contained is scattered over a text that says more.
  double resemblance = 0.55;
  double local = 0.7;    ///< of a version with that stretch: an edited text among other text
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

  double contained() const { return a_in_b > b_in_a ? a_in_b : b_in_a; }
};

/// kMirror, kCopy, kVersion, kExcerpt or kQuote: the first that holds. A pair with nothing shared is no pair:
/// do not ask.
Verdict JudgeCopy(const CopyScores& scores, const CopyThresholds& thresholds);

/// Whether pages so alike are one story.
inline bool IsOneStory(Verdict verdict) {
  return verdict == Verdict::kMirror || verdict == Verdict::kCopy || verdict == Verdict::kVersion;
}

}  // namespace refrain
