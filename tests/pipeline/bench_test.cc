#include "refrain/pipeline/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include <atomic>
#include <map>
#include <string>

#include "refrain/base/cpu.h"
#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using testing::HasSubstr;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeLine;
using testing_crawl::WriteCompressedFolder;
using testing_crawl::WriteFolder;

BenchOptions OptionsFor(const std::string& input, int threads = 1) {
  BenchOptions options;
  options.corpus.inputs = {input};
  options.corpus.threads = threads;
  options.corpus.reader.max_record = testing_crawl::kMaxRecord;
  options.least_seconds = 0;
  return options;
}

BenchSummary Measure(const BenchOptions& options) {
  const absl::StatusOr<BenchSummary> summary = Bench(options, {});
  EXPECT_TRUE(summary.ok()) << summary.status();
  return summary.ok() ? *summary : BenchSummary();
}

double ProcessTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Lines of JSONL, `bytes` of them.
std::string Lines(size_t bytes, uint64_t seed = 1) {
  std::string lines;
  while (lines.size() < bytes) lines += JsonLine(std::to_string(seed), MakeLine(seed, 60)) + "\n", ++seed;
  return lines;
}

TEST(Bench, SeesThePagesThatDedupSees) {
  const std::string folder = WriteFolder(MakeCrawl().files);
  DedupOptions job = testing_crawl::OptionsFor(folder);
  job.dry_run = true;
  const absl::StatusOr<DedupSummary> dedup = Dedup(job, {});
  ASSERT_TRUE(dedup.ok()) << dedup.status();
  const BenchSummary bench = Measure(OptionsFor(folder, 2));
  EXPECT_EQ(bench.pages, dedup->pages);
  EXPECT_EQ(bench.text_bytes, dedup->text_bytes);
  EXPECT_EQ(bench.stored_bytes, dedup->input_bytes);
  EXPECT_EQ(bench.damage.places, dedup->damage.places);
  EXPECT_EQ(bench.damage.oversized, dedup->damage.oversized);
  EXPECT_EQ(bench.damage.first, dedup->damage.first);
  EXPECT_TRUE(bench.whole);
  EXPECT_EQ(bench.files, bench.files_all);
}

TEST(Bench, MeasuresTheSameWorkWithAnyThreadsAndKernel) {
  const std::string folder = WriteFolder(MakeCrawl().files);
  const BenchSummary one = Measure(OptionsFor(folder));
  EXPECT_EQ(Measure(OptionsFor(folder, 3)).digest, one.digest);
  ASSERT_TRUE(ForceKernel("scalar").ok());
  const BenchSummary scalar = Measure(OptionsFor(folder));
  ASSERT_TRUE(ForceKernel("").ok());
  EXPECT_EQ(scalar.digest, one.digest);
  EXPECT_EQ(scalar.kernel, "scalar");
  BenchOptions blocks = OptionsFor(folder);
  blocks.passages = true;
  EXPECT_NE(Measure(blocks).digest, one.digest);
  EXPECT_NE(Measure(OptionsFor(WriteFolder({{"a.jsonl", Lines(5000)}}))).digest, one.digest);
}

TEST(Bench, GivesTimeToTheStagesThatHaveWork) {
  const std::map<std::string, std::string> files = {{"a.jsonl", Lines(2'000'000)}};
  const double before = ProcessTime();
  const BenchSummary plain = Measure(OptionsFor(WriteFolder(files), 2));
  // Nearly all that was done, besides reading once more, is in some stage.
  EXPECT_GT(plain.one.busy() + plain.all.busy(), 0.5 * (ProcessTime() - before));
  const BenchSummary packed = Measure(OptionsFor(WriteCompressedFolder(files), 2));
  for (const BenchSummary* summary : {&plain, &packed}) {
    for (const BenchRun* run : {&summary->one, &summary->all}) {
      double shares = 0;
      for (size_t i = 0; i < kStages; ++i) {
        const Stage stage = static_cast<Stage>(i);
        shares += run->Share(stage);
        if (stage != Stage::kInflate) {
          EXPECT_GT((*run)[stage].sum(), 0) << Name(stage);
        }
      }
      EXPECT_NEAR(shares, 1, 1e-9);
      // No more than the threads had.
      EXPECT_LT(run->busy(), 1.1 * run->wall * run->threads);
      // Text is worked on side by side, files are read by one thread at a time.
      EXPECT_EQ((*run)[Stage::kTokenise].serial, 0);
      EXPECT_EQ((*run)[Stage::kRead].shared, 0);
      EXPECT_EQ((*run)[Stage::kInflate].shared, 0);
      EXPECT_GT((*run)[Stage::kParse].serial, 0);
      EXPECT_GT((*run)[Stage::kParse].shared, 0);
    }
  }
  EXPECT_EQ(plain.one[Stage::kInflate].sum(), 0);
  // All of it, not what is looked at to see the format: that would be a thirtieth.
  EXPECT_GT(packed.one[Stage::kInflate].serial, 0.2 * packed.one[Stage::kParse].serial);
  EXPECT_LT(packed.stored_bytes, packed.record_bytes);
  EXPECT_EQ(packed.record_bytes, plain.record_bytes);
  EXPECT_EQ(packed.digest, plain.digest);
}

