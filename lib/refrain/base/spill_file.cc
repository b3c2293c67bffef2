#include "refrain/base/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "refrain/base/system_error.h"

namespace refrain {
namespace {

std::string FolderOf(const std::string& tmpdir) { return tmpdir.empty() ? "/tmp" : tmpdir; }

absl::Status CannotMake(const std::string& folder) {
  const int error = errno;
  const std::string why = fmt::format("cannot write temporary files to {}: {}", folder, std::strerror(error));
  if (error == EMFILE)
    return WithErrno(absl::ResourceExhaustedError(why), error);  // so it would be elsewhere
  return WithErrno(absl::PermissionDeniedError(why + "; name another folder with --tmpdir"), error);
}

}  // namespace

int OpenUnnamed(const std::string& folder) {
  int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  // Not every file system can do that.
  if (file >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return file;
  std::string path = folder + "/refrain-XXXXXX";
  file = mkostemp(path.data(), O_CLOEXEC);
  if (file < 0 || unlink(path.c_str()) == 0) return file;
  const int error = errno;
  close(file);
  errno = error;
  return -1;  // a name that stays would outlive the process
}

absl::Status CheckSpillFolder(const std::string& tmpdir) {
  const std::string folder = FolderOf(tmpdir);
  const int file = OpenUnnamed(folder);
  if (file < 0) return CannotMake(folder);
  close(file);
  return absl::OkStatus();
}

SpillFile::SpillFile(const std::string& tmpdir, size_t buffer) : tmpdir_(FolderOf(tmpdir)), buffer_(buffer) {}

SpillFile::~SpillFile() {
  if (file_ >= 0) close(file_);
}

absl::Status SpillFile::Append(std::string_view bytes) {
  if (!broken_.ok()) return broken_;
  waiting_.append(bytes);
  return waiting_.size() >= buffer_ ? WriteWaiting() : absl::OkStatus();
}

absl::Status SpillFile::Flush() {
  if (!broken_.ok()) return broken_;
  if (absl::Status status = waiting_.empty() ? absl::OkStatus() : WriteWaiting(); !status.ok()) return status;
  std::string().swap(waiting_);  // with its memory
  return absl::OkStatus();
}

absl::Status SpillFile::WriteWaiting() {
  if (file_ < 0) file_ = OpenUnnamed(tmpdir_);
  if (file_ < 0) return broken_ = CannotMake(tmpdir_);
  for (size_t done = 0; done < waiting_.size();) {
    const ssize_t put = write(file_, waiting_.data() + done, waiting_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      return broken_ = absl::ResourceExhaustedError(fmt::format(
                 "cannot write temporary files to {}: {} (byte {} of one); name another folder with --tmpdir",
                 tmpdir_, std::strerror(errno), written_ + done));
    }
    done += static_cast<size_t>(put);
  }
  written_ += waiting_.size();
  waiting_.clear();
  return absl::OkStatus();
}

absl::Status SpillFile::Read(uint64_t offset, size_t size, char* to) const {
  const size_t in_file = offset < written_ ? std::min<uint64_t>(size, written_ - offset) : 0;
  if (in_file > 0) {
    if (absl::Status status = ReadWritten(offset, in_file, to); !status.ok()) return status;
  }
  if (in_file < size)
    std::copy_n(waiting_.data() + (offset + in_file - written_), size - in_file, to + in_file);
  return absl::OkStatus();
}

absl::Status SpillFile::ReadWritten(uint64_t offset, size_t size, char* to) const {
  for (size_t done = 0; done < size;) {
    const ssize_t got = pread(file_, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return absl::DataLossError(
          fmt::format("cannot read back a temporary file in {}, byte {}: {}", tmpdir_, offset + done,
                      got < 0 ? std::strerror(errno) : "it is shorter than what was written"));
    }
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

}  // namespace refrain
