#pragma once
/// How a run divides the memory it may use.

#include <cstdint>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"

namespace refrain {

/// Bytes of memory that the process has had at the most.
uint64_t PeakMemory();

/// Returns what the run may use: `asked`, or half of what is free if that is 0. Half of it is for records
/// (corpus->memory), half for what is known about pages. A record that is too large for its half even alone
/// is not parsed; that is decided by what was asked for only, never by what happens to be free.
/// ResourceExhausted if nothing could be read.
absl::StatusOr<uint64_t> SettleMemory(uint64_t asked, CorpusOptions* corpus);

}  // namespace refrain
