// Signatures to band keys, 12 x 4; checked by what they are for: two signatures that agree in one band only
// have that key in common.

#include <algorithm>

#include "bench/kernel_bench.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/signature.h"

namespace refrain::bench {
namespace {

void Run(benchmark::State& state, const KernelAndText& on) {
  const std::vector<uint64_t>& shingles = Prepared(on.kind).shingles;
  const Banding banding;
  std::vector<uint32_t> signature(banding.components());
  MinHasher({.components = banding.components()}).Sign(shingles, signature);
  std::vector<uint32_t> other(signature);
  for (size_t i = 0; i < other.size(); ++i) {
    if (i / banding.rows != 5) other[i] ^= 1;
  }
  std::vector<uint64_t> keys, other_keys;
  AppendBandKeys(other, banding, &other_keys);
  const size_t size = static_cast<size_t>(banding.bands);
  TimeIfRight(
      state, on.kernel, {.keys = size},
      [&] {
        for (size_t band = 0; band < size; ++band) {
          if ((keys[band] == other_keys[band]) != (band == 5)) return false;
        }
        return keys.size() == size;
      },
      [&] {
        keys.clear();
        AppendBandKeys(signature, banding, &keys);
      });
}

[[maybe_unused]] const bool registered = (ForTexts("BM_BandKeys/bands:12x4", Run), true);

}  // namespace
}  // namespace refrain::bench
