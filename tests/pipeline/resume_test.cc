// A run that is killed, stopped or hurt goes on and ends with the bytes of one that was left alone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeLine;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ResultBytes;
using testing_crawl::WriteFolder;

// Several batches a file, damage and what is not JSONL in between.
std::string Input() {
  std::map<std::string, std::string> files = MakeCrawl().files;
  std::mt19937_64 random(1);
  for (const char* name : {"big1.jsonl", "big2.jsonl"}) {
    for (uint64_t page = 0; page < 6000; ++page) {
      const uint64_t fresh = random() % 3 == 0 ? random() % 6000 : page;
      files[name] +=
          JsonLine(name + std::to_string(page), MakeLine(fresh, 60) + "\n" + MakeLine(page % 50, 25)) + "\n";
    }
  }
  return WriteFolder(files);
}

DedupOptions Options(const std::string& input) {
  DedupOptions options = OptionsFor(input);
  options.corpus.threads = 2;
  options.corpus.reader.batch_bytes = 64 << 10;
  options.passages = true;
  options.stage_bytes = 200 << 10;  // of several megabytes
  return options;
}

size_t StageFiles(const std::string& run) {
  size_t count = 0;
  for (const auto& [name, bytes] : ReadFolder(run + "/stages"))
    count += name.find(".partial") == std::string::npos;
  return count;
}

class Resume : public ::testing::Test {
 protected:
  void SetUp() override {
    if (input_ != nullptr) return;
    input_ = new std::string(Input());
    const DedupOptions options = Options(*input_);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_TRUE(Dedup(options, {}).ok());
    took_ = std::chrono::steady_clock::now() - begin;
    expected_ = new std::map<std::string, std::string>(ResultBytes(options.out));
  }
  static std::string* input_;
  static std::map<std::string, std::string>* expected_;
  static std::chrono::steady_clock::duration took_;
};
std::string* Resume::input_ = nullptr;
std::map<std::string, std::string>* Resume::expected_ = nullptr;
std::chrono::steady_clock::duration Resume::took_;

// REFRAIN_KILLS: how often; ./dev soak asks for fifty.
TEST_F(Resume, KilledAtAnyMomentARunEndsWithTheSameBytes) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer does not go with threads behind fork";
#endif
  const char* const asked = std::getenv("REFRAIN_KILLS");
  const int kills = asked == nullptr ? 8 : std::atoi(asked);
  std::mt19937_64 random(3);
  int found = 0;  // runs that had something to go on from
  for (int done = 0; done < kills;) {
    DedupOptions options = Options(*input_);
    // Killed once or several times, then left alone.
    for (uint64_t times = 1 + random() % 3; times > 0 && done < kills; --times, ++done) {
      const pid_t child = fork();
      ASSERT_GE(child, 0);
      if (child == 0) _exit(Dedup(options, {}).ok() ? 0 : 1);
      std::this_thread::sleep_for(took_ * static_cast<double>(random() % 1000) / 1000.0);
      kill(child, SIGKILL);
      int status = 0;
      waitpid(child, &status, 0);
      if (WIFEXITED(status)) {
        ASSERT_EQ(WEXITSTATUS(status), 0);
        break;
      }
      if (std::filesystem::exists(options.out + "/run.json")) break;  // it had ended, all but for clearing up
      options.resume = true;
      found += StageFiles(options.out) > 0;
    }
    if (!std::filesystem::exists(options.out + "/run.json")) {
      const auto summary = Dedup(options, {});
      ASSERT_TRUE(summary.ok()) << summary.status();
      ASSERT_FALSE(std::filesystem::exists(options.out + "/stages"));
    }
    std::map<std::string, std::string> results = ResultBytes(options.out);
    std::erase_if(results, [](const auto& file) {
      return file.first == "run.partial" || file.first.starts_with("stages/");
    });
    ASSERT_EQ(results, *expected_);
  }
  EXPECT_GT(found, 0);
}

// Stops a run when so many bytes were read.
absl::Status StopAt(const DedupOptions& options, uint64_t bytes, const std::string& stage = "reading") {
  std::atomic<bool> stop = false;
  RunHooks hooks;
  hooks.stop = &stop;
  hooks.progress = [&](const Progress& progress) {
    if (progress.stage == stage && progress.bytes >= bytes) stop = true;
  };
  return Dedup(options, hooks).status();
}

