#include "refrain/match/runs.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/sketch/shingle.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::AllVerbatimRuns;
using reference::MostOccurrences;
using reference::Random;
using reference::VerbatimRun;
using reference::WordText;

std::vector<AlignedRun> Runs(const std::string& text, const RunOptions& options) {
  Tokens tokens;
  Tokenize(text, &tokens);
  RunFinder finder;
  std::vector<AlignedRun> runs;
  finder.Find(text, tokens, options, &runs);
  return runs;
}

std::vector<VerbatimRun> AsVerbatim(const std::vector<AlignedRun>& runs) {
  std::vector<VerbatimRun> verbatim;
  for (const AlignedRun& run : runs) {
    EXPECT_EQ(run.pieces.size(), 1u);
    EXPECT_TRUE(run.gaps.empty());
    verbatim.push_back({run.a_begin(), run.b_begin(), run.pieces[0].length});
  }
  return verbatim;
}

// For comparing.
std::string AsText(const std::vector<AlignedRun>& runs) {
  std::string text;
  for (const AlignedRun& run : runs) {
    for (const RunPiece& piece : run.pieces)
      text +=
          std::to_string(piece.a) + "=" + std::to_string(piece.b) + "+" + std::to_string(piece.length) + " ";
    text += "\n";
  }
  return text;
}

// What holds for every run of every page.
void ExpectSane(const Tokens& tokens, const std::vector<AlignedRun>& runs, const RunOptions& options) {
  for (const AlignedRun& run : runs) {
    ASSERT_FALSE(run.pieces.empty());
    ASSERT_EQ(run.gaps.size() + 1, run.pieces.size());
    ASSERT_LT(run.a_begin(), run.b_begin());
    ASSERT_LE(run.b_end(), tokens.size());
    uint64_t quarters = 0;
    for (size_t p = 0; p < run.pieces.size(); ++p) {
      const RunPiece& piece = run.pieces[p];
      ASSERT_GT(piece.length, 0u);
      ASSERT_TRUE(std::equal(tokens.hashes.begin() + piece.a, tokens.hashes.begin() + piece.a + piece.length,
                             tokens.hashes.begin() + piece.b));
      for (uint32_t i = 0; i < piece.length; ++i) quarters += tokens.quarter_words(piece.b + i);
      if (p == 0) continue;
      const RunPiece& before = run.pieces[p - 1];
      ASSERT_GE(piece.a, before.a + before.length);
      ASSERT_GE(piece.b, before.b + before.length);
      const uint32_t gap_a = piece.a - before.a - before.length, gap_b = piece.b - before.b - before.length;
      const uint32_t most = static_cast<uint32_t>(options.max_edits);
      switch (run.gaps[p - 1]) {
        case GapKind::kSlip:
          EXPECT_EQ(gap_a, gap_b);
          EXPECT_GE(gap_a, 1u);
          EXPECT_LE(gap_a, most);
          break;
        case GapKind::kSeam:
          EXPECT_NE(gap_a, gap_b);
          EXPECT_EQ(std::min(gap_a, gap_b), 1u);
          EXPECT_LE(std::max(gap_a, gap_b), 3u);
          break;
        case GapKind::kExtraA:
          EXPECT_EQ(gap_b, 0u);
          EXPECT_GE(gap_a, 1u);
          EXPECT_LE(gap_a, most);
          break;
        case GapKind::kExtraB:
          EXPECT_EQ(gap_a, 0u);
          EXPECT_GE(gap_b, 1u);
          EXPECT_LE(gap_b, most);
          break;
        case GapKind::kOther:
          ADD_FAILURE() << "only runs that were joined have such gaps";
          break;
      }
    }
    ASSERT_GE(static_cast<double>(quarters), options.min_words * 4);
  }
  ASSERT_TRUE(std::is_sorted(runs.begin(), runs.end(), [](const AlignedRun& one, const AlignedRun& other) {
    return std::pair(one.b_begin(), one.a_begin()) < std::pair(other.b_begin(), other.a_begin());
  }));
}

std::vector<AlignedRun> SaneRuns(const std::string& text, const RunOptions& options) {
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<AlignedRun> runs = Runs(text, options);
  ExpectSane(tokens, runs, options);
  return runs;
}

std::vector<uint32_t> RandomNumbers(Random* random, size_t size, size_t alphabet) {
  std::vector<uint32_t> numbers(size);
  for (uint32_t& number : numbers) number = static_cast<uint32_t>(random->Below(alphabet));
  return numbers;
}

