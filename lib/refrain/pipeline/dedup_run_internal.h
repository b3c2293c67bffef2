#pragma once
/// The state of one dedup run, stage by stage. Each stage is a member function in a file of its own: dedup.cc
/// (scan, order, the whole), dedup_pages.cc (which pages go), dedup_passages.cc (which blocks go),
/// dedup_open.cc (what is refused before reading), dedup_resume.cc (what is left for a run that goes on),
/// dedup_write.cc (files).

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "refrain/io/output.h"
#include "refrain/pipeline/block_table.h"
#include "refrain/pipeline/clean_files.h"
#include "refrain/pipeline/dates.h"
#include "refrain/pipeline/decision_stage.h"
#include "refrain/pipeline/decisions.h"
#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/page_compare.h"
#include "refrain/pipeline/page_order.h"
#include "refrain/pipeline/page_scan.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/pipeline/plan.h"
#include "refrain/pipeline/run_folder.h"
#include "refrain/pipeline/run_memory.h"
#include "refrain/pipeline/scan_stage.h"
#include "refrain/pipeline/text_store.h"

namespace refrain {

/// Closed when all is compared; the other files of a run are written behind that.
inline constexpr const char* kMatchesName = "matches.jsonl.zst";

/// Where a block is.
struct BlockEntry {
  uint32_t page = 0;
  Span span;
  uint32_t tokens = 0;
};

/// What a run reads, opened.
struct DedupInputs {
  MemoryShares memory;
  std::unique_ptr<Corpus> corpus;
  std::unique_ptr<Corpus> against;  ///< null if there is nothing to compare with
};

/// All that a run refuses before it reads: of its inputs, of `against` and of `out`, if there is one. Changes
/// nothing. Settles what follows for `options` (memory, where results are).
absl::StatusOr<DedupInputs> OpenInputs(DedupOptions* options, const RunHooks& hooks);

/// An estimate over an open corpus, whose options are those of `options`.
absl::StatusOr<DedupPlan> PlanDedup(Corpus& corpus, const DedupOptions& options, const MemoryShares& memory,
                                    const RunHooks& hooks, uint64_t least_sample);

class DedupRun {
 public:
  DedupRun(DedupOptions options, const RunHooks& hooks) : options_(std::move(options)), hooks_(hooks) {}
  absl::StatusOr<DedupSummary> Run();

 private:
  absl::Status RunStages();
  // Reads everything once: table_, and the keys of pages and blocks.
  absl::Status Scan(Corpus& corpus, bool against);
  absl::Status AddScanned(ScanResult&& result, Corpus& corpus, bool against);
  absl::Status AddBlock(const ScanResult& result, size_t at, uint32_t page);
  // Sources of the list that no page is of: it may be another crawl's, or spell them otherwise.
  void WarnOfIdleSources() const;
  absl::Status CheckMemory() const;
  // Bytes, of fingerprints and what is made of them: what is needed, and how much of that there may be.
  uint64_t MemoryNeeded() const;
  uint64_t MostMemory() const { return memory_.pages() / 16 * 13; }
  uint64_t StoreMemory() const { return memory_.store(); }
  SpillOptions Spilled() const { return {.tmpdir = options_.corpus.tmpdir, .memory = memory_.spilled()}; }
  // What is on disk in unnamed files now, and `more`.
  void NoteDisk(uint64_t more = 0);
  // Says what the run will take: to whoever asked for a dry run, or where it may be more than there is.
  absl::Status Foresee();
  // rank -> page and page -> rank, and for each rank the first rank with equal tokens.
  absl::Status Order();

  // dedup_pages.cc
  absl::Status ComparePages();
  absl::Status DecideByWitness(Buckets* buckets, std::vector<uint32_t>* witness);
  absl::Status DecideByAllPairs(Buckets* buckets, std::vector<uint32_t>* witness);
  // All pairs of which one is a verified one, or equal to it.
  absl::Status ExpandVerified(SpillSorter<MatchedEdge>* pairs);
  // `next`: by their later page; false at the end.
  absl::Status ReportPairs(const std::function<absl::StatusOr<bool>(MatchedPair*)>& next,
                           const std::vector<uint32_t>& witness);
  // The next candidates of a page that may go.
  absl::StatusOr<bool> NextCandidates(Buckets* buckets, uint32_t* rank, std::vector<uint32_t>* candidates);
  std::vector<std::unique_ptr<PageComparer>> Comparers();
  // Fills coarse_.
  absl::Status KeepCoarse();
  absl::StatusOr<bool> MayMatch(uint32_t one, uint32_t other) const;
  absl::StatusOr<std::vector<bool>> TextsToStore(Buckets* buckets) const;
  // Fills store_ with the texts of the pages for which wanted[page].
  absl::Status StoreTexts(const std::vector<bool>& wanted);

