#include "refrain/pipeline/dedup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "refrain/base/cpu.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;
using testing_crawl::Crawl;
using testing_crawl::JsonLine;
using testing_crawl::JsonString;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ReadRows;
using testing_crawl::ResultBytes;
using testing_crawl::Row;
using testing_crawl::SlowResemblance;
using testing_crawl::WriteCompressedFolder;
using testing_crawl::WriteFolder;
using testing_crawl::WrittenPage;

DedupSummary MustRun(const DedupOptions& options, const RunHooks& hooks = {}) {
  absl::StatusOr<DedupSummary> summary = Dedup(options, hooks);
  EXPECT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(ReadFolder(options.corpus.tmpdir), IsEmpty()) << "temporary files stay behind";
  return summary.ok() ? *std::move(summary) : DedupSummary();
}

// The ids of dropped pages and, for each, its witness.
std::map<std::string, std::string> Dropped(const std::string& run) {
  std::map<std::string, std::string> dropped;
  for (const Row& row : ReadRows(run, "removed.jsonl.zst")) {
    if (row.verdict == "exact" || row.verdict == "near") dropped[row.id] = row.witness;
  }
  return dropped;
}

TEST(Dedup, EveryDroppedPageMatchesAKeptWitness) {
  const Crawl crawl = MakeCrawl();
  const DedupOptions options = OptionsFor(WriteFolder(crawl.files));
  const DedupSummary summary = MustRun(options);
  const std::map<std::string, std::string> dropped = Dropped(options.out);
  EXPECT_EQ(dropped.size(), summary.dropped_exact + summary.dropped_near);
  for (const Row& row : ReadRows(options.out, "removed.jsonl.zst")) {
    if (row.verdict != "exact" && row.verdict != "near") continue;
    EXPECT_FALSE(dropped.contains(row.witness)) << row.id << " has a witness that went: " << row.witness;
    const double exact = SlowResemblance(crawl.page(row.id).text, crawl.page(row.witness).text);
    EXPECT_GE(exact, options.resemblance) << row.id;
    EXPECT_NEAR(row.resemblance, exact, 0.00005) << row.id;
    EXPECT_EQ(row.verdict == "exact", exact == 1.0) << row.id;
  }
}

TEST(Dedup, NoTwoKeptPagesAreAlike) {
  const Crawl crawl = MakeCrawl();
  const DedupOptions options = OptionsFor(WriteFolder(crawl.files));
  MustRun(options);
  const std::map<std::string, std::string> dropped = Dropped(options.out);
  std::vector<const WrittenPage*> kept;
  for (const WrittenPage& page : crawl.pages) {
    if (!dropped.contains(page.id)) kept.push_back(&page);
  }
  for (size_t i = 0; i < kept.size(); ++i) {
    for (size_t j = 0; j < i; ++j)
      EXPECT_LT(SlowResemblance(kept[i]->text, kept[j]->text), 0.95) << kept[i]->id << ", " << kept[j]->id;
  }
  // And everything that was made from a fresh page has one page left between them.
  std::map<std::string, int> left;
  for (const WrittenPage* page : kept) ++left[page->fresh];
  for (const WrittenPage& page : crawl.pages) EXPECT_EQ(left[page.fresh], 1) << page.fresh;
}

TEST(Dedup, CountsWhatItSaw) {
  const Crawl crawl = MakeCrawl();
  const DedupOptions options = OptionsFor(WriteFolder(crawl.files));
  std::vector<std::string> warnings;
  RunHooks hooks;
  hooks.warn = [&](const std::string& line) { warnings.push_back(line); };
  const DedupSummary summary = MustRun(options, hooks);
  EXPECT_EQ(summary.pages, crawl.pages.size());
  EXPECT_EQ(summary.records, crawl.pages.size() + 1) << "and the broken line";
  EXPECT_EQ(summary.pages_repaired, 11u) << "ten lines and e.txt";
  EXPECT_EQ(summary.same_ids, 2u);
  EXPECT_EQ(summary.damage.places, 1u);
  EXPECT_EQ(summary.damage.oversized, 1u);
  ASSERT_FALSE(summary.damage.first.empty());
  EXPECT_THAT(summary.damage.first, ::testing::Contains(StartsWith(crawl.damaged + ":")));
  EXPECT_THAT(warnings, ::testing::Contains(StartsWith(crawl.damaged + ":")));
  uint64_t bytes = 0;
  for (const auto& [name, content] : crawl.files) bytes += content.size();
  EXPECT_EQ(summary.input_bytes, bytes);
}

