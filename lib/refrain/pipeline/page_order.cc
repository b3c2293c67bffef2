#include "refrain/pipeline/page_order.h"

#include <utility>

namespace refrain {

absl::StatusOr<PageOrder> OrderPages(const PageTable& table, Keep keep,
                                     std::unique_ptr<SpillSorter<ExactItem>> exact) {
  PageOrder pages;
  absl::StatusOr<std::vector<uint32_t>> order = KeepOrder(table, keep);
  if (!order.ok()) return order.status();
  pages.by_rank = *std::move(order);
  const uint32_t size = static_cast<uint32_t>(pages.by_rank.size());
  pages.rank.resize(size);
  for (uint32_t rank = 0; rank < size; ++rank) pages.rank[pages.by_rank[rank]] = rank;
  if (absl::Status status = exact->Finish(); !status.ok()) return status;
  absl::StatusOr<std::vector<uint32_t>> first =
      FirstOfEquals(exact.get(), [&](uint32_t page) { return pages.rank[page]; }, size);
  if (!first.ok()) return first.status();
  pages.first_equal = *std::move(first);
  return pages;
}

}  // namespace refrain
