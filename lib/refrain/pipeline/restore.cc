#include "refrain/pipeline/restore.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "refrain/base/base64.h"
#include "refrain/io/output.h"
#include "refrain/pipeline/content_digest.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

// What run.json says about an input.
struct RunInput {
  std::string name;   // as the removal log calls it
  std::string clean;  // name under clean/
  std::string digest;
  bool lines = true;  // one record a line; else the whole file
};

struct RunFacts {
  std::vector<RunInput> inputs;
  uint64_t max_record = 0;
};

// A row of the removal log.
struct RemovedRow {
  std::string file;
  uint64_t record = 0;
  bool span = false;
  uint64_t at = 0;
  std::string raw;
};

std::string Owned(std::string_view text) { return std::string(text); }

absl::StatusOr<RunFacts> ReadRunJson(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(fmt::format(
        "{} is not there: the folder holds no finished run (an unfinished one is started again by "
        "giving the same command once more)",
        path));
  }
  std::stringstream text;
  text << file.rdbuf();
  const simdjson::padded_string json(text.str());
  simdjson::dom::parser parser;
  simdjson::dom::element run;
  RunFacts facts;
  simdjson::dom::array inputs;
  if (parser.parse(json).get(run) != simdjson::SUCCESS || run["inputs"].get(inputs) != simdjson::SUCCESS ||
      run["max_record"].get(facts.max_record) != simdjson::SUCCESS) {
    return absl::DataLossError(fmt::format("{} is not what a run of dedup writes", path));
  }
  for (const simdjson::dom::element input : inputs) {
    RunInput& fact = facts.inputs.emplace_back();
    std::string_view clean, digest;
    if (input["clean"].get(clean) == simdjson::SUCCESS) fact.clean = Owned(clean);
    if (input["clean_base64"].get(clean) == simdjson::SUCCESS) DecodeBase64(clean, &fact.clean);
    if (input["name"].get(clean) == simdjson::SUCCESS) fact.name = Owned(clean);
    if (input["name_base64"].get(clean) == simdjson::SUCCESS) DecodeBase64(clean, &fact.name);
    if (input["digest"].get(digest) == simdjson::SUCCESS) fact.digest = Owned(digest);
    if (input["lines"].get(fact.lines) != simdjson::SUCCESS) fact.lines = true;
  }
  return facts;
}

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
        return absl::DataLossError(fmt::format("{}:{}: {}", path_, damage.offset, damage.reason));
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
        *into = Owned(text);
        return true;
      }
      return row[encoded].get(text) == simdjson::SUCCESS && DecodeBase64(text, into);
    };
    if (parser_.parse(json).get(row) != simdjson::SUCCESS || !bytes("file", "file_base64", &out.file) ||
        !bytes("raw", "raw_base64", &out.raw) || row["record"].get(out.record) != simdjson::SUCCESS) {
      return absl::DataLossError("removed.jsonl.zst holds a row that no run of ours wrote");
    }
    out.span = row["at"].get(out.at) == simdjson::SUCCESS;
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
    absl::StatusOr<RunFacts> facts = ReadRunJson(options_.run + "/run.json");
    if (!facts.ok()) return facts.status();
    // A raw record grows by escaping, at most sixfold, in the log.
    absl::StatusOr<RecordStream> log = RecordStream::Open(
        options_.run + "/removed.jsonl.zst", InputFormat::kJsonl, facts->max_record * 8 + (1 << 20));
    if (!log.ok()) return log.status();
    RemovedLog removed(*std::move(log));
    if (absl::Status status = removed.Advance(); !status.ok()) return status;
    for (const RunInput& input : facts->inputs) {
      if (input.clean.empty()) continue;  // was refused
      if (hooks_.stop != nullptr && hooks_.stop->load()) return absl::CancelledError("stopped");
      if (absl::Status status = RestoreFile(input, facts->max_record, &removed); !status.ok()) return status;
      ++summary_.files;
      if (hooks_.progress)
        hooks_.progress({.stage = "restoring", .bytes = summary_.files, .bytes_total = facts->inputs.size()});
    }
    if (!removed.done())
      return absl::DataLossError("removed.jsonl.zst holds more than clean output has places for");
    return summary_;
  }

 private:
  absl::Status RestoreFile(const RunInput& input, uint64_t max_record, RemovedLog* removed);
  absl::Status Emit(std::string_view record, bool counts);

  const RestoreOptions& options_;
  const RunHooks& hooks_;
  RestoreSummary summary_;
  std::unique_ptr<OutputFile> out_;
  ContentDigest digest_;
};

