// What must change no byte of a run of dedup, or no decision: threads, batches, order, memory, kernels.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "refrain/base/cpu.h"
#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_crawl::Crawl;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::MustRun;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ReadRows;
using testing_crawl::ResultBytes;
using testing_crawl::Row;
using testing_crawl::WriteCompressedFolder;
using testing_crawl::WriteFolder;

// All units, so that every kind of row is in what is compared.
class DedupBytes : public ::testing::TestWithParam<const char*> {
 protected:
  DedupOptions Options(const std::string& input) const {
    DedupOptions options = OptionsFor(input);
    const std::string unit = GetParam();
    options.pages = unit != "passage";
    options.passages = unit == "passage" || unit == "both";
    options.keep_unique = unit == "unique";
    return options;
  }
  std::map<std::string, std::string> Expected(const std::string& input) const {
    const DedupOptions options = Options(input);
    MustRun(options);
    return ResultBytes(options.out);
  }
};

TEST_P(DedupBytes, DoNotDependOnThreads) {
  const std::string input = WriteFolder(MakeCrawl().files);
  const auto expected = Expected(input);
  for (const int threads : {2, 7}) {
    DedupOptions options = Options(input);
    options.corpus.threads = threads;
    MustRun(options);
    EXPECT_EQ(ResultBytes(options.out), expected) << threads;
  }
}

// Texts that are compared come from the input itself where it is plain, else from a temporary file.
TEST_P(DedupBytes, DoNotDependOnHowTheInputIsCompressed) {
  const Crawl crawl = MakeCrawl();
  const auto expected = Expected(WriteFolder(crawl.files));
  const DedupOptions options = Options(WriteCompressedFolder(crawl.files));
  MustRun(options);
  auto files = ResultBytes(options.out);
  ASSERT_EQ(files.size(), expected.size());
  for (const auto& [name, bytes] : expected) {
    if (name.starts_with("clean/")) continue;
    EXPECT_EQ(files[name], bytes) << name;
  }
}

TEST_P(DedupBytes, DoNotDependOnTheSizeOfBatches) {
  const std::string input = WriteFolder(MakeCrawl().files);
  const auto expected = Expected(input);
  for (const uint64_t bytes : {1u, 3000u}) {
    DedupOptions options = Options(input);
    options.corpus.threads = 3;
    options.corpus.reader.batch_bytes = bytes;
    MustRun(options);
    EXPECT_EQ(ResultBytes(options.out), expected) << bytes;
  }
}

TEST_P(DedupBytes, DoNotDependOnTheOrderOfInputs) {
  const Crawl crawl = MakeCrawl();
  const std::string input = WriteFolder(crawl.files);
  const auto expected = Expected(input);
  std::vector<std::string> files;
  for (const auto& [name, bytes] : crawl.files) files.push_back(input + "/" + name);
  std::reverse(files.begin(), files.end());
  for (size_t round = 0; round < 3; ++round) {
    DedupOptions options = Options(input);
    options.corpus.inputs = files;
    MustRun(options);
    EXPECT_EQ(ResultBytes(options.out), expected);
    std::rotate(files.begin(), files.begin() + 2, files.end());
  }
}

TEST_P(DedupBytes, DoNotDependOnTheKernel) {
  const std::string input = WriteFolder(MakeCrawl().files);
  const auto expected = Expected(input);
  for (const std::string& kernel : AvailableKernels()) {
    ASSERT_TRUE(ForceKernel(kernel).ok());
    const DedupOptions options = Options(input);
    MustRun(options);
    EXPECT_EQ(ResultBytes(options.out), expected) << kernel;
  }
  ASSERT_TRUE(ForceKernel("").ok());
}

INSTANTIATE_TEST_SUITE_P(Units, DedupBytes, ::testing::Values("page", "passage", "both", "unique"));

TEST(Dedup, TheSameFilesUnderOtherNamesLoseTheSamePages) {
  const Crawl crawl = MakeCrawl();
  std::map<std::string, std::string> renamed;
  for (const auto& [name, bytes] : crawl.files) {
    if (name.ends_with(".jsonl")) renamed[name == "a.jsonl" ? "z.jsonl" : "y.jsonl"] = bytes;
  }
  const DedupOptions one = OptionsFor(
      WriteFolder({{"a.jsonl", crawl.files.at("a.jsonl")}, {"b.jsonl", crawl.files.at("b.jsonl")}}));
  const DedupOptions other = OptionsFor(WriteFolder(renamed));
  MustRun(one), MustRun(other);
  const auto first = ReadFolder(one.out + "/clean"), second = ReadFolder(other.out + "/clean");
  EXPECT_EQ(first.at("a.jsonl"), second.at("z.jsonl"));
  EXPECT_EQ(first.at("b.jsonl"), second.at("y.jsonl"));
}

