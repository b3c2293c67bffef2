// Which words are equal.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "refrain/base/hash.h"
#include "refrain/base/utf8.h"
#include "refrain/text/token_hash_internal.h"
#include "refrain/text/tokens.h"
#include "refrain/text/unicode_internal.h"
#include "tests/reference/text_reference.h"
#include "tests/reference/text_samples.h"

namespace refrain {
namespace {

std::vector<uint64_t> Hashes(std::string_view text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  return tokens.hashes;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(Fold, CaseMakesNoDifference) {
  const Pairs pairs = {{"STRASSE", "straße"},
                       {"ẞ", "ss"},
                       {"ΣΊΣΥΦΟΣ", "σίσυφος"},
                       {"ſet", "SET"},
                       {"İ", "i\u0307"},
                       {"ПРИВЕТ", "привет"},
                       {"Ǆ", "ǆ"},
                       {"Ⴀ", "ⴀ"},
                       {"Ა", "ა"},
                       {"Ꭰ", "ꭰ"},
                       {"Օ", "օ"},
                       {"\u212A", "k"},
                       {"µ", "μ"},
                       {"ᾳ", "ΑΙ"},
                       {"և", "ԵՒ"}};
  for (const auto& [a, b] : pairs) EXPECT_EQ(Hashes(a), Hashes(b)) << a << " " << b;
  // Turkish capitals, as those with and without Turkish rules make them.
  for (const char* const capitals : {"TÜRKİYE KIRMIZI ISPARTA", "TÜRKIYE KIRMIZI ISPARTA"})
    EXPECT_EQ(Hashes(capitals), Hashes("Türkiye kırmızı Isparta")) << capitals;
  EXPECT_NE(Hashes("i\u0301\u0307"), Hashes("i\u0301")) << "a dot behind another mark is one";
}

TEST(Fold, CompositionMakesNoDifference) {
  const Pairs pairs = {{"é", "e\u0301"},
                       {"Å", "A\u030A"},
                       {"\u212B", "å"},
                       {"ệ", "e\u0323\u0302"},
                       {"e\u0302\u0323", "e\u0323\u0302"},
                       {"한글", "\u1112\u1161\u11AB\u1100\u1173\u11AF"},
                       {"각", "가\u11A8"},
                       {"가", "\u1100\u1161"},
                       {"が", "か\u3099"},
                       {"パ", "ハ\u309A"},
                       {"\u1026", "\u1025\u102E"},
                       {"\u0958", "\u0915\u093C"},
                       {"ᾴ", "α\u0345\u0301"},
                       {"≠a", "=\u0338a"},
                       {"豈", "\uF900"}};
  for (const auto& [a, b] : pairs) EXPECT_EQ(Hashes(a), Hashes(b)) << a << " " << b;
}

TEST(Fold, WidthAndLigaturesMakeNoDifference) {
  const Pairs pairs = {{"Ｗｏｒｄ１", "word1"},
                       {"ﬁne", "fine"},
                       {"ﬅ", "st"},
                       {"Ⅷ", "viii"},
                       {"ｶﾞ", "ガ"},
                       {"ﾊﾟ", "パ"},
                       {"ﾃｽﾄ", "テスト"},
                       {"m²", "m2"},
                       {"①", "1"},
                       {"ﻻ", "لا"},
                       {"𝐖𝐨𝐫𝐝", "word"},
                       {"ㄱ", "\u1100"},
                       {"⾏", "行"},
                       {"ﾡ", "ㄱ"}};
  for (const auto& [a, b] : pairs) EXPECT_EQ(Hashes(a), Hashes(b)) << a << " " << b;
}

TEST(Fold, WhatWouldSplitOrMoveStaysAsItIs) {
  // A fraction slash, brackets, a space with a mark; two vowels of Thai; two kana.
  for (const char* text : {"½", "⑴", "ﱞ", "ำ", "ຳ", "ゟ"}) EXPECT_EQ(Hashes(text).size(), 1u) << text;
  EXPECT_NE(Hashes("½"), Hashes("12"));
  EXPECT_NE(Hashes("か"), Hashes("カ"));
  EXPECT_NE(Hashes("は"), Hashes("ば"));
}

TEST(Fold, EveryCodePointFoldsAsIcuSays) {
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if ((c >= 0xD800 && c <= 0xDFFF) || !reference::IsKnown(c)) continue;
    std::string text = "x";
    AppendUtf8(c, &text);
    Tokens tokens;
    Tokenize(text, &tokens);
    const auto expected = reference::TokenizeByIcu(text).tokens;
    ASSERT_EQ(tokens.size(), expected.size()) << text;
    for (size_t i = 0; i < tokens.size(); ++i) {
      ASSERT_EQ(tokens.hashes[i],
                text_internal::HashToken(expected[i].folded.data(), expected[i].folded.size()))
          << text << " U+" << std::hex << static_cast<unsigned>(c);
    }
  }
}

TEST(Fold, TablesAreThoseOfThisTokenVersion) {
  // A digest of everything the tables say. Whoever changes it changes kTokenVersion and with it every file
  // format.
  static_assert(kTokenVersion == 2);
  std::string all;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const unicode::CodePoint& entry = unicode::Find(c);
    all += static_cast<char>(entry.kind_and_flags);
    all += static_cast<char>(entry.length);
    all += static_cast<char>(entry.lead_class);
    all += static_cast<char>(entry.trail_class);
    for (int i = 0; i < 8; ++i) all += static_cast<char>(entry.low >> (8 * i));
    for (int i = 0; i < 4; ++i) all += static_cast<char>(entry.high >> (8 * i));
  }
  EXPECT_EQ(HashBytes64(all), 17272757794643849634u);
}

TEST(Fold, PlainLettersAreTheSameAsTheirEntries) {
  for (char32_t c = 0; c < 0x800; ++c) {
    const uint64_t letter = unicode::kPlainLetters[c];
    if (letter == 0) continue;
    const unicode::CodePoint& entry = unicode::Find(c);
    EXPECT_TRUE(entry.kind() == unicode::kWord || entry.kind() == unicode::kMark);
    EXPECT_EQ(entry.kind_and_flags & unicode::CodePoint::kSlow, 0);
    EXPECT_EQ((letter >> unicode::kPlainDigitShift & 1) != 0,
              (entry.kind_and_flags & unicode::CodePoint::kDigit) != 0);
    EXPECT_EQ(letter >> unicode::kPlainLeadShift & 0xFF, entry.lead_class);
    EXPECT_EQ(letter >> unicode::kPlainTrailShift, entry.trail_class);
    char bytes[8];
    text_internal::Store64(bytes, letter);
    std::string folded(bytes, letter >> unicode::kPlainLengthShift & 7);
    std::string expected;
    if (entry.length == 0)
      AppendUtf8(c, &expected);
    else {
      text_internal::Store64(bytes, entry.low);
      expected.assign(bytes, entry.length);
    }
    EXPECT_EQ(folded, expected);
  }
}

TEST(Fold, FoldedFormsAreFoldedAlready) {
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    const unicode::CodePoint& entry = unicode::Find(c);
    if (entry.length == 0) continue;
    char bytes[16];
    text_internal::Store64(bytes, entry.low);
    text_internal::Store64(bytes + 8, entry.high);
    const std::string_view folded(bytes, entry.length);
    for (size_t at = 0; at < folded.size();) {
      char32_t part = 0;
      ASSERT_TRUE(DecodeUtf8(folded, &at, &part));
      EXPECT_EQ(unicode::Find(part).length, 0) << std::hex << static_cast<unsigned>(c);
    }
  }
}

