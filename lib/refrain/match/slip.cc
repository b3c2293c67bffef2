#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

// WordEnds::size of a word without a byte: further above kNone than words may differ in size.
constexpr size_t kFirstSize = 16;
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

char Fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Whether both words begin with the same letter or may end with the same: where neither is so, they differ by
// more than a slip. Nearly all pairs of words are told apart here.
bool ShareAnEnd(std::string_view one, std::string_view other) {
  if (Fold(one.back()) == Fold(other.back())) return true;
  if (Fold(one[0]) != Fold(other[0])) return false;
  const bool ascii = static_cast<unsigned char>(one[0]) < 0x80;
  return ascii || (one.size() > 1 && other.size() > 1 && one[1] == other[1]);
}

// Whether a slip may be all that differs: of the word with fewer bytes, no more than two code points begin
// between what both begin and end with. Of the rest, nearly all are told apart here, without decoding.
bool DifferLittle(std::string_view one, std::string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  size_t front = 0, back = 0;
  while (front < one.size() && Fold(one[front]) == Fold(other[front])) ++front;
  while (back < one.size() - front &&
         Fold(one[one.size() - 1 - back]) == Fold(other[other.size() - 1 - back]))
    ++back;
  size_t begins = 0;
  for (size_t at = front; at < one.size() - back && begins <= 2; ++at)
    begins += (static_cast<unsigned char>(one[at]) & 0xC0) != 0x80;
  return begins <= 2;
}

// Roman numerals as they are written: "civil" is none, though all its letters are numerals.
bool IsRoman(const std::array<char32_t, kLongestWord>& word, size_t size) {
  size_t at = 0;
  const auto take = [&](char32_t numeral, size_t most) {
    for (; most > 0 && at < size && word[at] == numeral; --most) ++at;
  };
  take('m', kLongestWord);
  struct Digit {
    char32_t one, five, ten;
  };
  for (const auto [one, five, ten] : {Digit{'c', 'd', 'm'}, Digit{'x', 'l', 'c'}, Digit{'i', 'v', 'x'}}) {
    const bool less = at + 1 < size && word[at] == one && (word[at + 1] == five || word[at + 1] == ten);
    if (less) {
      at += 2;
    } else {
      take(five, 1);
      take(one, 4);
    }
  }
  return at == size;
}

// The minus sign or currency that ends `before`. A hyphen between two words is no minus.
std::string_view SignBefore(std::string_view before) {
  for (const std::string_view sign : {"-", "\u2212", "$", "\u20AC", "\u00A3", "\u00A5", "\u20B9"}) {
    if (!before.ends_with(sign)) continue;
    before.remove_suffix(sign.size());
    const bool minus = sign == "-" || sign == "\u2212";
    if (minus && !before.empty() && static_cast<unsigned char>(before.back()) > ' ') return {};
    return minus ? "-" : sign;
  }
  return {};
}

bool BeginsWithLetter(std::string_view word) {
  const char first = Fold(word[0]);
  return first >= 'a' && first <= 'z';
}

// Names with a number at the end, the same in both: "Gnome2". The longer has five letters in front of it, and
// both begin alike: "int32" is not "uint32", nor "SSE3" "SSSE3".
bool SameNumbers(std::string_view one, std::string_view other) {
  constexpr size_t kLetters = 5;
  constexpr std::string_view kDigits = "0123456789";
  const auto letters = [&](std::string_view word) { return word.find_last_not_of(kDigits) + 1; };
  const auto is_name = [&](std::string_view word) {
    return BeginsWithLetter(word) && letters(word) < word.size() &&
           std::all_of(
               word.begin(), word.begin() + static_cast<std::ptrdiff_t>(letters(word)),
               [](char c) { return static_cast<unsigned char>(c) < 0x80 && (c < '0' || c > '9'); });
  };
  return is_name(one) && is_name(other) && Fold(one[0]) == Fold(other[0]) &&
         std::max(letters(one), letters(other)) >= kLetters &&
         one.substr(letters(one)) == other.substr(letters(other));
}

// What makes one word of those on either side of the edge in front of `token`: "don't", "US-Dollar",
// "and/or".
enum class Joint { kNone, kApostrophe, kHyphen, kSlash };

