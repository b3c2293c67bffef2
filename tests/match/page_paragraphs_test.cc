// Paragraphs that a page shows a second time: as call-outs, key points and leads that are whole paragraphs.
// Beside each stands the same page but for what the rule looks at.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

std::string Paragraphs(uint32_t first, uint32_t count) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i) text += NewParagraph(1000 * (first + i), 50);
  return text;
}

TEST(PageParagraphs, OneShownAgainAmongOthersGoes) {
  const auto page = [](const std::string& said, const std::string& again) {
    return Paragraphs(1, 6) + said + Paragraphs(7, 6) + again + Paragraphs(13, 6);
  };
  const std::string said = NewParagraph(0, 24);
  EXPECT_EQ(Clean(page(said, said)), page(said, ""));
  const std::string few = NewParagraph(0, 14);
  EXPECT_EQ(Clean(page(few, few)), page(few, few)) << "one and a half times the minimum is needed";
  const std::string open = said.substr(0, said.size() - 3) + "\n\n";
  EXPECT_EQ(Clean(page(open, open)), page(open, open)) << "no sentence ends there";
  const std::string book = Paragraphs(100, 40);
  EXPECT_EQ(Clean(book + page(said, said)), book + page(said, said)) << "24 of 2900 words, n/80 are 36";
}

TEST(PageParagraphs, OneWithASlipGoesWhereverTheSlipIs) {
  const std::string said =
      "A paper with all the details will be laid out in the town hall from Monday on, where everyone may "
      "read it "
      "and write down whether they want fifteen boats or none.\n\n";
  const auto page = [&](const std::string& word, const std::string& other) {
    std::string again = said;
    again.replace(again.find(" " + word + " ") + 1, word.size(), other);
    return Paragraphs(1, 3) + said + Paragraphs(4, 3) + again + Paragraphs(7, 3);
  };
  const std::string repaired = Paragraphs(1, 3) + said + Paragraphs(4, 3) + Paragraphs(7, 3);
  for (const auto& [word, slip] : {std::pair("details", "detials"),
                                   {"paper", "papre"},
                                   {"laid", "liad"},
                                   {"everyone", "evryone"},
                                   {"write", "wriite"},
                                   {"whether", "wether"}})
    EXPECT_EQ(Clean(page(word, slip)), repaired) << slip;
  for (const auto& [word, edit] : {std::pair("fifteen", "sixteen"),
                                   {"may", "may not"},
                                   {"Monday", "Sunday"},
                                   {"read", "reed"},
                                   {"everyone", "nobody"},
                                   {"down", "dawn"}})
    EXPECT_EQ(Clean(page(word, edit)), page(word, edit)) << edit;
}

TEST(PageParagraphs, NeighboursAreSentencesOrTheEnd) {
  const auto page = [](const std::string& before, const std::string& said, const std::string& again,
                       const std::string& last) {
    return Paragraphs(1, 6) + before + said + Paragraphs(7, 6) + again + last;
  };
  const std::string said = NewParagraph(0, 24), sentence = NewParagraph(700, 6), label = NewParagraph(700, 5);
  EXPECT_EQ(Clean(page(sentence, said, said, sentence)), page(sentence, said, "", sentence));
  EXPECT_EQ(Clean(page(label, said, said, sentence)), page(label, said, said, sentence));
  EXPECT_EQ(Clean(page(sentence, said, said, label)), page(sentence, said, said, label));
  const std::string end = Clean(page("", said, said, "")), whole = page("", said, "", "");
  EXPECT_EQ(end, whole.substr(0, end.size()));
  EXPECT_LE(whole.size() - end.size(), 2u) << "but for blank lines";
  // Entries of a list may have a line in common, and headings that are sentences.
  const std::string line = NewParagraph(0, 16);
  EXPECT_EQ(Clean(page(sentence, line, line, sentence)), page(sentence, line, line, sentence));
  EXPECT_EQ(Clean(page("", line, line, Paragraphs(50, 1))), page("", line, "", Paragraphs(50, 1)));
}

TEST(PageParagraphs, WholeOnesGoThoughTheOneInFrontIsEdited) {
  // What goes begins inside a line of either copy, but the rest is paragraphs.
  const auto page = [](const std::string& word) {
    return "The " + word +
           " master of Gorse counted nine burnt boats on Thursday and said that the office would "
           "stay shut until Monday.\n\nNobody was hurt, though a crate of oysters and two bicycles had to be "
           "written off entirely.\n\nThe mayor praised the neighbours, who had formed a chain of buckets "
           "before "
           "the engines came.\n";
  };
  const std::string one = page("harbour"), other = page("dock"),
                    title = "Fire at the reef is out, say officers\n\n";
  EXPECT_EQ(Clean(title + one + "\nPrint version\n\n" + other),
            title + one + "\nPrint version\n\n" + other.substr(0, other.find("\n\n")) + "\n");
}

TEST(PageParagraphs, AShortArticleUnderAShortTitleIsNoEntry) {
  const std::string article = NewParagraph(1, 15) + NewParagraph(100, 13) + NewParagraph(200, 15);
  const auto page = [&](const std::string& behind) {
    return "Reef fire\n\n" + article + "Print version\n\n" + article + behind;
  };
  EXPECT_EQ(Clean(page("")), "Reef fire\n\n" + article + "Print version\n");
  EXPECT_EQ(Clean(page("Other boats\n\n")), page("Other boats\n\n")) << "the list goes on";
}

