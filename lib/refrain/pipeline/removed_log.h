#pragma once
/// What restore reads: records of a run's own files one after the other, and the removal log a row ahead.
/// Damage ends neither: it is handed out beside what comes behind it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <simdjson.h>

#include "refrain/io/inputs.h"
#include "refrain/io/records.h"

namespace refrain {

/// A damaged place in a file of the run.
struct FileDamage {
  std::string place;   ///< "run/clean/a.jsonl: byte 123: reason"
  uint64_t bytes = 0;  ///< dropped for it
};

/// Whether a file that cannot be opened is damaged, and not only out of reach for this process.
bool IsDamage(const absl::Status& status);

/// Records of one file.
class RecordStream {
 public:
  /// Errors: a file that cannot be opened, with its path.
  static absl::StatusOr<RecordStream> Open(const std::string& path, InputFormat format, uint64_t max_record);

  /// The next record, or nullptr at the end. Valid until the call after. What makes reading on impossible is
  /// damage, and the end.
  const Record* Next();
  /// Whether something is missing right in front of what Next returned, be it the end.
  bool gap() const { return gap_; }
  /// Appends what was met since the last call.
  void TakeDamage(std::vector<FileDamage>* damage);
  const std::string& path() const { return path_; }
  bool gzip() const { return reader_->gzip(); }
  bool zstd() const { return reader_->zstd(); }

 private:
  void AddDamage(const Damage& damage);

  std::string path_;
  InputFile file_;
  std::unique_ptr<RecordReader> reader_;
  std::unique_ptr<RecordBatch> batch_ = std::make_unique<RecordBatch>();
  std::vector<FileDamage> damage_;
  size_t next_ = 0;    // of batch_->records
  size_t missed_ = 0;  // of batch_->damage: places that lie behind what was returned
  bool gap_ = false;
  bool ended_ = false;
};

/// A row of the removal log.
struct RemovedRow {
  std::string file;
  uint64_t record = 0;
  bool span = false;
  bool extracted = false;  ///< the record as read, whole, beside the spans cut from what was made of it
  uint64_t at = 0;
  std::string raw;
  bool behind_gap = false;  ///< rows may be missing right in front of it
};

/// The removal log. A row that no run of ours wrote is damage like any other.
class RemovedLog {
 public:
  /// A log that is not there, or that is no such file, has one damaged place and no rows. Errors: one that
  /// this process may not or cannot open.
  static absl::StatusOr<RemovedLog> Open(const std::string& path);

  void Advance();
  /// The row, or nullptr behind the last one.
  const RemovedRow* row() const { return row_ ? &*row_ : nullptr; }
  /// Rows up to this one, itself counted.
  uint64_t rows() const { return rows_; }
  /// The row's first byte in the log, uncompressed.
  uint64_t offset() const { return offset_; }
  /// The row, if it is about this file.
  const RemovedRow* For(std::string_view file) const { return row_ && row_->file == file ? &*row_ : nullptr; }
  /// Notes that the row has no place anywhere.
  void AddStray(const std::string& why);
  /// Where it is, to come back to: after so many rows, with so much damage that was not taken.
  struct Place {
    uint64_t rows = 0;
    size_t damage = 0;
  };
  Place place();
  /// Goes back to a place, reading all in front of it again. REQUIRES: no damage was taken since.
  absl::Status Return(const Place& place);
  void TakeDamage(std::vector<FileDamage>* damage);
  const std::string& path() const { return path_; }

 private:
  RemovedLog() = default;
  absl::Status OpenStream();
  bool Parse(std::string_view line);

  std::string path_;
  std::optional<RecordStream> stream_;
  std::vector<FileDamage> damage_;
  std::unique_ptr<simdjson::dom::parser> parser_ = std::make_unique<simdjson::dom::parser>();
  std::optional<RemovedRow> row_;
  uint64_t offset_ = 0;  // of the row
  uint64_t rows_ = 0;    // up to the row
};

}  // namespace refrain
