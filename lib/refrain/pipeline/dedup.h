#pragma once
/// The main job: pages repaired, near-duplicates dropped, everything written down so that it can be undone.
///
///   DedupOptions options;
///   options.corpus.inputs = {"crawl/"};
///   options.out = "clean-crawl";
///   absl::StatusOr<DedupSummary> summary = Dedup(options, {});

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/keep_order.h"
#include "refrain/pipeline/output_mode.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/shingle.h"

namespace refrain {

struct DedupOptions {
  CorpusOptions corpus;
  std::string out;                       ///< folder for results; not needed for a dry run
  OutputMode mode = OutputMode::kClean;  ///< what is written to `out`
  bool force = false;                    ///< start again in a folder that holds a run
  bool resume = false;                   ///< go on from what a run that did not end left in the folder
  bool dry_run = false;                  ///< count, write nothing

  bool pages = true;           ///< compare whole pages
  bool passages = false;       ///< cut paragraphs that another kept page shows
  bool repair = true;          ///< cut passages that a page shows twice
  double resemblance = 0.8;    ///< of pages and of blocks, exact, 0.1 to 1
  PageRepeatOptions repeats;   ///< within a page
  double passage_tokens = 20;  ///< shortest block compared across pages, in word equivalents
  ShingleOptions shingle;      ///< of pages
  Banding banding;             ///< which pairs are compared at all
  Keep keep = Keep::kBest;
  std::vector<std::string> sources;  ///< for Keep::kSourceList, first to keep first
  bool keep_unique = false;  ///< of a dropped page, keep the paragraphs with words that its witness lacks
  bool all_pairs = false;    ///< list every verified pair, not only each dropped page with its witness
  std::string against;       ///< an earlier run's folder: its pages stay, and what matches them goes
  uint64_t memory = 0;       ///< bytes the run may use; 0: half of what is free
  /// Bytes of the files in which the first pass leaves what it found, about 400 a page. What a run that dies
  /// has to do again is what belongs to one of them; to make one whole costs as much as the disk takes to say
  /// that it is written.
  uint64_t stage_bytes = 16 << 20;

  absl::Status Validate() const;
  /// All that decides a result, as text: two runs with equal ids over equal input give equal bytes.
  std::string Id() const;
};

/// An example of what goes, for people.
struct DedupExample {
  std::string verdict;
  std::string id;
  std::string witness;  ///< id of the kept page; empty for a repeat, whose witness is in the page itself
  double resemblance = 0;
  std::string text;  ///< its beginning
};

struct DedupSummary {
  uint64_t records = 0;  ///< read, damaged ones counted
  /// Of records, those of web archives by their WARC-Type, damaged ones counted; "other" for what the
  /// standard does not name. Many a record holds no page: this tells whether all of an archive was read.
  std::map<std::string, uint64_t> warc_records;
  uint64_t pages = 0;
  uint64_t text_bytes = 0;      ///< of all pages, as read
  uint64_t invalid_bytes = 0;   ///< that were not UTF-8
  uint64_t unread_dates = 0;    ///< dates in no form that is read: their pages count as undated
  uint64_t pages_repaired = 0;  ///< of those that stay, which have something cut as a repeat
  uint64_t repeat_spans = 0;
  uint64_t repeat_bytes = 0;
  uint64_t dropped_exact = 0;
  uint64_t dropped_near = 0;
  uint64_t kept_in_part = 0;   ///< near-duplicates of which the paragraphs with words of their own stay
  uint64_t dropped_bytes = 0;  ///< text of dropped pages
  uint64_t passages_cut = 0;
  uint64_t passage_bytes = 0;
  uint64_t same_ids = 0;  ///< pages whose id another page has too
  uint64_t compared = 0;  ///< pairs verified
  uint64_t matches = 0;   ///< rows in matches.jsonl.zst
  uint64_t skipped = 0;   ///< candidates that over-long buckets left out
  DamageCount damage;
  double expected_recall = 0;  ///< chance that a pair right at the threshold is compared
  std::vector<std::pair<std::string, double>> seconds;  ///< by stage
  uint64_t peak_memory = 0;                             ///< resident bytes
  uint64_t temporary_disk = 0;                          ///< bytes, most at the end of a stage
  uint64_t input_bytes = 0;                             ///< as stored
  std::vector<DedupExample> examples;                   ///< at most ten

  uint64_t kept() const { return pages - dropped_exact - dropped_near; }
};

/// Runs the job within `memory`: what it cannot hold goes to unnamed files in corpus.tmpdir. Errors:
/// InvalidArgument and NotFound for what the caller can mend (options, missing input), FailedPrecondition for
/// a folder in use, ResourceExhausted for a full disk or too little memory, Cancelled.
absl::StatusOr<DedupSummary> Dedup(const DedupOptions& options, const RunHooks& hooks);

}  // namespace refrain
