#include "refrain/match/page_repeats.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/edges_internal.h"
#include "refrain/match/slip_internal.h"
#include "refrain/match/teasers_internal.h"
#include "refrain/match/wraps_internal.h"
#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

// `part` stands in `whole`, in one piece.
bool Holds(const std::vector<uint64_t>& whole, const std::vector<uint64_t>& part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

std::string Letters(std::string_view text) {
  std::string letters;
  const Tokens tokens = TokensOf(text);
  for (size_t i = 0; i < tokens.size(); ++i) letters += Slice(text, tokens.span(i));
  for (char& c : letters) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return letters;
}

// Every word of `dropped` is one of `kept`, in order, whole or glued to another or but for a slip; how many
// slips. More than there are words: no.
uint32_t SlipsBetween(const std::string& dropped, const std::string& kept) {
  const std::string both = dropped + " | " + kept;
  const Tokens tokens = TokensOf(both), first = TokensOf(dropped);
  const std::string letters = Letters(kept);
  const uint32_t words = static_cast<uint32_t>(first.size()), size = static_cast<uint32_t>(tokens.size());
  uint32_t slips = 0, next = words;
  size_t at = 0;
  for (uint32_t word = 0; word < words; ++word) {
    uint32_t found = next;
    while (found < size && tokens.hashes[found] != tokens.hashes[word]) ++found;
    if (found < size && found <= next + 20) {
      next = found + 1;
      continue;
    }
    const size_t glued = letters.find(Letters(Slice(both, tokens.span(word))), at);
    if (glued != std::string::npos) {
      at = glued;
      continue;
    }
    for (found = words; found < size && !IsSlip(both, tokens, word, found);) ++found;
    if (found == size) return words + 1;
    ++slips;
  }
  return slips;
}

// What holds for every page.
void ExpectSane(const std::string& text, const PageRepeats& found, int max_edits) {
  const auto is_boundary = [&](uint32_t at) {
    return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
  };
  uint32_t end = 0;
  for (const Span& cut : found.cut) {
    ASSERT_LT(cut.begin, cut.end);
    ASSERT_GE(cut.begin, end);
    ASSERT_LE(cut.end, text.size());
    end = cut.end;
    ASSERT_TRUE(is_boundary(cut.begin) && is_boundary(cut.end)) << text;
  }
  // The words of a cut stand on one line, or on lines that were broken to a width; a call to read on may
  // stand on the next.
  const Tokens all = TokensOf(text);
  std::vector<EdgeBits> edges;
  FindEdges(text, all, &edges);
  MarkWraps(text, all, &edges);
  TailMarker().Mark(text, all, &edges);
  for (const Span& cut : found.cut) {
    for (size_t i = 1; i < all.size(); ++i) {
      if (all.begins[i - 1] < cut.begin || all.ends[i] > cut.end) continue;
      ASSERT_NE(edges[i] & (Edge::kLine | Edge::kInTail), Edge::kLine) << text;
    }
  }
  std::vector<bool> gone(text.size(), false);
  for (const Span& cut : found.cut) std::fill(gone.begin() + cut.begin, gone.begin() + cut.end, true);
  const auto all_gone = [&](Span span) {
    return std::all_of(gone.begin() + span.begin, gone.begin() + span.end, [](bool is) { return is; });
  };
  std::vector<bool> explained(text.size(), false);
  end = 0;
  for (const Repeat& repeat : found.repeats) {
    ASSERT_GE(repeat.dropped.begin, end);
    end = repeat.dropped.end;
    ASSERT_LE(repeat.dropped.end, text.size());
    ASSERT_LE(repeat.kept.end, text.size());
    ASSERT_LE(repeat.edits, repeat.tokens);
    std::fill(explained.begin() + repeat.dropped.begin, explained.begin() + repeat.dropped.end, true);
    // What is said to be dropped is, all of it; and no word of the witness is.
    ASSERT_TRUE(all_gone(repeat.dropped)) << text;
    const Tokens kept = TokensOf(Slice(text, repeat.kept));
    for (size_t i = 0; i < kept.size(); ++i) {
      const Span span = kept.span(i);
      for (uint32_t at = span.begin; at < span.end; ++at) ASSERT_FALSE(gone[repeat.kept.begin + at]) << text;
    }
    ASSERT_LE(TokensOf(Slice(text, repeat.dropped)).size(), repeat.tokens);
    if (max_edits == 0) {
      ASSERT_EQ(repeat.edits, 0u);
    }
    ASSERT_LE(SlipsBetween(std::string(Slice(text, repeat.dropped)), std::string(Slice(text, repeat.kept))),
              repeat.edits)
        << Slice(text, repeat.kept) << "\nfor:\n"
        << Slice(text, repeat.dropped) << "\nof:\n"
        << text;
  }
  // No word goes without a row, but for calls to read on.
  const Tokens tokens = TokensOf(text);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Span span = tokens.span(i);
    if (all_gone(span) && !std::all_of(explained.begin() + span.begin, explained.begin() + span.end,
                                       [](bool is) { return is; })) {
      const uint32_t line_end = static_cast<uint32_t>(std::min(text.find('\n', span.end), text.size()));
      ASSERT_LE(TokensOf(text.substr(span.begin, line_end - span.begin)).size(), 8u)
          << Slice(text, span) << "\nof:\n"
          << text;
    }
  }
}

