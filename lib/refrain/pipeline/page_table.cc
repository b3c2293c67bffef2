#include "refrain/pipeline/page_table.h"

#include <algorithm>
#include <utility>

namespace refrain {
namespace {

struct IdHash {
  uint64_t key = 0;
  uint32_t page = 0;
};

}  // namespace

// An id larger than a piece has one of its own, and the piece before goes on.
const char* PageTable::KeepId(std::string_view id) {
  if (id.size() > kIdPiece / 8) {
    ids_.emplace_back(new char[id.size()]);
    id_bytes_ += id.size();
    std::copy(id.begin(), id.end(), ids_.back().get());
    return ids_.back().get();
  }
  if (free_size_ < id.size()) {
    ids_.emplace_back(new char[kIdPiece]);
    id_bytes_ += kIdPiece;
    free_ = ids_.back().get();
    free_size_ = kIdPiece;
  }
  char* const kept = free_;
  free_ = std::copy(id.begin(), id.end(), free_);
  free_size_ -= id.size();
  return kept;
}

absl::Status PageTable::Add(PageEntry added, std::string_view id, const PageFacts& facts) {
  if (absl::Status status = facts_.Add(facts); !status.ok()) return status;
  added.id = KeepId(id);
  added.id_size = static_cast<uint32_t>(id.size());
  if (size_ % kPiece == 0) pieces_.emplace_back(new PageEntry[kPiece]);
  entry(static_cast<uint32_t>(size_++)) = added;
  return absl::OkStatus();
}

uint32_t PageTable::LowerBound(uint32_t file, uint64_t record) const {
  uint32_t begin = 0, end = static_cast<uint32_t>(size_);
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    const PageEntry& one = (*this)[middle];
    if (std::pair(one.file, one.record) < std::pair(file, record)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

absl::StatusOr<uint64_t> PageTable::MarkSameIds() {
  SpillSorter<IdHash> hashes(spill_);
  for (uint32_t page = 0; page < size_; ++page) {
    if ((*this)[page].id_size == 0) continue;
    if (absl::Status status = hashes.Add({HashBytes64(id(page)), page}); !status.ok()) return status;
  }
  if (absl::Status status = hashes.Finish(); !status.ok()) return status;
  uint64_t marked = 0;
  IdHash before;
  bool any = false;
  while (true) {
    const absl::StatusOr<std::span<const IdHash>> block = hashes.Next();
    if (!block.ok()) return block.status();
    if (block->empty()) return marked;
    for (const IdHash& one : *block) {
      if (any && one.key == before.key) {
        for (const uint32_t page : {before.page, one.page}) {
          if (!std::exchange(entry(page).same_id, true)) ++marked;
        }
      }
      before = one;
      any = true;
    }
  }
}

}  // namespace refrain
