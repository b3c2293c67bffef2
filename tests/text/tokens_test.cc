#include "refrain/text/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/utf8.h"
#include "refrain/text/token_hash_internal.h"
#include "tests/reference/text_reference.h"
#include "tests/reference/text_samples.h"

namespace refrain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Tokens TokensOf(std::string_view text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  return tokens;
}

std::vector<std::string> Words(std::string_view text) {
  const Tokens tokens = TokensOf(text);
  std::vector<std::string> words;
  for (size_t i = 0; i < tokens.size(); ++i) words.emplace_back(Slice(text, tokens.span(i)));
  return words;
}

std::vector<int> Quarters(std::string_view text) {
  const Tokens tokens = TokensOf(text);
  std::vector<int> quarters;
  for (size_t i = 0; i < tokens.size(); ++i) quarters.push_back(static_cast<int>(tokens.quarter_words(i)));
  return quarters;
}

TEST(Tokenize, TakesRunsOfLettersMarksAndDigits) {
  EXPECT_THAT(Words("on Thursday.Putin said 42 x"),
              ElementsAre("on", "Thursday", "Putin", "said", "42", "x"));
  EXPECT_THAT(Words("Ärger, ÄRGER"), ElementsAre("Ärger", "ÄRGER"));
  EXPECT_THAT(Words("привет мир"), ElementsAre("привет", "мир"));
  EXPECT_THAT(Words("한국어 말뭉치"), ElementsAre("한국어", "말뭉치"));
  EXPECT_THAT(Words("नमस्ते दुनिया"), ElementsAre("नमस्ते", "दुनिया"));
  EXPECT_THAT(Words("abc123def"), ElementsAre("abc123def"));
}

TEST(Tokenize, FindsNothingWhereThereIsNothing) {
  for (const char* text : {"", " ", "\n\n", "...", "\xC2\xA0", "“—”", "\xC2\xAD", "\xEF\xBB\xBF",
                           "\xE2\x80\x8D\xE2\x80\x8D", "😀"}) {
    EXPECT_THAT(Words(text), IsEmpty()) << text;
  }
}

TEST(Tokenize, SeparatesAtApostropheHyphenUnderscoreAndZeroWidthSpace) {
  EXPECT_THAT(Words("don't don’t well-known snake_case"),
              ElementsAre("don", "t", "don", "t", "well", "known", "snake", "case"));
  EXPECT_THAT(Words("a\u200Bb"), ElementsAre("a", "b"));
}

TEST(Tokenize, MakesEachCodePointOfAnUnsegmentedScriptAToken) {
  EXPECT_THAT(Words("漢字かなカナー"), ElementsAre("漢", "字", "か", "な", "カ", "ナ", "ー"));
  EXPECT_THAT(Words("人々、ｶﾅ"), ElementsAre("人", "々", "ｶ", "ﾅ"));
  EXPECT_THAT(Words("ไทย๑"), ElementsAre("ไ", "ท", "ย", "๑"));
  EXPECT_THAT(Words("ที่"), ElementsAre("ท", "ี", "่"));
  EXPECT_THAT(Quarters("漢か word ท ລ ក က"), ElementsAre(2, 2, 4, 1, 1, 1, 1));
}

TEST(Tokenize, KeepsAWordThatTouchesAnUnsegmentedScriptApart) {
  EXPECT_THAT(Words("Googleは2024年にAIを"), ElementsAre("Google", "は", "2024", "年", "に", "AI", "を"));
  EXPECT_THAT(Words("ราคา100บาท"), ElementsAre("ร", "า", "ค", "า", "100", "บ", "า", "ท"));
}

TEST(Tokenize, LetsAMarkJoinTheTokenBeforeIt) {
  EXPECT_THAT(Words("漢\u0301字"), ElementsAre("漢\u0301", "字"));
  EXPECT_THAT(Words("か\u3099"), ElementsAre("か\u3099"));
  EXPECT_THAT(Words(" \u0301a"), ElementsAre("\u0301a"));  // nothing before it: it begins a word
}

TEST(Tokenize, SeesThroughInvisibleCodePointsInsideAWord) {
  const uint64_t plain = TokensOf("abcdef").hashes[0];
  for (const char* invisible :
       {"\u00AD", "\u200C", "\u200D", "\u2060", "\uFEFF", "\uFE0F", "\U000E0101", "\u034F", "\u200E"}) {
    const std::string text = std::string(invisible) + "abc" + invisible + invisible + "def" + invisible;
    const Tokens tokens = TokensOf(text);
    ASSERT_EQ(tokens.size(), 1u) << text;
    EXPECT_EQ(tokens.hashes[0], plain) << text;
    EXPECT_EQ(tokens.begins[0], std::string_view(invisible).size());
    EXPECT_EQ(tokens.ends[0], text.size() - std::string_view(invisible).size());
  }
}

