#pragma once
// How shingles fall into the bins of PageSigner, in plain C++: what every kernel has to equal. Not installed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace refrain::sketch_internal {

inline constexpr size_t kPageBins = 128;

struct Throw {
  uint32_t value;
  uint32_t bin;
};

// Two multiplications: bin and value are far apart in the product and must both see all bits.
inline Throw ThrowShingle(uint64_t shingle, uint64_t salt) {
  uint64_t mixed = (shingle ^ salt) * 0x9e3779b97f4a7c15;
  mixed ^= mixed >> 32;
  mixed *= 0xbf58476d1ce4e5b9;
  return {static_cast<uint32_t>(mixed >> 25), static_cast<uint32_t>(mixed >> 57)};
}

// Two sets of bins, taken in turn: a bin that comes again at once would wait for its own store.
struct PageBins {
  uint32_t bins[2][kPageBins];

  void Put(const Throw& thrown, size_t set) {
    uint32_t& bin = bins[set][thrown.bin];
    bin = std::min(bin, thrown.value);
  }
};

inline void FillBinsScalar(std::span<const uint64_t> shingles, uint64_t salt, PageBins* bins) {
  for (size_t i = 0; i + 2 <= shingles.size(); i += 2) {
    bins->Put(ThrowShingle(shingles[i], salt), 0);
    bins->Put(ThrowShingle(shingles[i + 1], salt), 1);
  }
  if (shingles.size() % 2 == 1) bins->Put(ThrowShingle(shingles.back(), salt), 0);
}

// Puts the least value of each bin into one of its two places, by the kernel in use.
void FillBins(std::span<const uint64_t> shingles, uint64_t salt, PageBins* bins);

}  // namespace refrain::sketch_internal
