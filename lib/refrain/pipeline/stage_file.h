#pragma once
/// Files in which one stage of a run leaves what the next one needs, so that a run that died can go on
/// (docs/formats/stages.md).
///
///   auto writer = StageWriter::Create(path, {{"kind", "scan"}, {"options", id}});
///   status = (*writer)->Add(bytes);                         // as often as it takes
///   status = (*writer)->Close();                            // only now there is a file at `path`
///
///   auto reader = StageReader::Open(path, fields);          // refuses what was made with other fields
///   while (*(*reader)->Next(&bytes)) ...

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/io/output.h"

namespace refrain {

/// What a file was made of and with, by name: all of it decides whether it may be used.
using StageFields = std::vector<std::pair<std::string, std::string>>;

/// Written under another name until it is whole (OutputFile). Not thread safe.
class StageWriter {
 public:
  static absl::StatusOr<std::unique_ptr<StageWriter>> Create(const std::string& path,
                                                             const StageFields& fields);
  /// A block of up to kMostBlock bytes. Errors: those of OutputFile; InvalidArgument for a larger one.
  absl::Status Add(std::string_view block);
  absl::Status Close();
  /// So far.
  uint64_t bytes() const { return bytes_; }

  static constexpr uint32_t kMostBlock = 1 << 30;

 private:
  explicit StageWriter(std::unique_ptr<OutputFile> file) : file_(std::move(file)) {}
  absl::Status WriteBlock(uint32_t kind, std::string_view block);

  std::unique_ptr<OutputFile> file_;
  uint64_t bytes_ = 0;
  uint64_t blocks_ = 0;
};

/// Checks all it reads. Not thread safe.
class StageReader {
 public:
  /// NotFound if there is no such file; FailedPrecondition, naming the first field that differs and both its
  /// values, for what another run left; DataLoss, with path and byte offset, for a damaged file.
  static absl::StatusOr<std::unique_ptr<StageReader>> Open(const std::string& path,
                                                           const StageFields& fields);
  ~StageReader();
  StageReader(const StageReader&) = delete;
  StageReader& operator=(const StageReader&) = delete;

  /// Replaces `block`. False at the end, which was reached only if the file is whole. DataLoss as above.
  absl::StatusOr<bool> Next(std::string* block);

 private:
  StageReader(std::string path, int file) : path_(std::move(path)), file_(file) {}
  absl::Status Damaged(uint64_t offset, const char* what) const;
  absl::Status ReadExactly(size_t size, char* to);
  absl::StatusOr<uint32_t> ReadBlock(std::string* block);

  const std::string path_;
  const int file_;
  uint64_t size_ = 0;
  uint64_t offset_ = 0;
  uint64_t blocks_ = 0;
  bool ended_ = false;
};

/// Plain values from bytes that may be anything: what does not fit is refused, never read over.
class StageBytes {
 public:
  explicit StageBytes(std::string_view bytes) : bytes_(bytes) {}
  /// False from the first value on that was not there.
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

  uint64_t Number() {
    uint64_t value = 0;
    Copy(&value, sizeof(value));
    return value;
  }
  /// A number below `limit`.
  uint64_t Below(uint64_t limit) {
    const uint64_t value = Number();
    if (value < limit) return value;
    ok_ = false;
    return 0;
  }
  bool Flag() { return Below(2) == 1; }
  std::string Text() {
    const uint64_t size = Number();
    if (!ok_ || size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }
  /// A number of things that take at least `least` bytes each: no more than there can be.
  uint64_t Count(uint64_t least) { return Below(bytes_.size() / least + 1); }

 private:
  void Copy(void* to, size_t size);

  std::string_view bytes_;
  bool ok_ = true;
};

/// What StageBytes takes.
void AppendNumber(uint64_t value, std::string* bytes);
void AppendText(std::string_view text, std::string* bytes);

}  // namespace refrain
