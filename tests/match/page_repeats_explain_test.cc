// Why repeats go and why they are left, as PageRepeatOptions::explain tells it.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

PageRepeats Explain(const std::string& text, PageRepeatOptions options = {}) {
  options.explain = true;
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, tokens, options, &found);
  return found;
}

// The one reason that all cuts of the page have; fails if there is none or another one.
CutBecause ReasonOfCuts(const std::string& text) {
  const PageRepeats found = Explain(text);
  EXPECT_FALSE(found.repeats.empty()) << text;
  if (found.repeats.empty()) return CutBecause::kSecond;
  for (const Repeat& repeat : found.repeats) EXPECT_EQ(repeat.because, found.repeats[0].because) << text;
  return found.repeats[0].because;
}

// The one repeat of a page of which nothing goes.
LeftRepeat OnlyLeft(const std::string& text, const PageRepeatOptions& options = {}) {
  const PageRepeats found = Explain(text, options);
  EXPECT_TRUE(found.empty()) << text;
  EXPECT_EQ(found.left.size(), 1u) << text;
  return found.left.empty() ? LeftRepeat() : found.left[0];
}

// Paragraphs that share no five words with each other; every call gives other ones.
class Filler {
 public:
  std::string Paragraph(size_t words) {
    std::vector<uint32_t> numbers;
    for (size_t i = 0; i < words; ++i) numbers.push_back(next_++);
    std::string text = reference::WordText(numbers) + ".";
    text[0] = static_cast<char>(text[0] & ~0x20);
    return text;
  }
  std::string Paragraphs(size_t count) {
    std::string text;
    for (; count > 0; --count) text += Paragraph(50) + "\n\n";
    return text;
  }

 private:
  uint32_t next_ = 1;
};

TEST(ExplainedCut, IsCutOff) {
  const std::string body = std::string(kOne) + " " + kTwo + "\n";
  EXPECT_EQ(ReasonOfCuts("News\n\nThe harbour master opened the northern gate before sunrise on…\n\n" + body),
            CutBecause::kCutOff);
  EXPECT_EQ(ReasonOfCuts("News\n\n" + body + "\nThe harbour master… Read more\n"), CutBecause::kCutOff);
}

TEST(ExplainedCut, HasGluedSentences) {
  const std::string blob = std::string(kOne) + kTwo + kThree + "\n";
  EXPECT_EQ(ReasonOfCuts("News\n\n" + blob + "\n" + Column()), CutBecause::kGlued);
  EXPECT_EQ(ReasonOfCuts(Column() + "\nNews\n\n" + blob), CutBecause::kGlued);
}

TEST(ExplainedCut, IsACallOut) {
  const std::string paragraph = std::string(kOne) + " " + kTwo + " " + kThree + "\n";
  EXPECT_EQ(ReasonOfCuts("News\n\n" + std::string(kTwo) + "\n\n" + paragraph), CutBecause::kCallOut);
}

TEST(ExplainedCut, HasFewerParagraphs) {
  const std::string one_line = std::string(kOne) + " " + kTwo + " " + kThree + "\n";
  EXPECT_EQ(ReasonOfCuts("News\n\n" + one_line + "\nOther news.\n\n" + Column()), CutBecause::kParagraphs);
}

TEST(ExplainedCut, IsInCapitals) {
  const std::string capitals =
      "THE HARBOUR MASTER OPENED THE NORTHERN GATE BEFORE SUNRISE ON TUESDAY MORNING.";
  EXPECT_EQ(ReasonOfCuts(capitals + "\n\nOther news.\n\n" + kOne + "\n"), CutBecause::kCapitals);
}

TEST(ExplainedCut, HasEntities) {
  const std::string entities =
      "The harbour master opened the &quot;northern&quot; gate before sunrise on Tuesday morning.";
  EXPECT_EQ(ReasonOfCuts(entities + "\n\nOther news.\n\n" + kOne + "\n"), CutBecause::kEntities);
}

TEST(ExplainedCut, HasTheRarerSpelling) {
  const std::string slip = "The harbour master opened the nothern gate before sunrise on Tuesday morning.";
  EXPECT_EQ(ReasonOfCuts(slip + "\n\nThe northern gate is old.\n\n" + kOne + "\n"), CutBecause::kSlips);
}

