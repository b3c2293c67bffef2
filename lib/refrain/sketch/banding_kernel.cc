// Keys of bands of four rows, which is what nearly every signature has, compiled once for each vector unit.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/sketch/banding_kernel.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "refrain/base/cpu.h"
#include "refrain/sketch/banding_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::sketch_internal::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kRows = 4;

// A band a lane. A multiplication of 64 bits is half a dozen operations on most vector units: it takes four
// lanes to gain anything.
void BandKeysOfFour(const uint32_t* HWY_RESTRICT components, size_t bands, uint64_t* HWY_RESTRICT keys) {
  size_t band = 0;
#if HWY_TARGET <= HWY_AVX2
  constexpr size_t kLanes = 4;
  const hn::CappedTag<uint64_t, kLanes> d;
  const hn::Rebind<uint32_t, decltype(d)> d32;
  const auto multiplier = hn::Set(d, kRowMultiplier), salt = hn::Set(d, kBandSalt);
  const auto next = hn::Set(d, kLanes * kBandSalt);
  auto start = hn::Mul(hn::Iota(d, 1), salt);
  for (; band + kLanes <= bands; band += kLanes) {
    hn::Vec<decltype(d32)> rows[kRows];
    hn::LoadInterleaved4(d32, components + kRows * band, rows[0], rows[1], rows[2], rows[3]);
    auto key = start;
    for (const auto row : rows) {
      key = hn::Mul(hn::Add(key, hn::PromoteTo(d, row)), multiplier);
      key = hn::Xor(key, hn::ShiftRight<32>(key));
    }
    key = hn::Mul(key, salt);
    hn::StoreU(hn::Xor(key, hn::ShiftRight<29>(key)), d, keys + band);
    start = hn::Add(start, next);
  }
#endif
  for (; band < bands; ++band) keys[band] = BandKey(components + kRows * band, band, kRows);
}

}  // namespace refrain::sketch_internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::sketch_internal {

HWY_EXPORT(BandKeysOfFour);

void BandKeysOfFour(const uint32_t* components, size_t bands, uint64_t* keys) {
  if (UseScalarKernel()) {
    for (size_t band = 0; band < bands; ++band) keys[band] = BandKey(components + 4 * band, band, 4);
    return;
  }
  HWY_DYNAMIC_DISPATCH(BandKeysOfFour)(components, bands, keys);
}

}  // namespace refrain::sketch_internal
#endif  // HWY_ONCE
