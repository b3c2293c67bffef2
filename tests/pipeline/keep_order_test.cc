#include "refrain/pipeline/keep_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "refrain/pipeline/dates.h"
#include "refrain/pipeline/page_table.h"

namespace refrain {
namespace {

struct TestPage {
  std::string id;
  PageEntry entry;
  PageFacts facts = {};
};

// Facts on disk.
std::unique_ptr<PageTable> Table(const std::vector<TestPage>& pages) {
  auto table = std::make_unique<PageTable>();
  for (size_t i = 0; i < pages.size(); ++i) {
    PageEntry entry = pages[i].entry;
    entry.record = i;
    EXPECT_TRUE(table->Add(entry, pages[i].id, pages[i].facts).ok());
  }
  return table;
}

// The ids in keep order, joined.
std::string Order(const std::vector<TestPage>& pages, Keep keep) {
  const auto table = Table(pages);
  std::string ids;
  const auto order = KeepOrder(*table, keep);
  EXPECT_TRUE(order.ok()) << order.status();
  for (const uint32_t page : *order) ids += table->id(page);
  return ids;
}

TestPage Make(const std::string& id, uint32_t text, uint32_t clean, int64_t date, uint32_t source = 0) {
  TestPage page{.id = id, .entry = {}};
  page.entry.text_bytes = text;
  page.entry.clean_bytes = clean;
  page.entry.date = date;
  page.entry.source_rank = source;
  return page;
}

TEST(KeepOrder, BestIsTheLongestCleanTextThenTheOldest) {
  EXPECT_EQ(Order({Make("a", 900, 100, 5), Make("b", 300, 300, 9), Make("c", 300, 300, 7),
                   Make("d", 300, 300, kNoDate)},
                  Keep::kBest),
            "cbda");
}

TEST(KeepOrder, LongestCountsTheTextAsReadThenTheOldest) {
  EXPECT_EQ(Order({Make("a", 300, 300, 5), Make("b", 900, 100, 9), Make("c", 300, 20, 4),
                   Make("d", 300, 300, kNoDate)},
                  Keep::kLongest),
            "bcad");
}

TEST(KeepOrder, NewestHasPagesWithoutDateLast) {
  EXPECT_EQ(Order({Make("a", 1, 1, kNoDate), Make("b", 1, 1, -50), Make("c", 1, 1, 50), Make("d", 2, 2, -50)},
                  Keep::kNewest),
            "cdba");
}

TEST(KeepOrder, OldestHasPagesWithoutDateLast) {
  EXPECT_EQ(Order({Make("a", 9, 9, kNoDate), Make("b", 1, 1, -50), Make("c", 1, 1, 50), Make("d", 2, 2, -50)},
                  Keep::kOldest),
            "dbca");
}

TEST(KeepOrder, SourceListComesBeforeLength) {
  EXPECT_EQ(
      Order({Make("a", 9, 9, 1, 2), Make("b", 1, 1, 1, 0), Make("c", 5, 5, 1, 1), Make("d", 5, 5, 0, 1)},
            Keep::kSourceList),
      "bdca");
}

TEST(KeepOrder, PagesOfAnEarlierRunComeFirstInEveryOrder) {
  std::vector<TestPage> pages = {Make("a", 9, 9, 0, 0), Make("b", 5, 5, 5, 1), Make("c", 1, 1, 9, 2)};
  for (TestPage& page : pages) {
    for (TestPage& other : pages) other.entry.against = &other == &page;
    for (const Keep keep : {Keep::kBest, Keep::kLongest, Keep::kNewest, Keep::kOldest, Keep::kSourceList}) {
      EXPECT_EQ(Order(pages, keep).substr(0, 1), page.id) << Name(keep);
    }
  }
}

TEST(KeepOrder, TiesGoByIdThenByRecordHashWhateverTheArrival) {
  std::vector<TestPage> pages;
  for (const std::string id : {"", "a", "aa", "b", "\xc3\xa9"}) {
    for (uint64_t hash : {3, 1, 2}) {
      TestPage page = Make(id, 7, 7, 7);
      page.facts.record_hash = {.high = hash, .low = 9 - hash};
      pages.push_back(page);
    }
  }
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::shuffle(pages.begin(), pages.end(), random);
    const auto table = Table(pages);
    for (const Keep keep : {Keep::kBest, Keep::kLongest, Keep::kNewest, Keep::kOldest, Keep::kSourceList}) {
      const std::vector<uint32_t> order = *KeepOrder(*table, keep);
      ASSERT_EQ(order.size(), pages.size());
      for (size_t i = 1; i < order.size(); ++i) {
        const auto key = [&](uint32_t page) {
          PageFacts scratch;
          return std::pair(std::string(table->id(page)), (*table->Facts(page, &scratch))->record_hash);
        };
        EXPECT_LT(key(order[i - 1]), key(order[i]));
      }
    }
  }
}

TEST(KeepOrder, PagesEqualInAllStayInInputOrder) {
  const std::vector<TestPage> pages(100, Make("same", 1, 1, 1));
  std::vector<uint32_t> expected(100);
  std::iota(expected.begin(), expected.end(), 0u);
  EXPECT_EQ(*KeepOrder(*Table(pages), Keep::kBest), expected);
}

TEST(KeepOrder, IsEmptyForNoPages) { EXPECT_TRUE(KeepOrder(PageTable(), Keep::kBest)->empty()); }

TEST(ParseKeep, ReadsBackEveryName) {
  for (const Keep keep : {Keep::kBest, Keep::kLongest, Keep::kNewest, Keep::kOldest, Keep::kSourceList}) {
    const auto parsed = ParseKeep(Name(keep));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, keep);
  }
  EXPECT_EQ(ParseKeep("first").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ParseKeep("").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace refrain
