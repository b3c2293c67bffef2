#pragma once
/// Files that are whole or not there.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace refrain {

enum class Compression : uint8_t { kNone, kGzip, kZstd };

/// ".gz" is gzip, ".zst" zstd, anything else none.
Compression CompressionOf(std::string_view path);

/// Creates a folder and those above it. Fine if it exists.
absl::Status MakeFolders(const std::string& path);

/// What zstd spends on a file. The removal log of a run is as large as what was removed, and its compression
/// would be the costliest part of writing.
enum class Effort : uint8_t {
  kNormal,  ///< level 3
  kLow,     ///< level 1: more than twice as fast, a tenth to a third larger
};

/// Who compresses and writes a compressed file. The bytes are the same.
enum class Compressing : uint8_t {
  kInCaller,
  kBeside,  ///< a thread of the file's own, from the second MiB on; takes 2 MiB more. The error that Write
            ///< returns may be about bytes of an earlier call; Close misses none.
};

/// Bytes that a file of this content takes. Works as long as writing it would.
uint64_t CompressedSize(std::string_view content, Compression compression, Effort effort = Effort::kNormal);

/// Writes one file under `path`.partial; Close makes it whole (flush, fsync, rename, fsync of the folder). An
/// object destroyed without Close removes what it wrote. Bytes do not depend on how they were cut into Write
/// calls: gzip goes out in members of 1 MiB of content, zstd in one frame. Not thread safe. Errors
/// name the path and the system's reason ("no space left on device").
class OutputFile {
 public:
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path, Compression compression,
                                                            Effort effort = Effort::kNormal,
                                                            Compressing compressing = Compressing::kInCaller);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  absl::Status Write(std::string_view bytes);
  absl::Status Close();

 private:
  struct State;
  explicit OutputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace refrain
