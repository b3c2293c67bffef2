#include "refrain/match/passages.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;
using reference::WordText;

using Numbers = std::vector<uint32_t>;

struct Text {
  explicit Text(const std::string& text, const PassageOptions& options = {}) {
    Tokenize(text, &tokens);
    PlacedShingles scratch;
    MakeSeeded(tokens, options, &scratch, &seeded);
  }
  Text(const Text&) = delete;
  Tokens tokens;
  SeededText seeded;
};

std::vector<SharedPassage> Find(const Text& a, const Text& b, const PassageOptions& options = {}) {
  PassageFinder finder;
  SharedShingles shared;
  std::vector<SharedPassage> passages;
  FindShared(a.seeded.seeds, b.seeded.seeds, &shared);
  finder.Find(a.seeded, b.seeded, shared, options, &passages);
  return passages;
}

// `count` words that occur nowhere else: numbers from `from` on.
Numbers Fresh(uint32_t from, uint32_t count) {
  Numbers words(count);
  for (uint32_t i = 0; i < count; ++i) words[i] = from + i;
  return words;
}

void Append(const Numbers& more, Numbers* to) { to->insert(to->end(), more.begin(), more.end()); }

TEST(Passages, BordersOfVerbatimTextAreExactToTheToken) {
  Random random(1);
  for (int round = 0; round < 200; ++round) {
    const Numbers passage = Fresh(1'000'000, 20 + random.Below(60));
    const size_t before_a = random.Below(80), before_b = random.Below(80);
    Numbers one = Fresh(1, before_a), other = Fresh(50'000, before_b);
    Append(passage, &one), Append(passage, &other);
    Append(Fresh(10'000, random.Below(80)), &one);
    Append(Fresh(60'000, random.Below(80)), &other);
    const Text a(WordText(one)), b(WordText(other));
    const auto found = Find(a, b);
    ASSERT_EQ(found.size(), 1u) << round;
    EXPECT_EQ(found[0].a_first, before_a);
    EXPECT_EQ(found[0].a_last, before_a + passage.size());
    EXPECT_EQ(found[0].b_first, before_b);
    EXPECT_EQ(found[0].b_last, before_b + passage.size());
    EXPECT_TRUE(found[0].verbatim);
    EXPECT_DOUBLE_EQ(found[0].a_words, static_cast<double>(passage.size()));
  }
}

TEST(Passages, NothingBelowTheShortestIsFoundAndTheShortestIs) {
  for (const uint32_t words : {19u, 20u}) {
    Numbers one = Fresh(1, 50), other = Fresh(5000, 50);
    Append(Fresh(100'000, words), &one), Append(Fresh(100'000, words), &other);
    Append(Fresh(200, 50), &one), Append(Fresh(6000, 50), &other);
    const Text a(WordText(one)), b(WordText(other));
    EXPECT_EQ(Find(a, b).size(), words == 20 ? 1u : 0u);
  }
}

TEST(Passages, EveryVerbatimStretchIsInAPassage) {
  // The obvious way: all pairs of places, extended.
  Random random(2);
  for (int round = 0; round < 100; ++round) {
    const uint32_t alphabet = 300;
    const auto text = [&] {
      Numbers words(150);
      for (uint32_t& word : words) word = static_cast<uint32_t>(random.Below(alphabet));
      return words;
    };
    Numbers one = text(), other = text();
    for (size_t copies = 1 + random.Below(3); copies > 0; --copies) {
      const size_t length = 20 + random.Below(30), from = random.Below(one.size() - length);
      const Numbers piece(one.begin() + static_cast<long>(from),
                          one.begin() + static_cast<long>(from + length));
      const size_t to = random.Below(other.size());
      other.insert(other.begin() + static_cast<long>(to), piece.begin(), piece.end());
    }
    const Text a(WordText(one)), b(WordText(other));
    const auto found = Find(a, b);
    for (uint32_t i = 0; i < one.size(); ++i) {
      for (uint32_t j = 0; j < other.size(); ++j) {
        if (i > 0 && j > 0 && one[i - 1] == other[j - 1]) continue;
        uint32_t length = 0;
        while (i + length < one.size() && j + length < other.size() && one[i + length] == other[j + length])
          ++length;
        if (length < 20) continue;
        EXPECT_TRUE(std::any_of(found.begin(), found.end(),
                                [&](const SharedPassage& p) {
                                  return p.a_first <= i && i + length <= p.a_last && p.b_first <= j &&
                                         j + length <= p.b_last;
                                }))
            << "round " << round << ": " << i << ", " << j << ", " << length;
      }
    }
  }
}

TEST(Passages, AllPlacesOfAPassageAreFound) {
  const Numbers passage = Fresh(100'000, 30);
  Numbers one = Fresh(1, 40), other = Fresh(5000, 40);
  Append(passage, &one);
  for (int i = 0; i < 3; ++i) {
    Append(passage, &other);
    Append(Fresh(6000 + 100 * static_cast<uint32_t>(i), 60), &other);
  }
  const Text a(WordText(one)), b(WordText(other));
  const auto found = Find(a, b);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].b_first, 40u);
  EXPECT_EQ(found[1].b_first, 130u);
  EXPECT_EQ(found[2].b_first, 220u);
}

// Every `each`th word is another one.
Numbers Edited(const Numbers& words, size_t each, uint32_t from) {
  Numbers edited = words;
  for (size_t i = each - 1; i < edited.size(); i += each) edited[i] = from + static_cast<uint32_t>(i);
  return edited;
}

TEST(Passages, EditsDoNotBreakAPassage) {
  const Numbers passage = Fresh(100'000, 200);
  for (const size_t each : {8u, 15u, 40u}) {
    Numbers one = Fresh(1, 100), other = Fresh(5000, 100);
    Append(passage, &one), Append(Edited(passage, each, 900'000), &other);
    Append(Fresh(300, 100), &one), Append(Fresh(6000, 100), &other);
    const Text a(WordText(one)), b(WordText(other));
    const auto found = Find(a, b);
    ASSERT_EQ(found.size(), 1u) << each;
    EXPECT_EQ(found[0].a_first, 100u);
    // The last word is an edited one.
    EXPECT_EQ(found[0].a_last, 100 + 200 - (200 % each == 0)) << each;
  }
}

TEST(Passages, TextBetweenTwoPassagesKeepsThemApart) {
  Numbers one = Fresh(100'000, 40), other = Fresh(100'000, 40);
  Append(Fresh(1, 26), &one), Append(Fresh(5000, 26), &other);
  Append(Fresh(200'000, 40), &one), Append(Fresh(200'000, 40), &other);
  const Text a(WordText(one)), b(WordText(other));
  EXPECT_EQ(Find(a, b).size(), 2u);
  one.erase(one.begin() + 40, one.begin() + 42), other.erase(other.begin() + 40, other.begin() + 42);
  const Text nearer_a(WordText(one)), nearer_b(WordText(other));
  EXPECT_EQ(Find(nearer_a, nearer_b).size(), 1u);
}

TEST(Passages, MovedAndReplacedWordsAreFoundWhereTheyAreLookedFor) {
  // Pieces of three words, in another order, with other words between them.
  Random random(3);
  const Numbers passage = Fresh(100'000, 120);
  std::vector<Numbers> pieces;
  for (size_t at = 0; at < passage.size(); at += 3)
    pieces.emplace_back(passage.begin() + static_cast<long>(at), passage.begin() + static_cast<long>(at + 3));
  for (size_t i = 0; i + 4 < pieces.size(); i += 4) std::swap(pieces[i], pieces[i + 1 + random.Below(3)]);
  Numbers one = Fresh(1, 100), other = Fresh(5000, 100);
  Append(passage, &one);
  for (size_t i = 0; i < pieces.size(); ++i) {
    Append(pieces[i], &other);
    Append(Fresh(700'000 + 10 * static_cast<uint32_t>(i), 1), &other);
  }
  Append(Fresh(300, 100), &one), Append(Fresh(6000, 100), &other);
  PassageOptions options;
  const Text plain_a(WordText(one)), plain_b(WordText(other));
  EXPECT_TRUE(Find(plain_a, plain_b, options).empty());
  options.rewritten = true;
  const Text a(WordText(one), options), b(WordText(other), options);
  const auto found = Find(a, b, options);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_FALSE(found[0].verbatim);
  EXPECT_NEAR(found[0].a_first, 100, 3);
  EXPECT_NEAR(found[0].a_last, 220, 3);
  EXPECT_NEAR(found[0].b_first, 100, 4);
  EXPECT_NEAR(found[0].b_last, 260, 4);
}

TEST(Passages, StrangersShareNone) {
  Random random(4);
  PassageOptions options;
  for (const bool rewritten : {false, true}) {
    options.rewritten = rewritten;
    for (int round = 0; round < 50; ++round) {
      Numbers one(1000), other(1000);
      for (uint32_t& word : one) word = static_cast<uint32_t>(random.Below(2000));
      for (uint32_t& word : other) word = static_cast<uint32_t>(random.Below(2000));
      const Text a(WordText(one), options), b(WordText(other), options);
      EXPECT_TRUE(Find(a, b, options).empty());
    }
  }
}

TEST(Passages, TextThatRepeatsItselfIsFoundAndCostsItsLength) {
  for (const bool rewritten : {false, true}) {
    PassageOptions options;
    options.rewritten = rewritten;
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += i % 2 == 0 ? "tick " : "tock ";
    const Text a(text, options), b(text, options);
    const auto found = Find(a, b, options);
    if (rewritten) continue;  // no pair of words is rare enough to say where anything is
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].a_first, 0u);
    EXPECT_EQ(found[0].a_last, 100'000u);
  }
}

TEST(Passages, EmptyTextsShareNone) {
  const Text empty(""), some("one two three four five six");
  EXPECT_TRUE(Find(empty, some).empty());
  EXPECT_TRUE(Find(some, empty).empty());
}

TEST(Passages, AFinderForgetsTheTextBefore) {
  const Text a(WordText(Fresh(1, 60))), same(WordText(Fresh(1, 60))), other(WordText(Fresh(1000, 20)));
  PassageFinder finder;
  SharedShingles shared;
  std::vector<SharedPassage> passages;
  const auto count = [&](const Text& b) {
    FindShared(a.seeded.seeds, b.seeded.seeds, &shared);
    finder.Find(a.seeded, b.seeded, shared, {}, &passages);
    return passages.size();
  };
  EXPECT_EQ(count(same), 1u);
  EXPECT_EQ(count(other), 0u);
  EXPECT_EQ(count(same), 1u);
}

}  // namespace
}  // namespace refrain
