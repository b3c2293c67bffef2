#include "refrain/pipeline/agreeing_numbers.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace refrain {
namespace {

// Of two texts, each one passage.
double Agreeing(const std::string& one, const std::string& other) {
  Tokens a, b;
  Tokenize(one, &a);
  Tokenize(other, &b);
  AgreeingNumbers numbers;
  const SharedPassage all{.a_first = 0,
                          .a_last = static_cast<uint32_t>(a.size()),
                          .b_first = 0,
                          .b_last = static_cast<uint32_t>(b.size())};
  const double agreeing = numbers.Of(a, b, {all});
  EXPECT_EQ(numbers.Of(b, a, {{all.b_first, all.b_last, all.a_first, all.a_last}}), agreeing) << "either way";
  return agreeing;
}

// A report with four numbers, each in a place of its own.
std::string Report(int high, int low, int rain, int wind) {
  return "The air is mild today with a high in the north of " + std::to_string(high) +
         " degrees and in the valleys of the south a low around " + std::to_string(low) +
         " degrees while clouds bring some rain to the coast, about " + std::to_string(rain) +
         " millimetres in the night, and the wind will reach in the hills up to " + std::to_string(wind) +
         " knots.";
}

TEST(AgreeingNumbers, CountsThoseBesideTheSameWord) {
  EXPECT_EQ(Agreeing(Report(21, 9, 3, 14), Report(21, 9, 3, 14)), 1);
  EXPECT_EQ(Agreeing(Report(21, 9, 3, 14), Report(17, 8, 5, 14)), 0.25);
  EXPECT_EQ(Agreeing(Report(21, 9, 3, 14), Report(17, 8, 5, 12)), 0);
}

TEST(AgreeingNumbers, IsNotMisledByTheSameNumberInAnotherPlace) {
  EXPECT_EQ(Agreeing(Report(21, 9, 3, 14), Report(14, 3, 21, 9)), 0);
}

// What went wrong: the date of a page made an excerpt of a reprint.
TEST(AgreeingNumbers, ADateIsThePagesOwn) {
  const std::string text = " The gate was closed, and nobody knew why it had been closed at all.";
  for (const auto& [one, other] :
       {std::pair{"Published 4 April 2024, 23:31.", "Published 7 April 2024, 6:36."},
        {"At 23:31 on April 4, 2024.", "At 6:36 on April 7, 2024."},
        {"2024-04-04T23:31:05", "2024-04-07T06:36:11"}}) {
    EXPECT_EQ(Agreeing(one + text, other + text), 1) << one;
    EXPECT_EQ(Agreeing(one + (text + Report(21, 9, 3, 14)), other + (text + Report(17, 8, 5, 14))), 0.25)
        << one;
  }
}

TEST(AgreeingNumbers, OfAsManyNumbersItDoesNotMatterWhichComesFirst) {
  std::string same, other;
  for (const int points : {7, 11, 12, 13, 14, 15}) {
    same += "the rate was 7 points, ";
    other += "the rate was " + std::to_string(points) + " points, ";
  }
  EXPECT_LT(Agreeing(same, other), 0.5);
}

TEST(AgreeingNumbers, FewNumbersTellNothing) {
  EXPECT_EQ(Agreeing("a 1 b 2", "a 3 b 4"), 1);
  EXPECT_EQ(Agreeing("", ""), 1);
}

TEST(AgreeingNumbers, TheFirstThousandsTellForAll) {
  // Those behind the first are all others.
  std::string one, other;
  for (size_t i = 0; i < AgreeingNumbers::kMost + 1000; ++i) {
    const bool same = i < AgreeingNumbers::kMost;
    one += "row" + std::to_string(i) + " " + std::to_string(i) + "\n";
    other += "row" + std::to_string(i) + " " + std::to_string(same ? i : i + 7) + "\n";
  }
  EXPECT_EQ(Agreeing(one, other), 1);
}

}  // namespace
}  // namespace refrain
