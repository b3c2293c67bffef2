#pragma once
/// What a dedup run will take and give, estimated from a sample before it begins.
///
///   absl::StatusOr<DedupPlan> plan = PlanDedup(options, {});
///   plan->temporary_disk;   // bytes that --tmpdir must have room for
///
/// The sample is spread over the input by its bytes: stretches of a quarter of a megabyte at places drawn by
/// a fixed rule, each page counted for as many as its stretch stands for. Files that cannot be entered in the
/// middle (compressed ones, a text or HTML page a file) are read from their beginning.
///
/// How many pages go is the hard part: of the copies of a page a sample of one page in fifty shows one in
/// fifty. So each page's copies inside its own stretch, which are all seen, and elsewhere, which are seen by
/// chance, are told apart, and the numbers of copies that make what was seen most likely are what is said
/// (degree_shares.h). Estimates are for inputs whose text the sample is typical of; the numbers of a sorted
/// dump are as good as those of a mixed one, those of a few huge clusters among many files less so.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/base/json.h"
#include "refrain/pipeline/dedup.h"

namespace refrain {

struct DedupPlan {
  uint64_t files = 0;
  uint64_t input_bytes = 0;    ///< as stored
  uint64_t sampled_bytes = 0;  ///< of them
  uint64_t sampled_pages = 0;
  bool whole = false;  ///< the sample is all of the input
  DamageCount damage;  ///< in the sample, and files that cannot be opened; not in a plan that a run makes

  // All below are estimates of what run.json will say, or of what --dry-run would.
  uint64_t pages = 0;
  uint64_t text_bytes = 0;
  uint64_t pages_kept = 0;
  uint64_t temporary_disk = 0;  ///< in --tmpdir, at the most
  uint64_t output_bytes = 0;    ///< of all files in --out
  uint64_t stage_bytes = 0;     ///< in --out besides, until the run ends
  uint64_t memory = 0;          ///< peak, resident
  double seconds = 0;
  /// Chance that a pair of this resemblance is compared: at .5, .55, ... 1.
  std::vector<std::pair<double, double>> recall;
};

/// Reads the sample, in options.corpus.threads threads, and writes nothing (standard input is spooled). It is
/// about as large as the square root of the input's bytes times 8 MB: 63 MB of 500 MB, 2.8 GB of a terabyte.
/// What is remembered of it, 700 bytes a page, is a sixteenth of the run's memory at the most.
/// `least_sample`: however small the input is. `out` is not needed. What is damaged is left out,
/// said by `hooks.warn` and counted. Errors: all that Dedup refuses before it reads (but for --tmpdir), of
/// `against` and a given `out` too; none of the inputs can be read.
absl::StatusOr<DedupPlan> PlanDedup(const DedupOptions& options, const RunHooks& hooks,
                                    uint64_t least_sample = uint64_t{32} << 20);

/// What the plan needs and file systems do not have, one line each for people: of --tmpdir, and of --out
/// unless it is a dry run. Empty if there is room, or nobody can tell.
std::vector<std::string> DiskWarnings(const DedupPlan& plan, const DedupOptions& options);

/// Appends the plan's fields to the object that `json` is in: docs/formats/plan.md.
void AppendPlanFields(const DedupPlan& plan, JsonWriter* json);

}  // namespace refrain
