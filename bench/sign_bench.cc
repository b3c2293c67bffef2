// Shingles to MinHash signatures of 32, 48, 128 and 256 components, for each kernel: of a whole text, and of
// blocks of twenty shingles; compared with signatures made one component at a time.
//
//   sign_bench --benchmark_filter=components:128/ --benchmark_repetitions=9

#include <algorithm>

#include "bench/kernel_bench.h"
#include "refrain/sketch/signature.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

// So many shingles at a time. The last signature is checked.
void Run(benchmark::State& state, const KernelAndText& on, int components, size_t length) {
  const std::vector<uint64_t>& all = Prepared(on.kind).shingles;
  const size_t step = std::min(length, all.size());
  const size_t count = all.size() / step * step;
  const MinHasher hasher({.components = components});
  std::vector<uint32_t> signature(components);
  const std::vector<uint64_t> last(all.begin() + static_cast<std::ptrdiff_t>(count - step),
                                   all.begin() + static_cast<std::ptrdiff_t>(count));
  const std::vector<uint32_t> expected = reference::SlowMinHash(last, components, 42);
  TimeIfRight(
      state, on.kernel, {.shingles = count}, [&] { return signature == expected; },
      [&] {
        for (size_t i = 0; i < count; i += step) hasher.Sign(std::span(all).subspan(i, step), signature);
      });
}

bool RegisterAll() {
  constexpr size_t kWholeText = SIZE_MAX;
  for (const int components : {32, 48, 128, 256}) {
    for (const size_t length : {kWholeText, size_t{20}}) {
      const std::string shown = length == kWholeText ? "text" : "blocks";
      ForKernelsAndTexts(
          "BM_Sign/components:" + std::to_string(components) + "/of:" + shown,
          [=](benchmark::State& state, const KernelAndText& on) { Run(state, on, components, length); });
    }
  }
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
