#pragma once
/// Who shows whose text: pages compared across sources, by what their main texts share.
///
///   CopiesOptions options;
///   options.corpus.inputs = {"crawl/"};
///   options.out = "stories";
///   absl::StatusOr<CopiesSummary> summary = FindCopies(options, {});

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/match/page_repeats.h"
#include "refrain/match/passages.h"
#include "refrain/pipeline/copy_verdict.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/noise.h"

namespace refrain {

/// How pairs are written down.
enum class PairFormat : uint8_t { kRefrain, kPassim };

struct CopiesOptions {
  CorpusOptions corpus;
  std::string out;     ///< folder for results
  bool force = false;  ///< start again in a folder that holds a run
  std::string of;      ///< pages whose copies are looked for, and no others: file, folder or glob

  CopyThresholds thresholds;
  PassageOptions passages;
  bool discount_furniture = true;  ///< furniture of a source is not main text
  PageRepeatOptions repeats;       ///< what a page shows twice counts once
  Noise noise = Noise::kNone;
  bool all_pairs = false;  ///< list pairs of equal pages too, each with each
  PairFormat format = PairFormat::kRefrain;
  uint64_t memory = 0;  ///< bytes the run may use; 0: half of what is free

  absl::Status Validate() const;
  /// All that decides a result, as text.
  std::string Id() const;
};

struct CopiesSummary {
  uint64_t records = 0;
  uint64_t pages = 0;
  uint64_t text_bytes = 0;
  uint64_t unread_dates = 0;    ///< in no form that is read: their pages count as undated
  uint64_t left_out_bytes = 0;  ///< furniture and second copies within a page
  uint64_t sources = 0;         ///< known ones
  uint64_t compared = 0;
  uint64_t skipped = 0;                   ///< meetings that over-long buckets left out
  std::map<std::string, uint64_t> pairs;  ///< by verdict
  uint64_t stories = 0;
  uint64_t story_pages = 0;
  uint64_t asked = 0;       ///< pages of `of`
  uint64_t found = 0;       ///< of these, that another page is a mirror, copy or version of
  uint64_t found_part = 0;  ///< of the others, that another page has an excerpt or a quote of
  uint64_t same_ids = 0;
  DamageCount damage;
  std::vector<std::pair<std::string, double>> seconds;
  uint64_t peak_memory = 0;
  uint64_t temporary_disk = 0;
  uint64_t input_bytes = 0;
};

/// Writes matches.jsonl.zst, stories.jsonl, stories.csv, sources.csv and run.json (docs/formats/copies.md).
/// Errors: as Dedup.
absl::StatusOr<CopiesSummary> FindCopies(const CopiesOptions& options, const RunHooks& hooks);

}  // namespace refrain
