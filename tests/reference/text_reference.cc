#include "tests/reference/text_reference.h"

#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <functional>
#include <set>

namespace refrain::reference {
namespace {

using icu::Normalizer2;
using icu::UnicodeString;
using CodePoints = std::u32string;

const Normalizer2& Nfc2() {
  UErrorCode status = U_ZERO_ERROR;
  return *Normalizer2::getNFCInstance(status);
}
const Normalizer2& Nfd2() {
  UErrorCode status = U_ZERO_ERROR;
  return *Normalizer2::getNFDInstance(status);
}
const Normalizer2& Nfkd2() {
  UErrorCode status = U_ZERO_ERROR;
  return *Normalizer2::getNFKDInstance(status);
}

UnicodeString ToIcu(const CodePoints& text) {
  return UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                  static_cast<int32_t>(text.size()));
}

CodePoints FromIcu(const UnicodeString& text) {
  CodePoints result;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) result.push_back(text.char32At(i));
  return result;
}

CodePoints Normalize(const Normalizer2& normalizer, const CodePoints& text) {
  UErrorCode status = U_ZERO_ERROR;
  return FromIcu(normalizer.normalize(ToIcu(text), status));
}

CodePoints FoldCase(const CodePoints& text) { return FromIcu(ToIcu(text).foldCase()); }

bool HasCategory(char32_t c, uint32_t mask) { return (U_GET_GC_MASK(static_cast<UChar32>(c)) & mask) != 0; }

bool HasScript(char32_t c, const std::vector<UScriptCode>& scripts) {
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
  if (script != USCRIPT_COMMON) return std::find(scripts.begin(), scripts.end(), script) != scripts.end();
  UScriptCode found[64];
  const int count = uscript_getScriptExtensions(static_cast<UChar32>(c), found, 64, &status);
  for (int i = 0; i < count; ++i) {
    if (std::find(scripts.begin(), scripts.end(), found[i]) == scripts.end()) return false;
  }
  return count > 0;
}

bool IsIgnorable(char32_t c) {
  return c != 0x200B && !HasCategory(c, U_GC_CN_MASK) &&
         u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool IsHalfScript(char32_t c) { return HasScript(c, {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA}); }

bool IsRadicalOfHan(char32_t c) {
  const CodePoints decomposed = Normalize(Nfkd2(), {c});
  return HasScript(c, {USCRIPT_HAN}) && HasCategory(c, U_GC_SO_MASK) && decomposed != CodePoints{c} &&
         decomposed.size() == 1 && HasScript(decomposed[0], {USCRIPT_HAN});
}

bool IsTokenPart(char32_t c) {
  return !IsIgnorable(c) && (HasCategory(c, U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK) || IsRadicalOfHan(c));
}

// 4, 2, 1, or 0 for marks, which join whatever is there.
uint32_t Quarters(char32_t c) {
  if (HasScript(c, {USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR})) return 1;
  if (HasCategory(c, U_GC_M_MASK) || c == 0xFF9E || c == 0xFF9F) return 0;
  return IsHalfScript(c) ? 2 : 4;
}

bool IsHangul(char32_t c) { return (c >= 0x1100 && c < 0x1200) || (c >= 0xAC00 && c < 0xD7A4); }

bool MayStandFor(char32_t c, const CodePoints& other) {
  const uint32_t kind = Quarters(c);
  if (kind == 1) return false;
  if (kind == 2) return other.size() == 1 && IsTokenPart(other[0]) && Quarters(other[0]) == 2;
  return std::all_of(other.begin(), other.end(), [&](char32_t part) {
    return IsTokenPart(part) && (Quarters(part) == 0 || Quarters(part) == kind);
  });
}

// Marks are sorted. Dots over an i say nothing, if they are the first of its marks above.
CodePoints WithoutDotsOverI(const CodePoints& text) {
  CodePoints result;
  bool dots = false;
  for (const char32_t c : text) {
    const int combining_class = u_getCombiningClass(static_cast<UChar32>(c));
    if (combining_class == 0) dots = c == U'i';
    if (dots && c == 0x307) continue;
    if (combining_class == 230) dots = false;
    result.push_back(c);
  }
  return result;
}

std::string FoldToken(const CodePoints& token) {
  CodePoints text;
  for (const char32_t c : token) {
    if (!IsIgnorable(c)) text.push_back(c);
  }
  for (CodePoints before; before != text;) {
    before = text;
    CodePoints next;
    std::replace(text.begin(), text.end(), char32_t{0x131}, U'i');  // the i without a dot
    for (const char32_t c : text) {
      const CodePoints decomposed = Normalize(Nfkd2(), {c});
      next += MayStandFor(c, decomposed) ? decomposed : CodePoints{c};
    }
    next = Normalize(Nfd2(), next);  // sorts marks; the iota subscript is folded behind them
    text = Normalize(Nfd2(), FoldCase(next));
  }
  text = WithoutDotsOverI(text);
  // Composed again: Hangul, kana with voiced marks, and the one letter of Myanmar.
  const auto composes = [](char32_t c) { return IsHangul(c) || (c >= 0x3040 && c < 0x3100) || c == 0x1025; };
  CodePoints result;
  for (size_t i = 0; i < text.size();) {
    size_t end = i + 1;
    while (end < text.size() && composes(text[i]) == composes(text[end]) &&
           !(u_getCombiningClass(static_cast<UChar32>(text[end])) == 0 && !composes(text[i]))) {
      ++end;
    }
    // A starter that may compose takes its marks with it.
    if (composes(text[i])) {
      while (end < text.size() &&
             (u_getCombiningClass(static_cast<UChar32>(text[end])) != 0 || text[end] == 0x102E)) {
        ++end;
      }
    }
    const CodePoints part = text.substr(i, end - i);
    result += composes(part[0]) ? Normalize(Nfc2(), part) : part;
    i = end;
  }
  std::string bytes;
  ToIcu(result).toUTF8String(bytes);
  return bytes;
}

// Separators that decompose to a separator and marks, and those separators.
bool TakesMarks(char32_t separator) {
  static const auto* const symbols = [] {
    auto* set = new std::set<char32_t>;
    for (char32_t c = 0x80; c < 0x20000; ++c) {
      if ((c >= 0xD800 && c < 0xE000) || IsTokenPart(c)) continue;
      const CodePoints decomposed = Normalize(Nfd2(), {c});
      if (decomposed.size() > 1) set->insert({c, decomposed[0]});
    }
    return set;
  }();
  return symbols->contains(separator);
}

std::string Convert(std::string_view text, const std::function<void(UnicodeString&)>& change) {
  UnicodeString string =
      UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  change(string);
  std::string result;
  string.toUTF8String(result);
  return result;
}

}  // namespace

