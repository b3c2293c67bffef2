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

/// The same, faster where the upper bytes of keys tell most of them apart: as many of these as the number of
/// items asks for are sorted by, then what they leave equal is put in order, which of hashes is hardly any.
/// For any keys; where few bytes differ it is RadixSort.
template <typename T, typename Key>
void RadixSortFromTop(std::span<T> items, const Key& key) {
  constexpr size_t kSmall = 256;
  constexpr int kFewBytes = 5;  // so many passes cost less than putting runs in order
  constexpr int kSpareBits = 4;
  uint64_t varying = 0;
  const uint64_t first = items.empty() ? 0 : key(items[0]);
  for (const T& item : items) varying |= key(item) ^ first;
  int bytes = 0;
  for (int byte = 0; byte < 8; ++byte) bytes += (varying >> (8 * byte) & 0xff) != 0;
  if (items.size() < kSmall || bytes <= kFewBytes) return RadixSort(items, key);
  int wanted = (std::bit_width(items.size()) + kSpareBits + 7) / 8;
  if (wanted >= bytes) return RadixSort(items, key);
  // The byte down to which keys are sorted by.
  int lowest = 8;
  while (wanted > 0) wanted -= (varying >> (8 * --lowest) & 0xff) != 0;
  const auto top = [&](const T& item) { return key(item) >> (8 * lowest); };
  RadixSort(items, top);
  const auto less = [&](const T& a, const T& b) { return key(a) < key(b); };
  for (size_t begin = 0, end; begin < items.size(); begin = end) {
    const uint64_t value = top(items[begin]);
    bool sorted = true;
    for (end = begin + 1; end < items.size() && top(items[end]) == value; ++end)
      sorted &= key(items[end - 1]) <= key(items[end]);
    if (sorted) continue;
    const std::span<T> run = items.subspan(begin, end - begin);
    if (run.size() < kSmall) {
      std::stable_sort(run.begin(), run.end(), less);
    } else {
      RadixSortFromTop(run, key);
    }
  }
}

/// Sorts 64-bit hashes. Linear for hashes; for values that are not (many with the same upper half) it falls
/// back to RadixSort and stays linear. One scratch copy, on the stack for up to 1024 hashes.
void SortHashes(std::span<uint64_t> hashes);

}  // namespace refrain
