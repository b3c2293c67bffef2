#pragma once
/// Furniture of a corpus: which texts many pages of one source show, and which many sources do. The half that
/// counts; match/furniture.h has the half that needs one page.
///
///   FurnitureFinder finder(FurnitureOptions(), {.tmpdir = "/tmp", .memory = 64 << 20});
///   for each page: maker.Make(tokens, blocks, has_source, &keys), finder.Add(source, keys);  // in input
///   order absl::Status status = finder.Finish(stop); status = finder.Read(page, &found); // any page, in any
///   thread marker.Mark(page, tokens, blocks, found, &furniture);
///
/// Nothing depends on the order in which pages come but which of them is the first to show a text.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/spill_sort.h"
#include "refrain/match/furniture.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/text_store.h"

namespace refrain {

/// Counts keys of pages. Memory: 36 bytes a page, and what `spill` says for each of three sorters and for
/// what is found; disk about 16 bytes a key, 12 more for each that is found (docs/scaling.md). Filled by one
/// thread.
class FurnitureFinder {
 public:
  /// The source of a page of which none is known: it is a source of its own.
  static constexpr uint64_t kUnknown = 0;
  /// What stands for a source; kUnknown if it has no name.
  static uint64_t SourceKey(std::string_view source);

  FurnitureFinder(const FurnitureOptions& options, const SpillOptions& spill);

  /// The next page: 0, 1, 2... Errors: those of SpillFile.
  absl::Status Add(uint64_t source, const FurnitureKeys& keys);
  /// No more pages. Reads what was added three times; Cancelled if `hooks.stop` is set.
  absl::Status Finish(const RunHooks& hooks);

  /// REQUIRES what follows: after Finish.
  uint32_t pages() const { return static_cast<uint32_t>(source_.size()); }
  /// Whether anything was found on the page.
  bool any(uint32_t page) const { return found_->has(page); }
  /// Replaces `found` with what Mark wants of the page. Thread safe.
  absl::Status Read(uint32_t page, std::vector<FoundFurniture>* found) const;
  /// Different pages of the page's source: those with the same story count once.
  uint32_t source_pages(uint32_t page) const { return different_[source_[page]]; }
  /// The first page of the page's source.
  uint32_t source_first_page(uint32_t page) const { return first_in_source_[source_[page]]; }
  /// The first page with the same story, or itself.
  uint32_t story(uint32_t page) const { return story_[page]; }

  /// Bytes of temporary disk.
  uint64_t disk() const;

 private:
  // A key of a page. Also a shingle of its story.
  struct PlacedKey {
    uint64_t key = 0;
    uint32_t page = 0;
    uint32_t place = 0;  // the kind in the three upper bits
  };
  // One that was found, by page, kind and place.
  struct PlacedFind {
    uint64_t key = 0;  // page, then place as above
    uint32_t first_page = 0;
    uint32_t pages : 31 = 0;
    uint32_t common : 1 = 0;
  };
  // That two pages have a shingle of their stories in common.
  struct StoryPair {
    uint64_t key = 0;  // the two pages
    bool own = false;  // not something that most pages of their sources have
  };
  class KeyGroups;
  struct Counted;

  void NumberSources();
  absl::Status FindStories(const RunHooks& hooks);
  absl::Status PairStories(const RunHooks& hooks, SpillSorter<StoryPair>* pairs);
  absl::Status ChooseStories(SpillSorter<StoryPair>* pairs);
  bool IsSameStory(uint32_t page, uint32_t other_page, uint32_t shared, uint32_t shared_own) const;
  absl::Status CountDifferent();
  absl::Status CountKeys(const RunHooks& hooks);
  absl::StatusOr<bool> MayBeEnough(KeyGroups* group) const;
  absl::Status Count(KeyGroups* group, Counted* counted);
  absl::Status Emit(KeyGroups* group, const Counted& counted);
  absl::Status StoreFound();

  const FurnitureOptions options_;
  const SpillOptions spill_;
  std::vector<uint64_t> source_keys_;      // by page, until Finish
  std::vector<uint64_t> text_keys_;        // the same
  std::vector<uint32_t> rank_;             // by page: its place in an order that is the pages' own
  std::vector<uint32_t> source_;           // by page: number of its source
  std::vector<uint32_t> in_source_;        // by source: its pages
  std::vector<uint32_t> first_in_source_;  // by source: its first page
  std::vector<uint32_t> different_;        // by source: those with different stories
  std::vector<uint32_t> story_;            // by page: the first page of its source with its story
  std::vector<uint32_t> told_;             // by page: the first page of all with it, about
  // By page: how many shingles its story has, how many of them are its own, whether they are of all its text.
  struct StorySize {
    uint8_t all = 0, own = 0;
    bool of_all = false;
  };
  std::vector<StorySize> story_sizes_;
  // By page: the last group of keys, and of keys in one source, in which its story was met.
  std::vector<uint32_t> met_in_group_, met_in_source_;
  uint32_t group_ = 0, run_ = 0;
  std::unique_ptr<SpillSorter<PlacedKey>> keys_;
  std::unique_ptr<SpillSorter<PlacedKey>> stories_;
  std::unique_ptr<SpillSorter<PlacedFind>> finds_;
  std::unique_ptr<TextStore> found_;
  uint64_t disk_ = 0;
};

}  // namespace refrain
