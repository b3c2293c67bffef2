// The tokeniser on vector units. What it adds to TokenizeRun is one idea: find the edges of words for 64
// bytes at a time, and hash those that are all ASCII straight from the text. For other scripts there are
// straight lines too, for what most of their words are made of. Everything else is left to TokenizeRun.
//
// First, 64 bytes become a bit mask of "letter, digit, or not ASCII"; of what is not ASCII, the punctuation
// that is common beside words (dashes, quotes, full width, that of Arabic) is looked up and taken out. Where
// neighbouring bits differ is an edge, and the positions of the edges are written down. Edges alternate:
// begin, end, begin... So each pair is a stretch that holds whole tokens. Second, for each pair: 16 bytes are
// loaded from its begin, what is behind its end is cleared, and bit 0x20 set. That lower-cases letters and
// leaves digits, which have it already, so no lower-cased copy is made. Bit 0x80 anywhere: not ASCII, another
// loop or AddWideStretch takes the stretch. Bit 0x40 missing anywhere: there is a digit. Then the hash.
//
// HashStretches, HashLetterPairs and HashSyllables call nothing, so that all their constants stay in
// registers: with a call in the loop they took half as long again. Each goes on until it meets a stretch that
// is not its own; which comes next is seen from the first byte.
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

// Bit i of the result: byte i is an ASCII letter or digit, or not ASCII. Bit i of `*wide`: not ASCII.
HWY_INLINE uint64_t WordMask(const uint8_t* HWY_RESTRICT bytes, uint64_t* wide) {
  const hn::CappedTag<uint8_t, kBlock> d;
  const size_t lanes = hn::Lanes(d);
  uint64_t mask = 0;
  uint64_t high = 0;
  for (size_t i = 0; i < kBlock; i += lanes) {
    const auto v = hn::LoadU(d, bytes + i);
    // The smaller of x and n is x where x <= n: an unsigned comparison that every target has.
    const auto letter = hn::Sub(hn::Or(v, hn::Set(d, 0x20)), hn::Set(d, 'a'));
    const auto digit = hn::Sub(v, hn::Set(d, '0'));
    const auto word =
        hn::Or(hn::Eq(hn::Min(letter, hn::Set(d, 25)), letter), hn::Eq(hn::Min(digit, hn::Set(d, 9)), digit));
    uint64_t bits = 0, high_bits = 0;
    hn::StoreMaskBits(d, word, reinterpret_cast<uint8_t*>(&bits));
    hn::StoreMaskBits(d, hn::Eq(hn::Max(v, hn::Set(d, 0x80)), v), reinterpret_cast<uint8_t*>(&high_bits));
    mask |= bits << i;
    high |= high_bits << i;
  }
  *wide = high;
  return mask | high;
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

// Hashes stretches, given as above, until one is not ASCII or is longer than 16 bytes. Returns how many. A
// function of its own: inlined, its pointers lay on the stack, three loads a word. The others gain nothing by
// it.
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

// Stretches up to this long are looked at all at once.
constexpr size_t kWide = 32;

// Asks about kWide bytes: bit i of the result is what `ask(d, v)` says of byte i.
template <class Ask>
HWY_INLINE uint32_t AskWide(const uint8_t* HWY_RESTRICT bytes, const Ask& ask) {
  const hn::CappedTag<uint8_t, kWide> d;
  uint32_t all = 0;
  for (size_t i = 0; i < kWide; i += hn::Lanes(d)) {
    uint64_t bits = 0;
    hn::StoreMaskBits(d, ask(d, hn::LoadU(d, bytes + i)), reinterpret_cast<uint8_t*>(&bits));
    all |= static_cast<uint32_t>(bits << i);
  }
  return all;
}

// Continuation bytes.
HWY_INLINE uint32_t TailMask(const uint8_t* HWY_RESTRICT bytes) {
  return AskWide(
      bytes, [](auto d, auto v) HWY_ATTR { return hn::Eq(hn::And(v, hn::Set(d, 0xC0)), hn::Set(d, 0x80)); });
}

// Where code points of two bytes begin; not those of overlong forms.
HWY_INLINE uint32_t TwoMask(const uint8_t* HWY_RESTRICT bytes) {
  return AskWide(bytes, [](auto d, auto v) HWY_ATTR {
    const auto place = hn::Sub(v, hn::Set(d, 0xC2));
    return hn::Eq(hn::Min(place, hn::Set(d, 0xDF - 0xC2)), place);
  });
}

// What is not ASCII.
HWY_INLINE uint32_t WideMask(const uint8_t* HWY_RESTRICT bytes) {
  return AskWide(bytes, [](auto d, auto v) HWY_ATTR { return hn::Eq(hn::Max(v, hn::Set(d, 0x80)), v); });
}

// Digits, where all that is ASCII is letters and digits.
HWY_INLINE uint32_t DigitMask(const uint8_t* HWY_RESTRICT bytes) {
  return AskWide(bytes,
                 [](auto d, auto v) HWY_ATTR { return hn::Eq(hn::And(v, hn::Set(d, 0xC0)), hn::Zero(d)); });
}

// Copies kWide bytes; ASCII letters become small ones, digits stay, others become anything.
HWY_INLINE void CopyLower(const uint8_t* HWY_RESTRICT from, char* HWY_RESTRICT to) {
  const hn::CappedTag<uint8_t, kWide> d;
  for (size_t i = 0; i < kWide; i += hn::Lanes(d)) {
    hn::StoreU(hn::Or(hn::LoadU(d, from + i), hn::Set(d, 0x20)), d, reinterpret_cast<uint8_t*>(to) + i);
  }
}

// A word of up to 32 bytes of letters of one and two bytes, as in Cyrillic, Arabic and German: false, and
// nothing is added, if it is something else. The folded letters are put in a row, each where the one before
// ends: eight bytes are stored whatever the length, and the next one writes over what is too much. What is
// ASCII between two of them comes along in a copy of all that follows. No letter of these has neighbours that
// matter but marks, and a word with marks is not taken. REQUIRES: 32 bytes may be read from every place in
// the stretch.
HWY_INLINE bool AddLetters(const uint8_t* HWY_RESTRICT bytes, uint32_t begin, size_t length, Sink* sink) {
  const uint8_t* const word = bytes + begin;
  const uint32_t all = static_cast<uint32_t>((uint64_t{1} << length) - 1);
  const uint32_t two = TwoMask(word) & all;
  const uint64_t tails = uint64_t{two} << 1, code_points = two | tails;  // a lead may be the last byte of 32
  if ((TailMask(word) & all) != tails || (WideMask(word) & all) != code_points) return false;
  char folded[5 * kWide + kWide];
  char* to = folded;
  uint64_t any = 0;  // of what the letters' entries say
  bool known = true;
  const auto put = [&](const uint8_t* at) HWY_ATTR {
    const uint64_t letter = unicode::kPlainLetters[(at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu)];
    known &= letter != 0;
    any |= letter;
    Store64(to, letter);
    to += letter >> unicode::kPlainLengthShift & 7;
  };
  bool digit = false;
  if (code_points == all) {
    for (size_t at = 0; at < length; at += 2) put(word + at);
  } else {
    size_t from = 0;
    CopyLower(word, to);
    for (uint32_t left = two; left != 0; left &= left - 1) {
      const size_t at = hwy::Num0BitsBelowLS1Bit_Nonzero32(left);
      to += at - from;
      put(word + at);
      from = at + 2;
      CopyLower(word + from, to);
    }
    to += length - from;
    digit = (DigitMask(word) & all) != 0;
  }
  if (!known || (any >> unicode::kPlainLeadShift & 0xFF) != 0) return false;
  digit |= (any >> unicode::kPlainDigitShift & 1) != 0;
  const size_t size = static_cast<size_t>(to - folded);
  sink->Add(begin, begin + static_cast<uint32_t>(length),
            size <= kShortToken ? HashShort(folded, size) : HashToken(folded, size),
            static_cast<uint8_t>(TokenTraits::kWord | digit * TokenTraits::kDigit));
  return true;
}

// Kana and Han begin with these, and punctuation that is common among them.
HWY_INLINE bool BeginsSingle(uint8_t byte) { return byte - 0xE3u <= 0xE9 - 0xE3u; }

// Kana and Han from byte `begin` on, and separators between them, as far as all is plain. Returns where
// something else begins, or `end`. Separators make no branch: each is written down as if it were a token, and
// the next token written over it.
HWY_INLINE size_t AddPlainSingles(std::string_view text, size_t begin, size_t end, const PlainSingles& plain,
                                  Sink* sink) {
  sink->Reserve((end - begin) / 3 + 1);
  const auto* const HWY_RESTRICT bytes = reinterpret_cast<const uint8_t*>(text.data());
  uint64_t* const HWY_RESTRICT hashes = sink->hashes;
  uint32_t* const HWY_RESTRICT begins = sink->begins;
  uint32_t* const HWY_RESTRICT ends = sink->ends;
  uint8_t* const HWY_RESTRICT traits = sink->traits;
  size_t count = sink->count;
  size_t at = begin;
  for (; at < end && at + 4 <= text.size(); at += 3) {
    const uint32_t raw = Load32(bytes + at) & 0xFFFFFF;
    const uint32_t block = ((raw & 0x0F) << 6 | (raw >> 8 & 0x3F)) - PlainSingles::kFirstBlock;
    if ((raw & 0xC0C0F0) != 0x8080E0 || block >= PlainSingles::kBlocks) break;
    const uint32_t index = raw >> 16 & 0x3F;
    const uint64_t single = plain.blocks[block].singles >> index & 1;
    if ((single | (plain.blocks[block].separators >> index & 1)) == 0) break;
    hashes[count] = HashWords(raw, 0, 3);
    begins[count] = static_cast<uint32_t>(at);
    ends[count] = static_cast<uint32_t>(at + 3);
    traits[count] = TokenTraits::kHalf;
    count += single;
  }
  sink->count = count;
  return at;
}

HWY_INLINE bool IsAsciiWord(uint8_t byte) { return byte < 0x80 && unicode::kPlainLetters[byte] != 0; }

// The same, with words and numbers in ASCII among them.
HWY_INLINE size_t AddSingles(std::string_view text, size_t begin, size_t end, const PlainSingles& plain,
                             Sink* sink) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (size_t at = begin;;) {
    at = AddPlainSingles(text, at, end, plain, sink);
    if (at == end || !IsAsciiWord(bytes[at])) return at;
    size_t word_end = at + 1;
    while (word_end < end && IsAsciiWord(bytes[word_end])) ++word_end;
    // Behind the word may only stand what is certainly no part of it.
    if (word_end < end && bytes[word_end] >= 0x80 && !plain.Has(text, word_end)) return at;
    AddAnyStretch(text, at, word_end, sink);
    at = word_end;
  }
}

