// Preloaded into the command by full_disk_test.py: one file of a run meets a full disk, at the moment that is
// asked for, and all others have room.
//
//   REFRAIN_FULL        part of the file's path as it is written, or of the folder of temporary files
//   REFRAIN_FULL_WHEN   open, sync, rename, or a number of bytes from which on it does not grow
//   REFRAIN_FULL_NTH    of files without a name: only the one that was made as the nth

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kMostFiles = 4096;
std::atomic<int> unnamed = 0;                // made so far
std::atomic<int> number_of[kMostFiles];      // by descriptor: which of them; 0 for a file with a name
std::atomic<long long> written[kMostFiles];  // by descriptor

const char* Asked(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool IsWhen(const char* when) { return std::strcmp(Asked("REFRAIN_FULL_WHEN"), when) == 0; }

bool IsPath(const char* path) {
  const char* const part = Asked("REFRAIN_FULL");
  return *part != '\0' && std::strstr(path, part) != nullptr;
}

bool IsFile(int file) {
  if (file < 0 || file >= kMostFiles) return false;
  const int nth = std::atoi(Asked("REFRAIN_FULL_NTH"));
  if (nth != 0 && number_of[file] != nth) return false;
  char link[64] = "/proc/self/fd/", path[4096];
  char digits[16];
  int size = 0;
  for (int left = file; left > 0 || size == 0; left /= 10)
    digits[size++] = static_cast<char>('0' + left % 10);
  char* at = link + std::strlen(link);
  while (size > 0) *at++ = digits[--size];
  *at = '\0';
  const ssize_t got = readlink(link, path, sizeof path - 1);
  if (got <= 0) return false;
  path[got] = '\0';
  return IsPath(path);
}

int Full() {
  errno = ENOSPC;
  return -1;
}

int Open(const char* path, int flags, mode_t mode) {
  const bool without_name = (flags & O_TMPFILE) == O_TMPFILE;
  const int number = without_name ? ++unnamed : 0;
  const int nth = std::atoi(Asked("REFRAIN_FULL_NTH"));
  if ((without_name || (flags & O_CREAT) != 0) && IsWhen("open") && IsPath(path) &&
      (nth == 0 || nth == number))
    return Full();
  const long file = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (file >= 0 && file < kMostFiles) number_of[file] = number, written[file] = 0;
  return static_cast<int>(file);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return Open(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return Open(path, flags, mode);
}

ssize_t write(int file, const void* bytes, size_t size) {
  const char* const when = Asked("REFRAIN_FULL_WHEN");
  if (*when >= '0' && *when <= '9' && IsFile(file)) {
    const long long room = std::atoll(when) - written[file];
    if (room <= 0) return Full();
    if (static_cast<long long>(size) > room) size = static_cast<size_t>(room);
  }
  const long put = syscall(SYS_write, file, bytes, size);
  if (put > 0 && file < kMostFiles) written[file] += put;
  return put;
}

int fsync(int file) {
  if (IsWhen("sync") && IsFile(file)) return Full();
  return 0;  // what a disk takes for it is nothing that is tested here
}

int rename(const char* from, const char* to) {
  if (IsWhen("rename") && IsPath(from)) return Full();
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
}
