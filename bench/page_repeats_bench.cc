// How fast the page scope is on tokens in memory: pages without repeats, as most are, and pages that show
// their text twice. XXH3 over the same bytes stands beside it, to compare machines by. Results are checked
// before their time counts.
//
//   page_repeats_bench --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true

#include <benchmark/benchmark.h>
#include <xxhash.h>

#include <string>

#include "bench/corpus.h"
#include "refrain/match/page_repeats.h"

namespace refrain::bench {
namespace {

void BM_Find(benchmark::State& state, const std::string& kind, bool twice) {
  const size_t bytes = static_cast<size_t>(state.range(0));
  std::string text = MakeText(kind, twice ? bytes / 2 : bytes);
  const std::string once = text + "\n";
  if (twice) text = once + "\n" + once;
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, tokens, {}, &found);
  if (WithoutSpans(text, found.cut) != (twice ? once : text)) {
    state.SkipWithError("not the page without what it shows twice");
    return;
  }
  for (auto _ : state) {
    finder.Find(text, tokens, {}, &found);
    benchmark::DoNotOptimize(found.cut.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(text.size()));
}

void BM_Xxh3(benchmark::State& state) {
  const std::string text = MakeText("english", static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(XXH3_64bits(text.data(), text.size()));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(text.size()));
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  for (const int64_t bytes : {4 << 10, 64 << 10, 10 << 20}) benchmark->Arg(bytes);
}

BENCHMARK(BM_Xxh3)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Find, english, "english", false)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Find, mixed, "mixed", false)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Find, english_twice, "english", true)->Apply(Sizes);

}  // namespace
}  // namespace refrain::bench
