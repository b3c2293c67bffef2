#pragma once
/// The input of a run, streamed: every pass over it sees the same batches in the same order.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/ordered.h"
#include "refrain/io/inputs.h"
#include "refrain/io/parse.h"
#include "refrain/io/records.h"
#include "refrain/pipeline/run_facts.h"

namespace refrain {

/// How far a run is, for a progress line.
struct Progress {
  std::string stage;         ///< "reading", "comparing", "writing"
  uint64_t bytes = 0;        ///< of input files as stored, this stage
  uint64_t bytes_total = 0;  ///< 0: not measured in bytes
};

struct DedupPlan;

/// How a job talks to whoever started it. Functions may be empty; none is called from two threads at once,
/// but one may be called while the other is.
struct RunHooks {
  std::function<void(const Progress&)> progress;
  std::function<void(const std::string&)> warn;  ///< one line for people, without its end
  std::function<void(const DedupPlan&)> plan;    ///< of a dry run of dedup, before it begins (plan.h)
  const std::atomic<bool>* stop = nullptr;       ///< set: the job ends with Cancelled at the next batch
};

struct CorpusOptions {
  std::vector<std::string> inputs;  ///< files, folders, globs, "-"
  ReaderOptions reader;
  ParseOptions parse;
  bool source_is_file = false;  ///< a page's source is its input file
  /// A pass ends when it has handed out records of this many bytes, at the end of a batch; 0: never. Of
  /// standard input no more is spooled than that takes.
  uint64_t sample = 0;
  int threads = 1;
  std::string tmpdir;   ///< standard input is spooled here
  std::string results;  ///< folder that the job writes to, if any: it is no input, however it is named
  /// Bytes that reading and working on records may take, about; 0: no bound. Batches wait for each other, so
  /// that results do not depend on it. Only a record that is too large by itself is not parsed: see
  /// LargestRecord.
  uint64_t memory = 0;
  bool memory_caps = false;  ///< reader.max_record is what it is because of `memory`
};

/// Bytes of memory that a byte of a record takes while it is worked on, where each word is a letter
/// (docs/scaling.md, which also says what takes more), and one of a batch besides.
inline constexpr uint64_t kMemoryPerByte = 36;
inline constexpr uint64_t kMemoryPerBatchByte = 4;

/// The largest record that can be worked on within `memory` bytes.
constexpr uint64_t LargestRecord(uint64_t memory) { return memory / (kMemoryPerByte + kMemoryPerBatchByte); }

/// What of the input could not be used.
struct DamageCount {
  uint64_t places = 0;             ///< damaged places and records
  uint64_t bytes = 0;              ///< dropped for them
  uint64_t oversized = 0;          ///< records above the reader's cap
  uint64_t refused_files = 0;      ///< files of a kind that is not read, or that cannot be opened
  std::vector<std::string> first;  ///< the first hundred, "path: byte 123: reason"
  bool any() const { return places + oversized + refused_files > 0; }
  void Add(const DamageCount& other);
};

/// One batch of one file.
struct CorpusBatch {
  uint32_t file = 0;
  uint64_t number = 0;       ///< of the batch in the pass
  bool opens_file = false;   ///< the file's first batch
  bool closes_file = false;  ///< its last; records may be empty
  bool refused =
      false;            ///< the file could not be opened or is of a kind that is not read; nothing else comes
  std::string refusal;  ///< why
  bool gzip = false;    ///< how the file is compressed
  bool zstd = false;
  InputFormat format = InputFormat::kAuto;
  FieldsSeen fields;  ///< of its pages: from whoever reads them
  CharsetGuesses guesses;
  RecordBatch records;
  std::shared_ptr<void> load;  ///< while it lives, the batch counts as under way

  /// The batch without its records: what is left to say about it when they were worked on.
  CorpusBatch Place() const;
  uint64_t bytes() const;  ///< of its records
  uint64_t Load() const;   ///< bytes of memory that it may take
};

/// Lets batches pass while those under way take no more than some memory, or when there is no other.
class LoadGate {
 public:
  explicit LoadGate(uint64_t most) : most_(most) {}
  /// Waits until there is room, and keeps it until the last copy of what it returns is gone.
  std::shared_ptr<void> Enter(uint64_t bytes);

 private:
  const uint64_t most_;
  std::mutex mutex_;
  std::condition_variable left_;
  uint64_t bytes_ = 0;
};

/// The list of input files, and passes over them.
class Corpus {
 public:
  /// Expands the inputs and spools standard input. Folders below named ones that hold a run of refrain, and
  /// `results`, are left out, with a warning. Errors: what ExpandInputs says; no inputs; an input in
  /// `results`; a folder named as input that holds a run; unwritable tmpdir; Cancelled while standard input
  /// is read.
  static absl::StatusOr<std::unique_ptr<Corpus>> Open(const CorpusOptions& options, const RunHooks& hooks);
  /// The clean output of a finished run, each file as what the run wrote: `options.inputs`, formats and names
  /// of fields are those of the run. Errors: as ReadRunFacts; DataLoss for a file that is not there.
  static absl::StatusOr<std::unique_ptr<Corpus>> OpenRun(const std::string& folder, CorpusOptions options);
  ~Corpus();

