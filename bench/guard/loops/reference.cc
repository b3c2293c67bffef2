// What hot loops are timed against: work that depends on nothing but the core. Never the memory, which
// neighbours on the same machine share.

#include <xxhash.h>

#include "bench/guard/loops.h"

namespace refrain::guard {
namespace {

// XXH3 of the system's library, so that the compiler of the day does not change it, over a block that stays
// in the first-level cache.
std::function<void()> Xxh3(size_t length) {
  return [bytes = Hashes(length / 8), length] { sink = XXH3_64bits(bytes.data(), length); };
}

// Each multiplication waits for the one before: the clock.
std::function<void()> Chain(size_t length) {
  return [length] {
    uint64_t x = sink | 1;
    for (size_t i = 0; i < length; ++i) {
      x *= 0x9e3779b97f4a7c15;
      asm volatile("" : "+r"(x));
    }
    sink = x;
  };
}

const Register loops = {{.name = "reference:xxh3",
                         .element = "byte",
                         .shorter = 8 << 10,
                         .longer = 16 << 10,
                         .prepare = Xxh3,
                         .dispatched = false},
                        {.name = "reference:chain",
                         .element = "product",
                         .shorter = 1024,
                         .longer = 4096,
                         .prepare = Chain,
                         .dispatched = false}};

}  // namespace
}  // namespace refrain::guard
