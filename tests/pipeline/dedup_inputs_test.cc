// What a run of dedup reads: damage, earlier runs, names, archives.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "refrain/pipeline/dedup.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::StartsWith;
using testing_crawl::Crawl;
using testing_crawl::DroppedPages;
using testing_crawl::JsonLine;
using testing_crawl::JsonString;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::MustRun;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ReadRows;
using testing_crawl::Row;
using testing_crawl::WriteFolder;
using testing_crawl::WrittenPage;

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

// What went wrong: where the text of a witness was overwritten in place, what it stood for was nowhere, and
// nobody said so.
TEST(Dedup, SaysThatAPageWasOverwrittenInPlace) {
  const std::string word = "Harbour", text = word + " " + MakeLine(3, 60);
  const std::map<std::string, std::string> files = {
      {"a.jsonl", JsonLine("a", text) + "\n" + JsonLine("b", MakeLine(5, 60)) + "\n"},
      {"a.txt", text},
      {"a.html", "<title>a</title><p>" + text + "</p>"}};
  for (const auto& [name, content] : files) {
    for (const OutputMode mode : {OutputMode::kClean, OutputMode::kMark}) {
      const std::string input = WriteFolder({{name, content}, {"z.jsonl", JsonLine("copy", text) + "\n"}});
      RunHooks hooks;
      hooks.progress = [&](const Progress& progress) {
        if (progress.stage != "comparing") return;
        std::fstream file(input + "/" + name, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(content.find(word)));
        file << std::string(word.size(), 'x');
      };
      DedupOptions options = OptionsFor(input);
      options.mode = mode;
      const auto summary = Dedup(options, hooks);
      EXPECT_EQ(summary.status().code(), absl::StatusCode::kDataLoss) << name << ": " << summary.status();
      EXPECT_THAT(std::string(summary.status().message()), HasSubstr(name));
    }
  }
}

// The same of a record that is no page any more.
TEST(Dedup, SaysThatAPageWasOverwrittenToBeNone) {
  const std::string text = MakeLine(3, 60),
                    block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + text;
  const std::string record =
      "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:a>\r\nContent-Type: application/http\r\n"
      "Content-Length: " +
      std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
  const std::string input = WriteFolder({{"a.warc", record}, {"z.jsonl", JsonLine("copy", text) + "\n"}});
  RunHooks hooks;
  hooks.progress = [&](const Progress& progress) {
    if (progress.stage != "comparing") return;
    std::fstream file(input + "/a.warc", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(record.find("text/html")));
    file << "image/png";
  };
  const auto summary = Dedup(OptionsFor(input), hooks);
  EXPECT_EQ(summary.status().code(), absl::StatusCode::kDataLoss) << summary.status();
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
              ElementsAre(AllOf(HasSubstr("/b.jsonl: "), HasSubstr("the first line has 'content', 'url'"))));
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
  const std::string input = WriteFolder({{"a.jsonl", many}, {"b.jsonl", text + "{torn\n"}});
  DedupOptions options = OptionsFor(input);
  options.corpus.reader.batch_bytes = 1000;
  const auto summary = Dedup(options, hooks);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->damage.places, 301u);
  EXPECT_EQ(summary->damage.first.size(), 100u);
  ASSERT_EQ(said.size(), 8u) << ::testing::PrintToString(said);
  EXPECT_THAT(said[4], StartsWith(input + "/a.jsonl: byte "));
  EXPECT_EQ(said[5], input + "/a.jsonl: 295 more places like that");
  EXPECT_THAT(said[6], HasSubstr("--text-field"));
  EXPECT_THAT(said[7], StartsWith(input + "/b.jsonl: byte "));
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
  const auto dropped = DroppedPages(second.out);
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
