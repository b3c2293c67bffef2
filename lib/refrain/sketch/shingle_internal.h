#pragma once
// The value of a shingle, in plain C++: what every kernel has to equal. Not installed.

#include <bit>
#include <cstddef>
#include <cstdint>

namespace refrain::sketch_internal {

// Odd, so that no two of the first 64 places of a window are rotated alike; 23 spreads neighbours far apart.
inline constexpr int kShingleRotation = 23;
// Digits of the square roots of 2 and 3, made odd.
inline constexpr uint64_t kShingleSalt = 0x6a09e667f3bcc909;
inline constexpr uint64_t kShingleMultiplier = 0xbb67ae8584caa73b;

// Where a window of `width` tokens begins, so that windows of different widths differ. Folded, since a
// multiple alone can be a rotated other multiple.
inline uint64_t ShingleStart(size_t width) {
  const uint64_t product = width * kShingleSalt;
  return product ^ (product >> 32);
}

// Place matters through the rotation ("a b" is not "b a", and "a a" is not nothing), the multiplication
// carries every bit upwards, and the shift brings the upper half down again.
inline uint64_t ShingleValue(const uint64_t* hashes, size_t width) {
  uint64_t value = ShingleStart(width);
  for (size_t i = 0; i < width; ++i) value = std::rotl(value, kShingleRotation) + hashes[i];
  value *= kShingleMultiplier;
  return value ^ (value >> 32);
}

// values[i] = ShingleValue(hashes + i, width) for i in [0, count). Reads hashes[0, count + width - 1).
void UniformShingles(const uint64_t* hashes, size_t count, size_t width, uint64_t* values);

}  // namespace refrain::sketch_internal
