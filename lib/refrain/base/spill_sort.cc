#include "refrain/base/spill_sort.h"

#include <algorithm>
#include <cstring>

namespace refrain {
namespace {

// A piece that is written at once. Larger ones were no faster; of smaller ones there are many to read.
constexpr size_t kMostPiece = 256 << 10;
constexpr size_t kLeastPiece = 512;

size_t RecordsInPiece(uint64_t memory, size_t record_size) {
  const uint64_t bytes = std::clamp<uint64_t>(memory / SpillPartitions::kPartitions, kLeastPiece, kMostPiece);
  return std::max<size_t>(1, bytes / record_size);
}

// Records that wait in front of a piece: 256 bytes, or an eighth of a small piece.
size_t RecordsInStage(uint64_t memory, size_t record_size) {
  constexpr size_t kMostStage = 256;
  const size_t piece = RecordsInPiece(memory, record_size);
  return std::clamp<size_t>(std::min(kMostStage / record_size, piece / 8), 1, UINT8_MAX);
}

}  // namespace

SpillPartitions::SpillPartitions(const SpillOptions& options, size_t record_size)
    : record_size_(record_size),
      stage_records_(RecordsInStage(options.memory, record_size)),
      piece_records_(RecordsInPiece(options.memory, record_size) / stage_records_ * stage_records_),
      partitions_(kPartitions),
      stage_(new char[kPartitions * stage_records_ * record_size]),
      waiting_(new char[kPartitions * piece_records_ * record_size]),
      file_(options.tmpdir, kLeastPiece) {}

absl::Status SpillPartitions::MoveStaged(size_t partition) {
  Partition& one = partitions_[partition];
  const size_t count = std::exchange(staged_[partition], 0);
  std::memcpy(waiting_.get() + (partition * piece_records_ + one.filled) * record_size_,
              stage_.get() + partition * stage_records_ * record_size_, count * record_size_);
  one.records += count;
  one.filled += count;
  return one.filled == piece_records_ ? WritePiece(partition) : absl::OkStatus();
}

absl::Status SpillPartitions::WritePiece(size_t partition) {
  Partition& one = partitions_[partition];
  one.offsets.push_back(file_.size());
  const char* const begin = waiting_.get() + partition * piece_records_ * record_size_;
  return file_.Append({begin, std::exchange(one.filled, 0) * record_size_});
}

absl::Status SpillPartitions::Finish() {
  for (size_t partition = 0; partition < kPartitions; ++partition) {
    absl::Status status = MoveStaged(partition);
    if (status.ok() && partitions_[partition].filled > 0) status = WritePiece(partition);
    if (!status.ok()) return status;
  }
  waiting_.reset();
  stage_.reset();
  return file_.Flush();
}

absl::StatusOr<size_t> SpillPartitions::ReadPiece(size_t partition, size_t piece, void* to) const {
  const Partition& one = partitions_[partition];
  const size_t count = std::min<uint64_t>(piece_records_, one.records - piece * piece_records_);
  absl::Status status = file_.ReadWritten(one.offsets[piece], count * record_size_, static_cast<char*>(to));
  if (!status.ok()) return status;
  return count;
}

}  // namespace refrain