TEST(PageRepeats, OfBlobAndColumnTheColumnStays) {
  EXPECT_EQ(Clean(Blob() + "\n" + Column()), Column());
  EXPECT_EQ(Clean("Harbour news\n\n" + Blob() + "\n" + Column()), "Harbour news\n\n" + Column());
}

TEST(PageRepeats, OfColumnAndBlobTheColumnStays) {
  const std::string clean = Clean(Column() + "\n" + Blob());
  EXPECT_EQ(clean.substr(0, Column().size()), Column());
  EXPECT_EQ(clean.find_first_not_of('\n', Column().size()), std::string::npos);
}

TEST(PageRepeats, OfTheSameColumnTwiceTheFirstStays) {
  const std::string text = Column() + "\nOther news stands between them.\n\n" + Column();
  const PageRepeats found = Find(text);
  ASSERT_FALSE(found.empty());
  for (const Repeat& repeat : found.repeats) EXPECT_LT(repeat.kept.begin, repeat.dropped.begin);
  EXPECT_EQ(TokensOf(WithoutSpans(text, found.cut)).hashes,
            TokensOf(Column() + "\nOther news stands between them.\n").hashes);
}

// What went wrong: "ldquo" counted as a word of its own, and a copy with many as another text.
TEST(PageRepeats, EntitiesThatWereNotReadAreTheirMarks) {
  const std::string quoted =
      "\u201CThe harbour master opened the northern gate\u201D \u2013 before sunrise \u2013 on "
      "\u201CTuesday\u201D morning.\n";
  for (const std::string entities :
       {"&ldquo;The harbour master opened the northern gate&rdquo; &ndash; before&nbsp;sunrise &ndash; on "
        "&ldquo;Tuesday&rdquo; morning.\n",
        "&quot;The harbour master opened the northern gate&quot; &#8211; before sunrise &#x2013; on "
        "&amp;quot;Tuesday&#34; morning.\n"}) {
    EXPECT_EQ(Clean(entities + "\nOther news.\n\n" + quoted), "Other news.\n\n" + quoted);
    EXPECT_EQ(Clean(quoted + "\nOther news.\n\n" + entities), quoted + "\nOther news.\n");
  }
  // A name that is written about is a word.
  const std::string one = "Write the &lt; sign wherever the left of two numbers is the lesser one.\n";
  const std::string other = "Write the &gt; sign wherever the left of two numbers is the lesser one.\n";
  EXPECT_EQ(Clean(one + "\nOther news.\n\n" + other), one + "\nOther news.\n\n" + other);
}

