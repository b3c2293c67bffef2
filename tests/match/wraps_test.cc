#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/wraps_internal.h"

namespace refrain {
namespace {

TEST(Wraps, AreLinesTooFullForTheNextWord) {
  const auto wraps = [](const std::string& text) {
    Tokens tokens;
    Tokenize(text, &tokens);
    std::vector<EdgeBits> edges;
    FindEdges(text, tokens, &edges);
    MarkWraps(text, tokens, &edges);
    std::string behind;
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (edges[i] & Edge::kWrap) behind += std::string(Slice(text, tokens.span(i))) + " ";
    }
    return behind;
  };
  EXPECT_EQ(wraps("The harbour master opened the northern gate before\nsunrise on Tuesday, and all the "
                  "people of Ostermouth\n"
                  "Harbour came to see it.\n\nNext paragraph\nof two lines\n"),
            "sunrise Harbour ");
  // A list of headlines, and paragraphs wider than a screen.
  EXPECT_EQ(wraps("Harbour master opens the gate again\nFishing boats wait outside\nRain falls on town\n"),
            "");
  EXPECT_EQ(wraps(std::string(200, 'a') + " b c\nd e f\n"), "");
  // What two lines show holds for others that are as wide.
  EXPECT_EQ(
      wraps("The harbour master opened the northern gate before\nsunrise on Tuesday, with nobody of the "
            "town there to\nsee it.\n\nEleven fishing boats had waited outside the gate "
            "of\nOstermouth.\n"),
      "sunrise see Ostermouth ");
  // One line is torn by accident, two are not.
  const std::string long_line = std::string(200, 'a') + "\n";
  const std::string torn = "Eleven boats had waited outside the gate for an hour and\nmore.\n";
  const std::string lead = "The harbour master opened the northern gate before\nTuesday.\n";
  EXPECT_EQ(wraps(lead + long_line + torn), "more ");
  EXPECT_EQ(wraps(lead + long_line + torn + long_line + torn), "Tuesday more more ");
  // Columns count, not bytes.
  EXPECT_EQ(wraps("Начальник порта открыл северные ворота до восхода солнца, и все жители\nгорода "
                  "пришли посмотреть.\n"),
            "города ");
}

int64_t CountWraps(const std::string& text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<EdgeBits> edges;
  FindEdges(text, tokens, &edges);
  MarkWraps(text, tokens, &edges);
  return std::count_if(edges.begin(), edges.end(), [](EdgeBits edge) { return edge & Edge::kWrap; });
}

TEST(Wraps, AreNotVersesThatBeginSmall) {
  const std::string verse =
      "Bleib an unsern Ufern, bleib an unserm Stein,\nniemand aus dem Tale soll alleine sein,\n"
      "bleib an unsern Ufern, bis der Morgen graut,\nwer dich einmal rief, der hat dir vertraut.\n\n";
  EXPECT_EQ(CountWraps(verse), 0);
  EXPECT_EQ(CountWraps("Lied vom Fluss\n\n" + verse + verse), 0);
}

// In scripts without capitals all lines must be full.
TEST(Wraps, OfScriptsWithoutCapitalsAreFullLines) {
  const std::string full = "港口管理员在星期二早晨日出之前打开北门众人", last = "都来看。\n";
  EXPECT_EQ(CountWraps(full + "\n" + full + "\n" + full + "\n" + last), 3);
  EXPECT_EQ(CountWraps(full + "\n" + full.substr(0, 48) + "\n" + full + "\n" + full + "\n" + last), 0);
}

// Lines of Thai that were broken between phrases, which are of any length.
TEST(Wraps, OfThaiAreLinesTooFullForTheNextPhrase) {
  const std::string phrase = "กขคงจฉชซฌญกขคงจฉชซฌญ";  // 20 columns
  const std::string two = phrase + " " + phrase + "\n",
                    long_one = phrase + " " + phrase + "กขคงจฉชซฌญกขคงจ\n";
  EXPECT_EQ(CountWraps(long_one + two + two + long_one + two + two + phrase + "\n"), 6);
  // Too few of them, and lines of one phrase each, as headings are.
  EXPECT_EQ(CountWraps(long_one + two + two + phrase + "\n"), 0);
  const std::string heading = phrase + phrase + "\n";
  EXPECT_EQ(CountWraps(heading + heading + phrase + phrase + "กขคงจฉชซฌญ\n" + heading + heading + heading +
                       heading + heading),
            0);
}

// Paragraphs of two or three lines, none of which shows by itself that it was broken to a width.
TEST(Wraps, OfShortParagraphsShowTogether) {
  // 53 and 59 columns; what follows has no room.
  const std::string words = "عرضنا كتابا طويلا عرضنا كتابا طويلا عرضنا كتابا طويلا";
  const std::string full = words + " عرضنا\n", less = words + "\n", last = "المستطيلة كتابا\n\n";
  const std::string paragraphs = full + less + last + full + last + full + full + last + full + less + last;
  EXPECT_EQ(CountWraps(paragraphs), 7);
  // With a wide paragraph among them, and one line that is not full.
  EXPECT_EQ(CountWraps(paragraphs + std::string(200, 'a') + " b c\n\n" + paragraphs), 14);
  EXPECT_EQ(CountWraps("عرضنا كتابا\n" + paragraphs), 7);
  // Too few; lines of verse, which are as long as they are; and lines with nothing between paragraphs.
  EXPECT_EQ(CountWraps(full + less + last + full + last), 0);
  const std::string verse = "عرضنا كتابا طويلا عرضنا كتابا طويلا\n";
  EXPECT_EQ(CountWraps(paragraphs + verse + last + verse + last + verse + last), 0);
  std::string column = paragraphs;
  for (size_t at; (at = column.find("\n\n")) != std::string::npos;) column.erase(at, 1);
  EXPECT_EQ(CountWraps(column), 0);
}

// Entries of a list, each shorter than a line is wide: what follows is a phrase too long for any of them.
TEST(Wraps, OfThaiAreNotEntriesBeforeLongPhrases) {
  const std::string ten = "กขคงจฉชซฌญ", phrase = ten + ten + ten + " " + ten;  // 41 columns
  std::string list, text;
  for (int i = 0; i < 8; ++i) list += phrase + "\n" + ten + ten + ten + ten + "\n\n";
  EXPECT_EQ(CountWraps(list + phrase + ten + ten + "\n" + ten + "\n\n"), 0);
  const std::string full = ten + ten + " " + ten + ten + ten + " " + ten;  // 62
  for (int i = 0; i < 8; ++i) text += full + "\n" + ten + ten + "\n\n";
  EXPECT_EQ(CountWraps(text), 8);
}

}  // namespace
}  // namespace refrain
