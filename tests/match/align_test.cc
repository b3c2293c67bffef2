#include "refrain/match/align.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/base/span.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;
using reference::WordText;

Tokens TokensOf(const std::string& text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  return tokens;
}

std::vector<AlignedTokens> Aligned(const std::string& a, const std::string& b,
                                   const ShingleOptions& options = {}) {
  AlignScratch scratch;
  std::vector<AlignedTokens> spans;
  Align(TokensOf(a), TokensOf(b), options, &scratch, &spans);
  return spans;
}

TEST(Align, StretchesAreVerbatimRisingAndDisjointAndCoverEverySharedShingle) {
  Random random(1);
  AlignScratch scratch;
  std::vector<AlignedTokens> spans;
  for (int round = 0; round < 300; ++round) {
    const size_t alphabet = 2 + random.Below(30);
    const auto numbers = [&] {
      std::vector<uint32_t> list(random.Below(120));
      for (uint32_t& number : list) number = static_cast<uint32_t>(random.Below(alphabet));
      return list;
    };
    std::vector<uint32_t> one = numbers(), other = numbers();
    if (round % 2 == 0) other.insert(other.begin() + other.size() / 2, one.begin(), one.end());
    const Tokens a = TokensOf(WordText(one)), b = TokensOf(WordText(other));
    const size_t width = 1 + random.Below(6);
    const ShingleOptions options = {.words = static_cast<int>(width)};
    Align(a, b, options, &scratch, &spans);

    std::vector<bool> covered(a.size());
    uint32_t end = 0;
    for (const AlignedTokens& span : spans) {
      ASSERT_GT(span.length, 0u);
      ASSERT_GE(span.a_first, end);
      end = span.a_first + span.length;
      ASSERT_LE(end, a.size());
      ASSERT_LE(span.b_first + span.length, b.size());
      for (uint32_t i = 0; i < span.length; ++i) {
        ASSERT_EQ(a.hashes[span.a_first + i], b.hashes[span.b_first + i]);
        covered[span.a_first + i] = true;
      }
    }
    std::set<std::vector<uint64_t>> theirs;
    for (size_t i = 0; i + width <= b.size(); ++i)
      theirs.insert(std::vector<uint64_t>(b.hashes.begin() + i, b.hashes.begin() + i + width));
    for (size_t i = 0; i + width <= a.size(); ++i) {
      if (!theirs.contains(std::vector<uint64_t>(a.hashes.begin() + i, a.hashes.begin() + i + width)))
        continue;
      for (size_t t = i; t < i + width; ++t) ASSERT_TRUE(covered[t]) << i;
    }
    // Each token of a is in a stretch or in an uncovered span.
    const std::vector<Span> uncovered = UncoveredSpans(a, spans);
    for (size_t t = 0; t < a.size(); ++t) {
      const auto holds = [&](const Span& span) { return span.begin <= a.begins[t] && a.ends[t] <= span.end; };
      ASSERT_EQ(std::count_if(uncovered.begin(), uncovered.end(), holds), covered[t] ? 0 : 1);
    }
    for (size_t i = 0; i < uncovered.size(); ++i) {
      ASSERT_FALSE(uncovered[i].empty());
      if (i > 0) {
        ASSERT_GT(uncovered[i].begin, uncovered[i - 1].end);
      }
    }
  }
}

TEST(Align, AStretchReadsOnWhereTheOneBeforeEnded) {
  // "a b c d e" stands twice in b; only the second goes on with what a shows behind.
  const auto spans = Aligned("p q r s t NEW a b c d e", "a b c d e x p q r s t NEU a b c d e");
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].b_first, 6u);
  EXPECT_EQ(spans[1].a_first, 6u);
  EXPECT_EQ(spans[1].length, 5u);
}

TEST(Align, EqualTextsAreOneStretch) {
  const auto spans = Aligned("One two three. Four five six!", "one TWO three four - five six");
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].length, 6u);
}

TEST(Align, TextsShorterThanAShingleAlignIfTheyAreEqual) {
  EXPECT_EQ(Aligned("one two", "One, two").size(), 1u);
  EXPECT_TRUE(Aligned("one two", "one three").empty());
}

TEST(Align, NothingSharedOrNothingThereGivesNothing) {
  EXPECT_TRUE(Aligned("", "").empty());
  EXPECT_TRUE(Aligned("", "one two three four five").empty());
  EXPECT_TRUE(Aligned("one two three four five", "").empty());
  EXPECT_TRUE(Aligned("one two three four five", "six seven eight nine ten").empty());
}

TEST(Align, OneWordRepeatedEnds) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "on ";
  const auto spans = Aligned(text, text);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].length, 300'000u);
}

TEST(UncoveredSpans, AreWholeWordsWithWhatStandsBetween) {
  const std::string a = "Zero one two three four five - SIX, seven!";
  const auto uncovered = UncoveredSpans(TokensOf(a), Aligned(a, "x one two three four five y"));
  ASSERT_EQ(uncovered.size(), 2u);
  EXPECT_EQ(Slice(a, uncovered[0]), "Zero");
  EXPECT_EQ(Slice(a, uncovered[1]), "SIX, seven");
}

TEST(UncoveredSpans, OfNothingAlignedAreAllWords) {
  const std::string a = "  One two. ";
  EXPECT_EQ(UncoveredSpans(TokensOf(a), {}), std::vector<Span>({{2, 9}}));
  EXPECT_TRUE(UncoveredSpans(TokensOf("..."), {}).empty());
}

}  // namespace
}  // namespace refrain