TEST(Tokenize, MarksDigitsOfAnyScript) {
  const auto digit = [](std::string_view text) {
    const Tokens tokens = TokensOf(text);
    return tokens.size() == 1 && tokens.has_digit(0);
  };
  for (const char* text :
       {"7", "a1", "1990s", "٣", "๓", "１", "Ⅷ", "½", "m²", "abcdefghijklmnopqrstuvwxyz0", "é1"}) {
    EXPECT_TRUE(digit(text)) << text;
  }
  for (const char* text : {"a", "é", "漢", "ท", "abcdefghijklmnopqrstuvwxyz", "VIII"})
    EXPECT_FALSE(digit(text)) << text;
}

TEST(Tokenize, CountsEachByteThatIsNotUtf8AndSeparatesThere) {
  struct Case {
    const char* text;
    uint64_t invalid;
    size_t tokens;
  };
  for (const Case& c :
       {Case{"a\x80z", 1, 2}, Case{"a\xFFz", 1, 2}, Case{"a\xC3z", 1, 2}, Case{"a\xE6\x97z", 2, 2},
        Case{"\xC0\x80", 2, 0}, Case{"\xED\xA0\x80", 3, 0}, Case{"\xF4\x90\x80\x80", 4, 0},
        Case{"\xF0\x9F\x98", 3, 0}, Case{"a\xE6\x97", 2, 1}, Case{"\xE0\x80\x80", 3, 0},
        Case{"\xF5\x80\x80\x80x", 4, 1}, Case{"é\xC3", 1, 1}, Case{"\xE6\x97\xE6\x97\xA5", 2, 1}}) {
    const Tokens tokens = TokensOf(c.text);
    EXPECT_EQ(tokens.invalid_bytes, c.invalid) << c.text;
    EXPECT_EQ(tokens.size(), c.tokens) << c.text;
  }
}

TEST(Tokenize, ReplacesWhatTheTokensHeld) {
  Tokens tokens;
  Tokenize("one two three \xFF", &tokens);
  Tokenize("four", &tokens);
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens.invalid_bytes, 0u);
  EXPECT_EQ(tokens.hashes[0], TokensOf("four").hashes[0]);
  Tokenize("", &tokens);
  EXPECT_TRUE(tokens.empty());
  tokens.hashes.resize(5);  // sizes that do not agree are no reason to trip
  Tokenize("five six", &tokens);
  EXPECT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens.traits.size(), 2u);
}

TEST(Tokenize, AgreesWithIcuOnRandomText) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 3000; ++round) {
    std::string text = reference::SampleText(&random, {});
    // A newer ICU may know code points that our tables do not.
    std::string known;
    for (size_t at = 0; at < text.size();) {
      const size_t begin = at;
      char32_t c;
      if (!DecodeUtf8(text, &at, &c) || reference::IsKnown(c)) known += text.substr(begin, at - begin);
    }
    const Tokens tokens = TokensOf(known);
    const reference::ReferenceTokens expected = reference::TokenizeByIcu(known);
    ASSERT_EQ(tokens.invalid_bytes, expected.invalid_bytes) << known;
    ASSERT_EQ(tokens.size(), expected.tokens.size()) << known;
    for (size_t i = 0; i < tokens.size(); ++i) {
      const reference::ReferenceToken& token = expected.tokens[i];
      ASSERT_EQ(tokens.begins[i], token.begin) << known;
      ASSERT_EQ(tokens.ends[i], token.end) << known;
      ASSERT_EQ(tokens.quarter_words(i), token.quarter_words) << Slice(known, tokens.span(i));
      ASSERT_EQ(tokens.has_digit(i), token.digit) << Slice(known, tokens.span(i));
      ASSERT_EQ(tokens.hashes[i], text_internal::HashToken(token.folded.data(), token.folded.size()))
          << Slice(known, tokens.span(i)) << " " << token.folded;
    }
  }
}

TEST(Tokenize, HashesJoinedAndSplitParagraphsAlike) {
  std::mt19937_64 random(8);
  for (int round = 0; round < 500; ++round) {
    std::string text = reference::SampleText(&random, {});
    const Tokens before = TokensOf(text);
    for (char& c : text) {
      if (c == '\n')
        c = ' ';
      else if (c == ' ')
        c = random() % 2 == 0 ? '\n' : ' ';
    }
    EXPECT_EQ(TokensOf(text).hashes, before.hashes);
  }
}

TEST(Tokenize, OrdersDisjointSpansInsideTheText) {
  std::mt19937_64 random(9);
  for (int round = 0; round < 500; ++round) {
    const std::string text = reference::SampleText(&random, {});
    const Tokens tokens = TokensOf(text);
    size_t last = 0;
    for (size_t i = 0; i < tokens.size(); ++i) {
      ASSERT_LE(last, tokens.begins[i]);
      ASSERT_LT(tokens.begins[i], tokens.ends[i]);
      last = tokens.ends[i];
    }
    ASSERT_LE(last, text.size());
  }
}

}  // namespace
}  // namespace refrain