TEST(PageRepeats, ACopyInCapitalsGoes) {
  const std::string capitals =
      "THE HARBOUR MASTER OPENED THE NORTHERN GATE BEFORE SUNRISE ON TUESDAY MORNING.\n";
  const std::string column = std::string(kOne) + "\n";
  EXPECT_EQ(Clean(capitals + "\nOther news.\n\n" + column), "Other news.\n\n" + column);
  EXPECT_EQ(Clean(column + "\nOther news.\n\n" + capitals), column + "\nOther news.\n");
  // Of two in ordinary letters the first stays, whatever words begin with.
  const std::string title =
      "The Harbour Master Opened The Northern Gate Before Sunrise On Tuesday Morning.\n";
  EXPECT_EQ(Clean(title + "\nOther news.\n\n" + column), title + "\nOther news.\n");
}

// Thai has no full stops, and the paragraphs of a blob no space between them.
TEST(PageRepeats, GluedThaiParagraphsInAnotherOrderGoWhole) {
  const std::string one = "นายท่าเรือเปิดประตูทิศเหนือก่อนพระอาทิตย์ขึ้นในเช้าวันอังคารที่ผ่านมา";
  const std::string two = "เรือประมงสิบเอ็ดลำรออยู่ด้านนอกตั้งแต่เที่ยงคืนท่ามกลางสายฝนที่ตกหนักมาก";
  const std::string three = "ไม่มีใครในเมืองเล็กแห่งนี้จำได้ว่าเคยมีแถวเรือยาวเช่นนี้มาก่อนเลยสักครั้ง";
  const std::string column = one + "\n" + two + "\n" + three + "\n";
  EXPECT_EQ(Clean("ข่าว\n" + three + one + two + "\n" + column), "ข่าว\n" + column);
}

TEST(PageRepeats, TypographyMakesNoDifference) {
  const std::string other =
      "THE HARBOUR “MASTER” opened the northern gate – before sunrise – on\u00A0Tuesday morning…";
  const PageRepeats found = Find(std::string(kOne) + "\n\nOther news.\n\n" + other + "\n");
  ASSERT_EQ(found.repeats.size(), 1u);
  EXPECT_EQ(found.repeats[0].tokens, 12u);
  EXPECT_EQ(found.repeats[0].edits, 0u);
}

TEST(PageRepeats, ASlipOfThePenIsCountedAsAnEdit) {
  const std::string other = "The harbour master opened the nothern gate before sunrise on Tuesday morning.";
  const std::string text = std::string(kOne) + "\n\nOther news.\n\n" + other + "\n";
  const PageRepeats found = Find(text);
  ASSERT_EQ(found.repeats.size(), 1u);
  EXPECT_EQ(found.repeats[0].edits, 1u);
  EXPECT_EQ(Slice(text, found.repeats[0].kept), kOne);
  EXPECT_EQ(Slice(text, found.repeats[0].dropped), other);
  EXPECT_TRUE(Find(text, {.max_edits = 0}).empty());
}

TEST(PageRepeats, ACopyOfACopyWithASlipCountsTheSlipToo) {
  // The third copy spells as the second does, which went because of the first; no edit was counted for it.
  const std::string column = std::string(kOne) + "\n" + kTwo + "\n";
  const std::string slip =
      "The harbour master opened the nothern gate before sunrise on Tuesday morning." + std::string(kTwo);
  const PageRepeats found = Find(column + "\nOther news.\n\n" + slip + "\n\nMore of it.\n\n" + slip + "\n");
  ASSERT_EQ(found.repeats.size(), 2u);
  for (const Repeat& repeat : found.repeats) {
    EXPECT_EQ(repeat.edits, 1u);
    EXPECT_EQ(repeat.kept.begin, 0u);
  }
}

TEST(PageRepeats, OfTwoSpellingsTheOneThePageHasMoreOftenStays) {
  const std::string slip = "The harbour master opened the nothern gate before sunrise on Tuesday morning.";
  EXPECT_EQ(Clean(slip + "\n\nThe northern gate is old.\n\n" + kOne + "\n"),
            "The northern gate is old.\n\n" + std::string(kOne) + "\n");
}

