// Shingles to scaled samples; compared with a set of those below the threshold.

#include <set>

#include "bench/kernel_bench.h"
#include "refrain/sketch/sample.h"

namespace refrain::bench {
namespace {

void Run(benchmark::State& state, const KernelAndText& on) {
  const std::vector<uint64_t>& shingles = Prepared(on.kind).shingles;
  ScaledSample sample;
  std::set<uint64_t> kept;
  for (const uint64_t shingle : shingles) {
    if (shingle <= UINT64_MAX / sample.scale) kept.insert(shingle);
  }
  const std::vector<uint64_t> expected(kept.begin(), kept.end());
  TimeIfRight(
      state, on.kernel, {.shingles = shingles.size()}, [&] { return sample.values == expected; },
      [&] { TakeSample(shingles, &sample); });
}

[[maybe_unused]] const bool registered = (ForTexts("BM_Sample/scale:16", Run), true);

}  // namespace
}  // namespace refrain::bench