Joint JointAt(std::string_view text, const Tokens& tokens, uint32_t token) {
  if (token == 0 || token >= tokens.size()) return Joint::kNone;
  const std::string_view gap =
      text.substr(tokens.ends[token - 1], tokens.begins[token] - tokens.ends[token - 1]);
  if (gap == "'" || gap == "\u2019") return Joint::kApostrophe;
  if (gap == "/") return Joint::kSlash;
  return gap == "-" || gap == "\u2010" || gap == "\u2011" ? Joint::kHyphen : Joint::kNone;
}

// A number stands right in front of the word that `token` is part of. No unit has more parts.
bool IsBehindNumber(std::string_view text, const Tokens& tokens, uint32_t token) {
  constexpr int kMostParts = 4;
  for (int part = 1; part < kMostParts && JointAt(text, tokens, token) != Joint::kNone; ++part) --token;
  return token > 0 && tokens.has_digit(token - 1);
}

// Two tokens, and their letters, those of the longer word first.
struct WordPair {
  uint32_t a = 0;
  uint32_t b = 0;
  std::u32string_view longer;
  std::u32string_view shorter;
};

// An abbreviation: "US-Port" is not "USB-Port".
bool HasSmallLetter(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c < 'A' || c > 'Z'; });
}

// Two letters that may be what is left of three in a longer word which is the same but for them. The part
// beside them tells that: whatever it is at an apostrophe, of two letters behind a slash, of four at a
// hyphen, since "on-off" is not "one-off". Only at an apostrophe a later part is not another word by its
// first letter.
bool MayBeShortPart(std::string_view text, const Tokens& tokens, const WordPair& pair) {
  const auto same = [&](uint32_t edge_a, uint32_t edge_b, uint32_t part_a, uint32_t part_b, bool behind) {
    const Joint joint = JointAt(text, tokens, edge_a);
    if (joint == Joint::kNone || joint != JointAt(text, tokens, edge_b)) return false;
    if (tokens.hashes[part_a] != tokens.hashes[part_b]) return false;
    if (joint == Joint::kApostrophe) return !behind || pair.longer[0] == pair.shorter[0];
    if (pair.longer[0] != pair.shorter[0] || (joint == Joint::kSlash && !behind)) return false;
    if (!HasSmallLetter(Slice(text, tokens.span(pair.a))) ||
        !HasSmallLetter(Slice(text, tokens.span(pair.b))))
      return false;
    if (IsBehindNumber(text, tokens, pair.a) || IsBehindNumber(text, tokens, pair.b)) return false;
    std::array<char32_t, kLongestWord> letters;
    return CodePoints(Slice(text, tokens.span(part_a)), &letters) >= (joint == Joint::kSlash ? 2 : 4);
  };
  const uint32_t a = pair.a, b = pair.b;
  return (a > 0 && b > 0 && same(a, b, a - 1, b - 1, false)) || same(a + 1, b + 1, a + 1, b + 1, true);
}

// Behind numbers, of which one may have a prefix in front ("5 mmol", "5 mol"), or is as short as units are
// and has a letter more at its end.
bool MayBeUnits(std::string_view text, const Tokens& tokens, const WordPair& pair) {
  constexpr size_t kUnit = 4, kLongUnit = 8;
  const bool prefix = pair.longer.size() <= kLongUnit && pair.longer.ends_with(pair.shorter);
  const bool end = pair.longer.size() <= kUnit && pair.longer.starts_with(pair.shorter);
  return (prefix || end) && IsBehindNumber(text, tokens, pair.a) && IsBehindNumber(text, tokens, pair.b);
}

}  // namespace

WordEnds::WordEnds(std::string_view text, const Tokens& tokens, uint32_t token) {
  const std::string_view word = Slice(text, tokens.span(token));
  if (tokens.quarter_words(token) != TokenTraits::kWord) return;
  if (tokens.has_digit(token) && !BeginsWithLetter(word)) return;
  if (word.size() > 4 * kLongestWord) return;
  const bool ascii = static_cast<unsigned char>(word[0]) < 0x80;
  static_assert(kFirstSize + 4 * kLongestWord <= UINT8_MAX);
  size = static_cast<uint8_t>(kFirstSize + word.size());
  last = static_cast<uint8_t>(Fold(word.back()));
  first = static_cast<uint8_t>(ascii || word.size() == 1 ? Fold(word[0]) : word[1]);
}

// By the last byte of each code point, which tells the letters of a script apart.
WordLetters::WordLetters(std::string_view word) {
  for (size_t i = 0; i < word.size(); ++i) {
    const bool goes_on = i + 1 < word.size() && (static_cast<unsigned char>(word[i + 1]) & 0xC0) == 0x80;
    letters_ |= goes_on ? 0 : uint32_t{1} << (static_cast<unsigned char>(Fold(word[i])) & 31);
  }
}

