// Whole tasks, bytes of text per second: pages in memory to their keys, and files to sorted keys, with one
// thread and with two. What comes out is compared before time counts: with the plain kernel's, and of files
// with what the same pages give from memory.
//
//   task_bench --benchmark_filter=/kernel:avx2 --benchmark_repetitions=9
//              --benchmark_enable_random_interleaving=true
//
// BM_Memory/whole is everything that is made of a page: tokens, page repeats, exact key, shingles, page
// signature and band keys, and exact keys and band keys of its paragraphs; BM_Memory/page leaves out
// paragraphs, as dedup does unless asked for them. BM_MemoryShares says what share each part of it has.
// BM_File is what refrain bench measures, and with two threads how many times as fast as one they were in the
// same run.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "bench/task/pages.h"
#include "refrain/base/cpu.h"
#include "refrain/base/hash.h"
#include "refrain/base/stage_clock.h"
#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/bench.h"
#include "refrain/pipeline/block_table.h"
#include "refrain/pipeline/dedup.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/fingerprint.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/tokens.h"

namespace refrain::bench {
namespace {

// As much as the last-level cache of a core's share does not hold.
constexpr size_t kBytes = 8 << 20;

const std::vector<std::string>& Pages() {
  static const auto* const pages = new std::vector<std::string>(MakePages(kBytes));
  return *pages;
}

int64_t TextBytes() {
  int64_t bytes = 0;
  for (const std::string& page : Pages()) bytes += static_cast<int64_t>(page.size());
  return bytes;
}

// What is made of a page in memory.
class Core {
 public:
  explicit Core(StageClock* clock = nullptr) : clock_(clock) {}

  // What dedup makes of pages.
  void Page(const std::string& page) {
    EnterStage(clock_, Stage::kTokenise);
    Tokenize(page, &tokens_);
    EnterStage(clock_, Stage::kSketch);
    const std::span<const uint64_t> shingles = shingle_maker_.Make(tokens_.hashes, tokens_.traits, {});
    EnterStage(clock_, Stage::kPageScope);
    finder_.Find(page, tokens_, {}, &repeats_, {.shingles = shingles});
    EnterStage(clock_, Stage::kSketch);
    exact_ = ExactKey(tokens_.hashes);
    signer_.Sign(shingles, signature_);
    EnterStage(clock_, Stage::kKeys);
    keys_.clear();
    AppendBandKeys(signature_, banding_, &keys_);
    blocks_.clear();
    block_keys_.clear();
  }
  // And of paragraphs, if it is asked for them.
  void Whole(const std::string& page) {
    Page(page);
    EnterStage(clock_, Stage::kSketch);
    scanner_.Scan(page, tokens_, repeats_, &blocks_, &block_keys_);
  }

  // What Whole left, for comparing.
  void AddTo(KeyDigest* pages, KeyDigest* all) const {
    pages->Add(keys_);
    all->Add(keys_);
    all->Add(std::array{exact_.high, exact_.low});
    const size_t bands = static_cast<size_t>(banding_.bands);
    for (size_t i = 0; i < blocks_.size(); ++i) all->Add(std::span(block_keys_).subspan(i * bands, bands));
    for (const Span& cut : repeats_.cut) all->Add(std::array<uint64_t, 2>{cut.begin, cut.end});
  }
  const void* result() const { return keys_.data(); }

