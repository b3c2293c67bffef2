#pragma once
/// Many small records, sorted by a key of 64 bits: in memory while they fit, else on disk in partitions.
///
///   SpillSorter<KeyedItem> sorter({.tmpdir = "/tmp", .memory = 64 << 20});
///   status = sorter.Add({.key = key, .item = item});               // as often as it takes
///   status = sorter.Finish();
///   while (!(block = sorter.Next())->empty()) ...                  // records in order, equal keys as they
///   came

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/radix_sort.h"
#include "refrain/base/rare_keys.h"
#include "refrain/base/spill_file.h"

namespace refrain {

struct SpillOptions {
  std::string tmpdir;   ///< empty: /tmp
  uint64_t memory = 0;  ///< bytes; below 64 KiB as if it were that
  /// While a partition is read, the next one is sorted in a thread of its own.
  bool ahead = false;
  /// Records whose key fewer have may be left out, and most are: from 2 on that is less to sort.
  uint64_t least = 1;
};

/// Records by the upper bits of their keys, in one unnamed file. Each partition is a list of pieces, written
/// one by one when they are full and read back in the order in which they came.
class SpillPartitions {
 public:
  static constexpr size_t kPartitions = 256;

  /// `memory`: of pieces that are being filled.
  SpillPartitions(const SpillOptions& options, size_t record_size);

  /// REQUIRES: the size of T is the one that was said.
  template <typename T>
  absl::Status Add(size_t partition, const T& record) {
    uint8_t& staged = staged_[partition];
    std::memcpy(stage_.get() + (partition * stage_records_ + staged) * sizeof(T), &record, sizeof(T));
    return ++staged == stage_records_ ? MoveStaged(partition) : absl::OkStatus();
  }
  /// Writes out what is not full and gives memory back.
  absl::Status Finish();

  uint64_t records(size_t partition) const { return partitions_[partition].records; }
  size_t pieces(size_t partition) const { return partitions_[partition].offsets.size(); }
  size_t records_in_piece() const { return piece_records_; }
  /// Copies a piece to `to` and says how many records it has. REQUIRES: after Finish; room for
  /// records_in_piece().
  absl::StatusOr<size_t> ReadPiece(size_t partition, size_t piece, void* to) const;
  uint64_t disk() const { return file_.size(); }

 private:
  struct Partition {
    uint64_t records = 0;
    std::vector<uint64_t> offsets;  // of pieces: all full but the last
    size_t filled = 0;              // records that wait in its part of waiting_
  };
  // To its piece, which is written when it is full.
  absl::Status MoveStaged(size_t partition);
  absl::Status WritePiece(size_t partition);

  const size_t record_size_;
  const size_t stage_records_;
  const size_t piece_records_;  // a multiple of stage_records_
  std::vector<Partition> partitions_;
  // Records come to partitions in no order, and pieces of all of them are more than caches hold: a few of
  // each are brought together in front of them.
  std::array<uint8_t, kPartitions> staged_{};
  std::unique_ptr<char[]> stage_;
  std::unique_ptr<char[]> waiting_;  // a piece for each partition
  SpillFile file_;
};

/// Sorts stably. Takes `memory` bytes, whatever the keys are: a partition that is too large is divided again
/// by its next bits, and one that no bit divides is in order as it came. Disk: the records once, and once
/// more for what is divided again. On top of `memory` come 64 KiB on disk's way, and with `least` an eighth
/// while a partition is sorted. Not thread safe.
/// With `ahead`, reading takes two threads and the same memory, in smaller partitions. T is a plain struct
/// with a member `uint64_t key`.
template <typename T>
class SpillSorter {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_same_v<decltype(T::key), uint64_t>);

  /// REQUIRES: keys below 2^key_bits. Said too high, keys are in few partitions, which costs time.
  explicit SpillSorter(const SpillOptions& options, int key_bits = 64)
      : options_{options.tmpdir, std::max<uint64_t>(options.memory, kLeastMemory), options.ahead,
                 options.least},
        key_bits_(std::clamp(key_bits, 1, 64)) {}

  uint64_t size() const { return size_; }

  /// REQUIRES: before Finish. Errors: those of SpillFile.
  absl::Status Add(const T& record) {
    ++size_;
    if (levels_.empty()) {
      if (records_.size() < InMemory()) {
        if (records_.size() == records_.capacity()) Grow();
        records_.push_back(record);
        return absl::OkStatus();
      }
      if (absl::Status status = Spill(); !status.ok()) return status;
    }
    return levels_[0].partitions->Add(PartitionOf(record.key, levels_[0].shift), record);
  }

  /// No more records. Reading begins at the first one.
  absl::Status Finish() {
    if (!levels_.empty()) return levels_[0].partitions->Finish();
    Sort(&records_);
    return absl::OkStatus();
  }

  /// Reading begins again at the first record.
  void Rewind() {
    given_ = false;
    Forget();
    if (levels_.empty()) return;
    levels_.resize(1);
    levels_[0].next = levels_[0].next_piece = 0;
  }

