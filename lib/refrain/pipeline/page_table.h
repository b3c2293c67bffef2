#pragma once
/// What memory holds of each page of a run: about 370 bytes with its band keys, never its text.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/hash.h"
#include "refrain/base/span.h"
#include "refrain/io/page.h"
#include "refrain/match/buckets.h"
#include "refrain/sketch/short_signature.h"

namespace refrain {

struct PageEntry {
  Key128 exact;           ///< of its tokens
  Key128 record_hash;     ///< of the record's bytes, line end left out
  ShortSignature sketch;  ///< of its shingles
  uint64_t record = 0;    ///< number of the record in its file
  uint64_t offset = 0;    ///< first byte of the record in its file after decompression
  uint64_t id_begin = 0;  ///< its own id in the table's bytes
  uint32_t id_size = 0;
  uint32_t file = 0;
  uint32_t record_bytes = 0;  ///< of the record, line end included
  uint32_t line = 0;          ///< number of its line in clean output before anything is left out
  uint32_t text_bytes = 0;    ///< as read
  uint32_t clean_bytes = 0;   ///< after page repair
  uint32_t tokens = 0;
  Span words;                ///< from its first token to its last
  uint32_t source_rank = 0;  ///< place of its source in --source-list
  int64_t date = 0;          ///< see ParseDate
  RecordKind kind = RecordKind::kText;
  bool against = false;  ///< a page of an earlier run: kept, compared with, not written
  bool has_cut = false;  ///< shows a passage twice
  bool same_id = false;  ///< another page has the same id
};

/// Pages in input order: by file, then by record. Filled by one thread, then read by many.
class PageTable {
 public:
  size_t size() const { return entries_.size(); }
  const PageEntry& operator[](uint32_t page) const { return entries_[page]; }
  std::string_view id(uint32_t page) const {
    return std::string_view(ids_).substr(entries_[page].id_begin, entries_[page].id_size);
  }

  void Add(PageEntry entry, std::string_view id);
  /// The page that stands at or behind this record.
  uint32_t LowerBound(uint32_t file, uint64_t record) const;
  /// Marks the pages whose id another page has too. Returns how many there are.
  uint64_t MarkSameIds();
  /// Bytes of memory in use.
  uint64_t memory() const { return entries_.capacity() * sizeof(PageEntry) + ids_.capacity(); }

 private:
  std::vector<PageEntry> entries_;
  std::string ids_;
};

}  // namespace refrain
