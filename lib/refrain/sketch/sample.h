#pragma once
/// Scaled samples: shingles thinned by value, so that containment can be estimated whatever the two sizes.
///
/// Of a set, the shingles below 2^64 / scale are kept. Both sides of a comparison keep the same ones, so what
/// is contained before is contained after. That finds a copy inside a much longer page, where signatures
/// fail: at three times the length resemblance is below 1/3. Known as FracMinHash; Irber et al., "Lightweight
/// compositional analysis of metagenomes with FracMinHash" (2022); Hera, Pierce-Ward and Koslicki (2023) on
/// its error.
///
/// It promises nothing for short texts: a set of less than some 10 * scale shingles is better compared
/// itself.

#include <cstdint>
#include <span>
#include <vector>

namespace refrain {

/// A scaled sample, and the scale it was taken at.
struct ScaledSample {
  uint32_t scale = 16;           ///< one in so many is kept; 1 keeps all
  std::vector<uint64_t> values;  ///< sorted, without repeats, all below 2^64 / scale

  friend bool operator==(const ScaledSample&, const ScaledSample&) = default;
};

/// Replaces `sample->values` with those of `shingles` (any order, repeats allowed) that `sample->scale`
/// keeps. Linear, about 0.5 ns a shingle and 8 ns a kept one. REQUIRES: sample->scale >= 1.
void TakeSample(std::span<const uint64_t> shingles, ScaledSample* sample);

/// Estimates |A n B| / |A|. Samples of different scales are compared at the larger one; 0 if nothing of A was
/// kept. With s shingles of A kept and a true containment of C, the standard error is about sqrt(C(1-C)/s).
double EstimateContainment(const ScaledSample& a, const ScaledSample& b);

/// Estimates |A n B| / |A u B|, likewise; 0 if nothing of either was kept.
double EstimateResemblance(const ScaledSample& a, const ScaledSample& b);

}  // namespace refrain
