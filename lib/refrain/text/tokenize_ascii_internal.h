// Words of ASCII up to 16 bytes long, hashed in one line without a branch.
//
// Read anew for each vector unit by tokenize_vector.cc.

#if defined(REFRAIN_TEXT_TOKENIZE_ASCII_INTERNAL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_TEXT_TOKENIZE_ASCII_INTERNAL_H_
#undef REFRAIN_TEXT_TOKENIZE_ASCII_INTERNAL_H_
#else
#define REFRAIN_TEXT_TOKENIZE_ASCII_INTERNAL_H_
#endif

#include <hwy/highway.h>

#include "refrain/text/run_internal.h"
#include "refrain/text/token_hash_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// 16 bytes for each length of a word: first what keeps its bytes of the 16 that were loaded, then what its
// length adds to the hash (twice). Two tables, since their places are then part of the loads.
struct KeepTable {
  constexpr KeepTable() {
    for (size_t length = 0; length <= kShortToken; ++length) {
      for (size_t byte = 0; byte < length; ++byte) of[length][byte / 8] |= uint64_t{0xFF} << 8 * (byte % 8);
    }
  }
  uint64_t of[kShortToken + 1][2] = {};
};
struct LengthTable {
  constexpr LengthTable() {
    for (size_t length = 0; length <= kShortToken; ++length) of[length][0] = of[length][1] = kLength ^ length;
  }
  uint64_t of[kShortToken + 1][2] = {};
};
alignas(64) constexpr KeepTable kKeeps;
alignas(64) constexpr LengthTable kLengths;

// Splits begins and ends that alternate in `edges`, until a stretch is longer than kShortToken. `lengths` get
// its offset in kLengths, in bytes. Returns how many. Reads and writes up to a vector more.
HWY_INLINE size_t SplitShort(const uint32_t* HWY_RESTRICT edges, size_t pairs, uint32_t* HWY_RESTRICT begins,
                             uint32_t* HWY_RESTRICT ends, uint32_t* HWY_RESTRICT lengths) {
  const hn::ScalableTag<uint32_t> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i < pairs; i += lanes) {
    const auto low = hn::LoadU(d, edges + 2 * i);
    const auto high = hn::LoadU(d, edges + 2 * i + lanes);
    const auto begin = hn::ConcatEven(d, high, low);
    const auto end = hn::ConcatOdd(d, high, low);
    const auto length = hn::Sub(end, begin);
    hn::StoreU(begin, d, begins + i);
    hn::StoreU(end, d, ends + i);
    hn::StoreU(hn::ShiftLeft<4>(length), d, lengths + i);
    const auto is_short = hn::Eq(hn::Min(length, hn::Set(d, uint32_t{kShortToken})), length);
    if (HWY_UNLIKELY(!hn::AllTrue(d, is_short)))
      return HWY_MIN(i + hn::FindKnownFirstTrue(d, hn::Not(is_short)), pairs);
  }
  return pairs;
}

// Hashes `count` words that SplitShort found in the text of which folded[0] is byte `origin`. 16 bytes can be
// read from each. A function of its own: inlined, its pointers lay on the stack.
HWY_NOINLINE void HashShortWords(const uint8_t* HWY_RESTRICT folded, size_t origin,
                                 const uint32_t* HWY_RESTRICT begins, const uint32_t* HWY_RESTRICT lengths,
                                 size_t count, uint64_t* HWY_RESTRICT hashes) {
  const hn::Full128<uint64_t> d;
  const hn::Full128<uint8_t> d8;
  alignas(16) static constexpr uint64_t kWords[2] = {kWord0, kWord1};
  const auto start = hn::Load(d, kWords);
  // Where byte 0 of the text would be.
  const auto text = reinterpret_cast<uintptr_t>(folded) - origin;
  const auto* const keeps = reinterpret_cast<const uint8_t*>(kKeeps.of);
  const auto* const of_lengths = reinterpret_cast<const uint8_t*>(kLengths.of);
#pragma GCC unroll 4
  for (size_t i = 0; i < count; ++i) {
    const size_t offset = lengths[i];
    const auto bytes = hn::LoadU(d8, reinterpret_cast<const uint8_t*>(text + begins[i]));
    const auto words = hn::Xor(hn::BitCast(d, hn::And(bytes, hn::Load(d8, keeps + offset))), start);
    uint64_t length;
    std::memcpy(&length, of_lengths + offset, 8);
    hashes[i] = HashStarted(hn::GetLane(words), hn::ExtractLane(words, 1), length);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace refrain::text_internal
HWY_AFTER_NAMESPACE();

#endif  // REFRAIN_TEXT_TOKENIZE_ASCII_INTERNAL_H_