TEST(Dedup, CutsOnlyWhatThePageShowsElsewhere) {
  const Crawl crawl = MakeCrawl();
  const DedupOptions options = OptionsFor(WriteFolder(crawl.files));
  MustRun(options);
  size_t cuts = 0;
  for (const Row& row : ReadRows(options.out, "removed.jsonl.zst")) {
    if (row.verdict != "repeat") continue;
    ++cuts;
    EXPECT_TRUE(row.is_span);
    ASSERT_FALSE(row.kept.empty()) << row.id << ": a cut without a witness";
    const std::string& text = crawl.page(row.id).text;
    std::string witness;
    for (const auto& [begin, end] : row.kept) {
      witness += text.substr(begin, end - begin) + " ";
      EXPECT_TRUE(end <= row.begin || begin >= row.end) << row.id << ": a witness inside its own cut";
    }
    EXPECT_EQ(SlowResemblance(text.substr(row.begin, row.end - row.begin), witness), 1) << row.id;
  }
  EXPECT_EQ(cuts, 11u);
}

TEST(Dedup, LeavesPagesWithoutWordsAlone) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  MustRun(options);
  const auto dropped = Dropped(options.out);
  for (const char* id : {"empty", "signs", "signs2"}) EXPECT_FALSE(dropped.contains(id)) << id;
}

TEST(Dedup, ClustersAndMatchesSayTheSameAsTheRemovalLog) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  const DedupSummary summary = MustRun(options);
  const std::map<std::string, std::string> dropped = Dropped(options.out);
  std::map<std::string, std::string> matched;
  for (const Row& row : ReadRows(options.out, "matches.jsonl.zst")) matched[row.b] = row.a;
  EXPECT_EQ(matched, dropped);
  EXPECT_EQ(summary.matches, dropped.size());
  std::set<std::string> witnesses;
  for (const auto& [id, witness] : dropped) witnesses.insert(witness);
  EXPECT_EQ(ReadRows(options.out, "clusters.jsonl.zst").size(), witnesses.size());
}

TEST(Dedup, AllPairsDecidesAsWitnessDoes) {
  const Crawl crawl = MakeCrawl();
  const std::string input = WriteFolder(crawl.files);
  const DedupOptions lazy = OptionsFor(input);
  DedupOptions all = OptionsFor(input);
  all.all_pairs = true;
  MustRun(lazy), MustRun(all);
  EXPECT_EQ(Dropped(lazy.out), Dropped(all.out));
  EXPECT_EQ(ReadFolder(lazy.out + "/clean"), ReadFolder(all.out + "/clean"));
  // Every pair at the threshold is listed, with its resemblance.
  std::map<std::pair<std::string, std::string>, double> listed;
  for (const Row& row : ReadRows(all.out, "matches.jsonl.zst"))
    listed[std::minmax(row.a, row.b)] = row.resemblance;
  size_t alike = 0;
  for (const WrittenPage& one : crawl.pages) {
    for (const WrittenPage& other : crawl.pages) {
      if (one.id >= other.id) continue;
      const double exact = SlowResemblance(one.text, other.text);
      if (exact < 0.8) continue;
      ++alike;
      ASSERT_TRUE(listed.contains({one.id, other.id})) << one.id << ", " << other.id;
      EXPECT_NEAR((listed[{one.id, other.id}]), exact, 0.00005);
    }
  }
  EXPECT_EQ(listed.size(), alike);
}

