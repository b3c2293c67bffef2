// Text to tokens, for each kernel and kind of text; what they give is compared with the plain kernel's.
//
//   tokenize_bench --benchmark_filter=english --benchmark_repetitions=9

#include "bench/kernel_bench.h"

namespace refrain::bench {
namespace {

bool SameTokens(const Tokens& a, const Tokens& b) {
  return a.hashes == b.hashes && a.begins == b.begins && a.ends == b.ends && a.traits == b.traits &&
         a.invalid_bytes == b.invalid_bytes;
}

void Run(benchmark::State& state, const KernelAndText& on) {
  const PreparedText& prepared = Prepared(on.kind);
  Tokens expected, tokens;
  WithScalar([&] { Tokenize(prepared.text, &expected); });
  TimeIfRight(
      state, on.kernel, {.bytes = prepared.text.size(), .tokens = expected.size()},
      [&] { return SameTokens(tokens, expected); }, [&] { Tokenize(prepared.text, &tokens); });
}

[[maybe_unused]] const bool registered = (ForKernelsAndAllTexts("BM_Tokenize", Run), true);

}  // namespace
}  // namespace refrain::bench
