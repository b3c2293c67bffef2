#pragma once
/// From text to tokens: the one place that decides what counts as a word.
///
/// A token is a run of letters, marks and numbers (Unicode's L*, M*, N*); everything else separates. So
/// "Thursday.Putin" is two tokens, and quotes, dashes and hard spaces make no difference. In scripts written
/// without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) each code point is a token of its own, with the
/// marks that other scripts share behind it.
///
///   Tokens tokens;
///   Tokenize("Ärger, ÄRGER", &tokens);   // two tokens, equal hashes, spans [0,6) and [8,14)
///
/// Words are equal if their folded forms are: full case folding, and compatibility decomposition with marks
/// in canonical order. So composed and decomposed letters, ligatures, full and half width make no difference
/// ("ﬁne" is "fine", "ｶﾞ" is "ガ"). Not used are decompositions that hold a separator ("½") or change the
/// number of tokens (Thai Sara Am). Default ignorable code points (soft hyphen, joiners, variation selectors,
/// direction marks) are as if not there: they neither split a word nor begin or end a token. U+200B
/// separates. The i without a dot and the dotted capital are an i, so that Turkish words in capitals
/// are the words. Unicode 15.0, from tables of our own.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"

namespace refrain {

/// What a token is, beside its hash. One byte a token.
struct TokenTraits {
  /// Length in quarters of a word: 4 for a word, 2 for a Han or kana code point, 1 for a Thai, Lao, Khmer or
  /// Myanmar one.
  static constexpr uint8_t kQuarterWords = 0x07;
  static constexpr uint8_t kWord = 4;
  static constexpr uint8_t kHalf = 2;
  static constexpr uint8_t kQuarter = 1;
  /// Holds a digit or another number of any script (category N*, so "m²" and "Ⅷ" too). An edit here is never
  /// small.
  static constexpr uint8_t kDigit = 0x08;
};

/// The tokens of one text, as parallel arrays so that kernels read only what they need. Reuse one object for
/// many texts: its memory stays. About 17 bytes a token.
struct Tokens {
  std::vector<uint64_t> hashes;  ///< of the folded letters; equal words have equal hashes on every CPU
  std::vector<uint32_t> begins;  ///< byte where the token begins in the text
  std::vector<uint32_t> ends;    ///< byte behind its last letter
  std::vector<uint8_t> traits;   ///< see TokenTraits
  uint64_t invalid_bytes = 0;    ///< bytes that are no part of valid UTF-8; each separates like a space

  size_t size() const { return hashes.size(); }
  bool empty() const { return hashes.empty(); }
  Span span(size_t i) const { return {begins[i], ends[i]}; }
  uint32_t quarter_words(size_t i) const { return traits[i] & TokenTraits::kQuarterWords; }
  bool has_digit(size_t i) const { return traits[i] & TokenTraits::kDigit; }
  void clear();
};

/// Replaces `tokens` with those of `text`, in text order, spans disjoint. Any bytes will do. Linear; thread
/// safe for different `tokens`; the same on every CPU and for every kernel (base/cpu.h). Nothing behind the
/// text is read. REQUIRES: text.size() < 4 GiB.
void Tokenize(std::string_view text, Tokens* tokens);

/// The version of everything that decides a token's hash: class and fold tables, hash function. Part of every
/// file that holds values derived from tokens.
inline constexpr uint32_t kTokenVersion = 2;

}  // namespace refrain