TEST(Bench, StopsBehindTheSample) {
  const std::string folder = WriteFolder({{"a.jsonl", Lines(300'000)}, {"b.jsonl", Lines(300'000, 9999)}});
  BenchOptions options = OptionsFor(folder, 2);
  options.corpus.reader.batch_bytes = 10'000;
  options.corpus.sample = 100'000;
  const BenchSummary part = Measure(options);
  EXPECT_GE(part.record_bytes, 100'000);
  EXPECT_LT(part.record_bytes, 115'000);
  EXPECT_FALSE(part.whole);
  EXPECT_EQ(part.files, 1);
  EXPECT_EQ(part.files_all, 2);
  options.corpus.sample = 0;
  const BenchSummary all = Measure(options);
  EXPECT_EQ(all.record_bytes, Lines(300'000).size() + Lines(300'000, 9999).size());
  EXPECT_TRUE(all.whole);
  EXPECT_EQ(all.files, 2);
}

TEST(Bench, GoesOnUntilThereIsEnoughToMeasure) {
  BenchOptions options = OptionsFor(WriteFolder({{"a.txt", MakeLine(1, 200)}}), 2);
  options.least_seconds = 0.4;  // one round takes less, whatever else the machine does
  const BenchSummary summary = Measure(options);
  EXPECT_GT(summary.rounds, 1);
  EXPECT_GE(static_cast<double>(summary.rounds) * summary.one.wall, 0.4);
  EXPECT_EQ(summary.pages, 1);
}

TEST(Bench, RefusesInputWithoutText) {
  for (const std::string content : {"", "\n\n", "{\"text\":\"\"}\n"}) {
    const auto summary = Bench(OptionsFor(WriteFolder({{"a.jsonl", content}})), {});
    ASSERT_EQ(summary.status().code(), absl::StatusCode::kInvalidArgument) << content;
    EXPECT_THAT(std::string(summary.status().message()), HasSubstr("nothing to measure"));
  }
  const auto refused = Bench(OptionsFor(WriteFolder({{"a.txt", "PK\003\004 a zip file"}})), {});
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("none of the inputs can be read"));
  BenchOptions wrong = OptionsFor(WriteFolder({{"a.txt", "words"}}));
  wrong.repeats.min_tokens = 0;
  EXPECT_EQ(Bench(wrong, {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Bench, StopsWhenAskedTo) {
  const std::atomic<bool> stop = true;
  RunHooks hooks;
  hooks.stop = &stop;
  const auto summary = Bench(OptionsFor(WriteFolder({{"a.txt", "words"}})), hooks);
  EXPECT_EQ(summary.status().code(), absl::StatusCode::kCancelled);
}

// One second each of inflating, parsing (half of it splitting) and signatures.
BenchSummary MadeUp() {
  BenchSummary summary;
  summary.one.text_bytes = summary.all.text_bytes = 300;
  summary.one.wall = 3;
  summary.one.stages[static_cast<size_t>(Stage::kInflate)] = {.serial = 1.0, .shared = 0};
  summary.one.stages[static_cast<size_t>(Stage::kParse)] = {.serial = 0.5, .shared = 0.4};
  summary.one.stages[static_cast<size_t>(Stage::kSketch)] = {.serial = 0, .shared = 1.1};
  summary.all.stages = summary.one.stages;
  summary.all.threads = 2;
  summary.all.wall = 1.5;
  return summary;
}

TEST(Bench, SpeedsOfStagesKnowWhatThreadsCanShare) {
  const BenchSummary summary = MadeUp();
  EXPECT_DOUBLE_EQ(summary.one.TextBytesPerSecond(), 100);
  EXPECT_DOUBLE_EQ(summary.all.TextBytesPerSecond(), 200);
  EXPECT_DOUBLE_EQ(summary.one.TextBytesPerSecond(Stage::kInflate), 300);
  EXPECT_DOUBLE_EQ(summary.all.TextBytesPerSecond(Stage::kInflate), 300);
  EXPECT_DOUBLE_EQ(summary.all.TextBytesPerSecond(Stage::kParse), 300 / 0.7);
  EXPECT_DOUBLE_EQ(summary.one.Share(Stage::kParse), 0.3);
}

TEST(Bench, SaysWhatTheBottleneckIs) {
  BenchSummary summary = MadeUp();
  EXPECT_EQ(LimitOf(summary).stage, Stage::kSketch);
  EXPECT_EQ(
      Bottleneck(summary),
      "Making signatures takes 37 % of the time: if it took none, one thread would be 1.6 times as fast. "
      "One thread at a time reads, inflates and splits into records, 50 % of the work: that keeps 2 "
      "threads busy.");
  // What went wrong: the share of another stage became smaller than the table said.
  summary.first_read = 1;
  EXPECT_EQ(LimitOf(summary).stage, Stage::kSketch);
  EXPECT_DOUBLE_EQ(LimitOf(summary).share, summary.one.Share(Stage::kSketch));
  summary.first_read = 7;
  EXPECT_EQ(LimitOf(summary).stage, Stage::kRead);
  EXPECT_DOUBLE_EQ(LimitOf(summary).share, 0.7);
  EXPECT_THAT(Bottleneck(summary),
              testing::StartsWith("Reading takes 70 % of the time when a file is read for "
                                  "the first time: storage is the limit"));
  summary.first_read = 0;
  summary.one.stages[static_cast<size_t>(Stage::kInflate)].serial = 8;
  EXPECT_THAT(Bottleneck(summary),
              testing::StartsWith("Inflating takes 80 % of the time: if it took none, one "
                                  "thread would be 5.0 times as fast."));
  EXPECT_THAT(Bottleneck(summary), testing::EndsWith("that keeps 1 thread busy."));
}

}  // namespace
}  // namespace refrain
