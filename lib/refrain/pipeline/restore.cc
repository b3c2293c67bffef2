#include "refrain/pipeline/restore.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "refrain/io/output.h"
#include "refrain/pipeline/content_digest.h"
#include "refrain/pipeline/removed_log.h"
#include "refrain/pipeline/run_facts.h"
#include "refrain/pipeline/run_folder.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

// Of lines that a run wrote itself: as long as they came out, since the page was in memory then.
constexpr uint64_t kAnyLength = UINT64_MAX;

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
    absl::StatusOr<RemovedLog> removed = RemovedLog::Open(options_.run + "/removed.jsonl.zst");
    if (!removed.ok()) return removed.status();
    removed_ = &*removed;
    for (size_t i = 0; i < facts->inputs.size(); ++i) numbers_[facts->inputs[i].name] = i;
    for (number_ = 0; number_ < facts->inputs.size(); ++number_) {
      const RunInput& input = facts->inputs[number_];
      if (input.clean.empty()) continue;  // was refused
      if (hooks_.stop != nullptr && hooks_.stop->load()) return absl::CancelledError("stopped");
      SkipStrays();
      if (absl::Status status = RestoreFile(input, facts->max_record); !status.ok()) return status;
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
    SkipStrays();
    ReportDamage();
    if (log_places_ > 1)
      Warn(fmt::format("{}: {} more {} damaged", removed_->path(), log_places_ - 1,
                       log_places_ == 2 ? "place is" : "places are"));
    ReportOthers();
    if (not_whole_told_ > kMostTold)
      Warn(fmt::format("{} more files are not whole", not_whole_told_ - kMostTold));
    if (told_ > kMostTold) Warn(fmt::format("{} more files with damaged places", told_ - kMostTold));
    if (summary_.files > 0 && empty_ == summary_.files)
      return absl::DataLossError(fmt::format("nothing of {} can be restored", options_.run));
    return summary_;
  }

 private:
  static constexpr size_t kMostTold = 100;  // lines of one kind

  absl::Status RestoreFile(const RunInput& input, uint64_t max_record);
  absl::Status WriteFile(const RunInput& input, uint64_t max_record, bool trusts_first_row);
  absl::Status CloseFile(const RunInput& input);
  std::string PathOf(const RunInput& input) const { return options_.out + "/" + input.clean; }
  std::string CleanPathOf(const RunInput& input) const { return options_.run + "/clean/" + input.clean; }
  absl::Status RestoreRecords(const RunInput& input, RecordStream* clean);
  void Warn(const std::string& line) const {
    if (hooks_.warn) hooks_.warn(line);
  }
  static std::string Places(uint64_t count) {
    return count == 1 ? "1 place" : fmt::format("{} places", count);
  }
  bool IsForDamagedLog(const RunInput& input) const {
    const bool clean_is_known_bad = clean_is_damaged_ || changed_ || (!has_clean_ && input.written);
    return log_places_ > 0 && !clean_is_known_bad;
  }
  std::string WhyNotWhole(const RunInput& input) const;
  void Count(FileDamage damage);
  void ReportDamage();
  void ReportOthers() const;
  static void AddUnplaced(const char* whose, uint64_t placeless, uint64_t left_out, std::string* line);
  void SkipStrays();
  void Advance() {
    last_row_ = removed_->offset();
    removed_->Advance();
    SkipStrays();
  }
  const RemovedRow* Row();
  absl::Status Emit(std::string_view record, bool counts);
  absl::Status EmitRemoved(uint64_t* number);
  absl::StatusOr<bool> EmitReplaced(uint64_t number);
  absl::Status EmitWhole(std::string_view clean, uint64_t number);
  absl::Status EmitPlaceless();

  const RestoreOptions& options_;
  const RunHooks& hooks_;
  RestoreSummary summary_;
  RemovedLog* removed_ = nullptr;
  std::map<std::string, size_t, std::less<>> numbers_;  // of the inputs, by name
  size_t number_ = 0;                                   // of the one that is restored
  std::vector<FileDamage> damage_;                      // of the clean file
  size_t told_ = 0;                                     // clean files whose damage was said
  uint64_t log_places_ = 0;                             // damaged ones of the log
  uint64_t empty_ = 0;                                  // files of which nothing came back
  size_t not_whole_told_ = 0;                           // files
  bool log_told_ = false;                               // that a file is not whole for the log's sake
  // Of files that are not whole for the log's sake, all but the first.
  std::vector<std::string> others_;
  uint64_t others_placeless_ = 0, others_left_out_ = 0;

  // Of the file that is restored.
  std::string name_;  // as the log calls it
  std::unique_ptr<OutputFile> out_;
  bool any_ = false;            // something was written
  bool has_clean_ = false;      // it is there
  bool is_compressed_ = false;  // the clean file
  bool whole_file_ = false;
  bool clean_is_damaged_ = false;
  ByteTrailMaker trail_;                   // of the clean file
  std::optional<ChangedBytes> changed_;    // of the clean file
  bool any_rows_ = false;                  // about it in the log
  uint64_t first_row_ = 0, last_row_ = 0;  // their first bytes
  uint64_t trusted_row_ = 0;               // of the log: nothing is missing in front of it
  // Times that the log was read again, for files whose first row could not be trusted. Behind damage of so
  // many, nobody asks about the next.
  size_t returns_ = 0;
  static constexpr size_t kMostReturns = 16;
  bool is_placed_ = false;  // rows of the log belong to the records that their numbers say
  uint64_t placeless_ = 0;  // records put back behind all others
  uint64_t left_out_ = 0;   // spans that no place is known of
  ContentDigest digest_;
  std::string whole_;
};

