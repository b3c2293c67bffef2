// Band keys to buckets: of pages that hardly meet, of pages that meet in pairs, and of pages that all share
// one key; who meets whom is compared with what a map says.

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "bench/kernel_bench.h"
#include "refrain/match/buckets.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

constexpr uint32_t kPages = 5000, kBands = 12;
const SpillOptions kInMemory = {.tmpdir = {}, .memory = 64 << 20};

void Run(benchmark::State& state, const std::string& kind) {
  reference::Random random(1);
  std::vector<KeyedItem> keys;
  for (uint32_t page = 0; page < kPages; ++page) {
    for (uint32_t band = 0; band < kBands; ++band) {
      const bool shared = kind == "pairs" ? page % 2 == 1 : kind == "one" && band == 0 && page > 0;
      keys.push_back({shared ? keys[kind == "pairs" ? keys.size() - kBands : 0].key : random(), page});
    }
  }
  std::map<uint64_t, std::vector<uint32_t>> members;
  for (const KeyedItem& keyed : keys) members[keyed.key].push_back(keyed.item);
  // By item: the ones before it in any of its buckets.
  std::map<uint32_t, std::set<uint32_t>> expected;
  for (const auto& [key, bucket] : members) {
    for (size_t i = 1; i < bucket.size(); ++i) {
      std::set<uint32_t>& earlier = expected[bucket[i]];
      const auto begin = bucket.begin(), here = begin + static_cast<std::ptrdiff_t>(i);
      if (i <= Buckets::kMostEarlier) {
        earlier.insert(begin, here);
      } else {
        earlier.insert(begin, begin + Buckets::kMostFirst);
        earlier.insert(here - (Buckets::kMostEarlier - Buckets::kMostFirst), here);
      }
    }
  }
  std::unique_ptr<Buckets> buckets;
  TimeIfRight(
      state, "", {.keys = keys.size()},
      [&] {
        uint32_t rank = 0;
        std::vector<uint32_t> candidates;
        uint64_t skipped = 0;
        size_t found = 0;
        for (absl::StatusOr<bool> more = true;
             (more = buckets->Next(&rank, &candidates, &skipped)).ok() && *more; ++found) {
          const auto earlier = expected.find(rank);
          if (earlier == expected.end() || !std::equal(candidates.begin(), candidates.end(),
                                                       earlier->second.begin(), earlier->second.end()))
            return false;
        }
        return found == expected.size();
      },
      [&] {
        SpillSorter<KeyedItem> sorter(kInMemory);
        for (const KeyedItem& keyed : keys) benchmark::DoNotOptimize(sorter.Add(keyed).ok());
        benchmark::DoNotOptimize(sorter.Finish().ok());
        buckets = *Buckets::Build(&sorter, [](uint32_t item) { return item; }, kPages, kInMemory);
      });
}

bool RegisterAll() {
  for (const std::string kind : {"strangers", "pairs", "one"})
    benchmark::RegisterBenchmark(("BM_Buckets/kernel:plain/pages:" + kind).c_str(), Run, kind);
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
