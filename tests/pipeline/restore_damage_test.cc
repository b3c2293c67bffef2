// Runs whose files are not what they wrote: damaged, changed, gone.

#include "refrain/pipeline/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "refrain/pipeline/dedup.h"
#include "tests/io/io_testing.h"
#include "tests/pipeline/crawl_testing.h"
#include "tests/pipeline/restore_testing.h"

namespace refrain {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_crawl::Crawl;
using testing_crawl::Files;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ThereAndBack;
using testing_crawl::WriteFolder;

// What is said, and what comes back, of a run whose files are not what it wrote.
struct Damaged {
  RestoreSummary summary;
  Files files;
  std::string said;  // lines
};

Damaged RestoreDamaged(const std::string& run) {
  Damaged damaged;
  RunHooks hooks;
  hooks.warn = [&](const std::string& line) { damaged.said += line + "\n"; };
  const std::string out = MakeFolder();
  const auto summary = Restore({.run = run, .out = out}, hooks);
  EXPECT_TRUE(summary.ok()) << summary.status();
  if (summary.ok()) damaged.summary = *summary;
  damaged.files = ReadFolder(out);
  return damaged;
}

void Write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Whether all files are those of `whole`, but for the ones said to be not.
void ExpectOthersWhole(const Damaged& damaged, const Files& whole) {
  for (const auto& [name, bytes] : whole) {
    const auto& not_whole = damaged.summary.not_whole;
    const auto at = damaged.files.find(name);
    const bool same = at != damaged.files.end() && at->second == bytes;
    EXPECT_EQ(same, std::find(not_whole.begin(), not_whole.end(), name) == not_whole.end()) << name;
  }
}

TEST(RestoreDamage, FindsAChangedCleanFile) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  const Files whole = ThereAndBack(options);
  const std::string path = options.out + "/clean/a.jsonl";
  const std::string bytes = ReadFolder(options.out).at("clean/a.jsonl");
  std::string other = bytes;
  other[other.find("ba")] = 'B';
  for (const std::string& changed : {other, bytes.substr(0, bytes.size() - 5), bytes + "{}\n",
                                     bytes.substr(bytes.find('\n') + 1), std::string()}) {
    Write(path, changed);
    const Damaged damaged = RestoreDamaged(options.out);
    EXPECT_EQ(damaged.summary.not_whole, std::vector<std::string>{"a.jsonl"});
    EXPECT_THAT(damaged.said,
                HasSubstr("/a.jsonl is not whole: " + path + " was changed since the run wrote "));
    EXPECT_THAT(damaged.said, Not(HasSubstr("removed.jsonl.zst")));
    EXPECT_EQ(damaged.summary.damage.places, 0u);
    ASSERT_EQ(damaged.summary.changed.size(), 1u);
    const ChangedFile& said = damaged.summary.changed[0];
    EXPECT_EQ(said.name, "a.jsonl");
    const auto first = static_cast<uint64_t>(
        std::mismatch(bytes.begin(), bytes.end(), changed.begin(), changed.end()).first - bytes.begin());
    EXPECT_LE(said.bytes.begin, first);
    EXPECT_GE(said.bytes.end, first);
    EXPECT_LE(said.bytes.end - said.bytes.begin, bytes.size() / 4);
    EXPECT_THAT(damaged.said, HasSubstr(fmt::format("first between byte {} and byte {}. Put back",
                                                    said.bytes.begin, said.bytes.end)));
    ExpectOthersWhole(damaged, whole);
  }
  // A letter is all that differs where all is in its place.
  Write(path, other);
  std::string expected = whole.at("a.jsonl");
  const std::string back = RestoreDamaged(options.out).files.at("a.jsonl");
  ASSERT_EQ(back.size(), expected.size());
  int differ = 0;
  for (size_t i = 0; i < back.size(); ++i) differ += back[i] != expected[i];
  EXPECT_EQ(differ, 1);
  // Where the run does not say what it wrote, it may have been either.
  std::string json = ReadFile(options.out + "/run.json");
  const std::string whole_json = json;
  for (size_t at = json.find(",\"written\":\""); at != json.npos; at = json.find(",\"written\":\""))
    json.erase(at, json.find('"', at + 12) + 1 - at);
  Write(options.out + "/run.json", json);
  const Damaged unknown = RestoreDamaged(options.out);
  EXPECT_THAT(unknown.said, HasSubstr("/a.jsonl is not whole: it is not what the run read, " + path +
                                      " or the removal log was changed since"));
  EXPECT_TRUE(unknown.summary.changed.empty());
  Write(options.out + "/run.json", whole_json);
  std::filesystem::remove(path);
  EXPECT_THAT(RestoreDamaged(options.out).said,
              HasSubstr("/a.jsonl is not whole: " + path + " is not there; "));
  // Compressed in another way it holds the same.
  Write(path, Gzip(bytes));
  EXPECT_TRUE(RestoreDamaged(options.out).summary.not_whole.empty());
  Write(path, Gzip(other));
  EXPECT_THAT(RestoreDamaged(options.out).said, HasSubstr(" of what it unpacks to. Put back"));
}

