#include "refrain/pipeline/row_sorter.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_slow.h"

namespace refrain {
namespace {

using reference::Random;

using Rows = std::vector<std::pair<uint64_t, std::string>>;

std::vector<std::string> Written(const Rows& rows, uint64_t memory) {
  RowSorter sorter({.memory = memory});
  for (const auto& [key, row] : rows) EXPECT_TRUE(sorter.Add(key, row).ok());
  std::vector<std::string> pieces;
  EXPECT_TRUE(sorter
                  .Write([&](std::string_view some) {
                    pieces.emplace_back(some);
                    return absl::OkStatus();
                  })
                  .ok());
  return pieces;
}

Rows Make(size_t count, size_t longest) {
  Random random(count);
  std::map<uint64_t, std::string> rows;
  for (uint64_t i = 0; i < count; ++i)
    rows[random.Below(uint64_t{1} << 40)] =
        std::string(random.Below(longest), static_cast<char>('a' + i % 26));
  Rows all(rows.begin(), rows.end());
  for (size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.Below(i)]);
  return all;
}

TEST(RowSorter, RowsComeByTheirKeysInPiecesThatNothingElseDecides) {
  for (const auto& [count, longest] :
       {std::pair<size_t, size_t>{0, 1}, {1, 100}, {20'000, 300}, {50, 200'000}}) {
    Rows rows = Make(count, longest);
    const std::vector<std::string> pieces = Written(rows, uint64_t{1} << 30);
    EXPECT_EQ(Written(rows, 1), pieces) << "spilled";
    std::sort(rows.begin(), rows.end());
    EXPECT_EQ(Written(rows, uint64_t{1} << 30), pieces) << "in order";
    std::string all, got;
    for (const auto& [key, row] : rows) all += row;
    for (const std::string& piece : pieces) got += piece;
    EXPECT_EQ(got, all);
  }
}

TEST(RowSorter, FindsTheRowsThatAreAskedForByRisingKeys) {
  for (const uint64_t memory : {uint64_t{1}, uint64_t{1} << 30}) {
    const Rows rows = Make(20'000, 300);
    RowSorter sorter({.memory = memory});
    for (const auto& [key, row] : rows) ASSERT_TRUE(sorter.Add(key, row).ok());
    ASSERT_TRUE(sorter.Finish().ok());
    const std::map<uint64_t, std::string> sorted(rows.begin(), rows.end());
    Random random(5);
    std::string row = "what was there before";
    for (const auto& [key, expected] : sorted) {
      if (random.Below(3) == 0) continue;  // nobody asks
      if (!sorted.contains(key - 1)) {
        const auto none = sorter.Find(key - 1, &row);
        ASSERT_TRUE(none.ok() && !*none);
      }
      const auto found = sorter.Find(key, &row);
      ASSERT_TRUE(found.ok() && *found);
      ASSERT_EQ(row, expected);
    }
    const auto none = sorter.Find(UINT64_MAX, &row);
    EXPECT_TRUE(none.ok() && !*none);
  }
}

TEST(RowSorter, AnErrorOfTheWriterEndsIt) {
  RowSorter sorter({.memory = 1});
  ASSERT_TRUE(sorter.Add(1, "one").ok());
  EXPECT_EQ(sorter.Write([](std::string_view) { return absl::CancelledError("stopped"); }).code(),
            absl::StatusCode::kCancelled);
}

TEST(RowSorter, SaysWhereItCannotWrite) {
  RowSorter sorter({.tmpdir = "/absent/folder", .memory = 1});
  absl::Status status;
  const std::string row(1 << 20, 'x');
  for (uint64_t i = 0; i < 4 && status.ok(); ++i) status = sorter.Add(i, row);
  EXPECT_FALSE(status.ok());
}

}  // namespace
}  // namespace refrain