// Texts are read again from the input while pages are compared.
TEST(Dedup, SaysThatAFileWasChangedMeanwhile) {
  for (const bool shorter : {true, false}) {
    const std::string page = MakeLine(1, 200);
    const std::string input =
        WriteFolder({{"a.jsonl", JsonLine("a", page + " one") + "\n" + JsonLine("b", page + " two") + "\n"}});
    RunHooks hooks;
    hooks.progress = [&](const Progress& progress) {
      if (progress.stage != "comparing") return;
      std::filesystem::resize_file(input + "/a.jsonl", 100);
      if (!shorter) std::filesystem::resize_file(input + "/a.jsonl", 10000);
    };
    const auto summary = Dedup(OptionsFor(input), hooks);
    EXPECT_EQ(summary.status().code(), absl::StatusCode::kDataLoss) << summary.status();
    EXPECT_THAT(std::string(summary.status().message()), HasSubstr("a.jsonl"));
  }
}

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

TEST(Dedup, KeepUniqueKeepsParagraphsWithWordsThatTheWitnessLacks) {
  const std::string shared = MakeLine(1, 300) + "\n" + MakeLine(2, 300);
  const std::string added = MakeLine(3, 30);
  DedupOptions options = OptionsFor(WriteFolder(
      {{"a.jsonl", JsonLine("long", shared + "\n" + MakeLine(4, 60)) + "\n" +
                       JsonLine("short", shared + "\n" + added) + "\n" + JsonLine("exact", shared) + "\n"}}));
  options.keep_unique = true;
  MustRun(options);
  const auto clean = ReadFolder(options.out + "/clean");
  EXPECT_THAT(clean.at("a.jsonl"), HasSubstr(JsonLine("short", added)));
  EXPECT_THAT(clean.at("a.jsonl"), Not(HasSubstr("exact")));
}

TEST(Dedup, PassagesCutParagraphsThatAKeptPageShows) {
  const std::string story = MakeLine(10, 60);
  const std::string longer =
      MakeLine(11, 50) + "\n" + story + "\n" + MakeLine(12, 50) + "\n" + MakeLine(13, 50);
  DedupOptions options = OptionsFor(WriteFolder(
      {{"a.jsonl", JsonLine("longer", longer) + "\n"}, {"b.txt", MakeLine(14, 40) + "\n" + story + "\n"}}));
  options.pages = false;
  options.passages = true;
  const DedupSummary summary = MustRun(options);
  EXPECT_EQ(summary.passages_cut, 1u);
  const auto clean = ReadFolder(options.out + "/clean");
  EXPECT_EQ(clean.at("b.txt"), MakeLine(14, 40) + "\n");
  EXPECT_EQ(clean.at("a.jsonl"), JsonLine("longer", longer) + "\n");
  const std::vector<Row> rows = ReadRows(options.out, "removed.jsonl.zst");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].verdict, "passage");
  EXPECT_EQ(rows[0].witness, "longer");
  ASSERT_EQ(rows[0].kept.size(), 1u);
  EXPECT_EQ(longer.substr(rows[0].kept[0].first, rows[0].kept[0].second - rows[0].kept[0].first), story);
}

TEST(Dedup, AWitnessOfAPassageIsNeverCutItself) {
  const Crawl crawl = MakeCrawl();
  for (const bool pages : {false, true}) {
    DedupOptions options = OptionsFor(WriteFolder(crawl.files));
    options.pages = pages;
    options.passages = true;
    const DedupSummary summary = MustRun(options);
    const std::vector<Row> rows = ReadRows(options.out, "removed.jsonl.zst");
    if (!pages) {
      EXPECT_GT(summary.passages_cut, 20u);
    }
    for (const Row& row : rows) {
      if (row.verdict != "passage") continue;
      ASSERT_EQ(row.kept.size(), 1u);
      const auto [begin, end] = row.kept[0];
      const std::string witness = crawl.page(row.witness).text.substr(begin, end - begin);
      const std::string cut = crawl.page(row.id).text.substr(row.begin, row.end - row.begin);
      EXPECT_GE(SlowResemblance(witness, cut), options.resemblance)
          << row.id << " because of " << row.witness;
      for (const Row& other : rows) {
        if (other.id != row.witness) continue;
        EXPECT_TRUE(other.is_span) << "a page that went is a witness: " << other.id;
        EXPECT_TRUE(other.end <= begin || other.begin >= end) << row.id << "'s witness was cut";
      }
    }
  }
}

