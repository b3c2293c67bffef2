// Leads and call-outs: what is shown in front of a text, or beside it, and once more in it.

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

TEST(PageLeads, ACutOffLeadGoesAndTheFullTextStays) {
  const std::string body = std::string(kOne) + " " + kTwo + "\n";
  for (const std::string lead : {"The harbour master opened the northern gate before sunrise on…\n",
                                 "The harbour master opened the northern gate before sunrise on...\n",
                                 "The harbour master opened the northern gate before sunrise on [...]\n",
                                 "The harbour master opened the northern gate before sunrise on\n",
                                 "The harbour master opened the northern gate before sunrise on… Read more\n",
                                 "The harbour master…\n", "The harbour master opened… Read more »\n"}) {
    EXPECT_EQ(Clean("Harbour news\n\n" + lead + "\n" + body, {.min_tokens = 8}), "Harbour news\n\n" + body)
        << lead;
    const std::string clean = Clean(body + "\n" + lead, {.min_tokens = 8});
    EXPECT_EQ(TokensOf(clean).hashes, TokensOf(body).hashes) << lead;
  }
}

// What is left of the last word is part of the tail, with or without an ellipsis.
TEST(PageLeads, ALeadMayBeCutOffInsideAWord) {
  const std::string body = std::string(kOne) + " " + kTwo + "\n";
  for (const std::string lead : {"The harbour master opened the northern gate before sunr\u2026\n",
                                 "The harbour master opened the northern gate before sunr... (more)\n",
                                 "The harbour master opened the nort\u2026 Read more\n"}) {
    EXPECT_EQ(Clean("Harbour news\n\n" + lead + "\n" + body), "Harbour news\n\n" + body) << lead;
  }
  const std::string plain =
      "The harbour master opened the northern gate before sunrise on Tuesday morning. Eleven fish\n";
  EXPECT_EQ(Clean("Harbour news\n\n" + plain + "\n" + body), "Harbour news\n\n" + body);
  // Another word is no part of that word, and a whole one goes on.
  const std::string other = "The harbour master opened the south\u2026 Read more\n";
  EXPECT_EQ(Clean("Harbour news\n\n" + other + "\n" + body), "Harbour news\n\n" + other + "\n" + body);
}

// What went wrong: the bracket made the lead behind it one of a list of links.
TEST(PageLeads, LeadsBehindAnEllipsisInBracketsGoToo) {
  const std::string one = std::string(kOne) + " " + kTwo + "\n", two = std::string(kThree) + "\n";
  const std::string leads =
      "The harbour master opened the northern gate before sunrise on Tuesday [...]\n"
      "Nobody in the small town could remember such a long queue [...]\n";
  EXPECT_EQ(Clean(one + two + "Latest news\n" + leads), one + two + "Latest news\n");
}

TEST(PageLeads, ACallOnALineOfItsOwnGoesWithTheLead) {
  const std::string body = std::string(kOne) + " " + kTwo + "\n", title = "Harbour news\n\n",
                    lead = "The harbour master opened the northern gate before sunrise on Tuesday";
  for (const std::string call :
       {"\u2026\nRead more\n", "\u2026\n[more]\n", "...\n\nContinue reading \u00BB\n",
        "\u2026\nLire la suite\n", "\nRead more\n", " [more]\n", " (more)\n", " Read more...\n",
        "\u2026 Click here to read more\n"}) {
    EXPECT_EQ(Clean(title + lead + call + "Tuesday\n\n" + body), title + "Tuesday\n\n" + body) << call;
  }
  // It stays with what stays, and behind a text that was cut off nowhere it belongs to something else.
  const std::string other = "Nobody in the large town could remember\u2026\nRead more\n";
  EXPECT_EQ(Clean(title + other + body), title + other + body);
  const std::string whole = body + "Read more\n";
  EXPECT_EQ(Clean(whole + body + "Other news\n"), whole + "Other news\n");
  EXPECT_EQ(Clean(body + whole + "Other news\n"), whole + "Other news\n");
  // One word may be a heading, and of two calls in a row the second is no part of the lead.
  const std::string heading = "More\nWeather for the coming days\n\n";
  EXPECT_EQ(Clean(title + lead + "\u2026\n" + heading + body), title + heading + body);
  EXPECT_EQ(Clean(title + lead + "\u2026\nRead more\nSee more\n\n" + body), title + "See more\n\n" + body);
}