// Pages enough for every sorter and store to go to disk at the least memory.
std::vector<std::string> ManyLines() {
  std::mt19937 random(1);
  std::vector<std::string> lines;
  for (uint64_t page = 0; page < 4000; ++page) {
    // A quarter are equal to an earlier one, a quarter nearly so; some show a paragraph of another or one
    // twice.
    const uint64_t fresh = page % 4 < 2 ? random() % (page + 1) : page;
    std::string text = MakeLine(fresh, 40) + "\n" + MakeLine(fresh + 100'000, 30) + "\n";
    if (page % 4 == 1) text += MakeLine(page + 200'000, 4) + "\n";
    if (page % 5 == 3) text += MakeLine(random() % 50 + 300'000, 35) + "\n";
    if (page % 11 == 6) text += MakeLine(fresh, 40) + "\n";
    lines.push_back(JsonLine("page" + std::to_string(page), text) + "\n");
  }
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

TEST(Dedup, MemoryAndThreadsChangeNoByte) {
  const std::string lines = Joined(ManyLines());
  for (const bool compressed : {false, true}) {
    const std::map<std::string, std::string> files = {{"a.jsonl", lines}};
    const std::string folder = compressed ? WriteCompressedFolder(files) : WriteFolder(files);
    for (const bool all_pairs : {false, true}) {
      std::map<std::string, std::string> expected;
      for (const uint64_t memory : {uint64_t{0}, uint64_t{6'000'000}, uint64_t{32'000'000}}) {
        for (const int threads : {1, 3}) {
          DedupOptions options = OptionsFor(folder);
          options.passages = true;
          options.all_pairs = all_pairs;
          options.memory = memory;
          options.corpus.threads = threads;
          const DedupSummary summary = MustRun(options);
          if (memory == 6'000'000) {
            EXPECT_GT(summary.temporary_disk, lines.size() / 2) << "or it did not spill";
          }
          EXPECT_GT(summary.dropped_near, 500u);
          EXPECT_GT(summary.dropped_exact, 200u);
          EXPECT_GT(summary.passages_cut, 100u);
          EXPECT_GT(summary.pages_repaired, 100u);
          if (expected.empty()) expected = ResultBytes(options.out);
          ASSERT_EQ(ResultBytes(options.out), expected) << memory << " bytes, " << threads << " threads";
        }
      }
    }
  }
}

TEST(Dedup, HowADumpIsSplitChangesNoDecision) {
  std::vector<std::string> lines = ManyLines();
  std::mt19937 random(2);
  std::set<std::pair<std::string, std::string>> expected;  // id and witness of what goes
  for (const size_t parts : {1, 7, 100}) {
    std::map<std::string, std::string> files;
    // Also in another order.
    std::shuffle(lines.begin(), lines.end(), random);
    for (size_t i = 0; i < lines.size(); ++i) files[std::to_string(i % parts) + ".jsonl"] += lines[i];
    DedupOptions options = OptionsFor(WriteFolder(files));
    options.passages = true;
    options.memory = parts == 7 ? 6'000'000 : 0;
    MustRun(options);
    std::set<std::pair<std::string, std::string>> decided;
    for (const Row& row : ReadRows(options.out, "removed.jsonl.zst")) {
      decided.emplace(row.id + " " + row.verdict + " " + std::to_string(row.begin) + " " +
                          std::to_string(row.end) + " " + std::to_string(row.resemblance),
                      row.witness);
    }
    if (expected.empty()) expected = decided;
    ASSERT_GT(decided.size(), 1000u);
    ASSERT_EQ(decided, expected) << parts;
  }
}

// What went wrong: --memory bounded fingerprints only, a single record could take many times as much.
TEST(Dedup, ARecordLargerThanTheMemoryAllowsGoesThroughUntouched) {
  const std::string big = "{\"text\":\"" + std::string(3'000'000, 'x') + "\"}\n";
  const std::string small = JsonLine("a", MakeLine(1, 50)) + "\n";
  DedupOptions options = OptionsFor(WriteFolder({{"a.jsonl", small + big}}));
  options.corpus.reader.max_record = uint64_t{64} << 20;
  options.memory = 300'000'000;
  EXPECT_EQ(MustRun(options).pages, 2u);
  options.out = MakeFolder() + "/run";
  options.memory = 200'000'000;
  std::vector<std::string> warnings;
  RunHooks hooks;
  hooks.warn = [&](const std::string& line) { warnings.push_back(line); };
  const DedupSummary summary = MustRun(options, hooks);
  EXPECT_EQ(summary.pages, 1u);
  EXPECT_EQ(summary.damage.oversized, 1u);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("raise --memory")));
  EXPECT_EQ(ReadFolder(options.out + "/clean").at("a.jsonl"), small + big);
}

TEST(LoadGate, LetsPassWhatFitsOrIsAlone) {
  LoadGate gate(100);
  auto large = gate.Enter(1000);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto load = gate.Enter(40);
        most = std::max<int>(most, ++inside);
        --inside;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(inside + most, 0) << "nothing beside what is too large";
  large.reset();
  threads.clear();
  EXPECT_GT(most, 0);
  EXPECT_LE(most, 2);
}

}  // namespace
}  // namespace refrain
