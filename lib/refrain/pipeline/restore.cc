#include "refrain/pipeline/restore.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "refrain/base/base64.h"
#include "refrain/io/output.h"
#include "refrain/pipeline/content_digest.h"
#include "refrain/pipeline/run_facts.h"
#include "refrain/pipeline/run_folder.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

// A row of the removal log.
struct RemovedRow {
  std::string file;
  uint64_t record = 0;
  bool span = false;
  bool extracted = false;  // the record as read, whole, beside the spans cut from what was made of it
  uint64_t at = 0;
  std::string raw;
};

// Of lines that a run wrote itself: as long as they came out, since the page was in memory then.
constexpr uint64_t kAnyLength = UINT64_MAX;

// Reads records of one file one after the other.
class RecordStream {
 public:
  static absl::StatusOr<RecordStream> Open(const std::string& path, InputFormat format, uint64_t max_record) {
    RecordStream stream;
    std::error_code error;
    stream.path_ = path;
    stream.file_ = {.path = path, .name = path, .size = fs::file_size(path, error)};
    if (error) return absl::NotFoundError(fmt::format("{}: {}", path, error.message()));
    ReaderOptions options;
    options.format = format;
    options.max_record = max_record;
    absl::StatusOr<std::unique_ptr<RecordReader>> reader = OpenRecords(stream.file_, 0, options);
    if (!reader.ok()) return reader.status();
    stream.reader_ = *std::move(reader);
    return stream;
  }

  // The next record, or nullptr at the end. Valid until the call after.
  absl::StatusOr<const Record*> Next() {
    while (next_ >= batch_->records.size()) {
      if (ended_) return nullptr;
      absl::StatusOr<bool> more = reader_->Next(batch_.get());
      if (!more.ok()) return more.status();
      if (!batch_->damage.empty()) {
        const Damage& damage = batch_->damage.front();
        return absl::DataLossError(fmt::format("{}: byte {}: {}", path_, damage.offset, damage.reason));
      }
      next_ = 0;
      ended_ = !*more;
      if (ended_ && batch_->records.empty()) return nullptr;
    }
    return &batch_->records[next_++];
  }
  bool gzip() const { return reader_->gzip(); }
  bool zstd() const { return reader_->zstd(); }

 private:
  std::string path_;
  InputFile file_;
  std::unique_ptr<RecordReader> reader_;
  std::unique_ptr<RecordBatch> batch_ = std::make_unique<RecordBatch>();
  size_t next_ = 0;
  bool ended_ = false;
};

// The removal log, one row ahead.
class RemovedLog {
 public:
  explicit RemovedLog(RecordStream stream) : stream_(std::move(stream)) {}

  absl::Status Advance() {
    row_.reset();
    while (true) {
      absl::StatusOr<const Record*> record = stream_.Next();
      if (!record.ok()) return record.status();
      if (*record == nullptr) return absl::OkStatus();
      if ((*record)->kind == RecordKind::kBlank) continue;
      return Parse((*record)->bytes);
    }
  }
  // The row, if it is about this file.
  const RemovedRow* For(std::string_view file) const { return row_ && row_->file == file ? &*row_ : nullptr; }
  bool done() const { return !row_.has_value(); }

 private:
  absl::Status Parse(std::string_view line) {
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
    if (parser_.parse(json).get(row) != simdjson::SUCCESS || !bytes("file", "file_base64", &out.file) ||
        !bytes("raw", "raw_base64", &out.raw) || row["record"].get(out.record) != simdjson::SUCCESS) {
      return absl::DataLossError("removed.jsonl.zst holds a row that no run of ours wrote");
    }
    out.span = row["at"].get(out.at) == simdjson::SUCCESS;
    std::string_view verdict;
    out.extracted = row["verdict"].get(verdict) == simdjson::SUCCESS && verdict == "extracted";
    row_ = std::move(out);
    return absl::OkStatus();
  }

  RecordStream stream_;
  simdjson::dom::parser parser_;
  std::optional<RemovedRow> row_;
};

class Restorer {
 public:
  Restorer(const RestoreOptions& options, const RunHooks& hooks) : options_(options), hooks_(hooks) {}

