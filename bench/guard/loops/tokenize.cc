// Text to tokens, and lines to blocks, a byte. Two texts of different lengths differ in what they hold, so
// the shorter one is the beginning of the longer one.

#include <memory>

#include "bench/corpus.h"
#include "bench/guard/loops.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain::guard {
namespace {

constexpr size_t kShorter = 16 << 10, kLonger = 64 << 10;

Loop TokenizeLoop(const std::string& kind) {
  return {.name = "tokenize:" + kind,
          .element = "byte",
          .shorter = kShorter,
          .longer = kLonger,
          .prepare = [kind](size_t length) {
            return [text = bench::MakeText(kind, length), tokens = std::make_shared<Tokens>()] {
              Tokenize(text, tokens.get());
              sink = tokens->size();
            };
          }};
}

std::function<void()> Blocks(size_t length) {
  const auto tokens = std::make_shared<Tokens>();
  const auto text = std::make_shared<std::string>(bench::MakeText("english", length));
  Tokenize(*text, tokens.get());
  return [text, tokens, blocks = std::make_shared<std::vector<Block>>()] {
    Segment(*text, *tokens, blocks.get());
    sink = blocks->size();
  };
}

const Register loops = {
    TokenizeLoop("english"),
    TokenizeLoop("mixed"),
    TokenizeLoop("cyrillic"),
    TokenizeLoop("han"),
    TokenizeLoop("thai"),
    TokenizeLoop("adversarial"),
    {.name = "blocks", .element = "byte", .shorter = kShorter, .longer = kLonger, .prepare = Blocks}};

}  // namespace
}  // namespace refrain::guard