TEST(ExplainedCut, HasLostAnApostrophe) {
  const auto page = [](const std::string& one, const std::string& other) {
    const auto said = [](const std::string& word) {
      return "The director of the northern harbour said on Monday evening that visitors " + word +
             " have to pay at the gate until the end of the month of May.\n\n";
    };
    return said(one) + said(other);
  };
  EXPECT_EQ(ReasonOfCuts(page("won't", "wont")), CutBecause::kJoined);
  EXPECT_EQ(ReasonOfCuts(page("wont", "won't")), CutBecause::kJoined);
  EXPECT_EQ(Clean(page("wont", "won't")).find("wont"), std::string::npos);
  EXPECT_EQ(ReasonOfCuts(page("with e-mail", "with email")), CutBecause::kJoined);
  EXPECT_EQ(ReasonOfCuts(page("with mail", "withmail")), CutBecause::kGlued) << "a space is lost";
}

TEST(ExplainedCut, IsCutOffAfterSeveralParagraphs) {
  const std::string article = Column(),
                    preview = std::string(kOne) + "\n\n" + kTwo + "\n\nNobody in the small town\u2026\n";
  for (const std::string& page :
       {article + "\nPreview\n\n" + preview, "Preview\n\n" + preview + "\nOther news\n\n" + article}) {
    EXPECT_EQ(ReasonOfCuts(page), CutBecause::kCutOff) << page;
    EXPECT_EQ(Clean(page).find("\u2026"), std::string::npos);
    EXPECT_NE(Clean(page).find(article), std::string::npos) << Clean(page);
  }
}

// Its line goes on: that is no paragraph break less.
TEST(ExplainedCut, HasNoSentenceMore) {
  const std::string more = std::string(kOne) + "\n\n" + kTwo + " One of them was new.\n\n" + kThree + "\n";
  EXPECT_NE(Clean(more + "\nPrint version\n\n" + Column()).find(more), std::string::npos);
}

TEST(ExplainedCut, HasHyphensOfLineEnds) {
  const auto clean = [](const std::string& one, const std::string& other, const std::string& rest) {
    const auto said = [](const std::string& word) {
      return "The director of the northern harbour said on Monday evening that the " + word +
             " of the country has to pay for the gate until the end of the month of May.\n\n";
    };
    const std::string page = said(one) + "Other news stands between.\n\n" + said(other) + rest + "\n";
    EXPECT_EQ(ReasonOfCuts(page),
              page.find("-\n") == std::string::npos ? CutBecause::kJoined : CutBecause::kParagraphs);
    return Clean(page);
  };
  const std::string again = "A government that pays is rare.";
  EXPECT_EQ(clean("gov-ernment", "government", again).find("gov-"), std::string::npos);
  EXPECT_EQ(clean("government", "gov-ernment", again).find("gov-"), std::string::npos);
  for (const char* broken : {"gov- ernment", "gov-\nernment"}) {
    EXPECT_EQ(clean(broken, "government", "").find("gov-"), std::string::npos);
    EXPECT_EQ(clean("government", broken, "").find("gov-"), std::string::npos);
  }
  // Nothing else on the page says which of the two is right, or all says that it is the hyphen.
  for (const char* rest : {"A ruler that pays is rare.", "A vice-president that pays is rare."}) {
    EXPECT_EQ(clean("vice-president", "vicepresident", rest).find("vicepresident"), std::string::npos);
    EXPECT_EQ(clean("vicepresident", "vice-president", rest).find("vicepresident"), std::string::npos);
  }
}

// Words of one side each, however many, and words that stand inside others.
TEST(ExplainedCut, HyphensCountByTheWordsThatThePageHas) {
  const std::string before = "The director of the northern harbour said on Monday evening that the ";
  const auto page = [&](const std::string& one, const std::string& other, const std::string& rest) {
    return before + one + ".\n\nOther news stands between.\n\n" + before + other + ".\n\n" + rest + "\n";
  };
  const std::string broken = "gov-ernment has a vicepresident who was selfmade and slow",
                    whole = "government has a vice-president who was self-made and slow";
  const std::string again = "A government that pays is rare.";
  EXPECT_EQ(Clean(page(broken, whole, again)).find("gov-"), std::string::npos);
  EXPECT_EQ(Clean(page(whole, broken, again)).find("gov-"), std::string::npos);
  const std::string inside = "Cooperation is rare, and cooperatives cooperate.";
  EXPECT_EQ(Clean(page("co-op paid for a gate in the end", "coop paid for a gate in the end", inside))
                .find("coop "),
            std::string::npos);
  std::string hyphens, words;
  for (int i = 0; i < 200; ++i) {
    const std::string word = "word" + std::string(1, static_cast<char>('a' + i % 26)) +
                             std::string(1, static_cast<char>('a' + i / 26)) + "x";
    hyphens += word.substr(0, 3) + "-" + word.substr(3) + " and then ";
    words += word + " and then ";
  }
  EXPECT_EQ(Clean(page(hyphens + "more", words + "more", words)).find("wor-d"), std::string::npos);
}

