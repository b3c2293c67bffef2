#pragma once
/// Undo: the input again, from clean output and removal log.

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/byte_trail.h"
#include "refrain/pipeline/corpus.h"

namespace refrain {

struct RestoreOptions {
  std::string run;  ///< folder of a dedup run
  /// Folder for the restored files; made if it is not there; files in it are not overwritten. One that holds
  /// a run, this one or another, is refused.
  std::string out;
};

/// A file of clean output that is not what the run wrote, though it can be read.
struct ChangedFile {
  std::string name;    ///< under clean/
  ChangedBytes bytes;  ///< where it first differs, uncompressed
};

struct RestoreSummary {
  uint64_t files = 0;
  uint64_t records = 0;
  uint64_t records_put_back = 0;
  uint64_t spans_put_back = 0;
  /// Of files, those that are not what the run read, by their name in `out`: the others are whole.
  std::vector<std::string> not_whole;
  /// Of those, the ones whose clean file somebody changed.
  std::vector<ChangedFile> changed;
  DamageCount damage;  ///< places in clean output and removal log that could not be read
  DamageCount
      lost;  ///< places in damaged files that the run could not read, so that nobody can give them back
};

/// Writes each input file of the run under its name in clean output: JSONL and plain text byte for byte as
/// read (compressed as before, though not with the same compressed bytes), WARC and HTML as JSONL of the
/// extracted texts. Streams both, the log sixteen times more at most if it is damaged; memory holds one
/// record.
///
/// What is damaged in the run does not end it: each place is said by `hooks.warn`, with path and byte. From
/// there to the end of the file that it is about, nobody knows which record a row of the log belongs to:
/// clean records stay as they are, and removed ones follow in their order. Whether a file is whole, its
/// digest says; each that is not is said and listed, and whether its clean file was changed or else the log.
/// Errors: NotFound where `run` is no run, FailedPrecondition where `out` holds a run or a file of that name,
/// DataLoss where nothing at all can be restored.
absl::StatusOr<RestoreSummary> Restore(const RestoreOptions& options, const RunHooks& hooks);

}  // namespace refrain
