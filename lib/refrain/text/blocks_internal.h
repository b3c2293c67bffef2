#pragma once
// Segment's two halves: who finds line ends (plain or on vector units), and who makes blocks of them.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/text/blocks.h"

namespace refrain::text_internal {

// Length of the line end at byte `at`: LF, VT, FF, CR one byte each, U+0085 two, U+2028 and U+2029 three; 0
// if there is none. CR LF counts as two ends with an empty line between them, which makes no block. REQUIRES:
// at < text.size().
inline size_t LineEndLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  if (first - 0x0A <= 0x0D - 0x0A) return 1;
  if (first == 0xC2) return at + 1 < text.size() && byte(at + 1) == 0x85 ? 2 : 0;
  if (first != 0xE2 || at + 2 >= text.size() || byte(at + 1) != 0x80) return 0;
  return byte(at + 2) == 0xA8 || byte(at + 2) == 0xA9 ? 3 : 0;
}

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
