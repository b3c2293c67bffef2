#include "refrain/pipeline/scan_stage.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using testing_crawl::MakeFolder;
using testing_crawl::ReadFolder;

constexpr Banding kBanding{.bands = 3, .rows = 2};
constexpr uint32_t kFiles = 5;

std::string Repeats(Span cut) {
  PageRepeats repeats;
  repeats.repeats.push_back({.dropped = cut, .kept = {0, 9}, .tokens = 3});
  repeats.cut.push_back(cut);
  std::string bytes;
  PackRepeats(repeats, &bytes);
  return bytes;
}

ScanResult MakeResult(uint64_t number) {
  ScanResult result;
  result.place.file = number % kFiles;
  result.place.opens_file = number % 2 == 0;
  result.place.gzip = number % 3 == 0;
  result.refusal = result.place.refusal = number % 4 == 0 ? "refused" : "";
  result.records = number + 3;
  result.repeat_bytes = number * 5;
  if (number % 4 == 1) result.unread_dates = {.count = number, .date = "May 2", .page = "x"};
  for (uint64_t page = 0; page < number % 7; ++page) {
    ScanResult::ScannedPage scanned;
    scanned.entry.record = page;
    scanned.entry.date = -7;
    scanned.entry.file = result.place.file;
    scanned.entry.tokens = 12;
    scanned.entry.kind = RecordKind::kWet;
    scanned.entry.has_cut = page % 2 == 0;
    scanned.facts.record_hash = {1, page};
    scanned.facts.sketch.words.fill(page);
    scanned.facts.words = {1, 9};
    scanned.exact = {page, number};
    scanned.id = "page " + std::to_string(page);
    scanned.entry.text_bytes = 40;
    if (scanned.entry.has_cut) scanned.repeats = Repeats({10, 19});
    scanned.banded = page % 2 == 1;
    scanned.blocks = page % 3;
    result.pages.push_back(scanned);
    for (int band = 0; scanned.banded && band < kBanding.bands; ++band)
      result.band_keys.push_back(number ^ page);
    for (uint32_t block = 0; block < scanned.blocks; ++block) {
      result.blocks.push_back({.exact = {page, 3}, .span = {block, 9}, .tokens = 30});
      for (const uint64_t key : {uint64_t{1}, uint64_t{2}, uint64_t{page}}) result.block_keys.push_back(key);
    }
  }
  if (number % 3 == 1) {
    result.damage.push_back({.file = 1,
                             .record = 2,
                             .offset = 3,
                             .bytes = 4,
                             .stored = true,
                             .reason = "torn",
                             .fields = "a, b"});
    result.oversized.push_back(
        {.location = {.file = 2, .record = 1, .offset = 9, .length = 77}, .oversized = true});
    result.warc_records["response"] = number;
    result.examples.push_back({.verdict = "repeat", .id = "x", .resemblance = 1, .text = "beginning"});
  }
  return result;
}

std::string Bytes(const ScanResult& result) {
  std::string bytes;
  AppendScan(result, &bytes);
  return bytes;
}

TEST(ScanStage, AResultComesBackAsItWas) {
  for (uint64_t number = 0; number < 50; ++number) {
    const ScanResult result = MakeResult(number);
    ScanResult back;
    ASSERT_TRUE(TakeScan(Bytes(result), kBanding, kFiles, &back));
    ASSERT_EQ(Bytes(back), Bytes(result));
    EXPECT_EQ(back.block_keys, result.block_keys);
    ASSERT_EQ(back.pages.size(), result.pages.size());
    for (size_t i = 0; i < back.pages.size(); ++i) {
      EXPECT_EQ(back.pages[i].id, result.pages[i].id);
      EXPECT_EQ(back.pages[i].entry.date, -7);
      EXPECT_EQ(back.pages[i].exact, result.pages[i].exact);
      EXPECT_EQ(back.pages[i].facts.sketch, result.pages[i].facts.sketch);
    }
    EXPECT_EQ(back.warc_records, result.warc_records);
  }
}

