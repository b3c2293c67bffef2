#pragma once
/// Fingerprints: what stands for a text when pages or blocks are brought together. They depend on the text
/// and the options only.

#include <cstdint>
#include <span>
#include <vector>

#include "refrain/base/hash.h"
#include "refrain/sketch/signature.h"

namespace refrain {

/// Key of a sequence of tokens: XXH3-128 over their hashes as little-endian bytes. Texts with equal tokens
/// have equal keys, however they are spaced or broken into lines; different ones meet with probability 2^-128
/// a pair, or where two token hashes of 64 bits do. About 0.3 ns a token.
Key128 ExactKey(std::span<const uint64_t> token_hashes);

/// Of one block or page.
struct Fingerprint {
  Key128 exact;           ///< of all its tokens
  uint32_t tokens = 0;    ///< how many it has
  uint32_t shingles = 0;  ///< how many different ones it has: the size of its set
  std::vector<uint32_t>
      signature;  ///< of the set; empty if the set is, so that empty texts make no band keys

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// Replaces `fingerprint`, whose memory is reused. `shingle_set` is that of MakeSet.
void MakeFingerprint(std::span<const uint64_t> token_hashes, std::span<const uint64_t> shingle_set,
                     const MinHasher& hasher, Fingerprint* fingerprint);
void MakeFingerprint(std::span<const uint64_t> token_hashes, std::span<const uint64_t> shingle_set,
                     const PageSigner& signer, Fingerprint* fingerprint);

}  // namespace refrain
