#include "refrain/pipeline/packed.h"

#include <gtest/gtest.h>

#include "refrain/pipeline/page_compare.h"
#include "refrain/pipeline/page_scan.h"

namespace refrain {
namespace {

TEST(Packed, ValuesComeBackInOrder) {
  std::string bytes;
  Pack(uint8_t{7}, &bytes);
  Pack(std::vector<uint64_t>{1, 2, 3}, &bytes);
  Pack(std::vector<Span>(), &bytes);
  Pack(0.5, &bytes);
  std::string_view rest = bytes;
  uint8_t small = 0;
  std::vector<uint64_t> numbers;
  std::vector<Span> spans(5);
  double half = 0;
  Unpack(&rest, &small);
  Unpack(&rest, &numbers);
  Unpack(&rest, &spans);
  Unpack(&rest, &half);
  EXPECT_EQ(small, 7);
  EXPECT_EQ(numbers, (std::vector<uint64_t>{1, 2, 3}));
  EXPECT_TRUE(spans.empty());
  EXPECT_EQ(half, 0.5);
  EXPECT_TRUE(rest.empty());
}

TEST(Packed, RepeatsOfAPage) {
  PageRepeats repeats, back;
  repeats.repeats.push_back({.dropped = {1, 5}, .kept = {10, 14}, .tokens = 3, .edits = 1});
  repeats.cut = {{1, 6}, {20, 30}};
  std::string bytes;
  PackRepeats(repeats, &bytes);
  UnpackRepeats(bytes, &back);
  ASSERT_EQ(back.repeats.size(), 1);
  EXPECT_EQ(back.repeats[0].kept, (Span{10, 14}));
  EXPECT_EQ(back.repeats[0].edits, 1);
  EXPECT_EQ(back.cut, repeats.cut);
}

TEST(Packed, DescriptionOfAPair) {
  PairDescription pair, back;
  pair.overlap = {.a = 10, .b = 11, .shared = 9};
  pair.spans = {{{1, 2}, {3, 4}}};
  pair.only_in_b = {{5, 6}};
  std::string bytes;
  Pack(pair, &bytes);
  Unpack(bytes, &back);
  EXPECT_EQ(back.overlap.shared, 9);
  ASSERT_EQ(back.spans.size(), 1);
  EXPECT_EQ(back.spans[0].b, (Span{3, 4}));
  EXPECT_EQ(back.only_in_b, pair.only_in_b);
}

}  // namespace
}  // namespace refrain
