#include "refrain/match/page_repeats.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/edges_internal.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

Tokens TokensOf(std::string_view text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  return tokens;
}

PageRepeats Find(const std::string& text, const PageRepeatOptions& options = {}) {
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, TokensOf(text), options, &found);
  return found;
}

std::string Clean(const std::string& text, const PageRepeatOptions& options = {}) {
  return WithoutSpans(text, Find(text, options).cut);
}

// `part` stands in `whole`, in one piece.
bool Holds(const std::vector<uint64_t>& whole, const std::vector<uint64_t>& part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

bool HoldsInOrder(const std::vector<uint64_t>& whole, const std::vector<uint64_t>& part) {
  size_t next = 0;
  for (const uint64_t word : whole) next += next < part.size() && part[next] == word;
  return next == part.size();
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
    // A cut may take its own line end along, and blank lines, but no second line.
    bool line_ended = false;
    for (uint32_t at = cut.begin; at < cut.end;) {
      const uint32_t line_end = LineEndAt(text, at);
      if (line_end > 0) {
        line_ended = true;
        at += line_end;
      } else {
        ASSERT_TRUE(!line_ended || text[at] == ' ' || text[at] == '\t') << text;
        ++at;
      }
    }
  }
  const Tokens tokens = TokensOf(text);
  const auto is_cut = [&](Span span) {
    return std::any_of(found.cut.begin(), found.cut.end(),
                       [&](const Span& cut) { return cut.begin <= span.begin && span.end <= cut.end; });
  };
  end = 0;
  for (const Repeat& repeat : found.repeats) {
    ASSERT_GE(repeat.dropped.begin, end);
    end = repeat.dropped.end;
    ASSERT_LE(repeat.dropped.end, text.size());
    ASSERT_LE(repeat.kept.end, text.size());
    ASSERT_LE(repeat.edits, repeat.tokens);
    const Tokens dropped = TokensOf(Slice(text, repeat.dropped)), kept = TokensOf(Slice(text, repeat.kept));
    ASSERT_EQ(dropped.size(), repeat.tokens);
    if (max_edits == 0) {
      ASSERT_EQ(repeat.edits, 0u);
      ASSERT_EQ(dropped.hashes, kept.hashes) << text;
    }
    if (repeat.edits == 0) {
      ASSERT_TRUE(HoldsInOrder(kept.hashes, dropped.hashes)) << Slice(text, repeat.kept) << "\nfor:\n"
                                                             << Slice(text, repeat.dropped) << "\nof:\n"
                                                             << text;
    }
    for (size_t i = 0; i < tokens.size(); ++i) {
      const Span span = tokens.span(i);
      if (repeat.dropped.begin <= span.begin && span.end <= repeat.dropped.end) {
        ASSERT_TRUE(is_cut(span)) << text;
      }
    }
  }
  // Without slips and ellipses no word goes for good.
  const bool edits = std::any_of(found.repeats.begin(), found.repeats.end(),
                                 [](const Repeat& one) { return one.edits > 0; });
  if (edits || text.find("...") != std::string::npos || text.find("…") != std::string::npos) return;
  const Tokens clean = TokensOf(WithoutSpans(text, found.cut));
  const std::set<uint64_t> before(tokens.hashes.begin(), tokens.hashes.end());
  const std::set<uint64_t> behind(clean.hashes.begin(), clean.hashes.end());
  ASSERT_EQ(before, behind) << text;
}

constexpr char kOne[] = "The harbour master opened the northern gate before sunrise on Tuesday morning.";
constexpr char kTwo[] = "Eleven fishing boats had waited outside since midnight while heavy rain fell.";
constexpr char kThree[] = "Nobody in the small town could remember such a long queue of vessels.";

std::string Column() { return std::string(kOne) + "\n\n" + kTwo + "\n\n" + kThree + "\n"; }
std::string Blob() { return std::string(kOne) + kTwo + kThree + "\n"; }

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

TEST(PageRepeats, ACutOffLeadGoesAndTheFullTextStays) {
  const std::string body = std::string(kOne) + " " + kTwo + "\n";
  for (const std::string lead : {"The harbour master opened the northern gate before sunrise on…\n",
                                 "The harbour master opened the northern gate before sunrise on...\n",
                                 "The harbour master opened the northern gate before sunrise on [...]\n",
                                 "The harbour master opened the northern gate before sunrise on\n",
                                 "The harbour master opened the northern gate before sunrise on… Read more\n",
                                 "The harbour master…\n", "The harbour master opened… Read more »\n"}) {
    EXPECT_EQ(Clean(lead + "\n" + body, {.min_tokens = 8}), body) << lead;
    const std::string clean = Clean(body + "\n" + lead, {.min_tokens = 8});
    EXPECT_EQ(TokensOf(clean).hashes, TokensOf(body).hashes) << lead;
  }
}

TEST(PageRepeats, ALeadOfNothingBehindItStays) {
  const std::string text = "The harbour master opened… Read more\n\nOther news of the day.\n";
  EXPECT_TRUE(Find(text).empty());
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
  const std::string slip = "The harbour master opened the nothern gate before sunrise on Tuesday morning.";
  const PageRepeats found =
      Find(std::string(kOne) + "\n\nOther news.\n\n" + slip + "\n\nMore of it.\n\n" + slip + "\n");
  ASSERT_EQ(found.repeats.size(), 2u);
  for (const Repeat& repeat : found.repeats) {
    EXPECT_EQ(repeat.edits, 1u);
    EXPECT_EQ(repeat.kept.begin, 0u);
  }
}

TEST(PageRepeats, ASlipAtTheVeryEndIsCountedToo) {
  const PageRepeats found = Find(std::string(kOne) +
                                 "\n\nOther news.\n\nThe harbour master opened the northern gate before "
                                 "sunrise on Tuesday mornings.\n");
  ASSERT_EQ(found.repeats.size(), 1u);
  EXPECT_EQ(found.repeats[0].tokens, 12u);
  EXPECT_EQ(found.repeats[0].edits, 1u);
}

TEST(PageRepeats, ANumberThatDiffersIsNeverCut) {
  const std::string before = "The council will spend ", behind = " crowns on a new library roof this autumn.";
  for (const auto& [one, other] :
       {std::pair<std::string, std::string>{"1500", "1600"}, {"15000", "15001"}, {"3.5", "3.6"}}) {
    const std::string clean = Clean(
        before + one + behind + "\n\nOther news.\n\n" + before + other + behind + "\n", {.min_tokens = 5});
    EXPECT_NE(clean.find(one), std::string::npos);
    EXPECT_NE(clean.find(other), std::string::npos);
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
  EXPECT_EQ(Clean(paragraph + "\nข่าวอื่น\n\n" + paragraph), paragraph + "\nข่าวอื่น\n\n");
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
