#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "refrain/base/system_error.h"
#include "refrain/io/stored_file_internal.h"

namespace refrain {
namespace {

// One system call reads at most this much: larger gains nothing, smaller costs a few per cent.
constexpr size_t kBlock = size_t{256} << 10;

}  // namespace

absl::StatusOr<std::unique_ptr<StoredFile>> StoredFile::Open(const std::string& path, StageClock* clock) {
  // O_NONBLOCK: opening a pipe nobody writes to must not wait; it is refused below.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return ErrnoStatus(errno, fmt::format("{}: cannot open", path));
  struct stat status;
  if (::fstat(fd, &status) != 0) {
    const int error = errno;
    ::close(fd);
    return ErrnoStatus(error, fmt::format("{}: cannot read its size", path));
  }
  if (!S_ISREG(status.st_mode)) {
    ::close(fd);
    return absl::InvalidArgumentError(
        fmt::format("{}: not a regular file; a pipe can be read with '-'", path));
  }
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return std::unique_ptr<StoredFile>(new StoredFile(path, fd, static_cast<uint64_t>(status.st_size), clock));
}

StoredFile::~StoredFile() { ::close(fd_); }

absl::StatusOr<size_t> StoredFile::Read(uint64_t offset, char* out, size_t size) const {
  StageScope reading(clock_, Stage::kRead);
  size_t got = 0;
  while (got < size) {
    const ssize_t n = ::pread(fd_, out + got, size - got, static_cast<off_t>(offset + got));
    if (n == 0) break;
    if (n < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, fmt::format("{}: cannot read at byte {}", path_, offset + got));
    }
    got += static_cast<size_t>(n);
  }
  return got;
}

absl::StatusOr<bool> StoredWindow::Want(size_t want) {
  const size_t have = end_ - begin_;
  if (have >= want) return true;
  if (at_end_) return false;
  // A block more than asked for, so that small steps forward seldom move what is left.
  size_t room = (want + 2 * kBlock - 1) / kBlock * kBlock;
  // Small files need no more than their size, and one byte for seeing that they end.
  const uint64_t size = file_->size_at_open();
  room = std::min<uint64_t>(room, std::max<uint64_t>(size > offset_ ? size - offset_ : 0, want) + 1);
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, have);
    begin_ = 0;
    end_ = have;
  }
  if (buffer_.size() < room) buffer_.resize(room);
  const absl::StatusOr<size_t> got =
      file_->Read(offset_ + have, buffer_.data() + have, buffer_.size() - have);
  if (!got.ok()) return got.status();
  end_ += *got;
  at_end_ = end_ < buffer_.size();
  return end_ >= want;
}

void StoredWindow::Seek(uint64_t offset) {
  if (offset >= offset_ && offset - offset_ <= end_ - begin_) {
    Consume(offset - offset_);
    return;
  }
  // Consumed bytes still stand in front of begin_.
  if (offset < offset_ && offset_ - offset <= begin_) {
    begin_ -= offset_ - offset;
    offset_ = offset;
    return;
  }
  begin_ = end_ = 0;
  offset_ = offset;
  at_end_ = false;
}

}  // namespace refrain
