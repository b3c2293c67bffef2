#include "refrain/match/advice.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

struct Tried {
  PageRepeats found;
  std::vector<Advice> advice;
};

PageRepeats Find(const std::string& text, double min_tokens) {
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, tokens, {.min_tokens = min_tokens, .explain = true}, &found);
  return found;
}

Tried Try(const std::string& text, double min_tokens = 10) {
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  Tried tried;
  const PageRepeatOptions options{.min_tokens = min_tokens, .explain = true};
  finder.Find(text, tokens, options, &tried.found);
  tried.advice = TryAdvice(text, tokens, options, {}, tried.found, &finder);
  return tried;
}

double GoneSlowly(const std::string& text, Span place, const std::vector<Span>& cut) {
  Tokens tokens;
  Tokenize(text, &tokens);
  double words = 0, gone = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.begins[i] < place.begin || tokens.begins[i] >= place.end) continue;
    ++words;
    for (const Span& span : cut) gone += span.begin <= tokens.begins[i] && tokens.begins[i] < span.end;
  }
  return gone / words;
}

// The largest of all whole minima below the one in use with which such a share of a place goes.
int SlowMinimum(const std::string& text, const LeftRepeat& left, int below, double share) {
  for (int minimum = below; minimum >= 3; --minimum) {
    const PageRepeats with_less = Find(text, minimum);
    if (std::max(GoneSlowly(text, left.first, with_less.cut), GoneSlowly(text, left.second, with_less.cut)) >=
        share) {
      return minimum;
    }
  }
  return 0;
}

// Pages of a few scripts, in which sentences, halves of them and lines stand twice.
std::string RandomPage(Random* random) {
  const std::vector<std::vector<std::string>> scripts = {{"a", "e", "k", "l", "m", "n", "o", "r", "s", "t"},
                                                         {"а", "е", "к", "л", "м", "н", "о", "р", "с", "т"},
                                                         {"का", "ना", "री", "सु", "मो"},
                                                         {"가", "나", "다", "라", "마"},
                                                         {"山", "水", "火", "木", "金", "土", "日", "月"},
                                                         {"ก", "ข", "ค", "ง", "จ", "ฉ"}};
  const size_t script = random->Below(scripts.size());
  const auto words = [&](size_t count) {
    std::string text;
    for (size_t i = 0; i < count; ++i) {
      if (i > 0 && script < 4) text += ' ';
      for (size_t letters = 3 + random->Below(4); letters > 0; --letters)
        text += scripts[script][random->Below(scripts[script].size())];
    }
    return text;
  };
  const std::string end = script == 4 ? "。" : ". ";
  const auto sentences = [&](size_t count) {
    std::string text;
    for (; count > 0; --count) text += words(6 + random->Below(20)) + end;
    return text;
  };
  std::string text;
  const auto paragraph = [&](const std::string& passage) {
    if (random->Below(4) > 0) text += sentences(1 + random->Below(3));
    text += passage;
    if (random->Below(4) > 0) text += sentences(1 + random->Below(3));
    text += random->Below(3) > 0 ? "\n\n" : "\n";
  };
  for (size_t i = 1 + random->Below(3); i > 0; --i) {
    std::string passage = sentences(1 + random->Below(3));
    // Now and then half a sentence more, or a word that only one of the places has.
    if (random->Below(3) == 0) passage += words(1 + random->Below(12)) + " ";
    if (random->Below(3) == 0) passage = words(1 + random->Below(12)) + " " + passage;
    std::string again = passage;
    if (random->Below(3) == 0) again.insert(again.find(' ', again.size() / 2) + 1, words(1) + " ");
    paragraph(passage);
    for (size_t between = random->Below(4); between > 0; --between) paragraph(sentences(random->Below(4)));
    paragraph(again);
  }
  return text;
}

TEST(Advice, DoesWhatItSays) {
  Random random(11);
  size_t helps = 0, part = 0;
  for (int page = 0; page < 3000; ++page) {
    const std::string text = RandomPage(&random);
    const int below = page % 4 == 0 ? 13 : 9;
    const Tried tried = Try(text, below + (page % 3 == 0 ? 0.5 : 1));
    ASSERT_EQ(tried.advice.size(), tried.found.left.size());
    for (size_t i = 0; i < tried.advice.size(); ++i) {
      const LeftRepeat& left = tried.found.left[i];
      const Advice& advice = tried.advice[i];
      // One that nothing names is tried from 12 down.
      const int from = std::max(left.at_min_tokens, std::min(below, 12));
      EXPECT_EQ(advice.min_tokens, SlowMinimum(text, left, from, 0.9)) << text;
      EXPECT_EQ(advice.part_at, advice.min_tokens > 0 ? 0 : SlowMinimum(text, left, from, 0.1)) << text;
      helps += advice.min_tokens > 0;
      part += advice.part_at > 0;
    }
  }
  EXPECT_GT(helps, 40u);
  EXPECT_GT(part, 5u);
}

TEST(Advice, OfAPageThatKeepsNothingTwice) {
  EXPECT_TRUE(Try("").advice.empty());
  EXPECT_TRUE(Try("One line of words and nothing else.\n").advice.empty());
}

}  // namespace
}  // namespace refrain
