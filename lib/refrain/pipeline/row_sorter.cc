#include "refrain/pipeline/row_sorter.h"

#include <span>

namespace refrain {

absl::Status RowSorter::Add(uint64_t key, std::string_view row) {
  absl::Status status =
      places_.Add({.key = key, .offset = rows_.size(), .size = static_cast<uint32_t>(row.size())});
  return status.ok() ? rows_.Append(row) : status;
}

absl::Status RowSorter::Write(const std::function<absl::Status(std::string_view)>& write) {
  constexpr size_t kAtOnce = 64 << 10;
  if (absl::Status status = places_.Finish(); !status.ok()) return status;
  std::string some;
  while (true) {
    const absl::StatusOr<std::span<const Place>> block = places_.Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return some.empty() ? absl::OkStatus() : write(some);
    for (const Place& place : *block) {
      const size_t before = some.size();
      some.resize(before + place.size);
      absl::Status status = rows_.Read(place.offset, place.size, some.data() + before);
      if (status.ok() && some.size() >= kAtOnce) {
        status = write(some);
        some.clear();
      }
      if (!status.ok()) return status;
    }
  }
}

absl::StatusOr<bool> RowSorter::Find(uint64_t key, std::string* row) {
  while (true) {
    while (!block_.empty() && block_.front().key < key) block_ = block_.subspan(1);
    if (!block_.empty()) break;
    const absl::StatusOr<std::span<const Place>> next = places_.Next();
    if (!next.ok()) return next.status();
    if (next->empty()) return false;
    block_ = *next;
  }
  const Place& place = block_.front();
  if (place.key != key) return false;
  row->resize(place.size);
  if (absl::Status status = rows_.Read(place.offset, place.size, row->data()); !status.ok()) return status;
  return true;
}

}  // namespace refrain
