// Straight lines for stretches that may hold anything: each loop goes on until it meets one that is not its
// own.
//
// Read anew for each vector unit by tokenize_vector.cc.

#if defined(REFRAIN_TEXT_TOKENIZE_WORDS_INTERNAL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_TEXT_TOKENIZE_WORDS_INTERNAL_H_
#undef REFRAIN_TEXT_TOKENIZE_WORDS_INTERNAL_H_
#else
#define REFRAIN_TEXT_TOKENIZE_WORDS_INTERNAL_H_
#endif

#include <hwy/highway.h>

#include "refrain/text/run_internal.h"
#include "refrain/text/token_hash_internal.h"
#include "refrain/text/unicode_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Splits `pairs` begins and ends that alternate in `edges`.
HWY_INLINE void SplitEdges(const uint32_t* HWY_RESTRICT edges, size_t pairs, uint32_t* HWY_RESTRICT begins,
                           uint32_t* HWY_RESTRICT ends) {
  const hn::ScalableTag<uint32_t> d;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= pairs; i += lanes) {
    const auto low = hn::LoadU(d, edges + 2 * i);
    const auto high = hn::LoadU(d, edges + 2 * i + lanes);
    hn::StoreU(hn::ConcatEven(d, high, low), d, begins + i);
    hn::StoreU(hn::ConcatOdd(d, high, low), d, ends + i);
  }
  for (; i < pairs; ++i) {
    begins[i] = edges[2 * i];
    ends[i] = edges[2 * i + 1];
  }
}

// Hashes words of ASCII, given as begins and ends that alternate, until one is not ASCII or is longer than 16
// bytes. Returns how many. 16 bytes are loaded from the begin of a word, what is behind its end is cleared,
// and bit 0x20 set. Bit 0x80 anywhere: not ASCII. Bit 0x40 missing anywhere: there is a digit. A function of
// its own: inlined, its pointers lay on the stack, three loads a word. The others gain nothing by it.
HWY_NOINLINE size_t HashStretches(const char* HWY_RESTRICT text, const uint32_t* HWY_RESTRICT edges,
                                  size_t pairs, uint64_t* HWY_RESTRICT hashes, uint8_t* HWY_RESTRICT traits) {
  const hn::Full128<uint8_t> d;
  const hn::Full128<int8_t> d_signed;
  const hn::Full128<uint16_t> d16;
  const hn::Full128<uint64_t> d64;
  const auto bit5 = hn::Set(d, 0x20);
  for (size_t i = 0; i < pairs; ++i) {
    const uint32_t begin = edges[2 * i];
    const size_t length = edges[2 * i + 1] - begin;
    if (HWY_UNLIKELY(length > kShortToken)) return i;
    const auto loaded = hn::LoadU(d, reinterpret_cast<const uint8_t*>(text) + begin);
    const auto word = hn::And(hn::Or(loaded, bit5), hn::LoadU(d, kKeep + kShortToken - length));
    if (HWY_UNLIKELY(!hn::AllFalse(d_signed, hn::Lt(hn::BitCast(d_signed, word), hn::Zero(d_signed)))))
      return i;
    // Bit 5, which every byte of the word has, without bit 6: a digit. Seen where masks are made of.
    const auto half = hn::BitCast(d, hn::ShiftRight<1>(hn::BitCast(d16, word)));
    const auto no_letter = hn::ShiftLeft<2>(hn::BitCast(d16, hn::AndNot(half, word)));
    const bool digit = !hn::AllFalse(d_signed, hn::Lt(hn::BitCast(d_signed, no_letter), hn::Zero(d_signed)));
    const auto words = hn::BitCast(d64, word);
    hashes[i] = HashWords(hn::GetLane(words), hn::ExtractLane(words, 1), length);
    traits[i] = static_cast<uint8_t>(TokenTraits::kWord + digit * TokenTraits::kDigit);
  }
  return pairs;
}

