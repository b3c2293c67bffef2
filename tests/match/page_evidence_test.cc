// What a page says twice stays. Beside each rule stands the same page but for what the rule looks at, of
// which a copy goes: without the rule the test would fail.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

std::string Clean(const std::string& text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, tokens, {}, &found);
  return WithoutSpans(text, found.cut);
}

constexpr char kOne[] = "The harbour master opened the northern gate before sunrise on Tuesday morning.";
constexpr char kTwo[] = "Eleven fishing boats had waited outside since midnight while heavy rain fell.";
constexpr char kThree[] = "Nobody in the small town could remember such a long queue of vessels.";

// A paragraph of words that stand nowhere else.
std::string Filler(uint32_t first, uint32_t words) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < words; ++i) numbers.push_back(first + i);
  std::string text = reference::WordText(numbers);
  text[0] = 'W';
  return text + ".\n\n";
}

TEST(PageEvidence, ASentenceSaidTwiceInALongPageStays) {
  const std::string said = std::string(kOne) + "\n\n",
                    words = Filler(0, 300) + Filler(1000, 300) + Filler(2000, 300);
  EXPECT_EQ(Clean(said + words + said), said + words + said);
  EXPECT_EQ(Clean(words + said + said + "End.\n"), words + said + said + "End.\n")
      << "12 of 924 words, n/40 are 23";
  const std::string passage = std::string(kOne) + " " + kTwo + " " + kThree + "\n\n";
  EXPECT_EQ(Clean(words + passage + passage + "End.\n"), words + passage + "End.\n") << "37 words";
}

TEST(PageEvidence, QuotationsStay) {
  const auto page = [](const std::string& mark) {
    return "He wrote:\n\n" + mark + kOne + "\n" + mark + kTwo + "\n\nI wrote:\n\n" + kOne + "\n" + kTwo +
           "\n\nAnd no more.\n\n" + Filler(0, 80);
  };
  for (const std::string mark : {"> ", ">> ", "| ", "# "}) EXPECT_EQ(Clean(page(mark)), page(mark));
  EXPECT_NE(Clean(page("")), page(""));
}

TEST(PageEvidence, CodeAndTablesStay) {
  const auto page = [](const std::string& line) {
    return Filler(0, 80) + line + "\n\nAnd then once more.\n\n" + line + "\n\n" + Filler(1000, 80);
  };
  for (const std::string line :
       {"for (size_t i = 0; i < rows.size(); ++i) { sum += rows[i].price * rows[i].count; total[i] = sum; }",
        "Amoco Texaco Shell Arco Total Agip Elf Citgo 17.50 16.60 17.85 18.05 19.10 16.75"}) {
    EXPECT_EQ(Clean(page(line)), page(line));
  }
  EXPECT_NE(Clean(page(kOne)), page(kOne));
}

TEST(PageEvidence, AListOfLinksThatTheTextRefersToStays) {
  const auto page = [](const std::string& open, const std::string& close) {
    const std::string title =
        open + "How the northern gate of the harbour is opened by hand when the engine fails in heavy rain" +
        close;
    return "All of that is told at length in the article " + title + " of this paper, and nowhere else.\n\n" +
           Filler(0, 80) + "See also\n\n" + title + "\n\nOther news\n";
  };
  EXPECT_EQ(Clean(page("[", "]")), page("[", "]"));
  EXPECT_NE(Clean(page("", "")), page("", "")) << "a call-out";
}

TEST(PageEvidence, APageOfCodeThatIsThereTwiceIsRepaired) {
  std::string code;
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i);
    code += "int value" + n + " = table[row" + n + "] * (weight" + n + " + offset_" + n + ") / divisor" + n +
            ";\n";
  }
  EXPECT_EQ(Clean("Listing\n\n" + code + "\n" + code), "Listing\n\n" + code);
}

TEST(PageEvidence, AFormulaInFivePlacesStays) {
  // In turn by itself and at the end of a paragraph, where it would be a call-out.
  const auto law = [](uint32_t sections) {
    const std::string formula = "Whoever acts against this rule pays a fine of up to ten thousand crowns.";
    std::string text;
    for (uint32_t i = 0; i < sections; ++i) {
      std::string paragraph = Filler(i * 1000, 40);
      paragraph.resize(paragraph.size() - 2);
      text += paragraph + (i % 2 == 0 ? " " : "\n\n") + formula + "\n\n";
    }
    return text;
  };
  EXPECT_EQ(Clean(law(5)), law(5));
  EXPECT_NE(Clean(law(2)), law(2));
}

TEST(PageEvidence, AFieldThatTheTextRepeatsStays) {
  // The title in front is broken to a width, so that it is the worse copy.
  const std::string first =
                        "The long and winding history of the northern gate in the harbour of the old town",
                    second =
                        "and of the eleven fishing boats that waited outside of it for all of a rainy night";
  const auto page = [&](const std::string& field) {
    return field + first + "\n  " + second + "\n\n" + first + " " + second + "\n\n" + kThree + "\n";
  };
  EXPECT_EQ(Clean(page("Title: ")), page("Title: "));
  EXPECT_NE(Clean(page("")), page(""));
}

TEST(PageEvidence, AThaiSentenceIsNotCutInTheMiddleOfAPhrase) {
  const std::string one = "รัฐมนตรีว่าการกระทรวงวัฒนธรรมเป็นประธานในพิธีเปิดงานประจำปีของจังหวัด",
                    two = "โดยมีประชาชนเข้าร่วมเป็นจำนวนมากตลอดทั้งวันที่ศาลากลางริมแม่น้ำ",
                    three = "และเด็กนักเรียนร้องเพลงให้ผู้สูงอายุฟังก่อนพระอาทิตย์ตก";
  const std::string line = one + " " + two + " " + three + "\n";
  // The second copy begins behind a word without a space: that phrase stays.
  EXPECT_EQ(Clean(line + "\nวันนี้" + line).find("วันนี้" + one), line.size() + 1);
  EXPECT_EQ(Clean(line + "\n" + line), line);
}

}  // namespace
}  // namespace refrain