bool IsSlip(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b) {
  if (tokens.has_digit(a) != tokens.has_digit(b)) return false;
  if (tokens.quarter_words(a) != 4 || tokens.quarter_words(b) != 4) return false;
  const Span span_a = tokens.span(a), span_b = tokens.span(b);
  if (tokens.has_digit(a) && !SameNumbers(Slice(text, span_a), Slice(text, span_b))) return false;
  // A code point has at most four bytes: words of very different lengths need no look.
  if (span_a.size() > span_b.size() + 4 || span_b.size() > span_a.size() + 4) return false;
  if (span_a.size() > 4 * kLongestWord) return false;
  if (!ShareAnEnd(Slice(text, span_a), Slice(text, span_b))) return false;
  if (!DifferLittle(Slice(text, span_a), Slice(text, span_b))) return false;
  std::array<char32_t, kLongestWord> one, other;
  size_t size = CodePoints(Slice(text, span_a), &one), other_size = CodePoints(Slice(text, span_b), &other);
  if (size < other_size) {
    std::swap(one, other);
    std::swap(size, other_size);
  }
  if (size > kLongestWord || size - other_size > 1) return false;
  if (other_size < 2 || size < 3 || (size == 3 && other_size == 3)) return false;
  const WordPair pair = {a, b, {one.data(), size}, {other.data(), other_size}};
  if (other_size == 2 && !MayBeShortPart(text, tokens, pair)) return false;
  if (IsRoman(one, size) && IsRoman(other, other_size)) return false;
  if (MayBeUnits(text, tokens, pair)) return false;
  // One edit is what lies between the common beginning and the common end.
  size_t front = 0, back = 0;
  while (front < other_size && one[front] == other[front]) ++front;
  while (back < other_size - front && one[size - 1 - back] == other[other_size - 1 - back]) ++back;
  const size_t changed = other_size - front - back;
  if (size > other_size) return changed == 0;
  if (changed == 2) return one[front] == other[front + 1] && one[front + 1] == other[front];
  return changed == 1 && size >= 8 && front > 0 && back > 0;
}

bool SameLetters(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t words_a, uint32_t b,
                 uint32_t words_b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const uint32_t end_a = a + words_a, end_b = b + words_b;
  const auto bytes = [&](uint32_t first, uint32_t last) {
    uint32_t sum = 0;
    for (; first < last; ++first) sum += tokens.ends[first] - tokens.begins[first];
    return sum;
  };
  if (bytes(a, end_a) != bytes(b, end_b)) return false;  // nearly always
  size_t at_a = 0, at_b = 0;                             // bytes of the current token already compared
  while (a < end_a && b < end_b) {
    const std::string_view rest_a = Slice(text, tokens.span(a)).substr(at_a);
    const std::string_view rest_b = Slice(text, tokens.span(b)).substr(at_b);
    const size_t size = std::min(rest_a.size(), rest_b.size());
    if (rest_a.substr(0, size) != rest_b.substr(0, size)) return false;
    const std::string_view longer = rest_a.size() > rest_b.size() ? rest_a : rest_b;
    if (longer.size() > size && is_digit(longer[size - 1]) && is_digit(longer[size])) return false;
    at_a += size;
    at_b += size;
    if (size == rest_a.size()) ++a, at_a = 0;
    if (size == rest_b.size()) ++b, at_b = 0;
  }
  return a == end_a && b == end_b;
}

bool IsInsideNumber(std::string_view text, const Tokens& tokens, uint32_t token) {
  if (token == 0 || token >= tokens.size() || !tokens.has_digit(token - 1) || !tokens.has_digit(token))
    return false;
  const std::string_view between =
      text.substr(tokens.ends[token - 1], tokens.begins[token] - tokens.ends[token - 1]);
  return between.size() == 1 && std::string_view(".,:/'-").find(between[0]) != std::string_view::npos;
}

bool SameAmount(std::string_view text, const Tokens& tokens, uint32_t a, uint32_t b) {
  if (!tokens.has_digit(a)) return true;
  return SignBefore(text.substr(0, tokens.begins[a])) == SignBefore(text.substr(0, tokens.begins[b])) &&
         text.substr(tokens.ends[a]).starts_with('%') == text.substr(tokens.ends[b]).starts_with('%');
}

}  // namespace refrain
