#include "refrain/pipeline/keep_order.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "refrain/pipeline/dates.h"
#include "refrain/pipeline/page_table.h"

namespace refrain {

absl::StatusOr<Keep> ParseKeep(const std::string& name) {
  for (const Keep keep : {Keep::kBest, Keep::kLongest, Keep::kNewest, Keep::kOldest, Keep::kSourceList}) {
    if (Name(keep) == name) return keep;
  }
  return absl::InvalidArgumentError(
      fmt::format("'{}' is no keep order: best, longest, newest, oldest or source-list", name));
}

std::string Name(Keep keep) {
  switch (keep) {
    case Keep::kBest:
      return "best";
    case Keep::kLongest:
      return "longest";
    case Keep::kNewest:
      return "newest";
    case Keep::kOldest:
      return "oldest";
    case Keep::kSourceList:
      return "source-list";
  }
  return "";
}

std::vector<uint32_t> KeepOrder(const PageTable& table, Keep keep) {
  std::vector<uint32_t> order(table.size());
  std::iota(order.begin(), order.end(), 0u);
  // Smaller comes first.
  const auto oldest = [](const PageEntry& e) { return e.date == kNoDate ? INT64_MAX : e.date; };
  const auto newest = [](const PageEntry& e) { return e.date == kNoDate ? INT64_MAX : -e.date; };
  const auto clean = [](const PageEntry& e) { return -static_cast<int64_t>(e.clean_bytes); };
  const auto criteria = [&](const PageEntry& e) -> std::array<int64_t, 4> {
    const int64_t later_run = !e.against;
    switch (keep) {
      case Keep::kBest:
        return {later_run, clean(e), oldest(e), 0};
      case Keep::kLongest:
        return {later_run, -static_cast<int64_t>(e.text_bytes), oldest(e), 0};
      case Keep::kNewest:
        return {later_run, newest(e), clean(e), 0};
      case Keep::kOldest:
        return {later_run, oldest(e), clean(e), 0};
      case Keep::kSourceList:
        return {later_run, e.source_rank, clean(e), oldest(e)};
    }
    return {};
  };
  std::sort(order.begin(), order.end(), [&](uint32_t one, uint32_t other) {
    const PageEntry& a = table[one];
    const PageEntry& b = table[other];
    const auto criteria_a = criteria(a), criteria_b = criteria(b);
    if (criteria_a != criteria_b) return criteria_a < criteria_b;
    if (const int ids = table.id(one).compare(table.id(other)); ids != 0) return ids < 0;
    if (a.record_hash != b.record_hash) return a.record_hash < b.record_hash;
    return one < other;
  });
  return order;
}

}  // namespace refrain
