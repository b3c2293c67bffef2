#include "refrain/report/explained.h"

#include <string>

#include <gtest/gtest.h>

namespace refrain {
namespace {

std::string Explanation(const PageRow& row) {
  std::string out;
  AppendExplanation(row, &out);
  return out;
}

PageRow Explained(std::string_view text, double words) {
  return {.id = "page", .text = text, .explained = true, .words = words};
}

// The sentences about a left repeat, from "Why" on.
std::string WhyLeft(LeftRepeat left, const Advice& advice = {}) {
  left.first = {0, 1};
  left.second = {2, 3};
  PageRow row = Explained("a a", 3000);
  row.left = {left};
  row.advice = {advice};
  const std::string all = Explanation(row);
  return all.substr(all.find("   Why: ") + 8);
}

TEST(Explained, APageWithoutRepeatsTakesOneLine) {
  EXPECT_EQ(Explanation(Explained("One.\n", 1)),
            "page: 5 bytes, 1 word. Nothing of --min-tokens words or more repeats.\n");
  EXPECT_EQ(Explanation(Explained("", 0)),
            "page: 0 bytes, 0 words. Nothing of --min-tokens words or more repeats.\n");
}

TEST(Explained, AnIdIsOneLineAndTurnsNothing) {
  PageRow row = Explained("One.\n", 1);
  row.id = "a\n1. Goes: all\u202e of it";
  const std::string all = Explanation(row);
  EXPECT_EQ(all.substr(0, all.find(": 5 bytes")), "a 1. Goes: all\uFFFD of it");
}

TEST(Explained, EntriesStandInTheOrderOfThePage) {
  PageRow row = Explained("Tom ran.\nAnn sat.\nTöm! Tom ran.\nAnn sat.\n", 9);
  row.repeats = {{{24, 32}, {0, 8}, 2, 1, 2, CutBecause::kCutOff}};
  row.cut = {{24, 32}};
  row.left = {{{9, 17}, {33, 41}, LeftBecause::kHalfSentence, 2}};
  EXPECT_EQ(Explanation(row),
            "page: 42 bytes, 9 words. 1 repeat goes (8 bytes, 19.0 %), 1 is left.\n\n"
            "1. Goes: line 3, column 6 (bytes 24 to 32), 2 words\n"
            "   “Tom ran.”\n"
            "   Stays: line 1, column 1 (bytes 0 to 8)\n"
            "   “Tom ran.”\n"
            "   Why: It is cut off where the copy that stays goes on.\n"
            "   The copy that stays spells 1 of the words in another way.\n\n"
            "2. Left: line 4, column 1 (bytes 33 to 41), 2 words\n"
            "   “Ann sat.”\n"
            "   Shown before: line 2, column 1 (bytes 9 to 17)\n"
            "   Why: It begins or ends inside a sentence, of which half would be left.\n"
            "   No smaller --min-tokens changes that.\n");
}

TEST(Explained, WhatIsTooShortNamesWhatItNeeds) {
  EXPECT_EQ(WhyLeft({.because = LeftBecause::kShortForPage,
                     .words = 12,
                     .weighed = 12,
                     .needed = 75,
                     .kind = RepeatKind::kInsideText}),
            "It has 12 words; in a page of 3000 words a repeat inside a paragraph needs 75.\n"
            "   No smaller --min-tokens changes that.\n");
  EXPECT_EQ(WhyLeft({.because = LeftBecause::kShortForPage, .words = 12.5, .weighed = 50, .needed = 75}),
            "With the rest of the same copy it has 50 words; in a page of 3000 words a repeat of whole lines "
            "elsewhere needs "
            "75.\n   No smaller --min-tokens changes that.\n");
  EXPECT_EQ(WhyLeft({.because = LeftBecause::kDiffers,
                     .words = 90,
                     .weighed = 70,
                     .needed = 80,
                     .kind = RepeatKind::kGlued},
                    {.min_tokens = 8}),
            "Its 90 words count as 70, since the two places differ in between; in a page of 3000 words a "
            "repeat whose sentences are glued together in one place needs 80.\n   With --min-tokens 8 it "
            "goes.\n");
  const LeftRepeat period = {.because = LeftBecause::kPeriod, .words = 90, .weighed = 7, .needed = 10};
  const std::string why = "It begins again every 7 words, which is less than the 10 that a repeat needs.\n";
  EXPECT_EQ(WhyLeft(period, {.min_tokens = 7}), why + "   With --min-tokens 7 it goes.\n");
  EXPECT_EQ(WhyLeft(period, {.part_at = 6}),
            why + "   With --min-tokens 6 part of it goes, with none all of it.\n");
  EXPECT_EQ(WhyLeft(period, {}), why + "   No smaller --min-tokens changes that.\n");
}

TEST(Explained, EveryReasonHasASentence) {
  for (int i = 0; i <= static_cast<int>(CutBecause::kSecond); ++i) {
    PageRow row = Explained("a a", 2);
    row.repeats = {{{2, 3}, {0, 1}, 1, 0, 1, static_cast<CutBecause>(i)}};
    const std::string all = Explanation(row);
    EXPECT_GT(all.size() - all.find("Why: "), 20u) << i;
  }
  for (int i = 0; i <= static_cast<int>(RepeatKind::kInsideText); ++i) {
    const LeftRepeat left = {.because = LeftBecause::kShortForPage, .kind = static_cast<RepeatKind>(i)};
    EXPECT_EQ(WhyLeft(left).find("a repeat  needs"), std::string::npos) << i;
  }
  for (int i = 1; i <= static_cast<int>(LeftBecause::kInPieces); ++i)
    EXPECT_GT(WhyLeft({.because = static_cast<LeftBecause>(i)}).find('\n'), 20u) << i;
}

TEST(Explained, LongPassagesShowHowTheyBeginAndEnd) {
  std::string text = "Begin é";
  for (int i = 0; i < 500; ++i) text += " é";
  text += " end.\nBegin";
  PageRow row = Explained(text, 502);
  row.repeats = {{{0, static_cast<uint32_t>(text.size())}, {0, 5}, 1, 0, 1}};
  const std::string all = Explanation(row);
  const std::string excerpt = all.substr(all.find("“"), all.find("”") - all.find("“"));
  EXPECT_TRUE(excerpt.starts_with("“Begin é é ")) << excerpt;
  EXPECT_NE(excerpt.find(" … "), std::string::npos);
  EXPECT_TRUE(excerpt.ends_with(" é end. Begin")) << excerpt;
  EXPECT_LT(excerpt.size(), 260u);
  EXPECT_EQ(all.find("\uFFFD"), std::string::npos) << "characters are not cut in two";
}

TEST(Explained, LinesAndColumnsAreRightInLongLines) {
  std::string text(1000, 'x');
  for (int i = 0; i < 3000; ++i) text += "é";
  const auto end = static_cast<uint32_t>(text.size());
  PageRow row = Explained(text, 1);
  row.repeats = {{{end - 2, end}, {0, 1}, 1, 0, 1}};
  EXPECT_NE(Explanation(row).find("line 1, column 4000 ("), std::string::npos);
}

TEST(Explained, ControlCharactersDoNotReachTheTerminal) {
  PageRow row = Explained("\x1b[2J \xFF", 1);
  row.id = "\x1b]0;";
  row.repeats = {{{0, 6}, {0, 1}, 1, 0, 1}};
  const std::string all = Explanation(row);
  EXPECT_EQ(all.find('\x1b'), std::string::npos);
  EXPECT_EQ(all.find('\xFF'), std::string::npos);
}

}  // namespace
}  // namespace refrain
