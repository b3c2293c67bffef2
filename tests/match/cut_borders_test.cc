#include "refrain/match/cut_borders_internal.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/match/page_places.h"

namespace refrain {
namespace {

// Whether what stands second may begin in front of `word`, with the first `word` for a witness.
bool MayBegin(const std::string& witness, const std::string& copy, const std::string& word) {
  const Page page(witness + "\n\n" + copy + "\n");
  CutBorders borders;
  borders.Start(page.view());
  return borders.MayBegin(page.LastAt(word), page.At(word));
}

// The same for the end behind `word`.
bool MayEnd(const std::string& witness, const std::string& copy, const std::string& word,
            bool next_stays = true) {
  const Page page(witness + "\n\n" + copy + "\n");
  CutBorders borders;
  borders.Start(page.view());
  return borders.MayEnd(page.LastAt(word), page.At(word), next_stays);
}

constexpr char kWitness[] = "The harbour was closed. Visitors had to wait outside.";
// So long that it is no heading.
constexpr char kLong[] = "One two three four five six seven eight nine ten eleven twelve thirteen";

TEST(CutBorders, WhatGoesBeginsAtASentenceOrALine) {
  EXPECT_TRUE(MayBegin(kWitness, "It was cold. Visitors had to wait outside.", "Visitors"));
  EXPECT_TRUE(MayBegin(kWitness, "It was cold\nVisitors had to wait outside.", "Visitors"));
  EXPECT_FALSE(MayBegin(kWitness, "Some of the visitors had to wait outside.", "had"));
}

TEST(CutBorders, BehindACaptionWithoutAFullStopItBeginsWhereTheWitnessDoes) {
  EXPECT_TRUE(MayBegin(kWitness, "Photo of the gate Visitors had to wait outside.", "Visitors"));
  EXPECT_FALSE(MayBegin(kWitness, "He said: Visitors had to wait outside.", "Visitors")) << "speech";
  EXPECT_FALSE(MayBegin("visitors had to wait. visitors left.", "Photo of visitors left.", "visitors"))
      << "a small letter goes on";
}

TEST(CutBorders, AHeadingIsNotTornWhereOnlyTheWitnessBeginsALine) {
  const std::string witness = "Visitors had to wait outside.";
  EXPECT_FALSE(MayBegin(witness, "Harbour news Visitors had to wait outside.", "Visitors"));
  EXPECT_TRUE(MayBegin(witness, std::string(kLong) + " Visitors had to wait outside.", "Visitors"));
}

TEST(CutBorders, WhatGoesEndsWithASentenceOrALine) {
  EXPECT_TRUE(MayEnd(kWitness, "The harbour was closed. Nobody knew why.", "closed"));
  EXPECT_TRUE(MayEnd(kWitness, "The harbour was closed \u2026 Nobody knew why.", "closed")) << "cut off";
  EXPECT_TRUE(MayEnd(kWitness, "The harbour was closed", "closed", false)) << "the end of the page";
  EXPECT_FALSE(MayEnd(kWitness, "The harbour was closed by the police.", "closed"));
}

TEST(CutBorders, AHeadingStaysWithWhatItAnnounces) {
  const std::string witness = "What you need:\nFlour and eggs.";
  EXPECT_FALSE(MayEnd(witness, "What you need:\nMilk and butter.", "need"));
  EXPECT_TRUE(MayEnd(witness, "What you need:\nMilk and butter.", "need", false));
}

TEST(CutBorders, WhereOnlyTheWitnessEndsALineASentenceHasToBegin) {
  const std::string witness = std::string(kLong) + "\nOther news";
  EXPECT_TRUE(MayEnd(witness, std::string(kLong) + " Nobody knew why", "thirteen"));
  EXPECT_FALSE(MayEnd(witness, std::string(kLong) + " or fourteen", "thirteen"));
  EXPECT_FALSE(MayEnd("Harbour news\nOther news", "Harbour news Nobody knew why", "news Nobody"))
      << "half a heading";
}

// What Thai has for the words of a sentence: letters without a space.
std::string Thai(int words) {
  std::string text;
  for (int i = 0; i < words; ++i) text += (i % 2 == 0) ? "\u0e01\u0e32\u0e23" : "\u0e07\u0e32\u0e19";
  return text;
}

TEST(CutBorders, PhrasesOfThaiEndWhereTheWitnessSaysSo) {
  // Behind the first `letters` of the copy, which are those of the witness.
  const auto may_end = [](const std::string& witness, const std::string& copy, uint32_t letters) {
    const Page page(witness + "\n\n" + copy + "\n");
    CutBorders borders;
    borders.Start(page.view());
    const uint32_t before = Page(witness).size();
    return borders.MayEnd(before + letters - 1, letters - 1, true);
  };
  const std::string phrase = Thai(40);
  const uint32_t letters = Page(phrase).size();
  EXPECT_TRUE(may_end(phrase, phrase + "\n" + Thai(4), letters)) << "a line ends";
  EXPECT_TRUE(may_end(phrase, phrase + " " + Thai(200), letters)) << "a space, and the witness ends a line";
  EXPECT_FALSE(may_end(phrase + " " + Thai(200), phrase + " " + Thai(200), letters)) << "a phrase in both";
  EXPECT_FALSE(may_end(phrase, phrase + Thai(200), letters)) << "inside a phrase";
}

TEST(CutBorders, NamesBetweenSpacesStay) {
  const Page page(Thai(30) + " " + Thai(10) + " " + Thai(30) + "\n");
  CutBorders borders;
  borders.Start(page.view());
  const uint32_t begin = Page(Thai(30)).size(), end = begin + Page(Thai(10)).size();
  EXPECT_GT(borders.LeastBetween(begin, end, 10), 10u);
  EXPECT_EQ(borders.LeastBetween(begin, end, 1000), 1000u);
  EXPECT_EQ(borders.LeastBetween(0, end, 10), 10u) << "a line begins there";
}

}  // namespace
}  // namespace refrain