TEST(PageLeads, CallsThatBothCopiesShowGoWithTheSecond) {
  for (const std::string tail : {"\nLearn more\n", "\u2026\nRead more\n", "\u2026 Read more\n"}) {
    for (const uint32_t words : {7u, 18u}) {
      std::string cards;
      for (uint32_t card = 1; card <= 8; ++card) {
        const std::string text = NewParagraph(100 * card, words);
        cards += text.substr(0, text.size() - 3) + tail;
      }
      const std::string front = "Harbour news\n\n" + NewParagraph(2000, 30);
      EXPECT_EQ(Clean(front + cards + "\nAdvertisement\n" + cards), front + cards + "\nAdvertisement\n")
          << tail << words;
    }
  }
}

TEST(PageLeads, ALeadOfNothingBehindItStays) {
  const std::string text = "The harbour master opened… Read more\n\nOther news of the day.\n";
  EXPECT_TRUE(Find(text).empty());
}

TEST(PageLeads, ACallOutGoesAndTheParagraphStaysWhole) {
  const std::string paragraph = std::string(kOne) + " " + kTwo + " " + kThree + "\n";
  for (const std::string& call :
       {std::string(kTwo), "“" + std::string(kTwo) + "”",
        std::string(
            "had waited outside since midnight while heavy rain fell on all of the boats and nets")}) {
    const std::string body = call.starts_with("had")
                                 ? std::string(kOne) + " Eleven boats " + call + " on deck. " + kThree + "\n"
                                 : paragraph;
    EXPECT_EQ(Clean("Harbour news\n\n" + call + "\n\n" + body), "Harbour news\n\n" + body) << call;
    EXPECT_EQ(Clean(body + "\n" + call + "\n\nOther news.\n"), body + "\nOther news.\n") << call;
  }
}

