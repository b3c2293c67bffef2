#include <algorithm>
#include <cstddef>
#include <random>
#include <regex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

// What looks at two words before IsSlip does.
bool MaySlip(const std::string& text, const Tokens& tokens, uint32_t a, uint32_t b) {
  const WordEnds ends_a(text, tokens, a), ends_b(text, tokens, b);
  const WordLetters letters_a(Slice(text, tokens.span(a))), letters_b(Slice(text, tokens.span(b)));
  return ends_a.MaySlip(ends_b) && ends_b.MaySlip(ends_a) && letters_a.MaySlip(letters_b);
}

bool Slip(const std::string& one, const std::string& other) {
  const std::string text = one + " " + other;
  Tokens tokens;
  Tokenize(text, &tokens);
  EXPECT_EQ(tokens.size(), 2u) << text;
  const bool slip = IsSlip(text, tokens, 0, 1);
  EXPECT_EQ(slip, IsSlip(text, tokens, 1, 0)) << text;
  if (slip) {
    EXPECT_TRUE(MaySlip(text, tokens, 0, 1)) << text;
  }
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
  EXPECT_FALSE(Slip("MCMXL", "MCMXLI"));
  EXPECT_FALSE(Slip("viii", "viiii"));
  EXPECT_TRUE(Slip("civil", "civiil"));
  EXPECT_TRUE(Slip("vivid", "vividd"));
}

TEST(Slip, AWordMayHaveLostItsFourthLetterButShortWordsAreOthers) {
  EXPECT_TRUE(Slip("that", "tha"));
  EXPECT_FALSE(Slip("the", "tho"));
  EXPECT_FALSE(Slip("in", "on"));
}

// Words that marks make of several tokens: whether their token `part` is a slip.
bool PartSlips(const std::string& one, const std::string& other, uint32_t part) {
  const std::string text = one + " | " + other;
  Tokens first, tokens;
  Tokenize(one, &first);
  Tokenize(text, &tokens);
  const uint32_t behind = static_cast<uint32_t>(first.size());
  EXPECT_EQ(tokens.size(), 2u * behind) << text;
  const bool slip = IsSlip(text, tokens, part, behind + part);
  EXPECT_EQ(slip, IsSlip(text, tokens, behind + part, part)) << text;
  if (slip) {
    EXPECT_TRUE(MaySlip(text, tokens, part, behind + part)) << text;
  }
  return slip;
}

TEST(Slip, AShortPartOfALongerWordMayLoseALetter) {
  EXPECT_TRUE(PartSlips("don't", "dn't", 0));
  EXPECT_TRUE(PartSlips("don\u2019t", "doon\u2019t", 0));
  EXPECT_TRUE(PartSlips("you'll", "you'lll", 1));
  EXPECT_TRUE(PartSlips("Rabb'ine", "Rabb'ne", 1));
  EXPECT_TRUE(PartSlips("pre-made", "pr-made", 0));
  EXPECT_TRUE(PartSlips("run-off-vote", "run-of-vote", 1));
  EXPECT_TRUE(PartSlips("and/or", "an/or", 0));
  for (const auto& [one, other, part] :
       std::vector<std::tuple<std::string, std::string, uint32_t>>{{"he's", "she's", 0},
                                                                   {"I'll", "it'll", 0},
                                                                   {"it's", "is's", 0},
                                                                   {"can't", "cat's", 0},
                                                                   {"mg/dl", "mg/l", 1},
                                                                   {"mg/kg", "mg/g", 1},
                                                                   {"on-off", "one-off", 0},
                                                                   {"re-use", "pre-use", 0},
                                                                   {"AA-rated", "AAA-rated", 0},
                                                                   {"AAA/AAA", "AAA/AA", 1},
                                                                   {"Aaa/AAA", "Aaa/AA", 1},
                                                                   {"USB-port", "US-port", 0},
                                                                   {"IC-Strecke", "ICE-Strecke", 0},
                                                                   {"Jong-il", "Jong-pil", 1},
                                                                   {"Major-Gen", "Major-en", 1},
                                                                   {"he/she", "he/he", 1},
                                                                   {"and/or", "and/nor", 1},
                                                                   {"his/her", "his/he", 1},
                                                                   {"pre made", "pr made", 0},
                                                                   {"app.js", "app.jsx", 1},
                                                                   {"FA-18", "F-18", 0},
                                                                   {"NW-SE", "N-SE", 0},
                                                                   {"there.In", "there.I", 1},
                                                                   {"I-95", "II-95", 0},
                                                                   {"A-rated", "AA-rated", 0},
                                                                   {"а'бв", "а'б", 1},
                                                                   {"xii's", "xiii's", 0},
                                                                   {"don t", "dn t", 0}}) {
    EXPECT_FALSE(PartSlips(one, other, part)) << one;
  }
}

