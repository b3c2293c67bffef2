#include "refrain/io/glob_internal.h"

#include <fnmatch.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

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

TEST(MatchPart, ClassesAreOneByteOfThose) {
  EXPECT_TRUE(MatchPart("part-[0-9]*.jsonl", "part-07.jsonl"));
  EXPECT_FALSE(MatchPart("part-[0-9]*.jsonl", "part-x7.jsonl"));
  EXPECT_TRUE(MatchPart("[!a-c]x", "dx"));
  EXPECT_FALSE(MatchPart("[!a-c]x", "bx"));
  EXPECT_TRUE(MatchPart("[]x]", "]"));
  EXPECT_TRUE(MatchPart("[a", "[a")) << "not closed";
  EXPECT_FALSE(MatchPart("[.a]b", ".b")) << "hidden";
}

// Each further "**" once doubled the ways to every folder: a dozen of them did not end.
TEST(ExpandGlob, StarsOfAnyDepthInARowAreOne) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "glob_stars_in_a_row";
  const std::filesystem::path deep = root / "a/b/c";
  std::filesystem::create_directories(deep);
  std::ofstream(deep / "x.txt") << "x";
  std::vector<std::string> paths;
  std::vector<std::pair<std::string, std::error_code>> unlistable;
  ExpandGlob((root / "**/**/**/x.txt").string(), &paths, &unlistable);
  EXPECT_EQ(paths, std::vector<std::string>{(deep / "x.txt").string()});
  EXPECT_TRUE(unlistable.empty());
  std::filesystem::remove_all(root);
}

RC_GTEST_PROP(MatchPart, ReadsClassesAsTheSystemDoes, ()) {
  std::string pattern;
  for (int part = *rc::gen::inRange(0, 4); part > 0; --part) {
    pattern += *rc::gen::element<std::string>("*", "?", "a", "[", "]", "[!", "[^");
    const int members = *rc::gen::inRange(0, 5);
    if (members == 0) continue;
    pattern += *rc::gen::element<std::string>("[", "[!", "[^");
    pattern += RandomBytes(*rc::gen::arbitrary<uint64_t>(), static_cast<size_t>(members), "abc[]!^-");
    pattern += *rc::gen::element<std::string>("]", "]", "]", "");
  }
  const std::string name =
      RandomBytes(*rc::gen::arbitrary<uint64_t>(), *rc::gen::inRange<size_t>(0, 4), "abc[]-!");
  RC_ASSERT(MatchPart(pattern, name) ==
            (::fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE | FNM_PERIOD) == 0));
}

RC_GTEST_PROP(MatchPart, AgreesWithBacktracking, ()) {
  const std::string pattern = RandomBytes(*rc::gen::arbitrary<uint64_t>(), *rc::gen::inRange(0, 8), "ab*?");
  const std::string name = RandomBytes(*rc::gen::arbitrary<uint64_t>(), *rc::gen::inRange(0, 10), "ab");
  RC_ASSERT(MatchPart(pattern, name) == SlowMatch(pattern, name));
}

}  // namespace
}  // namespace refrain
