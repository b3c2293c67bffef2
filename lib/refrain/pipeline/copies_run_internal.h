#pragma once
/// The state of one run that looks for copies. Each stage is a member function in a file of its own:
/// copies.cc (scan, order, the whole), copies_candidates.cc (which pages are compared), copies_pairs.cc (what
/// they share), copies_stories.cc (who had it first).

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/spill_sort.h"
#include "refrain/io/output.h"
#include "refrain/match/buckets.h"
#include "refrain/match/decide.h"
#include "refrain/pipeline/copies.h"
#include "refrain/pipeline/copy_candidates.h"
#include "refrain/pipeline/copy_compare.h"
#include "refrain/pipeline/copy_scan.h"
#include "refrain/pipeline/dates.h"
#include "refrain/pipeline/page_order.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/pipeline/pair_order.h"
#include "refrain/pipeline/row_sorter.h"
#include "refrain/pipeline/run_folder.h"
#include "refrain/pipeline/text_store.h"

namespace refrain {

class CopiesRun {
 public:
  CopiesRun(CopiesOptions options, const RunHooks& hooks)
      : options_(std::move(options)),
        plan_(PlanFor(options_.noise, options_.passages.min_words)),
        thresholds_(options_.thresholds.Scaled(plan_.survives)),
        hooks_(hooks) {}
  absl::StatusOr<CopiesSummary> Run();

 private:
  static constexpr uint32_t kNoSource = UINT32_MAX;

  absl::Status RunStages();
  absl::Status OpenOf();
  absl::Status CountFurniture();
  absl::Status Scan(Corpus& corpus, bool of);
  absl::Status AddScanned(CopyScanResult&& result, Corpus& corpus, bool of);
  // rank -> page and page -> rank, and for each rank the first rank with equal tokens.
  absl::Status Order();

  // copies_candidates.cc
  // Fills candidates_, pair_order_ and wanted_.
  absl::Status FindPairs();
  absl::Status ChooseFirsts();
  absl::Status ChooseWithEquals();
  absl::Status Choose(const MatchedPair& pair, uint32_t meetings);
  absl::Status StoreTexts();
  bool MayMeet(uint32_t earlier, uint32_t later) const;
  uint32_t AskedFor() const;
  // Of two ranks, whether main texts have the same tokens.
  bool AreEqual(uint32_t rank, uint32_t other) const {
    return pages_.first_equal[rank] == pages_.first_equal[other];
  }
  uint32_t LeastShared() const { return plan_.anchors; }
  // With --of, and where all pairs are listed, equal pages do not stand for each other.
  bool Expands() const { return options_.all_pairs || of_ != nullptr; }

  // copies_pairs.cc
  absl::Status ComparePairs();
  std::vector<std::unique_ptr<CopyComparer>> Comparers();
  absl::StatusOr<bool> IsSameRecord(uint32_t a, uint32_t b) const;
  Verdict Judge(uint32_t a, uint32_t b, CopyScores scores) const;
  Span PartOfEarlier(const ComparedPair& found) const;
  void AppendRow(const CopyRow& row, const std::string& text_a, const std::string& text_b,
                 std::string* out) const;