// The first stretch begins with kana or Han, or with ASCII and then those. Adds its tokens and those of
// stretches behind it, as long as only separators that are not ASCII lie between. Returns how many stretches
// were added.
HWY_NOINLINE size_t AddSingleStretches(std::string_view text, const uint32_t* HWY_RESTRICT edges,
                                       size_t pairs, Sink* sink) {
  const PlainSingles& plain = PlainSingles::Get();
  size_t together = 1;
  while (together < pairs && (text[edges[2 * together - 1]] & 0x80) != 0) ++together;
  const size_t before = sink->count;
  size_t at = AddSingles(text, edges[0], edges[2 * together - 1], plain, sink);
  size_t done = 0;
  while (done < together && edges[2 * done + 1] <= at) ++done;
  // Stopped in front of a stretch: that one begins with something else.
  if (done == together || (done > 0 && at <= edges[2 * done])) return done;
  // Or inside: what stands there may be a mark, which joins the last single.
  if (sink->count > before && sink->ends[sink->count - 1] == at) at = sink->begins[--sink->count];
  TokenizeRun(text, at, edges[2 * done + 1], sink);
  return done + 1;
}

// Adds the tokens of the first stretch, whatever it holds, and perhaps of some behind it. Returns of how
// many.
HWY_NOINLINE size_t AddWideStretch(std::string_view text, const uint32_t* HWY_RESTRICT edges, size_t pairs,
                                   Sink* sink) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  const uint32_t begin = edges[0], end = edges[1];
  if (!BeginsSingle(bytes[begin])) {
    sink->Reserve(1);
    const size_t length = end - begin;
    if (length <= kWide && size_t{end} + kWide <= text.size() && AddLetters(bytes, begin, length, sink))
      return 1;
    size_t ascii_end = begin;
    while (ascii_end < end && bytes[ascii_end] < 0x80) ++ascii_end;
    if (ascii_end == end || !BeginsSingle(bytes[ascii_end])) {
      AddAnyStretch(text, begin, end, sink);
      return 1;
    }
  }
  return AddSingleStretches(text, edges, pairs, sink);
}

