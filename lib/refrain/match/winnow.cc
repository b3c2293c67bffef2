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

// Bits of a block's places, as lanes, and for each byte the positions of its one-bits and how many there are.
struct Tables {
  constexpr Tables() {
    for (size_t i = 0; i < kBlock; ++i) bit[i] = uint64_t{1} << i;
    for (int bits = 0; bits < 256; ++bits) {
      for (uint8_t i = 0; i < 8; ++i) {
        if ((bits >> i & 1) != 0) positions[bits][count[bits]++] = i;
      }
    }
  }
  uint64_t bit[kBlock] = {};
  uint8_t positions[256][8] = {};
  uint8_t count[256] = {};
};
alignas(64) constexpr Tables kTables;

// Bit i of masks[k]: value i of the block at `from` is greater than the one k + 1 places before place i of
// `others`; for kCount distances at once, so that a value is loaded once for all. REQUIRES: kCount from 1 to
// 5.
template <size_t kCount>
HWY_INLINE void Greater(const int64_t* from, const int64_t* others, uint64_t* HWY_RESTRICT masks) {
  const hn::ScalableTag<uint64_t> d;
  const hn::RebindToSigned<decltype(d)> ds;
  auto a = hn::Zero(d), b = a, c = a, e = a, f = a;
  for (size_t i = 0; i < kBlock; i += hn::Lanes(d)) {
    const auto value = hn::LoadU(ds, from + i);
    const auto bit = hn::Load(d, kTables.bit + i);
    const auto add = [&](size_t distance, auto* bits) HWY_ATTR {
      const auto greater = hn::RebindMask(d, hn::Gt(value, hn::LoadU(ds, others + i - distance)));
      *bits = hn::Or(*bits, hn::IfThenElseZero(greater, bit));
    };
    add(1, &a);
    if constexpr (kCount > 1) add(2, &b);
    if constexpr (kCount > 2) add(3, &c);
    if constexpr (kCount > 3) add(4, &e);
    if constexpr (kCount > 4) add(5, &f);
  }
  masks[0] = hn::GetLane(hn::SumOfLanes(d, a));
  if constexpr (kCount > 1) masks[1] = hn::GetLane(hn::SumOfLanes(d, b));
  if constexpr (kCount > 2) masks[2] = hn::GetLane(hn::SumOfLanes(d, c));
  if constexpr (kCount > 3) masks[3] = hn::GetLane(hn::SumOfLanes(d, e));
  if constexpr (kCount > 4) masks[4] = hn::GetLane(hn::SumOfLanes(d, f));
}

// The same for all `count` distances from 1 on.
HWY_INLINE void GreaterThanBefore(const int64_t* from, size_t count, uint64_t* HWY_RESTRICT masks) {
  const int64_t* others = from;
  for (; count >= 5; count -= 5, masks += 5, others -= 5) Greater<5>(from, others, masks);
  if (count == 4) Greater<4>(from, others, masks);
  if (count == 3) Greater<3>(from, others, masks);
  if (count == 2) Greater<2>(from, others, masks);
  if (count == 1) Greater<1>(from, others, masks);
}