TEST(Dedup, OfFieldsWithoutATextOneHintIsGiven) {
  const auto hints = [](const std::map<std::string, std::string>& files) {
    std::vector<std::string> said;
    const RunHooks hooks{.progress = {}, .warn = [&](const std::string& line) {
                           if (line.find("--text-field") != std::string::npos) said.push_back(line);
                         }};
    DedupOptions options = OptionsFor(WriteFolder(files));
    options.corpus.reader.batch_bytes = 20;
    EXPECT_TRUE(Dedup(options, hooks).ok());
    return said;
  };
  const std::string content =
      "{\"content\":\"words\",\"url\":\"u\"}\n{\"other\":1}\n{\"content\":\"more\"}\n";
  const std::string text = "{\"text\":\"words\"}\n";
  EXPECT_THAT(hints({{"a.jsonl", text}, {"b.jsonl", content}, {"c.jsonl", content}}),
              ElementsAre(AllOf(StartsWith("b.jsonl: "), HasSubstr("the first line has 'content', 'url'"))));
  EXPECT_THAT(hints({{"a.jsonl", content + text}, {"b.jsonl", text}}), ElementsAre());
  EXPECT_THAT(hints({{"a.jsonl", "{\"text\":null,\"x\":1}\n{torn\n"}, {"b.jsonl", text}}), ElementsAre());
}

// What went wrong: a file whose lines have no text made a hundred lines on the screen, and hid what was wrong
// with others.
TEST(Dedup, OfOneFilesDamageTheFirstPlacesAreSaidAndTheRestCounted) {
  std::string many, text = "{\"text\":\"words\"}\n";
  for (int i = 0; i < 300; ++i) many += "{\"content\":\"words\"}\n";
  std::vector<std::string> said;
  const RunHooks hooks{.progress = {}, .warn = [&](const std::string& line) { said.push_back(line); }};
  DedupOptions options = OptionsFor(WriteFolder({{"a.jsonl", many}, {"b.jsonl", text + "{torn\n"}}));
  options.corpus.reader.batch_bytes = 1000;
  const auto summary = Dedup(options, hooks);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->damage.places, 301u);
  EXPECT_EQ(summary->damage.first.size(), 100u);
  ASSERT_EQ(said.size(), 8u) << ::testing::PrintToString(said);
  EXPECT_THAT(said[4], StartsWith("a.jsonl: byte "));
  EXPECT_EQ(said[5], "a.jsonl: 295 more places like that");
  EXPECT_THAT(said[6], HasSubstr("--text-field"));
  EXPECT_THAT(said[7], StartsWith("b.jsonl: byte "));
}

// What went wrong: of a file cut short while results were written, what was behind the cut was in no result,
// and the run ended well.
TEST(Dedup, AFileThatShrinksWhileItIsReadIsNoTrapAndNothingIsLost) {
  std::string lines;
  for (uint64_t page = 0; page < 4000; ++page)
    lines += JsonLine(std::to_string(page), MakeLine(page % 1500, 60)) + "\n";
  for (const char* stage : {"reading", "comparing", "writing"}) {
    for (const int threads : {1, 2}) {
      const std::string input = WriteFolder({{"a.jsonl", lines}});
      bool shrunk = false;
      RunHooks hooks;
      hooks.progress = [&](const Progress& progress) {
        if (progress.stage != stage || shrunk || (progress.bytes == 0 && progress.bytes_total > 0)) return;
        std::filesystem::resize_file(input + "/a.jsonl", lines.size() / 2 + 7);
        shrunk = true;
      };
      DedupOptions options = OptionsFor(input);
      options.corpus.threads = threads;
      options.corpus.reader.batch_bytes = 64 << 10;
      const auto summary = Dedup(options, hooks);
      ASSERT_TRUE(shrunk);
      if (summary.ok()) {  // it was read as the shorter file that it became
        EXPECT_EQ(std::string(stage), "reading");
        EXPECT_LT(summary->pages, 4000u);
        EXPECT_EQ(summary->damage.places, 2u) << "the line that was cut in two, and that the file shrank";
      } else {
        EXPECT_EQ(summary.status().code(), absl::StatusCode::kDataLoss) << summary.status();
        EXPECT_THAT(std::string(summary.status().message()), AllOf(HasSubstr("a.jsonl"), HasSubstr("byte")));
        EXPECT_FALSE(std::filesystem::exists(options.out + "/run.json"));
      }
    }
  }
}

