#pragma once
// Band keys in plain C++: what every kernel has to equal. Not installed.

#include <cstddef>
#include <cstdint>

namespace refrain::sketch_internal {

// Digits of the square roots of 7 and 11, made odd.
inline constexpr uint64_t kBandSalt = 0xa54ff53a5f1d36f1;
inline constexpr uint64_t kRowMultiplier = 0x510e527fade682d1;

// The key of band number `band`, which has the `rows` components from `components` on. Each row is added,
// multiplied upwards and folded down before the next: the order of rows counts, and a row reaches all bits
// after one more step, which the last line gives to the last row.
inline uint64_t BandKey(const uint32_t* components, size_t band, size_t rows) {
  uint64_t key = (band + 1) * kBandSalt;
  for (size_t row = 0; row < rows; ++row) {
    key = (key + components[row]) * kRowMultiplier;
    key ^= key >> 32;
  }
  key *= kBandSalt;
  return key ^ (key >> 29);
}

// The keys of `bands` bands of four rows, by the kernel in use.
void BandKeysOfFour(const uint32_t* components, size_t bands, uint64_t* keys);

}  // namespace refrain::sketch_internal
