#pragma once
/// Files as they decompress: one class for each compression.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/io/records.h"
#include "refrain/io/stored_file_internal.h"

namespace refrain {

/// How a file is compressed.
enum class Coding : uint8_t { kPlain, kGzip, kZstd };

/// What one Read did.
enum class ReadResult : uint8_t {
  kBytes,  ///< gave at least one byte
  kGap,    ///< gave none: what comes next does not follow what came, or nothing comes; TakeDamage() says why
  kEnd,    ///< gave none: the file is finished
};

/// The bytes of a file after decompression, once from begin to end. Damage makes a gap, never an error.
/// Memory is bounded whatever the file holds (zstd: its window, up to 2 GiB where the file was written with
/// --long=31). Not thread safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Writes up to `room` bytes to `out` and their number to `*got`. They come from one member. REQUIRES: room
  /// > 0.
  virtual absl::StatusOr<ReadResult> Read(char* out, size_t room, size_t* got) = 0;

  /// The gzip member or zstd frame that the last bytes came from: where it begins in the file, and how long
  /// it is there, or 0 while its end has not been read. A plain file is one member.
  virtual uint64_t member_offset() const = 0;
  virtual uint64_t member_length() const = 0;

  /// How much of the file was read.
  virtual uint64_t stored_bytes() const = 0;
  virtual Coding coding() const = 0;

  /// The damage met since the last call, with `stored` set.
  std::vector<Damage> TakeDamage() { return std::exchange(damage_, {}); }

 protected:
  void AddDamage(uint64_t offset, uint64_t bytes, std::string reason);

 private:
  std::vector<Damage> damage_;
};

/// What the first bytes of a file say about its compression.
Coding CodingOf(std::string_view head);

/// Opens a file and sees from its first bytes how to read it. `clock` is as in ReaderOptions.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path, StageClock* clock = nullptr);

/// For OpenSource. `file` is whole.
std::unique_ptr<ByteSource> NewGzipSource(std::unique_ptr<StoredFile> file);
std::unique_ptr<ByteSource> NewZstdSource(std::unique_ptr<StoredFile> file);

/// Looks for the place where decoding can go on: the next `magic` at or behind byte `start` for which
/// `plausible` says so, asked with the window at that place; it may use up bytes() and adds to `*work` how
/// many bytes it touched. False: there is none, and the window is at the file's end. A file full of false
/// beginnings costs at most some tens of steps a byte: then candidates are passed by.
absl::StatusOr<bool> Resynchronise(StoredWindow* window, uint64_t start, std::string_view magic,
                                   const std::function<absl::StatusOr<bool>(uint64_t* work)>& plausible);

/// How far back the search begins: a tear is noticed only some way behind it.
inline constexpr uint64_t kSearchBack = uint64_t{1} << 20;

/// Where the search begins after each tear of a file. What is searched again is also inflated again, up to
/// the next tear: members that lie in each other would cost the square of their number. So all searches
/// together go back by a few times the file's length at the most, and then none does any more.
class LookBack {
 public:
  /// For a tear that shows at `here`, in a member that begins at `member`.
  uint64_t From(uint64_t member, uint64_t here) {
    const uint64_t from = std::max(member + 1, here - std::min(here, kSearchBack));
    if (from >= here || spent_ + (here - from) > 4 * (kSearchBack + here)) return std::max(from, here);
    spent_ += here - from;
    return from;
  }

 private:
  uint64_t spent_ = 0;
};

inline constexpr char kShrunk[] = "the file became shorter while it was read";

/// zstd frames: a dictionary stands in a skippable frame of this magic at the file's begin (.warc.zst).
inline constexpr uint32_t kDictionaryMagic = 0x184D2A5D;

/// Little endian. REQUIRES: four bytes at `p`.
uint32_t ReadLittle32(const char* p);

}  // namespace refrain