  // copies_stories.cc
  absl::Status WriteStories();
  // Of the pages that a page contains, each less than half of it, the ones that end first and begin last, of
  // two sources: if these are apart, it is a round-up.
  struct Parts {
    uint32_t first_end = UINT32_MAX;
    uint32_t first_source = kNoSource;
    uint32_t last_begin = 0;
    uint32_t last_source = 0;
    void Add(Span part, uint32_t source);
    // What one source has apart are the pages of an article, one after the other.
    bool are_apart() const {
      return first_end <= last_begin && (first_source != last_source || first_source == kNoSource);
    }
  };
  bool IsRoundUp(uint32_t rank) const {
    return !parts_.empty() && parts_[pages_.first_equal[rank]].are_apart();
  }
  // As DecideFromMatches from one_story_, but round-ups come behind all others.
  absl::StatusOr<std::vector<uint32_t>> DecideStories();
  // What a story says of a member, found while the pair is compared.
  struct Told {
    Verdict verdict = Verdict::kQuote;
    double in_origin = 0;
    double of_origin = 0;
    Changes changes;
  };
  static void PackTold(const Told& told, std::string* bytes);
  static Told UnpackTold(std::string_view bytes);
  // A story, and by member what was told; empty: not yet.
  struct Story {
    uint32_t origin = 0;
    std::vector<uint32_t> members;
    std::vector<std::string> told;
  };
  absl::StatusOr<Told> Tell(uint32_t origin, uint32_t member, CopyComparer* comparer) const;
  // Leaves in `story` those members that are told: what matches the origin.
  absl::Status MakeStory(Story* story, CopyComparer* comparer, StoryRow* row) const;
  StoryMember MemberOf(uint32_t rank) const;
  void Weigh(uint32_t origin, const std::vector<uint32_t>& members, StoryRow* row) const;
  absl::Status WriteSources(SpillSorter<MatchedEdge>* shown, OutputFile* file) const;
  // Its name; empty if it is unknown.
  std::string SourceOf(const PageEntry& entry) const;

  std::string RunJson() const;
  const PageEntry& Entry(uint32_t page) const { return (*table_)[page]; }
  const PageEntry& Ranked(uint32_t rank) const { return Entry(pages_.by_rank[rank]); }
  std::string DisplayId(uint32_t page) const;
  const InputFile& File(uint32_t file) const;
  bool Stopped() const { return hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed); }
  absl::Status Timed(const std::string& stage, const std::function<absl::Status()>& work);
  absl::Status CheckMemory() const;
  SpillOptions Spilled() const;
  uint64_t StoreMemory() const;
  // For texts that each thread remembers while pages are compared.
  uint64_t CompareMemory() const;
  void NoteDisk(uint64_t more = 0);

  CopiesOptions options_;  // with what follows from --memory
  const NoisePlan plan_;
  const CopyThresholds thresholds_;  // with what follows from --noise
  const RunHooks& hooks_;
  uint64_t memory_ = 0;
  CopiesSummary summary_;
  UnreadDates unread_dates_;
  std::unique_ptr<Corpus> corpus_;
  std::unique_ptr<Corpus> of_;
  std::unique_ptr<RunFolder> folder_;
  std::unique_ptr<CorpusFurniture> furniture_;  // null: kept

  std::unique_ptr<PageTable> table_;
  std::vector<uint8_t> agencies_;  // by page
  std::vector<std::string> sources_;
  std::unordered_map<std::string, uint32_t> source_numbers_;
  uint64_t source_bytes_ = 0;  // of memory
  std::unique_ptr<SpillSorter<ExactItem>> exact_keys_;
  std::unique_ptr<SpillSorter<MeetingKey>> keys_;  // anchors and band keys
  std::unique_ptr<TextStore> left_out_;            // by page
  std::vector<uint32_t> next_line_;
  std::vector<bool> plain_files_;
  PageOrder pages_;
  std::unique_ptr<SpillSorter<MatchedEdge>> pairs_;   // that meet, as often as they do; ranks
  std::unique_ptr<SpillSorter<MatchedEdge>> chosen_;  // that are compared; ranks
  std::unique_ptr<PairOrder> pair_order_;
  std::unique_ptr<SpillSorter<MatchedEdge>> candidates_;  // the same, by pair_order_
  std::vector<bool> wanted_;                              // pages whose text has to be stored
  std::unique_ptr<RowSorter> rows_;                       // of pairs that share something
  std::unique_ptr<TextStore> store_;
  std::unique_ptr<SpillSorter<MatchedEdge>> one_story_;  // pairs that are one story; ranks
  std::vector<Parts> parts_;                             // by rank; not with --of
  std::unique_ptr<RowSorter> told_;                      // of most pairs of an origin and a member, packed
  std::unique_ptr<OutputFile> matches_;
};

}  // namespace refrain
