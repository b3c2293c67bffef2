#pragma once
/// What dedup can be told on a command line: one table for `dedup` and for `explain --plan`, which takes the
/// same words.

#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "command.h"
#include "flags.h"
#include "refrain/pipeline/dedup.h"

namespace refrain::cli {

/// What the flags write into.
struct DedupState {
  DedupOptions options;
  Talk talk;
  bool json = false;
  double recall = 0;        ///< asked for with --recall; 0: the default banding
  std::string bands;        ///< asked for with --bands
  std::string source_list;  ///< a file
};

/// The flags; they hold on to `state`.
std::vector<Flag> DedupFlags(const std::shared_ptr<DedupState>& state);
/// Sets what follows from several flags together. To be called when all are taken.
absl::Status Settle(DedupState* state);

}  // namespace refrain::cli
