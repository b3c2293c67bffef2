// Hashes and keyed records in order; compared with the standard library's sorts. Shingles of a text, of which
// those of adversarial text are all equal, and a million band keys, which no cache holds.

#include <algorithm>

#include "bench/kernel_bench.h"
#include "refrain/base/radix_sort.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

void Hashes(benchmark::State& state, const KernelAndText& on) {
  const std::vector<uint64_t>& shingles = Prepared(on.kind).shingles;
  std::vector<uint64_t> expected = shingles, sorted;
  std::sort(expected.begin(), expected.end());
  TimeIfRight(
      state, on.kernel, {.shingles = shingles.size()}, [&] { return sorted == expected; },
      [&] {
        sorted = shingles;
        SortHashes(sorted);
      });
}

struct Record {
  uint64_t key;
  uint32_t item;
  friend bool operator==(const Record&, const Record&) = default;
};

void Keys(benchmark::State& state, size_t count) {
  std::vector<Record> records, expected, sorted;
  for (const uint64_t hash : reference::Random(1).Hashes(count))
    records.push_back({hash, static_cast<uint32_t>(records.size() / 12)});
  const auto by_key = [](const Record& a, const Record& b) { return a.key < b.key; };
  expected = records;
  std::stable_sort(expected.begin(), expected.end(), by_key);
  TimeIfRight(
      state, "", {.bytes = count * sizeof(Record), .keys = count}, [&] { return sorted == expected; },
      [&] {
        sorted = records;
        RadixSort(std::span(sorted), [](const Record& one) { return one.key; });
      });
}

bool RegisterAll() {
  ForTexts("BM_SortHashes", Hashes);
  for (const size_t count : {1000, 30000, 1000000}) {
    benchmark::RegisterBenchmark(("BM_RadixSort/kernel:plain/keys:" + std::to_string(count)).c_str(), Keys,
                                 count);
  }
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