TEST(Dedup, AgainstAnEarlierRunWhatMatchesItGoes) {
  const Crawl crawl = MakeCrawl();
  const DedupOptions first = OptionsFor(WriteFolder({{"a.jsonl", crawl.files.at("a.jsonl")}}));
  MustRun(first);
  const auto before = ReadFolder(first.out);
  DedupOptions second = OptionsFor(WriteFolder({{"b.jsonl", crawl.files.at("b.jsonl")}}));
  second.against = first.out;
  MustRun(second);
  EXPECT_EQ(ReadFolder(first.out), before) << "an earlier run's folder is only read";
  EXPECT_EQ(ReadFolder(second.out + "/clean").size(), 1u) << "earlier pages are not written again";
  const auto dropped = Dropped(second.out);
  EXPECT_EQ(dropped.size(), 11u) << "six near-duplicates, four exact copies, one page without id";
  for (const WrittenPage& page : crawl.pages) {
    const bool made =
        page.fresh.starts_with("fresh") && (page.id.starts_with("near") || page.id.starts_with("exact"));
    if (!made || page.id == "exact0") continue;
    ASSERT_TRUE(dropped.contains(page.id)) << page.id;
    EXPECT_THAT(dropped.at(page.id), ::testing::AnyOf(page.fresh, "exact0"));
  }
}

// What went wrong: lines made of HTML had no id although the log, matches and clusters named them by one.
TEST(Dedup, LinesMadeOfHtmlHaveTheIdThatResultsNameThemBy) {
  const std::string text = MakeLine(1, 60), html = "<!doctype html><p>";
  const auto record = [](const std::string& id, const std::string& body) {
    return "WARC/1.0\r\nWARC-Type: conversion\r\n" + id +
           "Content-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body +
           "\r\n\r\n";
  };
  const std::map<std::string, std::string> files = {
      {"a.html", html + text},
      {"sub/b.html", html + text + " and three more words"},
      {"c.wet", record("", MakeLine(2, 60)) + record("", MakeLine(3, 60)) +
                    record("WARC-Record-ID: <urn:x>\r\n", MakeLine(4, 60))}};
  DedupOptions first = OptionsFor(WriteFolder(files));
  MustRun(first);
  const auto clean = ReadFolder(first.out + "/clean");
  const std::string& wet = clean.at("c.wet.jsonl");
  EXPECT_THAT(wet, HasSubstr("{\"id\":\"c.wet:0\","));
  EXPECT_THAT(wet, HasSubstr("{\"id\":\"c.wet:1\","));
  EXPECT_THAT(wet, HasSubstr("{\"id\":\"<urn:x>\","));
  const std::vector<Row> removed = ReadRows(first.out, "removed.jsonl.zst");
  ASSERT_EQ(removed.size(), 1u);
  const std::string& kept = clean.at(removed[0].witness + ".jsonl");
  EXPECT_THAT(kept, StartsWith("{\"id\":\"" + removed[0].witness + "\","));
  EXPECT_THAT(removed[0].raw, StartsWith("{\"id\":\"" + removed[0].id + "\","));

  // A later crawl of the same names: a page's place in the earlier run is not taken for that of another page.
  DedupOptions second = OptionsFor(WriteFolder(files));
  second.against = first.out;
  EXPECT_EQ(MustRun(second).kept(), 0u);
  for (const Row& row : ReadRows(second.out, "removed.jsonl.zst")) {
    if (row.id.starts_with("<urn:x>")) continue;
    EXPECT_TRUE(files.contains(row.id) || row.id.starts_with("c.wet:")) << row.id;
    EXPECT_THAT(row.witness, HasSubstr(".jsonl:")) << row.id;
  }
}

