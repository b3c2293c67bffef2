#include "refrain/pipeline/decisions.h"

#include <algorithm>

namespace refrain {

const DroppedPage* Decisions::Find(uint32_t page) const {
  const auto at = std::lower_bound(dropped.begin(), dropped.end(), page,
                                   [](const DroppedPage& one, uint32_t other) { return one.page < other; });
  return at != dropped.end() && at->page == page ? &*at : nullptr;
}

std::pair<size_t, size_t> Decisions::PassagesOf(uint32_t page) const {
  const auto first = std::lower_bound(passages.begin(), passages.end(), page,
                                      [](const CutPassage& one, uint32_t other) { return one.page < other; });
  auto last = first;
  while (last != passages.end() && last->page == page) ++last;
  return {static_cast<size_t>(first - passages.begin()), static_cast<size_t>(last - passages.begin())};
}

}  // namespace refrain
