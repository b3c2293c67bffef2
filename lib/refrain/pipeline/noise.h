#pragma once
/// How a text may have suffered on its way, and what is compared then.

#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "refrain/sketch/shingle.h"
#include "refrain/text/tokens.h"

namespace refrain {

enum class Noise : uint8_t {
  kNone,       ///< words are what they were: copied and edited text
  kRewritten,  ///< sentences moved, words replaced, translated and back: short runs of words are left
  kOcr,        ///< letters misread: runs of letters are left, of words hardly any
};

/// "none", "rewritten", "ocr".
absl::StatusOr<Noise> ParseNoise(const std::string& name);
std::string Name(Noise noise);

/// What follows from it.
struct NoisePlan {
  ShingleOptions shingle;  ///< of the sets that scores are counted on
  ShingleOptions anchor;   ///< of what brings pages together
  size_t window = 7;       ///< of so many anchors in a row one is taken
  uint32_t anchors = 2;    ///< that two pages must share to be compared, two in a row counting twice
  /// What noise leaves of the shingles of two copies, about: all shares that pairs are judged by are so much
  /// less. One letter in twenty misread in either copy leaves 0.95^14 of the shingles of seven.
  double survives = 1;
  size_t phrase = 16;  ///< an anchor of more pages is a phrase: only with the next one it counts
};
/// `min_words`: the shortest passage that is looked for.
NoisePlan PlanFor(Noise noise, double min_words);

/// Tokens of a text as it is compared: words; or with kOcr letters, each with its marks and a quarter of a
/// word, whatever the script and without what stands between them, so that neither a misread letter nor a
/// broken word hides what is around it. Reuse one for many texts. Not thread safe.
class NoisyTokenizer {
 public:
  explicit NoisyTokenizer(Noise noise) : noise_(noise) {}
  /// Replaces `tokens`. Cost: that of Tokenize, and with kOcr about 20 ns a letter.
  void Tokenize(std::string_view text, Tokens* tokens);

 private:
  Noise noise_;
  Tokens words_;
  Tokens letter_;
};

}  // namespace refrain
