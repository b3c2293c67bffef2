#include "refrain/match/surroundings_internal.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/match/page_places.h"

namespace refrain {
namespace {

Surroundings Look(const Page& page) { return Surroundings(page.view()); }

std::string Paragraph(int words, const std::string& end) {
  std::string text;
  for (int i = 0; i < words; ++i) text += (i > 0 ? " lemon" : "Lemon") + std::string(1, 'a' + i % 26);
  return text + end;
}

TEST(Surroundings, TheLineBeforeIsTheOneAbove) {
  const Page page("Harbour news\n\nThe gate opened.\nNobody came.\n");
  EXPECT_EQ(page.Words(Look(page).LineBefore(page.At("came"))), "The gate opened");
  EXPECT_EQ(page.Words(Look(page).LineBefore(page.At("gate"))), "Harbour news");
  EXPECT_TRUE(Look(page).LineBefore(page.At("news")).empty());
}

TEST(Surroundings, OfLongLinesTheEndIsSeen) {
  const Page page("First line\n" + Paragraph(500, ".") + "\nNobody came.\n");
  const Span before = Look(page).LineBefore(page.At("came"));
  EXPECT_EQ(before.end, page.At("Nobody"));
  EXPECT_EQ(before.end - before.begin, 401u);
  EXPECT_TRUE(Look(page).LineBefore(page.At("Nobody") - 1).empty()) << "its line begins too far in front";
}

TEST(Surroundings, LinesAreWholeOrParts) {
  const Page page("Harbour news\nThe gate opened. Nobody came.\nEnd\n");
  const Surroundings look = Look(page);
  const uint32_t line = page.At("The"), nobody = page.At("Nobody"), end = page.At("End");
  EXPECT_TRUE(look.IsOneLine(line, nobody));
  EXPECT_FALSE(look.IsWholeLine(line, nobody));
  EXPECT_TRUE(look.IsWholeLine(line, end));
  EXPECT_FALSE(look.IsOneLine(0, nobody));
  EXPECT_TRUE(look.IsFirstLine(0, line));
  EXPECT_FALSE(look.IsFirstLine(line, nobody));
  EXPECT_FALSE(Look(Page(Paragraph(26, "\n"))).IsFirstLine(0, 26)) << "longer than a title";
}

TEST(Surroundings, HeadingsAreShortLines) {
  const Page page(Paragraph(12, "\n") + Paragraph(13, "\n"));
  EXPECT_TRUE(Look(page).IsShortLine(0));
  EXPECT_FALSE(Look(page).IsShortLine(12));
  EXPECT_FALSE(Look(page).IsShortLine(0, 11));
  EXPECT_TRUE(Look(page).IsShortLine(page.size())) << "there is none";
}

TEST(Surroundings, NamesInFrontOfAColonLabelAndNameFields) {
  const Page page("HAMLET: To be or not.\nTitle: The old gate\nHe thought of this for long: nothing.\n");
  const Surroundings look = Look(page);
  EXPECT_TRUE(look.IsLabelled(page.At("HAMLET")));
  EXPECT_TRUE(look.IsLabelled(page.At("Title")));
  EXPECT_FALSE(look.IsLabelled(page.At("He")));
  EXPECT_TRUE(look.IsField(page.At("The")));
  EXPECT_FALSE(look.IsField(page.At("Title"))) << "the name itself";
  EXPECT_FALSE(look.IsField(page.At("nothing")));
}

TEST(Surroundings, AQuestionIsOneInAnyScript) {
  for (const std::string mark : {"?", "？", "؟"})
    EXPECT_TRUE(Look(Page("Who came" + mark + "\nNobody.")).EndsInQuestion(2)) << mark;
  EXPECT_FALSE(Look(Page("Who came.\nNobody.")).EndsInQuestion(2));
}

TEST(Surroundings, ParagraphsStandInTextAndEntriesUnderHeadings) {
  const std::string long_one = Paragraph(20, ".\n"), quote = "The gate opened early today.\n";
  const auto in_text = [&](const std::string& before, const std::string& behind) {
    const Page page("Harbour news\n" + before + quote + behind);
    const uint32_t begin = page.At("The"), end = begin + 5;
    return Look(page).IsInText(begin, end, kHeadingWords);
  };
  EXPECT_TRUE(in_text(long_one, long_one));
  EXPECT_TRUE(in_text(long_one, "")) << "behind the last paragraph";
  EXPECT_FALSE(in_text("3 May, Town hall\n", long_one));
  EXPECT_FALSE(in_text(long_one, "10 May, Church\n"));
  EXPECT_FALSE(in_text(Paragraph(20, "\n"), long_one)) << "no sentence ends in front";
}

}  // namespace
}  // namespace refrain
