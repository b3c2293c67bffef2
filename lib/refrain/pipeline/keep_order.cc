#include "refrain/pipeline/keep_order.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

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
    case Keep::kOrigin:
      return "origin";
  }
  return "";
}

namespace {

// When a text may have been shown first. A day without a time lasts to its end, and what has a time that day
// is known to be no later; but the agency's own page is not put behind its reprints for want of a time or a
// date.
int64_t ShownFirst(const PageEntry& entry) {
  constexpr int64_t kDay = 86400;
  if (entry.date == kNoDate) return entry.agency ? INT64_MIN : INT64_MAX;
  const bool is_day = entry.date % kDay == 0;
  return is_day && !entry.agency ? entry.date + kDay - 1 : entry.date;
}

// Sorts pages that are equal but for their records, and in input order.
absl::Status OrderByRecord(const PageTable& table, std::span<uint32_t> pages) {
  std::vector<std::pair<Key128, uint32_t>> hashes;
  hashes.reserve(pages.size());
  PageFacts scratch;
  for (const uint32_t page : pages) {
    const absl::StatusOr<const PageFacts*> facts = table.Facts(page, &scratch);
    if (!facts.ok()) return facts.status();
    hashes.emplace_back((*facts)->record_hash, page);
  }
  std::sort(hashes.begin(), hashes.end());
  for (size_t i = 0; i < pages.size(); ++i) pages[i] = hashes[i].second;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<uint32_t>> KeepOrder(const PageTable& table, Keep keep) {
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
      case Keep::kOrigin:
        return {later_run, ShownFirst(e), !e.agency, clean(e)};
    }
    return {};
  };
  std::sort(order.begin(), order.end(), [&](uint32_t one, uint32_t other) {
    const PageEntry& a = table[one];
    const PageEntry& b = table[other];
    const auto criteria_a = criteria(a), criteria_b = criteria(b);
    if (criteria_a != criteria_b) return criteria_a < criteria_b;
    if (const int ids = table.id(one).compare(table.id(other)); ids != 0) return ids < 0;
    return one < other;
  });
  for (size_t begin = 0, end; begin < order.size(); begin = end) {
    const auto same = [&](uint32_t page) {
      return table.id(page) == table.id(order[begin]) &&
             criteria(table[page]) == criteria(table[order[begin]]);
    };
    for (end = begin + 1; end < order.size() && same(order[end]);) ++end;
    if (end - begin < 2) continue;
    absl::Status status = OrderByRecord(table, std::span(order).subspan(begin, end - begin));
    if (!status.ok()) return status;
  }
  return order;
}

}  // namespace refrain
