#include "refrain/sketch/signature.h"

#include <algorithm>

#include <fmt/format.h>

#include "refrain/sketch/minhash_internal.h"
#include "refrain/sketch/mix.h"

namespace refrain {

absl::Status MinHashOptions::Validate() const {
  constexpr int kMaxComponents = 4096;
  if (components >= 1 && components <= kMaxComponents) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("signature components = {}: must be from 1 to {}", components, kMaxComponents));
}

std::string MinHashOptions::Id() const { return fmt::format("minhash:{},seed:{}", components, seed); }

MinHasher::MinHasher(const MinHashOptions& options) : components_(options.components) {
  static_assert(sketch_internal::kMinHashLanes == std::tuple_size_v<decltype(multipliers_)>);
  uint64_t state = options.seed;
  for (uint32_t& multiplier : multipliers_) {
    multiplier = static_cast<uint32_t>(sketch_internal::SplitMix64(&state) >> 32);
  }
  stride_ = static_cast<uint32_t>(sketch_internal::SplitMix64(&state) >> 32) | 1;
}

void MinHasher::Sign(std::span<const uint64_t> shingles, std::span<uint32_t> signature) const {
  sketch_internal::MinHash({multipliers_.data(), stride_}, shingles, signature);
}

double EstimateResemblance(std::span<const uint32_t> a, std::span<const uint32_t> b) {
  size_t equal = 0;
  for (size_t i = 0; i < a.size(); ++i) equal += (a[i] == b[i]) & (a[i] != kEmptyComponent);
  return static_cast<double>(equal) / static_cast<double>(a.size());
}

}  // namespace refrain
