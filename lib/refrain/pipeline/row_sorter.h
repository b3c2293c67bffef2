#pragma once
/// Lines that are made in one order and written in another.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/spill_file.h"
#include "refrain/base/spill_sort.h"

namespace refrain {

/// Rows in an unnamed temporary file, and their places by key in a sorter: 24 bytes each. Not thread safe.
class RowSorter {
 public:
  explicit RowSorter(const SpillOptions& spill, int key_bits = 64)
      : places_(spill, key_bits), rows_(spill.tmpdir) {}

  /// `row`: below 4 GiB. Errors: those of SpillFile.
  absl::Status Add(uint64_t key, std::string_view row);
  /// Gives all rows by key to `write`, some at a time: always the same ones, in whatever order they came.
  absl::Status Write(const std::function<absl::Status(std::string_view)>& write);
  /// The same row by row, each only if it is asked for: Finish once, then Find by rising keys, all of them
  /// different from those before. Whether there is one; `row` is replaced. REQUIRES: no two rows have a key.
  absl::Status Finish() { return places_.Finish(); }
  absl::StatusOr<bool> Find(uint64_t key, std::string* row);
  /// Bytes of temporary disk.
  uint64_t disk() const { return places_.disk() + rows_.size(); }

 private:
  struct Place {
    uint64_t key = 0;
    uint64_t offset = 0;
    uint32_t size = 0;
  };
  SpillSorter<Place> places_;
  std::span<const Place> block_;  // what Find has not passed
  SpillFile rows_;
};

}  // namespace refrain
