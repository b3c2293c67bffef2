#pragma once
/// The input of a run, streamed: every pass over it sees the same batches in the same order.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/ordered.h"
#include "refrain/io/inputs.h"
#include "refrain/io/parse.h"
#include "refrain/io/records.h"

namespace refrain {

/// How far a run is, for a progress line.
struct Progress {
  std::string stage;         ///< "reading", "comparing", "writing"
  uint64_t bytes = 0;        ///< of input files as stored, this stage
  uint64_t bytes_total = 0;  ///< 0: not measured in bytes
};

/// How a job talks to whoever started it. Functions may be empty; none is called from two threads at once.
struct RunHooks {
  std::function<void(const Progress&)> progress;
  std::function<void(const std::string&)> warn;  ///< one line for people, without its end
  const std::atomic<bool>* stop = nullptr;       ///< set: the job ends with Cancelled at the next batch
};

struct CorpusOptions {
  std::vector<std::string> inputs;  ///< files, folders, globs, "-"
  ReaderOptions reader;
  ParseOptions parse;
  bool source_is_file = false;  ///< a page's source is its input file
  int threads = 1;
  std::string tmpdir;  ///< standard input is spooled here
};

/// What of the input could not be used.
struct DamageCount {
  uint64_t places = 0;             ///< damaged places and records
  uint64_t bytes = 0;              ///< dropped for them
  uint64_t oversized = 0;          ///< records above the reader's cap
  uint64_t refused_files = 0;      ///< files of a kind that is not read, or that cannot be opened
  std::vector<std::string> first;  ///< the first hundred, "name:offset: reason"
  bool any() const { return places + oversized + refused_files > 0; }
};

/// One batch of one file.
struct CorpusBatch {
  uint32_t file = 0;
  bool opens_file = false;   ///< the file's first batch
  bool closes_file = false;  ///< its last; records may be empty
  bool refused =
      false;            ///< the file could not be opened or is of a kind that is not read; nothing else comes
  std::string refusal;  ///< why
  bool gzip = false;    ///< how the file is compressed
  bool zstd = false;
  InputFormat format = InputFormat::kAuto;
  RecordBatch records;
};

/// The list of input files, and passes over them.
class Corpus {
 public:
  /// Expands the inputs and spools standard input. Errors: what ExpandInputs says; no inputs; unwritable
  /// tmpdir.
  static absl::StatusOr<std::unique_ptr<Corpus>> Open(const CorpusOptions& options);
  ~Corpus();

  const std::vector<InputFile>& files() const { return files_; }
  const CorpusOptions& options() const { return options_; }
  uint64_t bytes() const { return bytes_; }

  /// One pass: `work(worker, batch, &result)` side by side, `sink(result)` in order (see RunOrdered).
  template <typename Result>
  absl::Status ForEachBatch(const std::string& stage, const RunHooks& hooks,
                            const std::function<absl::Status(int, CorpusBatch&, Result*)>& work,
                            const std::function<absl::Status(Result&&)>& sink) {
    Cursor cursor;
    return RunOrdered<CorpusBatch, Result>(
        options_.threads, [&](CorpusBatch* batch) { return Next(&cursor, stage, hooks, batch); }, work, sink);
  }

  /// What was met so far. Passes do not count by themselves: a job's first pass calls the functions below.
  const DamageCount& damage() const { return damage_; }
  void ReportDamage(const Damage& damage, const RunHooks& hooks);
  void ReportRefused(const CorpusBatch& batch, const RunHooks& hooks);
  /// Says once for each record, whatever number of pieces it comes in.
  void ReportOversized(const Record& record, const RunHooks& hooks);

  /// "name:offset" of a place in the input, for messages.
  std::string Where(uint32_t file, uint64_t offset) const;

 private:
  Corpus() = default;

  // Where a pass is.
  struct Cursor {
    uint32_t file = 0;
    std::unique_ptr<RecordReader> reader;
    uint64_t bytes = 0;
  };
  absl::StatusOr<bool> Next(Cursor* cursor, const std::string& stage, const RunHooks& hooks,
                            CorpusBatch* batch);

  CorpusOptions options_;
  std::vector<InputFile> files_;
  std::string spool_;  // standard input, to be deleted
  uint64_t bytes_ = 0;
  DamageCount damage_;
  Location last_oversized_{.file = UINT32_MAX};
};

}  // namespace refrain
