#include "refrain/text/line_ends.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/text/blocks.h"

namespace refrain {
namespace {

const std::vector<std::string> kLineEnds = {"\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"};

TEST(LineEnd, HasItsSizeInBytes) {
  for (const std::string& end : kLineEnds) {
    EXPECT_EQ(LineEndAt(end, 0), end.size());
    EXPECT_EQ(LineEndAt("a" + end + "b", 1), end.size());
  }
  EXPECT_EQ(LineEndAt("\r\n", 1), 1u);
  EXPECT_EQ(LineEndAt("a", 0), 0u);
  EXPECT_EQ(LineEndAt("a", 1), 0u);
  EXPECT_EQ(LineEndAt("", 0), 0u);
  for (const char* torn : {"\xC2", "\xE2", "\xE2\x80", "\xC2\xA0", "\xE2\x80\xA6", "\x85", "\xA8"})
    EXPECT_EQ(LineEndAt(torn, 0), 0u);
}

TEST(LineBegin, StandsBehindEachLineEndAndAtTheBegin) {
  for (const std::string& end : kLineEnds) {
    const std::string text = "ab" + end + "cd";
    EXPECT_TRUE(LineBeginsAt(text, 0));
    EXPECT_FALSE(LineBeginsAt(text, 1));
    EXPECT_TRUE(LineBeginsAt(text, 2 + end.size()));
    EXPECT_FALSE(LineBeginsAt(text, 3 + end.size()));
  }
  EXPECT_FALSE(LineBeginsAt("\x85", 1));
  EXPECT_FALSE(LineBeginsAt("\x80\xA8", 2));
}

// What went wrong: clean output looked for LF and CR only, so a block that ended at another line end took its
// neighbours along.
TEST(WholeLines, AreTheLineOfEachBlockWhateverEndsIt) {
  for (const std::string& before : kLineEnds) {
    for (const std::string& behind : kLineEnds) {
      const std::string text = "one" + before + "  two three " + behind + "four";
      Tokens tokens;
      std::vector<Block> blocks;
      Tokenize(text, &tokens);
      Segment(text, tokens, &blocks);
      ASSERT_EQ(blocks.size(), 3u);
      EXPECT_EQ(Slice(text, WholeLines(text, blocks[0].span)), "one" + before);
      EXPECT_EQ(Slice(text, WholeLines(text, blocks[1].span)), "  two three " + behind);
      EXPECT_EQ(Slice(text, WholeLines(text, blocks[2].span)), "four");
    }
  }
}

}  // namespace
}  // namespace refrain
