#pragma once
// The components of MinHasher, in plain C++: what every kernel has to equal. Not installed.

#include <cstddef>
#include <cstdint>
#include <span>

namespace refrain::sketch_internal {

// Components whose multipliers are drawn; those of the next row differ from them by one stride. Sixteen
// 32-bit lanes are the widest vector we have, and no band in use is so wide as to see the stride.
inline constexpr size_t kMinHashLanes = 16;

// Digits of the square root of 5, odd.
inline constexpr uint64_t kMinHashMix = 0x3c6ef372fe94f82b;
inline constexpr int kMinHashShift = 35;

struct MinHashFamily {
  const uint32_t* multipliers;  // kMinHashLanes of them
  uint32_t stride;
};

// x2 in the upper half, x1 in the lower. The multiplication carries the lower bits upwards, and the fold
// brings the upper ones down, three places below their own: a shift by 32 would let x1 and x2 change in the
// same place, and then x1 + m * x2 would not change at all for odd m when only the highest bit of a shingle
// does.
inline uint64_t MixShingle(uint64_t shingle) {
  const uint64_t product = shingle * kMinHashMix;
  return product ^ (product >> kMinHashShift);
}

void MinHashScalar(const MinHashFamily& family, std::span<const uint64_t> shingles,
                   std::span<uint32_t> signature);

// By the kernel in use.
void MinHash(const MinHashFamily& family, std::span<const uint64_t> shingles, std::span<uint32_t> signature);

}  // namespace refrain::sketch_internal