TEST(RestoreDamage, TellsAChangedLogFromAChangedCleanFile) {
  const std::string page = MakeLine(1, 100);
  Files files = {{"0.jsonl", JsonLine("first", page + "!") + "\n"}};
  for (const char* name : {"a.jsonl", "b.jsonl", "c.jsonl"}) {
    const auto seed = static_cast<uint64_t>(*name) * 100;
    files[name] = JsonLine("copy", page) + "\n" + JsonLine("own", MakeLine(seed + 5, 80)) + "\n";
  }
  const DedupOptions options = OptionsFor(WriteFolder(files));
  ASSERT_EQ(ThereAndBack(options), files);
  const std::string path = options.out + "/removed.jsonl.zst", clean = options.out + "/clean/";
  std::vector<std::string> rows;
  for (const ReadRecord& row : ReadRecords(path).records) rows.push_back(row.bytes);
  ASSERT_EQ(rows.size(), 3u);
  std::string changed = rows[1];
  changed[changed.find("copy", changed.find("raw"))] = 'k';
  Write(path, rows[0] + changed + rows[2]);
  const Damaged log = RestoreDamaged(options.out);
  EXPECT_EQ(log.summary.not_whole, std::vector<std::string>{"b.jsonl"});
  EXPECT_TRUE(log.summary.changed.empty());
  EXPECT_THAT(log.said, HasSubstr(fmt::format(
                            "/b.jsonl is not whole: {} or run.json was changed since the run wrote "
                            "it: rows about this file, the first at byte {}, the last at "
                            "byte {} of what it unpacks to; {}b.jsonl is as the run wrote it. Put back",
                            path, rows[0].size(), rows[0].size(), clean)));
  Write(path, rows[0] + rows[2]);
  EXPECT_THAT(
      RestoreDamaged(options.out).said,
      HasSubstr(path + " or run.json was changed since the run wrote it: rows about this file, of which none "
                       "is found in its place; "));

  // What went wrong: a log damaged elsewhere was to blame for every file behind.
  Write(path, "{\"torn\n" + rows[1] + rows[2]);
  Write(clean + "c.jsonl", files.at("c.jsonl").substr(files.at("c.jsonl").find('\n') + 2));
  const Damaged both = RestoreDamaged(options.out);
  EXPECT_THAT(both.summary.not_whole, testing::ElementsAre("a.jsonl", "c.jsonl"));
  EXPECT_THAT(both.said, HasSubstr("/a.jsonl is not whole: " + path + " is damaged\n"));
  EXPECT_THAT(both.said, HasSubstr("/c.jsonl is not whole: " + clean +
                                   "c.jsonl was changed since the run "
                                   "wrote it, first between byte 0 and byte "));
  ASSERT_EQ(both.summary.changed.size(), 1u);
  EXPECT_EQ(both.summary.changed[0].name, "c.jsonl");
}

