// The tokeniser on vector units. What it adds to TokenizeRun is one idea: find the edges of words for 64
// bytes at a time, and hash those that are all ASCII in one straight line.
//
// First (tokenize_edges_internal.h), 64 bytes become a bit mask of "letter, digit, or not ASCII"; of what is
// not ASCII, the punctuation that is common beside words (dashes, quotes, full width, that of Arabic) is
// looked up and taken out. Where neighbouring bits differ is an edge, and the positions of the edges are
// written down. Edges alternate: begin, end, begin... So each pair is a stretch that holds whole tokens. On
// the way the block is copied with small letters, words with digits are written down by number, and blocks
// where a stretch holds more than ASCII.
//
// Second, stretches of other blocks are words of ASCII: hashes from the copy (tokenize_ascii_internal.h),
// without a branch but for long ones. Those that may hold anything are taken by the loop that fits the first
// byte of each (tokenize_words_internal.h), and what that leaves by another or by TokenizeRun
// (tokenize_wide_internal.h). These loops call nothing, so that all their constants stay in registers: with a
// call in the loop they took half as long again.
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

// Highway's own scalar targets lack operations, and are never chosen.
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#include "refrain/text/tokenize_ascii_internal.h"
#include "refrain/text/tokenize_edges_internal.h"
#include "refrain/text/tokenize_wide_internal.h"
#include "refrain/text/tokenize_words_internal.h"
#endif

HWY_BEFORE_NAMESPACE();
namespace refrain::text_internal {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

// Never chosen (UseScalarKernel() is asked first), but Highway wants one for its table.
void TokenizeVectorImpl(std::string_view text, Sink* sink) { TokenizeRun(text, 0, text.size(), sink); }

#else

// What is known of a piece of the text before its words are hashed.
struct Piece {
  static constexpr size_t kBlocks = 32;
  static constexpr size_t kBytes = kBlocks * kBlock;
  // So many bytes in front of the piece are kept for the word that may be open there, if it is short.
  static constexpr size_t kBefore = 2 * kShortToken;

  // Stretches [begin, end) of which some may hold what is not ASCII.
  struct Wide {
    uint32_t begin;
    uint32_t end;
  };

  // Goes on with the next piece, a whole piece further on, and the stretch that may be open.
  void Continue() {
    std::memcpy(folded, folded + kBytes, kBefore);
    begin += kBytes;
    const size_t open = edges_count / 2;
    edges_count %= 2;
    if (edges_count != 0) edges[0] = edges[2 * open];
    wide_count = edges_count != 0 && wide_count != 0 && wide[wide_count - 1].end > open;
    digits_count = edges_count != 0 && digits_count != 0 && with_digit[digits_count - 1] == open;
    wide[0] = {0, 1};
    with_digit[0] = 0;
  }

