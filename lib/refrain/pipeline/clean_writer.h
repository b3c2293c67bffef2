#pragma once
/// The last pass: each record as it stays, and what is taken out of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include "refrain/io/output.h"
#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/decisions.h"
#include "refrain/pipeline/output_mode.h"
#include "refrain/pipeline/page_source.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/pipeline/text_store.h"
#include "refrain/report/model.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// What was decided, for all writers.
struct CleanPlan {
  const PageTable& table;
  const Decisions& decisions;
  const TextStore& repairs;  ///< see PackRepeats
  bool keep_unique = false;
  OutputMode mode = OutputMode::kClean;
  std::function<std::string(uint32_t page)> display_id;  ///< thread safe
};

/// Cuts by a rule of the run's own, from pages that stay. One for each thread.
class PageCuts {
 public:
  virtual ~PageCuts() = default;
  /// Whether something may go from the page.
  virtual bool Any(uint32_t number) const = 0;
  /// Replaces `cuts`, sorted and disjoint. Appends to `aside` what the run wants to have in the order of
  /// pages.
  virtual absl::Status Cut(uint32_t number, const Page& page, std::vector<Span>* cuts,
                           std::string* aside) = 0;
  /// What is said about a span of the last Cut; `span`, `place`, `at` and `raw` are filled in later.
  virtual RemovedSpanRow Row(size_t cut) const = 0;
};

/// What one batch gives to write.
struct CleanResult {
  uint32_t file = 0;
  bool lines = true;       ///< clean output has one record a line
  bool extracted = false;  ///< the lines are ours, made of HTML or WARC records
  std::vector<Key128>
      hashes;  ///< of each record as read, extracted ones as the lines they became; oversized ones left out
  std::string name;  ///< of the clean file, relative to clean/; empty for a refused input
  Compression compression = Compression::kNone;
  bool opens_file = false;
  bool closes_file = false;
  uint64_t lost = 0;             ///< places that could not be read: restore cannot give back what stood there
  bool begins_left_out = false;  ///< the first record is one of these, and may have begun in the batch before
  uint64_t pages = 0;            ///< of the table that were met
  bool whole_file_gone = false;  ///< a file of one page, and it was dropped
  uint64_t first_record = UINT64_MAX;  ///< numbers of the batch's first and last record
  uint64_t last_record = UINT64_MAX;
  std::string clean;    ///< OutputMode::kMark: documents that the input does not hold as lines or as a file
  std::string removed;  ///< rows of the removal log
  std::string marks;    ///< OutputMode::kMark: a row for each record
  std::string aside;    ///< see PageCuts
};

/// What is said where a page is gone that was there in the first pass.
absl::Status ChangedMeanwhile(const std::string& path, uint64_t offset);

/// Writes or marks batches. One for each thread. DataLoss, with path and byte offset, where a record is not
/// as long or not where it was in the first pass: what was decided is no longer about it.
class CleanWriter {
 public:
  CleanWriter(const Corpus& corpus, const CleanPlan& plan, std::unique_ptr<PageCuts> cuts = nullptr)
      : corpus_(corpus), plan_(plan), source_(corpus), cuts_(std::move(cuts)) {}
  absl::Status Write(CorpusBatch& batch, CleanResult* result);

 private:
  // What was read of the page is what is there now: of extracted ones first the place, then what they say.
  absl::Status CheckUnchanged(uint32_t number, const Record& record) const;
  absl::Status CheckSamePage(uint32_t number, const Record& record, bool is_page) const;
  bool Untouched(uint32_t number) const;
  void PassThrough(const Record& record, CleanResult* result);
  std::string OwnId(uint32_t number) const;
  void MarkNothing(std::string_view id, CleanResult* result) const;
  void Mark(std::vector<MarkedSpan> spans, const RemovedPlace& place, CleanResult* result);
  absl::Status WritePage(uint32_t number, const Record& record, CleanResult* result);
  void WriteWithout(const std::vector<Span>& cut, const RemovedPlace& place,
                    const std::function<RemovedSpanRow(size_t)>& row, CleanResult* result);
  std::vector<Span> BlocksWithoutUnique(const std::vector<Span>& unique);

  const Corpus& corpus_;
  const CleanPlan& plan_;
  PageSource source_;
  Page page_;
  PageImage image_;
  std::string_view original_;  // what restore gives back for the page
  Tokens tokens_;
  PageRepeats repeats_;
  std::string packed_;
  std::vector<Span> raw_cut_;
  const std::unique_ptr<PageCuts> cuts_;  // or none
  std::vector<Span> cut_;
};

}  // namespace refrain
