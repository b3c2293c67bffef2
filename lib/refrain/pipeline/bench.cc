#include "refrain/pipeline/bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "refrain/base/cpu.h"
#include "refrain/match/buckets.h"
#include "refrain/pipeline/page_scan.h"

namespace refrain {
namespace {

// Keys are sorted when there are so many, and at the end: 32 MB of them, more than a cache holds, as in a run
// that sorts them all.
constexpr size_t kKeysAtOnce = size_t{2} << 20;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What band keys a pass has made and not sorted yet.
class KeySorter {
 public:
  absl::Status Add(const ScanResult& result, const Banding& banding) {
    size_t next = 0;
    for (const ScanResult::ScannedPage& page : result.pages) {
      if (!page.banded) continue;
      for (int band = 0; band < banding.bands; ++band) {
        if (absl::Status status = pages_.Add(result.band_keys[next++]); !status.ok()) return status;
      }
      ++pages_.items;
    }
    for (const uint64_t key : result.block_keys) {
      if (absl::Status status = blocks_.Add(key); !status.ok()) return status;
    }
    blocks_.items += result.blocks.size();
    for (Keys* keys : {&pages_, &blocks_}) {
      if (keys->sorter->size() < kKeysAtOnce) continue;
      if (absl::Status status = keys->Sort(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status Finish() {
    if (absl::Status status = pages_.Sort(); !status.ok()) return status;
    return blocks_.Sort();
  }

 private:
  // Room for all keys at once and those of one batch more, so that nothing goes to the disk.
  static constexpr SpillOptions InMemory() {
    return {.tmpdir = {}, .memory = 4 * kKeysAtOnce * sizeof(KeyedItem)};
  }

  struct Keys {
    std::unique_ptr<SpillSorter<KeyedItem>> sorter = std::make_unique<SpillSorter<KeyedItem>>(InMemory());
    uint32_t items = 0;

    absl::Status Add(uint64_t key) { return sorter->Add({key, items}); }
    absl::Status Sort() {
      if (absl::Status status = sorter->Finish(); !status.ok()) return status;
      const auto buckets =
          Buckets::Build(sorter.get(), [](uint32_t item) { return item; }, items, InMemory());
      *this = Keys();
      return buckets.status();
    }
  };
  Keys pages_, blocks_;
};

// Goes through the sample, again and again.
class Benching {
 public:
  Benching(const BenchOptions& options, const RunHooks& hooks) : options_(options), hooks_(hooks) {
    options_.corpus.reader.clock = &reading_;
    job_.repeats = options.repeats;
    job_.passages = options.passages;
  }

  absl::StatusOr<BenchSummary> Run();

 private:
  absl::Status ReadOnce();
  // One pass with `threads`, added to `run`. The first reports damage and counts.
  absl::Status Pass(int threads, BenchRun* run);
  void Count(const CorpusBatch& batch);
  void Report(const ScanResult& result);
  void AddToDigest(const ScanResult& result);
  RunHooks HooksOf(const std::string& stage) const;

  BenchOptions options_;
  const RunHooks& hooks_;
  DedupOptions job_;
  StageClock reading_;  // of reading, inflating and splitting, which threads do in turn
  std::unique_ptr<Corpus> corpus_;
  BenchSummary summary_;
  KeyDigest digest_;
  bool first_pass_ = true;
};

// Progress of one pass, of the first round only: later ones are of input so small that nobody waits. How far
// the sample reaches is not known while it is read for the first time.
RunHooks Benching::HooksOf(const std::string& stage) const {
  RunHooks hooks{.stop = hooks_.stop};
  if (hooks_.progress && summary_.rounds == 0) {
    hooks.progress = [this, stage, total = summary_.stored_bytes](const Progress& progress) {
      hooks_.progress({.stage = stage, .bytes = progress.bytes, .bytes_total = total});
    };
  }
  return hooks;
}

void Benching::Count(const CorpusBatch& batch) {
  summary_.record_bytes += batch.bytes();
  summary_.stored_bytes += batch.refused ? corpus_->files()[batch.file].size : batch.records.file_bytes;
  summary_.files += batch.opens_file && !batch.refused;
}

// So that later passes find the files in the page cache, all of them alike.
absl::Status Benching::ReadOnce() {
  corpus_->UseThreads(1);
  struct Nothing {};
  absl::Status status = corpus_->ForEachBatch<Nothing>(
      "", HooksOf("reading"),
      [&](int, CorpusBatch& batch, Nothing*) {
        Count(batch);
        return absl::OkStatus();
      },
      [](Nothing&&) { return absl::OkStatus(); });
  summary_.first_read = reading_.seconds(Stage::kRead);
  summary_.files_all = corpus_->files().size();
  summary_.whole = summary_.stored_bytes >= corpus_->bytes();
  return status;
}

void Benching::Report(const ScanResult& result) {
  if (result.place.refused) corpus_->ReportRefused(result.place, hooks_);
  for (const Damage& damage : result.damage) corpus_->ReportDamage(damage, hooks_);
  for (const Record& record : result.oversized) corpus_->ReportOversized(record, hooks_);
  corpus_->ReportBatchEnd(result.place, result.pages.size(), hooks_);
  summary_.pages += result.pages.size();
  for (const ScanResult::ScannedPage& page : result.pages) summary_.text_bytes += page.entry.text_bytes;
}

// Results come here in the order of the pages.
void Benching::AddToDigest(const ScanResult& result) {
  std::span<const uint64_t> keys = result.band_keys, block_keys = result.block_keys;
  const size_t bands = static_cast<size_t>(job_.banding.bands);
  for (const ScanResult::ScannedPage& page : result.pages) {
    if (page.banded) {
      digest_.Add(keys.first(bands));
      keys = keys.subspan(bands);
    }
    for (uint32_t i = 0; i < page.blocks; ++i) {
      digest_.Add(block_keys.first(bands));
      block_keys = block_keys.subspan(bands);
    }
  }
}

absl::Status Benching::Pass(int threads, BenchRun* run) {
  corpus_->UseThreads(threads);
  reading_ = StageClock();
  struct Worker {
    Worker(const Corpus& corpus, const DedupOptions& job) : scanner(corpus, job, &clock) {}
    StageClock clock;
    PageScanner scanner;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < threads; ++i) workers.push_back(std::make_unique<Worker>(*corpus_, job_));
  StageClock working, sorting;
  KeySorter sorter;

  const double begin = Now();
  absl::Status status = corpus_->ForEachBatch<ScanResult>(
      "", HooksOf(threads == 1 ? "with one thread" : fmt::format("with {} threads", threads)),
      [&](int number, CorpusBatch& batch, ScanResult* result) {
        Worker& worker = *workers[static_cast<size_t>(number)];
        StageStretch work(&worker.clock, Stage::kParse);
        return worker.scanner.Scan(batch, result);
      },
      [&](ScanResult&& result) {
        if (first_pass_) {
          Report(result);
          AddToDigest(result);
        }
        StageStretch work(&sorting, Stage::kKeys);
        return sorter.Add(result, job_.banding);
      },
      [&](int number) {
        std::unique_ptr<Worker>& worker = workers[static_cast<size_t>(number)];
        working.Add(worker->clock);
        worker = std::make_unique<Worker>(*corpus_, job_);
      });
  if (!status.ok()) return status;
  {
    StageStretch work(&sorting, Stage::kKeys);
    if (status = sorter.Finish(); !status.ok()) return status;
  }
  run->wall += Now() - begin;
  run->threads = threads;
  for (const auto& worker : workers) working.Add(worker->clock);
  for (size_t i = 0; i < kStages; ++i) {
    const Stage stage = static_cast<Stage>(i);
    run->stages[i].serial += reading_.seconds(stage) + sorting.seconds(stage);
    run->stages[i].shared += working.seconds(stage);
  }
  first_pass_ = false;
  return absl::OkStatus();
}

absl::StatusOr<BenchSummary> Benching::Run() {
  absl::StatusOr<std::unique_ptr<Corpus>> corpus = Corpus::Open(options_.corpus, hooks_);
  if (!corpus.ok()) return corpus.status();
  corpus_ = *std::move(corpus);
  summary_.kernel = KernelName();
  if (absl::Status status = ReadOnce(); !status.ok()) return status;

  const int threads = std::max(1, options_.corpus.threads);
  do {
    if (absl::Status status = Pass(1, &summary_.one); !status.ok()) return status;
    if (summary_.text_bytes == 0) {
      if (corpus_->damage().refused_files == corpus_->files().size() && !corpus_->files().empty())
        return absl::InvalidArgumentError("none of the inputs can be read");
      return absl::InvalidArgumentError(
          "nothing to measure: no page with text in the input; name files that refrain page finds text in");
    }
    if (threads > 1) {
      if (absl::Status status = Pass(threads, &summary_.all); !status.ok()) return status;
    }
    ++summary_.rounds;
  } while (summary_.one.wall < options_.least_seconds);
  if (threads == 1) summary_.all = summary_.one;

  for (BenchRun* run : {&summary_.one, &summary_.all}) {
    const double rounds = static_cast<double>(summary_.rounds);
    run->text_bytes = summary_.text_bytes;
    run->wall /= rounds;
    for (StageSeconds& stage : run->stages) stage = {stage.serial / rounds, stage.shared / rounds};
  }
  summary_.digest = digest_.Hex();
  summary_.damage = corpus_->damage();
  return std::move(summary_);
}

std::string Activity(Stage stage) {
  switch (stage) {
    case Stage::kRead:
      return "Reading";
    case Stage::kInflate:
      return "Inflating";
    case Stage::kParse:
      return "Parsing";
    case Stage::kTokenise:
      return "Making tokens";
    case Stage::kPageScope:
      return "Looking for repeats within pages";
    case Stage::kSketch:
      return "Making signatures";
    case Stage::kKeys:
      return "Making and sorting keys";
  }
  return "";
}

}  // namespace

absl::Status BenchOptions::Validate() const {
  if (!(least_seconds >= 0 && least_seconds <= 3600)) {
    return absl::InvalidArgumentError(
        fmt::format("least seconds are {}, must be between 0 and 3600", least_seconds));
  }
  return repeats.Validate();
}

void KeyDigest::Add(std::span<const uint64_t> keys) {
  std::string bytes(2 * sizeof(uint64_t) + keys.size_bytes(), '\0');
  std::memcpy(bytes.data(), &digest_.high, sizeof(uint64_t));
  std::memcpy(bytes.data() + sizeof(uint64_t), &digest_.low, sizeof(uint64_t));
  if (!keys.empty()) std::memcpy(bytes.data() + 2 * sizeof(uint64_t), keys.data(), keys.size_bytes());
  digest_ = HashBytes128(bytes);
}

std::string KeyDigest::Hex() const { return fmt::format("{:016x}{:016x}", digest_.high, digest_.low); }

double BenchRun::busy() const {
  double sum = 0;
  for (const StageSeconds& stage : stages) sum += stage.sum();
  return sum;
}

double BenchRun::Share(Stage stage) const { return busy() > 0 ? (*this)[stage].sum() / busy() : 0; }

double BenchRun::TextBytesPerSecond(Stage stage) const {
  const double seconds = (*this)[stage].serial + (*this)[stage].shared / threads;
  if (seconds <= 0) return std::numeric_limits<double>::infinity();
  return static_cast<double>(text_bytes) / seconds;
}

absl::StatusOr<BenchSummary> Bench(const BenchOptions& options, const RunHooks& hooks) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  return Benching(options, hooks).Run();
}

BenchLimit LimitOf(const BenchSummary& summary) {
  const BenchRun& one = summary.one;
  const auto most =
      std::max_element(one.stages.begin(), one.stages.end(),
                       [](const StageSeconds& a, const StageSeconds& b) { return a.sum() < b.sum(); });
  if (summary.first_read > most->sum()) {
    const double all = one.busy() - one[Stage::kRead].sum() + summary.first_read;
    return {.stage = Stage::kRead, .share = summary.first_read / all};
  }
  const Stage stage = static_cast<Stage>(most - one.stages.begin());
  return {.stage = stage, .share = one.Share(stage)};
}

std::string Bottleneck(const BenchSummary& summary) {
  const BenchLimit limit = LimitOf(summary);
  const BenchRun& one = summary.one;
  std::string out = fmt::format("{} takes {:.0f} % of the time", Activity(limit.stage), 100 * limit.share);
  const bool cold = limit.stage == Stage::kRead && summary.first_read > one[Stage::kRead].sum();
  if (cold) {
    out += " when a file is read for the first time: storage is the limit, not the processor";
  } else if (limit.share < 1) {
    out += fmt::format(": if it took none, one thread would be {:.1f} times as fast", 1 / (1 - limit.share));
  }
  out += '.';
  // What one thread does at a time bounds what several can do together.
  const double serial = one[Stage::kRead].serial + one[Stage::kInflate].serial + one[Stage::kParse].serial;
  const double most = one.busy() / std::max(serial, 1e-12);
  out += fmt::format(
      " One thread at a time reads{} and splits into records, {:.0f} % of the work: that keeps {} busy.",
      one[Stage::kInflate].serial > 0 ? ", inflates" : "", 100 / most,
      most >= 1000 ? "any number of threads"
                   : fmt::format("{:.0f} thread{}", std::max(1.0, std::floor(most)), most < 2 ? "" : "s"));
  return out;
}

}  // namespace refrain
