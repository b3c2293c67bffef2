// The exact resemblance of two sets of shingles: of two texts that have half in common, and of sets of
// numbers of sizes that differ once, ten and a hundred times; compared with the standard library's
// intersection.

#include <algorithm>
#include <iterator>

#include "bench/kernel_bench.h"
#include "refrain/sketch/resemblance.h"
#include "refrain/sketch/shingle.h"
#include "tests/reference/sketch_slow.h"

namespace refrain::bench {
namespace {

using Set = std::vector<uint64_t>;

void RunOn(benchmark::State& state, Set a, Set b) {
  MakeSet(&a);
  MakeSet(&b);
  Set both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  Overlap overlap;
  TimeIfRight(
      state, "", {.shingles = a.size() + b.size()}, [&] { return overlap.shared == both.size(); },
      [&] { overlap = ExactOverlap(a, b); });
}

void Texts(benchmark::State& state, const KernelAndText& on) {
  const Set& one = Prepared(on.kind).shingles;
  Set other = Prepared(on.kind, 2).shingles;
  std::copy_n(one.begin(), std::min(one.size(), other.size()) / 2, other.begin());
  RunOn(state, one, other);
}

void Numbers(benchmark::State& state, size_t size, size_t ratio) {
  reference::Random random(1);
  const Set a = random.Hashes(size);
  Set b = random.Hashes(size * ratio);
  std::copy_n(a.begin(), size / 2, b.begin());
  RunOn(state, a, b);
}

// Sets that have nothing in common, which most candidates that are none have next to nothing of: seen early.
void Strangers(benchmark::State& state, size_t size) {
  reference::Random random(1);
  Set a = random.Hashes(size), b = random.Hashes(size);
  MakeSet(&a);
  MakeSet(&b);
  bool alike = true;
  TimeIfRight(
      state, "", {.shingles = a.size() + b.size()}, [&] { return !alike; },
      [&] { alike = Resembles(a, b, 0.8); });
}

bool RegisterAll() {
  ForTexts("BM_Overlap", Texts);
  for (const size_t size : {20, 1000}) {
    const std::string sets = "/kernel:plain/shingles:" + std::to_string(size);
    for (const size_t ratio : {1, 10, 100})
      benchmark::RegisterBenchmark(("BM_Overlap" + sets + "/ratio:" + std::to_string(ratio)).c_str(), Numbers,
                                   size, ratio);
    benchmark::RegisterBenchmark(("BM_Resembles" + sets + "/strangers").c_str(), Strangers, size);
  }
  return true;
}

[[maybe_unused]] const bool registered = RegisterAll();

}  // namespace
}  // namespace refrain::bench
