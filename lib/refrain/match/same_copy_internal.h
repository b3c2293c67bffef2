#pragma once
/// What runs of the same two copies look like.

#include <cstddef>
#include <cstdint>

namespace refrain {

/// They may lie this many words apart (quarters count, as in Thai): paragraphs that one copy lacks.
inline constexpr uint32_t kSameCopyWords = 300;
/// Or overlap by this many, where both end as they begin.
inline constexpr uint32_t kSameCopyOverlap = 8;
/// How many runs before are looked at, in order of their second places.
inline constexpr size_t kSameCopyLookBack = 16;

}  // namespace refrain
