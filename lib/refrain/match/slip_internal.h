#pragma once
/// When two words are one word with a slip of the pen, or the same letters cut into words in another way.

#include <cstdint>
#include <string_view>

#include "refrain/text/tokens.h"

namespace refrain {

/// Tokens `a` and `b` are one word but for a slip: a letter lost, doubled or added, or two neighbours
/// swapped; in words of eight letters and more also one letter for another, but for the first and the last,
/// where it mostly makes another word. Words have four letters at least, one of them may have lost its
/// fourth, and one of three a letter behind its first if an apostrophe makes it part of a word that is the
/// same but for it ("don't", "dn't"). Never where both are Roman numerals or either holds a digit, for an
/// edit that changes a number is not small; but for names of five letters and more that end in the same
/// number
/// ("Gnome2", "Gnme2").
bool IsSlip(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b);

/// What IsSlip looks at first, of one word: for those who compare each of many words with each of others.
class WordEnds {
 public:
  /// Of a word that is a slip of none but its like.
  WordEnds() = default;
  WordEnds(std::string_view text, const Tokens& tokens, uint32_t token);

  /// False only if IsSlip is. Without branches, so that compilers make vectors of loops over it.
  bool MaySlip(WordEnds other) const {
    const uint32_t differ = ends_ ^ other.ends_;
    const bool shared = ((differ & 0xFF) == 0) | ((differ & 0xFF00) == 0);
    return shared & ((ends_ >> 16) + kMostMore - (other.ends_ >> 16) <= 2 * kMostMore);
  }

 private:
  static constexpr uint32_t kMostMore = 4;  // bytes of a code point
  // From the lowest byte on: the last byte, the byte of the first letter that tells most, both folded; and
  // the size, in bytes, or what is no size of any word. Words that are slips of none may look alike.
  uint32_t ends_ = 0;
};

/// The letters of tokens [a, a + words_a) in a row are those of [b, b + words_b) in a row, byte for byte, and
/// no word of either begins between two digits of the other ("1.5" is not "15").
bool SameLetters(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t words_a, uint32_t b,
                 uint32_t words_b);

/// A number stands on both sides of the edge in front of `token`, and nothing but a point, comma, colon,
/// slash or the like between them: "1.5", "10:30".
bool IsInsideNumber(std::string_view text, const Tokens& tokens, uint32_t token);

/// Tokens `a` and `b`, equal words, count the same: with the same minus sign and currency in front and the
/// same per cent sign behind, if they are numbers.
bool SameAmount(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b);

}  // namespace refrain
