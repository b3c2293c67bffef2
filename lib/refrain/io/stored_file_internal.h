#pragma once
/// A file as it is stored, read block by block.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/stage_clock.h"

namespace refrain {

/// An open regular file. Reads are pread(2): no position, no mapping, so a file that shrinks meanwhile is
/// only a short read.
class StoredFile {
 public:
  static absl::StatusOr<std::unique_ptr<StoredFile>> Open(const std::string& path,
                                                          StageClock* clock = nullptr);
  ~StoredFile();
  StoredFile(const StoredFile&) = delete;
  StoredFile& operator=(const StoredFile&) = delete;

  /// Reads until `out` has `size` bytes or the file ends. Errors name path and offset.
  absl::StatusOr<size_t> Read(uint64_t offset, char* out, size_t size) const;
  const std::string& path() const { return path_; }
  uint64_t size_at_open() const { return size_; }

 private:
  StoredFile(std::string path, int fd, uint64_t size, StageClock* clock)
      : path_(std::move(path)), fd_(fd), size_(size), clock_(clock) {}

  std::string path_;
  int fd_;
  uint64_t size_;
  StageClock* clock_;  // of reads, or nullptr
};

/// A window on a stored file that moves forward: what decoders take their input from.
class StoredWindow {
 public:
  /// `file` must outlive the window.
  explicit StoredWindow(const StoredFile* file) : file_(file) {}

  /// Makes `bytes()` hold at least `want` bytes if the file has as many; reads more than that in whole
  /// blocks. False: it has not.
  absl::StatusOr<bool> Want(size_t want);
  std::string_view bytes() const { return {buffer_.data() + begin_, end_ - begin_}; }
  /// REQUIRES: n <= bytes().size().
  void Consume(size_t n) {
    begin_ += n;
    offset_ += n;
  }
  /// The place of bytes()[0] in the file.
  uint64_t offset() const { return offset_; }
  /// To another place. Keeps what it has of it.
  void Seek(uint64_t offset);
  /// Whether all of the file that is not consumed stands in bytes().
  bool at_end() const { return at_end_; }
  /// The file ended before the size it had when it was opened.
  bool shrunk() const { return at_end_ && offset_ + bytes().size() < file_->size_at_open(); }
  const StoredFile& file() const { return *file_; }

 private:
  const StoredFile* file_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  uint64_t offset_ = 0;
  bool at_end_ = false;
};

}  // namespace refrain
