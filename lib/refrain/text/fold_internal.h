#pragma once
// Folding of one token: its code points in, the hash of its canonical folded form out.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "refrain/text/token_hash_internal.h"
#include "refrain/text/unicode_internal.h"

namespace refrain::text_internal {

// Folded bytes on their way into the hash. Holds what nearly every token needs; a longer one is hashed as it
// goes, so that a text of one endless word takes no memory.
class FoldedBytes {
 public:
  FoldedBytes();
  ~FoldedBytes();

  void Clear() {
    size_ = 0;
    spilled_ = false;
  }
  void Append(char32_t c);

  uint64_t Hash() { return size_ <= kShortToken && !spilled_ ? HashShort(bytes_, size_) : LongHash(); }

 private:
  static constexpr size_t kCapacity = 512;
  struct Stream;

  void Spill();
  uint64_t LongHash();

  char bytes_[kCapacity];
  size_t size_ = 0;
  bool spilled_ = false;
  std::unique_ptr<Stream> stream_;
};

// Does it the long way: decomposes, sorts marks, joins jamo and voiced kana. For tokens whose folded form is
// not just the folded forms of their code points in a row.
class Canonicalizer {
 public:
  // The hash of the token that is all of `token`, valid UTF-8.
  uint64_t Hash(std::string_view token);

 private:
  struct Item {
    char32_t code_point;
    uint8_t combining_class;
  };

  void Add(char32_t c, uint8_t combining_class);
  void Flush();
  void ComposeKana();
  void DropDots();

  std::vector<Item> pending_;  // since the last starter
  FoldedBytes folded_;
};

}  // namespace refrain::text_internal
