// Shingles to seeds, of each six neighbours the least, for each kernel; compared with windows looked at one
// by one. In adversarial text all are equal, and each is chosen.

#include "bench/kernel_bench.h"
#include "refrain/match/winnow_internal.h"

namespace refrain::bench {
namespace {

constexpr size_t kWindow = 6;  // that of the default --min-tokens

std::vector<uint32_t> SlowWinnow(const std::vector<uint64_t>& values) {
  std::vector<uint32_t> chosen;
  for (size_t first = 0; first + kWindow <= values.size(); ++first) {
    size_t least = first;
    for (size_t i = first; i < first + kWindow; ++i) {
      if (values[i] <= values[least]) least = i;
    }
    if (chosen.empty() || chosen.back() != least) chosen.push_back(static_cast<uint32_t>(least));
  }
  return chosen;
}

void Run(benchmark::State& state, const KernelAndText& on) {
  const std::vector<uint64_t>& shingles = Prepared(on.kind).shingles;
  const std::vector<uint32_t> expected = SlowWinnow(shingles);
  std::vector<uint64_t> scratch;
  std::vector<uint32_t> chosen;
  TimeIfRight(
      state, on.kernel, {.shingles = shingles.size()}, [&] { return chosen == expected; },
      [&] { Winnow(shingles, kWindow, &scratch, &chosen); });
}

[[maybe_unused]] const bool registered = (ForKernelsAndTexts("BM_Winnow/window:6", Run), true);

}  // namespace
}  // namespace refrain::bench
