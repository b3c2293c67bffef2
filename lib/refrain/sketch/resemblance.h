#pragma once
/// Exact resemblance and containment of two shingle sets: what decides a match.

#include <cstddef>
#include <cstdint>
#include <span>

namespace refrain {

/// Sizes of two sets and of what they share.
struct Overlap {
  size_t a = 0;
  size_t b = 0;
  size_t shared = 0;

  /// |A n B| / |A u B|, in [0, 1]; 0 for two empty sets.
  double resemblance() const { return a + b == 0 ? 0.0 : double(shared) / double(a + b - shared); }
  /// |A n B| / |A|, in [0, 1].
  double a_in_b() const { return a == 0 ? 0.0 : double(shared) / double(a); }
  double b_in_a() const { return b == 0 ? 0.0 : double(shared) / double(b); }
};

/// REQUIRES: both sorted and without repeats (MakeSet). One merge, linear in both; galloping where sizes
/// differ a lot.
Overlap ExactOverlap(std::span<const uint64_t> a, std::span<const uint64_t> b);

/// Whether ExactOverlap(a, b).resemblance() >= resemblance. Ends as soon as that is out of reach: at once
/// where one set is too small for the other, after about a quarter of the merge for two strangers of one
/// size. REQUIRES: as above, and resemblance > 0.
bool Resembles(std::span<const uint64_t> a, std::span<const uint64_t> b, double resemblance);

}  // namespace refrain