// A text file of a page that was dropped leaves none: what somebody puts there is nothing the run wrote.
TEST(RestoreDamage, KnowsNoCleanFileOfAPageThatWent) {
  const std::string text = MakeLine(3, 200) + "\n";
  const DedupOptions options = OptionsFor(WriteFolder({{"a.txt", text}, {"b.txt", text}}));
  ThereAndBack(options);
  EXPECT_EQ(ReadFile(options.out + "/run.json").find("\"written\""),
            ReadFile(options.out + "/run.json").rfind("\"written\""));
  Write(options.out + "/clean/b.txt", "mine");
  const Damaged damaged = RestoreDamaged(options.out);
  EXPECT_EQ(damaged.summary.not_whole, std::vector<std::string>{"b.txt"});
  EXPECT_THAT(damaged.said, HasSubstr("/clean/b.txt or the removal log was changed since"));
}

// What went wrong: the first damaged place ended restoring, and files behind it never came.
TEST(RestoreDamage, RestoresWhatATornRemovalLogLeaves) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  const Files whole = ThereAndBack(options);
  const std::string path = options.out + "/removed.jsonl.zst";
  const std::string log = ReadFolder(options.out).at("removed.jsonl.zst");
  for (const size_t size : {log.size() / 2, size_t{0}}) {
    Write(path, log.substr(0, size));
    const Damaged damaged = RestoreDamaged(options.out);
    EXPECT_FALSE(damaged.summary.not_whole.empty());
    EXPECT_LT(damaged.summary.not_whole.size(), whole.size()) << "nothing was taken out of some";
    if (size > 0) {
      EXPECT_GT(damaged.summary.damage.places, 0u);
      EXPECT_THAT(damaged.said, HasSubstr(path + ": byte "));
    }
    ExpectOthersWhole(damaged, whole);
  }
  std::filesystem::remove(path);
  const Damaged damaged = RestoreDamaged(options.out);
  EXPECT_EQ(damaged.summary.damage.places, 1u);
  EXPECT_THAT(damaged.said, HasSubstr(path + ": No such file"));
  ExpectOthersWhole(damaged, whole);
}

// What went wrong: one bad byte of the log made a line for each file and each row behind it.
TEST(RestoreDamage, SaysOnceWhatDamagesManyFiles) {
  Files files = {{"0.jsonl", JsonLine("first", MakeLine(1, 100) + "!") + "\n"}};
  for (const char* name : {"a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"})
    files[name] = JsonLine("copy", MakeLine(1, 100)) + "\n" + JsonLine("own", MakeLine(*name, 80)) + "\n";
  const DedupOptions options = OptionsFor(WriteFolder(files));
  ASSERT_EQ(ThereAndBack(options), files);
  const std::string path = options.out + "/removed.jsonl.zst";
  Write(path, "{\"torn\n{\"torn\n{\"torn\n");
  const Damaged torn = RestoreDamaged(options.out);
  EXPECT_THAT(torn.summary.not_whole, testing::ElementsAre("a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"));
  EXPECT_EQ(torn.summary.damage.places, 3u);
  EXPECT_EQ(std::count(torn.said.begin(), torn.said.end(), '\n'), 4) << torn.said;
  EXPECT_THAT(torn.said, HasSubstr(path + ": byte 0: a row that no run of ours wrote\n"));
  EXPECT_THAT(torn.said, HasSubstr(path + ": 2 more places are damaged\n"));
  EXPECT_THAT(torn.said, HasSubstr("/a.jsonl is not whole: " + path + " is damaged\n"));
  EXPECT_THAT(torn.said, HasSubstr("3 more files are not whole since " + path +
                                   " is damaged: b.jsonl, c.jsonl, d.jsonl\n"));
  Write(path, "");
  const Damaged empty = RestoreDamaged(options.out);
  EXPECT_THAT(empty.said, HasSubstr(path + ": byte 0: the file is empty\n"));
  EXPECT_THAT(empty.said, HasSubstr("/a.jsonl is not whole: " + path + " is damaged\n"));
  EXPECT_EQ(empty.summary.damage.places, 1u);
}

