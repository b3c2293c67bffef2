// The files of a dedup run: clean corpus, removal log, matches, clusters, run.json.

#include <bit>
#include <span>

#include "refrain/base/base64.h"
#include "refrain/base/cpu.h"
#include "refrain/base/json.h"
#include "refrain/base/utf8.h"
#include "refrain/base/version.h"
#include "refrain/pipeline/clean_writer.h"
#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/pipeline/summary_json.h"
#include "refrain/report/jsonl.h"

namespace refrain {

absl::Status DedupRun::OpenOutputs() {
  for (const auto& [name, file] : {std::pair{"removed.jsonl.zst", &removed_},
                                   {"matches.jsonl.zst", &matches_},
                                   {"clusters.jsonl.zst", &clusters_}}) {
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
                       .display_id = [this](uint32_t page) { return DisplayId(page); }};
  std::vector<std::unique_ptr<CleanWriter>> writers;
  for (int i = 0; i < std::max(1, options_.corpus.threads); ++i)
    writers.push_back(std::make_unique<CleanWriter>(*corpus_, plan));
  std::unique_ptr<OutputFile> clean;
  bool line_open = false;  // clean ends inside a line of record last_record
  uint64_t last_record = 0;
  input_facts_.resize(corpus_->files().size());
  uint64_t pages = 0;  // of the file that is read
  return corpus_->ForEachBatch<CleanResult>(
      "writing", hooks_,
      [&](int worker, CorpusBatch& batch, CleanResult* result) {
        return writers[static_cast<size_t>(worker)]->Write(batch, result);
      },
      [&](CleanResult&& result) -> absl::Status {
        if (absl::Status status = removed_->Write(result.removed); !status.ok()) return status;
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
        InputFacts& facts = input_facts_[result.file];
        facts.clean = result.name;
        facts.lines = result.lines;
        facts.extracted = result.extracted;
        for (const Key128& hash : result.hashes) facts.digest.Add(hash);
        if (result.opens_file && !result.name.empty()) {
          if (absl::Status status = folder_->MakeFoldersFor("clean/" + result.name); !status.ok())
            return status;
          absl::StatusOr<std::unique_ptr<OutputFile>> created =
              OutputFile::Create(folder_->path() + "/clean/" + result.name, result.compression);
          if (!created.ok()) return created.status();
          clean = *std::move(created);
          line_open = false;
        }
        if (clean == nullptr) return absl::OkStatus();
        if (line_open && result.first_record != UINT64_MAX && result.first_record != last_record) {
          // Damage cut a line that was too large to be dropped whole; what comes next is a line of its own.
          if (absl::Status status = clean->Write("\n"); !status.ok()) return status;
          line_open = false;
        }
        if (absl::Status status = clean->Write(result.clean); !status.ok()) return status;
        if (!result.clean.empty()) line_open = result.lines && result.clean.back() != '\n';
        last_record = result.last_record;
        if (!result.closes_file) return absl::OkStatus();
        std::unique_ptr<OutputFile> whole = std::move(clean);
        // A text file that goes leaves no empty file behind.
        return result.whole_file_gone ? absl::OkStatus() : whole->Close();
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
    if (status.ok()) status = drops.Add(MatchedEdge({.earlier = rank_[page], .later = rank_[why.witness]}));
    if (!status.ok()) return status;
  }
  if (absl::Status status = drops.Finish(); !status.ok()) return status;
  ClusterRow row;
  uint32_t kept = kNobody;
  const auto write = [&]() -> absl::Status {
    if (row.dropped.empty()) return absl::OkStatus();
    row.kept = DisplayId(order_[kept]);
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
      row.dropped.push_back(DisplayId(order_[edge.pair().earlier]));
    }
  }
}

absl::Status DedupRun::CloseOutputs() {
  for (OutputFile* file : {removed_.get(), matches_.get(), clusters_.get()}) {
    if (absl::Status status = file->Close(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::string DedupRun::RunJson() const {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Field("refrain", kVersionText)
      .Field("command", "dedup")
      .Field("options", options_.Id())
      .Field("kernel", KernelName());
  json.Field("max_record", options_.corpus.reader.max_record);
  json.Field("token_version", kTokenVersion).Field("sketch_version", kSketchVersion);
  json.Key("inputs").BeginArray();
  const auto name = [&](const std::string& key, const std::string& value) {
    IsValidUtf8(value) ? json.Field(key, value) : json.Field(key + "_base64", EncodeBase64(value));
  };
  for (size_t i = 0; i < input_facts_.size(); ++i) {
    json.BeginObject();
    name("name", corpus_->files()[i].name);
    json.Field("bytes", corpus_->files()[i].size);
    if (!input_facts_[i].clean.empty()) {
      name("clean", input_facts_[i].clean);
      json.Field("lines", input_facts_[i].lines).Field("extracted", input_facts_[i].extracted);
      json.Field("digest", input_facts_[i].digest.Hex());
    }
    json.EndObject();
  }
  json.EndArray();
  const FieldNames& fields = options_.corpus.parse.fields;
  json.Key("fields").BeginObject();
  name("id", fields.id), name("text", fields.text), name("html", fields.html);
  name("url", fields.url), name("source", fields.source), name("date", fields.date);
  json.EndObject();
  AppendSummaryFields(summary_, &json);
  json.EndObject().EndLine();
  return out;
}

}  // namespace refrain
