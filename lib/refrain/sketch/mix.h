#pragma once
// Generators and mixers of 64 bits that values in files depend on. Not installed.

#include <cstdint>

namespace refrain::sketch_internal {

// One step of splitmix64 (Steele, Lea and Flood 2014): advances `state`, returns 64 bits.
constexpr uint64_t SplitMix64(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace refrain::sketch_internal
