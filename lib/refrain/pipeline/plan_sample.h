#pragma once
/// What a plan finds where it looks.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/plan_relations.h"

namespace refrain {

/// What one stretch gave, or the beginning of a file that cannot be entered in the middle. Not yet weighed.
struct Found {
  std::vector<SampledPage> pages;
  std::vector<uint64_t> band_keys;  ///< of pages with tokens, in order
  double weight = 0;
  uint64_t stored_bytes = 0, record_bytes = 0, page_bytes = 0, text_bytes = 0, id_bytes = 0, blocks = 0;
  uint64_t repaired = 0, repaired_bytes = 0, repeat_spans = 0, repeat_bytes = 0;
  /// Of records as clean output would have them: how large they are for their text, and what compression
  /// makes of them. Looked at in some stretches only.
  uint64_t clean_text = 0, clean_bytes = 0, clean_stored = 0, removed_stored = 0;
  double seconds = 0;        ///< of processor, to do what the first pass of a run does
  double clean_seconds = 0;  ///< to look at clean output besides
  bool as_read = true;       ///< clean output has records as they were read, not made of what was extracted
  bool compressed = false;
  // What was passed over.
  uint32_t file = 0;
  InputFormat format = InputFormat::kAuto;
  std::vector<Damage> damage;
  std::vector<Record> oversized;  ///< without their bytes
  FieldsSeen fields;
  CharsetGuesses guesses;
};

struct Sample {
  std::vector<Found> found;                 ///< in order of the input
  std::map<uint32_t, std::string> refused;  ///< why, by file: where nothing can be read of it
  uint64_t bytes = 0;                       ///< as stored
  bool whole = false;                       ///< all of the input was to be looked at
  double seconds = 0;                       ///< from beginning to end
};

/// Looks at about `bytes` of the input in options.corpus.threads threads. What cannot be read is passed
/// over and listed.
/// Errors: Cancelled; ResourceExhausted.
absl::StatusOr<Sample> TakeSample(Corpus& corpus, const DedupOptions& options, uint64_t bytes,
                                  const RunHooks& hooks);

/// Says and counts in `corpus` what the sample passed over, as a run does of its input.
void ReportPassedOver(const Sample& sample, Corpus& corpus, const RunHooks& hooks);

}  // namespace refrain
