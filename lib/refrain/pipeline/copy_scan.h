#pragma once
/// What `copies` needs of each page: its main text's anchors and band keys.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/copies.h"
#include "refrain/pipeline/copy_candidates.h"
#include "refrain/pipeline/copy_compare.h"
#include "refrain/pipeline/dates.h"
#include "refrain/pipeline/main_text.h"
#include "refrain/pipeline/page_source.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/signature.h"

namespace refrain {

/// What one batch gave.
struct CopyScanResult {
  struct ScannedPage {
    PageEntry entry;
    PageFacts facts;
    Key128 exact;  ///< of its main text
    std::string id;
    std::string source;  ///< empty: unknown
    uint8_t agency = 0;
    std::string left_out;  ///< packed LeftOut; empty if nothing
    uint32_t keys = 0;     ///< how many of `keys` are its
  };
  std::vector<ScannedPage> pages;
  std::vector<MeetingKey> keys;  ///< their pages left open
  std::vector<Damage> damage;
  std::vector<Record> oversized;  ///< without their bytes
  CorpusBatch place;              ///< the batch without its records
  uint64_t records = 0;
  uint64_t left_out_bytes = 0;
  UnreadDates unread_dates;
};

/// Scans batches. One for each thread.
class CopyScanner {
 public:
  /// `furniture` may be null; `number`: of the corpus in it.
  CopyScanner(const Corpus& corpus, const CopiesOptions& options, const CorpusFurniture* furniture,
              size_t number);
  absl::Status Scan(CorpusBatch& batch, CopyScanResult* result);

 private:
  absl::Status ScanPage(const Page& page, const Record& record, uint64_t batch, CopyScanResult* result);
  // Fills left_out_.
  absl::Status FindMainText(const Page& page, uint32_t number);
  // Fills anchors_.
  void MakeAnchors();
  // Of those from `first` on.
  void DropRepeated(size_t first, std::vector<MeetingKey>* keys);
  void AddKeys(CopyScanResult* result, CopyScanResult::ScannedPage* scanned);

  const Corpus& corpus_;
  const CopiesOptions& options_;
  const CorpusFurniture* const furniture_;
  const size_t number_;
  std::optional<FurnitureSpans> furniture_spans_;
  std::vector<Span> spans_;
  const NoisePlan plan_;
  PageSource source_;
  NoisyTokenizer tokenizer_;
  Page page_;
  Tokens tokens_;
  Tokens words_;
  PageRepeatFinder repeat_finder_;
  PageRepeats repeats_;
  LeftOut left_out_;
  ShingleMaker anchor_maker_;
  PlacedShingles placed_;
  std::span<const uint64_t> anchors_;  // of either
  std::vector<uint64_t> shingles_;
  std::vector<uint64_t> winnow_scratch_;
  std::vector<uint32_t> chosen_;
  std::vector<uint32_t> key_slots_;
  std::vector<uint64_t> bands_;
  PageSigner signer_;
};

}  // namespace refrain
