#include "refrain/match/copies_internal.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

// How many of runs of `length` words, one every `step`, go from a page of 300 words in one paragraph. The
// places are those of words 20... and 200...; what the words are does not matter.
size_t Going(uint32_t runs, uint32_t length, uint32_t step_a, uint32_t step_b) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < 300; ++i) numbers.push_back(i);
  const std::string text = reference::WordText(numbers);
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<EdgeBits> edges;
  FindEdges(text, tokens, &edges);
  std::vector<AlignedRun> aligned(runs);
  for (uint32_t i = 0; i < runs; ++i)
    aligned[i].pieces.push_back({20 + i * step_a, 200 + i * step_b, length});
  std::vector<CopyChoice> choices;
  ChooseCopies({text, tokens, edges}, aligned, {}, &choices);
  size_t going = 0;
  for (const CopyChoice& choice : choices) going += choice.left == LeftBecause::kNothing;
  return going;
}

TEST(Copies, RunsThatFollowOneAnotherCountTogether) {
  EXPECT_EQ(Going(1, 70, 0, 0), 1u);
  EXPECT_EQ(Going(1, 14, 0, 0), 0u) << "sixty words are needed inside a paragraph";
  EXPECT_EQ(Going(5, 14, 14, 14), 5u);
}

TEST(Copies, RunsWithOtherWordsBetweenThemDoNot) {
  EXPECT_EQ(Going(5, 14, 15, 15), 5u);
  EXPECT_EQ(Going(5, 14, 14, 19), 0u) << "in the second place";
  EXPECT_EQ(Going(5, 14, 19, 14), 0u) << "in the first place";
}

TEST(Copies, TheSameWordsDoNotCountTwice) {
  EXPECT_EQ(Going(5, 14, 7, 14), 0u) << "first places overlap";
  EXPECT_EQ(Going(5, 14, 14, 7), 0u) << "second places overlap";
}

}  // namespace
}  // namespace refrain
