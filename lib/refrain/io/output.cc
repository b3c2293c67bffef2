#include "refrain/io/output.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace refrain {
namespace {

namespace fs = std::filesystem;

// Content of a gzip member, and what zstd is fed at a time: whatever comes in is cut anew here, so that the
// bytes that come out do not depend on how it came.
constexpr size_t kBlock = size_t{1} << 20;
// What is this large and not compressed goes out as it is.
constexpr size_t kUncopied = size_t{64} << 10;
// The disk is told to begin with so much at a time, so that little is left to wait for at the end.
constexpr uint64_t kBegun = uint64_t{8} << 20;
constexpr int kGzipLevel = 6;
constexpr int kZstdJob = 512 << 10;  // the least: it decides how much memory the thread needs
constexpr int kZstdLevel = 3;
constexpr int kLowZstdLevel = 1;

absl::Status SyncFolder(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  const std::string name = folder.empty() ? "." : folder.string();
  const int fd = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("{}: cannot open this folder", name));
  const int failed = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  // Some file systems cannot sync folders, and say so.
  if (failed != 0 && error != EINVAL && error != ENOTSUP) {
    return absl::ErrnoToStatus(error, fmt::format("{}: cannot write this folder to disk", name));
  }
  return absl::OkStatus();
}

}  // namespace

Compression CompressionOf(std::string_view path) {
  if (path.ends_with(".gz")) return Compression::kGzip;
  if (path.ends_with(".zst")) return Compression::kZstd;
  return Compression::kNone;
}

uint64_t CompressedSize(std::string_view content, Compression compression, Effort effort) {
  std::string compressed;
  if (compression == Compression::kZstd) {
    compressed.resize(ZSTD_compressBound(content.size()));
    const size_t size = ZSTD_compress(compressed.data(), compressed.size(), content.data(), content.size(),
                                      effort == Effort::kLow ? kLowZstdLevel : kZstdLevel);
    return ZSTD_isError(size) ? content.size() : size;
  }
  if (compression != Compression::kGzip) return content.size();
  libdeflate_compressor* const gzip = libdeflate_alloc_compressor(kGzipLevel);
  if (gzip == nullptr) return content.size();
  uint64_t sum = 0;
  do {
    const std::string_view block = content.substr(0, kBlock);
    content.remove_prefix(block.size());
    compressed.resize(libdeflate_gzip_compress_bound(gzip, block.size()));
    sum += libdeflate_gzip_compress(gzip, block.data(), block.size(), compressed.data(), compressed.size());
  } while (!content.empty());
  libdeflate_free_compressor(gzip);
  return sum;
}

absl::Status MakeFolders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error && !fs::is_directory(path, error)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("{}: cannot create this folder", path));
  return absl::OkStatus();
}

struct OutputFile::State {
  std::string path;
  std::string partial;
  Compression compression = Compression::kNone;
  int fd = -1;
  absl::Status broken;  // the first error; later calls return it again
  std::string pending;  // less than a block
  std::string compressed;
  uint64_t written = 0, begun = 0;  // bytes of the file; what the disk was told to begin with
  libdeflate_compressor* gzip = nullptr;
  ZSTD_CCtx* zstd = nullptr;

  ~State() {
    libdeflate_free_compressor(gzip);
    ZSTD_freeCCtx(zstd);
    if (fd < 0) return;
    ::close(fd);
    ::unlink(partial.c_str());
  }

  absl::Status Error(int error, const char* what) {
    broken = absl::ErrnoToStatus(error, fmt::format("{}: cannot {}", partial, what));
    return broken;
  }
  absl::Status WriteAll(std::string_view bytes);
  absl::Status WriteBlock(std::string_view block, bool last);
};

absl::Status OutputFile::State::WriteAll(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return Error(errno, "write");
    }
    bytes.remove_prefix(static_cast<size_t>(count));
    written += static_cast<uint64_t>(count);
  }
  if (written - begun >= kBegun) {
    // A hint: what it could not do, fsync says at the end.
    ::sync_file_range(fd, static_cast<off_t>(begun), static_cast<off_t>(written - begun),
                      SYNC_FILE_RANGE_WRITE);
    begun = written;
  }
  return absl::OkStatus();
}

