#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

bool Slip(const std::string& one, const std::string& other) {
  const std::string text = one + " " + other;
  Tokens tokens;
  Tokenize(text, &tokens);
  EXPECT_EQ(tokens.size(), 2u) << text;
  const bool slip = IsSlip(text, tokens, 0, 1);
  EXPECT_EQ(slip, IsSlip(text, tokens, 1, 0)) << text;
  return slip;
}

bool Same(const std::string& one, const std::string& other) {
  const std::string text = one + " | " + other;
  Tokens first, tokens;
  Tokenize(one, &first);
  Tokenize(text, &tokens);
  const uint32_t words = static_cast<uint32_t>(first.size());
  return SameLetters(text, tokens, 0, words, words, static_cast<uint32_t>(tokens.size()) - words);
}

TEST(Slip, ALetterMayBeLostDoubledAddedOrSwapped) {
  EXPECT_TRUE(Slip("northern", "nothern"));
  EXPECT_TRUE(Slip("gates", "gattes"));
  EXPECT_TRUE(Slip("recieve", "receive"));
  EXPECT_TRUE(Slip("word", "words"));
  EXPECT_FALSE(Slip("extraordinarily", "extraordinal"));
  EXPECT_FALSE(Slip("gates", "gatters"));
}

TEST(Slip, AnotherLetterMostlyMakesAnotherWord) {
  for (const auto& [one, other] : {std::pair("iran", "iraq"),
                                   {"said", "paid"},
                                   {"million", "billion"},
                                   {"house", "mouse"},
                                   {"affect", "effect"},
                                   {"increase", "decrease"}}) {
    EXPECT_FALSE(Slip(one, other)) << one;
  }
  EXPECT_TRUE(Slip("extraordinary", "extraordinery"));
}

TEST(Slip, RomanNumeralsAreNumbers) {
  EXPECT_FALSE(Slip("XVII", "XVIII"));
  EXPECT_FALSE(Slip("xxiv", "xxvi"));
}

TEST(Slip, AWordMayHaveLostItsFourthLetterButShortWordsAreOthers) {
  EXPECT_TRUE(Slip("that", "tha"));
  EXPECT_FALSE(Slip("the", "tho"));
  EXPECT_FALSE(Slip("in", "on"));
}

TEST(Slip, WordsWithADigitAreNeverSlips) {
  EXPECT_FALSE(Slip("15000", "16000"));
  EXPECT_FALSE(Slip("covid19", "covid18"));
  EXPECT_FALSE(Slip("version2", "versions"));
  EXPECT_FALSE(Slip("٢٠٢٣٤", "٢٠٢٤٤"));
}

TEST(Slip, LettersNotBytesAreCounted) {
  EXPECT_TRUE(Slip("грудень", "грдень"));
  EXPECT_TRUE(Slip("größere", "gößere"));
  EXPECT_FALSE(Slip("зима", "лето"));
}

TEST(Slip, CapitalsCostNothing) { EXPECT_TRUE(Slip("NORTHERN", "nothern")); }

TEST(Slip, ScriptsWithoutSpacesHaveNoSlips) {
  EXPECT_FALSE(Slip("山", "川"));
  EXPECT_FALSE(Slip("ก", "ข"));
}

TEST(Slip, VeryLongWordsAreNotComparedLetterByLetter) {
  EXPECT_TRUE(Slip(std::string(48, 'a'), std::string(47, 'a')));
  EXPECT_FALSE(Slip(std::string(49, 'a'), std::string(48, 'a')));
  EXPECT_FALSE(Slip(std::string(100'000, 'a'), std::string(100'000, 'b')));
}

TEST(SameLetters, CutIntoOtherWordsAreTheSame) {
  EXPECT_TRUE(Same("SaysOn", "Says On"));
  EXPECT_TRUE(Same("Says On", "SaysOn"));
  EXPECT_TRUE(Same("one two three", "onetw othree"));
  EXPECT_TRUE(Same("äb c", "ä bc"));
  EXPECT_TRUE(Same("same words", "same words"));
}

TEST(SameLetters, MissingOrOtherLettersAreNotTheSame) {
  EXPECT_FALSE(Same("SaysOn", "Says In"));
  EXPECT_FALSE(Same("SaysOn", "Says"));
  EXPECT_FALSE(Same("Says", "Says On"));
  EXPECT_FALSE(Same("Says On", "SaysO"));
}

}  // namespace
}  // namespace refrain
