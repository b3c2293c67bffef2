#pragma once
/// Dates as crawls spell them, for "newest" and "oldest".

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace refrain {

/// No date, or none that can be read.
inline constexpr int64_t kNoDate = std::numeric_limits<int64_t>::min();

/// Seconds since 1970 (UTC). Reads ISO 8601 ("2024-01-31", "2024-01-31T10:00:00Z", with offset or fraction),
/// Common Crawl's fourteen digits, and day-month-year with a month's English name ("26-FEB-1987 15:01:01.79",
/// "Wed, 01 Jan 2020 10:00:00 GMT"). What says less than a day's date (a year alone) is no date. Never fails
/// on other text.
int64_t ParseDate(std::string_view text);

/// Dates that ParseDate did not read, of which the first is named: what it is all about is seen from one.
struct UnreadDates {
  uint64_t count = 0;
  std::string date;  ///< the first, on one line
  std::string page;  ///< the name of its page

  /// Those of pages behind these.
  void Add(UnreadDates later);
  /// What to say of them. REQUIRES: there are some.
  std::string Warning() const;
};

/// Whether one date is before another for sure. A date without a time is its midnight, and may be any time of
/// that day. False if either is kNoDate.
bool IsEarlier(int64_t one, int64_t other);

}  // namespace refrain
