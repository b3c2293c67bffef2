// Keys brought together.

#include "bench/guard/loops.h"
#include "refrain/base/radix_sort.h"
#include "refrain/match/buckets.h"

namespace refrain::guard {
namespace {

// Twelve keys a page, some of which meet.
std::vector<KeyedItem> Keys(size_t length) {
  const std::vector<uint64_t> hashes = Hashes(length);
  std::vector<KeyedItem> keys(length);
  for (size_t i = 0; i < length; ++i)
    keys[i] = {hashes[i % 16 == 0 ? i / 2 : i], static_cast<uint32_t>(i / 12)};
  return keys;
}

std::function<void()> SortKeys(size_t length) {
  return [keys = Keys(length), sorted = std::vector<KeyedItem>()]() mutable {
    sorted = keys;
    RadixSort(std::span(sorted), [](const KeyedItem& one) { return one.key; });
    sink = sorted.front().key;
  };
}

std::function<void()> SortShingles(size_t length) {
  return [hashes = Hashes(length), sorted = std::vector<uint64_t>()]() mutable {
    sorted = hashes;
    SortHashes(sorted);
    sink = sorted.front();
  };
}

std::function<void()> MakeBuckets(size_t length) {
  return [keys = Keys(length), items = static_cast<uint32_t>(length / 12 + 1)] {
    constexpr uint64_t kMemory = 64 << 20;
    SpillSorter<KeyedItem> sorter({.tmpdir = {}, .memory = kMemory});
    for (const KeyedItem& keyed : keys) sink = sorter.Add(keyed).ok();
    sink = sorter.Finish().ok();
    sink = (*Buckets::Build(&sorter, [](uint32_t item) { return item; }, items,
                            {.tmpdir = {}, .memory = kMemory}))
               ->disk();
  };
}

const Register loops = {{.name = "sort:keys",
                         .element = "key",
                         .shorter = 4096,
                         .longer = 12288,
                         .prepare = SortKeys,
                         .dispatched = false},
                        // Both are scattered twice by seven bits.
                        {.name = "sort:hashes",
                         .element = "hash",
                         .shorter = 8448,
                         .longer = 16128,
                         .prepare = SortShingles,
                         .dispatched = false},
                        // Both are scattered once by eleven bits.
                        {.name = "sort:hashes_of_page",
                         .element = "hash",
                         .shorter = 1088,
                         .longer = 1984,
                         .prepare = SortShingles,
                         .dispatched = false},
                        {.name = "buckets",
                         .element = "key",
                         .shorter = 4096,
                         .longer = 12288,
                         .prepare = MakeBuckets,
                         .dispatched = false}};

}  // namespace
}  // namespace refrain::guard