// In a page of three thousand words a line of ten may be anything; among call-outs it is one.
TEST(PageLeads, AShortCallOutAmongOthersGoes) {
  std::vector<uint32_t> numbers(3000);
  std::iota(numbers.begin(), numbers.end(), 1000u);
  const std::string rest = reference::WordText(numbers) + ".\n\n";
  const auto paragraph = [&](uint32_t first, uint32_t words) {
    std::vector<uint32_t> said(words), before(30);
    std::iota(said.begin(), said.end(), first);
    std::iota(before.begin(), before.end(), first + 100);
    std::string call = reference::WordText(said) + ".", text = reference::WordText(before) + ". ";
    for (std::string* each : {&call, &text}) (*each)[0] = static_cast<char>((*each)[0] & ~0x20);
    return std::pair(call + "\n\n", text + call + "\n\n");
  };
  const auto [short_call, short_text] = paragraph(10'000, 11);
  const std::string alone = rest + short_call + short_text;
  EXPECT_EQ(Clean(alone), alone);
  std::string page = alone, expected = rest + short_text;
  for (uint32_t i = 1; i <= 3; ++i) {
    const auto [call, text] = paragraph(10'000 + 1000 * i, 30);
    page += call + text;
    expected += text;
  }
  EXPECT_EQ(Clean(page), expected);
}

TEST(PageLeads, AShortCallOutMustBeASentence) {
  // Eleven words from the middle of a sentence may be a name or a title.
  const std::string call = "had waited outside since midnight while heavy rain fell on all";
  const std::string page =
      "Harbour news\n\n" + call + "\n\n" + kOne + " Eleven boats " + call + " of them. " + kThree + "\n";
  EXPECT_TRUE(Find(page).empty());
}

TEST(PageLeads, ALeadWithoutAnyMarkGoesToo) {
  const std::string body = std::string(kOne) + " " + kTwo + "\n", title = "Harbour news\n\n";
  for (const std::string lead :
       {"The harbour master opened the northern", "The harbour master opened the northern Read more",
        "The harbour master opened the northern… Weiterlesen"}) {
    EXPECT_EQ(Clean(title + lead + "\n\n" + body), title + body) << lead;
  }
}

TEST(PageLeads, ALineOfSmallLettersWithoutAFullStopIsALine) {
  // It was taken for the rest of the line before.
  const std::string line =
      "the harbour master opened the northern gate before sunrise on tuesday morning while eleven fishing "
      "boats had "
      "waited outside since midnight and heavy rain fell on all of them\n";
  EXPECT_EQ(Clean("harbour news\n" + line + line + "other news\n"), "harbour news\n" + line + "other news\n");
}

TEST(PageLeads, ATitleIsNoLead) {
  // The text repeats it, a link repeats it: it stays.
  const std::string body = std::string(kOne) + " " + kTwo + "\n";
  for (const std::string title : {"The Harbour Master Opened the Northern\n\n",
                                  "THE HARBOUR MASTER OPENED THE NORTHERN GATE BEFORE SUNRISE ON\n\n"}) {
    EXPECT_TRUE(Find(title + body).empty()) << title;
  }
  EXPECT_TRUE(
      Find("News\n\nThe harbour master opened the northern\n\nThe harbour master opened the northern gate\n")
          .empty());
}

TEST(PageLeads, TextBehindAnEllipsisIsNoTail) {
  // All that followed an ellipsis on its line once went with it.
  const std::string one = "Profit at Acme Corporation ... fell 40 percent\n\n";
  const std::string text = one + "Profit at Acme Corporation rose for many years, said the board.\n";
  EXPECT_NE(Clean(text).find("fell 40 percent"), std::string::npos);
  const std::string said = "The harbour master opened the northern gate ... said Mr Smith yesterday\n\n";
  const std::string clean = Clean(said + "Other news.\n\n" + said +
                                  "The harbour master opened the northern gate before sunrise.\n");
  EXPECT_NE(clean.find("said Mr Smith yesterday"), std::string::npos);
}

// What went wrong: what was left of a word was taken for a tail, and with it all that follows on its line.
TEST(PageLeads, TextBehindHalfAWordStays) {
  const std::string lead = "The harbour master said on Tuesday that the northern gate would be open",
                    full = lead + "ed before sunrise, and that eleven boats had waited.\n";
  const std::string title = "The gate\n\n";
  EXPECT_EQ(Clean(title + lead + "[...] Anna Smith reports\n\n" + full),
            title + lead + "[...] Anna Smith reports\n\n" + full);
  EXPECT_EQ(Clean(title + lead + "[...]\n\n" + full), title + full);
}

TEST(PageLeads, AShortSentenceWithAnEllipsisIsNoLead) {
  for (const std::string text :
       {"He came back ... not alone\n\nOther words stand here.\n\nHe came back. The whole town saw it.\n",
        "Let it be ...\n\nOther words stand here.\n\nLet it be. The song was new then.\n"}) {
    EXPECT_TRUE(Find(text).empty()) << text;
  }
}

// The word behind the lead happens to be the one that goes on in the paragraph, and has a full stop.
TEST(PageLeads, AShortFormBehindALeadIsNoPartOfIt) {
  const std::string lead =
      "Mr. Dahl Company said it rescinded an agreement which called for another firm to buy most of";
  const std::string rest = " Mr. Dahl's stock at four crowns a share in the course of the next three years.";
  const std::string column = lead + rest + "\n" + kOne + "\n" + kTwo + "\n" + kThree + "\n";
  const std::string page =
      "Headline of the day\n" + lead + "\n" + lead + rest + Blob() + "12:10 GMT 07.07.2024\n";
  EXPECT_EQ(Clean(page + column), "Headline of the day\n12:10 GMT 07.07.2024\n" + column);
  // Also where the paragraph is broken.
  std::string broken = column;
  broken[broken.find(" buy most")] = '\n';
  EXPECT_EQ(Clean(page + broken), "Headline of the day\n12:10 GMT 07.07.2024\n" + broken);
}

}  // namespace
}  // namespace refrain
