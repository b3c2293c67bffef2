#include "refrain/sketch/fingerprint.h"

#include <bit>
#include <string_view>

namespace refrain {
namespace {

void DescribeSets(std::span<const uint64_t> token_hashes, std::span<const uint64_t> shingle_set,
                  size_t components, Fingerprint* fingerprint) {
  fingerprint->exact = ExactKey(token_hashes);
  fingerprint->tokens = static_cast<uint32_t>(token_hashes.size());
  fingerprint->shingles = static_cast<uint32_t>(shingle_set.size());
  fingerprint->signature.resize(shingle_set.empty() ? 0 : components);
}

}  // namespace

Key128 ExactKey(std::span<const uint64_t> token_hashes) {
  const auto hash = [](std::span<const uint64_t> words) {
    return HashBytes128(std::string_view(reinterpret_cast<const char*>(words.data()), words.size_bytes()));
  };
  if constexpr (std::endian::native == std::endian::little) return hash(token_hashes);
  std::vector<uint64_t> swapped(token_hashes.begin(), token_hashes.end());
  for (uint64_t& word : swapped) {
    uint64_t reversed = 0;
    for (int byte = 0; byte < 8; ++byte) reversed |= ((word >> (8 * byte)) & 0xff) << (56 - 8 * byte);
    word = reversed;
  }
  return hash(swapped);
}

void MakeFingerprint(std::span<const uint64_t> token_hashes, std::span<const uint64_t> shingle_set,
                     const MinHasher& hasher, Fingerprint* fingerprint) {
  DescribeSets(token_hashes, shingle_set, hasher.components(), fingerprint);
  if (!shingle_set.empty()) hasher.Sign(shingle_set, fingerprint->signature);
}

void MakeFingerprint(std::span<const uint64_t> token_hashes, std::span<const uint64_t> shingle_set,
                     const PageSigner& signer, Fingerprint* fingerprint) {
  constexpr size_t kComponents = PageSigner::kComponents;
  DescribeSets(token_hashes, shingle_set, kComponents, fingerprint);
  if (!shingle_set.empty()) signer.Sign(shingle_set, std::span(fingerprint->signature).first<kComponents>());
}

}  // namespace refrain
