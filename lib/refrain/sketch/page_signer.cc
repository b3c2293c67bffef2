#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "refrain/sketch/mix.h"
#include "refrain/sketch/page_signer_internal.h"
#include "refrain/sketch/signature.h"

namespace refrain {
namespace {

constexpr int kBins = PageSigner::kComponents;
static_assert(kBins == sketch_internal::kPageBins);
using Bins = std::array<uint32_t, kBins>;

// The fixed choices of densification, from splitmix64 by exchanges (Fisher and Yates).
struct Tables {
  std::array<uint8_t, kBins - 1> shifts;  // 1 to 127: how far a filled bin reaches in each round
  std::array<uint8_t, kBins> places;      // in which component a bin ends up
};

constexpr Tables MakeTables(uint64_t seed) {
  Tables tables{};
  const auto shuffle = [&seed](auto& values) {
    for (size_t i = values.size() - 1; i > 0; --i) {
      std::swap(values[i], values[((sketch_internal::SplitMix64(&seed) >> 32) * (i + 1)) >> 32]);
    }
  };
  for (int i = 0; i + 1 < kBins; ++i) tables.shifts[i] = static_cast<uint8_t>(i + 1);
  shuffle(tables.shifts);
  for (int i = 0; i < kBins; ++i) tables.places[i] = static_cast<uint8_t>(i);
  shuffle(tables.places);
  return tables;
}

// Any tables give the right expectation; these keep the chance of meeting closest to the ideal, within one
// point for all six bandings and sixteen kinds of pairs that were tried, best of seeds 1 to 59.
constexpr Tables kTables = MakeTables(25);

// One bit a bin.
struct BinSet {
  std::array<uint64_t, 2> words{};

  bool full() const { return (words[0] & words[1]) == ~uint64_t{0}; }
  bool empty() const { return (words[0] | words[1]) == 0; }
  // Bin i goes to bin (i + shift) mod 128; shift from 1 to 127.
  BinSet Rotated(int shift) const {
    const uint64_t low = shift & 64 ? words[1] : words[0];
    const uint64_t high = shift & 64 ? words[0] : words[1];
    const int bits = shift & 63;
    if (bits == 0) return {{low, high}};
    return {{low << bits | high >> (64 - bits), high << bits | low >> (64 - bits)}};
  }
};

// Eight bins a step, so that not every bin waits for the one before.
BinSet Occupied(const Bins& bins) {
  BinSet occupied;
  for (int i = 0; i < kBins; i += 8) {
    uint64_t eight = 0;
    for (int j = 0; j < 8; ++j) eight |= uint64_t{bins[i + j] != kEmptyComponent} << j;
    occupied.words[i / 64] |= eight << (i % 64);
  }
  return occupied;
}

// Fills every empty bin from a filled one. In each round every bin that was filled by the set itself offers
// its value to the bin one shift further on, which takes it if it is still empty. All shifts differ, so 127
// rounds reach every bin from any one.
//
// Two sets fill a bin from the same source unless only one of them has that source; either way the first
// source that their union has decides, so the bin agrees with probability J, as it has to. One throw a filled
// bin and round keeps the copies of all sources balanced, which is what makes this as good as MinHash down to
// 10 shingles; sources chosen by each empty bin for itself are not balanced
// (error .041 instead of .034 there). With one shift for all bins a round is two rotated words; a random map
// of bins in each round was no more accurate, and it visits every filled bin in every round. The shifts alone
// would copy neighbours to neighbours, so that bands repeat each other: hence the places.
void Densify(const BinSet& occupied, Bins* bins) {
  BinSet filled = occupied;
  for (size_t round = 0; !filled.full(); ++round) {
    const int shift = kTables.shifts[round];
    const BinSet reached = occupied.Rotated(shift);
    for (int half = 0; half < 2; ++half) {
      uint64_t fresh = reached.words[half] & ~filled.words[half];
      filled.words[half] |= fresh;
      for (; fresh != 0; fresh &= fresh - 1) {
        const int bin = 64 * half + std::countr_zero(fresh);
        (*bins)[bin] = (*bins)[(bin - shift) & (kBins - 1)];
      }
    }
  }
}

}  // namespace

void PageSigner::Sign(std::span<const uint64_t> shingles, std::span<uint32_t, kComponents> signature) const {
  uint64_t state = seed_;
  const uint64_t salt = sketch_internal::SplitMix64(&state);
  sketch_internal::PageBins both;
  for (auto& set : both.bins) std::fill_n(set, kBins, kEmptyComponent);
  sketch_internal::FillBins(shingles, salt, &both);
  Bins bins;
  for (int i = 0; i < kBins; ++i) bins[i] = std::min(both.bins[0][i], both.bins[1][i]);

  BinSet occupied = Occupied(bins);
  if (occupied.empty() && !shingles.empty()) {
    bins[0] = kEmptyComponent - 1;  // every shingle drew the value that means empty
    occupied.words[0] = 1;
  }
  if (!occupied.empty()) Densify(occupied, &bins);
  for (int i = 0; i < kBins; ++i) signature[kTables.places[i]] = bins[i];
}

std::string PageSigner::Id() const { return fmt::format("onehash:{},seed:{}", kComponents, seed_); }

}  // namespace refrain
