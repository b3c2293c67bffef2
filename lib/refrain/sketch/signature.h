#pragma once
/// MinHash signatures: a few numbers whose agreement estimates the resemblance of two shingle sets.
///
/// Broder, "On the resemblance and containment of documents" (1997). Sketches only propose: a match is
/// decided by ExactOverlap.
///
///   MinHasher hasher({.components = 48});
///   std::vector<uint32_t> signature(hasher.components());
///   hasher.Sign(shingles, signature);
///
/// MinHasher is for blocks and short pages (up to a few hundred shingles), PageSigner for whole pages. Their
/// values must not be compared with each other, so one kind of record always uses one of them, whatever its
/// length.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>

namespace refrain {

/// All components of an empty set. EstimateResemblance counts it as agreeing with nothing. A component of a
/// set that is not empty has this value with probability 2^-32 for MinHasher and never for PageSigner.
inline constexpr uint32_t kEmptyComponent = 0xffffffff;

struct MinHashOptions {
  int components = 128;  ///< 1 to 4096
  uint64_t seed = 42;    ///< signatures of different seeds are not comparable

  /// InvalidArgument, naming the field, if `components` is out of range.
  absl::Status Validate() const;
  /// What decides the values, for run.json and file headers: "minhash:128,seed:42".
  std::string Id() const;
};

/// Signs sets of shingles. Immutable after construction, thread safe.
///
/// Component k of a set is the least x1 + m(k) * x2 modulo 2^32 over its shingles, x1 and x2 being two halves
/// of the mixed shingle. With u0, u1... the upper halves of splitmix64 started at the seed, m(k) = u(k mod
/// 16) + (k div 16) * (u16 | 1). So component k does not depend on how many there are: a short signature is
/// the beginning of a long one. Values are fixed by kSketchVersion.
///
/// Accuracy is that of independent hash functions, sqrt(J(1-J)/components), as is the chance of meeting in
/// bands of consecutive components; a band of more than 32 rows would hold three components in arithmetic
/// progression, which has not been measured. Cost per shingle (Ice Lake server, 3.5 GHz): 128 components 3.2
/// ns with AVX-512 and 4.9 with AVX2, 32 components 1.2 and 1.9; a call about 25 ns.
class MinHasher {
 public:
  /// REQUIRES: options.Validate().ok().
  explicit MinHasher(const MinHashOptions& options);

  int components() const { return components_; }

  /// Writes one value a component. Order and repeats of `shingles` do not matter. All components of an empty
  /// set are kEmptyComponent. REQUIRES: signature.size() == components().
  void Sign(std::span<const uint64_t> shingles, std::span<uint32_t> signature) const;

 private:
  int components_;
  std::array<uint32_t, 16> multipliers_;  // m(0) to m(15)
  uint32_t stride_;                       // m(k + 16) - m(k)
};

/// Signs whole pages: every shingle falls into one of 128 bins by one hash and the least of each bin is kept
/// (Li, Owen and Zhang 2012). A bin that stays empty takes the value of another, as in the fast densification
/// of Mai et al. (2020): in each round every filled bin offers its value to one other. So the cost per
/// shingle does not depend on the number of components, about 1 ns, plus up to half a microsecond for pages
/// of less than some 500 shingles.
///
/// Component k estimates for pages of every length what it does for MinHasher, and any banding of up to 128
/// components can be made of it. Immutable, thread safe. Values are fixed by kSketchVersion.
class PageSigner {
 public:
  static constexpr int kComponents = 128;

  /// Signatures of different seeds are not comparable.
  explicit PageSigner(uint64_t seed = 42) : seed_(seed) {}

  /// Order and repeats of `shingles` do not matter. All components of an empty set are kEmptyComponent.
  void Sign(std::span<const uint64_t> shingles, std::span<uint32_t, kComponents> signature) const;

  /// What decides the values: "onehash:128,seed:42".
  std::string Id() const;

 private:
  uint64_t seed_;
};

/// Share of equal components: the estimate of resemblance; standard error sqrt(J(1-J)/components). Components
/// of empty sets (kEmptyComponent) never agree: nothing is known to resemble nothing. REQUIRES: equal sizes,
/// not 0.
double EstimateResemblance(std::span<const uint32_t> a, std::span<const uint32_t> b);

/// The version of shingle values, signatures and band keys; changes whenever any golden vector does.
inline constexpr uint32_t kSketchVersion = 1;

}  // namespace refrain
