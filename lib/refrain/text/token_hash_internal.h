#pragma once
// The hash of a token's folded bytes. Its values are part of every format that holds something derived from
// tokens; golden vectors are in tests/text/token_hash_test.cc.
//
// Up to 16 bytes (99 of 100 English words): the bytes are two little-endian words, padded with zeros, and
//
//   a, b = low and high half of (word0 ^ kWord0) * (word1 ^ kWord1)       64 x 64 -> 128 bits
//   hash = low ^ high half of   (a ^ kLength ^ length) * (b ^ kFinal)
//
// One straight line for all lengths: with words of five letters on average, the branches on length of a
// general hash cost more than its arithmetic. The idea of multiplying and folding is that of wyhash (Wang
// Yi). Beyond 16 bytes: XXH3_64bits.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace refrain::text_internal {

// The first 64-bit words of the fraction of pi that hold a byte which no UTF-8 has (here FA, C0, FB, FD). So
// neither factor of the first product can be zero, which would make the other word disappear.
inline constexpr uint64_t kWord0 = 0x082EFA98EC4E6C89;
inline constexpr uint64_t kWord1 = 0xC0AC29B7C97C50DD;
inline constexpr uint64_t kLength = 0x9216D5D98979FB1B;
inline constexpr uint64_t kFinal = 0x2FFD72DBD01ADFB7;

inline constexpr size_t kShortToken = 16;

// Four and eight bytes as a little-endian word, whatever the order of the machine.
inline uint64_t Load64(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

inline uint32_t Load32(const unsigned char* bytes) {
  uint32_t word;
  std::memcpy(&word, bytes, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  return word;
}

inline void Store64(char* bytes, uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  std::memcpy(bytes, &word, 8);
}

// Puts the low and the high half of a * b in their place.
inline void MultiplyFull(uint64_t* a, uint64_t* b) {
#if defined(__x86_64__) && defined(__GNUC__)
  // What the portable lines mean. g++ 12 sends the halves of its 128-bit numbers through the stack, which
  // made every fifth instruction of the tokeniser.
  asm("mulq %1" : "+a"(*a), "+d"(*b) : : "cc");
#else
  const unsigned __int128 product = static_cast<unsigned __int128>(*a) * *b;
  *a = static_cast<uint64_t>(product);
  *b = static_cast<uint64_t>(product >> 64);
#endif
}

// The same, begun: from word0 ^ kWord0, word1 ^ kWord1 and kLength ^ length.
inline uint64_t HashStarted(uint64_t a, uint64_t b, uint64_t length) {
  MultiplyFull(&a, &b);
  a ^= length;
  b ^= kFinal;
  MultiplyFull(&a, &b);
  return a ^ b;
}

inline uint64_t HashWords(uint64_t word0, uint64_t word1, uint64_t length) {
  return HashStarted(word0 ^ kWord0, word1 ^ kWord1, kLength ^ length);
}

// 16 bytes FF, then 16 bytes 00: read from 16 - n on, they keep the first n bytes of what is read.
alignas(32) inline constexpr unsigned char kKeep[32] = {255, 255, 255, 255, 255, 255, 255, 255,
                                                        255, 255, 255, 255, 255, 255, 255, 255};

// The masks for the two words of a token of `length` <= 16 bytes.
inline uint64_t KeepWord0(size_t length) {
  return Load64(reinterpret_cast<const char*>(kKeep) + 16 - length);
}
inline uint64_t KeepWord1(size_t length) {
  return Load64(reinterpret_cast<const char*>(kKeep) + 24 - length);
}

// REQUIRES: length <= 16, and 16 bytes may be read from `bytes`; those behind the token do not matter.
inline uint64_t HashShort(const char* bytes, size_t length) {
  return HashWords(Load64(bytes) & KeepWord0(length), Load64(bytes + 8) & KeepWord1(length), length);
}

// Any length; reads exactly `length` bytes.
uint64_t HashToken(const char* bytes, size_t length);

// The hash of a word of ASCII letters and digits, lower-cased on the way. Reads exactly `length` bytes.
uint64_t HashAscii(const char* bytes, size_t length);

}  // namespace refrain::text_internal