// What went wrong: an earlier run was read with the new input's format and field names, files without a known
// ending were passed by, damage in it was not counted, and a run that had not ended was taken for one.
TEST(Dedup, AgainstAnEarlierRunReadsAllThatItWrote) {
  const std::string text = MakeLine(1, 60), other = MakeLine(2, 60), third = MakeLine(3, 60);
  const std::string old = WriteFolder({{"notes", text},
                                       {"a.jsonl", "{\"body\":" + JsonString(other) + "}\n"},
                                       {"b.html", "<!doctype html><p>" + third}});
  std::filesystem::rename(old + "/a.jsonl", old + "/a");
  DedupOptions first = OptionsFor(old);
  first.corpus.inputs = {old + "/notes", old + "/a", old + "/b.html"};
  first.corpus.parse.fields.text = "body";
  EXPECT_EQ(MustRun(first).pages, 3u);
  const std::string lines = text + "\n" + other + "\n" + third + "\n";
  DedupOptions second =
      OptionsFor(WriteFolder({{"new.txt", text + "!"}, {"other.txt", other}, {"third.txt", third}}));
  second.corpus.reader.format = InputFormat::kText;
  for (const std::string& against :
       {first.out, first.out + "/", first.out + "/clean", first.out + "/clean/"}) {
    second.against = against;
    second.out = MakeFolder() + "/run";
    const DedupSummary summary = MustRun(second);
    EXPECT_EQ(summary.kept(), 0u) << against;
    EXPECT_FALSE(summary.damage.any());
  }
  std::ofstream(first.out + "/clean/a", std::ios::app) << "{torn\n";
  second.out = MakeFolder() + "/run";
  EXPECT_EQ(MustRun(second).damage.places, 1u);

  std::filesystem::rename(first.out + "/run.json", first.out + "/run.partial");
  second.out = MakeFolder() + "/run";
  EXPECT_EQ(Dedup(second, {}).status().code(), absl::StatusCode::kFailedPrecondition);
}

// What went wrong: of two inputs that clean output called the same, one overwrote the other.
TEST(Dedup, CleanFilesNeverShareAName) {
  const auto page = [](uint64_t seed) { return JsonLine("", MakeLine(seed, 50)) + "\n"; };
  const std::string html = "<!doctype html><p>";
  const std::map<std::string, std::string> files = {{"x.html", html + MakeLine(1, 50)},
                                                    {"x.html.jsonl", page(2)},
                                                    {"x.html.extracted.jsonl", page(3)},
                                                    {"y.html", html + MakeLine(4, 50)},
                                                    {"y.html.jsonl/z.jsonl", page(5)},
                                                    {"v.html", html + MakeLine(6, 50)},
                                                    {"v.html.extracted", html + MakeLine(7, 50)},
                                                    {"v.html.jsonl", page(8)}};
  const std::string folder = WriteFolder(files);
  DedupOptions options = OptionsFor(folder);
  for (const auto& [name, bytes] : files) options.corpus.inputs.push_back(folder + "/" + name);
  std::map<std::string, std::string> expected;
  for (int round = 0; round < 3; ++round) {
    options.out = MakeFolder() + "/run";
    EXPECT_EQ(MustRun(options).pages, files.size());
    const auto clean = ReadFolder(options.out + "/clean");
    EXPECT_EQ(clean.size(), files.size());
    EXPECT_EQ(clean.at("x.html.jsonl"), page(2)) << "what stays a file of its kind keeps its name";
    EXPECT_TRUE(clean.contains("x.html.extracted.extracted.jsonl"));
    EXPECT_TRUE(clean.contains("y.html.extracted.jsonl"));
    EXPECT_TRUE(clean.contains("v.html.extracted.extracted.jsonl"));
    if (round == 0) expected = clean;
    EXPECT_EQ(clean, expected) << "whatever order the inputs are named in";
    std::shuffle(options.corpus.inputs.begin(), options.corpus.inputs.end(), std::mt19937(round));
  }
}

