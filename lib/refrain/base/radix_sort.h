#pragma once
/// Sorting of hashes: of values of which every bit is as good as random, such as shingles and band keys.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

namespace refrain {

/// Sorts `items` by the unsigned 64-bit `key(item)`, keeping the order of items with equal keys. Least
/// significant byte first, bytes that all keys share left out; linear, with one scratch copy of `items`. For
/// any keys; where they are hashes, SortHashes is faster.
template <typename T, typename Key>
void RadixSort(std::span<T> items, const Key& key) {
  static_assert(std::is_trivially_copyable_v<T>);
  constexpr size_t kSmall = 256;  // counting tables cost more than they save below
  if (items.size() < kSmall) {
    std::stable_sort(items.begin(), items.end(), [&](const T& a, const T& b) { return key(a) < key(b); });
    return;
  }
  std::array<std::array<size_t, 256>, 8> counts{};
  for (const T& item : items) {
    const uint64_t value = key(item);
    for (int byte = 0; byte < 8; ++byte) ++counts[byte][(value >> (8 * byte)) & 0xff];
  }
  const std::unique_ptr<T[]> scratch(new T[items.size()]);
  T* from = items.data();
  T* to = scratch.get();
  for (int byte = 0; byte < 8; ++byte) {
    auto& places = counts[byte];
    if (places[(key(from[0]) >> (8 * byte)) & 0xff] == items.size()) continue;
    size_t begin = 0;
    for (size_t& place : places) {
      const size_t count = place;
      place = begin;
      begin += count;
    }
    // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): the pass before wrote every place of `from`
    for (size_t i = 0; i < items.size(); ++i) to[places[(key(from[i]) >> (8 * byte)) & 0xff]++] = from[i];
    std::swap(from, to);
  }
  if (from != items.data()) std::copy_n(from, items.size(), items.data());
}

/// Sorts 64-bit hashes. Linear for hashes; for values that are not (many with the same upper half) it falls
/// back to RadixSort and stays linear. One scratch copy, on the stack for up to 1024 hashes.
void SortHashes(std::span<uint64_t> hashes);

}  // namespace refrain
