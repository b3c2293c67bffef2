#include "refrain/sketch/resemblance.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "refrain/sketch/shingle.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

size_t SlowShared(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  std::vector<uint64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both.size();
}

void ExpectExact(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b) {
  const Overlap overlap = ExactOverlap(a, b);
  ASSERT_EQ(overlap.a, a.size());
  ASSERT_EQ(overlap.b, b.size());
  ASSERT_EQ(overlap.shared, SlowShared(a, b));
  // At the exact value, right beside it, and elsewhere.
  const double exact = overlap.resemblance();
  for (const double asked :
       {exact, std::nextafter(exact, 2.0), std::nextafter(exact, 0.0), 0.1, 0.5, 0.8, 1.0}) {
    if (asked > 0) {
      ASSERT_EQ(Resembles(a, b, asked), exact >= asked) << asked;
    }
  }
}

TEST(Overlap, ScoresOfTwoSets) {
  const Overlap overlap =
      ExactOverlap(std::vector<uint64_t>{1, 2, 3, 4}, std::vector<uint64_t>{3, 4, 5, 6, 7, 8});
  EXPECT_EQ(overlap.shared, 2);
  EXPECT_DOUBLE_EQ(overlap.resemblance(), 2.0 / 8);
  EXPECT_DOUBLE_EQ(overlap.a_in_b(), 0.5);
  EXPECT_DOUBLE_EQ(overlap.b_in_a(), 2.0 / 6);
}

TEST(Overlap, EmptySetsResembleNothing) {
  const std::vector<uint64_t> none, some = {1, 2};
  EXPECT_EQ(ExactOverlap(none, none).resemblance(), 0);
  EXPECT_EQ(ExactOverlap(none, none).a_in_b(), 0);
  EXPECT_EQ(ExactOverlap(none, some).resemblance(), 0);
  EXPECT_EQ(ExactOverlap(some, none).b_in_a(), 0);
}

TEST(Overlap, EqualSetsResembleFully) {
  auto set = reference::Random(1).Hashes(100);
  MakeSet(&set);
  EXPECT_EQ(ExactOverlap(set, set).resemblance(), 1);
  EXPECT_EQ(ExactOverlap(set, set).a_in_b(), 1);
}

// Every way through the merge and the gallop: sizes from equal to a thousandfold, values from crowded to
// sparse.
TEST(Overlap, EqualsSetIntersectionForAllRatiosOfSize) {
  reference::Random random(2);
  for (const size_t few : {0, 1, 2, 3, 7, 20, 100}) {
    for (const size_t ratio : {1, 2, 15, 16, 17, 100, 1000}) {
      for (const uint64_t range : {uint64_t{few * ratio + 2}, uint64_t{3 * few * ratio + 5}, ~uint64_t{0}}) {
        std::vector<uint64_t> a(few), b(few * ratio);
        for (uint64_t& x : b) x = random() % range;
        for (uint64_t& x : a) x = b.empty() || random() % 2 ? random() % range : b[random.Below(b.size())];
        MakeSet(&a);
        MakeSet(&b);
        ExpectExact(a, b);
        ExpectExact(b, a);
      }
    }
  }
}

TEST(Overlap, FindsTheFirstAndLastOfAMuchLongerSet) {
  auto many = reference::Random(3).Hashes(10000);
  many.push_back(0);
  many.push_back(~uint64_t{0});
  MakeSet(&many);
  EXPECT_EQ(ExactOverlap(std::vector<uint64_t>{0, ~uint64_t{0}}, many).shared, 2);
  EXPECT_EQ(ExactOverlap(std::vector<uint64_t>{many.front()}, many).shared, 1);
  EXPECT_EQ(ExactOverlap(std::vector<uint64_t>{many.back()}, many).shared, 1);
  EXPECT_EQ(ExactOverlap(std::vector<uint64_t>{1}, many).shared, 0);
}

// Long enough for the merge to give up on the way, with what is shared at the beginning, at the end or
// anywhere.
TEST(Resembles, AgreesWithExactOverlapOnLongSets) {
  reference::Random random(4);
  for (const size_t size : {200, 1000, 5000}) {
    for (const double j : {0.0, 0.3, 0.5, 0.7, 0.79, 0.8, 0.81, 0.95, 1.0}) {
      for (int order = 0; order < 3; ++order) {
        auto [a, b] = reference::MakePair(size, reference::SharedFor(size, j), &random);
        for (size_t i = reference::SharedFor(size, j); i < size; ++i) {
          if (order == 0) a[i] >>= 2, b[i] >>= 2;
          if (order == 1) a[i] |= uint64_t{3} << 62, b[i] |= uint64_t{3} << 62;
        }
        MakeSet(&a);
        MakeSet(&b);
        ExpectExact(a, b);
        b.resize(b.size() * 9 / 10);
        ExpectExact(a, b);
        ExpectExact(b, a);
      }
    }
  }
}

RC_GTEST_PROP(Overlap, IsTheSameFromBothSides, (std::vector<uint16_t> left, std::vector<uint16_t> right)) {
  std::vector<uint64_t> a(left.begin(), left.end()), b(right.begin(), right.end());
  MakeSet(&a);
  MakeSet(&b);
  const Overlap ab = ExactOverlap(a, b);
  const Overlap ba = ExactOverlap(b, a);
  RC_ASSERT(ab.shared == SlowShared(a, b));
  RC_ASSERT(ab.shared == ba.shared);
  RC_ASSERT(ab.resemblance() == ba.resemblance());
  RC_ASSERT(ab.a_in_b() == ba.b_in_a());
}

}  // namespace
}  // namespace refrain