TEST(PageRepeats, SlipsDoNotChain) {
  // The third copy went because of the first, whose word it does not resemble, through the second.
  const auto copy = [](const std::string& word) {
    return "Nobody in the small town could remember such a " + word +
           " queue of vessels at the gate.\n\nOther news.\n\n";
  };
  const std::string text = copy("marketing") + copy("markeing") + copy("markein");
  const std::string clean = Clean(text);
  EXPECT_NE(clean.find("marketing"), std::string::npos);
  EXPECT_NE(clean.find("markein "), std::string::npos);
}

TEST(PageRepeats, AGluedWordKeepsAllItsParts) {
  // "gate" was cut for "northerngate", which had been cut for "northern" alone.
  const std::string glued = "The harbour master opened the northerngate before sunrise on Tuesday morning.";
  const std::string one = std::string(kOne);
  EXPECT_EQ(Clean(one + "\n\n\n" + glued + "\n\n\n" + one + "\n\n\n" + one + "\n"), one + "\n");
}

TEST(PageRepeats, WordsGluedWhereAParagraphIsMissingAreCutInTheMiddle) {
  const std::string first =
      "The harbour master opened the northern gate before sunrise, said the mayor of Ostermouth on FM4";
  const std::string text =
      "Harbour news\n" + first + kThree + "\nOther news\n" + first + "\n" + kTwo + "\n" + kThree + "\n";
  const PageRepeats found = Find(text);
  EXPECT_EQ(WithoutSpans(text, found.cut),
            "Harbour news\nOther news\n" + first + "\n" + kTwo + "\n" + kThree + "\n");
}

TEST(PageRepeats, AManualThatSaysThingsTwiceIsLeftAlone) {
  // One sentence of every section is that of the others, as in laws and manuals.
  Random random(3);
  std::string text = "Manual\n\n";
  for (int section = 0; section < 60; ++section) {
    for (int line = 0; line < 4; ++line) {
      std::vector<uint32_t> numbers;
      for (size_t i = 8 + random.Below(12); i > 0; --i)
        numbers.push_back(static_cast<uint32_t>(random.Below(5000)));
      text += reference::WordText(numbers) + ".\n";
    }
    text += "The function returns zero if it succeeds and another value if it does not succeed.\n\n";
  }
  EXPECT_TRUE(Find(text).empty());
}

TEST(PageRepeats, AChorusAmongVersesIsLeftAloneHoweverLong) {
  const std::string chorus =
      "Sing again, my friend, of the river and the mill,\nSing of all the lights upon the hill,\n"
      "Sing until the morning finds us still.\n\n";
  std::string text = "Song\n\n";
  for (uint32_t verse = 0; verse < 4; ++verse) {
    for (uint32_t line = 0; line < 6; ++line) {
      std::vector<uint32_t> numbers;
      for (uint32_t word = 0; word < 7; ++word) numbers.push_back(verse * 100 + line * 10 + word);
      text += reference::WordText(numbers) + ",\n";
    }
    text += "\n" + chorus;
  }
  EXPECT_TRUE(Find(text).empty());
}

TEST(PageRepeats, ATailThatGoesIsNoWitness) {
  // Between two cuts that touch, the words of the tail once had a row that named themselves.
  const std::string text =
      "Harbour news\n\nThe harbour master opened the northern… Read more\n" + Blob() + Column();
  const PageRepeats found = Find(text);
  EXPECT_EQ(found.cut.size(), 2u);
  ExpectSane(text, found, 2);
}

TEST(PageRepeats, CleanTextHasNoDoubledBlankLines) {
  const std::string copy = std::string(kOne) + "\n\n" + kTwo + "\n\n" + kThree;
  EXPECT_EQ(Clean(copy + "\n\n" + copy + "\n\nEnd.\n"), copy + "\n\nEnd.\n");
  EXPECT_EQ(Clean(copy + "\n\nAdvert\n" + copy + "\n\nEnd.\n"), copy + "\n\nAdvert\n\nEnd.\n");
  EXPECT_EQ(Clean(copy + "\n\nAdvert\n\n" + copy + "\nEnd.\n"), copy + "\n\nAdvert\n\nEnd.\n");
  EXPECT_EQ(Clean(copy + "\r\n \r\nAdvert\r\n \r\n" + copy + "\r\n\r\nEnd.\r\n"),
            copy + "\r\n \r\nAdvert\r\n \r\nEnd.\r\n");
}

