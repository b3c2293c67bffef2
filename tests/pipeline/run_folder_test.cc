#include "refrain/pipeline/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ResultBytes;
using testing_crawl::WriteCompressedFolder;
using testing_crawl::WriteFolder;

// As Check foresees.
absl::StatusCode OpenCode(const std::string& path, bool force) {
  const absl::Status foreseen = RunFolder::Check(path, force);
  const absl::Status status = RunFolder::Open(path, force).status();
  EXPECT_EQ(foreseen, status);
  return status.code();
}

TEST(RunFolder, NoRunOfAnotherCommandIsDeleted) {
  const std::string path = MakeFolder() + "/run";
  auto folder = RunFolder::Open(path, false, "dedup");
  ASSERT_TRUE(folder.ok()) << folder.status();
  ASSERT_TRUE((*folder)->Finish("{\"refrain\":\"0.1.0\",\"command\":\"dedup\"}\n").ok());
  const absl::Status refused = RunFolder::Open(path, true, "copies").status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("holds a run of dedup"));
  EXPECT_TRUE(fs::exists(path + "/run.json"));
  EXPECT_TRUE(RunFolder::Open(path, true, "dedup").ok());
}

TEST(RunFolder, IsMadeWithTheFoldersAboveIt) {
  const std::string path = MakeFolder() + "/a/b/c";
  auto folder = RunFolder::Open(path, false);
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_TRUE(fs::exists(path + "/run.partial"));
  EXPECT_FALSE((*folder)->held_unfinished());
  ASSERT_TRUE((*folder)->MakeFoldersFor("clean/x/y.jsonl").ok());
  EXPECT_TRUE(fs::is_directory(path + "/clean/x"));
  ASSERT_TRUE((*folder)->Finish("{}\n").ok());
  EXPECT_EQ(ReadFolder(path), (std::map<std::string, std::string>{{"run.json", "{}\n"}}));
}

