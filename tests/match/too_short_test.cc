#include "refrain/match/too_short_internal.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/copies_internal.h"
#include "refrain/match/join_internal.h"
#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

// Lines and paragraphs of sentences that come again, more of them new.
std::string APage(Random* random) {
  const std::vector<std::string> ends = {" ", ". ", ".", ".\n", "\n", "\n\n", "…\n", ": ", ", "};
  // A title and a standfirst, again behind a date or an author.
  const bool dated = random->Below(8) == 0;
  uint32_t word = 0;
  const auto sentence = [&](uint32_t most) {
    std::vector<uint32_t> numbers;
    for (size_t words = 1 + random->Below(most); words > 0; --words) numbers.push_back(word++);
    return reference::WordText(numbers);
  };
  std::vector<std::string> known;
  for (int i = 0; i < 4; ++i) known.push_back(sentence(i == 0 ? 60 : 25));
  std::string text;
  if (dated)
    text = sentence(8) + "\n" + known[1] + (random->Below(2) == 0 ? "\n12 05 2019\n" : "\nBy Walo\n") +
           known[1] + "\n";
  const size_t others = random->Below(12);
  for (size_t i = random->Below(60); i > 0; --i) {
    text += random->Below(others + 2) < 2 ? known[random->Below(known.size())] : sentence(30);
    text += ends[random->Below(ends.size())];
  }
  return text;
}

// With explain nobody asks whether all is too short: every run is judged.
TEST(TooShort, WhatIsLeftWithoutACloserLookWouldHaveBeenLeft) {
  Random random(11);
  size_t too_short = 0, left = 0, going = 0;
  for (int round = 0; round < 6000; ++round) {
    const std::string text = APage(&random);
    const Tokens tokens = TokensOf(text);
    PageRepeatOptions options = {.min_tokens = 3.0 + static_cast<double>(random.Below(10))};
    std::vector<EdgeBits> edges;
    FindEdges(text, tokens, &edges);
    std::vector<AlignedRun> runs;
    RunFinder().Find(text, tokens, {.min_words = options.min_tokens, .max_edits = 2}, &runs);
    RunJoiner().Join(text, tokens, edges, 2, &runs);
    if (runs.empty()) continue;
    std::vector<CopyChoice> plain, told;
    ChooseCopies({text, tokens, edges}, runs, options, &plain);
    options.explain = true;
    ChooseCopies({text, tokens, edges}, runs, options, &told);
    ASSERT_EQ(told.size(), runs.size());
    const bool none_goes = std::none_of(told.begin(), told.end(), [](const CopyChoice& choice) {
      return choice.left == LeftBecause::kNothing;
    });
    if (plain.empty()) {
      ASSERT_TRUE(none_goes) << text;
      ++too_short;
      continue;
    }
    // The quick look knows lengths, not what entries of a list have in common.
    const bool lists = std::any_of(told.begin(), told.end(), [](const CopyChoice& choice) {
      return choice.left == LeftBecause::kEntry;
    });
    if (!none_goes) {
      ++going;
    } else if (!lists) {
      ++left;
    }
    ASSERT_EQ(plain.size(), told.size());
    for (size_t i = 0; i < plain.size(); ++i) {
      ASSERT_EQ(plain[i].run, told[i].run);
      ASSERT_EQ(plain[i].left, told[i].left) << text;
    }
  }
  EXPECT_GT(too_short, 500u);
  EXPECT_GT(going, 500u);
  EXPECT_LT(left, too_short) << "the look before is worth its cost";
}

}  // namespace
}  // namespace refrain
