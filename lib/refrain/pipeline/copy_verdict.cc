#include "refrain/pipeline/copy_verdict.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace refrain {

absl::Status CopyThresholds::Validate() const {
  for (const auto& [name, value] : {std::pair{"mirror", mirror},
                                    {"containment", containment},
                                    {"resemblance", resemblance},
                                    {"local", local},
                                    {"excerpt", excerpt}}) {
    if (!(value > 0 && value <= 1))
      return absl::InvalidArgumentError(fmt::format("{} is {}, must be above 0 and at most 1", name, value));
  }
  if (!(excerpt_words > 0))
    return absl::InvalidArgumentError(fmt::format("excerpt-words is {}, must be above 0", excerpt_words));
  return absl::OkStatus();
}

CopyThresholds CopyThresholds::Scaled(double by) const {
  CopyThresholds scaled = *this;
  scaled.mirror *= by;
  scaled.containment *= by;
  scaled.resemblance *= by;
  scaled.local *= by;
  return scaled;
}

Verdict JudgeCopy(const CopyScores& scores, const CopyThresholds& thresholds) {
  if (scores.resemblance >= thresholds.mirror) return Verdict::kMirror;
  const double alike = std::max(scores.resemblance, scores.local);
  if (scores.contained() >= thresholds.containment && alike >= thresholds.resemblance) return Verdict::kCopy;
  if (scores.resemblance >= thresholds.resemblance || scores.local >= thresholds.local)
    return Verdict::kVersion;
  if (scores.contained() >= thresholds.containment || scores.passage_words >= thresholds.excerpt_words ||
      scores.passage_words >= thresholds.excerpt * scores.smaller_words)
    return Verdict::kExcerpt;
  return Verdict::kQuote;
}

}  // namespace refrain
