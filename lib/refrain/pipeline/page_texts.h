#pragma once
/// Texts of pages again, after the first pass: from the input where that is cheap, else from a store.

#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/page_source.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/pipeline/text_store.h"

namespace refrain {

/// Whether a page's text may be read again from its file: one that is not compressed, and a record whose text
/// only has to be copied out. To extract HTML again costs more than to write its text down.
bool ReadsInPlace(const PageEntry& entry, bool plain_file);

/// Reads texts. One for each thread.
class PageTexts {
 public:
  /// Pages that are not in `store` are read from their records in `corpus`, whose first file has the number 0
  /// in `table`, or in `against` (may be null), whose files follow.
  PageTexts(const PageTable& table, const TextStore& store, const Corpus& corpus, const Corpus* against);
  ~PageTexts();
  PageTexts(const PageTexts&) = delete;
  PageTexts& operator=(const PageTexts&) = delete;

  /// Replaces `text`. DataLoss if the file was changed since the first pass.
  absl::Status Read(uint32_t page, std::string* text);
  /// PageFacts::words.
  absl::StatusOr<Span> Words(uint32_t page);

 private:
  absl::Status ReadRecord(uint32_t file, const PageFacts& facts, const std::string& path);

  const PageTable& table_;
  const TextStore& store_;
  const Corpus& corpus_;
  const Corpus* against_;
  PageSource source_;
  std::unique_ptr<PageSource> against_source_;
  PageFacts facts_;
  Page page_;
  std::string record_;
  uint32_t open_file_ = UINT32_MAX;
  int descriptor_ = -1;
};

}  // namespace refrain
