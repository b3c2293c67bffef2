// Winnowing, compiled once for each vector unit.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/match/winnow.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>

#include "refrain/base/cpu.h"
#include "refrain/match/winnow_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::match_internal {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kBlock = 64;

// A value is the rightmost least of some window if and only if the neighbours before it that are no less and
// those behind it that are greater make, with itself, a window. Both follow from one comparison for each
// distance below `window`: is the value greater than the one so far before it? So no place has to be carried
// along, nothing is branched on (hashes give the branch predictor nothing to learn), and equal values need no
// second look.
//
// First, the values with their top bit flipped, since AVX2 and SSE4 compare signed numbers only. Second, for
// each block of 64 places and each distance a mask of the answers, put together in vectors: moving the bits
// of each comparison to a general register took twice as many instructions. Third, all 64 places at once: how
// far each reaches to the left and to the right, as masks narrowed distance by distance. To the right the
// masks of the next block are needed, so one block is behind the other. Fourth, the positions of the bits.
//
// Tried and lost: the least of each window by doubling steps and the greatest of those the same way, which
// takes fewer steps for wide windows, but stores each: 2.0 ns a value at window 6 against 1.1 (AVX2), the
// same at 16.
//
// `flipped` has room for kWidestWindow values and `size` rounded up to blocks; `chosen` for `size`. Returns
// how many places were written there. REQUIRES: 1 < window <= min(size, kWidestWindow).
size_t WinnowImpl(const uint64_t* HWY_RESTRICT values, size_t size, size_t window,
                  uint64_t* HWY_RESTRICT flipped, uint32_t* HWY_RESTRICT chosen) {
  const hn::ScalableTag<uint64_t> d;
  const hn::RebindToSigned<decltype(d)> ds;
  const size_t lanes = hn::Lanes(d);
  const size_t blocks = (size + kBlock - 1) / kBlock;
  constexpr uint64_t kTop = uint64_t{1} << 63;
  uint64_t* const signed_values = flipped + kWidestWindow;
  std::fill_n(flipped, kWidestWindow, 0);
  size_t at = 0;
  for (; at + lanes <= size; at += lanes)
    hn::StoreU(hn::Xor(hn::LoadU(d, values + at), hn::Set(d, kTop)), d, signed_values + at);
  for (; at < size; ++at) signed_values[at] = values[at] ^ kTop;
  std::fill(signed_values + size, signed_values + blocks * kBlock, 0);

  // Bit i of greater(block, distance): value i of the block is greater than the one `distance` before it. The
  // first places have none so far before them, and may not reach there; nor may the last ones reach beyond.
  alignas(64) uint64_t bit[kBlock];
  for (size_t i = 0; i < kBlock; ++i) bit[i] = uint64_t{1} << i;
  const auto greater = [&](size_t block, size_t distance) HWY_ATTR {
    const auto* const from = reinterpret_cast<const int64_t*>(signed_values) + block * kBlock;
    auto bits = hn::Zero(d);
    for (size_t i = 0; i < kBlock; i += lanes) {
      const auto is_greater = hn::Gt(hn::LoadU(ds, from + i), hn::LoadU(ds, from + i - distance));
      bits = hn::Or(bits, hn::IfThenElseZero(hn::RebindMask(d, is_greater), hn::Load(d, bit + i)));
    }
    uint64_t mask = hn::GetLane(hn::SumOfLanes(d, bits));
    if (block == 0) mask |= (uint64_t{1} << distance) - 1;
    if (block + 1 == blocks && size % kBlock != 0) mask &= (uint64_t{1} << size % kBlock) - 1;
    return mask;
  };

  uint64_t here[kWidestWindow], next[kWidestWindow], left[kWidestWindow];
  for (size_t distance = 1; distance < window; ++distance) here[distance] = greater(0, distance);
  size_t count = 0;
  for (size_t block = 0; block < blocks; ++block) {
    left[0] = ~uint64_t{0};
    for (size_t distance = 1; distance < window; ++distance) {
      left[distance] = left[distance - 1] & ~here[distance];
      next[distance] = block + 1 < blocks ? greater(block + 1, distance) : 0;
    }
    uint64_t right = ~uint64_t{0}, mask = left[window - 1];
    for (size_t distance = 1; distance < window; ++distance) {
      right &= here[distance] >> distance | next[distance] << (kBlock - distance);
      mask |= left[window - 1 - distance] & right;
      here[distance] = next[distance];
    }
    if (block + 1 == blocks && size % kBlock != 0) mask &= (uint64_t{1} << size % kBlock) - 1;
    for (; mask != 0; mask &= mask - 1)
      chosen[count++] = static_cast<uint32_t>(block * kBlock + hwy::Num0BitsBelowLS1Bit_Nonzero64(mask));
  }
  return count;
}

}  // namespace HWY_NAMESPACE
}  // namespace refrain::match_internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain {
namespace match_internal {
HWY_EXPORT(WinnowImpl);
}  // namespace match_internal

// The place of the current minimum: a new least value takes over at once, a minimum that leaves the window is
// looked for again. Linear on average; `window` steps a value at worst.
void WinnowScalar(std::span<const uint64_t> values, size_t window, std::vector<uint32_t>* chosen) {
  chosen->clear();
  const uint32_t size = static_cast<uint32_t>(values.size());
  const uint32_t width = static_cast<uint32_t>(std::min<size_t>(window, size));
  uint32_t least = 0;
  for (uint32_t at = 0; at < size; ++at) {
    const uint32_t first = at + 1 >= width ? at + 1 - width : 0;
    if (least < first) {
      least = first;
      for (uint32_t next = first + 1; next <= at; ++next) {
        if (values[next] <= values[least]) least = next;
      }
    } else if (values[at] <= values[least]) {
      least = at;
    }
    if (at + 1 >= width && (chosen->empty() || chosen->back() != least)) chosen->push_back(least);
  }
}

void Winnow(std::span<const uint64_t> values, size_t window, std::vector<uint64_t>* scratch,
            std::vector<uint32_t>* chosen) {
  constexpr size_t kWorthDispatching = 64;
  const size_t size = values.size();
  if (window == 1 || window > kWidestWindow || size < kWorthDispatching || UseScalarKernel())
    return WinnowScalar(values, window, chosen);
  const size_t needed = kWidestWindow + (size + 63) / 64 * 64;
  if (scratch->size() < needed) scratch->resize(needed);
  chosen->resize(size);
  chosen->resize(HWY_DYNAMIC_DISPATCH(match_internal::WinnowImpl)(values.data(), size, window,
                                                                  scratch->data(), chosen->data()));
}

}  // namespace refrain
#endif  // HWY_ONCE
