// Line ends on vector units: 64 bytes become a bit mask of those that may begin one, which are few. Each is
// then looked at.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/text/blocks_vector.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <cstring>

#include "refrain/text/blocks_internal.h"
#include "refrain/text/line_ends.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

// Never chosen (UseScalarKernel() is asked first), but Highway wants one for its table.
void FindLineEndsImpl(std::string_view text, BlockBuilder* builder) { FindLineEnds(text, builder); }

#else

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kBlock = 64;

// Bit i: byte i is 0A, 0B, 0C, 0D, C2 or E2.
HWY_INLINE uint64_t CandidateMask(const uint8_t* HWY_RESTRICT bytes) {
  const hn::CappedTag<uint8_t, kBlock> d;
  const size_t lanes = hn::Lanes(d);
  uint64_t mask = 0;
  for (size_t i = 0; i < kBlock; i += lanes) {
    const auto v = hn::LoadU(d, bytes + i);
    const auto control = hn::Sub(v, hn::Set(d, 0x0A));
    const auto candidate = hn::Or(hn::Eq(hn::Min(control, hn::Set(d, 3)), control),
                                  hn::Eq(hn::Or(v, hn::Set(d, 0x20)), hn::Set(d, 0xE2)));
    uint64_t bits = 0;
    hn::StoreMaskBits(d, candidate, reinterpret_cast<uint8_t*>(&bits));
    mask |= bits << i;
  }
  return mask;
}

void FindLineEndsImpl(std::string_view text, BlockBuilder* builder) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = 0; at < text.size(); at += kBlock) {
    uint64_t mask;
    if (text.size() - at >= kBlock) {
      mask = CandidateMask(bytes + at);
    } else {
      uint8_t last[kBlock] = {};
      std::memcpy(last, bytes + at, text.size() - at);
      mask = CandidateMask(last);
    }
    for (; mask != 0; mask &= mask - 1) {
      const size_t candidate = at + hwy::Num0BitsBelowLS1Bit_Nonzero64(mask);
      // The LF of a CR LF comes by itself once more, and ends an empty line, of which no block is made.
      const size_t length = LineEndAt(text, candidate);
      if (length != 0) builder->EndLine(candidate, candidate + length);
    }
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace refrain::text_internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::text_internal {

HWY_EXPORT(FindLineEndsImpl);

void FindLineEndsVector(std::string_view text, BlockBuilder* builder) {
  HWY_DYNAMIC_DISPATCH(FindLineEndsImpl)(text, builder);
}

}  // namespace refrain::text_internal
#endif
