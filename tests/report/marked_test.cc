#include "refrain/report/marked.h"

#include <string>

#include <gtest/gtest.h>

namespace refrain {
namespace {

std::string Marked(const PageRow& row, bool color = false) {
  std::string out;
  AppendMarked(row, {.color = color}, &out);
  return out;
}

TEST(Marked, APageWithoutRepeatsIsShownAsItIs) {
  EXPECT_EQ(Marked({.text = "One.\nTwo.\n"}), "One.\nTwo.\n");
  EXPECT_EQ(Marked({.text = "One.\nTwo.\n"}, true), "One.\nTwo.\n");
  EXPECT_EQ(Marked({.text = "no line end"}), "no line end\n");
  EXPECT_EQ(Marked({.text = ""}), "");
}

TEST(Marked, WithoutColorBracketsMarkCutTextAndWitness) {
  PageRow row{.text = "Tom ran. Ann sat. Tom ran. End.\n"};
  row.repeats = {{{18, 26}, {0, 8}, 2, 0}};
  row.cut = {{18, 27}};
  EXPECT_EQ(Marked(row), "{+Tom ran.+} Ann sat. [-Tom ran. -]End.\n");
}

TEST(Marked, TheBracketOfAWholeLineClosesBeforeItsLineEnd) {
  PageRow row{.text = "Tom ran.\nTom ran.\nEnd.\n"};
  row.repeats = {{{9, 17}, {0, 8}, 2, 0}};
  row.cut = {{9, 18}};
  EXPECT_EQ(Marked(row), "{+Tom ran.+}\n[-Tom ran.-]\nEnd.\n");
}

TEST(Marked, OneWitnessOfTwoRepeatsIsMarkedOnce) {
  PageRow row{.text = "Tom ran. Tom ran. Tom ran."};
  row.repeats = {{{9, 17}, {0, 8}, 2, 0}, {{18, 26}, {0, 8}, 2, 0}};
  row.cut = {{8, 26}};
  EXPECT_EQ(Marked(row), "{+Tom ran.+}[- Tom ran. Tom ran.-]\n");
}

TEST(Marked, WithColorCutTextIsStruckAndItsWitnessUnderlinedInTheSameColor) {
  PageRow row{.text = "Tom ran. Ann sat. Tom ran. Ann sat."};
  row.repeats = {{{18, 26}, {0, 8}, 2, 0}, {{27, 35}, {9, 17}, 2, 0}};
  row.cut = {{18, 26}, {27, 35}};
  EXPECT_EQ(Marked(row, true),
            "\x1b[4;36mTom ran.\x1b[0m \x1b[4;33mAnn sat.\x1b[0m \x1b[2;9;36mTom ran.\x1b[0m "
            "\x1b[2;9;33mAnn sat.\x1b[0m\n");
}

TEST(Marked, AllCopiesOfAPassageHaveOneColor) {
  // The witness of two cuts had the colour of the second only.
  PageRow row{.text = "Tom ran. Ann sat. Tom ran. Ann sat. Tom ran."};
  row.repeats = {{{18, 26}, {0, 8}, 2, 0}, {{27, 35}, {9, 17}, 2, 0}, {{36, 44}, {0, 8}, 2, 0}};
  row.cut = {{18, 26}, {27, 35}, {36, 44}};
  EXPECT_EQ(Marked(row, true),
            "\x1b[4;36mTom ran.\x1b[0m \x1b[4;33mAnn sat.\x1b[0m \x1b[2;9;36mTom ran.\x1b[0m "
            "\x1b[2;9;33mAnn sat.\x1b[0m \x1b[2;9;36mTom ran.\x1b[0m\n");
}

TEST(Marked, WitnessesThatOverlapHaveOneColorToTheirEnd) {
  // Behind the inner witness the outer one went on in its colour.
  PageRow row{.text = "abcdef bc abcd"};
  row.repeats = {{{7, 9}, {1, 3}, 1, 0}, {{10, 14}, {0, 4}, 1, 0}};
  row.cut = {{7, 9}, {10, 14}};
  EXPECT_EQ(Marked(row, true),
            "\x1b[4;36ma\x1b[0m\x1b[4;36mbcd\x1b[0mef \x1b[2;9;36mbc\x1b[0m \x1b[2;9;36mabcd\x1b[0m\n");
  EXPECT_EQ(Marked(row), "{+abcd+}ef [-bc-] [-abcd-]\n");
}

TEST(Marked, EachRepeatOfOneCutHasItsOwnColor) {
  // All of a cut had the colour of its first repeat.
  PageRow row{.text = "Tom ran. Ann sat. \"Ann sat. Tom ran.\""};
  row.repeats = {{{19, 27}, {9, 17}, 2, 0}, {{28, 36}, {0, 8}, 2, 0}};
  row.cut = {{18, 37}};
  EXPECT_EQ(Marked(row, true),
            "\x1b[4;33mTom ran.\x1b[0m \x1b[4;36mAnn sat.\x1b[0m \x1b[2;9;36m\"Ann sat. \x1b[0m"
            "\x1b[2;9;33mTom ran.\"\x1b[0m\n");
  EXPECT_EQ(Marked(row), "{+Tom ran.+} {+Ann sat.+} [-\"Ann sat. Tom ran.\"-]\n");
}

TEST(Marked, CarriageReturnsBeforeLineFeedsAreNotShown) {
  // With colours each line ended in U+FFFD.
  PageRow row{.text = "Tom.\r\nTom.\r\nEnd.\r\n"};
  row.cut = {{6, 12}};
  EXPECT_EQ(Marked(row), "Tom.\n[-Tom.-]\nEnd.\n");
  EXPECT_EQ(Marked(row, true), "Tom.\n\x1b[2;9;36mTom.\x1b[0m\nEnd.\n");
}

TEST(Marked, ColorEndsWithEachLine) {
  PageRow row{.text = "Tom\nran.\nEnd."};
  row.cut = {{0, 9}};
  EXPECT_EQ(Marked(row, true), "\x1b[2;9;36mTom\x1b[0m\n\x1b[2;9;36mran.\x1b[0m\nEnd.\n");
}

TEST(Marked, ControlCharactersDoNotReachTheTerminal) {
  for (const bool color : {false, true}) {
    EXPECT_EQ(Marked({.text = "a\x1b[2Jb\x07\x7F\x08"}, color), "a\uFFFD[2Jb\uFFFD\uFFFD\uFFFD\n");
    EXPECT_EQ(Marked({.text = std::string_view("a\0b", 3)}, color), "a\uFFFDb\n");
    EXPECT_EQ(Marked({.text = "\xC2\x9B"
                              "1m"},
                     color),
              "\uFFFD1m\n");  // CSI in one code point
    EXPECT_EQ(Marked({.text = "lone\rCR"}, color), "lone\uFFFDCR\n");
  }
}

TEST(Marked, TabsAndLineEndsStay) { EXPECT_EQ(Marked({.text = "a\tb\nc"}), "a\tb\nc\n"); }

TEST(Marked, BytesThatAreNotUtf8AreShownAsReplacements) {
  EXPECT_EQ(Marked({.text = "a\xFF"
                            "b\xE2\x82"})
                .substr(0, 5),
            "a\uFFFDb");
  EXPECT_EQ(Marked({.text = "\xE2\x82\xAC"}), "\u20AC\n");
}

TEST(Marked, SpansAtEitherEndOfTheText) {
  PageRow row{.text = "ab"};
  row.repeats = {{{1, 2}, {0, 1}, 1, 0}};
  row.cut = {{1, 2}};
  EXPECT_EQ(Marked(row), "{+a+}[-b-]\n");
}

}  // namespace
}  // namespace refrain