// One finder for all pages, as it is used. Returns whether the page was within the limit on occurrences.
bool ExpectAsOracle(RunFinder* finder, const std::string& text, double min_words) {
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<AlignedRun> runs(1);  // left over from another page
  finder->Find(text, tokens, {.min_words = min_words, .max_edits = 0}, &runs);
  const std::vector<VerbatimRun> found = AsVerbatim(runs);
  const std::vector<VerbatimRun> oracle = AllVerbatimRuns(tokens, min_words);
  if (MostOccurrences(tokens, std::min<size_t>(5, static_cast<size_t>(min_words))) <= 17) {
    EXPECT_EQ(found, oracle) << text;
    return true;
  }
  EXPECT_TRUE(std::includes(oracle.begin(), oracle.end(), found.begin(), found.end(),
                            [](const VerbatimRun& one, const VerbatimRun& other) {
                              return std::pair(one.b, one.a) < std::pair(other.b, other.a);
                            }))
      << text;
  return false;
}

TEST(Runs, VerbatimRunsOfRandomPagesAreThoseOfTheOracle) {
  Random random(1);
  RunFinder finder;
  int compared = 0;
  for (const size_t alphabet : {2, 3, 4, 8, 50}) {
    for (const double min_words : {3.0, 5.0, 8.0, 12.0, 25.0}) {
      for (int round = 0; round < 12; ++round) {
        const size_t size = 1 + random.Below(alphabet < 4 ? 150 : 300);
        compared += ExpectAsOracle(&finder, WordText(RandomNumbers(&random, size, alphabet)), min_words);
        if (HasFailure()) return;
      }
    }
  }
  EXPECT_GT(compared, 200);
}

TEST(Runs, VerbatimRunsOfDoubledPagesAreThoseOfTheOracle) {
  Random random(2);
  RunFinder finder;
  int compared = 0;
  for (int round = 0; round < 150; ++round) {
    // Stretches of one text, put together any number of times in any order.
    const std::vector<uint32_t> numbers = RandomNumbers(&random, 120, round % 2 ? 5 : 40);
    std::vector<uint32_t> page;
    for (size_t copies = 2 + random.Below(3); copies > 0; --copies) {
      const size_t begin = random.Below(numbers.size() / 2);
      const size_t size = random.Below(numbers.size() - begin);
      page.insert(page.end(), numbers.begin() + static_cast<std::ptrdiff_t>(begin),
                  numbers.begin() + static_cast<std::ptrdiff_t>(begin + size));
      for (size_t extra = random.Below(4); extra > 0; --extra)
        page.push_back(static_cast<uint32_t>(random.Below(60)));
    }
    compared += ExpectAsOracle(&finder, WordText(page), 4 + static_cast<double>(random.Below(12)));
    if (HasFailure()) return;
  }
  EXPECT_GT(compared, 120);
}

TEST(Runs, ScriptsWithoutSpacesAreMeasuredInWordEquivalents) {
  Random random(3);
  RunFinder finder;
  for (const auto& [first, letters] : {std::pair<uint32_t, size_t>{0x4E00, 12}, {0x0E01, 8}}) {
    for (int round = 0; round < 40; ++round) {
      std::string text;
      const auto add = [&] {
        const uint32_t c = first + static_cast<uint32_t>(random.Below(letters));
        text += static_cast<char>(0xE0 | c >> 12);
        text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (c & 0x3F));
      };
      for (int i = 0; i < 60; ++i) add();
      const std::string once = text;
      for (int i = 0; i < 5; ++i) add();
      text += once;
      ExpectAsOracle(&finder, text, 8);
      if (HasFailure()) return;
    }
  }
}

TEST(Runs, SeventeenOccurrencesAreAlignedEachWithEach) {
  std::string text;
  for (int copy = 0; copy < 17; ++copy)
    text += "one two three four five six seven eight nine ten " + WordText({100u + copy}) + " ";
  EXPECT_EQ(Runs(text, {.min_words = 8, .max_edits = 0}).size(), 17u * 16 / 2);
}

TEST(Runs, OfMoreOccurrencesEachIsAlignedWithSixteenBefore) {
  std::string text;
  for (int copy = 0; copy < 40; ++copy)
    text += "one two three four five six seven eight nine ten " + WordText({100u + copy}) + " ";
  EXPECT_EQ(Runs(text, {.min_words = 8, .max_edits = 0}).size(), 16u * 15 / 2 + 24u * 16);
}

