#pragma once
// Segment's two halves: who finds line ends (plain or on vector units), and who makes blocks of them.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/text/blocks.h"

namespace refrain::text_internal {

// Is told of line ends in order, and makes a block of each line that holds a token.
class BlockBuilder {
 public:
  BlockBuilder(std::string_view text, const Tokens& tokens, std::vector<Block>* blocks)
      : text_(text), tokens_(tokens), blocks_(*blocks) {}

  // The line ends at byte `at`, the next one begins at `next`.
  void EndLine(size_t at, size_t next);

 private:
  const std::string_view text_;
  const Tokens& tokens_;
  std::vector<Block>& blocks_;
  size_t line_ = 0;   // where the line begins
  size_t first_ = 0;  // its first token
};

// Tells `builder` of every line end in `text`.
void FindLineEnds(std::string_view text, BlockBuilder* builder);
void FindLineEndsVector(std::string_view text, BlockBuilder* builder);

}  // namespace refrain::text_internal