  absl::StatusOr<RestoreSummary> Run() {
    absl::StatusOr<RunFacts> facts = ReadRunFacts(options_.run);
    if (!facts.ok()) return facts.status();
    std::error_code error;
    const fs::path run = fs::canonical(options_.run, error), out = fs::weakly_canonical(options_.out, error);
    if (!error && std::mismatch(run.begin(), run.end(), out.begin(), out.end()).first == run.end()) {
      return absl::InvalidArgumentError(
          fmt::format("{} lies in the run itself; name another folder with --out", options_.out));
    }
    // Whoever starts that run again would meet files that are not of it, and --force may delete some.
    if (HoldsRun(options_.out)) {
      return absl::FailedPreconditionError(fmt::format(
          "{} holds a run of refrain; name an empty folder for the restored files with --out", options_.out));
    }
    absl::StatusOr<RecordStream> log =
        RecordStream::Open(options_.run + "/removed.jsonl.zst", InputFormat::kJsonl, kAnyLength);
    if (!log.ok()) return log.status();
    RemovedLog removed(*std::move(log));
    if (absl::Status status = removed.Advance(); !status.ok()) return status;
    for (const RunInput& input : facts->inputs) {
      if (input.clean.empty()) continue;  // was refused
      if (hooks_.stop != nullptr && hooks_.stop->load()) return absl::CancelledError("stopped");
      if (absl::Status status = RestoreFile(input, facts->max_record, &removed); !status.ok()) return status;
      ++summary_.files;
      if (input.lost > 0) {
        summary_.lost.places += input.lost;
        Warn(
            fmt::format("{}: {} of it that the run could not read {} not restored; \"damage\" in {}/run.json "
                        "says where",
                        input.name, input.lost == 1 ? "a place" : fmt::format("{} places", input.lost),
                        input.lost == 1 ? "is" : "are", options_.run));
      }
      if (hooks_.progress)
        hooks_.progress({.stage = "restoring", .bytes = summary_.files, .bytes_total = facts->inputs.size()});
    }
    if (!removed.done())
      return absl::DataLossError("removed.jsonl.zst holds more than clean output has places for");
    return summary_;
  }

 private:
  absl::Status RestoreFile(const RunInput& input, uint64_t max_record, RemovedLog* removed);
  void Warn(const std::string& line) const {
    if (hooks_.warn) hooks_.warn(line);
  }
  absl::Status Emit(std::string_view record, bool counts);
  absl::Status EmitRemoved(const std::string& file, uint64_t* number, RemovedLog* removed);
  absl::StatusOr<bool> EmitReplaced(const std::string& file, uint64_t number, RemovedLog* removed);
  absl::Status EmitWhole(std::string_view clean, const std::string& file, uint64_t number,
                         const std::string& clean_path, RemovedLog* removed);

  const RestoreOptions& options_;
  const RunHooks& hooks_;
  RestoreSummary summary_;
  std::unique_ptr<OutputFile> out_;
  ContentDigest digest_;
  std::string whole_;
};

absl::Status Restorer::Emit(std::string_view record, bool counts) {
  if (counts) {
    digest_.AddRecord(record);
    ++summary_.records;
  }
  return out_->Write(record);
}