// What went wrong: the first or the last word of the page, to which the other copy has another word glued.
TEST(ExplainedCut, IsGluedToWhatThePageBeginsOrEndsWith) {
  const std::string said =
      "Visitors had to wait outside the northern harbour gate until the evening because nobody "
      "knew why it had been closed by the police in the morning of that long day, he says";
  for (const std::string& page : {said + ".\n\nOther news.\n\nThe gate was closed" + said + ".\n",
                                  "Today\n\n" + said + "On Friday it opened.\n\nOther news.\n\n" + said,
                                  said + "On Friday it opened.\n\nOther news.\n\n" + said})
    EXPECT_NE(Clean(page).find(said), std::string::npos) << page;
}

TEST(ExplainedCut, HasPlacesWhereALineMayBreak) {
  // Which nobody sees: both are made equally well.
  const std::string marked =
      "The harbour master opened the nor\u200Bthern gate before sunrise on Tuesday morning.";
  EXPECT_EQ(ReasonOfCuts(marked + "\n\nOther news.\n\n" + kOne + "\n"), CutBecause::kSecond);
}

TEST(ExplainedCut, ComesSecond) {
  EXPECT_EQ(ReasonOfCuts(Column() + "\nOther news stands between them.\n\n" + Column()), CutBecause::kSecond);
}

TEST(ExplainedCut, CountsItsWords) {
  const PageRepeats found = Explain(std::string(kOne) + "\n\nOther news.\n\n" + kOne + "\n");
  ASSERT_EQ(found.repeats.size(), 1u);
  EXPECT_EQ(found.repeats[0].words, 12);
  EXPECT_EQ(found.words, 26);
  EXPECT_TRUE(found.left.empty());
}

TEST(ExplainedLeft, IsTooShortForItsPage) {
  Filler filler;
  const std::string line = filler.Paragraph(12) + "\n\n";
  const std::string text = filler.Paragraphs(10) + line + filler.Paragraphs(10) + line + filler.Paragraphs(2);
  const LeftRepeat left = OnlyLeft(text);
  EXPECT_EQ(left.because, LeftBecause::kShortForPage);
  EXPECT_EQ(left.words, 12);
  EXPECT_EQ(left.weighed, 12);
  EXPECT_EQ(left.needed, 15);
  EXPECT_EQ(left.kind, RepeatKind::kWholeLines);
  EXPECT_EQ(left.at_min_tokens, 0);
  EXPECT_EQ(Slice(text, left.first), line.substr(0, line.size() - 3));
  EXPECT_EQ(Slice(text, left.second), line.substr(0, line.size() - 3));
  EXPECT_LT(left.first.end, left.second.begin);
}

TEST(ExplainedLeft, IsTooShortForTextInsideParagraphs) {
  Filler filler;
  const std::string sentence = filler.Paragraph(40);
  const auto paragraph = [&] { return filler.Paragraph(30) + " " + sentence + " " + filler.Paragraph(20); };
  const std::string text = paragraph() + "\n\n" + filler.Paragraphs(1) + paragraph() + "\n";
  const LeftRepeat left = OnlyLeft(text);
  EXPECT_EQ(left.because, LeftBecause::kShortForPage);
  EXPECT_EQ(left.needed, 60);
  EXPECT_EQ(left.kind, RepeatKind::kInsideText);
  // The option that it names does what it says.
  EXPECT_EQ(left.at_min_tokens, 6);
  EXPECT_FALSE(Explain(text, {.min_tokens = 6}).empty());
  EXPECT_TRUE(Explain(text, {.min_tokens = 7}).empty());
}

TEST(ExplainedLeft, BeginsAgainAndAgain) {
  const LeftRepeat left = OnlyLeft(
      "News\n\nCome in, come in, says the man.\nCome in, come in, says the man.\nCome in, come in, "
      "says the man.\n");
  EXPECT_EQ(left.because, LeftBecause::kPeriod);
  EXPECT_EQ(left.weighed, 7);
  EXPECT_EQ(left.needed, 10);
  EXPECT_EQ(left.at_min_tokens, 7);
}

TEST(ExplainedLeft, IsAChorus) {
  Filler filler;
  std::string chorus;
  for (int line = 0; line < 4; ++line) chorus += filler.Paragraph(5) + "\n";
  const LeftRepeat left = OnlyLeft(filler.Paragraphs(2) + chorus + "\n" + filler.Paragraphs(2) + chorus);
  EXPECT_EQ(left.because, LeftBecause::kVerse);
  EXPECT_EQ(left.words, 20);
  EXPECT_EQ(left.needed, 0);
}

