#include "refrain/base/spill_sort.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace refrain {
namespace {

struct Record {
  uint64_t key = 0;
  uint32_t place = 0;  // in what was added
  bool operator==(const Record&) const = default;
};

constexpr uint64_t kMemories[] = {1, 64 << 10, 200 << 10, 1 << 20, uint64_t{1} << 40};

// Keys that are spread well, badly and not at all.
std::vector<std::vector<uint64_t>> Inputs() {
  std::mt19937_64 random(1);
  std::vector<std::vector<uint64_t>> inputs;
  for (const size_t n : {0, 1, 2, 300, 2047, 2048, 2049, 5000, 60'000}) {
    const auto fill = [&](auto value) {
      std::vector<uint64_t> values(n);
      for (size_t i = 0; i < n; ++i) values[i] = value(i);
      inputs.push_back(std::move(values));
    };
    fill([&](size_t) { return random(); });
    fill([&](size_t) { return random() % 3; });
    fill([&](size_t) { return random() % 2 ? random() : uint64_t{0xabcdef}; });  // one bucket of half of all
    fill([&](size_t) { return random() << 60; });
    fill([&](size_t) { return uint64_t{7}; });
    fill([&](size_t) { return ~uint64_t{0}; });
    fill([&](size_t i) { return ~uint64_t{i}; });
    fill([&](size_t i) { return i * i; });
    fill([&](size_t i) { return i << 32 | (random() & 0xff); });
  }
  return inputs;
}

std::vector<Record> ReadAll(SpillSorter<Record>* sorter) {
  std::vector<Record> all;
  while (true) {
    const auto block = sorter->Next();
    EXPECT_TRUE(block.ok()) << block.status();
    if (!block.ok() || block->empty()) return all;
    all.insert(all.end(), block->begin(), block->end());
  }
}

std::vector<Record> RecordsOf(const std::vector<uint64_t>& keys) {
  std::vector<Record> records;
  for (const uint64_t key : keys) records.push_back({key, static_cast<uint32_t>(records.size())});
  return records;
}

TEST(SpillSort, RecordsComeOutAsFromStableSortWhateverTheMemory) {
  for (const std::vector<uint64_t>& keys : Inputs()) {
    const std::vector<Record> records = RecordsOf(keys);
    std::vector<Record> expected = records;
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Record& one, const Record& other) { return one.key < other.key; });
    for (const uint64_t memory : kMemories) {
      for (const bool ahead : {false, true}) {
        SpillSorter<Record> sorter({.memory = memory, .ahead = ahead});
        for (const Record& record : records) ASSERT_TRUE(sorter.Add(record).ok());
        ASSERT_EQ(sorter.size(), records.size());
        ASSERT_TRUE(sorter.Finish().ok());
        ASSERT_TRUE(ReadAll(&sorter) == expected) << records.size() << " records, memory " << memory;
        EXPECT_EQ(sorter.disk() > 0,
                  records.size() > std::max<uint64_t>(memory, 64 << 10) / (ahead ? 3 : 2) / sizeof(Record));
      }
    }
  }
}

TEST(SpillSort, KeysOfFewBitsArePartitionedByThose) {
  std::mt19937_64 random(2);
  for (const int bits : {1, 3, 8, 9, 13, 17, 32}) {
    std::vector<uint64_t> keys(40'000);
    for (uint64_t& key : keys) key = random() >> (64 - bits);
    const std::vector<Record> records = RecordsOf(keys);
    std::vector<Record> expected = records;
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Record& one, const Record& other) { return one.key < other.key; });
    SpillSorter<Record> sorter({.memory = 64 << 10}, bits);
    for (const Record& record : records) ASSERT_TRUE(sorter.Add(record).ok());
    ASSERT_TRUE(sorter.Finish().ok());
    ASSERT_TRUE(ReadAll(&sorter) == expected) << bits;
  }
}

// By counting each key.
std::vector<Record> WithoutRare(const std::vector<Record>& records, uint64_t least) {
  std::map<uint64_t, uint64_t> counts;
  for (const Record& record : records) ++counts[record.key];
  std::vector<Record> left;
  for (const Record& record : records) {
    if (counts[record.key] >= least) left.push_back(record);
  }
  return left;
}

