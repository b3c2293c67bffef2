// Pages made to be slow: what they cost grows as they do.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/reference/cpu_time.h"
#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

// Words by number, as many as fill `bytes`, twelve in a sentence and sixty in a line.
template <typename Number>
std::string Page(size_t bytes, const Number& number) {
  std::string text;
  for (uint32_t i = 0; text.size() < bytes; ++i) {
    text += reference::WordText({number(i)});
    text += i % 60 == 59 ? ".\n" : i % 12 == 11 ? ". " : " ";
  }
  return text;
}

std::string Again(const std::string& piece, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}

std::string Fibonacci(size_t bytes) {
  std::string one = "on ", other = "on off ";
  while (other.size() < bytes) {
    std::string next = other + one;
    one = std::move(other);
    other = std::move(next);
  }
  other.resize(bytes);
  return other;
}

// Every five words in a row of eight stand once: a shift register over the residues modulo eight, by the
// greedy rule (the largest number that makes no five words twice).
std::string DeBruijn(size_t bytes) {
  constexpr uint32_t kWords = 8, kAll = 8 * 8 * 8 * 8 * 8;
  static const std::vector<uint32_t> order = [] {
    std::vector<uint32_t> numbers(4, 0);
    std::vector<bool> seen(kAll, false);
    for (uint32_t last = 0;;) {
      uint32_t next = kWords;
      while (next-- > 0 && seen[last * kWords + next]) {
      }
      if (next >= kWords) return numbers;
      seen[last * kWords + next] = true;
      last = (last * kWords + next) % (kAll / kWords);
      numbers.push_back(next);
    }
  }();
  return Page(bytes, [&](uint32_t i) { return order[i % order.size()]; });
}

// Sections that begin and end alike, with a few words of their own.
std::string Laws(size_t bytes) {
  std::string text;
  for (uint32_t i = 0; text.size() < bytes; ++i) {
    text += "§ " + std::to_string(i) + "\n(1) Whoever " + reference::WordText({i, i + 7}) +
            " shall be liable for the damage that arises from it to the person who holds the right.\n" +
            "(2) The provisions of section " + std::to_string(i / 3) +
            " apply with the necessary changes.\n\n";
  }
  return text;
}

std::string Leads(size_t bytes) {
  std::string text;
  for (uint32_t i = 0; text.size() < bytes; ++i)
    text += "The harbour master opened " + reference::WordText({i % 50}) + " and[...] more\n";
  return text;
}

double SecondsOf(const std::string& text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  double least = 1e9;
  for (int round = 0; round < 2; ++round) {
    least = std::min(least, reference::CpuSecondsOf(CLOCK_THREAD_CPUTIME_ID,
                                                    [&] { finder.Find(text, tokens, {}, &found); }));
  }
  return least;
}

TEST(PageTime, GrowsAsPagesDoWhateverTheyHold) {
  struct Kind {
    const char* name;
    std::string (*page)(size_t);
    // Where words are few, matches grow with the square of the page until what is looked at of them is full.
    size_t small = size_t{128} << 10;
  };
  const Kind kinds[] = {
      {"one letter", [](size_t bytes) { return Again("a ", bytes); }},
      {"one line",
       [](size_t bytes) { return Again("The same line once more for all of us here.\n", bytes); }},
      {"Thai phrases", [](size_t bytes) { return Again("ประชาชน รัฐ ", bytes); }},
      {"Fibonacci words", Fibonacci},
      {"de Bruijn sequence", DeBruijn, size_t{1} << 20},
      {"laws", Laws},
      {"leads", Leads},
  };
  constexpr size_t kTimes = 4;
  // Four times the page takes four times as long, six or seven where it leaves a cache; sixteen if each word
  // were compared with all others.
  constexpr double kMost = 2.5 * kTimes, kNoise = 0.02;
  for (const Kind& kind : kinds) {
    const double small = SecondsOf(kind.page(kind.small)), large = SecondsOf(kind.page(kTimes * kind.small));
    EXPECT_LT(large, kMost * small + kNoise) << kind.name;
    RecordProperty(kind.name, std::to_string(large / small));
  }
}

}  // namespace
}  // namespace refrain
