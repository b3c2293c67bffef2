#include "refrain/match/letters_internal.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/match/page_testing.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

// Thai: "the harbour opened its northern gate before sunrise on Tuesday".
constexpr char kText[] = "ท่าเรือเปิดประตูด้านเหนือก่อนพระอาทิตย์ขึ้นในวันอังคาร";

// One run that shows the text as two places have it, one letter apart.
struct Two {
  std::string text;
  Tokens tokens;
  std::vector<EdgeBits> edges;
  AlignedRun run;
};

std::string Letters(const std::string& text, size_t begin, size_t end) {
  return text.substr(3 * begin, 3 * (end - begin));
}

Two WithDoubled(size_t at, bool in_a) {
  const std::string text = kText;
  const size_t letters = text.size() / 3;
  const std::string doubled = Letters(text, 0, at + 1) + Letters(text, at, letters);
  Two two;
  two.text = (in_a ? doubled : text) + "\n" + (in_a ? text : doubled) + "\n";
  Tokenize(two.text, &two.tokens);
  FindEdges(two.text, two.tokens, &two.edges);
  const uint32_t head = static_cast<uint32_t>(at) + 1, rest = static_cast<uint32_t>(letters) - head;
  const uint32_t b = static_cast<uint32_t>(letters) + in_a;
  two.run.pieces = {{0, b, head}, {head + in_a, b + head + !in_a, rest}};
  two.run.gaps = {in_a ? GapKind::kExtraA : GapKind::kExtraB};
  return two;
}

TEST(Letters, ALetterTwiceInARowIsASlip) {
  for (const bool in_a : {true, false}) {
    const Two two = WithDoubled(20, in_a);
    ASSERT_EQ(two.tokens.size(), two.run.b_end());
    EXPECT_TRUE(IsDoubledLetter(two.tokens, two.edges, two.run, in_a, 0));
    EXPECT_FALSE(IsDoubledLetter(two.tokens, two.edges, two.run, !in_a, 0));
  }
}

TEST(Letters, NotBesideTheEndOfWhatAgrees) {
  const Two two = WithDoubled(2, true);
  EXPECT_FALSE(IsDoubledLetter(two.tokens, two.edges, two.run, true, 0));
}

TEST(Letters, ARunGoesOnOverOneToTheEndOfTheLine) {
  for (const bool in_a : {true, false}) {
    for (const size_t at : {size_t{3}, std::string(kText).size() / 3 - 4}) {
      const Two two = WithDoubled(at, in_a);
      for (const size_t kept : {size_t{0}, size_t{1}}) {
        AlignedRun run;
        run.pieces = {two.run.pieces[kept]};
        ExtendOverLetters(two.tokens, two.edges, &run);
        const RunPiece& other = two.run.pieces[1 - kept];
        if (other.length > 24) {
          EXPECT_EQ(run.pieces.size(), 1u) << at << kept;  // further than six words
          continue;
        }
        ASSERT_EQ(run.pieces.size(), 2u) << at << kept;
        EXPECT_EQ(run.gaps[0], in_a ? GapKind::kExtraA : GapKind::kExtraB);
        EXPECT_EQ(run.a_begin(), two.run.a_begin());
        EXPECT_EQ(run.b_begin(), two.run.b_begin());
        EXPECT_EQ(run.a_end(), two.run.a_end());
        EXPECT_EQ(run.b_end(), two.run.b_end());
      }
    }
  }
}

TEST(Letters, ACopyWithADoubledLetterGoesAndOneWithALetterOfItsOwnStays) {
  const std::string text = kText;
  const size_t letters = text.size() / 3, middle = 20;
  // And other paragraphs, of any letters: a short page may be a list.
  std::string rest;
  reference::Random random(1);
  for (int i = 0; i < 400; ++i) {
    rest += "\xE0\xB8";
    rest.push_back(static_cast<char>(0x81 + random.Below(0x2E)));
    if (i % 100 == 99) rest += "\n";
  }
  const auto page = [&](const std::string& slip) {
    return "หัวเรื่อง\n" + text + "\n" + rest + "ประกาศ\n" + Letters(text, 0, middle + 1) + slip +
           Letters(text, middle + 1, letters) + "\n" + rest;
  };
  const std::string doubled = Letters(text, middle, middle + 1);
  EXPECT_EQ(Clean(page(doubled)).find(doubled + doubled), std::string::npos);
  EXPECT_NE(
      Clean("หัวเรื่อง\nจำนวน๑๑๒" + text + "\n" + rest + "ประกาศ\nจำนวน๑๒" + text + "\n" + rest).find("จำนวน๑๒"),
      std::string::npos);
  const std::string own = "ฬ";
  EXPECT_NE(Clean(page(own)).find(own), std::string::npos);
}

}  // namespace
}  // namespace refrain