// Writes base + i to `out` for each bit i; returns how many. Writes up to 8 places more.
HWY_INLINE size_t WritePositions(uint64_t bits, uint32_t base, uint32_t* HWY_RESTRICT out) {
  const hn::CappedTag<uint32_t, 8> d;
  const hn::Rebind<uint8_t, decltype(d)> d8;
  uint32_t* const begin = out;
  for (uint32_t i = 0; i < kBlock; i += 8) {
    const size_t eight = bits >> i & 0xFF;
    const auto first = hn::Set(d, base + i);
    for (size_t lane = 0; lane < 8; lane += hn::Lanes(d)) {
      const auto positions = hn::PromoteTo(d, hn::LoadU(d8, kTables.positions[eight] + lane));
      hn::StoreU(hn::Add(positions, first), d, out + lane);
    }
    out += kTables.count[eight];
  }
  return static_cast<size_t>(out - begin);
}

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
// masks of the next block are needed, so one block is behind the other. Fourth, the positions of the bits,
// eight at a time from a table, so that how many there are makes no branch.
//
// Tried and lost: the least of each window by doubling steps and the greatest of those the same way, which
// takes fewer steps for wide windows, but stores each: 2.0 ns a value at window 6 against 1.1 (AVX2), the
// same at 16.
//
// kWindow is the window, or 0 for any: where it is known, its distances need no loops. `flipped` has room for
// kWidestWindow values and `size` rounded up to blocks; `chosen` for `size` and 8 more. Returns how many
// places were written there. REQUIRES: 1 < window <= min(size, kWidestWindow).
template <size_t kWindow>
HWY_INLINE size_t WinnowBlocks(const uint64_t* HWY_RESTRICT values, size_t size, size_t any_window,
                               uint64_t* HWY_RESTRICT flipped, uint32_t* HWY_RESTRICT chosen) {
  const size_t window = kWindow > 0 ? kWindow : any_window;
  const hn::ScalableTag<uint64_t> d;
  const size_t lanes = hn::Lanes(d);
  const size_t blocks = (size + kBlock - 1) / kBlock;
  constexpr uint64_t kTop = uint64_t{1} << 63;
  uint64_t* const signed_values = flipped + kWidestWindow;
  static_assert(kWidestWindow % 8 == 0);
  for (size_t i = 0; i < kWidestWindow; i += lanes) hn::StoreU(hn::Zero(d), d, flipped + i);
  size_t at = 0;
  for (; at + lanes <= size; at += lanes)
    hn::StoreU(hn::Xor(hn::LoadU(d, values + at), hn::Set(d, kTop)), d, signed_values + at);
  for (; at < size; ++at) signed_values[at] = values[at] ^ kTop;
  std::fill(signed_values + size, signed_values + blocks * kBlock, 0);

  // Bit i of masks[distance]: value i of the block is greater than the one `distance` before it. The first
  // places have none so far before them, and may not reach there; nor may the last ones reach beyond.
  const auto greater = [&](size_t block, uint64_t* masks) HWY_ATTR {
    const auto* const from = reinterpret_cast<const int64_t*>(signed_values) + block * kBlock;
    GreaterThanBefore(from, window - 1, masks + 1);
    if (block == 0) {
      for (size_t distance = 1; distance < window; ++distance)
        masks[distance] |= (uint64_t{1} << distance) - 1;
    }
    if (block + 1 == blocks && size % kBlock != 0) {
      for (size_t distance = 1; distance < window; ++distance)
        masks[distance] &= (uint64_t{1} << size % kBlock) - 1;
    }
  };

  constexpr size_t kRoom = kWindow > 0 ? kWindow : kWidestWindow;
  uint64_t here[kRoom], next[kRoom] = {}, left[kRoom];
  greater(0, here);
  size_t count = 0;
  for (size_t block = 0; block < blocks; ++block) {
    if (block + 1 < blocks) {
      greater(block + 1, next);
    } else {
      std::fill_n(next, kRoom, 0);
    }
    left[0] = ~uint64_t{0};
    for (size_t distance = 1; distance < window; ++distance)
      left[distance] = left[distance - 1] & ~here[distance];
    uint64_t right = ~uint64_t{0}, mask = left[window - 1];
    for (size_t distance = 1; distance < window; ++distance) {
      right &= here[distance] >> distance | next[distance] << (kBlock - distance);
      mask |= left[window - 1 - distance] & right;
      here[distance] = next[distance];
    }
    if (block + 1 == blocks && size % kBlock != 0) mask &= (uint64_t{1} << size % kBlock) - 1;
    count += WritePositions(mask, static_cast<uint32_t>(block * kBlock), chosen + count);
  }
  return count;
}

size_t WinnowImpl(const uint64_t* HWY_RESTRICT values, size_t size, size_t window,
                  uint64_t* HWY_RESTRICT flipped, uint32_t* HWY_RESTRICT chosen) {
  // That of ten words, the least that is cut unless asked otherwise.
  return window == 6 ? WinnowBlocks<6>(values, size, window, flipped, chosen)
                     : WinnowBlocks<0>(values, size, window, flipped, chosen);
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
size_t WinnowScalar(std::span<const uint64_t> values, size_t window, uint32_t* chosen) {
  const uint32_t size = static_cast<uint32_t>(values.size());
  const uint32_t width = static_cast<uint32_t>(std::min<size_t>(window, size));
  uint32_t least = 0;
  size_t count = 0;
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
    if (at + 1 >= width && (count == 0 || chosen[count - 1] != least)) chosen[count++] = least;
  }
  return count;
}

size_t WinnowTo(std::span<const uint64_t> values, size_t window, std::vector<uint64_t>* scratch,
                uint32_t* chosen) {
  constexpr size_t kWorthDispatching = 64;
  const size_t size = values.size();
  if (window == 1 || window > kWidestWindow || size < kWorthDispatching || UseScalarKernel())
    return WinnowScalar(values, window, chosen);
  const size_t needed = kWidestWindow + (size + 63) / 64 * 64;
  if (scratch->size() < needed) scratch->resize(needed);
  return HWY_DYNAMIC_DISPATCH(match_internal::WinnowImpl)(values.data(), size, window, scratch->data(),
                                                          chosen);
}

void Winnow(std::span<const uint64_t> values, size_t window, std::vector<uint64_t>* scratch,
            std::vector<uint32_t>* chosen) {
  chosen->resize(values.size() + kWinnowRoom);
  chosen->resize(WinnowTo(values, window, scratch, chosen->data()));
}

}  // namespace refrain
#endif  // HWY_ONCE
