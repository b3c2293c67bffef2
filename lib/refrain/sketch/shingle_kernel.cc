// The shingle loop, compiled once for each vector unit.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/sketch/shingle_kernel.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "refrain/base/cpu.h"
#include "refrain/sketch/shingle_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::sketch_internal::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Neighbouring windows are computed side by side, one a lane, each from scratch: for up to a dozen tokens
// that beats a rolling hash, whose every value waits for the one before.
//
// First, two vectors of windows at a time, so that one's rotate-add chain runs in the shadow of the other's;
// second, the window's tokens by unaligned loads, which hit the first-level cache w times; third, what does
// not fill a vector at the end by one that repeats values already written.
//
// kWidth is the width, or 0 for any: where it is known the loop is unrolled, which saves a sixth.
template <size_t kWidth>
HWY_INLINE void Windows(const uint64_t* HWY_RESTRICT hashes, size_t count, size_t any_width,
                        uint64_t* HWY_RESTRICT values) {
  const size_t width = kWidth > 0 ? kWidth : any_width;
  const hn::ScalableTag<uint64_t> d;
  using V = hn::Vec<decltype(d)>;
  const size_t lanes = hn::Lanes(d);
  const V start = hn::Set(d, ShingleStart(width));
  const V multiplier = hn::Set(d, kShingleMultiplier);
  const auto step = [&](V value, const uint64_t* tokens) HWY_ATTR {
    return hn::Add(hn::RotateRight<64 - kShingleRotation>(value), hn::LoadU(d, tokens));
  };
  const auto finish = [&](V value, uint64_t* to) HWY_ATTR {
    value = hn::Mul(value, multiplier);
    hn::StoreU(hn::Xor(value, hn::ShiftRight<32>(value)), d, to);
  };
  const auto one_vector = [&](size_t i) HWY_ATTR {
    V value = start;
    for (size_t j = 0; j < width; ++j) value = step(value, hashes + i + j);
    finish(value, values + i);
  };
  if (count < lanes) {
    for (size_t i = 0; i < count; ++i) values[i] = ShingleValue(hashes + i, width);
    return;
  }
  size_t i = 0;
  for (; i + 2 * lanes <= count; i += 2 * lanes) {
    V a = start;
    V b = start;
    for (size_t j = 0; j < width; ++j) {
      a = step(a, hashes + i + j);
      b = step(b, hashes + i + lanes + j);
    }
    finish(a, values + i);
    finish(b, values + i + lanes);
  }
  if (i + lanes <= count) {
    one_vector(i);
    i += lanes;
  }
  if (i < count) one_vector(count - lanes);
}

void UniformShingles(const uint64_t* HWY_RESTRICT hashes, size_t count, size_t width,
                     uint64_t* HWY_RESTRICT values) {
  // Five words make both a seed and the usual shingle, three that of short blocks.
  if (width == 5) return Windows<5>(hashes, count, width, values);
  if (width == 3) return Windows<3>(hashes, count, width, values);
  Windows<0>(hashes, count, width, values);
}

}  // namespace refrain::sketch_internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::sketch_internal {

HWY_EXPORT(UniformShingles);

void UniformShingles(const uint64_t* hashes, size_t count, size_t width, uint64_t* values) {
  constexpr size_t kWorthDispatching = 8;  // less does not fill the widest vector
  if (count < kWorthDispatching || UseScalarKernel()) {
    for (size_t i = 0; i < count; ++i) values[i] = ShingleValue(hashes + i, width);
    return;
  }
  HWY_DYNAMIC_DISPATCH(UniformShingles)(hashes, count, width, values);
}

}  // namespace refrain::sketch_internal
#endif  // HWY_ONCE