// Compresses a block and writes it. Only the last one may be shorter than kBlock, or empty.
absl::Status OutputFile::State::WriteBlock(std::string_view block, bool last) {
  switch (compression) {
    case Compression::kNone:
      return WriteAll(block);
    case Compression::kGzip: {
      // An empty file is still one member: without any, gzip calls it cut off.
      compressed.resize(libdeflate_gzip_compress_bound(gzip, block.size()));
      const size_t size =
          libdeflate_gzip_compress(gzip, block.data(), block.size(), compressed.data(), compressed.size());
      return WriteAll({compressed.data(), size});
    }
    case Compression::kZstd: {
      ZSTD_inBuffer in{block.data(), block.size(), 0};
      compressed.resize(ZSTD_CStreamOutSize());
      while (true) {
        ZSTD_outBuffer out{compressed.data(), compressed.size(), 0};
        const size_t left = ZSTD_compressStream2(zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) {
          broken =
              absl::InternalError(fmt::format("{}: cannot compress: {}", partial, ZSTD_getErrorName(left)));
          return broken;
        }
        const absl::Status status = WriteAll({compressed.data(), out.pos});
        if (!status.ok()) return status;
        if (last ? left == 0 : in.pos == in.size) return absl::OkStatus();
      }
    }
  }
  return absl::OkStatus();
}

OutputFile::OutputFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
OutputFile::~OutputFile() = default;

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path,
                                                               Compression compression, Effort effort) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->partial = path + ".partial";
  state->compression = compression;
  if (compression == Compression::kGzip) {
    state->gzip = libdeflate_alloc_compressor(kGzipLevel);
    if (state->gzip == nullptr)
      return absl::ResourceExhaustedError(fmt::format("{}: no memory to compress", path));
  }
  if (compression == Compression::kZstd) {
    state->zstd = ZSTD_createCCtx();
    if (state->zstd == nullptr)
      return absl::ResourceExhaustedError(fmt::format("{}: no memory to compress", path));
    ZSTD_CCtx_setParameter(state->zstd, ZSTD_c_compressionLevel,
                           effort == Effort::kLow ? kLowZstdLevel : kZstdLevel);
    ZSTD_CCtx_setParameter(state->zstd, ZSTD_c_checksumFlag, 1);
    // A thread of its own, so that whoever writes need not wait. Its bytes differ from those without one, and
    // are the same for any number: there is always one.
    ZSTD_CCtx_setParameter(state->zstd, ZSTD_c_nbWorkers, 1);
    ZSTD_CCtx_setParameter(state->zstd, ZSTD_c_jobSize, kZstdJob);
  }
  state->fd = ::open(state->partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (state->fd < 0) return state->Error(errno, "create");
  return std::unique_ptr<OutputFile>(new OutputFile(std::move(state)));
}

absl::Status OutputFile::Write(std::string_view bytes) {
  State& state = *state_;
  if (!state.broken.ok()) return state.broken;
  if (state.compression == Compression::kNone && bytes.size() >= kUncopied) {
    const absl::Status status = state.WriteAll(state.pending);
    state.pending.clear();
    return status.ok() ? state.WriteAll(bytes) : status;
  }
  while (state.pending.size() + bytes.size() > kBlock) {
    // A whole block that is in one piece needs no copy. At least a byte stays behind, for the last block.
    std::string_view block = bytes.substr(0, kBlock);
    if (!state.pending.empty()) {
      const size_t missing = kBlock - state.pending.size();
      state.pending.append(bytes.substr(0, missing));
      bytes.remove_prefix(missing);
      block = state.pending;
    } else {
      bytes.remove_prefix(kBlock);
    }
    const absl::Status status = state.WriteBlock(block, false);
    if (!status.ok()) return status;
    state.pending.clear();
  }
  state.pending.append(bytes);
  return absl::OkStatus();
}

absl::Status OutputFile::Close() {
  State& state = *state_;
  if (!state.broken.ok()) return state.broken;
  if (state.fd < 0) return absl::FailedPreconditionError(fmt::format("{}: closed twice", state.path));
  const absl::Status written = state.WriteBlock(state.pending, true);
  if (!written.ok()) return written;
  if (::fsync(state.fd) != 0) return state.Error(errno, "write to disk");
  const int fd = std::exchange(state.fd, -1);
  if (::close(fd) != 0) {
    const absl::Status status = state.Error(errno, "close");
    ::unlink(state.partial.c_str());
    return status;
  }
  if (::rename(state.partial.c_str(), state.path.c_str()) != 0) {
    const absl::Status status = state.Error(errno, "rename");
    ::unlink(state.partial.c_str());
    return status;
  }
  return SyncFolder(state.path);
}

}  // namespace refrain