TEST(Runs, NoTokensHaveNoRuns) {
  for (const std::string text : {"", " ", "... --- !!!", "word", "\xFF\xFE\x80"})
    EXPECT_TRUE(Runs(text, {.min_words = 1}).empty()) << text;
}

constexpr char kPassage[] =
    "The harbour master opened the northern gate before sunrise because eleven fishing boats were waiting";

TEST(Runs, ASlipOfThePenStaysInsideTheRun) {
  const std::string text = std::string(kPassage) +
                           " over there. Quite different words stand between. "
                           "The harbour master opened the nothern gate before sunrise because eleven fishing "
                           "boats were waiting";
  const auto runs = SaneRuns(text, {.min_words = 8, .max_edits = 2});
  ASSERT_EQ(runs.size(), 1u);
  ASSERT_EQ(runs[0].gaps, std::vector<GapKind>{GapKind::kSlip});
  EXPECT_EQ(runs[0].pieces[0].length, 5u);
  EXPECT_EQ(runs[0].pieces[1].length, 9u);
}

TEST(Runs, WithoutEditsASlipEndsTheRun) {
  const std::string text = std::string(kPassage) +
                           " over there. Quite different words stand between. "
                           "The harbour master opened the nothern gate before sunrise because eleven fishing "
                           "boats were waiting";
  const auto runs = SaneRuns(text, {.min_words = 8, .max_edits = 0});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].pieces.size(), 1u);
  EXPECT_EQ(runs[0].pieces[0].length, 9u);
}

TEST(Runs, ALostSpaceIsASeam) {
  const std::string text =
      "Minister SaysOn Monday that the bridge will open again after long repairs here. "
      "Between them stand other words. "
      "Minister Says On Monday that the bridge will open again after long repairs here.";
  for (const int max_edits : {1, 2, 8}) {
    // The seam has one verbatim word in front of it only, too few for a run to go on that way.
    const auto short_lead = SaneRuns(text, {.min_words = 8, .max_edits = max_edits});
    ASSERT_EQ(short_lead.size(), 1u);
    EXPECT_TRUE(short_lead[0].gaps.empty());
    const auto runs =
        SaneRuns("Yesterday the new " + text.substr(0, 79) + " Between them stand other words. " +
                     "Yesterday the new " + text.substr(text.rfind("Minister")),
                 {.min_words = 8, .max_edits = max_edits});
    ASSERT_EQ(runs.size(), 1u);
    EXPECT_EQ(runs[0].gaps, std::vector<GapKind>{GapKind::kSeam});
    EXPECT_EQ(runs[0].pieces[0].length, 4u);
  }
}

TEST(Runs, SlipsStandCloseTogether) {
  const std::string before = "Yesterday at dawn ", between = ". Something else entirely. ";
  const std::string slips =
      "The harbour master opened the northern gate beefore sunrise becaause eleven fishing boats were "
      "waiting";
  const std::string text = before + kPassage + between + before + slips;
  const auto runs = SaneRuns(text, {.min_words = 8, .max_edits = 2});
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].gaps, std::vector<GapKind>(2, GapKind::kSlip));
  EXPECT_EQ(runs[0].b_end() - runs[0].b_begin(), 18u);
  const auto verbatim = SaneRuns(text, {.min_words = 8, .max_edits = 0});
  ASSERT_EQ(verbatim.size(), 1u);
  EXPECT_EQ(verbatim[0].b_end() - verbatim[0].b_begin(), 10u);
}

// One slip more among the three words behind it, and the first of these is verbatim.
TEST(Runs, SlipsThatStandTooCloseEndTheRun) {
  const std::string before = "Yesterday at dawn ", between = ". Something else entirely. ";
  const auto last_words = [&](const std::string& slips, int max_edits) {
    const auto runs =
        SaneRuns(before + kPassage + between + before + "The harbour master opened the northern " + slips,
                 {.min_words = 8, .max_edits = max_edits});
    EXPECT_EQ(runs.size(), 1u);
    return runs.empty() ? 0 : runs[0].b_end() - runs[0].b_begin();
  };
  EXPECT_EQ(last_words("gate beefore sunrise becaause eleven fishhing boats were waiting", 2), 10u);
  EXPECT_EQ(last_words("gate beefore sunrise becaause eleven fishing boats were waiting", 2), 18u);
  EXPECT_EQ(last_words("gate beefore sunrrise because eleven fishing boats were waiting", 1), 10u);
  EXPECT_EQ(last_words("gate beefore sunrrise because eleven fishing boats were waiting", 2), 18u);
}

