// Copies whose lines were broken to a width: the other one stays, if it is not that its lines are headings.

#include <string>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"

namespace refrain {
namespace {

TEST(PageWidths, ACopyBrokenToAWidthGoes) {
  const std::string wrapped =
      "The harbour master opened the northern gate before\nsunrise on Tuesday morning. Eleven fishing "
      "boats\nhad "
      "waited outside since midnight while heavy rain\nfell.\n\n" +
      std::string(kThree) + "\n";
  const std::string column = std::string(kOne) + " " + kTwo + "\n\n" + kThree + "\n";
  EXPECT_EQ(Clean(wrapped + "\nOther news.\n\n" + column), "Other news.\n\n" + column);
  EXPECT_EQ(Clean(column + "\nOther news.\n\n" + wrapped), column + "\nOther news.\n");
}

// Georgian letters have no case: only their width tells lines that were broken from headings.
TEST(PageWidths, ACopyBrokenToAWidthGoesInScriptsWithoutCase) {
  const std::string column =
      "საკრებულომ სამშაბათს საღამოს მდინარეზე ახალი ხიდის მშენებლობა დაამტკიცა. ცხრა წევრმა მხარი "
      "დაუჭირა.\n\n"
      "ხიდს ექნება ორი სავალი ზოლი და ველოსიპედების ფართო ბილიკი. სამუშაოები გაზაფხულზე დაიწყება.\n\n"
      "ქალაქმა ორმოცი ხის გადარგვა და სანაპირო ბილიკის გაფართოება დააპირა.\n";
  const std::string wrapped =
      "საკრებულომ სამშაბათს საღამოს მდინარეზე ახალი ხიდის\n"
      "მშენებლობა დაამტკიცა. ცხრა წევრმა მხარი დაუჭირა.\n\n"
      "ხიდს ექნება ორი სავალი ზოლი და ველოსიპედების ფართო\n"
      "ბილიკი. სამუშაოები გაზაფხულზე დაიწყება.\n\n"
      "ქალაქმა ორმოცი ხის გადარგვა და სანაპირო ბილიკის\n"
      "გაფართოება დააპირა.\n";
  EXPECT_EQ(Clean(wrapped + "\nსხვა ამბები.\n\n" + column), "სხვა ამბები.\n\n" + column);
  EXPECT_EQ(Clean(column + "\nსხვა ამბები.\n\n" + wrapped), column + "\nსხვა ამბები.\n");
  // Neither copy may be judged by the lines in front of it.
  EXPECT_EQ(Clean("ახალი ხიდი\n\n" + wrapped + "\n2027 წლის 3 მაისი\n\n" + column),
            "ახალი ხიდი\n\n2027 წლის 3 მაისი\n\n" + column);
}

// Han has no spaces, and its quotation marks are wide or narrow. One break in a paragraph is enough.
TEST(PageWidths, AHanCopyBrokenToAWidthGoes) {
  const std::string column =
      "镇里的老渡口星期天重新开放，三百多人沿着河堤走来，想看看修好的木船和新刷的灯塔。\n\n"
      "“我小时候每天坐这条船上学”，船工的女儿说。她和父亲用了两个冬天才把船底补好。\n";
  const std::string wrapped =
      "镇里的老渡口星期天重新开放，三百多人沿着河堤走来，想看看修\n好的木船和新刷的灯塔。\n\n"
      "“我小时候每天坐这条船上学”，船工的女儿说。她和父亲用了两个\n冬天才把船底补好。\n";
  EXPECT_EQ(Clean(wrapped + "\n其他消息。\n\n" + column), "其他消息。\n\n" + column);
  EXPECT_EQ(Clean(column + "\n其他消息。\n\n" + wrapped), column + "\n其他消息。\n");
}

TEST(PageWidths, HeadingsInScriptsWithoutCaseStayLines) {
  const std::string first = "საკრებულომ სამშაბათს საღამოს მდინარეზე ახალი ხიდის მშენებლობა დაამტკიცა.";
  const std::string second = "ქალაქმა ორმოცი ხის გადარგვა და სანაპირო ბილიკის გაფართოება დააპირა.";
  const std::string lines = "რა გადაწყდა საღამოს\n" + first + "\nრას აპირებს ქალაქი\n" + second + "\n";
  const std::string glued = "რა გადაწყდა საღამოს " + first + " რას აპირებს ქალაქი " + second + "\n";
  EXPECT_EQ(Clean(glued + "\nსხვა ამბები.\n\n" + lines), "სხვა ამბები.\n\n" + lines);
  EXPECT_EQ(Clean(lines + "\nსხვა ამბები.\n\n" + glued), lines + "\nსხვა ამბები.\n");
}

}  // namespace
}  // namespace refrain
