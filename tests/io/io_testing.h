#pragma once
/// What tests of the readers share: files, compressed in all the ways there are, and everything a reader
/// gives at once.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/io/records.h"

namespace refrain {

/// A folder that is gone with the object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  /// Writes a file of that name, folders above it included, and returns its path.
  std::string Write(const std::string& name, std::string_view bytes) const;

 private:
  std::string path_;
};

std::string ReadFile(const std::string& path);

/// One gzip member; one zstd frame with a checksum.
std::string Gzip(std::string_view bytes);
std::string Zstd(std::string_view bytes);

/// Random bytes of `alphabet`, the same for the same seed.
std::string RandomBytes(uint64_t seed, size_t size, std::string_view alphabet);

/// A record as it was handed out; the pieces of an oversized one joined.
struct ReadRecord {
  Location location;
  RecordKind kind = RecordKind::kText;
  std::string bytes;
  bool oversized = false, no_page = false;
  uint64_t member_offset = 0;
  uint64_t member_length = 0;
};

/// A file, read from begin to end.
struct ReadAll {
  std::string error;  ///< what OpenRecords or Next said; empty if they said nothing
  std::vector<ReadRecord> records;
  std::vector<Damage> damage;
  uint64_t bytes_read = 0;
  uint64_t file_bytes = 0;
  InputFormat format = InputFormat::kAuto;
  uint64_t largest_buffer = 0;

  uint64_t bytes_in_records() const;
  uint64_t bytes_dropped() const;
  /// The bytes of all records.
  std::string Joined() const;
};
ReadAll ReadRecords(const std::string& path, const ReaderOptions& options = {});

/// A record of a web archive, without line ends behind it if `ends` is empty.
std::string WarcRecord(std::string_view type, std::string_view fields, std::string_view block,
                       std::string_view ends = "\r\n\r\n");

}  // namespace refrain
