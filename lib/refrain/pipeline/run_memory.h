#pragma once
/// How a run divides the memory it may use.

#include <algorithm>
#include <cstdint>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"

namespace refrain {

/// Bytes of memory that the process has had at the most.
uint64_t PeakMemory();

/// Bytes that can be had without swapping: free memory and most of the page cache.
uint64_t AvailableMemory();

/// How a run's memory is divided (docs/scaling.md): half for records that are being worked on, half for what
/// is known about pages.
struct MemoryShares {
  uint64_t all = 0;

  uint64_t records() const { return all / 2; }
  uint64_t pages() const { return all - records(); }
  /// Bytes that each TextStore may hold before it writes to its file. However much memory there is: what goes
  /// to files is read back from the page cache as fast.
  uint64_t store() const { return std::min(uint64_t{16} << 20, pages() / 64); }
  /// Twice as much for each array or sorter that may spill: they are sorted or asked for at random.
  uint64_t spilled() const { return std::min(uint64_t{64} << 20, pages() / 32); }
};

/// Returns what the run may use: `asked`, or half of what is free if that is 0; sets corpus->memory. A record
/// that is too large for its half even alone is not parsed; that is decided by what was asked for only, never
/// by what happens to be free. ResourceExhausted if nothing could be read.
absl::StatusOr<MemoryShares> SettleMemory(uint64_t asked, CorpusOptions* corpus);

}  // namespace refrain
