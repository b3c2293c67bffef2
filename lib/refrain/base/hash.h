#pragma once
/// Hashes of bytes. Values are part of the file formats: the same on every CPU, fixed by golden tests.

#include <compare>
#include <cstdint>
#include <string_view>

namespace refrain {

/// 128 bits that stand for something equal: a record's bytes, a page's tokens. Two different things meet by
/// chance with probability 2^-128 a pair.
struct Key128 {
  uint64_t high = 0;
  uint64_t low = 0;
  friend bool operator==(const Key128&, const Key128&) = default;
  friend auto operator<=>(const Key128&, const Key128&) = default;
};

/// XXH3-64 with `seed`.
uint64_t HashBytes64(std::string_view bytes, uint64_t seed = 0);

/// XXH3-128.
Key128 HashBytes128(std::string_view bytes);

}  // namespace refrain
