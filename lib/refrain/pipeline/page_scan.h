#pragma once
/// The first pass: what each page is, without its text.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/stage_clock.h"
#include "refrain/match/buckets.h"
#include "refrain/match/page_repeats.h"
#include "refrain/pipeline/block_table.h"
#include "refrain/pipeline/dates.h"
#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/page_source.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/sketch/signature.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// What one batch gave.
struct ScanResult {
  struct ScannedPage {
    PageEntry entry;
    PageFacts facts;
    Key128 exact;  ///< of its tokens
    std::string id;
    std::string repeats;  ///< what its repair cuts, by PackRepeats; empty if nothing
    bool banded = false;  ///< has keys in band_keys
    uint32_t blocks = 0;  ///< how many of `blocks` are its
  };
  std::vector<ScannedPage> pages;
  std::vector<uint64_t> band_keys;  ///< banding.bands for each banded page, in order
  std::vector<ScannedBlock> blocks;
  std::vector<uint64_t> block_keys;  ///< banding.bands for each block, in order
  std::vector<Damage> damage;
  std::vector<Record> oversized;       ///< without their bytes
  std::vector<DedupExample> examples;  ///< repeats, of the first pages that have some
  std::string refusal;
  CorpusBatch place;   ///< the batch without its records
  bool known = false;  ///< the batch was not looked at: an earlier run did
  uint64_t records = 0;
  std::map<std::string, uint64_t> warc_records;  ///< as in DedupSummary
  uint64_t invalid_bytes = 0;
  UnreadDates unread_dates;
  uint64_t repeat_spans = 0;
  uint64_t repeat_bytes = 0;
};

/// What a page's repair cuts, as bytes.
void PackRepeats(const PageRepeats& repeats, std::string* bytes);
/// REQUIRES: AreRepeats, or bytes of this process.
void UnpackRepeats(std::string_view bytes, PageRepeats* repeats);
/// Whether bytes from a file are what PackRepeats made of the repeats of a page of so many bytes.
bool AreRepeats(std::string_view bytes, uint32_t text_bytes);

/// How much of a text an example shows.
inline constexpr size_t kExampleBytes = 120;

/// The first bytes of a text on one line, cut between code points, for people.
std::string Beginning(std::string_view text, size_t bytes);

/// Counts the date of a page of `corpus` that has one, where `seconds`, what ParseDate made of it, is none.
void CountDate(const Page& page, int64_t seconds, const Corpus& corpus, UnreadDates* unread);

/// Scans batches. One for each thread. Tells `clock`, if there is one, which stage begins; it must be started
/// then.
class PageScanner {
 public:
  PageScanner(const Corpus& corpus, const DedupOptions& options, StageClock* clock = nullptr);
  absl::Status Scan(CorpusBatch& batch, ScanResult* result);

 private:
  void ScanPage(const Page& page, const Record& record, ScanResult* result);

  const Corpus& corpus_;
  const DedupOptions& options_;
  PageSource source_;
  Page page_;
  Tokens tokens_;
  PageRepeatFinder repeat_finder_;
  PageRepeats repeats_;
  ShingleMaker shingle_maker_;
  PageSigner signer_;
  BlockScanner block_scanner_;
  StageClock* const clock_;
};

}  // namespace refrain
