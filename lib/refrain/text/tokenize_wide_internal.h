// Words of letters of one and two bytes mixed, and scripts without spaces.
//
// Read anew for each vector unit by tokenize_vector.cc.

#if defined(REFRAIN_TEXT_TOKENIZE_WIDE_INTERNAL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_TEXT_TOKENIZE_WIDE_INTERNAL_H_
#undef REFRAIN_TEXT_TOKENIZE_WIDE_INTERNAL_H_
#else
#define REFRAIN_TEXT_TOKENIZE_WIDE_INTERNAL_H_
#endif

#include <hwy/highway.h>

#include "refrain/text/run_internal.h"
#include "refrain/text/token_hash_internal.h"
#include "refrain/text/tokenize_vector_internal.h"
#include "refrain/text/unicode_internal.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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

}  // namespace HWY_NAMESPACE
}  // namespace refrain::text_internal
HWY_AFTER_NAMESPACE();

#endif  // REFRAIN_TEXT_TOKENIZE_WIDE_INTERNAL_H_