TEST(Slip, BehindANumberAShortWordMayBeAUnit) {
  EXPECT_FALSE(PartSlips("5 mmol", "5 mol", 1));
  EXPECT_FALSE(PartSlips("64 kbit", "64 bit", 1));
  EXPECT_FALSE(PartSlips("20 mins", "20 min", 1));
  EXPECT_FALSE(PartSlips("30 kByte", "30 Byte", 1));
  EXPECT_FALSE(PartSlips("30 mg/mmol", "30 mg/mol", 2));
  EXPECT_FALSE(PartSlips("30 ct/kWh", "30 ct/Wh", 2));
  EXPECT_FALSE(PartSlips("30 EUR/MWh", "30 EUR/Wh", 2));
  EXPECT_TRUE(PartSlips("five mmol", "five mol", 1));
  EXPECT_TRUE(PartSlips("1000 Euro", "1000 Ero", 1));
  EXPECT_TRUE(PartSlips("1000 crowns", "1000 crown", 1));
  EXPECT_TRUE(PartSlips("30 tonnes", "30 tonns", 1));
  EXPECT_TRUE(PartSlips("30 wkilometre", "30 kilometre", 1)) << "no prefix makes so long a word";
}

TEST(Slip, NamesMayEndInTheSameNumber) {
  EXPECT_TRUE(Slip("Gnome2", "Gnme2"));
  EXPECT_TRUE(Slip("GreenPak4", "GrenPak4"));
  for (const auto& [one, other] : {std::pair("Gnome2", "Gnome3"),
                                   {"Gnome2", "Gnome22"},
                                   {"Gnome2", "Gnome"},
                                   {"SLG46620V", "SLG466200V"},
                                   {"u23", "uu23"},
                                   {"196s", "1960s"},
                                   {"gnome2a", "gnme2a"},
                                   {"int32", "uint32"},
                                   {"SSE3", "SSSE3"},
                                   {"ABC123", "ABCD123"}}) {
    EXPECT_FALSE(Slip(one, other)) << one;
  }
}

TEST(Slip, OtherWordsWithADigitAreNeverSlips) {
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

// What slip_internal.h says, letter by letter: no look at bytes, no short cuts.
bool SlowSlip(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  if (one.size() < other.size()) return SlowSlip(other, one);
  const size_t size = one.size(), other_size = other.size();
  if (size < 4 || other_size < 3 || size > 48) return false;
  const auto is_roman = [](const std::vector<std::string>& letters) {
    static const std::regex kRoman("m*(cm|cd|d?c{0,4})(xc|xl|l?x{0,4})(ix|iv|v?i{0,4})");
    std::string word;
    for (const std::string& letter : letters) word += letter;
    return std::regex_match(word, kRoman);
  };
  if (is_roman(one) && is_roman(other)) return false;
  if (size == other_size + 1) {
    for (size_t lost = 0; lost < size; ++lost) {
      std::vector<std::string> rest = one;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(lost));
      if (rest == other) return true;
    }
  }
  if (size != other_size || one == other) return false;
  for (size_t i = 0; i + 1 < size; ++i) {
    std::vector<std::string> swapped = one;
    std::swap(swapped[i], swapped[i + 1]);
    if (swapped == other) return true;
  }
  size_t differ = 0;
  for (size_t i = 0; i < size; ++i) differ += one[i] != other[i];
  return differ == 1 && size >= 8 && one.front() == other.front() && one.back() == other.back();
}

TEST(Slip, IsWhatTheDefinitionSays) {
  // Letters of one to four bytes that share bytes with each other.
  const std::vector<std::string> letters = {"a", "b", "i", "x", "é", "ê", "ж", "з", "한", "핝", "𐐨", "𐐩"};
  std::mt19937 random(5);
  const auto draw = [&](size_t below) { return random() % below; };
  size_t slips = 0;
  for (int round = 0; round < 200'000; ++round) {
    const size_t known = 2 + draw(letters.size() - 1);
    const auto letter = [&] { return letters[draw(known)]; };
    std::vector<std::string> one(1 + draw(draw(20) == 0 ? 50 : 12));
    for (std::string& each : one) each = letter();
    std::vector<std::string> other = one;
    for (size_t edits = draw(4); edits > 0 && !other.empty(); --edits) {
      const auto at = other.begin() + static_cast<std::ptrdiff_t>(draw(other.size()));
      switch (draw(4)) {
        case 0:
          *at = letter();
          break;
        case 1:
          other.erase(at);
          break;
        case 2:
          other.insert(at, letter());
          break;
        default:
          std::swap(*at, other[draw(other.size())]);
      }
    }
    if (other.empty()) continue;
    std::string words[2];
    for (const std::string& each : one) words[0] += each == "a" && draw(4) == 0 ? "A" : each;
    for (const std::string& each : other) words[1] += each == "a" && draw(4) == 0 ? "A" : each;
    const bool slip = SlowSlip(one, other);
    slips += slip;
    ASSERT_EQ(Slip(words[0], words[1]), slip) << words[0] << " " << words[1];
  }
  EXPECT_GT(slips, 1000u);
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
