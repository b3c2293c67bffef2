#pragma once
// What the tokeniser knows of each code point: kind, digit, folded form. The tables are generated for one
// version of Unicode by generate_tables.cc and kept in the tree (unicode_tables.cc), so that token hashes
// never depend on a library that happens to be installed.
//
// Three stages: kBlocks maps c >> 6 to a block of 64, kEntryIds maps a code point of that block to an entry;
// the code points that fold to themselves share a few dozen entries, each other one has its own. 64 is what
// one continuation byte of UTF-8 holds, so that the lookup needs no shuffling of bits.

#include <cstddef>
#include <cstdint>

namespace refrain::unicode {

inline constexpr char kVersion[] = "15.0";

enum Kind : uint8_t {
  kSeparator = 0,  // not a letter, mark or number: between tokens
  kIgnorable =
      1,  // default ignorable (soft hyphen, joiners, variation selectors, direction marks): as if not there
  kWord = 2,     // part of a word
  kMark = 3,     // combining: part of the token before it, whatever that is; alone it begins a word
  kHalf = 4,     // Han, kana: a token of its own, half a word
  kQuarter = 5,  // Thai, Lao, Khmer, Myanmar: a token of its own, a quarter of a word
};

struct CodePoint {
  static constexpr uint8_t kKindMask = 0x07;
  static constexpr uint8_t kDigit = 0x08;  // general category N*; the same bit as TokenTraits::kDigit
  static constexpr uint8_t kSlow =
      0x10;  // what it folds to depends on its neighbours (jamo, iota subscript...)
  static constexpr uint8_t kTakesMarks =
      0x20;  // a separator that a mark turns into another one, as in U+2260, or is one

  uint8_t kind_and_flags;
  uint8_t length;       // of the folded form in bytes; 0: it folds to itself
  uint8_t lead_class;   // canonical combining class of the folded form's first...
  uint8_t trail_class;  // ... and last code point
  uint32_t high;        // bytes 8 to 11 of the folded form, the first of them lowest
  uint64_t low;         // bytes 0 to 7

  Kind kind() const { return static_cast<Kind>(kind_and_flags & kKindMask); }
};

// U+0345 becomes a letter when case folded (iota), but has to be sorted among the marks first. Folded forms
// in the table keep it, and all of them are kSlow.
inline constexpr char32_t kIotaSubscript = 0x345;
inline constexpr char32_t kIota = 0x3B9;

// No dot that is written over an i counts: U+0130 is I with this one, and folds to i.
inline constexpr char32_t kDotAbove = 0x307;

// Kana and the voiced mark that makes another kana of them; sorted by base, then mark.
struct VoicedKana {
  uint16_t base;
  uint16_t mark;
  uint16_t composed;
};

extern const uint16_t kBlocks[0x110000 >> 6];
extern const uint16_t kEntryIds[][64];
extern const CodePoint kEntries[];
extern const VoicedKana kVoicedKana[];
extern const uint64_t kPlainLetters[0x800];
extern const size_t kVoicedKanaCount;

// The same once more in one word for what most words are made of: letters, digits and marks below U+0800 that
// fold to at most five bytes whatever stands beside them, but for marks that have no class (those of Thaana):
// so a mark is known by its class. 0: something else. Bits 0 to 39: folded form, its
// first byte lowest; 40 to 42: its length; 43: digit; 48 to 55 and 56 to 63: lead_class and trail_class.
inline constexpr int kPlainLengthShift = 40, kPlainDigitShift = 43, kPlainLeadShift = 48,
                     kPlainTrailShift = 56;

// REQUIRES: block < 0x110000 >> 6, index < 64.
inline const CodePoint& Find(uint32_t block, uint32_t index) {
  return kEntries[kEntryIds[kBlocks[block]][index]];
}
// REQUIRES: c <= U+10FFFF.
inline const CodePoint& Find(char32_t c) { return Find(c >> 6, c & 0x3F); }

}  // namespace refrain::unicode
