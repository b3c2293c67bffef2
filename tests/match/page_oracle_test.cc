// The page scope against a suffix array: what it reports repeats, and what repeats it reports.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/match_suffixes.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;
using reference::SuffixArray;

struct TokenRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// The tokens whose bytes lie in `span`.
TokenRange TokensIn(const Tokens& tokens, Span span) {
  const auto begin = std::lower_bound(tokens.begins.begin(), tokens.begins.end(), span.begin);
  const auto end = std::upper_bound(tokens.ends.begin(), tokens.ends.end(), span.end);
  const auto at = [](auto from, auto to) { return static_cast<uint32_t>(to - from); };
  return {at(tokens.begins.begin(), begin),
          std::max(at(tokens.begins.begin(), begin), at(tokens.ends.begin(), end))};
}

// Most quarters of words of one that stand in the other in the same order.
uint64_t CommonQuarters(const Tokens& tokens, TokenRange one, TokenRange other) {
  std::vector<uint64_t> row(other.end - other.begin + 1, 0);
  for (uint32_t i = one.begin; i < one.end; ++i) {
    uint64_t diagonal = 0;
    for (uint32_t k = other.begin; k < other.end; ++k) {
      uint64_t& here = row[k - other.begin + 1];
      const uint64_t above = here;
      here = tokens.hashes[i] == tokens.hashes[k] ? diagonal + tokens.quarter_words(i)
                                                  : std::max(above, row[k - other.begin]);
      diagonal = above;
    }
  }
  return row.back();
}

uint64_t Quarters(const Tokens& tokens, TokenRange range) {
  uint64_t quarters = 0;
  for (uint32_t i = range.begin; i < range.end; ++i) quarters += tokens.quarter_words(i);
  return quarters;
}

struct Outcome {
  size_t reported = 0;  // repeats, cut or left
  size_t places = 0;    // of the oracle
  size_t sure = 0;      // of them, those that must be reported
  size_t missed = 0;    // of all
};

void ExpectAsOracle(const std::string& text, const PageRepeatOptions& options, Outcome* outcome) {
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, tokens, options, &found);
  const SuffixArray oracle(tokens);
  std::vector<TokenRange> named;
  for (const Repeat& repeat : found.repeats) {
    const TokenRange dropped = TokensIn(tokens, repeat.dropped), kept = TokensIn(tokens, repeat.kept);
    ASSERT_EQ(dropped.end - dropped.begin, repeat.tokens) << text;
    if (options.max_edits == 0) {
      ASSERT_EQ(repeat.edits, 0u) << text;
      ASSERT_EQ(kept.end - kept.begin, repeat.tokens) << text;
      ASSERT_GE(oracle.CommonWords(dropped.begin, kept.begin), repeat.tokens) << text;
    } else {
      ASSERT_GE(CommonQuarters(tokens, dropped, kept) + 4 * repeat.edits, Quarters(tokens, dropped)) << text;
    }
    named.insert(named.end(), {dropped, kept});
  }
  for (const LeftRepeat& left : found.left) {
    ASSERT_NE(left.because, LeftBecause::kNothing) << text;
    ASSERT_LT(left.first.begin, left.second.begin) << text;
    const TokenRange first = TokensIn(tokens, left.first), second = TokensIn(tokens, left.second);
    ASSERT_GE(static_cast<double>(CommonQuarters(tokens, first, second)), 4 * left.words) << text;
    named.insert(named.end(), {first, second});
  }
  outcome->reported += found.repeats.size() + found.left.size();
  // Of places that show the same few words, each is aligned with sixteen before it.
  const size_t width = std::min<size_t>(5, static_cast<size_t>(options.min_tokens));
  const bool few_words = reference::MostOccurrences(tokens, width) > 17;
  // A run may lose two words at either end, where a sentence ends near it.
  const double surely = options.min_tokens + 4;
  for (const SuffixArray::Place& place : oracle.RepeatedPlaces(options.min_tokens)) {
    const bool reported = std::any_of(named.begin(), named.end(), [&](const TokenRange& range) {
      return range.begin < place.end && place.begin < range.end;
    });
    ++outcome->places;
    outcome->missed += !reported;
    const double words = static_cast<double>(Quarters(tokens, {place.begin, place.end})) / 4;
    if (few_words || words <= surely) continue;
    ++outcome->sure;
    ASSERT_TRUE(reported) << text << "\n--\n"
                          << text.substr(tokens.begins[place.begin],
                                         tokens.ends[place.end - 1] - tokens.begins[place.begin]);
  }
}

// Words with what may stand between them in pages.
class Gaps {
 public:
  explicit Gaps(Random* random) : random_(random), kind_(random->Below(3)) {}
  std::string Next() {
    if (kind_ == 0) return " ";
    if (kind_ == 1) return random_->Below(9) == 0 ? ".\n" : " ";
    constexpr std::string_view kGaps[] = {" ", " ",  " ",     " ",        ", ",      ". ",
                                          ".", "\n", ".\n\n", "\u2026\n", "? \u201C"};
    return std::string(kGaps[random_->Below(std::size(kGaps))]);
  }

 private:
  Random* random_;
  size_t kind_;
};

std::string TextOf(const std::vector<uint32_t>& numbers, const std::vector<std::string>& words,
                   Random* random) {
  Gaps gaps(random);
  std::string text;
  for (const uint32_t number : numbers) text += words[number % words.size()] + gaps.Next();
  return text + "\n";
}

