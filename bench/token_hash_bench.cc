// The hash of each token of a text by itself, as the scalar tokeniser takes it; compared with its definition,
// byte by byte.

#include <xxhash.h>

#include "bench/kernel_bench.h"
#include "refrain/text/token_hash_internal.h"

namespace refrain::bench {
namespace {

uint64_t SlowHash(std::string_view token) {
  if (token.size() > 16) return XXH3_64bits(token.data(), token.size());
  uint64_t words[2] = {};
  for (size_t i = 0; i < token.size(); ++i)
    words[i / 8] |= uint64_t{static_cast<unsigned char>(token[i])} << (i % 8 * 8);
  return text_internal::HashWords(words[0], words[1], token.size());
}

void Run(benchmark::State& state, const KernelAndText& on) {
  const PreparedText& prepared = Prepared(on.kind);
  const Tokens& tokens = prepared.tokens;
  std::vector<uint64_t> expected, hashes(tokens.size());
  size_t bytes = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    expected.push_back(SlowHash(Slice(prepared.text, tokens.span(i))));
    bytes += tokens.span(i).size();
  }
  TimeIfRight(
      state, on.kernel, {.bytes = bytes, .tokens = tokens.size()}, [&] { return hashes == expected; },
      [&] {
        for (size_t i = 0; i < tokens.size(); ++i)
          hashes[i] =
              text_internal::HashToken(prepared.text.data() + tokens.begins[i], tokens.span(i).size());
      });
}

[[maybe_unused]] const bool registered = (ForTexts("BM_TokenHash", Run), true);

}  // namespace
}  // namespace refrain::bench
