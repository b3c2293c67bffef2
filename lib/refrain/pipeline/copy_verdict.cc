#include "refrain/pipeline/copy_verdict.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace refrain {
namespace {

// Whether the texts are one, edited. A change in twenty words breaks a third of the shingles, however long
// the text is; a tenth that is missing is a sentence of a short text and a chapter of a long one.
bool IsEdited(const CopyScores& scores, const CopyThresholds& thresholds) {
  const double rise = thresholds.rise * std::log10(std::clamp(scores.smaller_words, 10.0, 1e5) / 300);
  // Of no text more than all, nor less than half of what is asked of most.
  const auto asked = [rise](double share) { return std::clamp(share + rise, share / 2, 1.0); };
  return scores.both() >= asked(thresholds.both) || scores.local >= asked(thresholds.local);
}

// Whether pages of two sources have the same text, edited. The more words they share, the less may a form
// that both are poured into account for it; but what is less than half of both may be what both quote.
bool IsTaken(const CopyScores& scores, const CopyThresholds& thresholds) {
  if (!scores.across) return false;
  constexpr double kHalf = 0.5, kAlways = 2.0 / 3;
  double asked = thresholds.resemblance;
  if (scores.passage_words >= kHalf * scores.smaller_words) {
    const double doublings = std::log2(std::max(1.0, scores.passage_words / thresholds.least_words));
    asked = std::max(asked - thresholds.fall * doublings, kAlways * asked);
  }
  return std::max(scores.resemblance, scores.local) >= asked;
}

// A line or two that a longer text shows somewhere say nothing of the rest of it: who wrote it, where to ask.
bool IsNote(const CopyScores& scores, const CopyThresholds& thresholds) {
  return scores.passage_words < thresholds.part_words && scores.both() < thresholds.part;
}

}  // namespace

absl::Status CopyThresholds::Validate() const {
  for (const auto& [name, value] : {std::pair{"mirror", mirror},
                                    {"containment", containment},
                                    {"both", both},
                                    {"local", local},
                                    {"resemblance", resemblance},
                                    {"numbers", numbers},
                                    {"part", part},
                                    {"excerpt", excerpt}}) {
    if (!(value > 0 && value <= 1))
      return absl::InvalidArgumentError(fmt::format("{} is {}, must be above 0 and at most 1", name, value));
  }
  for (const auto& [name, value] : {std::pair{"rise", rise}, {"fall", fall}}) {
    if (!(value >= 0 && value <= 1))
      return absl::InvalidArgumentError(fmt::format("{} is {}, must be from 0 to 1", name, value));
  }
  if (!(least_words > 0))
    return absl::InvalidArgumentError(fmt::format("least-words is {}, must be above 0", least_words));
  if (!(part_words >= 0))
    return absl::InvalidArgumentError(fmt::format("part-words is {}, must be 0 or more", part_words));
  if (!(excerpt_words > 0))
    return absl::InvalidArgumentError(fmt::format("excerpt-words is {}, must be above 0", excerpt_words));
  return absl::OkStatus();
}

CopyThresholds CopyThresholds::Scaled(double by) const {
  CopyThresholds scaled = *this;
  scaled.mirror *= by;
  scaled.containment *= by;
  scaled.both *= by;
  scaled.local *= by;
  scaled.rise *= by;
  scaled.fall *= by;
  scaled.resemblance *= by;
  scaled.part *= by;
  return scaled;
}

Verdict JudgeCopy(const CopyScores& scores, const CopyThresholds& thresholds) {
  if (scores.resemblance >= thresholds.mirror) return Verdict::kMirror;
  const bool contained = scores.contained() >= thresholds.containment;
  // The same form with other numbers: rates, results, the weather of another day.
  const bool one_report = !scores.known_sources || scores.numbers >= thresholds.numbers;
  const bool one_story = one_report && !(scores.known_sources && IsNote(scores, thresholds));
  const bool edited = one_story && IsEdited(scores, thresholds);
  const bool taken = one_story && IsTaken(scores, thresholds);
  if (contained && (edited || taken)) return Verdict::kCopy;
  if (edited || (taken && scores.passage_words >= thresholds.least_words)) return Verdict::kVersion;
  if (contained || scores.passage_words >= thresholds.excerpt_words ||
      scores.passage_words >= thresholds.excerpt * scores.smaller_words)
    return Verdict::kExcerpt;
  return Verdict::kQuote;
}

}  // namespace refrain
