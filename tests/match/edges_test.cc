#include "refrain/match/edges_internal.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/entities_internal.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

std::vector<EdgeBits> Edges(const std::string& text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<EdgeBits> edges = {99};  // left over from another page
  FindEdges(text, tokens, &edges);
  EXPECT_EQ(edges.size(), tokens.size() + 1);
  return edges;
}

// The edge between two words with `gap` between them.
EdgeBits Between(const std::string& gap, const std::string& next = "Next") {
  return Edges("Word" + gap + next).at(1);
}

TEST(Edges, BothEndsOfTheTextAreLines) {
  for (const std::string text : {"one two", "one", "  one.\n", "山川"}) {
    const auto edges = Edges(text);
    EXPECT_TRUE(edges.front() & Edge::kLine);
    EXPECT_TRUE(edges.back() & Edge::kLine);
  }
}

TEST(Edges, EveryKindOfLineEndIsOne) {
  for (const std::string gap :
       {"\n", "\r", "\r\n", "\v", "\f", "\xC2\x85", "\u2028", "\u2029", " \n ", ".\n\n- "})
    EXPECT_TRUE(Between(gap) & Edge::kLine) << gap;
  for (const std::string gap : {" ", "\t", ". ", "\u00A0", " - "})
    EXPECT_FALSE(Between(gap) & Edge::kLine) << gap;
}

TEST(Edges, AStopWithWhiteSpaceEndsASentence) {
  for (const std::string gap : {". ", "! ", "? ", ".” ", "… ", "。 ", "। ", "؟ ", ".\u00A0"})
    EXPECT_TRUE(Between(gap, "next") & Edge::kSentence) << gap;
  for (const std::string gap : {" ", ", ", "; ", " – ", "-", "’"})
    EXPECT_FALSE(Between(gap) & Edge::kSentence) << gap;
}

// What went wrong: "at 7 a.m. from the pier" was parted, and its beginning alone was left.
TEST(Edges, AnAbbreviationInFrontOfASmallLetterEndsNothing) {
  const auto ends = [](const std::string& text) { return (Edges(text).at(2) & Edge::kSentence) != 0; };
  EXPECT_FALSE(ends("a.m. from"));
  EXPECT_FALSE(ends("z.B. über"));
  EXPECT_TRUE(ends("a.m. From"));
  EXPECT_TRUE(ends("a.m. 7"));
  EXPECT_TRUE(ends("a.m? from"));
  EXPECT_TRUE(ends("the morning. from"));
}

TEST(Edges, AStopGluedToACapitalEndsASentence) {
  EXPECT_TRUE(Edge::IsGlued(Between(".")));
  EXPECT_TRUE(Edge::IsGlued(Between(".”")));
  EXPECT_TRUE(Edge::IsGlued(Between("。", "次")));
  EXPECT_FALSE(Edge::IsGlued(Between(". ")));
  EXPECT_FALSE(Edge::IsGlued(Between(".\n")));
}

// What went wrong: "in the U.S., Are sold" was parted behind the comma, and so was what brackets hold.
TEST(Edges, AStopThatACommaFollowsEndsNothing) {
  for (const std::string gap : {"., ", "!), ", ".; ", "!\", ", "?、", "؟، "})
    EXPECT_FALSE(Between(gap) & Edge::kSentence) << gap;
  EXPECT_TRUE(Between(",. ") & Edge::kSentence);
}

TEST(Edges, NumbersAddressesAndShortFormsGoOn) {
  EXPECT_FALSE(Edges("3.5").at(1) & Edge::kSentence);
  EXPECT_FALSE(Edges("example.com").at(1) & Edge::kSentence);
  EXPECT_FALSE(Edges("e.g.").at(1) & Edge::kSentence);
}

TEST(Edges, AnEllipsisIsOneHoweverItIsWritten) {
  for (const std::string gap : {"… ", "... ", " […] ", "....", "…\n"})
    EXPECT_TRUE(Between(gap) & Edge::kEllipsis) << gap;
  for (const std::string gap : {". ", ".. ", ". . . "}) EXPECT_FALSE(Between(gap) & Edge::kEllipsis) << gap;
  EXPECT_TRUE(Edges("one two…").back() & Edge::kEllipsis);
}

