#pragma once
/// When two words are one word with a slip of the pen, or the same letters cut into words in another way.

#include <cstdint>
#include <string_view>

#include "refrain/text/tokens.h"

namespace refrain {

/// Tokens `a` and `b` are one word but for a slip: a letter lost, doubled or added, or two neighbours
/// swapped; in words of eight letters and more also one letter for another, but for the first and the last,
/// where it mostly makes another word. Words have four letters at least, one of them may have lost its
/// fourth. Never where either holds a digit or is a Roman numeral: an edit that changes a number is not
/// small.
bool IsSlip(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b);

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
