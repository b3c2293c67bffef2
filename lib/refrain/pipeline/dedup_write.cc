// The files of a dedup run: clean corpus, removal log, matches, clusters, run.json.

#include <bit>
#include <span>

#include "refrain/base/cpu.h"
#include "refrain/base/json.h"
#include "refrain/base/version.h"
#include "refrain/pipeline/clean_writer.h"
#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/pipeline/summary_json.h"
#include "refrain/report/jsonl.h"

namespace refrain {

absl::Status DedupRun::OpenOutputs() {
  absl::StatusOr<std::unique_ptr<CleanFiles>> clean =
      CleanFiles::Create(*folder_, corpus_->files().size(), options_.mode, options_.corpus.threads);
  if (!clean.ok()) return clean.status();
  clean_files_ = *std::move(clean);
  for (const auto& [name, file] : {std::pair{kMatchesName, &matches_}, {"clusters.jsonl.zst", &clusters_}}) {
    if (file == &matches_ && decided_ != nullptr) continue;  // it is there
    absl::StatusOr<std::unique_ptr<OutputFile>> created =
        OutputFile::Create(folder_->path() + "/" + name, Compression::kZstd, Effort::kLow);
    if (!created.ok()) return created.status();
    *file = *std::move(created);
  }
  return absl::OkStatus();
}

absl::Status DedupRun::WriteClean() {
  const CleanPlan plan{.table = *table_,
                       .decisions = *decisions_,
                       .repairs = *repairs_,
                       .keep_unique = options_.keep_unique,
                       .mode = options_.mode,
                       .display_id = [this](uint32_t page) { return DisplayId(page); }};
  std::vector<std::unique_ptr<CleanWriter>> writers;
  for (int i = 0; i < std::max(1, options_.corpus.threads); ++i)
    writers.push_back(std::make_unique<CleanWriter>(*corpus_, plan));
  uint64_t pages = 0;  // of the file that is read
  return corpus_->ForEachBatch<CleanResult>(
      "writing", hooks_,
      [&](int worker, CorpusBatch& batch, CleanResult* result) {
        return writers[static_cast<size_t>(worker)]->Write(batch, result);
      },
      [&](CleanResult&& result) -> absl::Status {
        pages = (result.opens_file ? 0 : pages) + result.pages;
        if (result.closes_file) {
          const uint32_t first = table_->LowerBound(result.file, 0);
          if (const uint32_t missing = first + static_cast<uint32_t>(pages);
              missing < table_->LowerBound(result.file + 1, 0)) {
            PageFacts scratch;
            const absl::StatusOr<const PageFacts*> facts = table_->Facts(missing, &scratch);
            if (!facts.ok()) return facts.status();
            return ChangedMeanwhile(corpus_->files()[result.file].path, (*facts)->offset);
          }
        }
        return clean_files_->Add(std::move(result));
      },
      [&](int worker) {
        writers[static_cast<size_t>(worker)] = std::make_unique<CleanWriter>(*corpus_, plan);
      });
}

absl::Status DedupRun::WriteClusters() {
  const uint32_t size = static_cast<uint32_t>(table_->size());
  SpillSorter<MatchedEdge> drops(Spilled(), 32 + std::bit_width(size));  // by the rank of the kept page
  DroppedPage why;
  for (uint32_t page = 0; page < size; ++page) {
    if (!decisions_->drops(page)) continue;
    absl::Status status = decisions_->Read(page, &why);
    if (status.ok())
      status = drops.Add(MatchedEdge({.earlier = pages_.rank[page], .later = pages_.rank[why.witness]}));
    if (!status.ok()) return status;
  }
  if (absl::Status status = drops.Finish(); !status.ok()) return status;
  ClusterRow row;
  uint32_t kept = kNobody;
  const auto write = [&]() -> absl::Status {
    if (row.dropped.empty()) return absl::OkStatus();
    row.kept = DisplayId(pages_.by_rank[kept]);
    std::string json;
    AppendJson(row, &json);
    row.dropped.clear();
    return clusters_->Write(json);
  };
  while (true) {
    const absl::StatusOr<std::span<const MatchedEdge>> block = drops.Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return write();
    for (const MatchedEdge& edge : *block) {
      if (edge.pair().later != kept) {
        if (absl::Status status = write(); !status.ok()) return status;
        kept = edge.pair().later;
      }
      row.dropped.push_back(DisplayId(pages_.by_rank[edge.pair().earlier]));
    }
  }
}

absl::Status DedupRun::CloseOutputs() {
  if (absl::Status status = clusters_->Close(); !status.ok()) return status;
  return clean_files_->Close();
}

std::string DedupRun::RunJson() const {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Field("refrain", kVersionText)
      .Field("command", "dedup")
      .Field("options", options_.Id())
      .Field("kernel", KernelName());
  json.Field("token_version", kTokenVersion).Field("sketch_version", kSketchVersion);
  AppendRunFacts(*corpus_, *clean_files_, &json);
  AppendSummaryFields(summary_, &json);
  json.EndObject().EndLine();
  return out;
}

}  // namespace refrain