void Restorer::Count(FileDamage damage) {
  ++summary_.damage.places;
  summary_.damage.bytes += damage.bytes;
  if (summary_.damage.first.size() < kMostTold) summary_.damage.first.push_back(std::move(damage.place));
}

// Of each file the first place. One bad byte of compressed bytes can leave hundreds.
void Restorer::ReportDamage() {
  std::vector<FileDamage> of_log;
  removed_->TakeDamage(&of_log);
  for (FileDamage& one : of_log) {
    if (log_places_++ == 0) Warn(one.place);
    Count(std::move(one));
  }
  if (damage_.empty()) return;
  if (++told_ <= kMostTold) {
    Warn(damage_.size() == 1
             ? damage_[0].place
             : fmt::format("{}; {} more damaged in this file", damage_[0].place, Places(damage_.size() - 1)));
  }
  for (FileDamage& one : damage_) Count(std::move(one));
  damage_.clear();
}

// In one line.
void Restorer::ReportOthers() const {
  if (others_.empty()) return;
  std::string line =
      fmt::format("{} more {} not whole since {} is damaged: {}", others_.size(),
                  others_.size() == 1 ? "file is" : "files are", removed_->path(),
                  fmt::join(std::span(others_).first(std::min(others_.size(), kMostTold)), ", "));
  if (others_.size() > kMostTold) line += fmt::format(" and {} more", others_.size() - kMostTold);
  AddUnplaced("their", others_placeless_, others_left_out_, &line);
  Warn(line);
}

void Restorer::AddUnplaced(const char* whose, uint64_t placeless, uint64_t left_out, std::string* line) {
  if (placeless > 0) *line += fmt::format("; the last {} of {} records belong further up", placeless, whose);
  if (left_out > 0) *line += fmt::format("; {} cut spans are not put back", left_out);
}

// Rows stand in the order of the files. One that does not would keep all behind it back.
void Restorer::SkipStrays() {
  while (removed_->row() != nullptr) {
    const auto number = numbers_.find(removed_->row()->file);
    if (number != numbers_.end() && number->second >= number_) return;
    const std::string file = removed_->row()->file;
    removed_->AddStray(fmt::format("rows about '{}' that have no place in clean output", file));
    while (removed_->For(file) != nullptr) removed_->Advance();
  }
}

// The next row about the file, if it is sure which record it belongs to.
const RemovedRow* Restorer::Row() {
  const RemovedRow* const row = removed_->For(name_);
  if (row != nullptr && row->behind_gap && removed_->rows() != trusted_row_) is_placed_ = false;
  return is_placed_ ? row : nullptr;
}

absl::Status Restorer::Emit(std::string_view record, bool counts) {
  if (counts) {
    digest_.AddRecord(record);
    ++summary_.records;
  }
  any_ = any_ || !record.empty();
  return out_->Write(record);
}

// Records that went, where their numbers say.
absl::Status Restorer::EmitRemoved(uint64_t* number) {
  for (const RemovedRow* row = Row(); row != nullptr && !row->span && row->record == *number; row = Row()) {
    if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
    ++summary_.records_put_back;
    ++*number;
    Advance();
  }
  return absl::OkStatus();
}

// The record as read, if the log has it whole although clean output has its rest. False if it has not.
absl::StatusOr<bool> Restorer::EmitReplaced(uint64_t number) {
  for (const RemovedRow* row = Row(); row != nullptr && row->record == number; row = Row()) {
    const bool whole = row->extracted;
    if (whole) {
      if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
    }
    ++summary_.spans_put_back;
    Advance();
    if (whole) return true;
  }
  return false;
}

