// Tokens to shingles of three and of five words, for each kernel; compared with shingles made one by one.

#include "bench/kernel_bench.h"
#include "refrain/sketch/shingle.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

void Run(benchmark::State& state, const KernelAndText& on, const ShingleOptions& options) {
  const PreparedText& prepared = Prepared(on.kind);
  const Tokens& tokens = prepared.tokens;
  std::vector<uint64_t> expected, shingles;
  for (const auto& placed :
       reference::SlowShingles(tokens.hashes, tokens.traits, options.words, options.half, options.quarter))
    expected.push_back(placed.value);
  TimeIfRight(
      state, on.kernel, {.bytes = prepared.text.size(), .tokens = tokens.size(), .shingles = expected.size()},
      [&] { return shingles == expected; },
      [&] { MakeShingles(tokens.hashes, tokens.traits, options, &shingles); });
}

void Register(int words) {
  ForKernelsAndTexts(
      "BM_Shingle/words:" + std::to_string(words),
      [words](benchmark::State& state, const KernelAndText& on) { Run(state, on, {.words = words}); });
}

[[maybe_unused]] const bool registered = (Register(5), Register(3), true);

}  // namespace
}  // namespace refrain::bench
