#pragma once
/// Winnowing: of each few neighbours the one of least value (Schleimer, Wilkerson, Aiken 2003).

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace refrain {

/// The widest window there is a vector kernel for.
inline constexpr size_t kWidestWindow = 16;

/// Replaces `chosen` with the places, ascending, of the rightmost least value of each window of `window`
/// values; of fewer values than that, of all of them. The same for every kernel (base/cpu.h). Linear: at most
/// `window` steps a value. `scratch` keeps its memory. REQUIRES: window >= 1.
void Winnow(std::span<const uint64_t> values, size_t window, std::vector<uint64_t>* scratch,
            std::vector<uint32_t>* chosen);

/// Places that WinnowTo may write to behind the last one.
inline constexpr size_t kWinnowRoom = 8;

/// The same, written to `chosen`, which has room for as many places as there are values and kWinnowRoom more;
/// returns how many were chosen.
size_t WinnowTo(std::span<const uint64_t> values, size_t window, std::vector<uint64_t>* scratch,
                uint32_t* chosen);

/// The same in plain C++.
size_t WinnowScalar(std::span<const uint64_t> values, size_t window, uint32_t* chosen);

}  // namespace refrain