TEST(Dedup, AFileAndAFolderOfOneNameAreToldApart) {
  const auto page = [](uint64_t seed) { return JsonLine("", MakeLine(seed, 50)) + "\n"; };
  const std::string folder = WriteFolder({{"1/a", page(1)}, {"2/a/b.jsonl", page(2)}});
  DedupOptions options = OptionsFor(folder);
  options.corpus.inputs = {folder + "/1/a", folder + "/2"};
  EXPECT_EQ(MustRun(options).pages, 2u);
  EXPECT_EQ(ReadFolder(options.out + "/clean"),
            (std::map<std::string, std::string>{{"1/a", page(1)}, {"2/a/b.jsonl", page(2)}}));
}

// What went wrong: results that lay below an input folder were read as input, by this run and by the next
// one.
TEST(Dedup, ResultsBelowAnInputFolderAreNoInput) {
  const std::string folder = WriteFolder({{"a.jsonl", JsonLine("a", MakeLine(1, 50)) + "\n"}});
  DedupOptions options = OptionsFor(folder);
  std::vector<std::string> warnings;
  RunHooks hooks;
  hooks.warn = [&](const std::string& line) { warnings.push_back(line); };
  options.out = folder + "/deep/run";
  MustRun(options, hooks);
  EXPECT_THAT(warnings, IsEmpty());
  options.force = true;
  EXPECT_EQ(MustRun(options, hooks).pages, 1u);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("deep/run is left out")));
  options.out = folder + "/other";
  EXPECT_EQ(MustRun(options, hooks).pages, 1u);
  options.corpus.inputs = {folder + "/**/*.jsonl"};
  options.out = folder + "/third";
  EXPECT_EQ(MustRun(options).pages, 1u);
  options.corpus.inputs = {folder + "/deep/run"};
  EXPECT_THAT(std::string(Dedup(options, {}).status().message()), HasSubstr("deep/run/clean"));
  options.corpus.inputs = {folder + "/deep/run/clean"};
  EXPECT_EQ(MustRun(options).pages, 1u) << "what a run kept can be named";
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

TEST(Dedup, ADryRunWritesNothing) {
  const std::string input = WriteFolder(MakeCrawl().files);
  const auto before = ReadFolder(input);
  DedupOptions options = OptionsFor(input);
  const DedupSummary real = MustRun(options);
  options.out = MakeFolder() + "/none";
  options.dry_run = true;
  const DedupSummary summary = MustRun(options);
  EXPECT_FALSE(std::filesystem::exists(options.out));
  options.out.clear();
  MustRun(options);
  EXPECT_EQ(ReadFolder(input), before);
  EXPECT_EQ(summary.kept(), real.kept());
  EXPECT_EQ(summary.repeat_bytes, real.repeat_bytes);
  EXPECT_EQ(summary.examples.size(), 10u);
  for (const DedupExample& example : summary.examples) EXPECT_FALSE(example.text.empty()) << example.id;
}