TEST(Runs, OtherWordsAmongSlipsEndTheRun) {
  const std::string text = std::string(kPassage) +
                           ". Something else entirely. The harbour master opened the northern gate beefore "
                           "sunset becaause eleven fishing boats were waiting";
  for (const AlignedRun& run : SaneRuns(text, {.min_words = 5, .max_edits = 2}))
    EXPECT_TRUE(run.gaps.empty());
}

TEST(Runs, ALostSpaceNeedsTwoWordsBesideIt) {
  const std::string whole = "Mary Says On Monday that the bridge will open again after long repairs here.";
  const auto lost = [&](const std::string& before) {
    return SaneRuns(before + "Mary SaysOn Monday that the bridge will open again after long repairs here. " +
                        "Between them stand other words. " + before + whole,
                    {.min_words = 8, .max_edits = 2});
  };
  const auto one = lost(""), two = lost("Aunt ");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_TRUE(one[0].gaps.empty());
  ASSERT_EQ(two.size(), 1u);
  EXPECT_EQ(two[0].gaps, std::vector<GapKind>{GapKind::kSeam});
}

TEST(Runs, ExtraWordsOfEitherPlaceAreSteppedOver) {
  const std::string with =
      "The harbour master slowly opened the northern gate before sunrise because eleven fishing boats were "
      "waiting";
  const auto in_b = SaneRuns(std::string(kPassage) + ". Something else. " + with, {.min_words = 8});
  ASSERT_EQ(in_b.size(), 1u);
  EXPECT_EQ(in_b[0].gaps, std::vector<GapKind>{GapKind::kExtraB});
  const auto in_a = SaneRuns(with + ". Something else. " + kPassage, {.min_words = 8});
  ASSERT_EQ(in_a.size(), 1u);
  EXPECT_EQ(in_a[0].gaps, std::vector<GapKind>{GapKind::kExtraA});
}

TEST(Runs, MoreExtraWordsThanAllowedEndTheRun) {
  const std::string with =
      "The harbour master very slowly indeed opened the northern gate before sunrise because eleven fishing "
      "boats were waiting";
  const std::string text = std::string(kPassage) + ". Something else. " + with;
  EXPECT_TRUE(SaneRuns(text, {.min_words = 8, .max_edits = 2})[0].gaps.empty());
  EXPECT_EQ(SaneRuns(text, {.min_words = 8, .max_edits = 3})[0].gaps.size(), 1u);
}

TEST(Runs, ADifferentNumberIsNoSlip) {
  const std::string text =
      "The council voted to spend 1500 crowns on the new library roof this autumn. Other words. "
      "The council voted to spend 1600 crowns on the new library roof this autumn.";
  for (const AlignedRun& run : SaneRuns(text, {.min_words = 5, .max_edits = 2}))
    EXPECT_EQ(std::count(run.gaps.begin(), run.gaps.end(), GapKind::kSlip), 0);
}

TEST(Runs, EditedPagesGiveSaneRuns) {
  Random random(4);
  for (int round = 0; round < 120; ++round) {
    std::vector<uint32_t> once = RandomNumbers(&random, 80, round % 3 == 0 ? 3 : 1000), page = once;
    for (const uint32_t number : once) {
      switch (random.Below(12)) {
        case 0:
          break;
        case 1:
          page.push_back(static_cast<uint32_t>(random.Below(1000)));
          [[fallthrough]];
        default:
          page.push_back(number);
      }
    }
    SaneRuns(WordText(page), {.min_words = 5, .max_edits = static_cast<int>(random.Below(9))});
    if (HasFailure()) return;
  }
}

// Words that no page has twice, but for a passage that begins at both of `places`.
std::vector<uint32_t> PageWithAPassageTwice(uint32_t size, uint32_t words,
                                            const std::pair<uint32_t, uint32_t>& places) {
  std::vector<uint32_t> page(size);
  std::iota(page.begin(), page.end(), 0u);
  std::copy_n(page.begin() + places.first, words, page.begin() + places.second);
  return page;
}