  // dedup_passages.cc
  absl::Status ComparePassages();
  absl::Status AddCuts(uint32_t page, const std::vector<CutPassage>& cuts);

  // dedup_resume.cc
  // What an earlier run left, if it is asked for: pages to table_, and what it decided to decided_. And a
  // place for what this one will leave.
  absl::Status OpenStages();
  StageFields DecisionFields() const;
  // All is compared: says so to a run that goes on.
  absl::Status LeaveDecisions();
  // What an earlier run decided, in place of comparing.
  absl::Status TakeDecisions();

  // dedup_write.cc
  absl::Status OpenOutputs();
  absl::Status WriteClean();
  absl::Status WriteClusters();
  absl::Status CloseOutputs();
  std::string RunJson() const;

  const PageEntry& Entry(uint32_t page) const { return (*table_)[page]; }
  // The name a page goes by in results.
  std::string DisplayId(uint32_t page) const;
  const InputFile& File(uint32_t file) const;
  bool Stopped() const { return hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed); }
  absl::Status Timed(const std::string& stage, const std::function<absl::Status()>& work);
  void AddExample(uint32_t page, const DroppedPage& why);
  absl::Status LeaveOutRepairsOfDropped();
  void ChooseExamples();
  // The beginning of a page's text, or of a span of it, if it can be read without a pass; else "".
  std::string TextOf(uint32_t page, Span span) const;

  DedupOptions options_;  // with what follows from --memory
  const RunHooks& hooks_;
  MemoryShares memory_;
  static constexpr size_t kExamples = 10;
  // Of repeats, while nobody knows which pages stay.
  static constexpr size_t kKnownExamples = 100;
  DedupSummary summary_;
  UnreadDates unread_dates_;
  std::vector<DedupExample> repeat_examples_, page_examples_, passage_examples_;
  std::vector<uint32_t> repeat_example_pages_;
  std::unique_ptr<Corpus> corpus_;
  std::unique_ptr<Corpus> against_;
  std::unique_ptr<RunFolder> folder_;
  std::unique_ptr<ScanStage> scan_stage_;   // null if nothing is to be left for a run that goes on
  std::unique_ptr<DecisionStage> decided_;  // null if pages are still to be compared

  std::unique_ptr<PageTable> table_;
  std::unique_ptr<SpillSorter<ExactItem>> exact_keys_;  // of pages with tokens: without any none are alike
  std::unique_ptr<TextStore> repairs_;                  // what page repair cuts (PackRepeats), by page
  std::unique_ptr<SpillSorter<KeyedItem>> page_keys_;   // item: page
  std::unique_ptr<SpillArray<BlockEntry>> blocks_;      // by page, then position
  std::unique_ptr<SpillSorter<ExactItem>> block_exact_keys_;  // item: block
  std::unique_ptr<SpillSorter<KeyedItem>> block_keys_;        // item: block
  std::vector<uint32_t> next_line_;  // by file: pages so far, for files whose records are not lines
  PageOrder pages_;
  std::vector<bool> plain_files_;         // by file: not compressed
  std::unique_ptr<TextStore> store_;      // texts, by page; of those that are not read in place
  std::vector<CoarseSignature> coarse_;   // by rank, of the first ones that memory has room for
  std::unique_ptr<TextStore> sets_;       // shingle sets, by page
  std::unique_ptr<TextStore> described_;  // matches that decided (Pack), by rank of the later page
  std::unique_ptr<SpillSorter<MatchedEdge>> verified_;  // ranks; only when all pairs are asked for
  std::unique_ptr<Decisions> decisions_;

  std::unique_ptr<CleanFiles> clean_files_;
  std::unique_ptr<OutputFile> matches_;
  std::unique_ptr<OutputFile> clusters_;
};

}  // namespace refrain