// A clean record with what was cut from it; as it stands, if that does not fit.
absl::Status Restorer::EmitWhole(std::string_view clean, uint64_t number) {
  whole_.clear();
  size_t taken = 0;
  uint64_t spans = 0;
  for (const RemovedRow* row = Row(); row != nullptr && row->span && row->record == number; row = Row()) {
    const size_t from_clean = row->at >= whole_.size() ? row->at - whole_.size() : SIZE_MAX;
    if (from_clean > clean.size() - taken) {
      is_placed_ = false;
      left_out_ += spans;
      return Emit(clean, true);
    }
    whole_.append(clean.substr(taken, from_clean));
    taken += from_clean;
    whole_.append(row->raw);
    ++spans;
    Advance();
    row = Row();
    if (row != nullptr && row->extracted && row->record == number) {
      summary_.spans_put_back += spans;
      if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
      Advance();
      return absl::OkStatus();
    }
  }
  summary_.spans_put_back += spans;
  whole_.append(clean.substr(taken));
  return Emit(whole_, true);
}

// What is left of the file's rows.
absl::Status Restorer::EmitPlaceless() {
  for (const RemovedRow* row = removed_->For(name_); row != nullptr; row = removed_->For(name_)) {
    if (row->span || row->extracted) {
      ++left_out_;
    } else {
      if (absl::Status status = Emit(row->raw, true); !status.ok()) return status;
      ++summary_.records_put_back;
      ++placeless_;
    }
    Advance();
  }
  return absl::OkStatus();
}

// `clean` may be nullptr: all records went.
absl::Status Restorer::RestoreRecords(const RunInput& input, RecordStream* clean) {
  constexpr uint64_t kNone = UINT64_MAX;
  uint64_t number = 0;         // of the record that comes next
  uint64_t pieces_of = kNone;  // the clean record whose pieces are passing through
  bool put_back = false;       // its record as read was put back, so its pieces go nowhere
  bool read_any = false;
  while (true) {
    if (pieces_of == kNone) {
      if (absl::Status status = EmitRemoved(&number); !status.ok()) return status;
    }
    if (clean == nullptr) return absl::OkStatus();
    const Record* next = clean->Next();
    if (next != nullptr) trail_.Add(next->bytes);
    is_placed_ = is_placed_ && !clean->gap();
    if (pieces_of != kNone && (next == nullptr || next->location.record != pieces_of)) {
      pieces_of = kNone;
      ++number;
      // The record behind a passed-through one may have one that went in front of it.
      if (absl::Status status = EmitRemoved(&number); !status.ok()) return status;
    }
    const Record empty;
    if (next == nullptr) {
      // A text file of which everything was cut is one record, and has none.
      const RemovedRow* row = Row();
      if (input.lines || read_any || row == nullptr || !row->span || row->record != number)
        return absl::OkStatus();
      next = &empty;
    }
    read_any = true;
    if (next->oversized) {
      if (pieces_of == kNone) {
        pieces_of = next->location.record;
        absl::StatusOr<bool> replaced = EmitReplaced(number);
        if (!replaced.ok()) return replaced.status();
        put_back = *replaced;
      }
      if (put_back) continue;
      if (absl::Status status = Emit(next->bytes, false); !status.ok()) return status;
      continue;
    }
    if (absl::Status status = EmitWhole(next->bytes, number); !status.ok()) return status;
    ++number;
  }
}

absl::Status Restorer::RestoreFile(const RunInput& input, uint64_t max_record) {
  const std::string path = PathOf(input);
  std::error_code error;
  if (absl::Status status = MakeFolders(fs::path(path).parent_path().string()); !status.ok()) return status;
  if (fs::exists(path, error)) {
    return absl::FailedPreconditionError(
        fmt::format("{} is there already; name an empty folder with --out", path));
  }
  // What is missing in front of a file's first row is of this file or of the one before: the digest tells.
  const RemovedRow* const first = removed_->For(input.name);
  const bool asks = first != nullptr && first->behind_gap && !input.digest.empty() && returns_ < kMostReturns;
  const RestoreSummary before = asks ? summary_ : RestoreSummary();
  const RemovedLog::Place place = removed_->place();
  absl::Status status = WriteFile(input, max_record, asks);
  if (status.ok() && asks && !whole_file_) {
    out_.reset();
    summary_ = before;
    damage_.clear();
    ++returns_;
    status = removed_->Return(place);
    if (status.ok()) status = WriteFile(input, max_record, false);
  }
  return status.ok() ? CloseFile(input) : status;
}

