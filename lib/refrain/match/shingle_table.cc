#include "refrain/match/shingle_table.h"

#include <algorithm>
#include <bit>

namespace refrain {
namespace {

constexpr uint32_t kNone = ShingleTable::kNone;
// No shingle is wider, see ShingleOptions.
constexpr uint32_t kWidest = 32;
// Bits of the filter for each shingle, at least, and at most twice as many: a stranger is taken for a known
// value once in sixteen to once in eight.
constexpr size_t kFilterBits = 8;

// The place of a value in the filter: bits that choose no slot.
size_t FilterBit(uint64_t value, size_t bits) { return (value >> 32) & (bits - 1); }

bool IsInPart(const ShingleTable& table, uint32_t shingle, TokenRange part) {
  return table.starts[shingle] >= part.begin && table.starts[shingle] + table.widths[shingle] <= part.end;
}

// Whether a shingle is in the part, and no later one of its value is.
bool IsLastInPart(const ShingleTable& table, uint32_t shingle, TokenRange part) {
  if (!IsInPart(table, shingle, part)) return false;
  for (uint32_t later = table.next[shingle]; later != kNone && table.starts[later] < part.end;
       later = table.next[later]) {
    // Behind those that reach out of the part may come narrower ones that do not.
    if (IsInPart(table, later, part)) return false;
  }
  return true;
}

size_t DistinctInPart(const ShingleTable& table, TokenRange part) {
  const auto number = [&](size_t token) {
    return static_cast<uint32_t>(std::lower_bound(table.starts.begin(), table.starts.end(), token) -
                                 table.starts.begin());
  };
  const uint32_t last = number(part.end);
  // Up to here all fit.
  const uint32_t near_end = part.end < kWidest ? 0 : std::min(last, number(part.end - kWidest + 1));
  size_t count = 0;
  uint32_t shingle = number(part.begin);
  for (; shingle < near_end; ++shingle) {
    const uint32_t later = table.next[shingle];
    if (later >= last) {
      ++count;
    } else if (later >= near_end) {
      count += IsLastInPart(table, shingle, part);
    }
  }
  for (; shingle < last; ++shingle) count += IsLastInPart(table, shingle, part);
  return count;
}

// Takes room for `count` values from the front of what is at `at`.
template <typename T>
std::span<T> Take(size_t count, std::byte** at) {
  T* const begin = reinterpret_cast<T*>(*at);
  *at += count * sizeof(T);
  return {begin, count};
}

}  // namespace

void MakeShingleTable(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                      const ShingleOptions& options, PlacedShingles* scratch, ShingleTable* table) {
  MakePlacedShingles(hashes, traits, options, scratch);
  const std::vector<uint64_t>& values = scratch->values;
  const size_t size = values.size();
  const size_t slots = std::bit_ceil(std::max<size_t>(16, size * 3 / 2));  // a third to two thirds full
  const size_t bits = std::bit_ceil(std::max<size_t>(64, size * kFilterBits));
  const size_t bytes =
      size * (sizeof(uint64_t) + 2 * sizeof(uint32_t) + 1) + slots * sizeof(uint32_t) + bits / 8;
  if (bytes > table->block_bytes) {
    table->block.reset();
    table->block = std::make_unique_for_overwrite<std::byte[]>(bytes);
    table->block_bytes = bytes;
  }
  table->distinct = 0;
  std::byte* at = table->block.get();  // the widest first, so that all are aligned
  table->values = Take<uint64_t>(size, &at);
  table->filter = Take<uint64_t>(bits / 64, &at);
  table->slots = Take<uint32_t>(slots, &at);
  table->starts = Take<uint32_t>(size, &at);
  table->next = Take<uint32_t>(size, &at);
  table->widths = Take<uint8_t>(size, &at);
  std::copy(values.begin(), values.end(), table->values.begin());
  std::copy(scratch->starts.begin(), scratch->starts.end(), table->starts.begin());
  std::copy(scratch->widths.begin(), scratch->widths.end(), table->widths.begin());
  std::fill(table->slots.begin(), table->slots.end(), kNone);
  std::fill(table->filter.begin(), table->filter.end(), 0);
  // From the last one on, so that the first one of a value is what stays in its slot.
  for (uint32_t i = static_cast<uint32_t>(values.size()); i-- > 0;) {
    size_t slot = values[i] & (slots - 1);
    while (table->slots[slot] != kNone && values[table->slots[slot]] != values[i])
      slot = (slot + 1) & (slots - 1);
    table->next[i] = table->slots[slot];
    table->distinct += table->slots[slot] == kNone;
    table->slots[slot] = i;
    const size_t bit = FilterBit(values[i], bits);
    table->filter[bit / 64] |= uint64_t{1} << bit % 64;
  }
}

// First, all shingles through the filter, without a branch: most texts share little, and a guess whether a
// hash is known is wrong as often as not. Second, what is left is looked up.
void FindShared(const ShingleTable& a, const ShingleTable& b, SharedShingles* shared) {
  shared->overlap = {a.distinct, b.distinct, 0};
  std::vector<SharedShingles::Place>& places = shared->places;
  places.resize(a.size());
  const size_t bits = b.filter.size() * 64;
  size_t likely = 0;
  for (uint32_t i = 0; i < a.size(); ++i) {
    const size_t bit = FilterBit(a.values[i], bits);
    places[likely].a = i;
    likely += b.filter[bit / 64] >> bit % 64 & 1;
  }
  size_t known = 0;
  for (size_t i = 0; i < likely; ++i) {
    const uint32_t shingle = places[i].a;
    const uint32_t first = b.First(a.values[shingle]);
    if (first == kNone) continue;
    places[known++] = {shingle, first};
    shared->overlap.shared += a.next[shingle] == kNone;
  }
  places.resize(known);
}

Overlap OverlapOfPartOfA(const ShingleTable& a, const ShingleTable& b, const SharedShingles& shared,
                         TokenRange part) {
  Overlap overlap{DistinctInPart(a, part), b.distinct, 0};
  for (const SharedShingles::Place& place : shared.places) overlap.shared += IsLastInPart(a, place.a, part);
  return overlap;
}

Overlap OverlapOfPartOfB(const ShingleTable& a, const ShingleTable& b, const SharedShingles& shared,
                         TokenRange part) {
  Overlap overlap{DistinctInPart(b, part), a.distinct, 0};
  for (const SharedShingles::Place& place : shared.places) {
    if (a.next[place.a] != kNone) continue;  // counted with its last place
    uint32_t at = place.b;
    while (at != kNone && !IsInPart(b, at, part)) at = b.next[at];
    overlap.shared += at != kNone;
  }
  return overlap;
}

}  // namespace refrain
