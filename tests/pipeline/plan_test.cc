#include "refrain/pipeline/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <sstream>

#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::HasSubstr;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeLine;
using testing_crawl::OptionsFor;
using testing_crawl::WriteCompressedFolder;
using testing_crawl::WriteFolder;

constexpr uint64_t kSample = 1 << 20;

DedupPlan Plan(const DedupOptions& options, uint64_t sample = kSample) {
  const auto plan = PlanDedup(options, {}, sample);
  EXPECT_TRUE(plan.ok()) << plan.status();
  return plan.ok() ? *plan : DedupPlan();
}

// The sample is as small as asked for: what is remembered of more pages would take more than a sixteenth of
// the memory.
DedupOptions Small(const std::string& input) {
  DedupOptions options = OptionsFor(input);
  options.memory = 8 * kSample;
  options.corpus.reader.max_record = 64 << 10;
  options.corpus.threads = 2;
  return options;
}

TEST(Plan, OfAWholeInputIsExact) {
  for (const std::string& input :
       {WriteFolder(MakeCrawl().files), WriteCompressedFolder(MakeCrawl().files)}) {
    DedupOptions options = OptionsFor(input);
    const DedupPlan plan = Plan(options, 64 << 20);
    const auto run = Dedup(options, {});
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_TRUE(plan.whole);
    EXPECT_EQ(plan.pages, run->pages);
    EXPECT_EQ(plan.text_bytes, run->text_bytes);
    EXPECT_NEAR(static_cast<double>(plan.pages_kept), static_cast<double>(run->kept()),
                0.1 * static_cast<double>(run->pages));
  }
}

// A file that begins with short pages and ends with long ones, so that its beginning tells nothing; WARC too.
TEST(Plan, LooksAllOverTheInput) {
  std::string lines, records;
  uint64_t pages = 0, text_bytes = 0;
  for (const int words : {10, 400}) {
    const uint64_t end = lines.size() + 5'000'000;
    for (; lines.size() < end; ++pages) {
      const std::string text = MakeLine(pages, words);
      text_bytes += text.size();
      lines += JsonLine(std::to_string(pages), text) + "\n";
      std::ostringstream record;
      record << "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: "
             << text.size() << "\r\n\r\n"
             << text << "\r\n\r\n";
      records += record.str();
    }
  }
  for (const std::string& input : {WriteFolder({{"a.jsonl", lines}}), WriteFolder({{"a.warc", records}})}) {
    const DedupPlan plan = Plan(Small(input));
    EXPECT_FALSE(plan.whole);
    EXPECT_LT(plan.sampled_bytes, 2 * kSample);
    EXPECT_NEAR(static_cast<double>(plan.pages) / static_cast<double>(pages), 1, 0.3);
    EXPECT_NEAR(static_cast<double>(plan.text_bytes) / static_cast<double>(text_bytes), 1, 0.1);
  }
}

// What went wrong: the sample was an eighth of the memory at the most, though its text is not kept. Of a dump
// many times as large as memory it showed too few pairs to say how many there are.
TEST(Plan, MemoryBoundsWhatIsRememberedAndNotWhatIsRead) {
  std::string lines;
  for (int i = 0; i < 1000; ++i)
    lines += JsonLine(std::to_string(i), MakeLine(static_cast<uint64_t>(i), 1500)) + "\n";
  DedupOptions options = OptionsFor(WriteFolder({{"a.jsonl", lines}}));
  options.memory = 16 << 20;
  const DedupPlan plan = Plan(options);
  EXPECT_FALSE(plan.whole);
  EXPECT_GT(plan.sampled_bytes, uint64_t{6} << 20);
  // A page of a few words needs as much.
  lines.clear();
  for (uint64_t i = 0; lines.size() < 10'000'000; ++i)
    lines += JsonLine(std::to_string(i), MakeLine(i, 4)) + "\n";
  options = OptionsFor(WriteFolder({{"a.jsonl", lines}}));
  options.memory = 16 << 20;
  EXPECT_LT(Plan(options).sampled_bytes, uint64_t{2} << 20);
}

TEST(Plan, SmallFilesAreDrawnAndCounted) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 2000; ++i)
    files[std::to_string(i % 40) + "/" + std::to_string(i) + ".txt"] =
        MakeLine(static_cast<uint64_t>(i % 1500), i % 2 == 0 ? 60 : 400) + "\n";
  const DedupPlan plan = Plan(Small(WriteFolder(files)));
  EXPECT_FALSE(plan.whole);
  EXPECT_NEAR(static_cast<double>(plan.pages), 2000, 300);
}

TEST(Plan, CopiesFarApartAreForeseen) {
  std::mt19937_64 random(1);
  std::map<std::string, std::string> files;
  uint64_t pages = 0;
  std::set<uint64_t> fresh;
  for (const char* name : {"1.jsonl", "2.jsonl", "3.jsonl"}) {
    while (files[name].size() < 3'000'000) {
      const uint64_t from = random() % 12000;
      fresh.insert(from);
      files[name] += JsonLine(std::to_string(pages++), MakeLine(from, 60)) + "\n";
    }
  }
  const DedupPlan plan = Plan(Small(WriteFolder(files)), kSample);
  EXPECT_FALSE(plan.whole);
  EXPECT_NEAR(static_cast<double>(plan.pages_kept) / static_cast<double>(fresh.size()), 1, 0.3);
}

TEST(Plan, TheCurveIsThatOfTheBanding) {
  DedupOptions options = Small(WriteFolder({{"a.jsonl", JsonLine("a", "one two three") + "\n"}}));
  options.banding = {.bands = 20, .rows = 5};
  const DedupPlan plan = Plan(options);
  ASSERT_EQ(plan.recall.size(), 11u);
  for (const auto& [resemblance, probability] : plan.recall)
    EXPECT_EQ(probability, options.banding.MeetingProbability(resemblance));
  EXPECT_EQ(plan.recall.front().first, 0.5);
  EXPECT_EQ(plan.recall.back().second, 1);
}

TEST(Plan, TooSmallADiskIsSaid) {
  DedupOptions options = OptionsFor(WriteFolder({{"a.jsonl", JsonLine("a", "one two three") + "\n"}}));
  EXPECT_TRUE(DiskWarnings({.temporary_disk = 1000, .output_bytes = 1000}, options).empty());
  constexpr uint64_t kExabyte = 1'000'000'000'000'000'000;
  const auto both = DiskWarnings({.temporary_disk = kExabyte, .output_bytes = kExabyte}, options);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_THAT(both[0], HasSubstr("1000000000000 MB of temporary disk"));
  EXPECT_THAT(both[0], HasSubstr("--tmpdir"));
  EXPECT_THAT(both[1], HasSubstr(options.out));
  options.dry_run = true;
  EXPECT_EQ(DiskWarnings({.temporary_disk = kExabyte, .output_bytes = kExabyte}, options).size(), 1u);
}

}  // namespace
}  // namespace refrain