  size_t begin = 0;   // of the piece in the text
  uint64_t more = 0;  // blocks with digits or with what is not ASCII
  size_t edges_count = 0;
  size_t wide_count = 0;
  size_t digits_count = 0;
  uint64_t masks[kBlocks];    // of what is inside stretches, then of their edges
  uint64_t wides[kBlocks];    // of bytes inside that are not ASCII; only of blocks with more
  uint64_t digits[kBlocks];   // of bytes that are ASCII digits; only of blocks with more
  uint32_t befores[kBlocks];  // edges in front of a block
  // One more for the begin of a stretch that the piece before left open, and what loops may touch.
  uint32_t edges[1 + kBytes + kBlock];
  uint32_t lengths[kBytes / 2 + kBlock];     // see SplitShort
  Wide wide[kBlocks + 1];                    // ascending and disjoint
  uint16_t with_digit[kBytes / 2 + kBlock];  // which stretches, ascending, perhaps more than once
  alignas(64) uint8_t folded[kBefore + kBytes + kBlock];
};

// Adds what is not ASCII to the masks of a block: letters, and what else is not certainly a separator.
// `*separate`: bytes of punctuation that began in the block before; becomes those of the next.
HWY_INLINE void AddWide(std::string_view text, size_t at, const uint8_t* block, size_t which,
                        uint64_t* separate, Piece* piece) {
  uint64_t wide;
  WideAndDigits(block, &wide, &piece->digits[which]);
  piece->wides[which] = wide;
  if (wide == 0) return;
  wide &= ~*separate;
  *separate = 0;
  for (uint64_t left = PunctuationMask(block); left != 0; left &= left - 1) {
    const size_t place = hwy::Num0BitsBelowLS1Bit_Nonzero64(left);
    const uint64_t length = SeparatorLength(text, at + place);
    const uint64_t those = (uint64_t{1} << length) - 1;
    wide &= ~(those << place);
    if (place + length > kBlock) *separate = those >> (kBlock - place);
  }
  piece->wides[which] = wide;
  piece->masks[which] |= wide;
}

// Writes down which stretches of a block hold a digit or may hold what is not ASCII.
HWY_INLINE void NoteStretches(size_t block, Piece* piece) {
  const uint64_t edges = piece->masks[block], digits = piece->digits[block];
  const size_t before = piece->befores[block];
  for (uint64_t left = digits & ~(digits << 1); left != 0; left &= left - 1) {
    const uint64_t up_to = left ^ (left - 1);
    piece->with_digit[piece->digits_count++] =
        static_cast<uint16_t>((before + hwy::PopCount(edges & up_to) - 1) / 2);
  }
  if (piece->wides[block] != 0) {
    const auto begin = static_cast<uint32_t>(before / 2);
    const auto end = static_cast<uint32_t>((before + hwy::PopCount(edges) + 1) / 2);
    if (piece->wide_count != 0 && piece->wide[piece->wide_count - 1].end >= begin) {
      piece->wide[piece->wide_count - 1].end = end;
    } else {
      piece->wide[piece->wide_count++] = {begin, end};
    }
  }
}

// Adds stretches [first, last) of the piece, all ASCII.
HWY_INLINE void AddAscii(std::string_view text, Piece* piece, size_t first, size_t last, Sink* sink) {
  sink->Reserve(last - first + hn::Lanes(hn::ScalableTag<uint32_t>()));
  const uint16_t* digit = piece->with_digit;
  const uint16_t* const digits_end = digit + piece->digits_count;
  digit = std::lower_bound(digit, digits_end, first);
  for (size_t i = first; i < last;) {
    const size_t count = SplitShort(piece->edges + 2 * i, last - i, sink->begins + sink->count,
                                    sink->ends + sink->count, piece->lengths);
    HashShortWords(piece->folded + Piece::kBefore, piece->begin, sink->begins + sink->count, piece->lengths,
                   count, sink->hashes + sink->count);
    uint8_t* const traits = sink->traits + sink->count;
    std::memset(traits, TokenTraits::kWord, count);
    for (; digit != digits_end && *digit < i + count; ++digit) {
      if (*digit >= i) traits[*digit - i] = TokenTraits::kWord | TokenTraits::kDigit;
    }
    sink->count += count;
    i += count;
    if (i == last) break;
    AddAnyStretch(text, piece->edges[2 * i], piece->edges[2 * i + 1], sink);
    ++i;
  }
}

// Adds stretches whose begins and ends alternate in `edges`, the first `pairs` of `all`, whatever they hold,
// and perhaps some of those behind them. Returns how many. `safe`: from the begins of so many 16 bytes can be
// read.
HWY_INLINE size_t AddWords(std::string_view text, const uint32_t* HWY_RESTRICT edges, size_t pairs,
                           size_t safe, size_t all, Sink* sink) {
  size_t i = 0;
  while (i < pairs) {
    sink->Reserve(pairs - i);
    const uint32_t* const rest = edges + 2 * i;
    if (i < safe) {
      const size_t those = HWY_MIN(safe, pairs) - i;
      uint64_t* const hashes = sink->hashes + sink->count;
      uint8_t* const traits = sink->traits + sink->count;
      const auto first = static_cast<uint8_t>(text[rest[0]]);
      const size_t added = first < 0x80   ? HashStretches(text.data(), rest, those, hashes, traits)
                           : first < 0xE0 ? HashLetterPairs(text.data(), rest, those, hashes, traits)
                                          : HashSyllables(text.data(), rest, those, hashes, traits);
      SplitEdges(rest, added, sink->begins + sink->count, sink->ends + sink->count);
      sink->count += added;
      i += added;
      if (added != 0) continue;
    }
    i += AddWideStretch(text, rest, all - i, sink);
  }
  return i;
}

// Adds the tokens of all stretches of the piece that have an end.
HWY_INLINE void AddStretches(std::string_view text, Piece* piece, Sink* sink) {
  const size_t pairs = piece->edges_count / 2;
  // Behind this byte 16 cannot be loaded. Only the last stretches of a text begin there.
  size_t safe = pairs;
  while (safe != 0 && size_t{piece->edges[2 * safe - 2]} + kShortToken > text.size()) --safe;
  size_t i = 0;
  for (size_t which = 0; which < piece->wide_count && i < pairs; ++which) {
    const Piece::Wide& wide = piece->wide[which];
    if (wide.begin > i) {
      AddAscii(text, piece, i, wide.begin, sink);
      i = wide.begin;
    }
    const size_t end = HWY_MIN(size_t{wide.end}, pairs);
    if (end > i) i += AddWords(text, piece->edges + 2 * i, end - i, safe - HWY_MIN(i, safe), pairs - i, sink);
  }
  if (i < pairs) AddAscii(text, piece, i, pairs, sink);
}

// Reads the blocks of a piece that begins at byte `piece->begin` and ends at byte `end`. `*inside` is 1 if
// the last byte in front of it was in a stretch, and `*separate` the first bytes of it that are punctuation
// from there; both become those of the next.
HWY_INLINE void ReadPiece(std::string_view text, size_t end, uint64_t* inside, uint64_t* separate,
                          Piece* piece) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  // What is said about a block reads a byte more.
  const size_t readable = HWY_MIN(end, text.size() - 1);
  size_t blocks = (readable - piece->begin) / kBlock;
  uint8_t* const folded = piece->folded + Piece::kBefore;
  piece->more = LetterMasks(bytes + piece->begin, blocks, folded, piece->masks);
  uint8_t last[kBlock + 1] = {};
  const size_t whole = blocks;
  if (const size_t rest = piece->begin + blocks * kBlock; rest < end) {
    std::memcpy(last, bytes + rest, end - rest);
    piece->more |= LetterMasks(last, 1, folded + blocks * kBlock, piece->masks + blocks) << blocks;
    ++blocks;
  }
  for (uint64_t left = piece->more; left != 0; left &= left - 1) {
    const size_t block = hwy::Num0BitsBelowLS1Bit_Nonzero64(left);
    const size_t at = piece->begin + block * kBlock;
    AddWide(text, at, block < whole ? bytes + at : last, block, separate, piece);
  }
  *inside = EdgeMasks(*inside, blocks, piece->masks);
  piece->edges_count = WriteEdges(piece->masks, blocks, static_cast<uint32_t>(piece->begin),
                                  piece->edges_count, piece->edges, piece->befores);
  for (uint64_t left = piece->more; left != 0; left &= left - 1)
    NoteStretches(hwy::Num0BitsBelowLS1Bit_Nonzero64(left), piece);
}

void TokenizeVectorImpl(std::string_view text, Sink* sink) {
  Piece piece;
  uint64_t inside = 0, separate = 0;
  while (piece.begin < text.size()) {
    const size_t end = HWY_MIN(piece.begin + Piece::kBytes, text.size());
    ReadPiece(text, end, &inside, &separate, &piece);
    // Only a text whose length is a multiple of 64 still has a stretch open: zeros behind the text close the
    // others.
    if (end == text.size() && inside != 0) piece.edges[piece.edges_count++] = static_cast<uint32_t>(end);
    AddStretches(text, &piece, sink);
    if (end == text.size()) break;
    piece.Continue();
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