TEST(Edges, ASmallLetterBehindALineEndIsSeen) {
  EXPECT_TRUE(Between("\n", "next") & Edge::kLower);
  EXPECT_TRUE(Between("\n", "далі") & Edge::kLower);
  EXPECT_FALSE(Between("\n", "Next") & Edge::kLower);
  EXPECT_FALSE(Between("\n", "2023") & Edge::kLower);
}

TEST(Edges, ALineBelowABlankOneBeginsAParagraph) {
  EXPECT_FALSE(Between("\n\n", "next") & Edge::kLower);
  EXPECT_TRUE(Edge::IsUnit(Between("\n\n", "next")));
  EXPECT_FALSE(Edge::IsUnit(Between("\n", "next")));
}

TEST(Edges, AColonAnnouncesWhatFollows) {
  EXPECT_TRUE(Edge::IsGlued(Between(":")));
  EXPECT_TRUE(Between(": ", "next") & Edge::kColon);
  EXPECT_FALSE(Edges("10:30").at(1) & Edge::kColon);
  EXPECT_FALSE(Edges("https://example.com").at(1) & Edge::kColon);
}

TEST(Edges, ACornerBracketEndsALine) {
  EXPECT_TRUE(Edges("「か」\nと").at(1) & Edge::kSentence);
  EXPECT_FALSE(Edges("「か」と").at(1) & Edge::kSentence);
  EXPECT_FALSE(Edges("「か」, \nと").at(1) & Edge::kSentence);
}

TEST(Edges, AnEntityIsItsCharacter) {
  const auto edges = [](const std::string& text) {
    Tokens tokens, plain;
    Tokenize(text, &tokens);
    EXPECT_TRUE(WithoutEntities(text, tokens, &plain));
    std::vector<EdgeBits> found;
    FindEdges(text, plain, &found);
    return found;
  };
  EXPECT_EQ(edges("a&nbsp;b").at(1), Edge::kSpace | Edge::kEntity | Edge::kLower);
  EXPECT_TRUE(edges("a&hellip; b").at(1) & Edge::kEllipsis);
  EXPECT_TRUE(edges("a &ldquo;B").at(1) & Edge::kSpeech);
}

TEST(Edges, SpacesBetweenThaiPhrasesEndThem) {
  EXPECT_TRUE(Edges("ก ข").at(1) & Edge::kSentence);
  EXPECT_FALSE(Edges("กข").at(1) & Edge::kSentence);
}

TEST(Edges, NoTokensHaveOneEdge) {
  for (const std::string text : {"", "...", "\xFF\xC2"}) EXPECT_EQ(Edges(text).size(), 1u);
}

TEST(Edges, AnyBytesWillDo) {
  reference::Random random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    const std::string bytes = "aB1 .\n\xE2\x80\xA6\xC2\x85\xA8\xFF\xF0\r\"";
    for (size_t i = random.Below(40); i > 0; --i) text += bytes[random.Below(bytes.size())];
    Edges(text);
    for (uint32_t at = 0; at <= text.size(); ++at) {
      ASSERT_LE(at + LineEndAt(text, at), text.size());
      const uint32_t end = at + static_cast<uint32_t>(random.Below(text.size() + 1 - at));
      const Gap gap = ShareGap(text, at, end);
      ASSERT_LE(at, gap.closing_end);
      ASSERT_LE(gap.closing_end, gap.opening_begin);
      ASSERT_LE(gap.opening_begin, end);
    }
  }
}

TEST(Gap, ClosingMarksBelongToTheWordBeforeAndOpeningMarksToTheWordBehind) {
  const auto parts = [](const std::string& gap) {
    const Gap shared = ShareGap(gap, 0, static_cast<uint32_t>(gap.size()));
    return std::pair(gap.substr(0, shared.closing_end), gap.substr(shared.opening_begin));
  };
  using Parts = std::pair<std::string, std::string>;
  EXPECT_EQ(parts(". "), Parts(".", ""));
  EXPECT_EQ(parts(".” “"), Parts(".”", "“"));
  EXPECT_EQ(parts(".”“"), Parts(".”", "“"));
  EXPECT_EQ(parts(" ("), Parts("", "("));
  EXPECT_EQ(parts(" \""), Parts("", "\""));
  EXPECT_EQ(parts(".\" \""), Parts(".\"", "\""));
  EXPECT_EQ(parts(" "), Parts("", ""));
  EXPECT_EQ(parts(""), Parts("", ""));
}

}  // namespace
}  // namespace refrain
