#include "refrain/report/stretches_internal.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

// "plain[cut]{witness}" with passage numbers, marks where they open and close.
std::string Drawn(const PageRow& row) {
  std::string drawn;
  for (const Stretch& stretch : StretchesOf(row)) {
    const bool cut = stretch.look == Stretch::kCut;
    if (stretch.opens) drawn += cut ? '[' : '{';
    if (stretch.look != Stretch::kPlain) drawn += std::to_string(stretch.passage);
    drawn += Slice(row.text, stretch.span);
    if (stretch.closes) drawn += cut ? ']' : '}';
  }
  return drawn;
}

TEST(Stretches, CopiesOfOneWitnessAreOnePassage) {
  PageRow row{.text = "ab-cd-ab-cd-ab"};
  row.repeats = {{{6, 8}, {0, 2}}, {{9, 11}, {3, 5}}, {{12, 14}, {0, 2}}};
  row.cut = {{6, 9}, {9, 11}, {12, 14}};
  EXPECT_EQ(Drawn(row), "{0ab}-{1cd}-[0ab-][1cd]-[0ab]");
}

TEST(Stretches, WitnessesThatOverlapOpenAndCloseOnce) {
  PageRow row{.text = "abcdef-bc-abcd-def"};
  row.repeats = {{{7, 9}, {1, 3}}, {{10, 14}, {0, 4}}, {{15, 18}, {3, 6}}};
  row.cut = {{7, 9}, {10, 14}, {15, 18}};
  EXPECT_EQ(Drawn(row), "{0a0bc0def}-[0bc]-[0abcd]-[0def]");
  const std::vector<Stretch> all = StretchesOf(row);
  EXPECT_EQ(all[0].begins, (std::vector<uint32_t>{1}));
  EXPECT_EQ(all[1].begins, (std::vector<uint32_t>{0}));
  EXPECT_EQ(all[2].begins, (std::vector<uint32_t>{2}));
}

TEST(Stretches, WitnessesThatTouchAreTwo) {
  PageRow row{.text = "abcd-cd-ab"};
  row.repeats = {{{5, 7}, {2, 4}}, {{8, 10}, {0, 2}}};
  row.cut = {{5, 7}, {8, 10}};
  EXPECT_EQ(Drawn(row), "{1ab}{0cd}-[0cd]-[1ab]");
}

TEST(Stretches, ARepeatMayReachOverCutsThatTouch) {
  PageRow row{.text = "abcd-abcd"};
  row.repeats = {{{5, 9}, {0, 4}}};
  row.cut = {{5, 7}, {7, 9}};
  EXPECT_EQ(Drawn(row), "{0abcd}-[0ab][0cd]");
}

TEST(Stretches, CutTextIsNoWitness) {
  PageRow row{.text = "ab.-ab"};
  row.repeats = {{{4, 6}, {0, 3}}};
  row.cut = {{1, 2}, {4, 6}};
  EXPECT_EQ(Drawn(row), "{0a}[0b]{0.}-[0ab]");
}

TEST(Stretches, CoverAnyPageAndNameEveryRepeatTwice) {
  reference::Random random(3);
  for (int round = 0; round < 2000; ++round) {
    const std::string text(1 + random.Below(60), 'x');
    const auto size = static_cast<uint32_t>(text.size());
    PageRow row{.text = text};
    for (uint32_t at = static_cast<uint32_t>(random.Below(8)); at < size;) {
      const uint32_t end = std::min(size, at + 1 + static_cast<uint32_t>(random.Below(8)));
      row.cut.push_back({at, end});
      for (uint32_t from = at; from < end && random.Below(3) > 0;) {
        const uint32_t to = std::min(end, from + 1 + static_cast<uint32_t>(random.Below(4)));
        row.repeats.push_back({{from, to}, {0, 0}});
        from = to;
      }
      at = end + static_cast<uint32_t>(random.Below(12));
    }
    // Witnesses stand where nothing is cut.
    std::vector<bool> gone(size, false);
    for (const Span& cut : row.cut) std::fill(gone.begin() + cut.begin, gone.begin() + cut.end, true);
    std::erase_if(row.repeats, [&](RepeatRow& repeat) {
      const auto begin = static_cast<uint32_t>(random.Below(size));
      uint32_t end = begin;
      while (end < size && !gone[end] && end < begin + 10) ++end;
      repeat.kept = {begin, end};
      return repeat.kept.empty();
    });
    uint32_t at = 0, open = 0;
    std::multiset<uint32_t> cut, kept;
    for (const Stretch& stretch : StretchesOf(row)) {
      ASSERT_EQ(stretch.span.begin, at);
      ASSERT_FALSE(stretch.span.empty());
      at = stretch.span.end;
      ASSERT_EQ(stretch.look == Stretch::kCut, gone[stretch.span.begin]);
      open += stretch.opens;
      ASSERT_EQ(open, stretch.look == Stretch::kPlain ? 0u : 1u);
      open -= stretch.closes;
      std::multiset<uint32_t>& named = stretch.look == Stretch::kCut ? cut : kept;
      named.insert(stretch.begins.begin(), stretch.begins.end());
    }
    ASSERT_EQ(at, size);
    ASSERT_EQ(open, 0u);
    std::multiset<uint32_t> all;
    for (uint32_t i = 0; i < row.repeats.size(); ++i) all.insert(i);
    ASSERT_EQ(cut, all);
    ASSERT_EQ(kept, all);
  }
}

}  // namespace
}  // namespace refrain
