// How fast text becomes tokens, for each kernel and kind of text. Every result is compared with the plain
// kernel's before its time counts.
//
//   tokenize_bench --benchmark_filter=english --benchmark_repetitions=9

#include <benchmark/benchmark.h>

#include <string>

#include "bench/corpus.h"
#include "refrain/base/cpu.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain::bench {
namespace {

// A long page, that stays in the second-level cache.
constexpr size_t kBytes = 256 << 10;

bool SameTokens(const Tokens& a, const Tokens& b) {
  return a.hashes == b.hashes && a.begins == b.begins && a.ends == b.ends && a.traits == b.traits &&
         a.invalid_bytes == b.invalid_bytes;
}

void BM_Tokenize(benchmark::State& state, const std::string& kernel, const std::string& kind) {
  const std::string text = MakeText(kind, kBytes);
  Tokens expected, tokens;
  ForceKernel("scalar").IgnoreError();
  Tokenize(text, &expected);
  ForceKernel(kernel).IgnoreError();
  Tokenize(text, &tokens);
  if (!SameTokens(tokens, expected)) {
    state.SkipWithError("differs from the plain kernel");
    return;
  }
  for (auto _ : state) {
    Tokenize(text, &tokens);
    benchmark::DoNotOptimize(tokens.hashes.data());
    benchmark::ClobberMemory();
  }
  ForceKernel("").IgnoreError();
  const auto rounds = static_cast<int64_t>(state.iterations());
  state.SetBytesProcessed(rounds * static_cast<int64_t>(text.size()));
  state.counters["tokens"] = benchmark::Counter(
      static_cast<double>(rounds) * static_cast<double>(tokens.size()), benchmark::Counter::kIsRate);
}

void BM_Segment(benchmark::State& state, const std::string& kind) {
  const std::string text = MakeText(kind, kBytes);
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<Block> blocks;
  for (auto _ : state) {
    Segment(text, tokens, &blocks);
    benchmark::DoNotOptimize(blocks.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(text.size()));
}

void Register() {
  for (const std::string& kind : TextKinds()) {
    for (const std::string& kernel : AvailableKernels()) {
      benchmark::RegisterBenchmark(("BM_Tokenize/kernel:" + kernel + "/text:" + kind).c_str(), BM_Tokenize,
                                   kernel, kind);
    }
    benchmark::RegisterBenchmark(("BM_Segment/text:" + kind).c_str(), BM_Segment, kind);
  }
}

}  // namespace
}  // namespace refrain::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  refrain::bench::Register();
  benchmark::RunSpecifiedBenchmarks();
}