TEST(SpillSort, LeavesOutRareKeysAndNoOthers) {
  uint64_t all = 0, left = 0;
  for (const std::vector<uint64_t>& keys : Inputs()) {
    const std::vector<Record> records = RecordsOf(keys);
    std::vector<Record> sorted = records;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Record& one, const Record& other) { return one.key < other.key; });
    for (const uint64_t memory : {uint64_t{1}, uint64_t{1} << 20}) {
      for (const uint64_t least : {2, 3, 10}) {
        for (const bool ahead : {false, true}) {
          SpillSorter<Record> sorter({.memory = memory, .ahead = ahead, .least = least});
          for (const Record& record : records) ASSERT_TRUE(sorter.Add(record).ok());
          ASSERT_TRUE(sorter.Finish().ok());
          const std::vector<Record> some = ReadAll(&sorter);
          // Those that stay are some of all, in their order: whoever leaves out what is still rare has the
          // same.
          ASSERT_TRUE(WithoutRare(some, least) == WithoutRare(sorted, least)) << records.size();
          ASSERT_TRUE(std::includes(sorted.begin(), sorted.end(), some.begin(), some.end(),
                                    [](const Record& one, const Record& other) {
                                      return std::pair(one.key, one.place) <
                                             std::pair(other.key, other.place);
                                    }));
          all += sorted.size() - WithoutRare(sorted, least).size();
          left += some.size() - WithoutRare(some, least).size();
        }
      }
    }
  }
  EXPECT_LT(left, all / 4) << "most rare keys go";
}

TEST(SpillSort, IsReadAgainFromTheFirstRecord) {
  std::mt19937_64 random(3);
  std::vector<uint64_t> keys(30'000);
  for (uint64_t& key : keys) key = random() % 2 == 0 ? random() : uint64_t{5} << 40;
  const std::vector<Record> records = RecordsOf(keys);
  for (const uint64_t memory : kMemories) {
    for (const bool ahead : {false, true}) {
      SpillSorter<Record> sorter({.memory = memory, .ahead = ahead});
      for (const Record& record : records) ASSERT_TRUE(sorter.Add(record).ok());
      ASSERT_TRUE(sorter.Finish().ok());
      const std::vector<Record> first = ReadAll(&sorter);
      EXPECT_TRUE(sorter.Next()->empty()) << "the end stays the end";
      sorter.Rewind();
      EXPECT_TRUE(ReadAll(&sorter) == first);
      sorter.Rewind();
      ASSERT_FALSE(sorter.Next()->empty());
      sorter.Rewind();  // in the middle
      EXPECT_TRUE(ReadAll(&sorter) == first);
    }
  }
}

TEST(SpillSort, TakesTheMemoryItWasGiven) {
  for (const bool equal : {false, true}) {
    for (const uint64_t memory : {uint64_t{100} << 10, uint64_t{1} << 20}) {
      std::mt19937_64 random(4);
      SpillSorter<Record> sorter({.memory = memory});
      uint64_t most = 0;
      for (uint32_t i = 0; i < 300'000; ++i) {
        ASSERT_TRUE(sorter.Add({equal ? 9 : random(), i}).ok());
        most = std::max(most, sorter.memory());
      }
      ASSERT_TRUE(sorter.Finish().ok());
      for (auto block = sorter.Next(); !block->empty(); block = sorter.Next()) {
        ASSERT_TRUE(block.ok());
        most = std::max(most, block->size() * sizeof(Record));
      }
      EXPECT_LE(most, memory);
    }
  }
}

TEST(SpillSort, AheadTakesTheMemoryItWasGivenToo) {
  for (const uint64_t memory : {uint64_t{100} << 10, uint64_t{1} << 20}) {
    std::mt19937_64 random(5);
    SpillSorter<Record> sorter({.memory = memory, .ahead = true});
    for (uint32_t i = 0; i < 300'000; ++i) ASSERT_TRUE(sorter.Add({random(), i}).ok());
    ASSERT_TRUE(sorter.Finish().ok());
    uint64_t most = 0;  // of one partition: there are three of its size
    for (auto block = sorter.Next(); !block->empty(); block = sorter.Next()) {
      ASSERT_TRUE(block.ok());
      most = std::max(most, 3 * block->size() * sizeof(Record));
    }
    EXPECT_LE(most, memory);
  }
}

TEST(SpillSort, SaysWhereItCannotWrite) {
  SpillSorter<Record> sorter({.tmpdir = "/absent/folder", .memory = 1});
  absl::Status status;
  for (uint32_t i = 0; i < 100'000 && status.ok(); ++i) status = sorter.Add({i, i});
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_NE(status.message().find("/absent/folder"), std::string::npos);
}

TEST(SpillSort, SaysWhenTheDiskIsFull) {
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit less{.rlim_cur = 500'000, .rlim_max = limit.rlim_max};
  SpillSorter<Record> sorter({.memory = 1});
  setrlimit(RLIMIT_FSIZE, &less);
  absl::Status status;
  for (uint32_t i = 0; i < 100'000 && status.ok(); ++i) status = sorter.Add({i * 0x9e3779b97f4a7c15, i});
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

}  // namespace
}  // namespace refrain