TEST(RestoreDamage, PutsNothingIntoTheWrongRecord) {
  // Of each file the first record goes, and the last one is shown a passage of its own twice.
  const auto twice = [](uint64_t seed) {
    return JsonLine("twice", MakeLine(seed, 40) + "\n" + MakeLine(seed + 1, 60) + "\n" + MakeLine(seed, 40)) +
           "\n";
  };
  const std::string page = MakeLine(1, 100);
  Files files = {{"0.jsonl", JsonLine("first", page + "!") + "\n"}};
  for (const char* name : {"a.jsonl", "b.jsonl", "c.jsonl"}) {
    const auto seed = static_cast<uint64_t>(*name) * 100;
    files[name] =
        JsonLine("copy", page) + "\n" + JsonLine("own", MakeLine(seed + 5, 80)) + "\n" + twice(seed);
  }
  const DedupOptions options = OptionsFor(WriteFolder(files));
  ASSERT_EQ(ThereAndBack(options), files);
  // The log as lines: a.jsonl's copy and span, b.jsonl's, c.jsonl's.
  std::vector<std::string> rows;
  for (const ReadRecord& row : ReadRecords(options.out + "/removed.jsonl.zst").records)
    rows.push_back(row.bytes);
  ASSERT_EQ(rows.size(), 6u);
  const std::string path = options.out + "/removed.jsonl.zst";
  const auto log_with = [&](size_t number, const std::string& row) {
    std::string log;
    for (size_t i = 0; i < rows.size(); ++i) log += i == number ? row : rows[i];
    Write(path, log);
  };

  log_with(2, "{\"torn\n");
  const Damaged torn = RestoreDamaged(options.out);
  EXPECT_EQ(torn.summary.not_whole, std::vector<std::string>{"b.jsonl"});
  EXPECT_THAT(torn.said, HasSubstr(fmt::format("{}: byte {}: a row that no run of ours wrote\n", path,
                                               rows[0].size() + rows[1].size())));
  EXPECT_THAT(torn.said,
              HasSubstr("/b.jsonl is not whole: " + path + " is damaged; 1 cut spans are not put back\n"));
  EXPECT_EQ(torn.files.at("b.jsonl"), ReadFolder(options.out + "/clean").at("b.jsonl"));
  ExpectOthersWhole(torn, files);

  // What went wrong: the file behind a torn row was put back without places, though the row was of the one
  // before.
  log_with(1, "{\"torn\n");
  const Damaged before = RestoreDamaged(options.out);
  EXPECT_EQ(before.summary.not_whole, std::vector<std::string>{"a.jsonl"});
  EXPECT_EQ(before.summary.damage.places, 1u);
  ExpectOthersWhole(before, files);
  EXPECT_EQ(before.summary.records, 10u);
  EXPECT_EQ(before.summary.records_put_back, 3u);
  EXPECT_EQ(before.summary.spans_put_back, 2u);

  // The row of a span is lost, and that of the record in front of it is not.
  log_with(3, "{\"torn\n");
  const Damaged span = RestoreDamaged(options.out);
  EXPECT_EQ(span.files.at("b.jsonl"),
            JsonLine("copy", page) + "\n" + ReadFolder(options.out + "/clean").at("b.jsonl"));
  ExpectOthersWhole(span, files);

  // A row about no file of the run keeps nothing back.
  log_with(0, rows[0] + "{\"file\":\"no.jsonl\",\"record\":0,\"raw\":\"x\"}\n");
  const Damaged stray = RestoreDamaged(options.out);
  EXPECT_THAT(stray.said, HasSubstr("rows about 'no.jsonl' that have no place in clean output"));
  ExpectOthersWhole(stray, files);
  EXPECT_EQ(stray.summary.damage.places, 1u);

  // Clean output of a file without its first record: the copy stays in front, the span goes nowhere.
  log_with(9, "");
  const std::string clean = ReadFolder(options.out + "/clean").at("b.jsonl");
  Write(options.out + "/clean/b.jsonl", clean.substr(clean.find('\n') + 1));
  const Damaged lost = RestoreDamaged(options.out);
  EXPECT_EQ(lost.files.at("b.jsonl"), JsonLine("copy", page) + "\n" + clean.substr(clean.find('\n') + 1));
  EXPECT_THAT(lost.said, HasSubstr("1 cut spans are not put back"));
  ExpectOthersWhole(lost, files);
}

