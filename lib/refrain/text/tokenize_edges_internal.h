// 64 bytes of text to bit masks, and masks to the places where words begin and end.
//
// Read anew for each vector unit by tokenize_vector.cc.

#if defined(REFRAIN_TEXT_TOKENIZE_EDGES_INTERNAL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_TEXT_TOKENIZE_EDGES_INTERNAL_H_
#undef REFRAIN_TEXT_TOKENIZE_EDGES_INTERNAL_H_
#else
#define REFRAIN_TEXT_TOKENIZE_EDGES_INTERNAL_H_
#endif

#include <hwy/highway.h>

#include "refrain/text/run_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kBlock = 64;

// For each byte the positions of its one-bits, ascending, and how many there are.
struct BitPositions {
  constexpr BitPositions() {
    for (int bits = 0; bits < 256; ++bits) {
      for (uint8_t i = 0; i < 8; ++i) {
        if ((bits >> i & 1) != 0) of[bits][count[bits]++] = i;
      }
    }
  }
  uint8_t of[256][8] = {};
  uint8_t count[256] = {};
};
alignas(64) constexpr BitPositions kBitPositions;

// For each of `blocks` blocks a mask in `masks`: bit i says that byte i is an ASCII letter or digit. Writes
// the bytes to `folded` with bit 0x20 set in each: letters become small ones, digits, which have it already,
// stay. Returns for which blocks there is more to say, since they hold digits or what is not ASCII. REQUIRES:
// blocks <= 64.
HWY_INLINE uint64_t LetterMasks(const uint8_t* HWY_RESTRICT bytes, size_t blocks,
                                uint8_t* HWY_RESTRICT folded, uint64_t* HWY_RESTRICT masks) {
  const hn::CappedTag<uint8_t, kBlock> d;
  const hn::RebindToSigned<decltype(d)> d_signed;
  const size_t lanes = hn::Lanes(d);
  const auto bit5 = hn::Set(d, 0x20);
  // With the last of n brought to 127, all n and no others are above 127 - n as signed numbers.
  const auto letter_shift = hn::Set(d_signed, 127 - 'z'), letter_below = hn::Set(d_signed, 127 - 26);
  const auto digit_shift = hn::Set(d_signed, 127 - '9'), digit_below = hn::Set(d_signed, 127 - 10);
  uint64_t more = 0;
  for (size_t block = 0; block < blocks; ++block) {
    const size_t at = block * kBlock;
    uint64_t mask = 0;
    auto any = hn::Zero(d);  // bit 0x80: a digit, or not ASCII
    for (size_t i = 0; i < kBlock; i += lanes) {
      const auto v = hn::LoadU(d, bytes + at + i);
      const auto lower = hn::Or(v, bit5);
      hn::StoreU(lower, d, folded + at + i);
      const auto letter = hn::Gt(hn::Add(hn::BitCast(d_signed, lower), letter_shift), letter_below);
      const auto digit = hn::Gt(hn::Add(hn::BitCast(d_signed, v), digit_shift), digit_below);
      any = hn::Or(any, hn::Or(v, hn::BitCast(d, hn::VecFromMask(d_signed, digit))));
      uint64_t bits = 0;
      hn::StoreMaskBits(d_signed, hn::Or(letter, digit), reinterpret_cast<uint8_t*>(&bits));
      mask |= bits << i;
    }
    masks[block] = mask;
    if (!hn::AllFalse(d_signed, hn::Lt(hn::BitCast(d_signed, any), hn::Zero(d_signed)))) {
      more |= uint64_t{1} << block;
    }
  }
  return more;
}

// Bit i of `*wide`: byte i is not ASCII; of `*digits`: it is an ASCII digit.
HWY_INLINE void WideAndDigits(const uint8_t* HWY_RESTRICT bytes, uint64_t* wide, uint64_t* digits) {
  const hn::CappedTag<uint8_t, kBlock> d;
  const hn::RebindToSigned<decltype(d)> d_signed;
  const size_t lanes = hn::Lanes(d);
  *wide = *digits = 0;
  for (size_t i = 0; i < kBlock; i += lanes) {
    const auto v = hn::BitCast(d_signed, hn::LoadU(d, bytes + i));
    uint64_t wide_bits = 0, digit_bits = 0;
    hn::StoreMaskBits(d_signed, hn::Lt(v, hn::Zero(d_signed)), reinterpret_cast<uint8_t*>(&wide_bits));
    hn::StoreMaskBits(d_signed, hn::Gt(hn::Add(v, hn::Set(d_signed, 127 - '9')), hn::Set(d_signed, 127 - 10)),
                      reinterpret_cast<uint8_t*>(&digit_bits));
    *wide |= wide_bits << i;
    *digits |= digit_bits << i;
  }
}

