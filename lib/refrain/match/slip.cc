#include <algorithm>
#include <array>
#include <string>

#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

constexpr size_t kLongestWord = 48;  // code points; longer ones are compared for equality only

// Code points of a word, ASCII capitals folded. Returns how many; more than kLongestWord means too long.
size_t CodePoints(std::string_view word, std::array<char32_t, kLongestWord>* out) {
  size_t count = 0;
  for (size_t at = 0; at < word.size(); ++count) {
    const unsigned char lead = static_cast<unsigned char>(word[at]);
    const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (count == kLongestWord) return kLongestWord + 1;
    char32_t point = 0;
    for (size_t i = at; i < std::min(at + size, word.size()); ++i) {
      point = point << 8 | static_cast<unsigned char>(word[i]);
    }
    (*out)[count] = lead >= 'A' && lead <= 'Z' ? point + 32 : point;
    at += size;
  }
  return count;
}

}  // namespace

bool IsSlip(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b) {
  if (tokens.has_digit(a) || tokens.has_digit(b)) return false;
  if (tokens.quarter_words(a) != 4 || tokens.quarter_words(b) != 4) return false;
  std::array<char32_t, kLongestWord> one, other;
  const size_t one_size = CodePoints(Slice(text, tokens.span(a)), &one);
  const size_t other_size = CodePoints(Slice(text, tokens.span(b)), &other);
  const size_t longer = std::max(one_size, other_size);
  const size_t shorter = std::min(one_size, other_size);
  if (shorter < 3 || longer < 4 || longer > kLongestWord) return false;
  const size_t most = std::min<size_t>(2, longer / 3);
  if (longer - shorter > most) return false;

  std::array<size_t, kLongestWord + 1> row;
  for (size_t j = 0; j <= other_size; ++j) row[j] = j;
  for (size_t i = 1; i <= one_size; ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= other_size; ++j) {
      const size_t change = diagonal + (one[i - 1] != other[j - 1]);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[other_size] <= most;
}

bool SameLetters(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t words_a, uint32_t b,
                 uint32_t words_b) {
  size_t at_a = 0, at_b = 0;  // bytes of the current token already compared
  const uint32_t end_a = a + words_a, end_b = b + words_b;
  while (a < end_a && b < end_b) {
    const std::string_view rest_a = Slice(text, tokens.span(a)).substr(at_a);
    const std::string_view rest_b = Slice(text, tokens.span(b)).substr(at_b);
    const size_t size = std::min(rest_a.size(), rest_b.size());
    if (rest_a.substr(0, size) != rest_b.substr(0, size)) return false;
    at_a += size;
    at_b += size;
    if (size == rest_a.size()) ++a, at_a = 0;
    if (size == rest_b.size()) ++b, at_b = 0;
  }
  return a == end_a && b == end_b;
}

}  // namespace refrain
