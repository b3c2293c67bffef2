#include "refrain/sketch/sample.h"

#include <algorithm>

#include "refrain/base/radix_sort.h"
#include "refrain/sketch/resemblance.h"

namespace refrain {
namespace {

// The largest value that `scale` keeps.
uint64_t LastKept(uint32_t scale) { return ~uint64_t{0} / scale; }

Overlap OverlapAtCommonScale(const ScaledSample& a, const ScaledSample& b) {
  const uint64_t last = LastKept(std::max(a.scale, b.scale));
  const auto thinned = [last](const std::vector<uint64_t>& values) {
    const auto end = std::upper_bound(values.begin(), values.end(), last);
    return std::span<const uint64_t>(values.begin(), end);
  };
  return ExactOverlap(thinned(a.values), thinned(b.values));
}

}  // namespace

// Without a branch on the value: each shingle is stored, and the next one overwrites it unless it is kept.
// That takes 0.45 ns a shingle. Vectors were tried: Highway 1.0 copies its table of 2 KB for compressing
// 64-bit lanes before each use (g++ 12), four times slower than this, and compressing into memory is
// microcode on some CPUs.
void TakeSample(std::span<const uint64_t> shingles, ScaledSample* sample) {
  const uint64_t last = LastKept(sample->scale);
  std::vector<uint64_t>& values = sample->values;
  values.clear();
  // By way of a small buffer, so that the sample's memory grows with what is kept and not with what is read.
  constexpr size_t kBuffered = 512;
  uint64_t kept[kBuffered];
  for (size_t begin = 0; begin < shingles.size(); begin += kBuffered) {
    size_t size = 0;
    for (const uint64_t shingle : shingles.subspan(begin, std::min(kBuffered, shingles.size() - begin))) {
      kept[size] = shingle;
      size += shingle <= last;
    }
    values.insert(values.end(), kept, kept + size);
  }
  SortHashes(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

double EstimateContainment(const ScaledSample& a, const ScaledSample& b) {
  return OverlapAtCommonScale(a, b).a_in_b();
}

double EstimateResemblance(const ScaledSample& a, const ScaledSample& b) {
  return OverlapAtCommonScale(a, b).resemblance();
}

}  // namespace refrain