// Records that went, where their numbers say.
absl::Status Restorer::EmitRemoved(const std::string& file, uint64_t* number, RemovedLog* removed) {
  for (const RemovedRow* row = removed->For(file); row != nullptr && !row->span && row->record == *number;
       row = removed->For(file)) {
    if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
    ++summary_.records_put_back;
    ++*number;
    if (absl::Status status = removed->Advance(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The record as read, if the log has it whole although clean output has its rest. False if it has not.
absl::StatusOr<bool> Restorer::EmitReplaced(const std::string& file, uint64_t number, RemovedLog* removed) {
  for (const RemovedRow* row = removed->For(file); row != nullptr && row->record == number;
       row = removed->For(file)) {
    const bool whole = row->extracted;
    if (whole) {
      if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
    }
    ++summary_.spans_put_back;
    if (absl::Status status = removed->Advance(); !status.ok()) return status;
    if (whole) return true;
  }
  return false;
}

// A clean record with what was cut from it.
absl::Status Restorer::EmitWhole(std::string_view clean, const std::string& file, uint64_t number,
                                 const std::string& clean_path, RemovedLog* removed) {
  whole_.clear();
  size_t taken = 0;
  for (const RemovedRow* row = removed->For(file); row != nullptr && row->span && row->record == number;
       row = removed->For(file)) {
    const size_t from_clean = row->at >= whole_.size() ? row->at - whole_.size() : SIZE_MAX;
    if (from_clean > clean.size() - taken) {
      return absl::DataLossError(
          fmt::format("{}: record {} does not fit what was cut from it", clean_path, number));
    }
    whole_.append(clean.substr(taken, from_clean));
    taken += from_clean;
    whole_.append(row->raw);
    ++summary_.spans_put_back;
    if (absl::Status status = removed->Advance(); !status.ok()) return status;
    row = removed->For(file);
    if (row != nullptr && row->extracted && row->record == number) {
      if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
      return removed->Advance();
    }
  }
  whole_.append(clean.substr(taken));
  return Emit(whole_, true);
}

absl::Status Restorer::RestoreFile(const RunInput& input, uint64_t max_record, RemovedLog* removed) {
  const std::string path = options_.out + "/" + input.clean;
  std::error_code error;
  if (absl::Status status = MakeFolders(fs::path(path).parent_path().string()); !status.ok()) return status;
  if (fs::exists(path, error)) {
    return absl::FailedPreconditionError(
        fmt::format("{} is there already; name an empty folder with --out", path));
  }
  const std::string clean_path = options_.run + "/clean/" + input.clean;
  std::optional<RecordStream> clean;
  Compression compression = CompressionOf(input.clean);
  if (fs::exists(clean_path, error)) {
    absl::StatusOr<RecordStream> stream =
        RecordStream::Open(clean_path, input.lines ? InputFormat::kJsonl : InputFormat::kText,
                           input.extracted ? kAnyLength : max_record);
    if (!stream.ok()) return stream.status();
    clean = *std::move(stream);
    compression = clean->gzip()   ? Compression::kGzip
                  : clean->zstd() ? Compression::kZstd
                                  : Compression::kNone;
  }
  absl::StatusOr<std::unique_ptr<OutputFile>> out = OutputFile::Create(path, compression);
  if (!out.ok()) return out.status();
  out_ = *std::move(out);
  digest_ = {};

  constexpr uint64_t kNone = UINT64_MAX;
  uint64_t number = 0;         // of the record that comes next
  uint64_t pieces_of = kNone;  // the clean record whose pieces are passing through
  bool put_back = false;       // its record as read was put back, so its pieces go nowhere
  bool read_any = false;
  while (true) {
    if (pieces_of == kNone) {
      if (absl::Status status = EmitRemoved(input.name, &number, removed); !status.ok()) return status;
    }
    if (!clean) break;
    absl::StatusOr<const Record*> next = clean->Next();
    if (!next.ok()) return next.status();
    if (pieces_of != kNone && (*next == nullptr || (*next)->location.record != pieces_of)) {
      pieces_of = kNone;
      ++number;
      // The record behind a passed-through one may have one that went in front of it.
      if (absl::Status status = EmitRemoved(input.name, &number, removed); !status.ok()) return status;
    }
    Record empty;
    if (*next == nullptr) {
      // A text file of which everything was cut is one record, and has none.
      const RemovedRow* row = removed->For(input.name);
      if (input.lines || read_any || row == nullptr || !row->span || row->record != number) break;
      next = &empty;
    }
    read_any = true;
    const Record& record = **next;
    if (record.oversized) {
      if (pieces_of == kNone) {
        pieces_of = record.location.record;
        absl::StatusOr<bool> replaced = EmitReplaced(input.name, number, removed);
        if (!replaced.ok()) return replaced.status();
        put_back = *replaced;
      }
      if (put_back) continue;
      if (absl::Status status = Emit(record.bytes, false); !status.ok()) return status;
      continue;
    }
    if (absl::Status status = EmitWhole(record.bytes, input.name, number, clean_path, removed); !status.ok())
      return status;
    ++number;
  }
  if (removed->For(input.name) != nullptr) {
    return absl::DataLossError(fmt::format("{}: the removal log names record {}, which has no place in it",
                                           clean_path, removed->For(input.name)->record));
  }
  if (!input.digest.empty() && digest_.Hex() != input.digest) {
    return absl::DataLossError(
        fmt::format("{}: what was restored is not what the run read: {} or the removal log was changed "
                    "since. Put back what the run wrote, or take the input from elsewhere",
                    path, clean_path));
  }
  return out_->Close();
}

}  // namespace

absl::StatusOr<RestoreSummary> Restore(const RestoreOptions& options, const RunHooks& hooks) {
  return Restorer(options, hooks).Run();
}

}  // namespace refrain
