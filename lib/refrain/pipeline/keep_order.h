#pragma once
/// Keep order: which of several alike pages is the one to stay.

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace refrain {

enum class Keep : uint8_t {
  kBest,        ///< longest clean text after repair, then oldest
  kLongest,     ///< longest text as read, then oldest
  kNewest,      ///< latest date, pages without one last, then longest clean text
  kOldest,      ///< earliest date, pages without one last, then longest clean text
  kSourceList,  ///< by place of the source in a given list, others last, then as kBest
  kOrigin,      ///< where a text may come from: earliest date (a day counts as its end; an agency's own page
                ///< as its beginning, and without a date as first), then the agency's own page, then longest
};

/// "best", "longest", "newest", "oldest", "source-list".
absl::StatusOr<Keep> ParseKeep(const std::string& name);
std::string Name(Keep keep);

class PageTable;

/// The numbers of all pages of `table`, first to keep first. Pages of an earlier run come before all others.
/// Ties are broken by the page's own id, then by a hash of the record, so never by arrival; records equal in
/// all that are interchangeable and stay in input order.
/// DataLoss if the table cannot be read back.
absl::StatusOr<std::vector<uint32_t>> KeepOrder(const PageTable& table, Keep keep);

}  // namespace refrain
