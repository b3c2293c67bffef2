#include "refrain/pipeline/noise.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace refrain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Tokens TokensOf(const std::string& text, Noise noise) {
  Tokens tokens;
  NoisyTokenizer(noise).Tokenize(text, &tokens);
  EXPECT_EQ(tokens.begins.size(), tokens.size());
  EXPECT_EQ(tokens.ends.size(), tokens.size());
  EXPECT_EQ(tokens.traits.size(), tokens.size());
  return tokens;
}

// The bytes of each token.
std::vector<std::string> Pieces(const std::string& text, const Tokens& tokens) {
  std::vector<std::string> pieces;
  for (size_t i = 0; i < tokens.size(); ++i)
    pieces.push_back(text.substr(tokens.begins[i], tokens.ends[i] - tokens.begins[i]));
  return pieces;
}
std::vector<std::string> Letters(const std::string& text) {
  return Pieces(text, TokensOf(text, Noise::kOcr));
}

std::vector<uint64_t> Hashes(const std::string& text) { return TokensOf(text, Noise::kOcr).hashes; }

TEST(Noise, IsReadByItsName) {
  for (const Noise noise : {Noise::kNone, Noise::kRewritten, Noise::kOcr}) {
    const auto read = ParseNoise(Name(noise));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, noise);
  }
  EXPECT_EQ(Name(Noise::kNone), "none");
  EXPECT_EQ(Name(Noise::kRewritten), "rewritten");
  EXPECT_EQ(Name(Noise::kOcr), "ocr");
  for (const char* name : {"", "OCR", "ocr ", "noise"}) {
    const auto read = ParseNoise(name);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(read.status().message()),
                HasSubstr(std::string(name) + "' is not one of none, rewritten, ocr"));
  }
}

TEST(PlanFor, ComparesLettersOnlyAfterOcr) {
  EXPECT_EQ(PlanFor(Noise::kNone, 20).survives, 1);
  EXPECT_EQ(PlanFor(Noise::kRewritten, 20).survives, 1);
  EXPECT_LT(PlanFor(Noise::kOcr, 20).survives, 1);
  // A letter is a quarter of a word whatever the script: shingles of letters must not depend on it.
  const NoisePlan ocr = PlanFor(Noise::kOcr, 20);
  EXPECT_EQ(ocr.shingle.words, ocr.shingle.quarter);
  EXPECT_EQ(ocr.anchor.words, ocr.anchor.quarter);
}

TEST(NoisyTokenizer, GivesWordsWhereWordsAreWhatTheyWere) {
  const std::string text =
      "Two w\xC3\xB6rds, 3 numb\xCC\x88"
      "ers \xE0\xB8\x81\xE0\xB8\xB1\xFF.";
  Tokens words;
  Tokenize(text, &words);
  for (const Noise noise : {Noise::kNone, Noise::kRewritten}) {
    const Tokens tokens = TokensOf(text, noise);
    EXPECT_EQ(tokens.hashes, words.hashes);
    EXPECT_EQ(tokens.begins, words.begins);
    EXPECT_EQ(tokens.ends, words.ends);
    EXPECT_EQ(tokens.traits, words.traits);
    EXPECT_EQ(tokens.invalid_bytes, 1u);
  }
}

TEST(NoisyTokenizer, GivesLettersWithTheirSpansAfterOcr) {
  const std::string text = " A w\xC3\xB6rd,\n\xD0\x96 \xF0\x9F\x98\x80 7!";
  EXPECT_THAT(Letters(text), ElementsAre("A", "w", "\xC3\xB6", "r", "d", "\xD0\x96", "7"));
  const Tokens tokens = TokensOf(text, Noise::kOcr);
  EXPECT_THAT(tokens.begins, ElementsAre(1u, 3u, 4u, 6u, 7u, 10u, 18u));
  for (size_t i = 0; i < tokens.size(); ++i) {
    EXPECT_EQ(tokens.quarter_words(i), TokenTraits::kQuarter);
    EXPECT_EQ(tokens.has_digit(i), i == 6);
  }
}

TEST(NoisyTokenizer, TakesTheSameLetterForTheSameAnywhere) {
  EXPECT_EQ(Hashes("ban"), (std::vector<uint64_t>{Hashes("b")[0], Hashes("a")[0], Hashes("n")[0]}));
  EXPECT_EQ(Hashes("banana")[1], Hashes("banana")[5]);
  EXPECT_NE(Hashes("a"), Hashes("b"));
}

