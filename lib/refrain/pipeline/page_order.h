#pragma once
/// Pages in keep order, with the first of those that are equal.

#include <cstdint>
#include <memory>
#include <vector>

#include <absl/status/statusor.h>

#include "refrain/match/buckets.h"
#include "refrain/pipeline/keep_order.h"

namespace refrain {

/// What each page is to others. 12 bytes a page.
struct PageOrder {
  std::vector<uint32_t> by_rank;      ///< rank -> page
  std::vector<uint32_t> rank;         ///< page -> rank
  std::vector<uint32_t> first_equal;  ///< rank -> first rank with equal tokens: that speaks for all of them
};

/// Orders all pages of `table`. `exact`: a key of its tokens for each page, all added; closed behind that, so
/// that its memory and disk are free. Errors of KeepOrder, and of reading back what was spilled.
absl::StatusOr<PageOrder> OrderPages(const PageTable& table, Keep keep,
                                     std::unique_ptr<SpillSorter<ExactItem>> exact);

}  // namespace refrain
