#include "refrain/sketch/shingle.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

#include "refrain/base/radix_sort.h"
#include "refrain/sketch/shingle_internal.h"

namespace refrain {
namespace {

constexpr int kMaxWidth = 32;
constexpr uint8_t kKindBits = 0x07;
constexpr uint8_t kWhole = 4;
constexpr uint8_t kHalf = 2;
constexpr uint8_t kQuarter = 1;

size_t WidthOf(uint8_t trait, const ShingleOptions& options) {
  switch (trait & kKindBits) {
    case kHalf:
      return options.half;
    case kQuarter:
      return options.quarter;
    default:
      return options.words;
  }
}

// Where the run of tokens of one kind that begins at `begin` ends. Eight tokens a step, since most pages are
// one run.
size_t RunEnd(std::span<const uint8_t> traits, size_t begin) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint8_t kind = traits[begin] & kKindBits;
  size_t i = begin + 1;
  for (; i + 8 <= traits.size(); i += 8) {
    uint64_t eight;
    std::memcpy(&eight, traits.data() + i, 8);
    if ((eight & (kOnes * kKindBits)) != kOnes * kind) break;
  }
  while (i < traits.size() && (traits[i] & kKindBits) == kind) ++i;
  return i;
}

// Calls emit(begin, count, width) for each run of `count` whole shingles of one width that begin at `begin`,
// `begin` + 1..., of those that begin at tokens [first, last).
template <typename Emit>
void ForEachRun(std::span<const uint8_t> traits, size_t first, size_t last, const ShingleOptions& options,
                const Emit& emit) {
  const size_t n = traits.size();
  bool any = false;
  for (size_t begin = first; begin < last;) {
    const size_t end = RunEnd(traits.first(last), begin);
    const size_t width = WidthOf(traits[begin], options);
    const size_t fitting =
        n >= width ? n - width + 1 : 0;  // starts below this one have room for a whole shingle
    if (begin < fitting) {
      emit(begin, std::min(end, fitting) - begin, width);
      any = true;
    }
    begin = end;
  }
  if (!any && n > 0 && last - first == n) emit(0, 1, n);
}

// Returns how many there are, at most one a token.
size_t WriteShingles(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                     const ShingleOptions& options, uint64_t* shingles) {
  size_t size = 0;
  ForEachRun(traits, 0, traits.size(), options, [&](size_t begin, size_t count, size_t width) {
    sketch_internal::UniformShingles(hashes.data() + begin, count, width, shingles + size);
    size += count;
  });
  return size;
}

}  // namespace

absl::Status ShingleOptions::Validate() const {
  for (const auto& [name, width] : {std::pair{"words", words}, {"half", half}, {"quarter", quarter}}) {
    if (width >= 1 && width <= kMaxWidth) continue;
    return absl::InvalidArgumentError(
        fmt::format("shingle width {} = {}: must be from 1 to {} tokens", name, width, kMaxWidth));
  }
  return absl::OkStatus();
}

std::string ShingleOptions::Id() const { return fmt::format("shingles:{},{},{}", words, half, quarter); }

void MakeShingles(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                  const ShingleOptions& options, std::vector<uint64_t>* shingles) {
  // There are at most as many shingles as tokens. Without a clear() before, only what is new gets zeroed.
  shingles->resize(hashes.size());
  shingles->resize(WriteShingles(hashes, traits, options, shingles->data()));
}

std::span<const uint64_t> ShingleMaker::Make(std::span<const uint64_t> hashes,
                                             std::span<const uint8_t> traits, const ShingleOptions& options) {
  if (room_.size() < hashes.size()) room_.resize(hashes.size());
  return std::span(room_).first(WriteShingles(hashes, traits, options, room_.data()));
}

void MakePlacedShingles(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                        const ShingleOptions& options, PlacedShingles* shingles) {
  shingles->values.resize(hashes.size());
  shingles->starts.resize(hashes.size());
  shingles->widths.resize(hashes.size());
  size_t size = 0;
  ForEachRun(traits, 0, traits.size(), options, [&](size_t begin, size_t count, size_t width) {
    sketch_internal::UniformShingles(hashes.data() + begin, count, width, shingles->values.data() + size);
    const auto starts = shingles->starts.begin() + size;
    std::iota(starts, starts + count, static_cast<uint32_t>(begin));
    std::fill_n(shingles->widths.begin() + size, count, static_cast<uint32_t>(width));
    size += count;
  });
  shingles->values.resize(size);
  shingles->starts.resize(size);
  shingles->widths.resize(size);
}

size_t MakeShinglesOfPart(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                          const ShingleOptions& options, TokenRange part, uint64_t* values,
                          uint32_t* starts) {
  size_t size = 0;
  ForEachRun(traits, part.begin, part.end, options, [&](size_t begin, size_t count, size_t width) {
    sketch_internal::UniformShingles(hashes.data() + begin, count, width, values + size);
    std::iota(starts + size, starts + size + count, static_cast<uint32_t>(begin));
    size += count;
  });
  return size;
}

bool AreAllWords(std::span<const uint8_t> traits) {
  // The bits of a kind are 4 for words: nothing but that in all of them together.
  constexpr size_t kStep = 32;
  uint8_t differing[kStep] = {};
  size_t i = 0;
  for (; i + kStep <= traits.size(); i += kStep) {
    for (size_t j = 0; j < kStep; ++j) differing[j] |= traits[i + j] ^ kWhole;
  }
  uint8_t any = 0;
  for (; i < traits.size(); ++i) any |= traits[i] ^ kWhole;
  for (size_t j = 0; j < kStep; ++j) any |= differing[j];
  return (any & kKindBits) == 0;
}

void MakeSet(std::vector<uint64_t>* shingles) {
  SortHashes(*shingles);
  shingles->erase(std::unique(shingles->begin(), shingles->end()), shingles->end());
}

}  // namespace refrain
