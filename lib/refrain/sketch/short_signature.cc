#include "refrain/sketch/short_signature.h"

#include <algorithm>
#include <bit>

namespace refrain {

ShortSignature Shorten(std::span<const uint32_t, PageSigner::kComponents> signature) {
  ShortSignature result;
  for (size_t i = 0; i < signature.size(); ++i) {
    result.words[i / 16] |= uint64_t{signature[i] & 15} << (4 * (i % 16));
  }
  return result;
}

int AgreeingComponents(const ShortSignature& a, const ShortSignature& b) {
  constexpr uint64_t kLowest = 0x1111111111111111;
  int differing = 0;
  for (size_t i = 0; i < a.words.size(); ++i) {
    uint64_t bits = a.words[i] ^ b.words[i];
    bits |= bits >> 2;
    bits |= bits >> 1;
    differing += std::popcount(bits & kLowest);
  }
  return PageSigner::kComponents - differing;
}

CoarseSignature Coarsen(const ShortSignature& signature) {
  CoarseSignature result;
  for (size_t i = 0; i < signature.words.size(); ++i) {
    uint64_t bits = signature.words[i] & 0x3333333333333333;
    bits = (bits | bits >> 2) & 0x0f0f0f0f0f0f0f0f;
    bits = (bits | bits >> 4) & 0x00ff00ff00ff00ff;
    bits = (bits | bits >> 8) & 0x0000ffff0000ffff;
    bits = (bits | bits >> 16) & 0x00000000ffffffff;
    result.words[i / 2] |= bits << (32 * (i % 2));
  }
  return result;
}

int MostAgreeingComponents(const CoarseSignature& a, const CoarseSignature& b) {
  constexpr uint64_t kLowest = 0x5555555555555555;
  int differing = 0;
  for (size_t i = 0; i < a.words.size(); ++i) {
    const uint64_t bits = a.words[i] ^ b.words[i];
    differing += std::popcount((bits | bits >> 1) & kLowest);
  }
  return PageSigner::kComponents - differing;
}

int LeastAgreement(double resemblance) {
  return std::max(0, static_cast<int>(PageSigner::kComponents * (resemblance - 0.2)));
}

}  // namespace refrain
