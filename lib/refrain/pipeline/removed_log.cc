#include "refrain/pipeline/removed_log.h"

#include <filesystem>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/base64.h"

namespace refrain {
namespace {

// Of lines that a run wrote itself: as long as they came out, since the page was in memory then.
constexpr uint64_t kAnyLength = UINT64_MAX;

void Move(std::vector<FileDamage>* from, std::vector<FileDamage>* to) {
  std::move(from->begin(), from->end(), std::back_inserter(*to));
  from->clear();
}

}  // namespace

bool IsDamage(const absl::Status& status) {
  return !absl::IsResourceExhausted(status) && !absl::IsPermissionDenied(status);
}

absl::StatusOr<RecordStream> RecordStream::Open(const std::string& path, InputFormat format,
                                                uint64_t max_record) {
  RecordStream stream;
  std::error_code error;
  stream.path_ = path;
  stream.file_ = {.path = path, .name = path, .size = std::filesystem::file_size(path, error)};
  if (error) return absl::NotFoundError(fmt::format("{}: {}", path, error.message()));
  ReaderOptions options;
  options.format = format;
  options.max_record = max_record;
  absl::StatusOr<std::unique_ptr<RecordReader>> reader = OpenRecords(stream.file_, 0, options);
  if (!reader.ok()) return reader.status();
  stream.reader_ = *std::move(reader);
  return stream;
}

void RecordStream::AddDamage(const Damage& damage) {
  damage_.push_back({fmt::format("{}: byte {}: {}", path_, damage.offset, damage.reason), damage.bytes});
  gap_ = true;
}

const Record* RecordStream::Next() {
  gap_ = false;
  while (next_ >= batch_->records.size()) {
    for (; missed_ < batch_->damage.size(); ++missed_) AddDamage(batch_->damage[missed_]);
    if (ended_) return nullptr;
    next_ = missed_ = 0;
    const absl::StatusOr<bool> more = reader_->Next(batch_.get());
    if (!more.ok()) {
      // It names path and place itself.
      damage_.push_back({std::string(more.status().message()), 0});
      batch_->records.clear();
      batch_->damage.clear();
      gap_ = ended_ = true;
      return nullptr;
    }
    ended_ = !*more;
  }
  const Record& record = batch_->records[next_++];
  for (; missed_ < batch_->damage.size(); ++missed_) {
    if (batch_->damage[missed_].record > record.location.record) break;
    AddDamage(batch_->damage[missed_]);
  }
  return &record;
}

void RecordStream::TakeDamage(std::vector<FileDamage>* damage) { Move(&damage_, damage); }

absl::StatusOr<RemovedLog> RemovedLog::Open(const std::string& path) {
  RemovedLog log;
  log.path_ = path;
  if (absl::Status status = log.OpenStream(); !status.ok()) return status;
  log.Advance();
  return log;
}

absl::Status RemovedLog::OpenStream() {
  absl::StatusOr<RecordStream> stream = RecordStream::Open(path_, InputFormat::kJsonl, kAnyLength);
  if (stream.ok()) {
    stream_ = *std::move(stream);
    // A log without rows still has the frame of its compression.
    std::error_code error;
    if (std::filesystem::file_size(path_, error) == 0 && !error)
      damage_.push_back({fmt::format("{}: byte 0: the file is empty", path_), 0});
    return absl::OkStatus();
  }
  if (!IsDamage(stream.status())) return stream.status();
  damage_.push_back({std::string(stream.status().message()), 0});
  return absl::OkStatus();
}

RemovedLog::Place RemovedLog::place() {
  if (stream_) stream_->TakeDamage(&damage_);
  return {rows_, damage_.size()};
}

absl::Status RemovedLog::Return(const Place& place) {
  std::vector<FileDamage> damage = std::move(damage_);
  damage.resize(place.damage);
  damage_.clear();
  stream_.reset();
  rows_ = 0;
  if (absl::Status status = OpenStream(); !status.ok()) return status;
  do {
    Advance();
  } while (row_ && rows_ < place.rows);
  std::vector<FileDamage> known;
  TakeDamage(&known);
  damage_ = std::move(damage);
  return absl::OkStatus();
}

void RemovedLog::Advance() {
  row_.reset();
  if (!stream_) return;
  bool gap = false;
  while (true) {
    const Record* const record = stream_->Next();
    gap = gap || stream_->gap();
    if (record == nullptr) return;
    if (record->kind == RecordKind::kBlank) continue;
    offset_ = record->location.offset;
    if (Parse(record->bytes)) {
      ++rows_;
      row_->behind_gap = gap;
      return;
    }
    damage_.push_back(
        {fmt::format("{}: byte {}: a row that no run of ours wrote", path_, offset_), record->bytes.size()});
    gap = true;
  }
}

bool RemovedLog::Parse(std::string_view line) {
  const simdjson::padded_string json(line);
  simdjson::dom::element row;
  RemovedRow out;
  const auto bytes = [&](const char* key, const char* encoded, std::string* into) {
    std::string_view text;
    if (row[key].get(text) == simdjson::SUCCESS) {
      *into = std::string(text);
      return true;
    }
    return row[encoded].get(text) == simdjson::SUCCESS && DecodeBase64(text, into);
  };
  if (parser_->parse(json).get(row) != simdjson::SUCCESS || !bytes("file", "file_base64", &out.file) ||
      !bytes("raw", "raw_base64", &out.raw) || row["record"].get(out.record) != simdjson::SUCCESS) {
    return false;
  }
  out.span = row["at"].get(out.at) == simdjson::SUCCESS;
  std::string_view verdict;
  out.extracted = row["verdict"].get(verdict) == simdjson::SUCCESS && verdict == "extracted";
  row_ = std::move(out);
  return true;
}

void RemovedLog::AddStray(const std::string& why) {
  damage_.push_back({fmt::format("{}: byte {}: {}", path_, offset_, why), 0});
}

void RemovedLog::TakeDamage(std::vector<FileDamage>* damage) {
  if (stream_) stream_->TakeDamage(damage);
  Move(&damage_, damage);
}

}  // namespace refrain
