// The signature loop, compiled once for each vector unit.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/sketch/minhash.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>

#include "refrain/base/cpu.h"
#include "refrain/sketch/minhash_internal.h"

// g++ 12 otherwise gives each minimum of the loop two registers and copies between them in every round: 8 of
// 31 instructions with AVX-512, and spills with AVX2.
#undef REFRAIN_MINIMA_LOOP
#if defined(__GNUC__) && !defined(__clang__)
#define REFRAIN_MINIMA_LOOP __attribute__((optimize("no-tree-coalesce-vars")))
#else
#define REFRAIN_MINIMA_LOOP
#endif

HWY_BEFORE_NAMESPACE();
namespace refrain::sketch_internal::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE

// Here vectors have one lane, or a number that is not known at compile time.
void MinHash(const MinHashFamily& family, std::span<const uint64_t> shingles, std::span<uint32_t> signature) {
  MinHashScalar(family, shingles, signature);
}

#else

namespace hn = hwy::HWY_NAMESPACE;

const hn::CappedTag<uint32_t, kMinHashLanes> d32;
const hn::Repartition<uint64_t, decltype(d32)> d64;
using V = hn::Vec<decltype(d32)>;

constexpr size_t kLanes = HWY_MIN(HWY_LANES(uint32_t), kMinHashLanes);
constexpr size_t kChunk = 256;  // shingles mixed at a time: 4 KB of the first-level cache
constexpr size_t kMaxRows = 8;  // minima held in registers, of which AVX2 has 16
constexpr size_t kMaxPairRows = kMaxRows / 2;

// Shingles as the loop wants them: x1 and x2 side by side, and by how much the value grows from row to row.
struct Mixed {
  alignas(64) uint32_t halves[2 * kChunk];
  alignas(64) uint32_t steps[2 * kChunk];  // odd places count
};

void Mix(const uint64_t* shingles, size_t count, uint32_t stride, Mixed* HWY_RESTRICT mixed) {
  const auto multiplier = hn::Set(d64, kMinHashMix);
  const auto strides = hn::Set(d32, stride);
  const size_t lanes = hn::Lanes(d64);
  const auto store = [&](size_t i, auto shingle) HWY_ATTR {
    const auto product = hn::Mul(shingle, multiplier);
    const V halves = hn::BitCast(d32, hn::Xor(product, hn::ShiftRight<kMinHashShift>(product)));
    hn::StoreU(halves, d32, mixed->halves + 2 * i);
    hn::StoreU(hn::Mul(halves, strides), d32, mixed->steps + 2 * i);
  };
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) store(i, hn::LoadU(d64, shingles + i));
  for (; i < count; ++i) {
    const uint64_t halves = MixShingle(shingles[i]);
    mixed->halves[2 * i] = static_cast<uint32_t>(halves);
    mixed->halves[2 * i + 1] = static_cast<uint32_t>(halves >> 32);
    mixed->steps[2 * i + 1] = mixed->halves[2 * i + 1] * stride;
  }
}