TEST(PageRepeats, ASlipAtTheVeryEndIsCountedToo) {
  const PageRepeats found = Find(std::string(kOne) +
                                 "\n\nOther news.\n\nThe harbour master opened the northern gate before "
                                 "sunrise on Tuesday mornings.\n");
  ASSERT_EQ(found.repeats.size(), 1u);
  EXPECT_EQ(found.repeats[0].tokens, 12u);
  EXPECT_EQ(found.repeats[0].edits, 1u);
}

TEST(PageRepeats, ALostMarkBesideASlipIsASeam) {
  const std::string behind =
      " Terminal in the north began on Monday morning, and nobody knows how long the boats will stay away.";
  const std::string whole = "A seasonal overhaul at Fisherman's" + behind;
  const std::string other = "A seasonal overhaaul at Fishermans" + behind;
  EXPECT_EQ(Clean(whole + "\n\nOther news came in.\n\n" + other + "\n"), whole + "\n\nOther news came in.\n");
}

TEST(PageRepeats, ANumberThatDiffersIsNeverCut) {
  const std::string before = "The council will spend ", behind = " crowns on a new library roof this autumn.";
  for (const auto& [one, other] : {std::pair<std::string, std::string>{"1500", "1600"},
                                   {"15000", "15001"},
                                   {"3.5", "3.6"},
                                   {"1.5", "15"},
                                   {"1.5", "5"},
                                   {"5", "1.5"},
                                   {"two million", "two billion"},
                                   {"XVII", "XVIII"},
                                   {"-5", "5"},
                                   {"$50", "€50"},
                                   {"50%", "50"}}) {
    const std::string clean = Clean(
        before + one + behind + "\n\nOther news.\n\n" + before + other + behind + "\n", {.min_tokens = 5});
    EXPECT_NE(clean.find(one), std::string::npos);
    EXPECT_NE(clean.find(other), std::string::npos);
  }
}

// Of a page shown twice, the sentence in which one copy has more beside a number, or more of a word, stands
// in both; whatever the first has besides costs nothing.
TEST(PageRepeats, WordsMoreBesideANumberMakeItAnotherOne) {
  const auto page = [&](const std::string& one, const std::string& other) {
    const auto copy = [&](const std::string& word) {
      return std::string(kOne) + "\n" + kTwo + " In the council they said on Monday that " + word +
             " will come here in autumn. " + kThree + "\n" + kOne + "\n";
    };
    return copy(one) + "\nOther news came in from the towns.\n\n" + copy(other);
  };
  for (const auto& [one, other] : {std::pair<std::string, std::string>{"0.5 per cent", "5 per cent"},
                                   {"2,500 people", "500 people"},
                                   {"2 500 people", "500 people"},
                                   {"3 1/2 boats", "3 boats"},
                                   {"fewer than 500 people", "500 people"},
                                   {"minus 500 crowns", "500 crowns"},
                                   {"2 million crowns", "2 crowns"},
                                   {"10:30 trains", "30 trains"},
                                   {"twenty-five people", "five people"},
                                   {"non-resident people", "resident people"},
                                   {"二十五亿", "五亿"}}) {
    const std::string clean = Clean(page(one, other));
    EXPECT_NE(clean.find("that " + one), std::string::npos) << clean;
    EXPECT_NE(clean.find("that " + other), std::string::npos) << clean;
  }
  for (const auto& [one, other] : {std::pair<std::string, std::string>{"quite new people", "new people"},
                                   {"people (we hear)", "people"},
                                   {"新的渡轮", "渡轮"},
                                   {"เรือใหม่ลำใหญ่", "เรือใหญ่"},
                                   {"the ferry on 3 June", "the ferry"}}) {
    const std::string clean = Clean(page(one, other));
    EXPECT_NE(clean.find("that " + one), std::string::npos) << clean;
    EXPECT_EQ(clean.find("that " + other + " will"), std::string::npos) << clean;
    // Nothing differs inside a sentence that goes.
    EXPECT_NE(Clean(page(one, other), {.max_edits = 0}).find("that " + other + " will"), std::string::npos);
  }
}

