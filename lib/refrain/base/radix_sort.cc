#include "refrain/base/radix_sort.h"

#include <utility>

namespace refrain {
namespace {

constexpr int kMostBits = 11;  // 8 KB of places: a quarter of the first-level cache

// Stable scatter of `from` to `to` by `bits` bits above `shift`.
void Scatter(const uint64_t* from, size_t n, int shift, int bits, uint64_t* to) {
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  uint32_t places[size_t{1} << kMostBits];
  std::fill_n(places, size_t{1} << bits, 0);
  for (size_t i = 0; i < n; ++i) ++places[(from[i] >> shift) & mask];
  uint32_t begin = 0;
  for (size_t i = 0; i <= mask; ++i) begin += std::exchange(places[i], begin);
  for (size_t i = 0; i < n; ++i) to[places[(from[i] >> shift) & mask]++] = from[i];
}

}  // namespace

// Hashes are told apart by their upper log2(n) bits almost completely. So only those are scattered, in one
// pass up to 2048 hashes and in two up to four million, and neighbours that are left in the wrong order,
// about every fourth, change places by insertion. A set whose upper bits say little would make that
// quadratic: it is given up after some moves a hash.
void SortHashes(std::span<uint64_t> hashes) {
  const size_t n = hashes.size();
  constexpr size_t kSmall = 64;
  constexpr size_t kOnStack = 1024;  // a block has seldom more
  constexpr size_t kMovesAHash = 8;
  if (n < kSmall) return std::sort(hashes.begin(), hashes.end());
  if (n > UINT32_MAX) return RadixSort(hashes, [](uint64_t hash) { return hash; });

  const int needed = std::bit_width(n);
  const int passes = (needed + kMostBits - 1) / kMostBits;
  const int bits = (needed + passes - 1) / passes;
  uint64_t on_stack[kOnStack];
  const std::unique_ptr<uint64_t[]> on_heap(n > kOnStack ? new uint64_t[n] : nullptr);
  uint64_t* from = hashes.data();
  uint64_t* to = n > kOnStack ? on_heap.get() : on_stack;
  for (int pass = passes; pass-- > 0;) {
    Scatter(from, n, 64 - (pass + 1) * bits, bits, to);
    std::swap(from, to);
  }

  size_t moves = 0;
  for (size_t i = 0; i < n; ++i) {
    const uint64_t hash = from[i];
    size_t j = i;
    for (; j > 0 && hashes[j - 1] > hash; --j) hashes[j] = hashes[j - 1];
    hashes[j] = hash;
    moves += i - j;
    if (moves > kMovesAHash * n) {
      std::copy(from + i + 1, from + n, hashes.data() + i + 1);
      return RadixSort(hashes, [](uint64_t hash_) { return hash_; });
    }
  }
}

}  // namespace refrain
