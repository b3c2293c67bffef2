#include "refrain/io/glob_internal.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/io/io_testing.h"

namespace refrain {
namespace {

bool SlowMatch(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*')
    return SlowMatch(pattern.substr(1), name) || (!name.empty() && SlowMatch(pattern, name.substr(1)));
  return !name.empty() && (pattern[0] == '?' || pattern[0] == name[0]) &&
         SlowMatch(pattern.substr(1), name.substr(1));
}

TEST(MatchPart, LeavesHiddenNamesToPatternsThatNameTheDot) {
  EXPECT_FALSE(MatchPart("*", ".git"));
  EXPECT_FALSE(MatchPart("?git", ".git"));
  EXPECT_TRUE(MatchPart(".*", ".git"));
}

TEST(MatchPart, IsNotExponentialInStars) {
  const std::string name(2000, 'a');
  EXPECT_FALSE(MatchPart("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}

RC_GTEST_PROP(MatchPart, AgreesWithBacktracking, ()) {
  const std::string pattern = RandomBytes(*rc::gen::arbitrary<uint64_t>(), *rc::gen::inRange(0, 8), "ab*?");
  const std::string name = RandomBytes(*rc::gen::arbitrary<uint64_t>(), *rc::gen::inRange(0, 10), "ab");
  RC_ASSERT(MatchPart(pattern, name) == SlowMatch(pattern, name));
}

}  // namespace
}  // namespace refrain
