// How fast shingles, signatures, sets and overlaps are made, for each kernel. Every result is compared with
// the plain kernel's or a plain algorithm's before its time counts.
//
//   sketch_bench --benchmark_filter=Sign --benchmark_repetitions=9

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "refrain/base/cpu.h"
#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/sample.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"

namespace refrain::bench {
namespace {

std::vector<uint64_t> Hashes(size_t n, uint64_t seed) {
  std::vector<uint64_t> hashes(n);
  uint64_t x = seed;
  for (uint64_t& hash : hashes) {
    x = x * 0x5851f42d4c957f2d + 1;
    hash = (x ^ (x >> 29)) * 0x9e3779b97f4a7c15;
  }
  return hashes;
}

// Runs `work` for the time, unless what it gives with `kernel` differs from what it gives in plain C++.
template <typename Work>
void Time(benchmark::State& state, const std::string& kernel, size_t elements, const Work& work) {
  ForceKernel("scalar").IgnoreError();
  auto expected = work();  // a copy: the next call may write where this one did
  ForceKernel(kernel).IgnoreError();
  if (work() != expected) {
    state.SkipWithError("differs from the plain kernel");
    return;
  }
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(work().data());
    benchmark::ClobberMemory();
  }
  ForceKernel("").IgnoreError();
  const double seen = static_cast<double>(state.iterations()) * static_cast<double>(elements);
  state.counters["s/shingle"] =
      benchmark::Counter(seen, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Shingle(benchmark::State& state, const std::string& kernel, int width, size_t n) {
  const auto tokens = Hashes(n, 1);
  const std::vector<uint8_t> traits(n, 4);
  std::vector<uint64_t> shingles;
  Time(state, kernel, n, [&]() -> const std::vector<uint64_t>& {
    MakeShingles(tokens, traits, {.words = width}, &shingles);
    return shingles;
  });
}

// Han and words in turn, twelve tokens each.
void BM_ShingleMixed(benchmark::State& state, const std::string& kernel, size_t n) {
  const auto tokens = Hashes(n, 1);
  std::vector<uint8_t> traits(n, 4);
  for (size_t i = 0; i < n; ++i) traits[i] = i / 12 % 2 ? 4 : 2;
  std::vector<uint64_t> shingles;
  Time(state, kernel, n, [&]() -> const std::vector<uint64_t>& {
    MakeShingles(tokens, traits, {}, &shingles);
    return shingles;
  });
}

void BM_Sign(benchmark::State& state, const std::string& kernel, int components, size_t n) {
  const MinHasher hasher({.components = components});
  const auto shingles = Hashes(n, 2);
  std::vector<uint32_t> signature(components);
  Time(state, kernel, n, [&]() -> const std::vector<uint32_t>& {
    hasher.Sign(shingles, signature);
    return signature;
  });
}

void BM_PageSign(benchmark::State& state, const std::string& kernel, size_t n) {
  const auto shingles = Hashes(n, 3);
  std::array<uint32_t, PageSigner::kComponents> signature;
  Time(state, kernel, n, [&]() -> const auto& {
    PageSigner().Sign(shingles, signature);
    return signature;
  });
}

void BM_Sample(benchmark::State& state, const std::string& kernel, size_t n) {
  const auto shingles = Hashes(n, 4);
  ScaledSample sample;
  Time(state, kernel, n, [&]() -> const std::vector<uint64_t>& {
    TakeSample(shingles, &sample);
    return sample.values;
  });
}

void BM_MakeSet(benchmark::State& state, size_t n) {
  const auto shingles = Hashes(n, 5);
  std::vector<uint64_t> set, expected = shingles;
  std::sort(expected.begin(), expected.end());
  for ([[maybe_unused]] auto _ : state) {
    set = shingles;
    MakeSet(&set);
    benchmark::DoNotOptimize(set.data());
  }
  if (set != expected) state.SkipWithError("differs from std::sort");
  const double seen = static_cast<double>(state.iterations()) * static_cast<double>(n);
  state.counters["s/shingle"] =
      benchmark::Counter(seen, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// `n` shingles against `n` * `ratio`, half of the smaller set in both.
void BM_Overlap(benchmark::State& state, size_t n, size_t ratio) {
  auto a = Hashes(n, 6), b = Hashes(n * ratio, 7);
  std::copy_n(a.begin(), n / 2, b.begin());
  MakeSet(&a);
  MakeSet(&b);
  std::vector<uint64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  if (ExactOverlap(a, b).shared != both.size()) {
    state.SkipWithError("differs from std::set_intersection");
    return;
  }
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(ExactOverlap(a, b));
}

int Register() {
  const auto add = [](const std::string& name, auto function, const auto&... arguments) {
    benchmark::RegisterBenchmark(name.c_str(), function, arguments...);
  };
  for (const std::string& kernel : AvailableKernels()) {
    for (const int width : {3, 5, 12}) {
      add(fmt::format("BM_Shingle/kernel:{}/width:{}/tokens:1024", kernel, width), BM_Shingle, kernel, width,
          size_t{1024});
    }
    add(fmt::format("BM_ShingleMixed/kernel:{}/tokens:1024", kernel), BM_ShingleMixed, kernel, size_t{1024});
    for (const int components : {32, 48, 128, 256}) {
      for (const size_t n : {20, 1024}) {
        add(fmt::format("BM_Sign/kernel:{}/components:{}/shingles:{}", kernel, components, n), BM_Sign,
            kernel, components, n);
      }
    }
  }
  for (const size_t n : {20, 100, 300, 1024, 20000}) {
    add(fmt::format("BM_PageSign/shingles:{}", n), BM_PageSign, std::string(), n);
    add(fmt::format("BM_Sample/scale:16/shingles:{}", n), BM_Sample, std::string(), n);
    add(fmt::format("BM_MakeSet/shingles:{}", n), BM_MakeSet, n);
  }
  for (const size_t ratio : {1, 10, 100}) {
    for (const size_t n : {20, 1000})
      add(fmt::format("BM_Overlap/shingles:{}/ratio:{}", n, ratio), BM_Overlap, n, ratio);
  }
  return 0;
}

const int registered = Register();

}  // namespace
}  // namespace refrain::bench
