#pragma once
/// Page signatures cut to 64 bytes: enough to see that two pages are far from alike without reading them
/// again.
///
///   ShortSignature a = Shorten(signature_of_a), b = Shorten(signature_of_b);
///   if (AgreeingComponents(a, b) < LeastAgreement(0.8)) ...    // not worth comparing

#include <array>
#include <cstdint>
#include <span>

#include "refrain/sketch/signature.h"

namespace refrain {

/// The lowest four bits of each component of a PageSigner's signature. Of 128 components with resemblance j,
/// about 128 * (j + (1 - j) / 16) agree.
struct ShortSignature {
  std::array<uint64_t, PageSigner::kComponents / 16> words{};

  friend bool operator==(const ShortSignature&, const ShortSignature&) = default;
};

ShortSignature Shorten(std::span<const uint32_t, PageSigner::kComponents> signature);

/// In how many of the 128 components the two agree. About 10 ns.
int AgreeingComponents(const ShortSignature& a, const ShortSignature& b);

/// The lower two of those four bits: where memory is short, half as much says enough of most pairs.
struct CoarseSignature {
  std::array<uint64_t, PageSigner::kComponents / 32> words{};
};

CoarseSignature Coarsen(const ShortSignature& signature);

/// No fewer than AgreeingComponents of what the two were made of: components whose two bits differ do not
/// agree.
int MostAgreeingComponents(const CoarseSignature& a, const CoarseSignature& b);

/// A pair in which fewer components agree is not worth comparing if only pairs of at least `resemblance` are
/// asked for. In those a fifth of all components more agree on average, which is more than five standard
/// deviations: so this costs less than 10^-7 of recall, where banding costs 10^-3. It says nothing about sets
/// of less than kEnoughShingles.
inline constexpr uint32_t kEnoughShingles = 16;
int LeastAgreement(double resemblance);

}  // namespace refrain