  /// The records behind those of the call before, any number, empty at the end. Valid until the next call.
  absl::StatusOr<std::span<const T>> Next() {
    if (levels_.empty()) {
      if (std::exchange(given_, true)) return std::span<const T>();
      return std::span<const T>(records_);
    }
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.next == SpillPartitions::kPartitions) {
        if (levels_.size() == 1) return std::span<const T>();
        levels_.pop_back();
        continue;
      }
      const size_t partition = level.next;
      const uint64_t count = level.partitions->records(partition);
      if (count <= InMemory()) {
        ++level.next;
        if (count == 0) continue;
        absl::Status status;
        if (levels_.size() == 1 && ahead_.valid()) {  // it has this partition
          status = ahead_.get();
          records_.swap(next_records_);
        } else {
          status = Load(*level.partitions, partition, &records_);
        }
        if (!status.ok()) return status;
        if (levels_.size() == 1 && options_.ahead) LoadAhead();
        if (records_.empty()) continue;  // all were rare
        return std::span<const T>(records_);
      }
      if (level.shift <= 0) {  // all keys are equal
        if (level.next_piece == level.partitions->pieces(partition)) {
          ++level.next;
          level.next_piece = 0;
          continue;
        }
        records_.resize(level.partitions->records_in_piece());
        const absl::StatusOr<size_t> read =
            level.partitions->ReadPiece(partition, level.next_piece++, records_.data());
        if (!read.ok()) return read.status();
        records_.resize(*read);
        return std::span<const T>(records_);
      }
      ++level.next;
      if (absl::Status status = Divide(*level.partitions, partition, level.shift - kBits); !status.ok())
        return status;
    }
    return std::span<const T>();
  }

  /// Bytes of memory in use, and of temporary disk.
  uint64_t memory() const {
    const uint64_t next = ahead_.valid() ? InMemory() : next_records_.capacity();
    return (records_.capacity() + next) * sizeof(T) + (levels_.empty() ? 0 : options_.memory / 2);
  }
  uint64_t disk() const {
    uint64_t sum = 0;
    for (const Level& level : levels_) sum += level.partitions->disk();
    return sum;
  }

 private:
  static constexpr uint64_t kLeastMemory = 64 << 10;
  static constexpr int kBits = 8;

  // Partitions that are being read. Each level divides one partition of the level above.
  struct Level {
    std::unique_ptr<SpillPartitions> partitions;
    int shift = 0;  // of the bits that chose the partition; below 0: fewer than eight were left
    size_t next = 0;
    size_t next_piece = 0;  // of a partition with one key
  };

  // Records that memory holds: sorting takes as much again, and so does the partition that is read meanwhile.
  uint64_t InMemory() const { return options_.memory / (options_.ahead ? 3 : 2) / sizeof(T); }
  static size_t PartitionOf(uint64_t key, int shift) {
    return (shift >= 0 ? key >> shift : key << -shift) % SpillPartitions::kPartitions;
  }
  // By half, and never above what is allowed.
  void Grow() {
    const size_t more = records_.capacity() + records_.capacity() / 2 + 1024;
    records_.reserve(std::min<size_t>(more, InMemory()));
  }

  void AddLevel(int shift) {
    levels_.push_back({.partitions = std::make_unique<SpillPartitions>(
                           SpillOptions{options_.tmpdir, options_.memory / 2}, sizeof(T)),
                       .shift = shift});
  }

  // Memory is full: everything goes to disk, and what comes follows.
  absl::Status Spill() {
    AddLevel(key_bits_ - kBits);
    for (const T& record : records_) {
      absl::Status status = levels_[0].partitions->Add(PartitionOf(record.key, levels_[0].shift), record);
      if (!status.ok()) return status;
    }
    std::vector<T>().swap(records_);  // with its memory
    return absl::OkStatus();
  }

  void Sort(std::vector<T>* records) const {
    if (options_.least > 1) DropRareKeys(options_.least, records);
    RadixSortFromTop(std::span(*records), [](const T& record) { return record.key; });
  }

  // Replaces `records` by those of a partition, sorted.
  absl::Status Load(const SpillPartitions& from, size_t partition, std::vector<T>* records) const {
    records->clear();
    records->reserve(from.pieces(partition) * from.records_in_piece());
    for (size_t piece = 0; piece < from.pieces(partition); ++piece) {
      const size_t before = records->size();
      records->resize(before + from.records_in_piece());
      const absl::StatusOr<size_t> read = from.ReadPiece(partition, piece, records->data() + before);
      if (!read.ok()) return read.status();
      records->resize(before + *read);
    }
    Sort(records);
    return absl::OkStatus();
  }

  // Begins with the next partition that has records, unless it has to be divided.
  void LoadAhead() {
    const Level& level = levels_[0];
    size_t next = level.next;
    while (next < SpillPartitions::kPartitions && level.partitions->records(next) == 0) ++next;
    if (next == SpillPartitions::kPartitions || level.partitions->records(next) > InMemory()) return;
    ahead_ = std::async(std::launch::async, [partitions = level.partitions.get(), next, this] {
      return Load(*partitions, next, &next_records_);
    });
  }
  void Forget() {
    if (ahead_.valid()) ahead_.wait();
    ahead_ = {};
  }

  absl::Status Divide(const SpillPartitions& from, size_t partition, int shift) {
    AddLevel(shift);
    SpillPartitions& to = *levels_.back().partitions;
    std::vector<T>().swap(records_);  // with its memory
    std::vector<T> some(from.records_in_piece());
    for (size_t piece = 0; piece < from.pieces(partition); ++piece) {
      const absl::StatusOr<size_t> read = from.ReadPiece(partition, piece, some.data());
      if (!read.ok()) return read.status();
      for (size_t i = 0; i < *read; ++i) {
        if (absl::Status status = to.Add(PartitionOf(some[i].key, shift), some[i]); !status.ok())
          return status;
      }
    }
    return to.Finish();
  }

  const SpillOptions options_;
  const int key_bits_;
  uint64_t size_ = 0;
  std::vector<T> records_;           // all of them, or those of the partition that is read
  std::vector<Level> levels_;        // empty: all are in memory
  bool given_ = false;               // all that are in memory were given to the reader
  std::vector<T> next_records_;      // of the next partition; the thread's until ahead_ is ready
  std::future<absl::Status> ahead_;  // last: the thread uses what is above
};

}  // namespace refrain