// Bytes with a right checksum may come from another version, or from somebody who means ill.
TEST(ScanStage, BytesThatAreNoResultAreRefused) {
  const std::string whole = Bytes(MakeResult(34));
  ScanResult result;
  ASSERT_TRUE(TakeScan(whole, kBanding, kFiles, &result));
  for (size_t size = 0; size < whole.size(); ++size)
    ASSERT_FALSE(TakeScan(std::string_view(whole).substr(0, size), kBanding, kFiles, &result)) << size;
  EXPECT_FALSE(TakeScan(whole + "x", kBanding, kFiles, &result));
  EXPECT_FALSE(TakeScan(whole, Banding{.bands = 4, .rows = 2}, kFiles, &result));
  EXPECT_FALSE(TakeScan(whole, kBanding, 34 % kFiles, &result)) << "a file that is not there";
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(0xff);
    TakeScan(bytes, kBanding, kFiles, &result);  // whatever it says, it says it
  }
}

// What went wrong: what page repair cuts was unpacked as if this process had packed it.
TEST(ScanStage, RepairsThatLieOutsideOfTheirPageAreRefused) {
  const auto taken = [](const std::string& repeats) {
    ScanResult result = MakeResult(2);
    EXPECT_TRUE(result.pages[0].entry.has_cut);
    result.pages[0].repeats = repeats;
    ScanResult back;
    return TakeScan(Bytes(result), kBanding, kFiles, &back);
  };
  const std::string good = Repeats({10, 40});
  EXPECT_TRUE(taken(good));
  EXPECT_FALSE(taken(Repeats({10, 41}))) << "the page has 40 bytes";
  EXPECT_FALSE(taken(Repeats({10, 10}))) << "nothing";
  EXPECT_FALSE(taken(good + "x"));
  for (size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(taken(good.substr(0, size))) << size;
  std::string many = good;
  many[6] = '\x7f';  // of the number of repeats
  EXPECT_FALSE(taken(many));
}

TEST(ScanStage, GivesBackTheWholeFilesInOrder) {
  const std::string folder = MakeFolder();
  const StageFields fields = {{"options", "x"}};
  {
    ScanStage stage(folder, fields, 4000);
    for (uint64_t number = 0; number < 59; ++number) ASSERT_TRUE(stage.Add(MakeResult(number)).ok());
    // Dies without Close.
  }
  EXPECT_GT(ReadFolder(folder).size(), 3u);
  uint64_t next = 0;
  const auto take = [&](ScanResult&& result) {
    EXPECT_EQ(Bytes(result), Bytes(MakeResult(next)));
    ++next;
    return absl::OkStatus();
  };
  {
    ScanStage again(folder, fields, 4000);
    ASSERT_TRUE(again.Read(kBanding, kFiles, take).ok());
    EXPECT_EQ(again.batches(), next);
    EXPECT_GT(next, 20u);
    EXPECT_LT(next, 59u);
    for (uint64_t number = next; number < 70; ++number) ASSERT_TRUE(again.Add(MakeResult(number)).ok());
    ASSERT_TRUE(again.Close().ok());
  }
  next = 0;
  ScanStage last(folder, fields, 4000);
  ASSERT_TRUE(last.Read(kBanding, kFiles, take).ok());
  EXPECT_EQ(next, 70u);
  const absl::Status other = ScanStage(folder, {{"options", "y"}}, 4000).Read(kBanding, kFiles, take);
  EXPECT_EQ(other.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(other.message().find("options (x there, y now)"), std::string::npos) << other;
  EXPECT_NE(other.message().find("without --resume"), std::string::npos);
  // What belongs to another place in the row.
  next = 0;
  std::filesystem::copy_file(folder + "/scan-000000", folder + "/scan-000001",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(ScanStage(folder, fields, 4000).Read(kBanding, kFiles, take).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace refrain
