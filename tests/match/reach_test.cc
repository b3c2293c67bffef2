#include "refrain/match/reach_internal.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

Tokens Many(size_t words) {
  Tokens tokens;
  for (uint32_t i = 0; i < words; ++i) {
    tokens.hashes.push_back(i);
    tokens.begins.push_back(5 * i);
    tokens.ends.push_back(5 * i + 4);
    tokens.traits.push_back(TokenTraits::kWord);
  }
  return tokens;
}

AlignedRun ARun(uint32_t a, uint32_t b, uint32_t length) {
  AlignedRun run;
  run.pieces.push_back({a, b, length});
  return run;
}

constexpr double kMinWords = 10;

TEST(Reach, WordsAreCountedAsTheyWeigh) {
  Tokens tokens = Many(10'000);
  EXPECT_EQ(WordsOf(tokens), 10'000);
  for (size_t i = 0; i < 4000; ++i)
    tokens.traits[i] = i % 2 == 0 ? TokenTraits::kHalf : TokenTraits::kQuarter;
  EXPECT_EQ(WordsOf(tokens), 6000 + 2000 / 2 + 2000 / 4);
  EXPECT_EQ(WordsOf(Tokens{}), 0);
}

TEST(Reach, ShortLeadsMayGoUpToSomeLength) {
  EXPECT_TRUE(ShortLeadsMayGo(Many(39'999), kMinWords));
  EXPECT_FALSE(ShortLeadsMayGo(Many(40'000), kMinWords));
  Tokens tokens = Many(50'000);
  std::fill(tokens.traits.begin(), tokens.traits.end(), TokenTraits::kHalf);
  EXPECT_TRUE(ShortLeadsMayGo(tokens, kMinWords));
}

// In 40,000 words 200 are needed at least.
TEST(Reach, OneLongRunMayGo) {
  const Tokens tokens = Many(40'000);
  EXPECT_TRUE(RunsMayGo(tokens, kMinWords, {ARun(100, 30'000, 200)}));
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, {ARun(100, 30'000, 100)}));
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, {}));
}

TEST(Reach, ShortPagesAreLookedAtAnyway) {
  EXPECT_TRUE(RunsMayGo(Many(2000), kMinWords, {ARun(100, 1000, 10)}));
}

// What stands between may belong to the copy too: the runs would be joined.
TEST(Reach, RunsOfOneCopyCountTogether) {
  const Tokens tokens = Many(40'000);
  std::vector<AlignedRun> runs;
  for (uint32_t i = 0; i < 4; ++i) runs.push_back(ARun(100 + 60 * i, 30'000 + 60 * i, 12));
  EXPECT_TRUE(RunsMayGo(tokens, kMinWords, runs));
  // Near in the second place only: from four corners of the page.
  for (uint32_t i = 0; i < 4; ++i) runs[i] = ARun(100 + 5000 * (3 - i), 30'000 + 60 * i, 12);
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, runs));
  for (uint32_t i = 0; i < 4; ++i) runs[i] = ARun(100 + 5000 * i, 30'000 + 60 * i, 12);
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, runs));
  // Near in the first place only.
  for (uint32_t i = 0; i < 4; ++i) runs[i] = ARun(100 + 60 * i, 10'000 + 5000 * i, 12);
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, runs));
}

// Then short runs may go as well.
TEST(Reach, APageThatIsMostlyShownTwiceIsLookedAt) {
  const Tokens tokens = Many(40'000);
  std::vector<AlignedRun> runs;
  for (uint32_t i = 0; i < 150; ++i) runs.push_back(ARun(19'000 - 100 * i, 20'000 + 100 * i, 98));
  EXPECT_TRUE(RunsMayGo(tokens, kMinWords, runs));
  runs.resize(100);
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, runs));
  // Many first places for one second place show no more of the page.
  runs.clear();
  for (uint32_t i = 0; i < 150; ++i) runs.push_back(ARun(100 * i, 20'000, 98));
  EXPECT_FALSE(RunsMayGo(tokens, kMinWords, runs));
}

TEST(Reach, VeryManyRunsNearEachOtherAreNotCompared) {
  const Tokens tokens = Many(400'000);
  std::vector<AlignedRun> runs;
  for (uint32_t i = 0; i < 400; ++i) runs.push_back(ARun(500 * i, 300'000 + i / 2, 12));
  EXPECT_TRUE(RunsMayGo(tokens, kMinWords, runs));
}

std::string Sentences(uint32_t first, uint32_t count) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i) {
    std::vector<uint32_t> numbers;
    for (uint32_t word = 0; word < 12; ++word) numbers.push_back(12 * (first + i) + word);
    text += (i == 0 ? "So " : " So ") + reference::WordText(numbers) + ".";
  }
  return text;
}

// A chapter in the middle of a book, cut off, and again as a whole: long enough for so long a page, but only
// if its runs are taken together, with the paragraphs between them that one copy lacks.
TEST(Reach, ACopyInALongPageGoes) {
  std::string book, paragraphs, blob;
  for (uint32_t i = 0; i < 500; ++i) book += Sentences(10'000 + 5 * i, 5) + "\n\n";
  for (uint32_t i = 0; i < 200; ++i) paragraphs += Sentences(20 * i, 4) + "\n\n";
  for (uint32_t i = 0; i < 200; ++i) blob += (i == 0 ? "" : "\n") + Sentences(20 * i, 4);
  const std::string page = book + paragraphs + blob + "\n\n" + Sentences(50'000, 5) + "\n";
  const std::string clean = Clean(page);
  EXPECT_EQ(clean, book + paragraphs + Sentences(50'000, 5) + "\n");
  // And what is too short for it stays.
  const std::string said_twice = book + book.substr(0, book.find("\n\n")) + "\n";
  EXPECT_EQ(Clean(said_twice), said_twice);
}

}  // namespace
}  // namespace refrain
