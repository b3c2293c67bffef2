#pragma once
// Hot loops as things that can be counted and timed from outside: bench/guard/instructions, ratios and
// against do that. Each kernel has a file in bench/guard/loops, which adds its loops by a Register.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace refrain::guard {

// What keeps the compiler from dropping a loop whose result nobody reads.
extern volatile uint64_t sink;

// One hot loop. `prepare(length)` makes the input, `length` elements, and returns what runs the loop over it
// once; only calls of what is returned are counted or timed. A further element's cost is taken from the two
// lengths, so neither the price of a call nor that of the first one counts.
struct Loop {
  std::string name;     // as in baselines: letters, digits, ":" and "_"
  std::string element;  // what `length` counts: "byte", "shingle"...
  size_t shorter;
  size_t longer;
  std::function<std::function<void()>(size_t length)> prepare;
  bool dispatched = true;  // not the same for every kernel (base/cpu.h)
};

struct Register {
  Register(std::initializer_list<Loop> loops);
};

// Numbers as good as hashes, the same everywhere.
std::vector<uint64_t> Hashes(size_t count, uint64_t seed = 1);

}  // namespace refrain::guard
