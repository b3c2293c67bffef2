#include "refrain/match/between_internal.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

// A page of two stretches, [0, middle) and [middle, end), as words from a vocabulary.
struct Page {
  std::string text;
  Tokens tokens;
  std::vector<EdgeBits> edges;
  Between between;

  explicit Page(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (const auto* words : {&a, &b}) {
      for (const std::string& word : *words) text += word + (text.size() % 7 == 0 ? ". " : " ");
    }
    Tokenize(text, &tokens);
    FindEdges(text, tokens, &edges);
    const uint32_t middle = static_cast<uint32_t>(a.size());
    between = {0, middle, middle, middle + static_cast<uint32_t>(b.size())};
  }
};

std::string Word(uint32_t number) { return reference::WordText({number}); }

// A word of eight letters and more with two letters swapped.
std::string Slip(std::string word) {
  std::swap(word[3], word[4]);
  return word;
}

// The second stretch is the first one with words left out, put in, replaced or misspelt; `changes` of a
// hundred.
Page Edited(std::mt19937* random, uint32_t vocabulary, uint32_t changes) {
  const auto draw = [&](uint32_t below) { return static_cast<uint32_t>((*random)() % below); };
  std::vector<std::string> a, b;
  const uint32_t size = 1 + draw(draw(2) == 0 ? 140 : 24);
  for (uint32_t i = 0; i < size; ++i) a.push_back("longish" + Word(draw(vocabulary)));
  for (const std::string& word : a) {
    const uint32_t dice = draw(100);
    if (dice >= changes) {
      b.push_back(word);
    } else if (dice % 4 == 0) {
      b.push_back(Slip(word));
    } else if (dice % 4 == 1) {
      b.push_back("other" + Word(draw(vocabulary)));
    } else if (dice % 4 == 2) {
      b.push_back(word);
      b.push_back("more" + Word(draw(vocabulary)));
    }
  }
  if (b.empty()) b.push_back("other");
  return Page(a, b);
}

// A quick no is never wrong.
TEST(Between, MayKeepAllThatAlignKeeps) {
  std::mt19937 random(7);
  BetweenAligner aligner;
  size_t kept = 0, slips = 0;
  for (int round = 0; round < 3000; ++round) {
    const int max_edits = round % 4;
    const Page page = Edited(&random, round % 3 == 0 ? 12 : 1000, static_cast<uint32_t>(round % 90));
    aligner.Begin(page.text, page.tokens, page.edges, max_edits);
    const std::vector<AlignedPair> pairs = aligner.Align(page.between);
    kept += pairs.size();
    slips += static_cast<size_t>(
        std::count_if(pairs.begin(), pairs.end(), [](const AlignedPair& pair) { return pair.slip; }));
    EXPECT_TRUE(aligner.MayKeep(page.between, static_cast<uint32_t>(pairs.size())))
        << pairs.size() << " pairs kept of\n"
        << page.text;
  }
  EXPECT_GT(kept, 50'000u);
  EXPECT_GT(slips, 1000u);
}

// It is worth asking: strangers that share common words and phrases here and there are known.
TEST(Between, StrangersAreTold) {
  std::mt19937 random(8);
  BetweenAligner aligner;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> stretches[2];
    for (auto& words : stretches) {
      while (words.size() < 150) {
        const uint32_t draw = static_cast<uint32_t>(random() % 10);
        if (draw == 0) {
          words.insert(words.end(), {"as", "may", "be", "seen"});
        } else {
          words.push_back(
              Word(draw < 4 ? static_cast<uint32_t>(random() % 8) : static_cast<uint32_t>(random() % 4000)));
        }
      }
    }
    const Page page(stretches[0], stretches[1]);
    aligner.Begin(page.text, page.tokens, page.edges, 2);
    EXPECT_FALSE(aligner.MayKeep(page.between, 100));
  }
}

// Steps are counted: a page of strangers ends, and what comes last is aligned with nothing.
TEST(Between, WorkOnAPageIsBounded) {
  std::mt19937 random(9);
  const Page page = Edited(&random, 1000, 0);
  BetweenAligner aligner;
  aligner.Begin(page.text, page.tokens, page.edges, 2);
  int rounds = 0;
  while (!aligner.Align(page.between).empty() && rounds < 1000) ++rounds;
  EXPECT_GT(rounds, 2);
  EXPECT_LT(rounds, 1000);
  aligner.Begin(page.text, page.tokens, page.edges, 2);
  for (rounds = 0; aligner.MayKeep(page.between, page.between.in_b()) && rounds < 100'000;) ++rounds;
  EXPECT_LT(rounds, 100'000);
}

}  // namespace
}  // namespace refrain