// What stands between letters is lost as easily as letters are.
TEST(NoisyTokenizer, TakesBrokenAndJoinedWordsForTheSame) {
  EXPECT_EQ(Hashes("the harbour"), Hashes("theharb-\nour"));
  EXPECT_EQ(Hashes("in 1912"), Hashes("i n.1 9'12"));
}

TEST(NoisyTokenizer, FoldsLetters) {
  EXPECT_EQ(Hashes("HARBOUR"), Hashes("harbour"));
  EXPECT_EQ(Hashes("\xC3\x96L"), Hashes("\xC3\xB6l"));
  EXPECT_EQ(Hashes("\xEF\xBC\xA1"), Hashes("a")) << "full width";
  EXPECT_EQ(Letters("stra\xC3\x9F"
                    "e")
                .size(),
            6u)
      << "sharp s is one letter that was read";
}

// A mark was a letter of its own: the same text, decomposed, shared nothing around its umlauts.
TEST(NoisyTokenizer, TakesALetterWithItsMarks) {
  EXPECT_THAT(Letters("o\xCC\x88l"), ElementsAre("o\xCC\x88", "l"));
  EXPECT_EQ(Hashes("o\xCC\x88l"), Hashes("\xC3\xB6l"));
  EXPECT_EQ(Hashes("e\xCC\xA3\xCC\x82"), Hashes("\xE1\xBB\x87")) << "two";
  EXPECT_NE(Hashes("o\xCC\x88l"), Hashes("ol"));
  // Devanagari ka, vowel sign i, ka.
  EXPECT_THAT(Letters("\xE0\xA4\x95\xE0\xA4\xBF\xE0\xA4\x95"),
              ElementsAre("\xE0\xA4\x95\xE0\xA4\xBF", "\xE0\xA4\x95"));
  EXPECT_THAT(Letters("\xCC\x88 x"), ElementsAre("\xCC\x88", "x")) << "alone it is one, as among words";
}

TEST(NoisyTokenizer, LeavesOutWhatIsAsIfNotThere) {
  EXPECT_THAT(Letters("ha\xC2\xADr"), ElementsAre("h", "a", "r")) << "soft hyphen";
  EXPECT_EQ(Hashes("o\xC2\xAD\xCC\x88l"), Hashes("\xC3\xB6l")) << "between a letter and its mark";
  EXPECT_THAT(Letters("\xC2\xAD"), ElementsAre());
}

TEST(NoisyTokenizer, GivesLettersOfScriptsWithoutSpaces) {
  // Ko kai, sara am, kho khai: each a quarter of a word, as it is among words.
  const std::string thai = "\xE0\xB8\x81\xE0\xB8\xB3 \xE0\xB8\x82";
  EXPECT_THAT(Letters(thai), ElementsAre("\xE0\xB8\x81", "\xE0\xB8\xB3", "\xE0\xB8\x82"));
  const std::string han = "\xE4\xB8\xAD\xE6\x96\x87";
  const Tokens tokens = TokensOf(han, Noise::kOcr);
  EXPECT_THAT(Pieces(han, tokens), ElementsAre("\xE4\xB8\xAD", "\xE6\x96\x87"));
  EXPECT_EQ(tokens.quarter_words(0), TokenTraits::kQuarter) << "whatever the script";
}

// Among words a Thai vowel above its letter is a token: so it is among letters.
TEST(NoisyTokenizer, KeepsThaiVowelsAsWordsDo) {
  const std::string text =
      "\xE0\xB8\x81\xE0\xB8\xB1\xE0\xB8\x99\xE0\xB9\x89";  // ko kai, mai han-akat, no nu, mai tho
  Tokens words;
  Tokenize(text, &words);
  const Tokens letters = TokensOf(text, Noise::kOcr);
  EXPECT_EQ(Pieces(text, letters), Pieces(text, words));
  EXPECT_EQ(letters.hashes, words.hashes);
}

TEST(NoisyTokenizer, CountsBytesThatAreNoUtf8AndForgetsTheTextBefore) {
  NoisyTokenizer tokenizer(Noise::kOcr);
  Tokens tokens;
  tokenizer.Tokenize("some text before", &tokens);
  tokenizer.Tokenize("a\xFF\xC3", &tokens);
  EXPECT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens.invalid_bytes, 2u);
  tokenizer.Tokenize("", &tokens);
  EXPECT_TRUE(tokens.empty());
  EXPECT_EQ(tokens.invalid_bytes, 0u);
}

}  // namespace
}  // namespace refrain
