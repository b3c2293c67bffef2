#include "refrain/pipeline/clean_files.h"

#include <algorithm>
#include <utility>

#include "refrain/base/base64.h"
#include "refrain/base/utf8.h"

namespace refrain {

absl::StatusOr<std::unique_ptr<CleanFiles>> CleanFiles::Create(const RunFolder& folder, size_t inputs,
                                                               OutputMode mode, int threads) {
  std::unique_ptr<CleanFiles> files(new CleanFiles(folder, inputs, mode, threads));
  if (mode == OutputMode::kMark) return files;
  absl::StatusOr<std::unique_ptr<OutputFile>> removed = OutputFile::Create(
      folder.path() + "/removed.jsonl.zst", Compression::kZstd, Effort::kLow, files->compressing_);
  if (!removed.ok()) return removed.status();
  files->removed_ = *std::move(removed);
  return files;
}

absl::StatusOr<std::unique_ptr<OutputFile>> CleanFiles::Open(const std::string& name,
                                                             Compression compression) const {
  if (absl::Status status = folder_.MakeFoldersFor(name); !status.ok()) return status;
  return OutputFile::Create(folder_.path() + "/" + name, compression, Effort::kNormal, compressing_);
}

absl::Status CleanFiles::AddMarks(const CleanResult& result) {
  if (result.name.empty()) return absl::OkStatus();
  if (result.opens_file) {
    for (const auto& [folder, file] : {std::pair{"marks/", &marks_}, {"documents/", &clean_}}) {
      if (file == &clean_ && !result.extracted) continue;
      absl::StatusOr<std::unique_ptr<OutputFile>> created = Open(folder + result.name, result.compression);
      if (!created.ok()) return created.status();
      *file = *std::move(created);
    }
    last_record_ = UINT64_MAX;
  }
  std::string_view marks = result.marks;
  // A line too large to be looked at goes on from the batch before, where it has its row.
  if (!result.extracted && result.first_record == last_record_ && last_record_ != UINT64_MAX)
    marks.remove_prefix(std::min(marks.size(), marks.find('\n') + 1));
  if (result.last_record != UINT64_MAX) last_record_ = result.last_record;
  if (absl::Status status = marks_->Write(marks); !status.ok()) return status;
  if (clean_ != nullptr) {
    if (absl::Status status = clean_->Write(result.clean); !status.ok()) return status;
  }
  if (!result.closes_file) return absl::OkStatus();
  const std::unique_ptr<OutputFile> whole = std::move(marks_), documents = std::move(clean_);
  if (documents != nullptr) {
    if (absl::Status status = documents->Close(); !status.ok()) return status;
  }
  return whole->Close();
}

absl::Status CleanFiles::WriteClean(std::string_view bytes) {
  trail_.Add(bytes);
  return clean_->Write(bytes);
}

absl::Status CleanFiles::Add(CleanResult&& result) {
  if (mode_ == OutputMode::kMark) return AddMarks(result);
  if (absl::Status status = removed_->Write(result.removed); !status.ok()) return status;
  InputFacts& facts = facts_[result.file];
  facts.clean = result.name;
  facts.lines = result.lines;
  facts.extracted = result.extracted;
  const bool goes_on = result.begins_left_out && !result.opens_file && result.first_record == last_record_;
  facts.lost += result.lost - goes_on;
  for (const Key128& hash : result.hashes) facts.digest.Add(hash);
  if (result.opens_file && !result.name.empty()) {
    absl::StatusOr<std::unique_ptr<OutputFile>> created = Open("clean/" + result.name, result.compression);
    if (!created.ok()) return created.status();
    clean_ = *std::move(created);
    line_open_ = false;
    page_gone_ = false;
  }
  if (clean_ == nullptr) return absl::OkStatus();
  if (line_open_ && result.first_record != UINT64_MAX && result.first_record != last_record_) {
    // Damage cut a line that was too large to be dropped whole; what comes next is a line of its own.
    if (absl::Status status = WriteClean("\n"); !status.ok()) return status;
    line_open_ = false;
  }
  if (absl::Status status = WriteClean(result.clean); !status.ok()) return status;
  if (!result.clean.empty()) line_open_ = result.lines && result.clean.back() != '\n';
  if (result.last_record != UINT64_MAX) last_record_ = result.last_record;
  page_gone_ |= result.whole_file_gone;  // perhaps in a batch before the one that says that the file ends
  if (!result.closes_file) return absl::OkStatus();
  const std::unique_ptr<OutputFile> whole = std::move(clean_);
  const ByteTrail trail = trail_.Finish();
  // A text file that goes leaves no empty file behind.
  if (page_gone_) return absl::OkStatus();
  facts.written = trail;
  return whole->Close();
}

void AppendRunFacts(const Corpus& corpus, const CleanFiles& files, JsonWriter* json) {
  const std::vector<InputFacts>& facts = files.facts();
  if (files.mode() == OutputMode::kMark) json->Field("mode", "mark");
  const auto name = [&](const std::string& key, const std::string& value) {
    IsValidUtf8(value) ? json->Field(key, value) : json->Field(key + "_base64", EncodeBase64(value));
  };
  json->Field("max_record", corpus.options().reader.max_record);
  json->Key("inputs").BeginArray();
  for (size_t i = 0; i < facts.size(); ++i) {
    json->BeginObject();
    name("name", corpus.files()[i].name);
    json->Field("bytes", corpus.files()[i].size);
    if (!facts[i].clean.empty()) {
      name("clean", facts[i].clean);
      json->Field("lines", facts[i].lines).Field("extracted", facts[i].extracted);
      if (facts[i].lost > 0) json->Field("lost", facts[i].lost);
      json->Field("digest", facts[i].digest.Hex());
      if (facts[i].written) json->Field("written", TrailText(*facts[i].written));
    }
    json->EndObject();
  }
  json->EndArray();
  const FieldNames& fields = corpus.options().parse.fields;
  json->Key("fields").BeginObject();
  name("id", fields.id), name("text", fields.text), name("html", fields.html);
  name("url", fields.url), name("source", fields.source), name("date", fields.date);
  json->EndObject();
}

}  // namespace refrain