TEST(Fold, NormalisationMakesNoDifference) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 4000; ++round) {
    const std::string text = reference::SampleText(&random, {.invalid = false});
    const std::string composed = reference::Nfc(text);
    const std::string decomposed = reference::Nfd(text);
    ASSERT_EQ(Hashes(composed), Hashes(decomposed)) << text;
    // Text that is not normalised gives the same, if no marks of unsegmented scripts are tokens in another
    // order.
    std::string kept;
    for (size_t at = 0; at < text.size();) {
      char32_t c = 0;
      DecodeUtf8(text, &at, &c);
      const unicode::CodePoint& entry = unicode::Find(c);
      if (entry.kind() != unicode::kQuarter || entry.lead_class == 0) AppendUtf8(c, &kept);
    }
    ASSERT_EQ(Hashes(kept), Hashes(reference::Nfd(kept))) << kept;
  }
}

TEST(Fold, CaseMappingMakesNoDifference) {
  // Code points whose upper and lower case fold alike by themselves; there are a few that do not.
  // And not the iota subscript, which is a mark in lower case and a letter, which marks may follow, in upper
  // case.
  const auto agrees = [](char32_t c) {
    std::string s;
    AppendUtf8(c, &s);
    if (reference::Nfd(s).find("\u0345") != std::string::npos) return false;
    const auto folded = [](const std::string& word) {
      std::string all;
      for (const auto& token : reference::TokenizeByIcu(word).tokens) all += token.folded + " ";
      return all;
    };
    return folded(reference::UpperCase(s)) == folded(reference::LowerCase(s));
  };
  std::mt19937_64 random(12);
  for (int round = 0; round < 1000; ++round) {
    const std::string text = reference::SampleText(&random, {.invalid = false});
    std::string kept;
    for (size_t at = 0; at < text.size();) {
      char32_t c = 0;
      DecodeUtf8(text, &at, &c);
      if (agrees(c)) AppendUtf8(c, &kept);
    }
    ASSERT_EQ(Hashes(reference::UpperCase(kept)), Hashes(reference::LowerCase(kept))) << kept;
  }
}

TEST(Fold, ManyMarksOnOneLetterAreSorted) {
  std::string up = "a", down = "a";
  for (int i = 0; i < 1000; ++i) up += "\u0323";  // below, class 220
  for (int i = 0; i < 1000; ++i) up += "\u0301";  // above, class 230
  for (int i = 0; i < 1000; ++i) down += "\u0301\u0323";
  EXPECT_EQ(Hashes(up), Hashes(down));
}

TEST(Fold, MarksWithoutEndAreOneToken) {
  std::string text = "a";
  for (int i = 0; i < 300000; ++i) text += i % 2 == 0 ? "\u0301" : "\u0323";
  EXPECT_EQ(Hashes(text).size(), 1u);
}

TEST(Fold, AnEndlessWordIsOneToken) {
  std::string composed, decomposed;
  for (int i = 0; i < 100000; ++i) {
    composed += "é";
    decomposed += "e\u0301";
  }
  EXPECT_EQ(Hashes(composed).size(), 1u);
  EXPECT_EQ(Hashes(composed), Hashes(decomposed));
  EXPECT_EQ(Hashes(composed)[0], text_internal::HashToken(decomposed.data(), decomposed.size()));
  EXPECT_EQ(Hashes(std::string(100000, 'A')), Hashes(std::string(100000, 'a')));
}

}  // namespace
}  // namespace refrain