 private:
  StageClock* clock_;
  Tokens tokens_;
  PageRepeatFinder finder_;
  PageRepeats repeats_;
  Key128 exact_;
  ShingleMaker shingle_maker_;
  std::vector<uint64_t> keys_, block_keys_;
  PageSigner signer_;
  std::array<uint32_t, PageSigner::kComponents> signature_{};
  Banding banding_;
  BlockScanner scanner_{DedupOptions().passage_tokens, Banding()};
  std::vector<ScannedBlock> blocks_;
};

struct Digests {
  std::string pages;  ///< of band keys
  std::string all;    ///< of everything
  bool operator==(const Digests&) const = default;
};

Digests DigestsFromMemory() {
  Core core;
  KeyDigest pages, all;
  for (const std::string& page : Pages()) {
    core.Whole(page);
    core.AddTo(&pages, &all);
  }
  return {pages.Hex(), all.Hex()};
}

const Digests& Expected() {
  static const auto* const expected = [] {
    ForceKernel("scalar").IgnoreError();
    return new Digests(DigestsFromMemory());
  }();
  return *expected;
}

// Each thread goes through all pages.
void BM_Memory(benchmark::State& state, const std::string& kernel, bool blocks) {
  if (state.thread_index() == 0) {
    Expected();
    ForceKernel(kernel).IgnoreError();
    if (DigestsFromMemory() != Expected()) state.SkipWithError("differs from the plain kernel");
  }
  Core core;
  for (auto _ : state) {
    for (const std::string& page : Pages()) {
      blocks ? core.Whole(page) : core.Page(page);
      benchmark::DoNotOptimize(core.result());
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * TextBytes());
}

// The same with a clock inside: which share of the time each part takes.
void BM_MemoryShares(benchmark::State& state, const std::string& kernel, bool blocks) {
  ForceKernel(kernel).IgnoreError();
  StageClock clock;
  Core core(&clock);
  for (auto _ : state) {
    StageStretch work(&clock, Stage::kTokenise);
    for (const std::string& page : Pages()) blocks ? core.Whole(page) : core.Page(page);
  }
  for (const Stage stage : {Stage::kTokenise, Stage::kPageScope, Stage::kSketch, Stage::kKeys})
    state.counters[std::string(Name(stage))] = clock.seconds(stage) / clock.total();
}

// A folder that is gone when the program ends.
class Folder {
 public:
  Folder() {
    std::string path = (std::filesystem::temp_directory_path() / "refrain-task-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) std::abort();
    path_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  // The file of this kind, written when it is first asked for.
  std::string FileOf(const std::string& kind) const {
    const std::string path = path_ + "/pages." + kind;
    if (!std::filesystem::exists(path)) std::ofstream(path, std::ios::binary) << MakeFile(kind, Pages());
    return path;
  }

 private:
  std::string path_;
};

void BM_File(benchmark::State& state, const std::string& kernel, const std::string& kind, int threads) {
  static const Folder folder;
  const std::string path = folder.FileOf(kind);
  Expected();
  ForceKernel(kernel).IgnoreError();
  BenchOptions options;
  options.corpus.inputs = {path};
  options.corpus.threads = threads;
  options.least_seconds = 0;
  double one = 0, all = 0;
  for (auto _ : state) {
    const absl::StatusOr<BenchSummary> summary = Bench(options, {});
    if (!summary.ok() || summary->digest != Expected().pages || summary->damage.any()) {
      state.SkipWithError("not what the same pages give from memory");
      return;
    }
    state.SetIterationTime(summary->all.wall);
    one += summary->one.wall;
    all += summary->all.wall;
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * TextBytes());
  if (threads > 1) state.counters["times_one_thread"] = one / all;
}

void Register() {
  const auto name = [](const std::string& what, const std::string& kernel, const std::string& of) {
    return what + "/kernel:" + kernel + "/" + of;
  };
  for (const std::string& kernel : AvailableKernels()) {
    for (const bool blocks : {true, false}) {
      const std::string of = blocks ? "whole" : "page";
      for (const int threads : {1, 2}) {
        benchmark::RegisterBenchmark(name("BM_Memory", kernel, of).c_str(), BM_Memory, kernel, blocks)
            ->Threads(threads)
            ->UseRealTime();
      }
      benchmark::RegisterBenchmark(name("BM_MemoryShares", kernel, of).c_str(), BM_MemoryShares, kernel,
                                   blocks);
    }
    for (const char* kind : {"jsonl", "wet.gz", "warc.gz"}) {
      for (const int threads : {1, 2}) {
        const std::string of = std::string(kind) + "/threads:" + std::to_string(threads);
        benchmark::RegisterBenchmark(name("BM_File", kernel, of).c_str(), BM_File, kernel, kind, threads)
            ->UseManualTime();
      }
    }
  }
}

}  // namespace
}  // namespace refrain::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  refrain::bench::Register();
  benchmark::RunSpecifiedBenchmarks();
}
