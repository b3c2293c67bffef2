#pragma once
/// Which token a place in the text comes before.

#include <cstddef>
#include <cstdint>
#include <span>

namespace refrain {

/// The first token from `from` on that begins at byte `at` or behind; begins.size() if none does. For line
/// after line: sixteen tokens a step, and the last step counts instead of branching on each token, since
/// where in it a line ends is not to be predicted. REQUIRES: at < 4 GiB.
inline size_t FirstTokenFrom(std::span<const uint32_t> begins, size_t from, size_t at) {
  constexpr size_t kStep = 16;
  const uint32_t before = static_cast<uint32_t>(at);
  while (begins.size() - from >= kStep && begins[from + kStep - 1] < before) from += kStep;
  if (begins.size() - from >= kStep) {
    const uint32_t* const here = begins.data() + from;
    uint32_t more = 0;
    for (size_t i = 0; i < kStep; ++i) more += here[i] < before;
    return from + more;
  }
  while (from < begins.size() && begins[from] < before) ++from;
  return from;
}

}  // namespace refrain
