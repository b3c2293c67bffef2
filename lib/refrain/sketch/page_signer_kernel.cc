// What PageSigner makes of each shingle by itself, compiled once for each vector unit.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/sketch/page_signer_kernel.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "refrain/base/cpu.h"
#include "refrain/sketch/page_signer_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::sketch_internal::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET <= HWY_AVX2

// Mixes a chunk on vectors, then puts it into bins. A multiplication of 64 bits is half a dozen operations on
// most vector units, so two lanes would gain nothing.
void FillBins(std::span<const uint64_t> shingles, uint64_t salt, PageBins* bins) {
  constexpr size_t kChunk = 256;  // 2 KB of the first-level cache
  const hn::ScalableTag<uint64_t> d;
  const hn::Repartition<uint32_t, decltype(d)> d32;
  const size_t lanes = hn::Lanes(d);
  const auto salts = hn::Set(d, salt);
  const auto first = hn::Set(d, uint64_t{0x9e3779b97f4a7c15}),
             second = hn::Set(d, uint64_t{0xbf58476d1ce4e5b9});
  Throw thrown[kChunk];
  size_t begin = 0;
  while (shingles.size() - begin >= lanes) {
    const size_t count = HWY_MIN(kChunk, shingles.size() - begin) / lanes * lanes;
    for (size_t i = 0; i < count; i += lanes) {
      const auto mixed = hn::Mul(hn::Xor(hn::LoadU(d, shingles.data() + begin + i), salts), first);
      const auto folded = hn::Xor(mixed, hn::ShiftRight<32>(mixed));
      // The value is the lower half of what is left, the bin the upper one.
      const auto both = hn::ShiftRight<25>(hn::Mul(folded, second));
      hn::StoreU(hn::BitCast(d32, both), d32, &thrown[i].value);
    }
    for (size_t i = 0; i < count; i += 2) {
      bins->Put(thrown[i], 0);
      bins->Put(thrown[i + 1], 1);
    }
    begin += count;
  }
  FillBinsScalar(shingles.subspan(begin), salt, bins);
}

#else

void FillBins(std::span<const uint64_t> shingles, uint64_t salt, PageBins* bins) {
  FillBinsScalar(shingles, salt, bins);
}

#endif

}  // namespace refrain::sketch_internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::sketch_internal {

HWY_EXPORT(FillBins);

void FillBins(std::span<const uint64_t> shingles, uint64_t salt, PageBins* bins) {
  if (UseScalarKernel()) return FillBinsScalar(shingles, salt, bins);
  HWY_DYNAMIC_DISPATCH(FillBins)(shingles, salt, bins);
}

}  // namespace refrain::sketch_internal
#endif  // HWY_ONCE
