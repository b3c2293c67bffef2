#pragma once
/// What of pages is furniture of their sources: counted in a pass of its own, asked for in the next.

#include <cstdint>
#include <memory>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/spill_sort.h"
#include "refrain/match/furniture.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/furniture.h"
#include "refrain/text/blocks.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// Filled by passes over one or more corpora, in the order in which they are passed over later.
class CorpusFurniture {
 public:
  /// `spill`: of each of the finder's parts.
  explicit CorpusFurniture(const SpillOptions& spill) : finder_(Options(), spill) {}

  /// More careful than what `boilerplate` lists: a story that a small site shows twice, whole and in part, is
  /// on two of its pages, and to lose it costs more than a menu that is left.
  static FurnitureOptions Options() { return {.min_pages = 3}; }

  /// Passes over `corpus`. Damage is not reported: the next pass meets it again.
  absl::Status Count(Corpus& corpus, const RunHooks& hooks);
  /// No more corpora.
  absl::Status Finish(const RunHooks& hooks) { return finder_.Finish(hooks); }

  /// The number of the first page of a batch. `corpus`: of those that were counted, 0 for the first.
  uint32_t FirstPage(size_t corpus, uint64_t batch) const { return first_pages_[corpus][batch]; }
  const FurnitureFinder& finder() const { return finder_; }
  uint64_t disk() const { return finder_.disk(); }

 private:
  FurnitureFinder finder_;
  std::vector<std::vector<uint32_t>> first_pages_;  // by corpus, then batch
  uint32_t pages_ = 0;
};

/// Finds the furniture of pages. One for each thread.
class FurnitureSpans {
 public:
  explicit FurnitureSpans(const FurnitureFinder& finder) : finder_(finder) {}
  /// Replaces `spans` by bytes of the text, in order, disjoint. `tokens`: words.
  absl::Status Find(uint32_t page, std::string_view text, const Tokens& tokens, std::vector<Span>* spans);

 private:
  const FurnitureFinder& finder_;
  FurnitureMarker marker_;
  std::vector<Block> blocks_;
  std::vector<FoundFurniture> found_;
  PageFurniture furniture_;
};

}  // namespace refrain
