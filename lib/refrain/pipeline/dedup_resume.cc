// What a dedup run leaves for one that goes on with it, and takes from one that died.

#include <filesystem>

#include <fmt/format.h>

#include "refrain/pipeline/dedup_run_internal.h"

namespace refrain {

absl::Status DedupRun::OpenStages() {
  if (absl::Status status = folder_->MakeStages(options_.resume); !status.ok()) return status;
  scan_stage_ = std::make_unique<ScanStage>(
      folder_->stages(), StageFields{{"options", options_.Id()}, {"inputs", InputsField(corpus_->files())}},
      options_.stage_bytes);
  next_line_.assign(corpus_->files().size(), 0);
  if (!options_.resume) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<DecisionStage>> decided =
      DecisionStage::Open(folder_->stages(), DecisionFields());
  if (!decided.ok()) return decided.status();
  decided_ = *std::move(decided);
  return scan_stage_->Read(options_.banding, static_cast<uint32_t>(corpus_->files().size()),
                           [this](ScanResult&& result) {
                             absl::Status added = AddScanned(std::move(result), *corpus_, false);
                             return added.ok() ? CheckMemory() : added;
                           });
}

// Unlike what was seen in the input, what was decided depends on what that was compared with.
StageFields DedupRun::DecisionFields() const {
  return {{"options", options_.Id()},
          {"inputs", InputsField(corpus_->files())},
          {"against", against_ == nullptr ? "nothing" : InputsField(against_->files())}};
}

absl::Status DedupRun::LeaveDecisions() {
  if (absl::Status status = matches_->Close(); !status.ok()) return status;
  const std::string path = folder_->path() + "/" + kMatchesName;
  const absl::StatusOr<uint64_t> hash = HashFile(path);
  if (!hash.ok()) return hash.status();
  std::error_code error;
  const uint64_t bytes = std::filesystem::file_size(path, error);
  return WriteDecisions(folder_->stages(), DecisionFields(),
                        {.pages = table_->size(),
                         .matches_bytes = bytes,
                         .matches_hash = *hash,
                         .compared = summary_.compared,
                         .matches = summary_.matches,
                         .skipped = summary_.skipped,
                         .dropped_exact = summary_.dropped_exact,
                         .dropped_near = summary_.dropped_near,
                         .dropped_bytes = summary_.dropped_bytes,
                         .kept_in_part = summary_.kept_in_part,
                         .passages_cut = summary_.passages_cut,
                         .passage_bytes = summary_.passage_bytes,
                         .page_examples = page_examples_,
                         .passage_examples = passage_examples_},
                        *decisions_);
}

absl::Status DedupRun::TakeDecisions() {
  const ComparedFacts& facts = decided_->facts();
  const auto changed = [](const std::string& what) {
    return absl::DataLossError(what +
                               " since it was written; give the command without --resume to start again");
  };
  if (facts.pages != table_->size())
    return changed(folder_->stages() + ": a file of it came, went or changed");
  const std::string path = folder_->path() + "/" + kMatchesName;
  std::error_code error;
  const absl::StatusOr<uint64_t> hash = HashFile(path);
  if (!hash.ok() || *hash != facts.matches_hash ||
      std::filesystem::file_size(path, error) != facts.matches_bytes)
    return changed(path + ": went or changed");
  absl::Status status =
      decided_->Read([this](uint32_t page) { return Entry(page).text_bytes; }, decisions_.get());
  summary_.compared = facts.compared;
  summary_.matches = facts.matches;
  summary_.skipped = facts.skipped;
  summary_.dropped_exact = facts.dropped_exact;
  summary_.dropped_near = facts.dropped_near;
  summary_.dropped_bytes = facts.dropped_bytes;
  summary_.kept_in_part = facts.kept_in_part;
  summary_.passages_cut = facts.passages_cut;
  summary_.passage_bytes = facts.passage_bytes;
  page_examples_ = facts.page_examples;
  passage_examples_ = facts.passage_examples;
  return status;
}

}  // namespace refrain