// Minima of kRows rows of components, a vector of each, over `count` mixed shingles; `offset` is what the
// first of these rows adds to the multipliers.
//
// A shingle is a point and a step: one multiplication places it in the first row, each further row is one
// addition away. It leaves out the parts of a signature that do not fit registers: the caller comes back with
// other rows and lanes. First, multiply and add, for kRows rows at once; second, a minimum and an addition a
// row, minima staying in registers for the whole chunk; third, nothing is loaded but the shingle, by
// broadcasts. With AVX-512 and 128 components that is 18 operations a shingle on two ports; we measure 11
// cycles.
//
// Tried and lost: a multiplier and an addend of its own for each component, with the same accuracy, 5.0 ns
// instead of 3.2 (AVX-512) and 7.2 instead of 4.9 (AVX2), since a 32-bit multiplication is two operations on
// Intel; two shingles a round, no faster; minima in an array, which g++ 12 copies in each round.
template <size_t kRows>
REFRAIN_MINIMA_LOOP void MinimaOfRows(const Mixed& mixed, size_t count,
                                      const uint32_t* HWY_RESTRICT multipliers, uint32_t offset,
                                      uint32_t* HWY_RESTRICT minima) {
  const V multiplier = hn::Add(hn::LoadU(d32, multipliers), hn::Set(d32, offset));
  const auto load = [&](size_t row) HWY_ATTR {
    return hn::LoadU(d32, minima + std::min(row, kRows - 1) * kMinHashLanes);
  };
  V m0 = load(0), m1 = load(1), m2 = load(2), m3 = load(3), m4 = load(4), m5 = load(5), m6 = load(6),
    m7 = load(7);
  size_t i = 0;
  do {
    V value = hn::Add(hn::Mul(multiplier, hn::Set(d32, mixed.halves[2 * i + 1])),
                      hn::Set(d32, mixed.halves[2 * i]));
    const V step = hn::Set(d32, mixed.steps[2 * i + 1]);
    m0 = hn::Min(m0, value);
    if constexpr (kRows > 1) m1 = hn::Min(m1, value = hn::Add(value, step));
    if constexpr (kRows > 2) m2 = hn::Min(m2, value = hn::Add(value, step));
    if constexpr (kRows > 3) m3 = hn::Min(m3, value = hn::Add(value, step));
    if constexpr (kRows > 4) m4 = hn::Min(m4, value = hn::Add(value, step));
    if constexpr (kRows > 5) m5 = hn::Min(m5, value = hn::Add(value, step));
    if constexpr (kRows > 6) m6 = hn::Min(m6, value = hn::Add(value, step));
    if constexpr (kRows > 7) m7 = hn::Min(m7, value = hn::Add(value, step));
  } while (++i < count);
  const auto store = [&](size_t row, V least) HWY_ATTR {
    if (row < kRows) hn::StoreU(least, d32, minima + row * kMinHashLanes);
  };
  store(0, m0), store(1, m1), store(2, m2), store(3, m3), store(4, m4), store(5, m5), store(6, m6),
      store(7, m7);
}

// The same where a row has two vectors or more and few rows are asked for, as for paragraphs: two vectors of
// each row at once. A shingle is then loaded once for both, and the additions of one run in the shadow of the
// other's: 24 instructions a shingle instead of 31 (AVX2, 48 components).
template <size_t kRows>
REFRAIN_MINIMA_LOOP void MinimaOfRowPairs(const Mixed& mixed, size_t count,
                                          const uint32_t* HWY_RESTRICT multipliers, uint32_t offset,
                                          uint32_t* HWY_RESTRICT minima) {
  const V multiplier_a = hn::Add(hn::LoadU(d32, multipliers), hn::Set(d32, offset));
  const V multiplier_b = hn::Add(hn::LoadU(d32, multipliers + kLanes), hn::Set(d32, offset));
  const auto load = [&](size_t row, size_t lane) HWY_ATTR {
    return hn::LoadU(d32, minima + std::min(row, kRows - 1) * kMinHashLanes + lane);
  };
  V a0 = load(0, 0), a1 = load(1, 0), a2 = load(2, 0), a3 = load(3, 0);
  V b0 = load(0, kLanes), b1 = load(1, kLanes), b2 = load(2, kLanes), b3 = load(3, kLanes);
  size_t i = 0;
  do {
    const V first = hn::Set(d32, mixed.halves[2 * i]);
    const V factor = hn::Set(d32, mixed.halves[2 * i + 1]);
    const V step = hn::Set(d32, mixed.steps[2 * i + 1]);
    V a = hn::Add(hn::Mul(multiplier_a, factor), first);
    V b = hn::Add(hn::Mul(multiplier_b, factor), first);
    a0 = hn::Min(a0, a), b0 = hn::Min(b0, b);
    if constexpr (kRows > 1) a1 = hn::Min(a1, a = hn::Add(a, step)), b1 = hn::Min(b1, b = hn::Add(b, step));
    if constexpr (kRows > 2) a2 = hn::Min(a2, a = hn::Add(a, step)), b2 = hn::Min(b2, b = hn::Add(b, step));
    if constexpr (kRows > 3) a3 = hn::Min(a3, a = hn::Add(a, step)), b3 = hn::Min(b3, b = hn::Add(b, step));
  } while (++i < count);
  const auto store = [&](size_t row, V least_a, V least_b) HWY_ATTR {
    if (row >= kRows) return;
    hn::StoreU(least_a, d32, minima + row * kMinHashLanes);
    hn::StoreU(least_b, d32, minima + row * kMinHashLanes + kLanes);
  };
  store(0, a0, b0), store(1, a1, b1), store(2, a2, b2), store(3, a3, b3);
}