// Adds the tokens of the stretches whose begins and ends alternate in `edges`.
HWY_INLINE void AddStretches(std::string_view text, const uint32_t* HWY_RESTRICT edges, size_t pairs,
                             Sink* sink) {
  // Behind this byte 16 cannot be loaded. Only the last stretches of a text begin there.
  size_t safe = pairs;
  while (safe != 0 && size_t{edges[2 * safe - 2]} + kShortToken > text.size()) --safe;
  for (size_t i = 0; i < pairs;) {
    sink->Reserve(pairs - i);
    const uint32_t* const rest = edges + 2 * i;
    if (i < safe) {
      uint64_t* const hashes = sink->hashes + sink->count;
      uint8_t* const traits = sink->traits + sink->count;
      const auto first = static_cast<uint8_t>(text[rest[0]]);
      const size_t added = first < 0x80   ? HashStretches(text.data(), rest, safe - i, hashes, traits)
                           : first < 0xE0 ? HashLetterPairs(text.data(), rest, safe - i, hashes, traits)
                                          : HashSyllables(text.data(), rest, safe - i, hashes, traits);
      SplitEdges(rest, added, sink->begins + sink->count, sink->ends + sink->count);
      sink->count += added;
      i += added;
      if (added != 0) continue;
    }
    i += AddWideStretch(text, rest, pairs - i, sink);
  }
}

