#include "refrain/match/align.h"

#include <algorithm>
#include <bit>

namespace refrain {
namespace {
constexpr uint32_t kNone = UINT32_MAX;
}  // namespace

void Align(const Tokens& a, const Tokens& b, const ShingleOptions& options, AlignScratch* scratch,
           std::vector<AlignedTokens>* spans) {
  spans->clear();
  MakePlacedShingles(a.hashes, a.traits, options, &scratch->a);
  MakePlacedShingles(b.hashes, b.traits, options, &scratch->b);
  const PlacedShingles& ours = scratch->a;
  const PlacedShingles& theirs = scratch->b;

  // The first place of each shingle of b, in an open table.
  const size_t slots = std::bit_ceil(std::max<size_t>(16, theirs.values.size() * 2));
  scratch->places.assign(slots, kNone);
  const auto find = [&](uint64_t value) {
    size_t slot = value & (slots - 1);
    while (scratch->places[slot] != kNone && theirs.values[scratch->places[slot]] != value)
      slot = (slot + 1) & (slots - 1);
    return slot;
  };
  for (uint32_t i = 0; i < theirs.values.size(); ++i) {
    uint32_t& place = scratch->places[find(theirs.values[i])];
    if (place == kNone) place = i;
  }

  const uint32_t a_size = static_cast<uint32_t>(a.size()), b_size = static_cast<uint32_t>(b.size());
  const auto equal = [&](uint32_t i, uint32_t j) {
    return i < a_size && j < b_size && a.hashes[i] == b.hashes[j];
  };
  uint32_t covered = 0;  // tokens of a before it are done
  uint32_t follows = 0;  // where b goes on behind the last stretch
  for (uint32_t i = 0; i < ours.values.size(); ++i) {
    const uint32_t end = ours.starts[i] + ours.widths[i];
    if (end <= covered) continue;
    const uint32_t place = scratch->places[find(ours.values[i])];
    if (place == kNone) continue;
    uint32_t a_first = ours.starts[i], b_first = theirs.starts[place];
    if (!equal(a_first, b_first)) continue;  // two shingles of one value by chance
    // A place right behind the last stretch reads on; otherwise the first place. Either is extended as far as
    // words agree.
    if (follows > 0 && a_first >= covered) {
      const uint32_t on = follows + (a_first - covered);
      uint32_t length = 0;
      while (length < ours.widths[i] && equal(a_first + length, on + length)) ++length;
      if (length == ours.widths[i]) b_first = on;
    }
    while (a_first > covered && b_first > 0 && equal(a_first - 1, b_first - 1)) --a_first, --b_first;
    if (a_first < covered) {
      b_first += covered - a_first;
      a_first = covered;
    }
    uint32_t length = 0;
    while (equal(a_first + length, b_first + length)) ++length;
    if (length == 0) continue;
    spans->push_back({a_first, b_first, length});
    covered = a_first + length;
    follows = b_first + length;
  }
}

std::vector<Span> UncoveredSpans(const Tokens& a, const std::vector<AlignedTokens>& spans) {
  std::vector<Span> uncovered;
  uint32_t at = 0;
  const auto add = [&](uint32_t end) {
    if (at < end) uncovered.push_back({a.begins[at], a.ends[end - 1]});
  };
  for (const AlignedTokens& span : spans) {
    add(span.a_first);
    at = span.a_first + span.length;
  }
  add(static_cast<uint32_t>(a.size()));
  return uncovered;
}

}  // namespace refrain
