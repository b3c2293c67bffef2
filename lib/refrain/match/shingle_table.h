#pragma once
/// Where the shingles of a text stand, and which of them another text has too.
///
///   ShingleTable ours, theirs;
///   MakeShingleTable(tokens.hashes, tokens.traits, ShingleOptions(), &scratch, &ours);
///   SharedShingles shared;
///   FindShared(ours, theirs, &shared);
///   shared.overlap.resemblance();    // as ExactOverlap says of the two sets
///
/// Once a text has its table, comparing it with another one sorts nothing and allocates nothing: so pages
/// that are compared with many others are worth one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/shingle.h"

namespace refrain {

/// The shingles of a text in its order, by number, and a table of their values. 24 to 31 bytes a shingle,
/// in one piece of memory.
struct ShingleTable {
  static constexpr uint32_t kNone = UINT32_MAX;

  std::span<uint64_t> values;
  std::span<uint32_t> starts;  ///< the token at which a shingle begins; rising
  std::span<uint8_t> widths;   ///< in tokens
  std::span<uint32_t> next;    ///< the next shingle of the same value, or kNone
  uint32_t distinct = 0;       ///< values

  std::span<uint32_t> slots;   ///< open table by the low bits of the value: its first shingle, or kNone
  std::span<uint64_t> filter;  ///< a bit for each value, by its upper bits: tells most strangers

  std::unique_ptr<std::byte[]> block;  ///< what all of these lie in
  size_t block_bytes = 0;

  size_t size() const { return values.size(); }
  /// The first shingle of this value, or kNone.
  uint32_t First(uint64_t value) const {
    for (size_t slot = value & (slots.size() - 1);; slot = (slot + 1) & (slots.size() - 1)) {
      if (slots[slot] == kNone || values[slots[slot]] == value) return slots[slot];
    }
  }
  /// Bytes of memory in use.
  size_t memory() const { return block_bytes; }
};

/// Replaces `table`. It keeps its memory if that suffices, else it takes what it needs and no more. `hashes`,
/// `traits`, `options`: as for MakeShingles. Some 6 ns a token.
void MakeShingleTable(std::span<const uint64_t> hashes, std::span<const uint8_t> traits,
                      const ShingleOptions& options, PlacedShingles* scratch, ShingleTable* table);

/// What two texts share.
struct SharedShingles {
  struct Place {
    uint32_t a = 0;  ///< a shingle of a
    uint32_t b = 0;  ///< the first one of b that has its value
  };
  std::vector<Place> places;  ///< by a; each shingle of a that b has too
  Overlap overlap;            ///< of the two sets
};

/// Replaces `shared`. About a nanosecond a shingle of `a`, and three for each that is shared.
void FindShared(const ShingleTable& a, const ShingleTable& b, SharedShingles* shared);

/// The overlap of the shingles of tokens `part` of one text with the set of the other one, `part` being the
/// `a` of it: as ExactOverlap of the sets that MakeShingles gives. Zero if no whole shingle fits into the
/// part: ask then for the one over all of it. `shared`: of both texts. Linear in the part and in what is
/// shared.
Overlap OverlapOfPartOfA(const ShingleTable& a, const ShingleTable& b, const SharedShingles& shared,
                         TokenRange part);
Overlap OverlapOfPartOfB(const ShingleTable& a, const ShingleTable& b, const SharedShingles& shared,
                         TokenRange part);

}  // namespace refrain
