#pragma once
/// A temporary file without a name, for what memory need not hold.
///
///   SpillFile file("/tmp");
///   const uint64_t at = file.size();
///   absl::Status status = file.Append(bytes);
///   status = file.Read(at, bytes.size(), to);

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/status.h>

namespace refrain {

/// Opens a file in `folder` that has no name: it is gone when the process ends, however it ends. Returns a
/// descriptor, or -1 with errno.
int OpenUnnamed(const std::string& folder);

/// Whether temporary files can be made in `tmpdir` (empty: /tmp): for jobs that may need some hours later, to
/// be asked before anything is read. How much room there is it does not say. PermissionDenied with the
/// folder, the system's reason and what to do, as SpillFile.
absl::Status CheckSpillFolder(const std::string& tmpdir);

/// Written at its end, read anywhere. Made when something has to go there. Not thread safe, but for what is
/// said below.
class SpillFile {
 public:
  /// `tmpdir` empty: /tmp. Up to `buffer` bytes wait to be written together.
  explicit SpillFile(const std::string& tmpdir, size_t buffer = size_t{1} << 20);
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  /// Bytes of one call stay together: either all of them are in the file or all still wait. Errors, with the
  /// folder, the system's reason and what to do: PermissionDenied if no file can be made, ResourceExhausted
  /// if it cannot grow. What failed once fails always.
  absl::Status Append(std::string_view bytes);
  uint64_t size() const { return written_ + waiting_.size(); }
  /// Whether the byte at `offset` still waits. What waits may not be read beside an Append; what is written
  /// may, in any number of threads.
  bool waits(uint64_t offset) const { return offset >= written_; }
  /// Copies `[offset, offset + size)`. DataLoss if it cannot be read back.
  absl::Status Read(uint64_t offset, size_t size, char* to) const;
  /// The same for bytes none of which wait.
  absl::Status ReadWritten(uint64_t offset, size_t size, char* to) const;
  /// Bytes of memory in use.
  uint64_t memory() const { return waiting_.capacity(); }
  /// Writes out what waits and gives its memory back.
  absl::Status Flush();

 private:
  absl::Status WriteWaiting();

  const std::string tmpdir_;
  const size_t buffer_;
  int file_ = -1;
  uint64_t written_ = 0;
  std::string waiting_;
  absl::Status broken_;
};

}  // namespace refrain