  /// By name. No two have one name, nor the name of a folder that another one lies in.
  const std::vector<InputFile>& files() const { return files_; }
  /// The name of the clean file of an input of this format: its own; where the pages of the file become lines
  /// of ours, with ".jsonl" in front of the compression's ending, and ".extracted" in front of that where
  /// another file has that name. Depends on the names of all inputs alone.
  const std::string& CleanName(uint32_t file, InputFormat format) const {
    return IsExtracted(format) ? extracted_names_[file] : files_[file].name;
  }
  /// The same for a file of lines about the input's pages: the clean file's name if that has a line for each.
  const std::string& LinesName(uint32_t file, InputFormat format) const {
    return format == InputFormat::kText ? extracted_names_[file] : CleanName(file, format);
  }
  /// Whether the pages of a file of this format come out as lines of ours.
  static bool IsExtracted(InputFormat format) {
    return format != InputFormat::kJsonl && format != InputFormat::kText;
  }
  /// Whether the file holds lines of ours: their members have the names we give them.
  bool holds_extracted(uint32_t file) const { return file < earlier_.size() && earlier_[file].extracted; }
  /// What the input was called that the file was made of. REQUIRES: holds_extracted(file).
  const std::string& name_in_run(uint32_t file) const { return earlier_[file].name; }
  const CorpusOptions& options() const { return options_; }
  uint64_t bytes() const { return bytes_; }
  /// In how many threads later passes do their work.
  void UseThreads(int threads) { options_.threads = threads; }

  /// One pass: `work(worker, batch, &result)` side by side, `sink(result)` in order (see RunOrdered).
  /// `renew(worker)` is called behind a batch so large that the worker should let go of its scratch memory.
  template <typename Result>
  absl::Status ForEachBatch(const std::string& stage, const RunHooks& hooks,
                            const std::function<absl::Status(int, CorpusBatch&, Result*)>& work,
                            const std::function<absl::Status(Result&&)>& sink,
                            const std::function<void(int)>& renew = {}) {
    struct Loaded {
      std::shared_ptr<void> load;
      Result result;
    };
    Cursor cursor;
    LoadGate gate(options_.memory);
    return RunOrdered<CorpusBatch, Loaded>(
        options_.threads,
        [&](CorpusBatch* batch) -> absl::StatusOr<bool> {
          absl::StatusOr<bool> more = Next(&cursor, stage, hooks, batch);
          if (more.ok() && *more) batch->load = gate.Enter(batch->Load());
          return more;
        },
        [&](int worker, CorpusBatch& batch, Loaded* loaded) {
          loaded->load = std::move(batch.load);
          absl::Status status = work(worker, batch, &loaded->result);
          if (batch.bytes() > kLargeBatch) {
            batch.records = {};
            if (renew) renew(worker);
          }
          return status;
        },
        [&](Loaded&& loaded) { return sink(std::move(loaded.result)); });
  }

  /// What was met so far. Passes do not count by themselves: a job's first pass calls the functions below.
  const DamageCount& damage() const { return damage_; }
  void ReportDamage(const Damage& damage, const RunHooks& hooks);
  /// At the end of each batch, in order, behind what is reported of it: `place` is the batch without its
  /// records, `pages` what came of them. At the end of a file one line says how many places in it were passed
  /// over, beyond the first five; and, for the first file of which it is true, another one that no line has a
  /// text, and which fields there are. Another one says which charset was guessed, if any was. At the end of
  /// the last file, ReportIdleFields.
  void ReportBatchEnd(const CorpusBatch& place, size_t pages, const RunHooks& hooks);
  /// Says once of each field that was given a name of its own, and that no page read so far has, what that
  /// leads to.
  void ReportIdleFields(const RunHooks& hooks);
  void ReportRefused(const CorpusBatch& batch, const RunHooks& hooks);
  /// Says once for each record, whatever number of pieces it comes in.
  void ReportOversized(const Record& record, const RunHooks& hooks);

  /// What the file is called in messages: the path it is opened by; "stdin".
  const std::string& Shown(uint32_t file) const;
  /// "path: byte 123" of a place in the input, for messages.
  std::string Where(uint32_t file, uint64_t offset) const;

 private:
  Corpus() = default;

  // Where a pass is.
  struct Cursor {
    uint32_t file = 0;
    std::unique_ptr<RecordReader> reader;
    uint64_t bytes = 0;
    uint64_t batches = 0;
    uint64_t handed_out = 0;  // bytes of records
  };
  absl::StatusOr<bool> Next(Cursor* cursor, const std::string& stage, const RunHooks& hooks,
                            CorpusBatch* batch);

  static constexpr uint64_t kLargeBatch = 8 << 20;

  CorpusOptions options_;
  std::vector<InputFile> files_;
  std::vector<std::string> extracted_names_;  // by file: of its clean file, if that has lines of ours
  std::vector<RunInput> earlier_;             // OpenRun, by file: what the run said about it
  int spool_ = -1;                            // standard input, in a file without a name
  uint64_t bytes_ = 0;
  void ReportPlace(std::string line, const RunHooks& hooks);

  DamageCount damage_;
  uint64_t told_ = 0;         // lines about damage
  uint64_t told_here_ = 0;    // of the file that is read
  uint64_t untold_here_ = 0;  // places in it of which nothing was said
  std::string fields_;        // of the first line without a text of the file that is read
  bool has_pages_ = false;    // the file that is read
  bool told_of_fields_ = false;
  void ReportGuesses(uint32_t file, const RunHooks& hooks);

  CharsetGuesses guesses_;  // of the file that is read
  uint64_t guessed_files_ = 0;
  FieldsSeen fields_seen_;
  bool told_of_idle_fields_ = false;
  Location last_oversized_{.file = UINT32_MAX};
};

}  // namespace refrain
