// Band keys to buckets: of pages that hardly meet, of pages that meet in pairs, and of pages that all share
// one key; the members of all buckets are compared with those of a map.

#include <map>

#include "bench/kernel_bench.h"
#include "refrain/match/buckets.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

constexpr uint32_t kPages = 5000, kBands = 12;

void Run(benchmark::State& state, const std::string& kind) {
  reference::Random random(1);
  std::vector<KeyedItem> keys;
  for (uint32_t page = 0; page < kPages; ++page) {
    for (uint32_t band = 0; band < kBands; ++band) {
      const bool shared = kind == "pairs" ? page % 2 == 1 : kind == "one" && band == 0 && page > 0;
      keys.push_back({shared ? keys[kind == "pairs" ? keys.size() - kBands : 0].key : random(), page});
    }
  }
  std::map<uint64_t, std::vector<uint32_t>> expected;
  for (const KeyedItem& keyed : keys) expected[keyed.key].push_back(keyed.item);
  std::erase_if(expected, [](const auto& bucket) { return bucket.second.size() < 2; });
  Buckets buckets;
  TimeIfRight(
      state, "", {.keys = keys.size()},
      [&] {
        uint32_t at = 0;
        for (const auto& [key, members] : expected) {
          if (at == buckets.size()) return false;
          const auto found = buckets.members(at++);
          if (!std::equal(found.begin(), found.end(), members.begin(), members.end())) return false;
        }
        return at == buckets.size();
      },
      [&] { buckets = Buckets::Build(keys, kPages); });
}

bool RegisterAll() {
  for (const std::string kind : {"strangers", "pairs", "one"})
    benchmark::RegisterBenchmark(("BM_Buckets/kernel:plain/pages:" + kind).c_str(), Run, kind);
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
