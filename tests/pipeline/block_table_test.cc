#include "refrain/pipeline/block_table.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/sketch/fingerprint.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

// Each block by itself, from its own text.
void ScanSlowly(const std::string& text, const std::vector<Span>& cut, double least_words,
                const Banding& banding, std::vector<ScannedBlock>* blocks, std::vector<uint64_t>* keys) {
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<Block> all;
  Segment(text, tokens, &all);
  const MinHasher hasher({.components = banding.components()});
  std::vector<uint32_t> signature(static_cast<size_t>(banding.components()));
  std::vector<uint64_t> shingles;
  for (const Block& block : all) {
    bool whole = true;
    for (const Span& span : cut) whole &= span.end <= block.span.begin || block.span.end <= span.begin;
    Tokens own;
    Tokenize(Slice(text, block.span), &own);
    double words = 0;
    for (size_t i = 0; i < own.size(); ++i) words += own.quarter_words(i) / 4.0;
    if (!whole || words < least_words) continue;
    blocks->push_back({.exact = ExactKey(own.hashes), .span = block.span, .tokens = block.size()});
    MakeShingles(own.hashes, own.traits, BlockShingles(block.size()), &shingles);
    hasher.Sign(shingles, signature);
    AppendBandKeys(signature, banding, keys);
  }
}

TEST(BlockScanner, BlocksAndKeysAreThoseOfEachBlockByItself) {
  Random random(5);
  const Banding banding;
  const std::vector<std::string> others = {"\u0e01", "\u6f22", "7"};
  size_t found = 0;
  for (const double least : {20.0, 5.0, 2.0, 0.5}) {
    BlockScanner scanner(least, banding);
    for (int round = 0; round < 200; ++round) {
      // Words only, or other scripts too; paragraphs shorter and longer than those compared by three words.
      const uint64_t longest = round % 2 == 0 ? 60 : 300;
      std::string text;
      std::vector<Span> cut;
      for (size_t line = random.Below(12); line > 0; --line) {
        const uint32_t begin = static_cast<uint32_t>(text.size());
        for (size_t i = random.Below(longest); i > 0; --i) {
          const bool other = round % 3 == 0 && random.Below(20) == 0;
          text += other ? others[random.Below(others.size())] : "w" + std::to_string(random.Below(500));
          text += ' ';
        }
        text += '\n';
        if (random.Below(6) == 0) cut.push_back({begin, static_cast<uint32_t>(text.size())});
      }
      Tokens tokens;
      Tokenize(text, &tokens);
      PageRepeats repeats;
      repeats.cut = cut;
      std::vector<ScannedBlock> blocks, slow_blocks;
      std::vector<uint64_t> keys, slow_keys;
      scanner.Scan(text, tokens, repeats, &blocks, &keys);
      ScanSlowly(text, cut, least, banding, &slow_blocks, &slow_keys);
      ASSERT_EQ(blocks.size(), slow_blocks.size()) << text;
      for (size_t i = 0; i < blocks.size(); ++i) {
        EXPECT_EQ(blocks[i].exact, slow_blocks[i].exact);
        EXPECT_EQ(blocks[i].span, slow_blocks[i].span);
        EXPECT_EQ(blocks[i].tokens, slow_blocks[i].tokens);
      }
      ASSERT_EQ(keys, slow_keys) << text;
      found += blocks.size();
    }
  }
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace refrain