TEST(PageRepeats, WordsThatOnlyOneCopyHasStay) {
  const std::string with =
      "The harbour master quietly opened the northern gate before sunrise on Tuesday morning.";
  for (const std::string& text : {std::string(kOne) + "\n\nOther news.\n\n" + with + "\n",
                                  with + "\n\nOther news.\n\n" + kOne + "\n"}) {
    EXPECT_NE(Clean(text).find("quietly"), std::string::npos) << text;
  }
}

TEST(PageRepeats, AnEllipsisInTheMiddleOfBothCopiesCostsNoWords) {
  const std::string first = "Nobody in the town would ever forget what the old man said... and then left.\n";
  const std::string other = "Nobody in the town would ever forget what the old man said... and paid 70.\n";
  const std::string clean = Clean(first + "\nOther news.\n\n" + other, {.min_tokens = 8});
  EXPECT_NE(clean.find("left"), std::string::npos);
  EXPECT_NE(clean.find("70"), std::string::npos);
}

TEST(PageRepeats, AChorusShorterThanTheMinimumIsLeftAlone) {
  const std::string text =
      "Snow came early to the valley.\nSing again, sing again, my friend.\nRivers froze beneath the mill.\n"
      "Sing again, sing again, my friend.\nSpring was late and lambs were few.\n"
      "Sing again, sing again, my friend.\n";
  EXPECT_TRUE(Find(text).empty());
}

// What went wrong: the copies also agree in the words in front of them, and the last sentence stayed.
TEST(PageRepeats, CopiesInARowBeginWhereALineDoes) {
  const std::string filler =
      reference::WordText({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18});
  const std::string copy = "But " + std::string(kOne) + " " + kTwo + " " + kThree + "\n" + filler +
                           " are sold at thirty dollars in Japan.\n";
  const std::string before = "The cut closes the gap with the prices of half a year ago in Japan.\n",
                    behind = "But nobody knows it.\n";
  EXPECT_EQ(Clean(before + copy + copy + behind), before + copy + behind);
}

TEST(PageRepeats, OfThreeCopiesExactlyOneStays) {
  for (const std::string between : {"\n\n", "\n\nOther news.\n\n", " "}) {
    std::string text = std::string(kOne) + " " + kTwo;
    text = text + between + text + between + text + "\n";
    const Tokens clean = TokensOf(Clean(text));
    const std::vector<uint64_t> passage = TokensOf(std::string(kOne) + " " + kTwo).hashes;
    EXPECT_TRUE(Holds(clean.hashes, passage)) << text;
    EXPECT_EQ(std::count(clean.hashes.begin(), clean.hashes.end(), TokensOf("harbour").hashes[0]), 1) << text;
    EXPECT_EQ(std::count(clean.hashes.begin(), clean.hashes.end(), TokensOf("fishing").hashes[0]), 1) << text;
  }
}

TEST(PageRepeats, PagesWithoutRepeatsAreLeftAlone) {
  for (const std::string& text :
       {std::string(), std::string(" \n\n"), std::string("... --- !!! ... --- !!! ... --- !!!"),
        std::string("\xFF\xFE\x80\xC2"), Column(), Blob(),
        std::string("เช้าวันนี้ฝนตกหนักที่ท่าเรือ ชาวประมงหลายคนรออยู่ข้างนอก\nไม่มีใครจำได้ว่าเคยเห็นแถวยาวเช่นนี้มาก่อน\n")}) {
    const PageRepeats found = Find(text);
    EXPECT_TRUE(found.empty()) << text;
    EXPECT_TRUE(found.repeats.empty()) << text;
  }
}

TEST(PageRepeats, AThaiParagraphShownTwiceStaysOnce) {
  const std::string paragraph =
      "เช้าวันนี้ฝนตกหนักที่ท่าเรือ ชาวประมงหลายคนรออยู่ข้างนอก ไม่มีใครจำได้ว่าเคยเห็นแถวยาวเช่นนี้มาก่อน\n";
  EXPECT_EQ(Clean(paragraph + "\nข่าวอื่น\n\n" + paragraph), paragraph + "\nข่าวอื่น\n");
}