// All but the closing of it. `trusts_first_row`: nothing is missing in front of the first row about the file.
absl::Status Restorer::WriteFile(const RunInput& input, uint64_t max_record, bool trusts_first_row) {
  const std::string clean_path = CleanPathOf(input);
  std::optional<RecordStream> clean;
  Compression compression = CompressionOf(input.clean);
  std::error_code error;
  if (fs::exists(clean_path, error)) {
    absl::StatusOr<RecordStream> stream =
        RecordStream::Open(clean_path, input.lines ? InputFormat::kJsonl : InputFormat::kText,
                           input.extracted ? kAnyLength : max_record);
    if (stream.ok()) {
      clean = *std::move(stream);
      compression = clean->gzip()   ? Compression::kGzip
                    : clean->zstd() ? Compression::kZstd
                                    : Compression::kNone;
    } else if (IsDamage(stream.status())) {
      damage_.push_back({std::string(stream.status().message()), 0});
    } else {
      return stream.status();
    }
  }
  absl::StatusOr<std::unique_ptr<OutputFile>> out = OutputFile::Create(PathOf(input), compression);
  if (!out.ok()) return out.status();
  out_ = *std::move(out);
  name_ = input.name;
  any_ = false;
  is_placed_ = damage_.empty();
  trusted_row_ = trusts_first_row ? removed_->rows() : 0;
  placeless_ = left_out_ = 0;
  digest_ = {};
  any_rows_ = removed_->For(name_) != nullptr;
  first_row_ = removed_->offset();
  if (absl::Status status = RestoreRecords(input, clean ? &*clean : nullptr); !status.ok()) return status;
  if (absl::Status status = EmitPlaceless(); !status.ok()) return status;
  has_clean_ = clean.has_value();
  is_compressed_ = has_clean_ && compression != Compression::kNone;
  if (clean) clean->TakeDamage(&damage_);
  clean_is_damaged_ = !damage_.empty();
  const ByteTrail trail = trail_.Finish();
  changed_.reset();
  if (has_clean_ && input.written) changed_ = FirstChange(*input.written, trail);
  whole_file_ = !clean_is_damaged_ && (input.digest.empty() ? is_placed_ && placeless_ + left_out_ == 0
                                                            : digest_.Hex() == input.digest);
  return absl::OkStatus();
}

// The clean file is asked before the log: what is wrong with that may be about other files.
std::string Restorer::WhyNotWhole(const RunInput& input) const {
  constexpr std::string_view kWhatNext = "Put back what the run wrote, or take the input from elsewhere";
  const std::string clean = CleanPathOf(input);
  if (clean_is_damaged_) return fmt::format("{} is damaged", clean);
  if (!has_clean_ && input.written) return fmt::format("{} is not there", clean);
  if (changed_) {
    return fmt::format("{} was changed since the run wrote it, first between byte {} and byte {}{}. {}",
                       clean, changed_->begin, changed_->end, is_compressed_ ? " of what it unpacks to" : "",
                       kWhatNext);
  }
  if (IsForDamagedLog(input)) return fmt::format("{} is damaged", removed_->path());
  if (!has_clean_) return fmt::format("{} is not there, and the removal log has not all of it", clean);
  if (!input.written) {
    return fmt::format("it is not what the run read, {} or the removal log was changed since. {}", clean,
                       kWhatNext);
  }
  const std::string rows =
      any_rows_ ? fmt::format("the first at byte {}, the last at byte {} of what it unpacks to", first_row_,
                              last_row_)
                : "of which none is found in its place";
  return fmt::format(
      "{} or run.json was changed since the run wrote it: rows about this file, {}; {} is as the run wrote "
      "it. {}",
      removed_->path(), rows, clean, kWhatNext);
}

absl::Status Restorer::CloseFile(const RunInput& input) {
  ReportDamage();
  if (whole_file_) return out_->Close();
  summary_.not_whole.push_back(input.clean);
  if (changed_ && !clean_is_damaged_) summary_.changed.push_back({input.clean, *changed_});
  if (any_ && IsForDamagedLog(input) && std::exchange(log_told_, true)) {
    others_.push_back(input.clean);
    others_placeless_ += placeless_;
    others_left_out_ += left_out_;
    return out_->Close();
  }
  if (++not_whole_told_ <= kMostTold) {
    std::string line = fmt::format("{} is not {}: {}", PathOf(input),
                                   any_ ? "whole" : "written: nothing is left of it", WhyNotWhole(input));
    AddUnplaced("its", placeless_, left_out_, &line);
    Warn(line);
  }
  if (any_) return out_->Close();
  out_.reset();
  ++empty_;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RestoreSummary> Restore(const RestoreOptions& options, const RunHooks& hooks) {
  return Restorer(options, hooks).Run();
}

}  // namespace refrain
