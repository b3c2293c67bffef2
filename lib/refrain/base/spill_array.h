#pragma once
/// A long array of plain values: the first ones in memory, the others in a file.
///
///   SpillArray<Facts> facts(tmpdir, 64 << 20);
///   absl::Status status = facts.Add(one);
///   Facts scratch;
///   absl::StatusOr<const Facts*> first = facts.Get(0, &scratch);

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/spill_file.h"

namespace refrain {

/// Filled by one thread, then read by many. Memory is taken piece by piece and never moved, so that there is
/// no moment at which the array is there twice.
template <typename T>
class SpillArray {
 public:
  static_assert(std::is_trivially_copyable_v<T>);

  /// At most `memory` bytes of values in memory.
  SpillArray(const std::string& tmpdir, uint64_t memory)
      : most_pieces_(memory / (kPiece * sizeof(T))), file_(tmpdir, kBuffer) {}

  uint64_t size() const { return size_; }
  /// Errors: those of SpillFile.
  absl::Status Add(const T& value) {
    const uint64_t piece = size_ / kPiece;
    if (piece >= most_pieces_) {
      absl::Status status = file_.Append({reinterpret_cast<const char*>(&value), sizeof(T)});
      if (status.ok()) ++size_;
      return status;
    }
    if (piece == pieces_.size()) pieces_.emplace_back(new T[kPiece]);
    pieces_[piece][size_++ % kPiece] = value;
    return absl::OkStatus();
  }

  /// The value at `place`: in memory, or copied to `scratch`. REQUIRES: place < size().
  absl::StatusOr<const T*> Get(uint64_t place, T* scratch) const {
    if (place / kPiece < pieces_.size()) return &pieces_[place / kPiece][place % kPiece];
    absl::Status status = ReadFile(place, 1, scratch);
    if (!status.ok()) return status;
    return scratch;
  }
  /// Copies `count` values from `place` on. REQUIRES: place + count <= size().
  absl::Status Read(uint64_t place, size_t count, T* to) const {
    for (; count > 0 && place / kPiece < pieces_.size();) {
      const size_t some = std::min<uint64_t>(count, kPiece - place % kPiece);
      to = std::copy_n(&pieces_[place / kPiece][place % kPiece], some, to);
      place += some;
      count -= some;
    }
    return count == 0 ? absl::OkStatus() : ReadFile(place, count, to);
  }

  /// Bytes of memory in use.
  uint64_t memory() const { return pieces_.size() * kPiece * sizeof(T) + file_.memory(); }
  /// Bytes of temporary disk.
  uint64_t disk() const { return file_.size(); }

 private:
  static constexpr size_t kPiece = std::max<size_t>(1, (size_t{64} << 10) / sizeof(T));  // values
  static constexpr size_t kBuffer = size_t{256} << 10;

  absl::Status ReadFile(uint64_t place, size_t count, T* to) const {
    const uint64_t in_file = place - pieces_.size() * kPiece;
    return file_.Read(in_file * sizeof(T), count * sizeof(T), reinterpret_cast<char*>(to));
  }

  const uint64_t most_pieces_;
  uint64_t size_ = 0;
  std::vector<std::unique_ptr<T[]>> pieces_;
  SpillFile file_;
};

}  // namespace refrain