// Where numbers end the lines or begin them, lines are paragraphs all the same.
TEST(PageRepeats, ThaiParagraphsBesideNumbersStayBeforeABlob) {
  const std::string lines[] = {
      "เช้าวันนี้ฝนตกหนักที่ท่าเรือ ชาวประมงหลายคนรออยู่ข้างนอก ไม่มีใครจำได้ว่าเคยเห็นแถวยาวเช่นนี้ตั้งแต่ปี 2557",
      "1) นายท่าสั่งให้เปิดประตูน้ำด้านเหนือก่อนพระอาทิตย์ขึ้น เรือทุกลำจึงเข้าจอดได้ทันเวลา",
      "2) เด็กนักเรียนจากหมู่บ้านบนเขานำดอกไม้มาให้ลูกเรือ แล้วร้องเพลงกันจนถึงค่ำ",
      "3) ตอนบ่ายมีลมแรงพัดมาจากทะเล แต่ไม่มีบ้านหลังใดเสียหายเลย นอกจากหลังคาโรงเก็บของ",
      "4) คณะกรรมการนัดประชุมกันอีกครั้งในเดือนหน้า เพื่อตกลงเรื่องค่าใช้จ่ายของสะพานใหม่",
      "พ่อค้าแม่ค้าบอกว่าปลาปีนี้ตัวใหญ่กว่าทุกปี ราคาก็ดีกว่าที่คิดไว้มาก",
      "คนเฝ้าประภาคารเล่าว่าไม่เคยเห็นเรือมากขนาดนี้ ตั้งแต่เริ่มทำงานเมื่อยังหนุ่ม",
      "ครูใหญ่เขียนเรื่องนี้ลงในหนังสือพิมพ์ของโรงเรียน เพื่อให้คนรุ่นหลังได้อ่านอีก 100 ปี"};
  std::string column, blob;
  for (const std::string& line : lines) {
    column += line + "\n";
    blob += (blob.empty() ? "" : " ") + line;
  }
  EXPECT_EQ(Clean(column + "\n" + blob + "\n"), column);
  EXPECT_EQ(Clean(blob + "\n\n" + column), column);
}

TEST(PageRepeats, InvalidBytesDoNotHideARepeat) {
  const std::string text = std::string(kOne) + "\n\xFF\xC3\n" + kOne + "\n\xE2\x80";
  const PageRepeats found = Find(text);
  EXPECT_EQ(found.repeats.size(), 1u);
  ExpectSane(text, found, 2);
}

TEST(PageRepeats, OneFinderServesForManyPages) {
  PageRepeatFinder finder;
  PageRepeats found;
  const std::string twice = Column() + "\n" + Column(), once = Column();
  for (int round = 0; round < 3; ++round) {
    finder.Find(twice, TokensOf(twice), {}, &found);
    EXPECT_FALSE(found.empty());
    finder.Find(once, TokensOf(once), {}, &found);
    EXPECT_TRUE(found.empty() && found.repeats.empty());
  }
}

// A sentence of `words` words that no other sentence shares.
std::string Sentence(Random* random, uint32_t* next, size_t words) {
  std::vector<uint32_t> numbers;
  for (size_t i = 0; i < words; ++i) numbers.push_back((*next)++);
  std::string sentence = reference::WordText(numbers);
  sentence[0] = 'W';
  return sentence + (random->Below(4) ? "." : "?”");
}