TEST(ExplainedLeft, IsTheTitle) {
  const LeftRepeat left =
      OnlyLeft("The harbour master opened the northern gate before sunrise on Tuesday\n\n" +
               std::string(kOne) + " " + kTwo + "\n");
  EXPECT_EQ(left.because, LeftBecause::kTitle);
}

TEST(ExplainedLeft, IsHalfASentence) {
  Filler filler;
  const std::string half = filler.Paragraph(60).substr(0, 300);
  const std::string words = half.substr(0, half.rfind(' '));
  const auto paragraph = [&] { return filler.Paragraph(9) + " But " + words + " " + filler.Paragraph(9); };
  const LeftRepeat left = OnlyLeft(paragraph() + "\n\n" + filler.Paragraphs(3) + paragraph() + "\n");
  EXPECT_EQ(left.because, LeftBecause::kHalfSentence);
  EXPECT_GE(left.words, 40);
  EXPECT_EQ(left.needed, 0);
}

TEST(ExplainedLeft, IsHalfASentenceThoughItIsShortToo) {
  const auto said = [](const std::string& word) {
    return "A paper with all the details will be laid out in the town hall from Monday on, where everyone "
           "may " +
           word + " it and write down what they think.\n\n";
  };
  const LeftRepeat left = OnlyLeft(said("read") + said("reed"));
  EXPECT_EQ(left.because, LeftBecause::kHalfSentence);
  EXPECT_EQ(left.needed, 0);
  EXPECT_EQ(left.at_min_tokens, 0);
}

TEST(ExplainedLeft, IsNamedOnceHoweverOftenItIsShown) {
  const PageRepeats found = Explain(
      "Come in, come in, says the man. Come in, come in, says the man. Come in, "
      "come in, says the man. Come in, come in, says the man.\n");
  EXPECT_EQ(found.left.size(), 1u);
}

TEST(ExplainedLeft, IsNotWhatAnotherRunCut) {
  // Three copies: the second and third are also a repeat of each other.
  const PageRepeats found =
      Explain(Column() + "\nOther news.\n\n" + Column() + "\nMore of it.\n\n" + Column());
  EXPECT_FALSE(found.repeats.empty());
  EXPECT_TRUE(found.left.empty());
}

TEST(Explaining, ChangesNoDecisionAndNamesPlacesThatStay) {
  Random random(11);
  PageRepeatFinder finder;
  PageRepeats plain, told;
  const std::vector<std::string> ends = {" ", ". ", ".", ".\n", "\n\n", "… Read more\n", ", "};
  size_t left = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text;
    std::vector<std::string> parts;
    for (size_t i = 1 + random.Below(6); i > 0; --i) {
      std::vector<uint32_t> numbers;
      for (size_t words = 1 + random.Below(16); words > 0; --words)
        numbers.push_back(static_cast<uint32_t>(random.Below(round % 2 ? 12 : 4000)));
      parts.push_back(reference::WordText(numbers));
    }
    for (size_t i = random.Below(24); i > 0; --i)
      text += parts[random.Below(parts.size())] + ends[random.Below(ends.size())];
    Tokens tokens;
    Tokenize(text, &tokens);
    PageRepeatOptions options = {.min_tokens = 3.0 + static_cast<double>(random.Below(10))};
    finder.Find(text, tokens, options, &plain);
    EXPECT_TRUE(plain.left.empty());
    options.explain = true;
    finder.Find(text, tokens, options, &told);
    ASSERT_EQ(plain.cut, told.cut) << text;
    ASSERT_EQ(plain.repeats.size(), told.repeats.size());
    uint32_t before = 0;
    for (const LeftRepeat& repeat : told.left) {
      ++left;
      ASSERT_GE(repeat.second.begin, before) << text;
      before = repeat.second.begin;
      ASSERT_LT(repeat.first.begin, repeat.second.begin) << text;
      ASSERT_NE(repeat.because, LeftBecause::kNothing) << text;
      ASSERT_GE(repeat.words, 3) << text;
      ASSERT_LE(repeat.second.end, text.size());
      for (const Span place : {repeat.first, repeat.second}) {
        Tokens words;
        Tokenize(Slice(text, place), &words);
        for (size_t i = 0; i < words.size(); ++i) {
          const uint32_t at = place.begin + words.begins[i];
          ASSERT_TRUE(std::none_of(told.cut.begin(), told.cut.end(),
                                   [&](Span cut) { return cut.begin <= at && at < cut.end; }))
              << Slice(text, place) << "\nof:\n"
              << text;
        }
      }
    }
  }
  EXPECT_GT(left, 200u);
}

}  // namespace
}  // namespace refrain