std::vector<std::string> Words(size_t count) {
  std::vector<std::string> words;
  for (size_t i = 0; i < count; ++i) {
    words.push_back(std::string(1, static_cast<char>('A' + i % 26)) +
                    std::string(3 + i / 26 % 5, static_cast<char>('a' + i / 5 % 26)));
  }
  return words;
}

const std::vector<std::string> kMixed = {"alpha", "Бета", "غاما", "ก",     "ข", "中",
                                         "文",    "かな", "다음", "Delta", "7", "ε"};

PageRepeatOptions OptionsOf(int round, Random* random) {
  return {.min_tokens = static_cast<double>(3 + random->Below(8)), .max_edits = round % 3, .explain = true};
}

TEST(SuffixArray, FindsTheLongestRunBeforeEachPlace) {
  Random random(2);
  for (int round = 0; round < 500; ++round) {
    std::vector<uint32_t> numbers(random.Below(60));
    for (uint32_t& number : numbers) number = static_cast<uint32_t>(random.Below(1 + round % 7));
    Tokens tokens;
    Tokenize(reference::WordText(numbers), &tokens);
    const double least = static_cast<double>(1 + random.Below(5));
    // Of all runs that end behind it, the farthest reaching one that begins first.
    std::vector<std::pair<uint32_t, uint32_t>> expected, found;
    uint32_t reached = 0;
    for (const reference::VerbatimRun& run : reference::AllVerbatimRuns(tokens, least)) {
      if (!expected.empty() && expected.back().first == run.b) {
        expected.back().second = std::max(expected.back().second, run.b + run.length);
      } else {
        expected.emplace_back(run.b, run.b + run.length);
      }
    }
    std::erase_if(expected, [&](const auto& place) {
      const bool part = place.second <= reached;
      reached = std::max(reached, place.second);
      return part;
    });
    for (const SuffixArray::Place& place : SuffixArray(tokens).RepeatedPlaces(least))
      found.emplace_back(place.begin, place.end);
    ASSERT_EQ(found, expected) << reference::WordText(numbers);
  }
}

// Whatever the page scope says is a repeat is one, and what is one it cuts or names.
TEST(PageOracle, RepeatsOfRandomPagesAreThoseOfTheOracle) {
  Random random(1);
  Outcome outcome;
  for (int round = 0; round < 3000; ++round) {
    const size_t alphabet = 2 + random.Below(60);
    std::vector<uint32_t> numbers(10 + random.Below(250));
    for (uint32_t& number : numbers) number = static_cast<uint32_t>(random.Below(alphabet));
    // Some of it again.
    for (size_t copies = random.Below(4); copies > 0; --copies) {
      const size_t begin = random.Below(numbers.size());
      const size_t size = std::min(numbers.size() - begin, random.Below(60));
      const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(begin);
      const std::vector<uint32_t> copy(first, first + static_cast<std::ptrdiff_t>(size));
      numbers.insert(numbers.begin() + static_cast<std::ptrdiff_t>(random.Below(numbers.size())),
                     copy.begin(), copy.end());
    }
    const std::vector<std::string> words = round % 4 == 0 ? kMixed : Words(alphabet);
    ExpectAsOracle(TextOf(numbers, words, &random), OptionsOf(round, &random), &outcome);
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(outcome.reported, 5000u);
  EXPECT_GT(outcome.sure, 1000u);
  EXPECT_LT(outcome.missed * 40, outcome.places);
}

// Fibonacci words repeat themselves at every length, de Bruijn words at none that is longer than their order.
TEST(PageOracle, RepeatsOfBuiltPagesAreThoseOfTheOracle) {
  Random random(3);
  Outcome outcome;
  std::vector<std::vector<uint32_t>> pages;
  for (const size_t period : {1u, 2u, 3u, 7u, 12u, 40u}) {
    std::vector<uint32_t> page(300);
    for (size_t i = 0; i < page.size(); ++i) page[i] = static_cast<uint32_t>(i % period);
    pages.push_back(page);
  }
  std::vector<uint32_t> fibonacci = {0}, before = {1};
  while (fibonacci.size() < 400) {
    std::vector<uint32_t> next = fibonacci;
    next.insert(next.end(), before.begin(), before.end());
    before = std::exchange(fibonacci, next);
  }
  pages.push_back(fibonacci);
  for (const auto& [letters, order] : {std::pair(2u, 8u), std::pair(4u, 4u), std::pair(17u, 2u)})
    pages.push_back(reference::DeBruijn(letters, order));
  for (int round = 0; round < 12; ++round) {
    for (const std::vector<uint32_t>& page : pages) {
      ExpectAsOracle(TextOf(page, round % 4 == 3 ? kMixed : Words(17), &random), OptionsOf(round, &random),
                     &outcome);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  EXPECT_GT(outcome.reported, 300u);
}

TEST(PageOracle, ADeBruijnPageRepeatsNothingOfItsOrder) {
  for (const auto& [letters, order] : {std::pair(2u, 10u), std::pair(3u, 6u), std::pair(5u, 4u)}) {
    Tokens tokens;
    Tokenize(reference::WordText(reference::DeBruijn(letters, order)), &tokens);
    EXPECT_TRUE(SuffixArray(tokens).RepeatedPlaces(order).empty());
    EXPECT_FALSE(SuffixArray(tokens).RepeatedPlaces(order - 1).empty());
  }
}

}  // namespace
}  // namespace refrain