TEST(PageParagraphs, OneOfSeveralEntriesStays) {
  const std::string said = NewParagraph(0, 24);
  const auto page = [&](const std::string& one, const std::string& other) {
    return Paragraphs(1, 6) + one + said + Paragraphs(7, 6) + other + said + Paragraphs(13, 6);
  };
  EXPECT_EQ(Clean(page("Garden chair\n\n", "Table\n\n")), page("Garden chair\n\n", "Table\n\n"));
  for (const auto& [one, other] : {std::pair("Garden chair\n\n", ""), {"", "Table\n\n"}})
    EXPECT_EQ(Clean(page(one, other)), page(one, other)) << "beside one of the two it is enough";
  EXPECT_NE(Clean(page("", "")), page("", ""));
}

TEST(PageParagraphs, OneThatAnswersOrIsSaidOverAndOverStays) {
  const std::string said = NewParagraph(0, 24);
  const auto page = [&](const std::string& one, const std::string& other, const std::string& last) {
    return Paragraphs(1, 6) + one + said + Paragraphs(7, 6) + other + said + Paragraphs(13, 6) + last;
  };
  EXPECT_NE(Clean(page("", "", "")), page("", "", ""));
  std::string question = NewParagraph(500, 20);
  question.replace(question.size() - 3, 1, "?");
  for (const std::string& text :
       {page(question, "", ""), page("", question, ""), page("", "", said + Paragraphs(19, 2))})
    EXPECT_EQ(Clean(text), text);
}

TEST(PageParagraphs, OnTopOneIsALeadThoughAHeadingStandsBeside) {
  const std::string said = NewParagraph(0, 24), heading = "By our reporter\n\n";
  const auto page = [&](const std::string& front, const std::string& again) {
    return front + said + heading + Paragraphs(7, 6) + again + Paragraphs(13, 6);
  };
  EXPECT_EQ(Clean(page("Headline of the day\n\n", said)), page("Headline of the day\n\n", ""));
  EXPECT_EQ(Clean(page(Paragraphs(1, 3), said)), page(Paragraphs(1, 3), said)) << "not on top";
}

TEST(PageParagraphs, OneRightBehindItselfGoesThoughADateIsBetween) {
  const std::string said = NewParagraph(0, 24);
  const auto page = [&](const std::string& between, const std::string& again) {
    return "Headline of the day\n\n" + said + between + "\n\n" + again + Paragraphs(1, 40);
  };
  EXPECT_EQ(Clean(page("17:43 GMT 12.06.2019", said)), page("17:43 GMT 12.06.2019", ""));
  EXPECT_EQ(Clean(page("Poster series", said)), page("Poster series", said)) << "two entries with one text";
  const std::string events =
      Paragraphs(50, 2) + "10.06.2019\n\n" + said + "24.07.2019\n\n" + said + Paragraphs(1, 40);
  EXPECT_EQ(Clean(events), events) << "two dates with one event";
}

TEST(PageParagraphs, AStandfirstGoesThoughItEndsNoSentence) {
  std::string line = NewParagraph(0, 11);
  line.replace(line.size() - 3, 1, "");
  const auto page = [&](const std::string& front, const std::string& between, const std::string& again) {
    return front + line + between + again + Paragraphs(1, 30);
  };
  const std::string title = "Headline of the day\n\n", date = "17:43 GMT 12.06.2019\n\n";
  for (const std::string& above : {date, std::string("By Jon Dahl\n\n"), "By Jon Dahl\n" + date})
    EXPECT_EQ(Clean(page(title, above, line)), page(title, above, "")) << above;
  for (const auto& [front, between] : {std::pair(title, std::string("Poster series\n\n")),
                                       {std::string(), date},
                                       {date, date},
                                       {title + Paragraphs(50, 1), date}}) {
    EXPECT_EQ(Clean(page(front, between, line)), page(front, between, line)) << front << between;
  }
  const std::string events = line + date + line + "24:03 GMT 19.06.2019\n\n";
  EXPECT_EQ(Clean(title + events + Paragraphs(1, 30)), title + events + Paragraphs(1, 30)) << "two events";
  EXPECT_EQ(Clean(page(title, date, line + Paragraphs(70, 2) + line)),
            page(title, date, line + Paragraphs(70, 2) + line))
      << "said over and over";
  const std::string book = Paragraphs(100, 20);
  EXPECT_EQ(Clean(page(title, date, line + book)), page(title, date, line + book)) << "11 of 2500 words";
}

TEST(PageParagraphs, KeyPointsGo) {
  const std::string one = NewParagraph(0, 14), two = NewParagraph(50, 14), three = NewParagraph(90, 14);
  const auto page = [&](const std::string& points) {
    return "Headline of the day\n\n" + points + Paragraphs(1, 5) + one + Paragraphs(6, 5) + two + three +
           Paragraphs(11, 5);
  };
  for (const std::string bullet : {"\u2022 ", "- ", "* ", "  \u25AA\t", "\u2022\u00A0", "\u2013 "}) {
    const std::string points = bullet + one + bullet + two + bullet + three;
    EXPECT_EQ(Clean(page(points)), page("")) << bullet;
  }
  EXPECT_EQ(Clean(page(one + two + three)), page(one + two + three));
}

TEST(PageParagraphs, ALeadOfTheMinimumGoesFromALongPage) {
  const std::string text = NewParagraph(0, 40), lead = text.substr(0, text.find(" wm")) + "\n\n";
  const auto page = [&](const std::string& begin) { return begin + text + Paragraphs(1, 50); };
  ASSERT_EQ(TokensOf(lead).size(), 11u) << lead;
  EXPECT_EQ(Clean(page("Headline of the day\n\n" + lead)), page("Headline of the day\n\n"));
  const std::string far = Paragraphs(60, 3);
  EXPECT_EQ(Clean(page(lead + far)), page(lead + far)) << "not near it";
}

}  // namespace
}  // namespace refrain
