#pragma once
/// How fast the stages of `page` and `dedup` are on somebody's own input: from the file to sorted keys. What
/// comes behind, comparing and writing, depends on how much of the input is alike; run.json has its seconds.
///
///   BenchOptions options;
///   options.corpus.inputs = {"crawl.warc.gz"};
///   options.corpus.threads = 8;
///   absl::StatusOr<BenchSummary> summary = Bench(options, {});
///   summary->one.TextBytesPerSecond(Stage::kInflate);
///   Bottleneck(*summary);   // "Inflating takes 48 % of the time: ..."

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/hash.h"
#include "refrain/base/stage_clock.h"
#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/corpus.h"

namespace refrain {

struct BenchOptions {
  CorpusOptions corpus;       ///< `threads` of the second measurement; `sample` how much is measured
  PageRepeatOptions repeats;  ///< of the page scope
  bool passages = false;      ///< signatures of paragraphs too, as dedup --unit both makes them
  /// Small input is gone through until one thread has worked this long. A pass over a sample of 256 MB takes
  /// some seconds by itself.
  double least_seconds = 1;

  /// With the default sample: as much as shows the average of a dump, and little enough to wait for.
  BenchOptions() { corpus.sample = 256'000'000; }
  absl::Status Validate() const;
};

/// Seconds of one stage in one pass, averaged over the rounds.
struct StageSeconds {
  double serial = 0;  ///< in code that one thread runs at a time: reading, inflating, splitting, sorting keys
  double shared = 0;  ///< in code that all threads run side by side, all of them together
  double sum() const { return serial + shared; }
};

/// One way of going through the sample.
struct BenchRun {
  int threads = 1;
  uint64_t text_bytes = 0;  ///< of the sample's pages
  std::array<StageSeconds, kStages> stages{};
  double wall = 0;  ///< seconds from begin to end of a pass, by the clock on the wall

  const StageSeconds& operator[](Stage stage) const { return stages[static_cast<size_t>(stage)]; }
  double busy() const;  ///< of all stages together
  /// Of busy(), in [0, 1].
  double Share(Stage stage) const;
  /// Of uncompressed text, if nothing but this stage were to be done, on all threads where they can share it.
  /// Infinite for a stage that took no time.
  double TextBytesPerSecond(Stage stage) const;
  /// Of uncompressed text, from begin to end, by the clock on the wall.
  double TextBytesPerSecond() const { return static_cast<double>(text_bytes) / wall; }
};

/// A digest of keys in order.
class KeyDigest {
 public:
  void Add(std::span<const uint64_t> keys);
  std::string Hex() const;

 private:
  Key128 digest_;
};

struct BenchSummary {
  std::string kernel;
  uint64_t files = 0;         ///< that the sample reaches into
  uint64_t files_all = 0;     ///< of the input
  uint64_t stored_bytes = 0;  ///< of the sample, as files hold them
  uint64_t record_bytes = 0;  ///< of the sample, inflated: headers, markup and text
  uint64_t pages = 0;
  uint64_t text_bytes = 0;
  bool whole = false;     ///< the sample is all of the input
  uint64_t rounds = 0;    ///< passes over it, with one thread and again with all
  double first_read = 0;  ///< seconds that reading took the first time, before anything was cached
  std::string digest;  ///< KeyDigest of the band keys of each page: equal for equal texts, whatever they were
                       ///< stored as and whatever threads and kernel
  BenchRun one;        ///< with one thread
  BenchRun all;        ///< with corpus.threads, in the same rounds; equals `one` if that is 1
  DamageCount damage;
};

/// Goes through the sample once to read it, then in rounds, with one thread and with all. Nothing is written
/// (standard input is spooled). Memory: that of reading (CorpusOptions), and some 100 MB for keys at the
/// most. Errors: those of Corpus::Open; InvalidArgument if no page has text, or none of the inputs can be
/// read; Cancelled.
absl::StatusOr<BenchSummary> Bench(const BenchOptions& options, const RunHooks& hooks);

/// The stage that takes longest, and its share of the time. If reading took longer than that when the files
/// were read for the first time, it is reading, and its share is that of a run that reads them so.
struct BenchLimit {
  Stage stage = Stage::kRead;
  double share = 0;  ///< of the time that one thread is busy, (0, 1]
};
BenchLimit LimitOf(const BenchSummary& summary);

/// What the bottleneck is and what follows, in a sentence or two for people.
std::string Bottleneck(const BenchSummary& summary);

}  // namespace refrain
