#include "refrain/match/passage.h"

#include <algorithm>

namespace refrain {

bool PassageMatcher::Covers(std::string_view kept, std::string_view other, int max_edits) {
  // As if one page showed both: a run from the one to all of the other.
  both_.assign(kept);
  both_ += '\n';
  both_ += other;
  Tokenize(both_, &tokens_);
  const auto seam =
      std::lower_bound(tokens_.begins.begin(), tokens_.begins.end(), static_cast<uint32_t>(kept.size()));
  const uint32_t first = static_cast<uint32_t>(seam - tokens_.begins.begin());
  const uint32_t size = static_cast<uint32_t>(tokens_.size());
  if (first == size) return true;
  finder_.Find(both_, tokens_, {.min_words = 5, .max_edits = max_edits}, &runs_);
  return std::any_of(runs_.begin(), runs_.end(), [&](const AlignedRun& run) {
    // It may begin before `other` does, where the same word stands in front of both by chance.
    return run.a_end() <= first && run.b_begin() <= first && run.b_end() == size &&
           std::find(run.gaps.begin(), run.gaps.end(), GapKind::kExtraB) == run.gaps.end();
  });
}

}  // namespace refrain
