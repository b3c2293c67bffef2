#pragma once
/// What stands for each page and block, as JSONL: for people who compare, index or debug.

#include <functional>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"
#include "refrain/sketch/shingle.h"

namespace refrain {

struct FingerprintJobOptions {
  CorpusOptions corpus;
  int components = 128;  ///< of each block's signature, 1 to 4096
  double block_tokens =
      8;  ///< shortest block that gets a signature, in tokens; shorter ones have their exact key only
  ShingleOptions shingle;  ///< of pages

  absl::Status Validate() const;
};

/// Writes one object a page, in input order (docs/formats/fingerprint.md): its exact key, signature and
/// scaled sample, and its blocks with spans, exact keys and signatures.
absl::StatusOr<DamageCount> RunFingerprintJob(const FingerprintJobOptions& options, const RunHooks& hooks,
                                              const std::function<absl::Status(std::string_view)>& write);

}  // namespace refrain