// For lane i of eight: what moves the lanes behind it one place further on and clears it and the one behind
// it.
struct MakeRoom {
  constexpr MakeRoom() {
    for (int odd = 0; odd < 8; ++odd) {
      for (int byte = 0; byte < 16; ++byte) {
        const int lane = byte / 2;
        of[odd][byte] = lane < odd ? byte : lane > odd + 1 ? byte - 2 : 0x80;
      }
    }
  }
  uint8_t of[8][16] = {};
};
alignas(16) constexpr MakeRoom kMakeRoom;

// The same for words of up to eight letters of Cyrillic, Arabic or Hebrew that fold to themselves or, in
// Cyrillic, to the small letter 32 places further on. One letter may be another, such as those that become a
// letter and a mark, which many words hold. Until one is something else.
HWY_INLINE size_t HashLetterPairs(const char* HWY_RESTRICT text, const uint32_t* HWY_RESTRICT edges,
                                  size_t pairs, uint64_t* HWY_RESTRICT hashes, uint8_t* HWY_RESTRICT traits) {
  const hn::Full128<uint8_t> d8;
  const hn::Full128<uint16_t> d;
  const hn::Full128<uint64_t> d64;
  for (size_t i = 0; i < pairs; ++i) {
    const uint32_t begin = edges[2 * i];
    size_t length = edges[2 * i + 1] - begin;
    if (HWY_UNLIKELY(length > kShortToken || length % 2 != 0)) return i;
    // Two bytes a lane, the first of them lowest; none behind the word.
    const auto keep = hn::BitCast(d, hn::LoadU(d8, kKeep + kShortToken - length));
    const auto bytes =
        hn::And(keep, hn::BitCast(d, hn::LoadU(d8, reinterpret_cast<const uint8_t*>(text) + begin)));
    const auto c = hn::Or(hn::ShiftLeft<6>(hn::And(bytes, hn::Set(d, 0x1F))),
                          hn::And(hn::ShiftRight<8>(bytes), hn::Set(d, 0x3F)));
    const auto in = [&](uint16_t first, uint16_t last) HWY_ATTR {
      const auto place = hn::Sub(c, hn::Set(d, first));
      return hn::VecFromMask(d,
                             hn::Eq(hn::Min(place, hn::Set(d, static_cast<uint16_t>(last - first))), place));
    };
    const auto is = [&](uint16_t letter)
                        HWY_ATTR { return hn::VecFromMask(d, hn::Eq(c, hn::Set(d, letter))); };
    // U+0419 and its small letter decompose, as does Arabic from U+0622 to U+0626.
    const auto capital = in(0x410, 0x42F);
    const auto letter =
        hn::Or(hn::Or(in(0x410, 0x44F), in(0x627, 0x63A)), hn::Or(in(0x641, 0x64A), in(0x5D0, 0x5EA)));
    const auto known = hn::AndNot(hn::Or(is(0x419), is(0x439)), letter);
    const auto paired = hn::VecFromMask(d, hn::Eq(hn::And(bytes, hn::Set(d, 0xC0E0)), hn::Set(d, 0x80C0)));
    const auto small = hn::Add(c, hn::And(capital, hn::Set(d, 0x20)));
    auto folded = hn::And(
        keep, hn::Or(hn::Or(hn::ShiftRight<6>(small), hn::ShiftLeft<8>(hn::And(small, hn::Set(d, 0x3F)))),
                     hn::Set(d, 0x80C0)));
    uint64_t inserted = 0;
    size_t odd = 0;
    const auto all_known = hn::MaskFromVec(hn::Or(hn::And(known, paired), hn::Not(keep)));
    if (!hn::AllTrue(d, all_known)) {
      odd = hn::FindKnownFirstTrue(d, hn::Not(all_known));
      const auto* const at = reinterpret_cast<const uint8_t*>(text) + begin + 2 * odd;
      const uint64_t entry = unicode::kPlainLetters[(at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu)];
      // Four bytes, no number, no mark in front.
      constexpr uint64_t kFacts =
          uint64_t{0xFF} << unicode::kPlainLeadShift | uint64_t{0xF} << unicode::kPlainLengthShift;
      if (hn::CountTrue(d, all_known) != 7 || at[0] < 0xC2 || at[0] > 0xDF || (at[1] & 0xC0) != 0x80 ||
          length > kShortToken - 2 || (entry & kFacts) != uint64_t{4} << unicode::kPlainLengthShift) {
        return i;
      }
      inserted = entry & 0xFFFFFFFF;
      length += 2;
      folded =
          hn::BitCast(d, hn::TableLookupBytesOr0(hn::BitCast(d8, folded), hn::Load(d8, kMakeRoom.of[odd])));
    }
    const auto words = hn::BitCast(d64, folded);
    const auto insert = static_cast<unsigned __int128>(inserted) << (16 * odd);
    hashes[i] = HashWords(hn::GetLane(words) | static_cast<uint64_t>(insert),
                          hn::ExtractLane(words, 1) | static_cast<uint64_t>(insert >> 64), length);
    traits[i] = TokenTraits::kWord;
  }
  return pairs;
}

