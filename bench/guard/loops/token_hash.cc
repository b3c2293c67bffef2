// The hash of a token by itself, as what is not on a vector unit takes it. On vector units it is a part of
// the tokeniser, and of what that costs.

#include <memory>

#include "bench/corpus.h"
#include "bench/guard/loops.h"
#include "refrain/text/token_hash_internal.h"
#include "refrain/text/tokens.h"

namespace refrain::guard {
namespace {

// Of the words of English text, as they stand there.
std::function<void()> TokenHash(size_t length) {
  constexpr size_t kBytesPerToken = 8;
  const auto text = std::make_shared<std::string>(bench::MakeText("english", length * kBytesPerToken));
  const auto tokens = std::make_shared<Tokens>();
  Tokenize(*text, tokens.get());
  return [text, tokens, length] {
    uint64_t all = 0;
    for (size_t i = 0; i < length; ++i)
      all += text_internal::HashToken(text->data() + tokens->begins[i], tokens->span(i).size());
    sink = all;
  };
}

const Register loops = {{.name = "token_hash",
                         .element = "token",
                         .shorter = 1024,
                         .longer = 4096,
                         .prepare = TokenHash,
                         .dispatched = false}};

}  // namespace
}  // namespace refrain::guard
