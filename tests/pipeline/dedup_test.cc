#include "refrain/pipeline/dedup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing_crawl::Crawl;
using testing_crawl::DroppedPages;
using testing_crawl::JsonLine;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::MustRun;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ReadRows;
using testing_crawl::Row;
using testing_crawl::SlowResemblance;
using testing_crawl::WriteFolder;
using testing_crawl::WrittenPage;

TEST(Dedup, EveryDroppedPageMatchesAKeptWitness) {
  const Crawl crawl = MakeCrawl();
  const DedupOptions options = OptionsFor(WriteFolder(crawl.files));
  const DedupSummary summary = MustRun(options);
  const std::map<std::string, std::string> dropped = DroppedPages(options.out);
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
  const std::map<std::string, std::string> dropped = DroppedPages(options.out);
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
  const std::string input = WriteFolder(crawl.files);
  const DedupOptions options = OptionsFor(input);
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
  EXPECT_THAT(summary.damage.first, ::testing::Contains(StartsWith(input + "/" + crawl.damaged + ":")));
  EXPECT_THAT(warnings, ::testing::Contains(StartsWith(input + "/" + crawl.damaged + ":")));
  uint64_t bytes = 0;
  for (const auto& [name, content] : crawl.files) bytes += content.size();
  EXPECT_EQ(summary.input_bytes, bytes);
}

// What went wrong: a page counted as repaired though it went.
TEST(Dedup, CountsNoRepairOfAPageThatGoes) {
  const std::string twice = MakeLine(1, 40) + "\n" + MakeLine(2, 60) + "\n" + MakeLine(1, 40);
  const std::string input =
      WriteFolder({{"a.jsonl", JsonLine("one", twice) + "\n"}, {"b.jsonl", JsonLine("two", twice) + "\n"}});
  const DedupSummary summary = MustRun(OptionsFor(input));
  EXPECT_EQ(summary.dropped_exact, 1u);
  EXPECT_EQ(summary.pages_repaired, 1u);
  EXPECT_EQ(summary.repeat_spans, 1u);
  EXPECT_GE(summary.repeat_bytes, MakeLine(1, 40).size());
  EXPECT_LE(summary.repeat_bytes, MakeLine(1, 40).size() + 1);
  // Nor is it an example of one.
  ASSERT_EQ(summary.examples.size(), 2u);
  EXPECT_EQ(summary.examples[0].verdict, "repeat");
  EXPECT_EQ(summary.examples[1].verdict, "exact");
  EXPECT_EQ(summary.examples[0].id, summary.examples[1].witness);
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
  const auto dropped = DroppedPages(options.out);
  for (const char* id : {"empty", "signs", "signs2"}) EXPECT_FALSE(dropped.contains(id)) << id;
}

TEST(Dedup, ClustersAndMatchesSayTheSameAsTheRemovalLog) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  const DedupSummary summary = MustRun(options);
  const std::map<std::string, std::string> dropped = DroppedPages(options.out);
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
  EXPECT_EQ(DroppedPages(lazy.out), DroppedPages(all.out));
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

}  // namespace
}  // namespace refrain
