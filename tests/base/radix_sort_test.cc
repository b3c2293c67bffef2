#include "refrain/base/radix_sort.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace refrain {
namespace {

// Sizes about every limit in the code, and shapes from hashes to what no hash looks like.
std::vector<std::vector<uint64_t>> Inputs() {
  std::mt19937_64 random(1);
  std::vector<std::vector<uint64_t>> inputs;
  for (const size_t n : {0, 1, 2, 63, 64, 65, 128, 255, 256, 257, 1000, 2047, 2048, 2049, 70000}) {
    const auto fill = [&](auto value) {
      std::vector<uint64_t> values(n);
      for (size_t i = 0; i < n; ++i) values[i] = value(i);
      inputs.push_back(std::move(values));
    };
    fill([&](size_t) { return random(); });
    fill([&](size_t) { return random() % 50 * 0x123456789abcdef; });
    fill([&](size_t) { return random() >> 40; });  // upper bits say nothing
    fill([&](size_t) { return random() | ~uint64_t{0} << 20; });
    fill([&](size_t) { return uint64_t{7}; });
    fill([&](size_t i) { return i; });
    fill([&](size_t i) { return ~uint64_t{i}; });
    fill([&](size_t i) { return i % 2 ? ~uint64_t{0} : uint64_t{0}; });
    fill([&](size_t i) { return i * i << 30; });
    // Many with the same upper bytes, and all bytes differ.
    fill([&](size_t i) { return (i % 50 * 0x9E3779B97F4A7C15 >> 32 << 32) | (random() & 0xffffffff); });
    fill([&](size_t i) { return (random() << 56) | (i % 3 << 48) | (random() & 0xffffffffffff); });
  }
  return inputs;
}

TEST(RadixSort, HashesComeOutAsFromStdSort) {
  for (std::vector<uint64_t> values : Inputs()) {
    std::vector<uint64_t> expected = values;
    std::sort(expected.begin(), expected.end());
    SortHashes(values);
    ASSERT_EQ(values, expected) << "size " << values.size();
  }
}

TEST(RadixSort, ItemsWithEqualKeysKeepTheirOrder) {
  struct Item {
    uint64_t key;
    uint32_t place;
    bool operator==(const Item&) const = default;
  };
  for (const std::vector<uint64_t>& values : Inputs()) {
    std::vector<Item> items;
    items.reserve(values.size());
    for (const uint64_t value : values) items.push_back({value, static_cast<uint32_t>(items.size())});
    std::vector<Item> expected = items;
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Item& a, const Item& b) { return a.key < b.key; });
    std::vector<Item> again = items;
    RadixSort(std::span(items), [](const Item& item) { return item.key; });
    ASSERT_TRUE(items == expected) << "size " << values.size();
    RadixSortFromTop(std::span(again), [](const Item& item) { return item.key; });
    ASSERT_TRUE(again == expected) << "from the top, size " << values.size();
  }
}

}  // namespace
}  // namespace refrain