using Loop = void (*)(const Mixed&, size_t, const uint32_t*, uint32_t, uint32_t*);

void MinHash(const MinHashFamily& family, std::span<const uint64_t> shingles, std::span<uint32_t> signature) {
  static constexpr Loop kLoops[kMaxRows] = {MinimaOfRows<1>, MinimaOfRows<2>, MinimaOfRows<3>,
                                            MinimaOfRows<4>, MinimaOfRows<5>, MinimaOfRows<6>,
                                            MinimaOfRows<7>, MinimaOfRows<8>};
  static constexpr Loop kPairLoops[kMaxPairRows] = {MinimaOfRowPairs<1>, MinimaOfRowPairs<2>,
                                                    MinimaOfRowPairs<3>, MinimaOfRowPairs<4>};
  constexpr bool kHasPairs = kMinHashLanes % (2 * kLanes) == 0;
  constexpr size_t kMostComponents = 4096;
  alignas(64) uint32_t minima[kMostComponents];
  const size_t rows = (signature.size() + kMinHashLanes - 1) / kMinHashLanes;
  std::fill_n(minima, rows * kMinHashLanes, ~uint32_t{0});
  Mixed mixed;
  for (size_t begin = 0; begin < shingles.size(); begin += kChunk) {
    const size_t count = std::min(kChunk, shingles.size() - begin);
    Mix(shingles.data() + begin, count, family.stride, &mixed);
    for (size_t row = 0; row < rows; row += kMaxRows) {
      const size_t here = std::min(kMaxRows, rows - row);
      const bool pairs = kHasPairs && here <= kMaxPairRows;
      const Loop loop = pairs ? kPairLoops[here - 1] : kLoops[here - 1];
      for (size_t lane = 0; lane < kMinHashLanes; lane += pairs ? 2 * kLanes : kLanes) {
        loop(mixed, count, family.multipliers + lane, static_cast<uint32_t>(row) * family.stride,
             minima + row * kMinHashLanes + lane);
      }
    }
  }
  std::copy_n(minima, signature.size(), signature.begin());
}

#endif

}  // namespace refrain::sketch_internal::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::sketch_internal {

HWY_EXPORT(MinHash);

void MinHashScalar(const MinHashFamily& family, std::span<const uint64_t> shingles,
                   std::span<uint32_t> signature) {
  std::fill(signature.begin(), signature.end(), ~uint32_t{0});
  for (const uint64_t shingle : shingles) {
    const uint64_t halves = MixShingle(shingle);
    const auto x1 = static_cast<uint32_t>(halves);
    const auto x2 = static_cast<uint32_t>(halves >> 32);
    uint32_t offset = x1;
    for (size_t row = 0; row < signature.size(); row += kMinHashLanes, offset += family.stride * x2) {
      const size_t lanes = std::min(kMinHashLanes, signature.size() - row);
      for (size_t lane = 0; lane < lanes; ++lane) {
        uint32_t& least = signature[row + lane];
        least = std::min(least, offset + family.multipliers[lane] * x2);
      }
    }
  }
}

void MinHash(const MinHashFamily& family, std::span<const uint64_t> shingles, std::span<uint32_t> signature) {
  if (UseScalarKernel()) return MinHashScalar(family, shingles, signature);
  HWY_DYNAMIC_DISPATCH(MinHash)(family, shingles, signature);
}

}  // namespace refrain::sketch_internal
#endif  // HWY_ONCE
