#include "refrain/pipeline/page_table.h"

#include <algorithm>
#include <utility>

namespace refrain {

void PageTable::Add(PageEntry entry, std::string_view id) {
  entry.id_begin = ids_.size();
  entry.id_size = static_cast<uint32_t>(id.size());
  ids_.append(id);
  entries_.push_back(entry);
}

uint32_t PageTable::LowerBound(uint32_t file, uint64_t record) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), std::pair(file, record),
                                   [](const PageEntry& entry, const std::pair<uint32_t, uint64_t>& place) {
                                     return std::pair(entry.file, entry.record) < place;
                                   });
  return static_cast<uint32_t>(at - entries_.begin());
}

uint64_t PageTable::MarkSameIds() {
  std::vector<std::pair<uint64_t, uint32_t>> keys;
  for (uint32_t page = 0; page < size(); ++page) {
    if (entries_[page].id_size > 0) keys.emplace_back(HashBytes64(id(page)), page);
  }
  std::sort(keys.begin(), keys.end());
  uint64_t marked = 0;
  for (size_t begin = 0, end; begin < keys.size(); begin = end) {
    for (end = begin + 1; end < keys.size() && keys[end].first == keys[begin].first;) ++end;
    if (end - begin < 2) continue;
    for (size_t i = begin; i < end; ++i) {
      entries_[keys[i].second].same_id = true;
      ++marked;
    }
  }
  return marked;
}

}  // namespace refrain
