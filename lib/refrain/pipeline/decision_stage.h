#pragma once
/// What comparing decided, in a stage file of its own: a run that died while it wrote does not compare again.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/decisions.h"
#include "refrain/pipeline/dedup.h"
#include "refrain/pipeline/stage_file.h"

namespace refrain {

/// What is known of a run when all is compared, besides what goes.
struct ComparedFacts {
  uint64_t pages = 0;          ///< of the table, those of --against counted
  uint64_t matches_bytes = 0;  ///< of matches.jsonl.zst, which stands beside clean output already
  uint64_t matches_hash = 0;   ///< of the same (HashFile)
  uint64_t compared = 0, matches = 0, skipped = 0;
  uint64_t dropped_exact = 0, dropped_near = 0, dropped_bytes = 0, kept_in_part = 0;
  uint64_t passages_cut = 0, passage_bytes = 0;
  std::vector<DedupExample> page_examples, passage_examples;
};

/// A page that goes, or of which passages go, or both.
struct DecidedPage {
  uint32_t page = 0;
  bool drops = false;
  DroppedPage dropped;  ///< if it drops
  std::vector<CutPassage> cuts;
};

/// Bytes of the text of a page.
using TextBytes = std::function<uint32_t(uint32_t page)>;

/// As bytes for a stage file, and back. False if `bytes` are not what was made of facts; of pages of a table
/// of `pages`, none of them its own witness, in their order, with spans that lie in their texts.
void AppendFacts(const ComparedFacts& facts, std::string* bytes);
bool TakeFacts(std::string_view bytes, ComparedFacts* facts);
void AppendDecided(const DecidedPage& decided, std::string* bytes);
bool TakeDecided(std::string_view bytes, uint32_t pages, const TextBytes& text_bytes,
                 std::vector<DecidedPage>* decided);

/// A number that says whether a file is what it was. DataLoss if it cannot be read.
absl::StatusOr<uint64_t> HashFile(const std::string& path);

/// Writes FOLDER/decisions: facts, then what `decisions` says of each page. Errors: those of StageWriter and
/// of Decisions.
absl::Status WriteDecisions(const std::string& folder, const StageFields& fields, const ComparedFacts& facts,
                            const Decisions& decisions);

/// What WriteDecisions left. Not thread safe.
class DecisionStage {
 public:
  /// Null if there is none. Errors: those of StageReader, with what to do.
  static absl::StatusOr<std::unique_ptr<DecisionStage>> Open(const std::string& folder,
                                                             const StageFields& fields);
  const ComparedFacts& facts() const { return facts_; }
  /// Adds all of it to `decisions`, which has none yet. DataLoss, with what to do, for a file that does not
  /// fit.
  absl::Status Read(const TextBytes& text_bytes, Decisions* decisions);

 private:
  std::string path_;
  std::unique_ptr<StageReader> reader_;
  ComparedFacts facts_;
};

}  // namespace refrain
