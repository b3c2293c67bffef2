#pragma once
// What benchmarks of kernels share: a text and what is made of it, a result that is checked before the time
// counts, and counters that mean the same everywhere. Names say what ran:
// "BM_Winnow/kernel:avx2/text:english".

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "refrain/base/cpu.h"
#include "refrain/text/tokens.h"

namespace refrain::bench {

// A page of 64 KB, more than most have, and what is made of it on the way: together they stay in the
// second-level cache.
struct PreparedText {
  std::string text;
  Tokens tokens;
  std::vector<uint64_t> shingles;  // of five words, in text order
};

// Made when first asked for, and kept. `kind`: see bench/corpus.h. Another seed is another text.
const PreparedText& Prepared(const std::string& kind, uint64_t seed = 1);

// What one run takes in. Zeros are not shown; the others become a rate a second.
struct Amounts {
  size_t bytes = 0;
  size_t tokens = 0;
  size_t shingles = 0;
  size_t keys = 0;
};

void ShowRates(const Amounts& amounts, benchmark::State* state);

// Runs `work` with `kernel` once, and if then `right()`, for the time.
template <typename Right, typename Work>
void TimeIfRight(benchmark::State& state, const std::string& kernel, const Amounts& amounts,
                 const Right& right, const Work& work) {
  ForceKernel(kernel).IgnoreError();
  work();
  if (!right()) {
    state.SkipWithError("differs from the reference");
  } else {
    for ([[maybe_unused]] auto _ : state) {
      work();
      benchmark::ClobberMemory();
    }
    ShowRates(amounts, &state);
  }
  ForceKernel("").IgnoreError();
}

// Runs `work` with the scalar kernel, for what other kernels have to equal.
void WithScalar(const std::function<void()>& work);

// Arguments of one benchmark.
struct KernelAndText {
  std::string kernel;  // for ForceKernel
  std::string kind;
};
using OnText = std::function<void(benchmark::State&, const KernelAndText&)>;

// Registers "NAME/kernel:K/text:T" for each kernel, and English, mixed and adversarial text; where no kernel
// makes a difference, once for each text, as kernel "plain". A benchmark has to check what it times.
void ForKernelsAndTexts(const std::string& name, const OnText& run);
void ForTexts(const std::string& name, const OnText& run);
// The same for all kinds of text.
void ForKernelsAndAllTexts(const std::string& name, const OnText& run);

}  // namespace refrain::bench