TEST(Runs, WhereTheSearchTakesThePageInPartsNothingIsLost) {
  // The shortest passages, at every place around the second and third part's beginning and up to the end.
  for (const uint32_t size : {4200u, 4102u}) {
    for (uint32_t place = 2030; place + 8 <= size; place = place == 2060 ? 4080 : place + 1) {
      const auto page = PageWithAPassageTwice(size, 8, {100, place});
      const auto runs = SaneRuns(WordText(page), {.min_words = 8, .max_edits = 0});
      ASSERT_EQ(runs.size(), 1u) << place;
      EXPECT_EQ(runs[0].b_begin(), place);
      EXPECT_EQ(runs[0].b_end(), place + 8);
    }
  }
}

// Whoever has made the shingles of a page hands them over; also where they are not those of seeds.
TEST(Runs, ShinglesOfTheCallerChangeNothing) {
  Random random(31);
  RunFinder with, without;
  const std::vector<std::string> alphabet = {"\u0e01", "\u6f22", "word", "7"};
  size_t found = 0;
  for (int round = 0; round < 400; ++round) {
    // Small pages, and some that are looked at in parts; words only, and other scripts among them.
    const size_t size = round % 4 == 0 ? 2000 + random.Below(20000) : random.Below(300);
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      const bool other = round % 3 == 0 && random.Below(40) == 0;
      text += other ? alphabet[random.Below(4)] : WordText({static_cast<uint32_t>(random.Below(size))});
      text += ' ';
    }
    if (size > 40) text += text.substr(0, random.Below(text.size() / 2));
    Tokens tokens;
    Tokenize(text, &tokens);
    for (const int words : {5, 4, 6}) {
      for (const double least : {10.0, 5.0, 3.0, 30.0}) {
        std::vector<uint64_t> shingles;
        MakeShingles(tokens.hashes, tokens.traits, {.words = words}, &shingles);
        std::vector<AlignedRun> expected, runs;
        without.Find(text, tokens, {.min_words = least}, &expected);
        with.Find(text, tokens, {.min_words = least}, &runs, shingles);
        ASSERT_EQ(AsText(runs), AsText(expected)) << round << " " << words << " " << least;
        found += runs.size();
      }
    }
  }
  EXPECT_GT(found, 1000u);
}

TEST(Runs, LargePagesLoseNoneOfManyRuns) {
  // More seeds than are looked at in one go.
  constexpr uint32_t kWords = 9, kPassages = 5000, kApart = 20;
  std::vector<uint32_t> page(2 * kPassages * kApart);
  std::iota(page.begin(), page.end(), 0u);
  for (uint32_t i = 0; i < kPassages; ++i)
    std::copy_n(page.begin() + i * kApart, kWords, page.begin() + (2 * kPassages - 1 - i) * kApart);
  const auto runs = SaneRuns(WordText(page), {.min_words = 8, .max_edits = 0});
  ASSERT_EQ(runs.size(), kPassages);
  for (uint32_t i = 0; i < kPassages; ++i) {
    ASSERT_EQ(runs[i].b_begin(), (kPassages + i) * kApart);
    ASSERT_EQ(runs[i].a_begin(), (kPassages - 1 - i) * kApart);
    ASSERT_EQ(runs[i].a_end() - runs[i].a_begin(), kWords);
  }
}

TEST(Runs, OneWordAMillionTimesEnds) {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "on ";
  for (const int max_edits : {0, 2}) {
    const auto runs = SaneRuns(text, {.min_words = 8, .max_edits = max_edits});
    EXPECT_FALSE(runs.empty());
    EXPECT_LE(runs.size(), 100u);
  }
}

TEST(Runs, FibonacciWordsEnd) {
  // Each word is the one before it and the one before that.
  std::string one = "bird ", other = "bird song ";
  while (other.size() < 1'500'000) {
    one.swap(other);
    other += one;
  }
  for (const int max_edits : {0, 2}) SaneRuns(other, {.min_words = 8, .max_edits = max_edits});
}

TEST(Runs, TextOfPeriodThreeEnds) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "red green blue ";
  for (const int max_edits : {0, 2}) {
    const auto runs = SaneRuns(text, {.min_words = 8, .max_edits = max_edits});
    ASSERT_FALSE(runs.empty());
    if (max_edits > 0) continue;
    for (const AlignedRun& run : runs) EXPECT_EQ((run.b_begin() - run.a_begin()) % 3, 0u);
  }
}

}  // namespace
}  // namespace refrain
