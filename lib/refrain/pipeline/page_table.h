#pragma once
/// What a run remembers of each page: 56 bytes and its id in memory, the rest in memory or on disk, its text
/// never.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/hash.h"
#include "refrain/base/span.h"
#include "refrain/base/spill_array.h"
#include "refrain/base/spill_sort.h"
#include "refrain/io/page.h"
#include "refrain/sketch/short_signature.h"

namespace refrain {

/// What is asked about a page again and again: in memory.
struct PageEntry {
  uint64_t record = 0;       ///< number of the record in its file
  int64_t date = 0;          ///< see ParseDate
  const char* id = nullptr;  ///< its own; owned by the table
  uint32_t id_size = 0;
  uint32_t file = 0;
  uint32_t text_bytes = 0;   ///< as read
  uint32_t clean_bytes = 0;  ///< after page repair
  uint32_t tokens = 0;
  uint32_t source_rank = 0;  ///< place of its source in --source-list
  RecordKind kind = RecordKind::kText;
  bool against = false;  ///< a page of an earlier run: kept, compared with, not written
  bool has_cut = false;  ///< shows a passage twice
  bool same_id = false;  ///< another page has the same id
  bool agency = false;   ///< its source is the agency whose mark it carries
};

/// What is asked about few pages, or once about each.
struct PageFacts {
  Key128 record_hash;         ///< of the record's bytes, line end left out
  ShortSignature sketch;      ///< of its shingles
  uint64_t offset = 0;        ///< first byte of the record in its file after decompression
  Span words;                 ///< from its first token to its last; in `copies`, of its main text
  uint32_t record_bytes = 0;  ///< of the record, line end included
  uint32_t line = 0;          ///< number of its line in clean output before anything is left out
};

/// Pages in input order: by file, then by record. Filled by one thread, then read by many.
class PageTable {
 public:
  /// `spill`: of facts, and of what is sorted.
  explicit PageTable(const SpillOptions& spill = {}) : spill_(spill), facts_(spill.tmpdir, spill.memory) {}

  size_t size() const { return size_; }
  const PageEntry& operator[](uint32_t page) const { return pieces_[page / kPiece][page % kPiece]; }
  std::string_view id(uint32_t page) const { return {(*this)[page].id, (*this)[page].id_size}; }
  /// In the table, or copied to `scratch`. DataLoss if they cannot be read back.
  absl::StatusOr<const PageFacts*> Facts(uint32_t page, PageFacts* scratch) const {
    return facts_.Get(page, scratch);
  }
  /// Copies those of `count` pages from `page` on.
  absl::Status Facts(uint32_t page, size_t count, PageFacts* to) const {
    return facts_.Read(page, count, to);
  }

  /// Errors: those of SpillFile.
  absl::Status Add(PageEntry entry, std::string_view id, const PageFacts& facts);
  /// The page that stands at or behind this record.
  uint32_t LowerBound(uint32_t file, uint64_t record) const;
  /// Marks the pages whose id another page has too. Returns how many there are.
  absl::StatusOr<uint64_t> MarkSameIds();
  /// Bytes of memory in use, and how many of them are of entries and ids, which do not spill.
  uint64_t memory() const { return fixed_memory() + facts_.memory(); }
  uint64_t fixed_memory() const { return pieces_.size() * kPiece * sizeof(PageEntry) + id_bytes_; }
  uint64_t disk() const { return facts_.disk(); }

 private:
  static constexpr size_t kPiece = 1024;        // entries
  static constexpr size_t kIdPiece = 64 << 10;  // bytes

  PageEntry& entry(uint32_t page) { return pieces_[page / kPiece][page % kPiece]; }
  const char* KeepId(std::string_view id);

  const SpillOptions spill_;
  size_t size_ = 0;
  // Pieces never move: a table that grows is not there twice.
  std::vector<std::unique_ptr<PageEntry[]>> pieces_;
  std::vector<std::unique_ptr<char[]>> ids_;
  size_t id_bytes_ = 0;  // of all pieces
  char* free_ = nullptr;
  size_t free_size_ = 0;
  SpillArray<PageFacts> facts_;
};

}  // namespace refrain