TEST(RestoreDamage, SaysWhereCompressedCleanOutputIsTorn) {
  const Crawl crawl = MakeCrawl();
  std::string lines;
  for (uint64_t i = 0; i < 400; ++i) lines += JsonLine("p" + std::to_string(i), MakeLine(i * 2, 600)) + "\n";
  ASSERT_GT(lines.size(), 1u << 20) << "two members";
  const Files files = {{"a.jsonl.gz", Gzip(lines)}, {"b.jsonl", JsonLine("b", MakeLine(9999, 50)) + "\n"}};
  const DedupOptions options = OptionsFor(WriteFolder(files));
  const Files whole = ThereAndBack(options);
  const std::string path = options.out + "/clean/a.jsonl.gz";
  std::string torn = ReadFolder(options.out).at("clean/a.jsonl.gz");
  for (size_t i = 1000; i < 1400; ++i) torn[i] = '\0';
  Write(path, torn);
  const Damaged damaged = RestoreDamaged(options.out);
  EXPECT_EQ(damaged.summary.not_whole, std::vector<std::string>{"a.jsonl.gz"});
  EXPECT_THAT(damaged.said, HasSubstr(path + ": byte "));
  EXPECT_THAT(damaged.said, HasSubstr("/a.jsonl.gz is not whole: " + path + " is damaged\n"));
  EXPECT_THAT(damaged.said, Not(HasSubstr("removed.jsonl.zst")));
  EXPECT_GT(damaged.summary.records, 10u) << "what the second member has";
  EXPECT_EQ(damaged.files.at("b.jsonl"), whole.at("b.jsonl"));
}

TEST(RestoreDamage, IsAnErrorWhereNothingIsLeft) {
  const DedupOptions options = OptionsFor(WriteFolder({{"a.jsonl", JsonLine("a", MakeLine(1, 50)) + "\n"}}));
  ASSERT_TRUE(Dedup(options, {}).ok());
  std::filesystem::remove_all(options.out + "/clean");
  const std::string out = MakeFolder();
  const absl::Status status = Restore({.run = options.out, .out = out}, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("nothing of " + options.out + " can be restored"));
  EXPECT_TRUE(ReadFolder(out).empty());
}

// What went wrong: with one letter of "clean" changed the file was left out without a word.
TEST(RestoreDamage, WhatRunJsonSaysOfAFileMayBeDamaged) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const std::string path = options.out + "/run.json";
  std::string json = ReadFile(path);
  const size_t key = json.find("\"clean\"");
  ASSERT_NE(key, std::string::npos);
  json[key + 5] = 'o';
  std::ofstream(path, std::ios::binary) << json;
  const absl::Status status = Restore({.run = options.out, .out = WriteFolder({})}, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path + " is damaged: what it says of '"));
  json[key + 5] = 'n';
  const size_t written = json.find("\"written\":\"");
  ASSERT_NE(written, std::string::npos);
  json[written + 11] = '-';
  std::ofstream(path, std::ios::binary) << json;
  const auto restored = Restore({.run = options.out, .out = WriteFolder({})}, {});
  ASSERT_TRUE(restored.ok()) << "it only says who changed what: " << restored.status();
  EXPECT_TRUE(restored->not_whole.empty());
}

}  // namespace
}  // namespace refrain
