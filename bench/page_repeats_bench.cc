// How fast the page scope is on tokens in memory: pages without repeats, as most are, and pages that show
// their text twice, for each kernel. XXH3 over the same bytes stands beside it, to compare machines by.
// Results are checked before their time counts.
//
//   page_repeats_bench --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true

#include <benchmark/benchmark.h>
#include <xxhash.h>

#include <string>

#include "bench/corpus.h"
#include "bench/kernel_bench.h"
#include "refrain/match/page_repeats.h"

namespace refrain::bench {
namespace {

void Find(benchmark::State& state, const std::string& kernel, const std::string& kind, bool twice,
          size_t bytes) {
  std::string text = MakeText(kind, twice ? bytes / 2 : bytes);
  const std::string once = text + "\n";
  if (twice) text = once + "\n" + once;
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  WithScalar([&] { finder.Find(text, tokens, {}, &found); });
  if (WithoutSpans(text, found.cut) != (twice ? once : text)) {
    state.SkipWithError("not the page without what it shows twice");
    return;
  }
  ForceKernel(kernel).IgnoreError();
  PageRepeats found_by_kernel;
  finder.Find(text, tokens, {}, &found_by_kernel);
  if (found_by_kernel.cut != found.cut) state.SkipWithError("differs from the plain kernel");
  for (auto _ : state) {
    finder.Find(text, tokens, {}, &found);
    benchmark::DoNotOptimize(found.cut.data());
    benchmark::ClobberMemory();
  }
  ForceKernel("").IgnoreError();
  ShowRates({.bytes = text.size(), .tokens = tokens.size()}, &state);
}

// "a a a ...": shows everything over and over, and nothing of that is a repeat to cut.
void FindAdversarial(benchmark::State& state, const std::string& kernel, size_t bytes) {
  const std::string text = MakeText("adversarial", bytes);
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats expected, found;
  WithScalar([&] { finder.Find(text, tokens, {}, &expected); });
  TimeIfRight(
      state, kernel, {.bytes = text.size(), .tokens = tokens.size()},
      [&] { return found.cut == expected.cut; }, [&] { finder.Find(text, tokens, {}, &found); });
}

void Xxh3(benchmark::State& state, size_t bytes) {
  const std::string text = MakeText("english", bytes);
  for (auto _ : state) benchmark::DoNotOptimize(XXH3_64bits(text.data(), text.size()));
  ShowRates({.bytes = text.size()}, &state);
}

bool RegisterAll() {
  for (const size_t bytes : {4 << 10, 64 << 10, 10 << 20}) {
    const std::string size = std::string("/").append(std::to_string(bytes));
    benchmark::RegisterBenchmark(("BM_Xxh3" + size).c_str(), Xxh3, bytes);
    for (const std::string& kernel : AvailableKernels()) {
      const std::string name = "BM_Find/kernel:" + kernel + "/text:";
      const auto add = [&](const std::string& text, auto function, const auto&... arguments) {
        benchmark::RegisterBenchmark((name + text + size).c_str(), function, kernel, arguments..., bytes);
      };
      add("english", Find, std::string("english"), false);
      add("mixed", Find, std::string("mixed"), false);
      add("english_twice", Find, std::string("english"), true);
      if (bytes <= 64 << 10) add("adversarial", FindAdversarial);  // 0.2 s a megabyte
    }
  }
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
