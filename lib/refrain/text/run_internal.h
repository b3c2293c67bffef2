#pragma once
// Where tokens go while a text is read, and the tokeniser in plain C++.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "refrain/text/fold_internal.h"
#include "refrain/text/tokens.h"

namespace refrain::text_internal {

// The arrays of a Tokens as pointers, so that the loops see neither vectors nor their growth. Begins with
// whatever the vectors still hold from the text before, which saves clearing them again.
struct Sink {
  explicit Sink(Tokens* tokens);

  // Makes room for `more` tokens behind `count`. The pointers may change.
  void Reserve(size_t more) {
    if (capacity - count < more) Grow(more);
  }
  void Add(uint32_t begin, uint32_t end, uint64_t hash, uint8_t token_traits) {
    hashes[count] = hash;
    begins[count] = begin;
    ends[count] = end;
    traits[count] = token_traits;
    ++count;
  }
  void Finish();

  uint64_t* hashes;
  uint32_t* begins;
  uint32_t* ends;
  uint8_t* traits;
  size_t count = 0;
  size_t capacity;
  uint64_t invalid_bytes = 0;
  Canonicalizer canonicalizer;

 private:
  void Grow(size_t more);
  void SetPointers();

  Tokens* tokens_;
};

// Adds the tokens of text[begin, end), code point by code point. This is the specification; kernels hand it
// every stretch that is not all ASCII. REQUIRES: neither edge is inside a token (the bytes on both sides are
// separators, or the text ends; a separator that is not ASCII takes no marks).
void TokenizeRun(std::string_view text, size_t begin, size_t end, Sink* sink);

// The length of the code point at byte `at` if it is a separator that keeps no mark behind it from its word,
// else 0.
size_t SeparatorLength(std::string_view text, size_t at);

// From U+2000 to U+FFFF, one bit a code point: what is a token of half a word and folds to itself, and what
// is a separator with a SeparatorLength.
struct PlainSingles {
  static constexpr uint32_t kFirstBlock = 0x2000 >> 6;
  static constexpr uint32_t kBlocks = (0x10000 >> 6) - kFirstBlock;
  struct Block {
    uint64_t singles;
    uint64_t separators;
  };
  Block blocks[kBlocks];

  static const PlainSingles& Get();
  // Whether one of either kind begins at byte `at`.
  bool Has(std::string_view text, size_t at) const;
};

}  // namespace refrain::text_internal