// What went wrong: five examples were the most where there was nothing but repeats.
TEST(Dedup, ThereAreTenExamplesOfAnything) {
  const auto examples = [](const std::map<std::string, std::string>& files, bool passages) {
    DedupOptions options = OptionsFor(WriteFolder(files));
    options.passages = passages;
    options.dry_run = true;
    std::map<std::string, int> verdicts;
    for (const DedupExample& example : MustRun(options).examples) ++verdicts[example.verdict];
    return verdicts;
  };
  std::string repeats, copies, passages;
  for (uint64_t i = 0; i < 12; ++i) {
    const std::string once = MakeLine(i, 40);
    repeats += JsonLine("r" + std::to_string(i), once + "\n" + MakeLine(i + 50, 60) + "\n" + once) + "\n";
    copies += JsonLine("c" + std::to_string(i), MakeLine(100, 60)) + "\n";
    passages += JsonLine("p" + std::to_string(i), MakeLine(200, 30) + "\n" + MakeLine(i + 300, 60)) + "\n";
  }
  using Counts = std::map<std::string, int>;
  EXPECT_EQ(examples({{"a.jsonl", repeats}}, false), (Counts{{"repeat", 10}}));
  EXPECT_EQ(examples({{"a.jsonl", copies}}, false), (Counts{{"exact", 10}}));
  EXPECT_EQ(examples({{"a.jsonl", passages}}, true), (Counts{{"passage", 10}}));
  EXPECT_EQ(examples({{"a.jsonl", repeats + copies + passages}}, true),
            (Counts{{"repeat", 4}, {"exact", 3}, {"passage", 3}}));
}

TEST(Dedup, SaysThatMemoryDoesNotSuffice) {
  DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  options.memory = 1000;
  const auto summary = Dedup(options, {});
  EXPECT_EQ(summary.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(summary.status().message()), HasSubstr("--memory"));
  EXPECT_FALSE(std::filesystem::exists(options.out + "/run.json"));
}

TEST(Dedup, AnEmptyFileGivesAnEmptyFile) {
  const DedupOptions options = OptionsFor(WriteFolder({{"empty.jsonl", ""}}));
  const DedupSummary summary = MustRun(options);
  EXPECT_EQ(summary.pages, 0u);
  EXPECT_EQ(ReadFolder(options.out + "/clean"), (std::map<std::string, std::string>{{"empty.jsonl", ""}}));
}

TEST(Dedup, EndsWhenItIsToldTo) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  const std::atomic<bool> stop = true;
  RunHooks hooks;
  hooks.stop = &stop;
  EXPECT_EQ(Dedup(options, hooks).status().code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(options.out + "/run.json"));
}

TEST(Dedup, RefusesOptionsThatMakeNoSense) {
  const DedupOptions good = OptionsFor(WriteFolder({{"a.jsonl", ""}}));
  const auto refused = [&](const std::function<void(DedupOptions*)>& spoil) {
    DedupOptions options = good;
    spoil(&options);
    return Dedup(options, {}).status().code() == absl::StatusCode::kInvalidArgument;
  };
  EXPECT_TRUE(refused([](DedupOptions* o) { o->pages = false; }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->resemblance = 0; }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->resemblance = 1.01; }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->banding.bands = 0; }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->keep = Keep::kSourceList; }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->out.clear(); }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->passage_tokens = 1; }));
  EXPECT_TRUE(refused([](DedupOptions* o) { o->corpus.inputs.clear(); }));
  DedupOptions missing = good;
  missing.corpus.inputs = {"/no/such/crawl.jsonl"};
  EXPECT_EQ(Dedup(missing, {}).status().code(), absl::StatusCode::kNotFound);
}

TEST(Dedup, CountsTheRecordsOfWebArchivesByType) {
  std::string warc;
  for (const std::string type : {"warcinfo", "request", "Response", "response", "invented", "conversion"}) {
    warc += "WARC/1.0\r\nWARC-Type: " + type + "\r\nContent-Length: 7\r\n\r\nsome\r\n\r\n\r\n";
  }
  warc += "WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n";
  const DedupOptions options = OptionsFor(WriteFolder({{"a.warc", warc}, {"b.txt", "some text"}}));
  const DedupSummary summary = MustRun(options);
  EXPECT_EQ(summary.records, 8u);
  EXPECT_THAT(summary.warc_records, ElementsAre(Pair("conversion", 1), Pair("other", 2), Pair("request", 1),
                                                Pair("response", 2), Pair("warcinfo", 1)));
  EXPECT_THAT(
      ReadFolder(options.out)["run.json"],
      HasSubstr(R"("warc_records":{"conversion":1,"other":2,"request":1,"response":2,"warcinfo":1})"));
}

}  // namespace
}  // namespace refrain
