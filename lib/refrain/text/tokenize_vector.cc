// The tokeniser on vector units. What it adds to TokenizeRun is one idea: find the edges of words for 64
// bytes at a time, and hash those that are all ASCII straight from the text. Everything else is left to
// TokenizeRun.
//
// First, 64 bytes become a bit mask of "letter, digit, or not ASCII"; where neighbouring bits differ is an
// edge, and the positions of the edges are written down. Edges alternate: begin, end, begin... So each pair
// is a stretch that holds whole tokens, and no separator in ASCII. Second, for each pair: 16 bytes are loaded
// from its begin, what is behind its end is cleared, and bit 0x20 set. That lower-cases letters and leaves
// digits, which have it already, so no lower-cased copy is made. Bit 0x80 anywhere: not ASCII, TokenizeRun
// takes the stretch. Bit 0x40 missing anywhere: there is a digit. Then the hash.
//
// The two steps are separate loops over pieces that stay in the first-level cache, because a loop over the
// bits of a mask ends at a different count each time, and such a mistaken branch costs less when it is not in
// the middle of hashing.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/text/tokenize_vector.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include "refrain/text/run_internal.h"
#include "refrain/text/token_hash_internal.h"
#include "refrain/text/tokenize_vector_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

// Never chosen (UseScalarKernel() is asked first), but Highway wants one for its table.
void TokenizeVectorImpl(std::string_view text, Sink* sink) { TokenizeRun(text, 0, text.size(), sink); }

#else

namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kBlock = 64;
constexpr size_t kPiece = 64 * kBlock;

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

// Bit i: byte i is an ASCII letter or digit, or not ASCII.
HWY_INLINE uint64_t WordMask(const uint8_t* HWY_RESTRICT bytes) {
  const hn::CappedTag<uint8_t, kBlock> d;
  const size_t lanes = hn::Lanes(d);
  uint64_t mask = 0;
  for (size_t i = 0; i < kBlock; i += lanes) {
    const auto v = hn::LoadU(d, bytes + i);
    // The smaller of x and n is x where x <= n: an unsigned comparison that every target has.
    const auto letter = hn::Sub(hn::Or(v, hn::Set(d, 0x20)), hn::Set(d, 'a'));
    const auto digit = hn::Sub(v, hn::Set(d, '0'));
    const auto word = hn::Or(
        hn::Or(hn::Eq(hn::Min(letter, hn::Set(d, 25)), letter), hn::Eq(hn::Min(digit, hn::Set(d, 9)), digit)),
        hn::Eq(hn::Max(v, hn::Set(d, 0x80)), v));
    uint64_t bits = 0;
    hn::StoreMaskBits(d, word, reinterpret_cast<uint8_t*>(&bits));
    mask |= bits << i;
  }
  return mask;
}

// Appends base + i to `out` for each bit i of `edges`; returns how many. Writes up to 8 places more.
HWY_INLINE size_t WriteEdges(uint64_t edges, uint32_t base, uint32_t* HWY_RESTRICT out) {
  uint32_t* const begin = out;
  // Eight bits at a time through a table of their positions: no branch, whatever the count.
  const hn::CappedTag<uint32_t, 8> d;
  const hn::Rebind<uint8_t, decltype(d)> d8;
  const size_t lanes = hn::Lanes(d);
  for (size_t i = 0; i < kBlock; i += 8) {
    const size_t bits = edges >> i & 0xFF;
    const auto first = hn::Set(d, base + static_cast<uint32_t>(i));
    for (size_t lane = 0; lane < 8; lane += lanes) {
      hn::StoreU(hn::Add(hn::PromoteTo(d, hn::LoadU(d8, kBitPositions.of[bits] + lane)), first), d,
                 out + lane);
    }
    out += kBitPositions.count[bits];
  }
  return static_cast<size_t>(out - begin);
}

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