// The same for words of up to five Hangul syllables, which fold to themselves.
HWY_INLINE size_t HashSyllables(const char* HWY_RESTRICT text, const uint32_t* HWY_RESTRICT edges,
                                size_t pairs, uint64_t* HWY_RESTRICT hashes, uint8_t* HWY_RESTRICT traits) {
  // For each lane which two bytes of a word it gets: those that a syllable begins with, and those that end
  // one.
  alignas(16) static constexpr uint8_t kHeads[16] = {1, 0, 4, 3, 7, 6, 10, 9, 13, 12, 15, 15, 15, 15, 15, 15};
  alignas(16) static constexpr uint8_t kTails[16] = {2,  1,  5,  4,  8,  7,  11, 10,
                                                     14, 13, 15, 15, 15, 15, 15, 15};
  const hn::Full128<uint8_t> d8;
  const hn::Full128<uint16_t> d;
  const hn::Full128<uint64_t> d64;
  for (size_t i = 0; i < pairs; ++i) {
    const uint32_t begin = edges[2 * i];
    const size_t length = edges[2 * i + 1] - begin;
    if (HWY_UNLIKELY(length > 15 || length % 3 != 0)) return i;
    const auto word = hn::And(hn::LoadU(d8, reinterpret_cast<const uint8_t*>(text) + begin),
                              hn::LoadU(d8, kKeep + kShortToken - length));
    // U+AC00 to U+D77F have heads from EA B0 to ED 9D; where there is no syllable all is zero.
    const auto heads = hn::BitCast(d, hn::TableLookupBytes(word, hn::Load(d8, kHeads)));
    const auto tails = hn::BitCast(d, hn::TableLookupBytes(word, hn::Load(d8, kTails)));
    const auto place = hn::Sub(heads, hn::Set(d, 0xEAB0));
    const auto inside = hn::And(hn::Eq(hn::Min(place, hn::Set(d, 0xED9D - 0xEAB0)), place),
                                hn::Eq(hn::And(tails, hn::Set(d, 0xC0C0)), hn::Set(d, 0x8080)));
    if (HWY_UNLIKELY(!hn::AllTrue(d, hn::Or(inside, hn::Eq(hn::Or(heads, tails), hn::Zero(d)))))) return i;
    const auto words = hn::BitCast(d64, word);
    hashes[i] = HashWords(hn::GetLane(words), hn::ExtractLane(words, 1), length);
    traits[i] = TokenTraits::kWord;
  }
  return pairs;
}

}  // namespace HWY_NAMESPACE
}  // namespace refrain::text_internal
HWY_AFTER_NAMESPACE();

#endif  // REFRAIN_TEXT_TOKENIZE_WORDS_INTERNAL_H_
