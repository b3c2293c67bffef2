#pragma once
/// When one passage may stand for another.

#include <string>
#include <string_view>
#include <vector>

#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Compares passages of two pages. Reuse one for many. Not thread safe.
class PassageMatcher {
 public:
  /// Whether `kept` shows every word of `other`, in order, but for slips of the pen: then nothing is lost if
  /// `other` goes. `kept` may hold words that `other` lacks.
  bool Covers(std::string_view kept, std::string_view other, int max_edits);

 private:
  RunFinder finder_;
  Tokens tokens_;
  std::vector<AlignedRun> runs_;
  std::string both_;
};

}  // namespace refrain
