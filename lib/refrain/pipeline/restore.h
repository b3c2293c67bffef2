#pragma once
/// Undo: the input again, from clean output and removal log.

#include <cstdint>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"

namespace refrain {

struct RestoreOptions {
  std::string run;  ///< folder of a dedup run
  /// Folder for the restored files; made if it is not there; files in it are not overwritten. One that holds
  /// a run, this one or another, is refused.
  std::string out;
};

struct RestoreSummary {
  uint64_t files = 0;
  uint64_t records = 0;
  uint64_t records_put_back = 0;
  uint64_t spans_put_back = 0;
  DamageCount
      lost;  ///< places in damaged files that the run could not read, so that nobody can give them back
};

/// Writes each input file of the run under its name in clean output: JSONL and plain text byte for byte as
/// read (compressed as before, though not with the same compressed bytes), WARC and HTML as JSONL of the
/// extracted texts. Streams both; memory holds one record. Errors: NotFound where `run` is no run,
/// FailedPrecondition where `out` holds a run or a file of that name, DataLoss where
/// clean output and log do not fit or the content differs from what the run read.
absl::StatusOr<RestoreSummary> Restore(const RestoreOptions& options, const RunHooks& hooks);

}  // namespace refrain