// Bit i: at byte i may begin punctuation that is not ASCII. Reads a byte more than the block.
HWY_INLINE uint64_t PunctuationMask(const uint8_t* HWY_RESTRICT bytes) {
  const hn::CappedTag<uint8_t, kBlock> d;
  const size_t lanes = hn::Lanes(d);
  uint64_t mask = 0;
  for (size_t i = 0; i < kBlock; i += lanes) {
    const auto v = hn::LoadU(d, bytes + i);
    const auto next = hn::LoadU(d, bytes + i + 1);
    // U+0080 to U+00BF; U+2000 to U+2FFF; U+F000 to U+FFFF; U+0600 to U+061F.
    const auto found =
        hn::Or(hn::Or(hn::Eq(v, hn::Set(d, 0xC2)), hn::Eq(v, hn::Set(d, 0xE2))),
               hn::Or(hn::Eq(v, hn::Set(d, 0xEF)),
                      hn::And(hn::Eq(v, hn::Set(d, 0xD8)), hn::Eq(hn::Min(next, hn::Set(d, 0x9F)), next))));
    uint64_t bits = 0;
    hn::StoreMaskBits(d, found, reinterpret_cast<uint8_t*>(&bits));
    mask |= bits << i;
  }
  return mask;
}

// Makes masks of edges from masks of what is inside: bit i says that byte i and the one before it differ.
// `inside` is 1 if the byte in front of the first was; returns it for the last.
HWY_INLINE uint64_t EdgeMasks(uint64_t inside, size_t blocks, uint64_t* HWY_RESTRICT masks) {
  for (size_t block = 0; block < blocks; ++block) {
    const uint64_t mask = masks[block];
    masks[block] = mask ^ (mask << 1 | inside);
    inside = mask >> 63;
  }
  return inside;
}

// Writes base + i to `out` for each bit i of the masks. befores[b] becomes the number of those in front of
// block b, `count` more. Returns how many there are then. Writes up to 16 places more.
HWY_INLINE size_t WriteEdges(const uint64_t* HWY_RESTRICT masks, size_t blocks, uint32_t base, size_t count,
                             uint32_t* HWY_RESTRICT edges, uint32_t* HWY_RESTRICT befores) {
  uint32_t* HWY_RESTRICT out = edges + count;
#if HWY_TARGET <= HWY_AVX3
  // An instruction does it.
  const hn::ScalableTag<uint32_t> d;
  const size_t lanes = hn::Lanes(d);
  const auto step = hn::Set(d, static_cast<uint32_t>(lanes));
  auto places = hn::Iota(d, base);
  for (size_t block = 0; block < blocks; ++block) {
    befores[block] = static_cast<uint32_t>(out - edges);
    const auto* const bytes = reinterpret_cast<const uint8_t*>(masks + block);
    for (size_t i = 0; i < kBlock; i += lanes) {
      hn::StoreU(hn::Compress(places, hn::LoadMaskBits(d, bytes + i / 8)), d, out);
      out += hwy::PopCount(masks[block] >> i & ((uint64_t{1} << lanes) - 1));
      places = hn::Add(places, step);
    }
  }
#else
  // Eight bits at a time through a table of their positions: no branch, whatever the count.
  const hn::CappedTag<uint32_t, 8> d;
  const hn::Rebind<uint8_t, decltype(d)> d8;
  const size_t lanes = hn::Lanes(d);
  const auto eight = hn::Set(d, 8);
  auto first = hn::Set(d, base);
  for (size_t block = 0; block < blocks; ++block) {
    befores[block] = static_cast<uint32_t>(out - edges);
    const auto* const bytes = reinterpret_cast<const uint8_t*>(masks + block);
    for (size_t i = 0; i < 8; ++i) {
      const size_t bits = bytes[i];
      for (size_t lane = 0; lane < 8; lane += lanes) {
        hn::StoreU(hn::Add(hn::PromoteTo(d, hn::LoadU(d8, kBitPositions.of[bits] + lane)), first), d,
                   out + lane);
      }
      out += kBitPositions.count[bits];
      first = hn::Add(first, eight);
    }
  }
#endif
  return static_cast<size_t>(out - edges);
}

}  // namespace HWY_NAMESPACE
}  // namespace refrain::text_internal
HWY_AFTER_NAMESPACE();

#endif  // REFRAIN_TEXT_TOKENIZE_EDGES_INTERNAL_H_