absl::Status Restorer::Emit(std::string_view record, bool counts) {
  if (counts) {
    digest_.AddRecord(record);
    ++summary_.records;
  }
  return out_->Write(record);
}

absl::Status Restorer::RestoreFile(const RunInput& input, uint64_t max_record, RemovedLog* removed) {
  const std::string path = options_.out + "/" + input.clean;
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (fs::exists(path, error)) {
    return absl::FailedPreconditionError(
        fmt::format("{} is there already; name an empty folder with --out", path));
  }
  const std::string clean_path = options_.run + "/clean/" + input.clean;
  std::optional<RecordStream> clean;
  Compression compression = CompressionOf(input.clean);
  if (fs::exists(clean_path, error)) {
    absl::StatusOr<RecordStream> stream =
        RecordStream::Open(clean_path, input.lines ? InputFormat::kJsonl : InputFormat::kText, max_record);
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

  std::string whole;
  uint64_t number = 0;                // of the record that comes next
  std::optional<uint64_t> pieces_of;  // the clean record whose pieces are passing through
  while (true) {
    // A record that went stands where its number says.
    if (const RemovedRow* row = removed->For(input.name);
        row != nullptr && !row->span && !pieces_of && row->record == number) {
      if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
      ++summary_.records_put_back;
      ++number;
      if (absl::Status status = removed->Advance(); !status.ok()) return status;
      continue;
    }
    if (!clean) break;
    absl::StatusOr<const Record*> next = clean->Next();
    if (!next.ok()) return next.status();
    if (pieces_of && (*next == nullptr || (*next)->location.record != *pieces_of)) {
      pieces_of.reset();
      ++number;
      // The record behind a passed-through one may have one that went in front of it.
      for (const RemovedRow* row = removed->For(input.name);
           row != nullptr && !row->span && row->record == number; row = removed->For(input.name)) {
        if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
        ++summary_.records_put_back;
        ++number;
        if (absl::Status status = removed->Advance(); !status.ok()) return status;
      }
    }
    if (*next == nullptr) break;
    const Record& record = **next;
    if (record.oversized) {
      pieces_of = record.location.record;
      if (absl::Status status = Emit(record.bytes, false); !status.ok()) return status;
      continue;
    }
    whole.clear();
    size_t taken = 0;
    for (const RemovedRow* row = removed->For(input.name);
         row != nullptr && row->span && row->record == number; row = removed->For(input.name)) {
      const size_t from_clean = row->at >= whole.size() ? row->at - whole.size() : SIZE_MAX;
      if (from_clean > record.bytes.size() - taken) {
        return absl::DataLossError(
            fmt::format("{}: record {} does not fit what was cut from it", clean_path, number));
      }
      whole.append(record.bytes.substr(taken, from_clean));
      taken += from_clean;
      whole.append(row->raw);
      ++summary_.spans_put_back;
      if (absl::Status status = removed->Advance(); !status.ok()) return status;
    }
    whole.append(record.bytes.substr(taken));
    if (absl::Status status = Emit(whole, true); !status.ok()) return status;
    ++number;
  }
  if (removed->For(input.name) != nullptr) {
    return absl::DataLossError(fmt::format("{}: the removal log names record {}, which has no place in it",
                                           clean_path, removed->For(input.name)->record));
  }
  if (!input.digest.empty() && digest_.Hex() != input.digest) {
    return absl::DataLossError(
        fmt::format("{}: restored content is not what the run read; clean output or log were changed", path));
  }
  return out_->Close();
}

}  // namespace

absl::StatusOr<RestoreSummary> Restore(const RestoreOptions& options, const RunHooks& hooks) {
  return Restorer(options, hooks).Run();
}

}  // namespace refrain
