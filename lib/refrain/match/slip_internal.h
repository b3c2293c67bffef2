#pragma once
/// When two words are one word with a slip of the pen, or the same letters cut into words in another way.

#include <cstdint>
#include <string_view>

#include "refrain/text/tokens.h"

namespace refrain {

/// Tokens `a` and `b` are one word but for a slip: a letter lost, doubled or added, or two neighbours
/// swapped; in words of eight letters and more also one letter for another, but for the first and the last,
/// where it mostly makes another word. Words have four letters at least, and one of them may have lost its
/// fourth. Of three letters one may be lost behind the first if they are part of a longer word whose other
/// part is the same in both: beside an apostrophe ("don't", "dn't"); in front of a slash and two letters
/// ("and/or", "an/or"); beside a hyphen and four letters ("pre-made", "pr-made"), but no abbreviation. Behind
/// an apostrophe it may be the first ("Rabb'ine", "Rabb'ne").
/// Never where both are Roman numerals or either holds a digit, for an edit that changes a number is not
/// small; but for names of five letters and more that end in the same number ("Gnome2", "Gnme2"). Nor where
/// both may be units behind a number, with a letter more in front of eight at most or at the end of four ("5
/// mmol", "5 mol").
bool IsSlip(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b);

/// What IsSlip looks at first, of one word: for those who compare each of many words with each of others, by
/// arrays of these bytes.
struct WordEnds {
  static constexpr uint8_t kNone = 0;

  uint8_t size = kNone;  ///< in bytes, and a few more; kNone for a word that is a slip of none
  uint8_t last = 0;      ///< its last byte, folded
  uint8_t first = 0;     ///< the byte of its first letter that tells most, folded

  WordEnds() = default;
  WordEnds(std::string_view text, const Tokens& tokens, uint32_t token);

  /// False only if IsSlip is.
  bool MaySlip(WordEnds other) const { return size != kNone && MaySlip(other.size, other.last, other.first); }
  /// The same with another word's bytes, where `size` is not kNone. Without branches, so that compilers make
  /// vectors of loops over it.
  bool MaySlip(uint8_t other_size, uint8_t other_last, uint8_t other_first) const {
    constexpr uint8_t kMostMore = 4;  // bytes of a code point
    return (static_cast<uint8_t>(other_size - size + kMostMore) <= 2 * kMostMore) &
           ((other_last == last) | (other_first == first));
  }
};

/// Which letters a word has, by a few bits of each: a slip adds one at most and takes one away. Tells most of
/// the words apart that WordEnds does not.
class WordLetters {
 public:
  WordLetters() = default;
  explicit WordLetters(std::string_view word);

  bool known() const { return letters_ != 0; }
  /// False only if IsSlip is.
  bool MaySlip(WordLetters other) const {
    uint32_t more = letters_ ^ other.letters_;
    more &= more - 1;
    return (more & (more - 1)) == 0;
  }

 private:
  uint32_t letters_ = 0;  // a bit or more, of any word
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
