#pragma once
/// When two words are one word with a slip of the pen, or the same letters cut into words in another way.

#include <cstdint>
#include <string_view>

#include "refrain/text/tokens.h"

namespace refrain {

/// Tokens `a` and `b` are words of four letters or more (one of them may have lost its fourth) that differ by
/// few letters: at most one in three, at most two (Levenshtein). Never where either holds a digit: an edit
/// that changes a number is not small.
bool IsSlip(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b);

/// The letters of tokens [a, a + words_a) in a row are those of [b, b + words_b) in a row, byte for byte.
bool SameLetters(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t words_a, uint32_t b,
                 uint32_t words_b);

}  // namespace refrain
