#include "refrain/pipeline/page_table.h"

#include <gtest/gtest.h>

#include <string>

#include <fmt/format.h>

namespace refrain {
namespace {

// Of some length and of very different ones.
std::string IdOf(uint32_t page) {
  return page % 1000 == 7 ? std::string(20'000 + page, 'x')
                          : fmt::format("{}{}", std::string(page % 60, 'a'), page);
}

// Facts in memory; some; none.
TEST(PageTable, GivesBackWhatWasAddedWhateverTheMemory) {
  constexpr uint32_t kPages = 5000;
  for (const uint64_t memory : {uint64_t{1} << 40, uint64_t{200} << 10, uint64_t{0}}) {
    PageTable table({.memory = memory});
    for (uint32_t page = 0; page < kPages; ++page) {
      ASSERT_EQ(table.size(), page);
      ASSERT_TRUE(
          table
              .Add({.record = page % 100, .file = page / 100, .tokens = page}, IdOf(page), {.line = page * 3})
              .ok());
    }
    PageFacts scratch;
    for (uint32_t page = 0; page < kPages; ++page) {
      ASSERT_EQ(table[page].tokens, page);
      ASSERT_EQ(table.id(page), IdOf(page));
      const auto facts = table.Facts(page, &scratch);
      ASSERT_TRUE(facts.ok()) << facts.status();
      ASSERT_EQ((*facts)->line, page * 3);
      ASSERT_EQ(table.LowerBound(page / 100, page % 100), page);
    }
    EXPECT_EQ(table.LowerBound(0, 100), 100u) << "behind the last of a file";
    EXPECT_EQ(table.LowerBound(kPages, 0), kPages);
    EXPECT_EQ(table.disk() > 0, memory < kPages * sizeof(PageFacts));
  }
}

TEST(PageTable, MarksPagesThatShareAnId) {
  for (const uint64_t memory : {uint64_t{1} << 40, uint64_t{0}}) {
    PageTable table({.memory = memory});
    constexpr uint32_t kPages = 20'000;
    for (uint32_t page = 0; page < kPages; ++page) {
      const std::string id =
          page % 10 == 0 ? "" : fmt::format("{}.{}", page / 10, page % 10 < 4 ? 0 : page % 10);
      ASSERT_TRUE(table.Add({}, id, {}).ok());
    }
    const auto marked = table.MarkSameIds();
    ASSERT_TRUE(marked.ok()) << marked.status();
    EXPECT_EQ(*marked, kPages / 10 * 3);
    for (uint32_t page = 0; page < kPages; ++page) {
      ASSERT_EQ(table[page].same_id, page % 10 >= 1 && page % 10 < 4) << page;
    }
  }
}

}  // namespace
}  // namespace refrain