TEST_F(Resume, KilledWhileItWritesARunDoesNotCompareAgain) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer does not go with threads behind fork";
#endif
  for (const uint64_t written : {0, 700'000, 1'500'000, 2'500'000}) {
    DedupOptions options = Options(*input_);
    options.all_pairs = written == 700'000;
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      RunHooks hooks;
      hooks.progress = [&](const Progress& progress) {
        if (progress.stage == "writing" && progress.bytes >= written) kill(getpid(), SIGKILL);
      };
      _exit(Dedup(options, hooks).ok() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
    ASSERT_TRUE(std::filesystem::exists(options.out + "/stages/decisions"));
    options.resume = true;
    RunHooks hooks;
    bool compared = false;
    hooks.progress = [&](const Progress& progress) { compared |= progress.stage == "comparing"; };
    const auto summary = Dedup(options, hooks);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_FALSE(compared);
    const std::string resumed = options.out;
    options.out += "-whole", options.resume = false;
    const auto whole = Dedup(options, hooks);
    ASSERT_TRUE(whole.ok());
    EXPECT_TRUE(compared);
    EXPECT_EQ(ResultBytes(resumed), ResultBytes(options.out));
    if (!options.all_pairs) {
      EXPECT_EQ(ResultBytes(options.out), *expected_);
    }
    for (const auto number :
         {&DedupSummary::compared, &DedupSummary::matches, &DedupSummary::skipped,
          &DedupSummary::dropped_exact, &DedupSummary::dropped_near, &DedupSummary::dropped_bytes,
          &DedupSummary::kept_in_part, &DedupSummary::passages_cut, &DedupSummary::passage_bytes})
      EXPECT_EQ((*summary).*number, (*whole).*number);
    EXPECT_EQ(summary->examples.size(), whole->examples.size());
  }
}

TEST_F(Resume, WhatWasDecidedIsRefusedIfItDoesNotFitTheRest) {
  DedupOptions options = Options(*input_);
  options.against = WriteFolder({{"a.jsonl", JsonLine("a", MakeLine(7, 60)) + "\n"}});
  ASSERT_EQ(StopAt(options, 0, "writing").code(), absl::StatusCode::kCancelled);
  options.resume = true;
  std::ofstream(options.against + "/b.jsonl") << JsonLine("b", MakeLine(8, 60)) << "\n";
  absl::Status status = Dedup(options, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("against"), HasSubstr("a file came, went or changed")));
  std::filesystem::remove(options.against + "/b.jsonl");
  const std::string matches = options.out + "/matches.jsonl.zst";
  std::filesystem::rename(matches, options.out + "-matches");
  status = Dedup(options, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr(matches), HasSubstr("without --resume")));
  std::filesystem::rename(options.out + "-matches", matches);
  ASSERT_TRUE(Dedup(options, {}).ok());
}

TEST_F(Resume, StoppedARunDoesNotReadAgainWhatItRead) {
  for (const char* stage : {"reading", "writing"}) {
    DedupOptions options = Options(*input_);
    options.stage_bytes = 1 << 30;  // one file, made whole because the run is stopped
    const absl::Status stopped = StopAt(options, 2'000'000, stage);
    EXPECT_EQ(stopped.code(), absl::StatusCode::kCancelled);
    EXPECT_THAT(std::string(stopped.message()), HasSubstr("--resume"));
    EXPECT_EQ(StageFiles(options.out), stage == std::string("reading") ? 1u : 2u);
    options.resume = true;
    const auto summary = Dedup(options, {});
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(ResultBytes(options.out), *expected_);
  }
}

TEST_F(Resume, AnotherRunsFilesAreRefusedWithWhatDiffers) {
  DedupOptions options = Options(*input_);
  ASSERT_EQ(StopAt(options, 2'000'000).code(), absl::StatusCode::kCancelled);
  options.resume = true;
  const auto refusal = [&](const DedupOptions& other) {
    const absl::Status status = Dedup(other, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
    return std::string(status.message());
  };
  DedupOptions other = options;
  other.resemblance = 0.7;
  EXPECT_THAT(refusal(other),
              AllOf(HasSubstr("options"), HasSubstr("resemblance:0.8 there, resemblance:0.7 now")));
  // What an option is called is in the refusal, also of the limit that --memory makes.
  other = options;
  other.corpus.reader.max_record /= 2;
  EXPECT_THAT(refusal(other), HasSubstr("max-record-or-memory:"));
  other = options;
  other.keep_unique = true;
  EXPECT_THAT(refusal(other), HasSubstr("keep-unique:0 there, keep-unique:1 now"));
  other = options;
  other.corpus.inputs.push_back(WriteFolder({{"more.jsonl", JsonLine("more", "one page more") + "\n"}}));
  EXPECT_THAT(refusal(other), HasSubstr("inputs"));
  // What does not decide the result may differ.
  options.corpus.threads = 1;
  options.memory = 200'000'000;
  options.stage_bytes = 1 << 20;
  const auto summary = Dedup(options, {});
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(ResultBytes(options.out), *expected_);
}

TEST_F(Resume, DamagedStageFilesAreRefusedWithFileAndByte) {
  DedupOptions options = Options(*input_);
  ASSERT_EQ(StopAt(options, 2'000'000).code(), absl::StatusCode::kCancelled);
  ASSERT_GT(StageFiles(options.out), 1u);
  const std::string path = options.out + "/stages/scan-000001";
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(5000).put('?');
  options.resume = true;
  const absl::Status status = Dedup(options, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(path + ": byte "), HasSubstr("without --resume")));
  options.resume = false;
  ASSERT_TRUE(Dedup(options, {}).ok()) << "that starts again";
  EXPECT_EQ(ResultBytes(options.out), *expected_);
}

TEST_F(Resume, WithNothingToGoOnFromARunBegins) {
  DedupOptions options = Options(*input_);
  options.resume = true;
  ASSERT_TRUE(Dedup(options, {}).ok());
  EXPECT_EQ(ResultBytes(options.out), *expected_);
  EXPECT_EQ(Dedup(options, {}).status().code(), absl::StatusCode::kFailedPrecondition) << "it has ended";
  options.force = true;
  EXPECT_EQ(Dedup(options, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace refrain
