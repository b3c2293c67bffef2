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

// to[i] = fold(from[i], from[i + step]) for i in [0, count). `to` may be `from`: what is read was not yet
// written.
template <class Fold>
HWY_INLINE void FoldNeighbours(const uint64_t* from, size_t count, size_t step, uint64_t* to,
                               const Fold& fold) {
  const hn::ScalableTag<uint64_t> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    hn::StoreU(fold(hn::LoadU(d, from + i), hn::LoadU(d, from + i + step)), d, to + i);
  const hn::CappedTag<uint64_t, 1> d1;
  for (; i < count; ++i)
    hn::StoreU(fold(hn::LoadU(d1, from + i), hn::LoadU(d1, from + i + step)), d1, to + i);
}

// A value is the least of some window if and only if the greatest among the least values of the windows that
// hold it is no less than the value itself. So no place has to be carried along, and nothing is branched on:
// hashes give the branch predictor nothing to learn.
//
// First, the least value of each window, by doubling: of two, of four, and so on, the last step as far as the
// window goes. Second, the greatest of those the same way, with zeros on both sides. Third, bit masks of the
// places where that equals the value, and their positions. Of equal values in one window this takes all, so
// the caller looks for such.
//
// `least` has room for size + window - 1 values. Returns how many places were written to `chosen`.
size_t WinnowImpl(const uint64_t* HWY_RESTRICT values, size_t size, size_t window,
                  uint64_t* HWY_RESTRICT least, uint32_t* HWY_RESTRICT chosen) {
  const hn::ScalableTag<uint64_t> d;
  const size_t lanes = hn::Lanes(d);
  const auto min = [](auto a, auto b) HWY_ATTR { return hn::Min(a, b); };
  const auto max = [](auto a, auto b) HWY_ATTR { return hn::Max(a, b); };
  const size_t border = window - 1;
  uint64_t* const minima = least + border;
  std::fill_n(least, border, 0);
  const uint64_t* from = values;
  for (size_t width = 1; width < window;) {
    const size_t step = std::min(width, window - width);
    width += step;
    FoldNeighbours(from, size - width + 1, step, minima, min);
    from = minima;
  }
  std::fill_n(least + size, border, 0);
  for (size_t width = 1; width < window;) {
    const size_t step = std::min(width, window - width);
    width += step;
    FoldNeighbours(least, size + window - width, step, least, max);
  }

  constexpr size_t kBlock = 64;
  size_t count = 0;
  for (size_t begin = 0; begin < size; begin += kBlock) {
    const size_t end = std::min(kBlock, size - begin);
    uint64_t mask = 0;
    size_t i = 0;
    for (; i + lanes <= end; i += lanes) {
      uint64_t bits = 0;
      hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, values + begin + i), hn::LoadU(d, least + begin + i)),
                        reinterpret_cast<uint8_t*>(&bits));
      mask |= bits << i;
    }
    for (; i < end; ++i) mask |= uint64_t{values[begin + i] == least[begin + i]} << i;
    for (; mask != 0; mask &= mask - 1)
      chosen[count++] = static_cast<uint32_t>(begin + hwy::Num0BitsBelowLS1Bit_Nonzero64(mask));
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
void WinnowScalar(const std::vector<uint64_t>& values, size_t window, std::vector<uint32_t>* chosen) {
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

void Winnow(const std::vector<uint64_t>& values, size_t window, std::vector<uint64_t>* scratch,
            std::vector<uint32_t>* chosen) {
  constexpr size_t kWorthDispatching = 64;
  const size_t size = values.size();
  if (window == 1 || size < std::max(window, kWorthDispatching) || UseScalarKernel())
    return WinnowScalar(values, window, chosen);
  if (scratch->size() < size + window - 1) scratch->resize(size + window - 1);
  chosen->resize(size);
  chosen->resize(HWY_DYNAMIC_DISPATCH(match_internal::WinnowImpl)(values.data(), size, window,
                                                                  scratch->data(), chosen->data()));
  // The same few words over and over, which is rare. Between two equal values of one window no other can be
  // chosen.
  const std::vector<uint32_t>& places = *chosen;
  for (size_t i = 1; i < places.size(); ++i) {
    if (values[places[i]] == values[places[i - 1]] && places[i] - places[i - 1] < window)
      return WinnowScalar(values, window, chosen);
  }
}

}  // namespace refrain
#endif  // HWY_ONCE