bool IsKnown(char32_t c) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(c), age);
  return age[0] <= 15 && !(age[0] == 15 && age[1] > 0);
}

ReferenceTokens TokenizeByIcu(std::string_view text) {
  ReferenceTokens result;
  CodePoints token;  // the open one, ignorable code points included
  ReferenceToken open;
  const auto close = [&] {
    if (token.empty()) return;
    open.folded = FoldToken(token);
    result.tokens.push_back(open);
    token.clear();
  };
  bool after_symbol =
      false;  // nothing but marks and ignorable code points since a separator that takes marks
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size();) {
    // U8_NEXT takes the bytes of a broken sequence at once; each of them counts.
    size_t next = at;
    UChar32 c;
    U8_NEXT(bytes, next, text.size(), c);
    if (c < 0) {
      close();
      result.invalid_bytes += next - at;
      at = next;
      after_symbol = false;
      continue;
    }
    if (IsIgnorable(c)) {
      if (!token.empty()) token.push_back(c);
    } else if (!IsTokenPart(c)) {
      close();
      after_symbol = TakesMarks(c);
    } else {
      uint32_t quarters = Quarters(c);
      if (quarters == 1 && u_getCombiningClass(c) != 0 &&
          (token.empty() ? after_symbol : open.quarter_words != 1)) {
        quarters = 0;
      }
      const bool second_half = c == 0x102E && !token.empty() && token.back() == 0x1025;
      const bool joins =
          !token.empty() && (quarters == 0 || (quarters == 4 && open.quarter_words == 4) || second_half);
      if (quarters != 0 || !token.empty() || !after_symbol) {
        if (!joins) {
          close();
          open = ReferenceToken();
          open.begin = static_cast<uint32_t>(at);
          open.quarter_words = quarters == 0 ? 4 : quarters;
        }
        open.digit |= HasCategory(c, U_GC_N_MASK);
        open.end = static_cast<uint32_t>(next);
        token.push_back(c);
        after_symbol = false;
      }
    }
    at = next;
  }
  close();
  return result;
}

std::string Nfc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  return Convert(text, [&](UnicodeString& s) { s = Nfc2().normalize(s, status); });
}
std::string Nfd(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  return Convert(text, [&](UnicodeString& s) { s = Nfd2().normalize(s, status); });
}
std::string UpperCase(std::string_view text) {
  return Convert(text, [](UnicodeString& s) { s.toUpper(icu::Locale::getRoot()); });
}
std::string LowerCase(std::string_view text) {
  return Convert(text, [](UnicodeString& s) { s.toLower(icu::Locale::getRoot()); });
}

}  // namespace refrain::reference
