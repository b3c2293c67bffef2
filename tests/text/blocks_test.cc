#include "refrain/text/blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/cpu.h"
#include "tests/reference/text_samples.h"

namespace refrain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<Block> BlocksOf(std::string_view text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<Block> blocks;
  Segment(text, tokens, &blocks);
  return blocks;
}

std::vector<std::string> Texts(std::string_view text) {
  std::vector<std::string> texts;
  for (const Block& block : BlocksOf(text)) texts.emplace_back(Slice(text, block.span));
  return texts;
}

TEST(Segment, MakesABlockOfEachLineWithAToken) {
  EXPECT_THAT(Texts("one two\n\n  ...\nthree\n"), ElementsAre("one two", "three"));
  EXPECT_THAT(Texts("one"), ElementsAre("one"));
  EXPECT_THAT(Texts("\n\n- - -\n"), IsEmpty());
  EXPECT_THAT(Texts(""), IsEmpty());
}

TEST(Segment, EndsLinesWhereUnicodeDoes) {
  EXPECT_THAT(Texts("a\nb\rc\r\nd\ve\ff\u0085g\u2028h\u2029i"),
              ElementsAre("a", "b", "c", "d", "e", "f", "g", "h", "i"));
  EXPECT_THAT(Texts("a\tb\u00A0c\u2027d\u00A9e\x1C"
                    "f"),
              ElementsAre("a\tb\u00A0c\u2027d\u00A9e\x1C"
                          "f"));
}

TEST(Segment, LeavesWhiteSpaceAtTheEdgesOut) {
  EXPECT_THAT(Texts(" \t\u3000“One, two.”\u00A0 \n"), ElementsAre("“One, two.”"));
  EXPECT_THAT(Texts("\uFEFFone \xFF \n"), ElementsAre("one \xFF"));
}

TEST(Segment, NamesTheTokensOfEachBlock) {
  const auto blocks = BlocksOf("...\none two\n\nthree");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].first, 0u);
  EXPECT_EQ(blocks[0].last, 2u);
  EXPECT_EQ(blocks[1].first, 2u);
  EXPECT_EQ(blocks[1].last, 3u);
  EXPECT_EQ(blocks[1].size(), 1u);
}

// Line by line, trimming and counting: the obvious way.
std::vector<Block> SlowSegment(std::string_view text, const Tokens& tokens) {
  static constexpr std::string_view kEnds[] = {"\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"};
  static constexpr std::string_view kSpaces[] = {
      " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00A0", "\u1680",
      "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
      "\u2009", "\u200A", "\u200B", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF"};
  std::vector<Block> blocks;
  const auto add = [&](size_t begin, size_t end) {
    Block block;
    block.first = block.last = 0;
    while (block.first < tokens.size() && tokens.begins[block.first] < begin) ++block.first;
    block.last = block.first;
    while (block.last < tokens.size() && tokens.begins[block.last] < end) ++block.last;
    if (block.size() == 0) return;
    for (bool again = true; again;) {
      again = false;
      for (const std::string_view space : kSpaces) {
        if (text.substr(begin, end - begin).starts_with(space)) begin += space.size(), again = true;
        if (text.substr(begin, end - begin).ends_with(space)) end -= space.size(), again = true;
      }
    }
    block.span = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
    blocks.push_back(block);
  };
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    size_t length = 0;
    for (const std::string_view end : kEnds) {
      if (text.substr(at).starts_with(end)) length = end.size();
    }
    if (length != 0) {
      add(begin, at);
      begin = at + length;
    }
    at += length == 0 ? 1 : length;
  }
  add(begin, text.size());
  return blocks;
}

TEST(Segment, AgreesWithTheObviousWayOnRandomTextWithEveryKernel) {
  std::mt19937_64 random(5);
  const std::vector<std::string> kernels = AvailableKernels();
  for (int round = 0; round < 3000; ++round) {
    std::string text = reference::SampleText(&random, {.pieces = static_cast<int>(random() % 60)});
    Tokens tokens;
    Tokenize(text, &tokens);
    std::vector<Block> blocks;
    ASSERT_TRUE(ForceKernel(kernels[random() % kernels.size()]).ok());
    Segment(text, tokens, &blocks);
    const std::vector<Block> expected = SlowSegment(text, tokens);
    ASSERT_EQ(blocks.size(), expected.size()) << text;
    for (size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(blocks[i].span, expected[i].span) << text;
      EXPECT_EQ(blocks[i].first, expected[i].first) << text;
      EXPECT_EQ(blocks[i].last, expected[i].last) << text;
    }
  }
  ASSERT_TRUE(ForceKernel("").ok());
}

TEST(Segment, PutsEveryTokenIntoExactlyOneBlock) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 500; ++round) {
    const std::string text = reference::SampleText(&random, {});
    Tokens tokens;
    Tokenize(text, &tokens);
    std::vector<Block> blocks;
    Segment(text, tokens, &blocks);
    size_t token = 0;
    size_t byte = 0;
    for (const Block& block : blocks) {
      EXPECT_EQ(block.first, token);
      EXPECT_GT(block.last, block.first);
      EXPECT_LE(byte, block.span.begin);
      EXPECT_LE(block.span.begin, tokens.begins[block.first]);
      EXPECT_GE(block.span.end, tokens.ends[block.last - 1]);
      token = block.last;
      byte = block.span.end;
    }
    EXPECT_EQ(token, tokens.size());
    EXPECT_LE(byte, text.size());
  }
}

}  // namespace
}  // namespace refrain
