#include "refrain/pipeline/source_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace refrain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SourceList, HasASourceALine) {
  EXPECT_THAT(ParseSourceList("b.example\na.example\n"), ElementsAre("b.example", "a.example"));
  EXPECT_THAT(ParseSourceList("no line end"), ElementsAre("no line end"));
  EXPECT_THAT(ParseSourceList("\n\n \t\r\n"), IsEmpty());
  EXPECT_THAT(ParseSourceList(""), IsEmpty());
}

// What went wrong: a list from an editor that marks its files began with a source that no page is of.
TEST(SourceList, TakesWhatEditorsWrite) {
  EXPECT_THAT(ParseSourceList("\xEF\xBB\xBF"
                              "a.example \r\n\r\nb.example\t\r\n"),
              ElementsAre("a.example", "b.example"));
  EXPECT_THAT(ParseSourceList(" \xEF\xBB\xBF"), ElementsAre(" \xEF\xBB\xBF"))
      << "a mark that is not in front";
}

}  // namespace
}  // namespace refrain
