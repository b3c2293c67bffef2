#pragma once
/// What run.json says about a finished run, for those who read its files: restore, and a run that compares
/// with it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/io/parse.h"
#include "refrain/pipeline/byte_trail.h"

namespace refrain {

/// An input file of the run.
struct RunInput {
  std::string name;    ///< as the removal log calls it
  std::string clean;   ///< name under clean/; empty if the input was refused
  std::string digest;  ///< of what restore gives back
  uint64_t lost = 0;   ///< places that could not be read: what stood there is nowhere in the run
  bool lines = true;   ///< clean output has one record a line; else the file is one record
  bool extracted =
      false;  ///< the lines are ours, made of HTML or WARC records: of any length, with our own names
  std::optional<ByteTrail>
      written;  ///< of the clean file before compression, if there is one and it is known
};

struct RunFacts {
  std::vector<RunInput> inputs;
  uint64_t max_record = 0;
  FieldNames fields;  ///< of lines that were JSONL before
};

/// Errors: NotFound where `folder` holds no finished run, DataLoss where its run.json is not ours,
/// FailedPrecondition where the run only marked documents (OutputMode::kMark).
absl::StatusOr<RunFacts> ReadRunFacts(const std::string& folder);

}  // namespace refrain
