#include "refrain/pipeline/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::HasSubstr;
using testing_crawl::Crawl;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::WriteFolder;

using Files = std::map<std::string, std::string>;

// Runs dedup, then restore, and returns what came back.
Files ThereAndBack(const DedupOptions& options, RestoreSummary* counts = nullptr) {
  const auto run = Dedup(options, {});
  EXPECT_TRUE(run.ok()) << run.status();
  const std::string out = MakeFolder();
  const auto summary = Restore({.run = options.out, .out = out}, {});
  EXPECT_TRUE(summary.ok()) << summary.status();
  if (summary.ok() && counts != nullptr) *counts = *summary;
  return ReadFolder(out);
}

Files WithoutHtml(Files files) {
  std::erase_if(files, [](const auto& file) { return file.first.find(".html") != std::string::npos; });
  return files;
}

TEST(Restore, GivesEveryFileBackByteForByte) {
  const Crawl crawl = MakeCrawl();
  const std::string input = WriteFolder(crawl.files);
  for (const bool pages : {true, false}) {
    for (const bool passages : {true, false}) {
      if (!pages && !passages) continue;
      for (const bool unique : {false, true}) {
        DedupOptions options = OptionsFor(input);
        options.pages = pages;
        options.passages = passages;
        options.keep_unique = unique;
        RestoreSummary counts;
        const Files back = ThereAndBack(options, &counts);
        EXPECT_EQ(WithoutHtml(back), WithoutHtml(crawl.files)) << pages << passages << unique;
        EXPECT_EQ(counts.files, crawl.files.size());
        EXPECT_GE(counts.records_put_back, 1u) << "the broken line at least";
        EXPECT_GE(counts.spans_put_back, 11u);
      }
    }
  }
}

TEST(Restore, GivesHtmlBackAsALineOfItsText) {
  const Crawl crawl = MakeCrawl();
  const Files back = ThereAndBack(OptionsFor(WriteFolder(crawl.files)));
  ASSERT_TRUE(back.contains("f.html.jsonl"));
  const std::string& line = back.at("f.html.jsonl");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr("\"text\":"));
}

TEST(Restore, DoesNotMindHowTheRunWasCutIntoBatches) {
  const Crawl crawl = MakeCrawl();
  for (const uint64_t bytes : {1u, 700u, 30000u}) {
    DedupOptions options = OptionsFor(WriteFolder(crawl.files));
    options.corpus.reader.batch_bytes = bytes;
    options.corpus.threads = 3;
    EXPECT_EQ(WithoutHtml(ThereAndBack(options)), WithoutHtml(crawl.files)) << bytes;
  }
}

TEST(Restore, PutsRecordsBackAroundOversizedAndBlankAndBrokenOnes) {
  const std::string page = MakeLine(1, 100), big = JsonLine("big", MakeLine(2, 4000)) + "\n";
  const std::string copy = JsonLine("copy", page) + "\n", broken = "{\"text\":\n", blank = "\r\n";
  ASSERT_GT(big.size(), testing_crawl::kMaxRecord);
  const std::vector<std::string> parts = {copy, big, broken, blank};
  // Every order of three of them, in front of the page that makes the copies go.
  for (const std::string& one : parts) {
    for (const std::string& two : parts) {
      for (const std::string& three : parts) {
        const Files files = {
            {"a.jsonl", one + two + three + JsonLine("a", page + "!") + "\n" + three + two + one}};
        EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files))), files);
      }
    }
  }
}

TEST(Restore, KeepsFoldersAndEmptyFiles) {
  const Files files = {{"deep/er/a.jsonl", JsonLine("1", MakeLine(1, 50)) + "\n"},
                       {"deep/b.txt", MakeLine(1, 50)},
                       {"empty.jsonl", ""},
                       {"empty.txt", ""},
                       {"newline.jsonl", "\n"}};
  EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files))), files);
}

TEST(Restore, KeepsTextThatIsNotUtf8) {
  const std::string once = MakeLine(5, 40);
  const Files files = {{"a.txt", "abc \xff\xfe " + once + "\n\xc3\x28\x80 " + once + "\n"}};
  EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files))), files);
}

TEST(Restore, FindsAChangedCleanFile) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const std::string path = options.out + "/clean/a.jsonl";
  const std::string bytes = ReadFolder(options.out).at("clean/a.jsonl");
  const auto restore_of = [&](const std::string& changed) {
    std::ofstream(path, std::ios::binary) << changed;
    return Restore({.run = options.out, .out = MakeFolder()}, {}).status();
  };
  std::string other = bytes;
  other[other.find("ba")] = 'B';
  const absl::Status status = restore_of(other);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("a.jsonl"));
  EXPECT_EQ(restore_of(bytes.substr(0, bytes.size() - 5)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(restore_of(bytes + "{}\n").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(restore_of(bytes.substr(bytes.find('\n') + 1)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(restore_of("").code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(restore_of(bytes).ok());
}

TEST(Restore, FindsATornRemovalLog) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const std::string log = ReadFolder(options.out).at("removed.jsonl.zst");
  std::ofstream(options.out + "/removed.jsonl.zst", std::ios::binary) << log.substr(0, log.size() / 2);
  EXPECT_EQ(Restore({.run = options.out, .out = MakeFolder()}, {}).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(Restore, OverwritesNothing) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const std::string out = WriteFolder({{"b.jsonl", "mine"}});
  EXPECT_EQ(Restore({.run = options.out, .out = out}, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadFolder(out).at("b.jsonl"), "mine");
}

TEST(Restore, WantsTheFolderOfAFinishedRun) {
  EXPECT_EQ(Restore({.run = MakeFolder(), .out = MakeFolder()}, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Restore({.run = "/no/such/folder", .out = MakeFolder()}, {}).status().code(),
            absl::StatusCode::kNotFound);
  const std::string other = WriteFolder({{"run.json", "{\"hello\":1}\n"}});
  EXPECT_EQ(Restore({.run = other, .out = MakeFolder()}, {}).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace refrain
