#pragma once
/// One page of a boilerplate run: what of it goes, and what is said about that.

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/spill_file.h"
#include "refrain/base/spill_sort.h"
#include "refrain/io/page.h"
#include "refrain/match/furniture.h"
#include "refrain/pipeline/clean_writer.h"
#include "refrain/pipeline/furniture.h"
#include "refrain/report/model.h"

namespace refrain {

/// What every thread needs to know.
struct StripPlan {
  const FurnitureFinder& finder;
  bool cut_common = false;
  std::function<std::string(uint32_t page)> display_id;            ///< thread safe
  std::function<void(const BoilerplateRow&, std::string*)> print;  ///< appends a row as it is to come out
};

/// Marks pages. One for each thread.
class PageStripper : public PageCuts {
 public:
  explicit PageStripper(const StripPlan& plan) : plan_(plan) {}

  bool Any(uint32_t number) const override { return plan_.finder.any(number); }
  absl::Status Cut(uint32_t number, const Page& page, std::vector<Span>* cuts, std::string* aside) override;
  RemovedSpanRow Row(size_t cut) const override;

  /// After Cut: texts of many sources that stay in the page.
  const std::vector<Span>& common() const { return common_; }

 private:
  uint64_t KeyOf(const FurnitureSpan& span) const;
  void AppendAside(uint32_t number, const Page& page, const FurnitureSpan& span, std::string* aside);
  Span TextOf(const FurnitureSpan& span) const;

  const StripPlan& plan_;
  Tokens tokens_;
  std::vector<Block> blocks_;
  std::vector<FoundFurniture> found_;
  FurnitureMarker marker_;
  PageFurniture furniture_;
  std::vector<uint32_t> spans_;
  std::vector<Span> common_;
  uint32_t page_ = 0;                  // of the last Cut
  std::unordered_set<uint64_t> sent_;  // texts that were put aside lately
};

/// Rows that PageStripper put aside, each text of a first page once, ordered by source (the one whose first
/// page comes first), those of many sources last; then by pages, the most first; then as they came. In memory
/// or on disk, but for about 40 bytes a row.
class BoilerplateRows {
 public:
  explicit BoilerplateRows(const SpillOptions& spill) : keys_(spill), bytes_(spill.tmpdir) {}

  /// What one or more calls of Cut appended, in order.
  absl::Status Add(std::string_view aside);
  /// Hands out each row: its source (views are valid during the call) and what `print` made of it.
  absl::Status ForEach(
      const std::function<absl::Status(std::string_view source, uint32_t of, std::string_view row)>& row);

  uint64_t texts() const { return texts_; }
  uint64_t templates() const { return templates_; }
  uint64_t common() const { return common_; }
  uint64_t disk() const { return keys_.disk() + bytes_.size(); }

 private:
  struct Place {
    uint64_t key = 0;
    uint64_t offset = 0;
    uint64_t size = 0;
  };
  std::unordered_set<uint64_t> seen_;
  SpillSorter<Place> keys_;
  SpillFile bytes_;
  uint64_t texts_ = 0, templates_ = 0, common_ = 0;
};

}  // namespace refrain