// Hashes stretches, given as above, until one is not ASCII or is longer than 16 bytes. Returns how many.
HWY_INLINE size_t HashStretches(const char* HWY_RESTRICT text, const uint32_t* HWY_RESTRICT edges,
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
    // Bit 5, which every byte of the word has, without bit 6: a digit.
    const auto half = hn::BitCast(d, hn::ShiftRight<1>(hn::BitCast(d16, word)));
    const auto digit = hn::And(hn::AndNot(half, word), bit5);
    const bool no_digit = hn::AllTrue(d, hn::Eq(digit, hn::Zero(d)));
    const auto words = hn::BitCast(d64, word);
    hashes[i] = HashWords(hn::GetLane(words), hn::ExtractLane(words, 1), length);
    traits[i] = static_cast<uint8_t>(TokenTraits::kWord + !no_digit * TokenTraits::kDigit);
  }
  return pairs;
}

// Adds the tokens of the stretches whose begins and ends alternate in `edges`.
HWY_INLINE void AddStretches(std::string_view text, const uint32_t* HWY_RESTRICT edges, size_t pairs,
                             Sink* sink) {
  // Behind this byte 16 cannot be loaded. Only the last stretches of a text begin there.
  size_t safe = pairs;
  while (safe != 0 && size_t{edges[2 * safe - 2]} + kShortToken > text.size()) --safe;
  for (size_t i = 0; i < pairs; ++i) {
    sink->Reserve(pairs - i);
    if (i < safe) {
      const uint32_t* const rest = edges + 2 * i;
      const size_t added =
          HashStretches(text.data(), rest, safe - i, sink->hashes + sink->count, sink->traits + sink->count);
      SplitEdges(rest, added, sink->begins + sink->count, sink->ends + sink->count);
      sink->count += added;
      i += added;
    }
    if (i == pairs) break;
    AddAnyStretch(text, edges[2 * i], edges[2 * i + 1], sink);
    // In a script that is not Latin the next words are like this one.
    for (; i + 1 < pairs && (text[edges[2 * i + 2]] & 0x80) != 0; ++i) {
      TokenizeRun(text, edges[2 * i + 2], edges[2 * i + 3], sink);
    }
  }
}

void TokenizeVectorImpl(std::string_view text, Sink* sink) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  // One more for the begin of a stretch that the piece before left open, and a block more that WriteEdges may
  // touch.
  alignas(64) uint32_t edges[1 + kPiece + kBlock];
  size_t count = 0;     // of edges
  uint64_t inside = 0;  // 1 if the last byte was in a stretch
  for (size_t piece = 0; piece < text.size(); piece += kPiece) {
    const size_t piece_end = HWY_MIN(piece + kPiece, text.size());
    size_t at = piece;
    for (; at + kBlock <= piece_end; at += kBlock) {
      const uint64_t mask = WordMask(bytes + at);
      count += WriteEdges(mask ^ (mask << 1 | inside), static_cast<uint32_t>(at), edges + count);
      inside = mask >> 63;
    }
    if (at < piece_end) {
      uint8_t last[kBlock] = {};
      std::memcpy(last, bytes + at, piece_end - at);
      const uint64_t mask = WordMask(last);
      count += WriteEdges(mask ^ (mask << 1 | inside), static_cast<uint32_t>(at), edges + count);
      inside = mask >> 63;
    }
    // Only a text whose length is a multiple of 64 still has a stretch open: zeros behind the text close the
    // others.
    if (piece_end == text.size() && inside != 0) edges[count++] = static_cast<uint32_t>(text.size());
    AddStretches(text, edges, count / 2, sink);
    if (count % 2 != 0) edges[0] = edges[count - 1];
    count %= 2;
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace refrain::text_internal
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::text_internal {

HWY_EXPORT(TokenizeVectorImpl);

void TokenizeVector(std::string_view text, Sink* sink) {
  HWY_DYNAMIC_DISPATCH(TokenizeVectorImpl)(text, sink);
}

void AddAnyStretch(std::string_view text, size_t begin, size_t end, Sink* sink) {
  bool ascii = true;
  bool digit = false;
  for (size_t i = begin; i < end && ascii; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    ascii = byte < 0x80;
    digit |= byte < 0x40;
  }
  if (!ascii) {
    TokenizeRun(text, begin, end, sink);
    return;
  }
  sink->Reserve(1);
  sink->Add(static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
            HashAscii(text.data() + begin, end - begin),
            static_cast<uint8_t>(TokenTraits::kWord + digit * TokenTraits::kDigit));
}

}  // namespace refrain::text_internal
#endif