TEST(PageRepeats, EverySentenceOfARandomPageStaysOnceAtLeast) {
  Random random(1);
  PageRepeatFinder finder;
  PageRepeats found;
  size_t cuts = 0;
  for (int round = 0; round < 800; ++round) {
    uint32_t next = 0;
    std::vector<std::string> sentences;
    for (size_t i = 1 + random.Below(8); i > 0; --i)
      sentences.push_back(Sentence(&random, &next, 1 + random.Below(20)));
    const std::string gaps[] = {" ", "", "\n", "\n\n", "\r\n", "\u2028", "  ", "\n\n\n", " \n\t"};
    std::string text;
    for (size_t copies = 1 + random.Below(4); copies > 0; --copies) {
      const bool blob = random.Below(2);
      for (const std::string& sentence : sentences) {
        if (random.Below(6) == 0) continue;
        text += sentence + (blob ? gaps[random.Below(2)] : gaps[random.Below(std::size(gaps))]);
      }
      text += gaps[random.Below(std::size(gaps))];
    }
    const Tokens tokens = TokensOf(text);
    const PageRepeatOptions options = {.min_tokens = 3.0 + static_cast<double>(random.Below(12)),
                                       .max_edits = static_cast<int>(random.Below(3))};
    finder.Find(text, tokens, options, &found);
    cuts += found.cut.size();
    ExpectSane(text, found, options.max_edits);
    const Tokens clean = TokensOf(WithoutSpans(text, found.cut));
    for (const std::string& sentence : sentences) {
      const Tokens words = TokensOf(sentence);
      if (Holds(tokens.hashes, words.hashes)) {
        ASSERT_TRUE(Holds(clean.hashes, words.hashes)) << sentence << "\nof:\n" << text;
      }
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(cuts, 500u);
}

TEST(PageRepeats, AnyBytesGiveSaneCuts) {
  Random random(2);
  PageRepeatFinder finder;
  PageRepeats found;
  const std::vector<std::string> parts = {"on",  "off",    "On", "3",    "山",   "ก",       " ",
                                          " ",   " ",      " ",  "\n",   ". ",   "… ",      "\u2028",
                                          "\"",  "(",      ")",  "\r\n", "é",    "\xFF",    "\xE2",
                                          "...", "\u00AD", "\t", "word", "wird", "\xC2\x85"};
  for (int round = 0; round < 1500; ++round) {
    std::string text;
    for (size_t i = random.Below(150); i > 0; --i) text += parts[random.Below(parts.size())];
    if (round % 2) text += text;
    const PageRepeatOptions options = {.min_tokens = 3, .max_edits = static_cast<int>(random.Below(9))};
    finder.Find(text, TokensOf(text), options, &found);
    ExpectSane(text, found, options.max_edits);
    if (HasFailure()) return;
  }
}

TEST(PageRepeats, BuiltPagesEnd) {
  std::string word, lines, leads;
  for (int i = 0; i < 200'000; ++i) word += "on ";
  for (int i = 0; i < 50'000; ++i) lines += "The same line once more for everybody here.\n";
  for (uint32_t i = 0; i < 40'000; ++i) {
    const std::string name = reference::WordText({i});
    leads += name + " came home…\n" + name + " came home late.\n";
  }
  for (const std::string& text : {word, lines, leads}) {
    const PageRepeats found = Find(text);
    EXPECT_LT(WithoutSpans(text, found.cut).size(), text.size() + 1);
  }
}

TEST(PageRepeatOptions, AreCheckedAgainstTheirRanges) {
  EXPECT_TRUE(PageRepeatOptions().Validate().ok());
  EXPECT_TRUE((PageRepeatOptions{.min_tokens = 3, .max_edits = 0}).Validate().ok());
  EXPECT_TRUE((PageRepeatOptions{.min_tokens = 1000, .max_edits = 8}).Validate().ok());
  for (const PageRepeatOptions options :
       {PageRepeatOptions{.min_tokens = 2.9}, PageRepeatOptions{.min_tokens = 1001},
        PageRepeatOptions{.min_tokens = 0.0 / 0.0}, PageRepeatOptions{.max_edits = -1},
        PageRepeatOptions{.max_edits = 9}}) {
    EXPECT_EQ(options.Validate().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(WithoutSpans, LeavesOutWhatIsCut) {
  EXPECT_EQ(WithoutSpans("abcdef", {}), "abcdef");
  EXPECT_EQ(WithoutSpans("abcdef", {{0, 2}, {3, 4}, {4, 6}}), "c");
  EXPECT_EQ(WithoutSpans("abcdef", {{0, 6}}), "");
  EXPECT_EQ(WithoutSpans("", {}), "");
}

}  // namespace
}  // namespace refrain
