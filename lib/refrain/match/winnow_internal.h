#pragma once
/// Winnowing: of each few neighbours the one of least value (Schleimer, Wilkerson, Aiken 2003).

#include <cstddef>
#include <cstdint>
#include <vector>

namespace refrain {

/// Replaces `chosen` with the places, ascending, of the rightmost least value of each window of `window`
/// values; of fewer values than that, of all of them. The same for every kernel (base/cpu.h). Linear, for
/// values of which every bit is as good as random. `scratch` keeps its memory. REQUIRES: window >= 1.
void Winnow(const std::vector<uint64_t>& values, size_t window, std::vector<uint64_t>* scratch,
            std::vector<uint32_t>* chosen);

/// The same in plain C++.
void WinnowScalar(const std::vector<uint64_t>& values, size_t window, std::vector<uint32_t>* chosen);

}  // namespace refrain