TEST(RunFolder, IsRefusedWhileAnotherRunWritesToIt) {
  const std::string path = MakeFolder();
  {
    auto folder = RunFolder::Open(path, false);
    ASSERT_TRUE(folder.ok());
    EXPECT_EQ(OpenCode(path, false), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(OpenCode(path, true), absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_EQ(OpenCode(path, false), absl::StatusCode::kOk);
}

// What went wrong: a plan that looked whether a run was going on made a run fail that began at that moment.
TEST(RunFolder, IsOpenedThoughSomeoneLooksAtIt) {
  const std::string path = WriteFolder({{"run.partial", ""}});
  const int looker = open((path + "/run.partial").c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(looker, 0);
  ASSERT_EQ(flock(looker, LOCK_SH | LOCK_NB), 0);
  std::jthread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    close(looker);
  });
  const absl::Status status = RunFolder::Open(path, false).status();
  EXPECT_TRUE(status.ok()) << status;
}

TEST(RunFolder, IsRefusedWithAWholeRunInItUnlessForced) {
  const std::string path = WriteFolder({{"run.json", "{}"}, {"clean/a", "x"}, {"removed.jsonl.zst", "x"}});
  EXPECT_EQ(OpenCode(path, false), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadFolder(path).size(), 3u) << "nothing goes without --force";
  auto folder = RunFolder::Open(path, true);
  ASSERT_TRUE(folder.ok());
  EXPECT_FALSE((*folder)->held_unfinished());
  EXPECT_EQ(ReadFolder(path).size(), 4u) << "nothing goes before the new run is sure to write";
  ASSERT_TRUE((*folder)->Clear().ok());
  EXPECT_EQ(ReadFolder(path).size(), 1u) << "run.partial alone";
}

// Hours of another command's work went without a word.
TEST(RunFolder, IsRefusedWithAnotherCommandsUnfinishedRunUnlessForced) {
  const auto open = [](const std::string& path, bool force, const std::string& command) {
    return RunFolder::Open(path, force, command).status();
  };
  for (const std::string command : {"copies", "boilerplate"}) {
    const std::string path = WriteFolder({{"run.partial", ""}, {"stages/scan-000000", "x"}});
    const absl::Status refused = open(path, false, command);
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("--resume"));
    EXPECT_EQ(ReadFolder(path).size(), 2u);
    EXPECT_TRUE(open(path, false, "dedup").ok());
    EXPECT_TRUE(open(path, true, command).ok());
  }
  // Without stage files there is nothing to go on with.
  EXPECT_TRUE(open(WriteFolder({{"run.partial", ""}}), false, "copies").ok());
}

// What went wrong: the folder was listed before it was locked, so that a run which ended in between was taken
// for one that had died, and was deleted.
TEST(RunFolder, IsRefusedWhenARunEndsWhileItIsOpened) {
  for (int round = 0; round < 200; ++round) {
    const std::string path = MakeFolder();
    auto first = RunFolder::Open(path, false);
    ASSERT_TRUE(first.ok());
    absl::Status second;
    {
      std::jthread other([&] {
        do {
          second = RunFolder::Open(path, false).status();
        } while (second.ok() || second.message().find("another run") != absl::string_view::npos);
      });
      ASSERT_TRUE((*first)->Finish("{\"refrain\":1}\n").ok());
    }
    EXPECT_THAT(std::string(second.message()), HasSubstr("holds a run already"));
    EXPECT_EQ(ReadFolder(path).size(), 1u) << "run.json, and no lock";
    fs::remove_all(path);
  }
}

TEST(RunFolder, HoldsARunIfItsFilesAreOurs) {
  EXPECT_FALSE(HoldsRun(MakeFolder()));
  EXPECT_FALSE(HoldsRun("/no/such/folder"));
  EXPECT_TRUE(HoldsRun(WriteFolder({{"run.json", "{\"refrain\":\"0.1.0\"}"}, {"other", "x"}})));
  EXPECT_FALSE(HoldsRun(WriteFolder({{"run.json", "{\"name\":\"a marathon\"}"}})));
  EXPECT_TRUE(HoldsRun(WriteFolder({{"run.partial", ""}, {"clean/a.jsonl", "x"}})));
  EXPECT_FALSE(HoldsRun(WriteFolder({{"run.partial", ""}, {"a.jsonl", "x"}})));
}

// What went wrong: --force deleted the earlier run before it was known whether the new one could be made.
TEST(RunFolder, ForceLeavesTheEarlierRunWhenTheNewOneCannotBe) {
  DedupOptions options = OptionsFor(WriteFolder({{"a.jsonl", "{\"text\":\"one two three\"}\n"}}));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const auto before = ReadFolder(options.out);
  options.force = true;
  const auto fails = [&](const DedupOptions& one) {
    EXPECT_FALSE(Dedup(one, {}).ok());
    EXPECT_EQ(ReadFolder(options.out), before);
  };
  DedupOptions inside = options;
  for (const std::string& input : {options.out + "/clean", options.out + "/clean/a.jsonl", options.out,
                                   options.out + "/clean/*.jsonl"}) {
    inside.corpus.inputs = {input};
    fails(inside);
  }
  DedupOptions same = options;
  same.against = options.out;
  fails(same);
  same.against = options.out + "/clean";
  fails(same);
  DedupOptions unreadable = options;
  unreadable.corpus.inputs = {WriteFolder({{"a.jsonl", "PK\x03\x04 no text"}}) + "/a.jsonl"};
  fails(unreadable);
  DedupOptions little = options;
  little.memory = 1000;
  fails(little);
  ASSERT_TRUE(Dedup(options, {}).ok());
}

TEST(RunFolder, NeverTakesFilesThatAreNotOurs) {
  for (const char* name : {"thesis.tex", "clean.txt", "run.json.bak", ".git/config"}) {
    const std::string path = WriteFolder({{name, "mine"}, {"run.json", "{}"}});
    EXPECT_EQ(OpenCode(path, false), absl::StatusCode::kFailedPrecondition) << name;
    EXPECT_EQ(OpenCode(path, true), absl::StatusCode::kFailedPrecondition) << name;
    EXPECT_EQ(ReadFolder(path).at(name), "mine");
    EXPECT_EQ(ReadFolder(path).size(), 2u);
  }
}

TEST(RunFolder, IsNoFile) {
  const std::string path = WriteFolder({{"file", "x"}}) + "/file";
  EXPECT_EQ(OpenCode(path, true), absl::StatusCode::kPermissionDenied);
}

TEST(RunFolder, AnUnfinishedRunIsClearedAndGivesTheSameBytesAgain) {
  DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const auto expected = ResultBytes(options.out);
  options.out = WriteFolder({{"run.partial", ""},
                             {"clean/a.jsonl", "{\"tor"},
                             {"clean/gone.jsonl", "x"},
                             {"clean/b.jsonl.partial", "x"},
                             {"removed.jsonl.zst.partial", "x"},
                             {"matches.jsonl.zst", "x"}});
  std::vector<std::string> warnings;
  RunHooks hooks;
  hooks.warn = [&](const std::string& line) { warnings.push_back(line); };
  ASSERT_TRUE(Dedup(options, hooks).ok());
  EXPECT_THAT(warnings, Contains(HasSubstr("unfinished")));
  EXPECT_EQ(ResultBytes(options.out), expected);
}

TEST(RunFolder, ForceGivesTheSameBytesAgain) {
  DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const auto expected = ResultBytes(options.out);
  EXPECT_EQ(Dedup(options, {}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ResultBytes(options.out), expected) << "a refused run changes nothing";
  options.force = true;
  ASSERT_TRUE(Dedup(options, {}).ok());
  EXPECT_EQ(ResultBytes(options.out), expected);
}

TEST(RunFolder, AStoppedRunIsNoRunUntilItIsDoneAgain) {
  // Compressed, so that there is something to collect.
  DedupOptions options = OptionsFor(WriteCompressedFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const auto expected = ResultBytes(options.out);
  // Stopped at the beginning of each stage in turn.
  for (const std::string stage : {"reading", "collecting", "comparing", "writing"}) {
    options.out = MakeFolder() + "/run";
    std::atomic<bool> stop = false;
    RunHooks hooks;
    hooks.stop = &stop;
    hooks.progress = [&](const Progress& progress) { stop = stop || progress.stage == stage; };
    EXPECT_EQ(Dedup(options, hooks).status().code(), absl::StatusCode::kCancelled) << stage;
    EXPECT_FALSE(fs::exists(options.out + "/run.json"));
    ASSERT_TRUE(Dedup(options, {}).ok());
    EXPECT_EQ(ResultBytes(options.out), expected) << stage;
  }
}

}  // namespace
}  // namespace refrain