void TokenizeVectorImpl(std::string_view text, Sink* sink) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  // One more for the begin of a stretch that the piece before left open, and a block more that WriteEdges may
  // touch.
  alignas(64) uint32_t edges[1 + kPiece + kBlock];
  size_t count = 0;       // of edges
  uint64_t inside = 0;    // 1 if the last byte was in a stretch
  uint64_t separate = 0;  // of the next block: bytes of punctuation that began in the one before
  const auto add_block = [&](const uint8_t* block, size_t at) HWY_ATTR {
    uint64_t wide;
    uint64_t mask = WordMask(block, &wide);
    if (wide != 0) {
      mask &= ~separate;
      separate = 0;
      for (uint64_t left = PunctuationMask(block); left != 0; left &= left - 1) {
        const size_t place = hwy::Num0BitsBelowLS1Bit_Nonzero64(left);
        const uint64_t length = SeparatorLength(text, at + place);
        const uint64_t those = (uint64_t{1} << length) - 1;
        mask &= ~(those << place);
        if (place + length > kBlock) separate = those >> (kBlock - place);
      }
    }
    count += WriteEdges(mask ^ (mask << 1 | inside), static_cast<uint32_t>(at), edges + count);
    inside = mask >> 63;
  };
  for (size_t piece = 0; piece < text.size(); piece += kPiece) {
    const size_t piece_end = HWY_MIN(piece + kPiece, text.size());
    size_t at = piece;
    // A byte more than a block is read.
    for (; at + kBlock <= piece_end && at + kBlock < text.size(); at += kBlock) add_block(bytes + at, at);
    if (at < piece_end) {
      uint8_t last[kBlock + 1] = {};
      std::memcpy(last, bytes + at, piece_end - at);
      add_block(last, at);
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
