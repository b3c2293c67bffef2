#include "refrain/pipeline/boilerplate_job.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/pipeline/restore.h"
#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_crawl::JsonString;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::ReadFolder;
using testing_crawl::ReadRows;
using testing_crawl::ResultBytes;
using testing_crawl::WriteFolder;

std::string Line(const std::string& id, const std::string& source, const std::string& text,
                 uint64_t seed = 0) {
  return fmt::format("{{\"id\": \"{}\", \"source\": \"{}\", \"text\": {}, \"n\": 1}}\n", id, source,
                     JsonString(text, seed));
}

// Pages of a few sites: menus, dates, an article each; one site has a page alone, one an article twice.
std::vector<std::string> Lines() {
  std::vector<std::string> lines;
  for (uint64_t site = 0; site < 4; ++site) {
    for (uint64_t page = 0; page < (site == 3 ? 1U : 6U); ++page) {
      std::string text = fmt::format("{}\n\n{}\r\nPosted on {} June 20{:02}\n\n", MakeLine(1000 + site, 5),
                                     MakeLine(2000 + site, 3), page + 1, page);
      text += MakeLine(10 * site + page, 50) + "\n\n" + MakeLine(500 + 10 * site + page, 70) + "\n";
      text += MakeLine(3000 + site, 9) + "\n\n\n" + MakeLine(4000 + site, 2);
      lines.push_back(
          Line(fmt::format("s{}p{}", site, page), fmt::format("s{}.example", site), text, site + page));
    }
  }
  lines.push_back(
      Line("s0p9", "s0.example", MakeLine(0, 50) + "\n\n" + MakeLine(500, 70) + "\n" + MakeLine(77, 6)));
  lines.push_back(Line("empty", "s1.example", ""));
  lines.push_back("{\"id\": \"none\", \"text\": \"No source here at all\"}\n");
  return lines;
}

std::map<std::string, std::string> OneFile(std::vector<std::string> lines) {
  std::string all;
  for (const std::string& line : lines) all += line;
  return {{"pages.jsonl", all}};
}

BoilerplateOptions OptionsFor(const std::string& input) {
  BoilerplateOptions options;
  options.corpus.inputs = {input};
  options.corpus.tmpdir = MakeFolder();
  return options;
}

std::string Show(const BoilerplateOptions& options, BoilerplateSummary* summary = nullptr) {
  std::string out;
  const auto done = RunBoilerplate(options, {}, [&](std::string_view some) {
    out += some;
    return absl::OkStatus();
  });
  EXPECT_TRUE(done.ok()) << done.status();
  if (done.ok() && summary != nullptr) *summary = *done;
  return out;
}

BoilerplateSummary Strip(BoilerplateOptions options, const std::string& out) {
  options.out = out;
  BoilerplateSummary summary;
  EXPECT_EQ(Show(options, &summary), "");
  return summary;
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at + 1));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

const char kTwoPages[] =
    "{\"id\":\"a\",\"url\":\"http://Site.example/1\",\"text\":\"Home and the garden\\n\\nOn Monday the mayor "
    "painted the old bridge green and nobody in the town had been asked about it before he "
    "did\\n\\n3 people like this story\"}\n"
    "{\"id\":\"b\",\"url\":\"http://site.example/2\",\"text\":\"Home and the garden\\n\\nA storm took the "
    "roof of "
    "the barn, carried it over three fields and a road, and dropped it into the pond of the next "
    "village\\n\\n17 people like this story\"}\n";

TEST(BoilerplateJob, JsonIsAsItIsWritten) {
  BoilerplateOptions options = OptionsFor(WriteFolder({{"two.jsonl", kTwoPages}}));
  options.format = BoilerplateFormat::kJson;
  EXPECT_EQ(
      Show(options),
      "{\"id\":\"a\",\"source\":\"site.example\",\"text\":\"Home and the garden\\n\\nOn Monday the mayor "
      "painted "
      "the old bridge green and nobody in the town had been asked about it before he did\\n\\n3 people like "
      "this story\",\"cut\":[[0,21],[131,156]],\"common\":[]}\n"
      "{\"id\":\"b\",\"source\":\"site.example\",\"text\":\"Home and the garden\\n\\nA storm took the roof "
      "of the "
      "barn, carried it over three fields and a road, and dropped it into the pond of the next "
      "village\\n\\n17 people like this story\",\"cut\":[[0,21],[146,172]],\"common\":[]}\n");
}

TEST(BoilerplateJob, StrippedFilesAreAsTheyAreWritten) {
  const std::string out = MakeFolder() + "/run";
  Strip(OptionsFor(WriteFolder({{"two.jsonl", kTwoPages}})), out);
  const auto files = ReadFolder(out);
  EXPECT_EQ(files.at("boilerplate.jsonl"),
            "{\"source\":\"site.example\",\"verdict\":\"boilerplate\",\"text\":\"Home and the "
            "garden\",\"pages\":2,\"of\":2,\"share\":1.0000,\"first\":\"a\",\"slots\":[]}\n"
            "{\"source\":\"site.example\",\"verdict\":\"template\",\"text\":\"3 people like this "
            "story\",\"pages\":2,\"of\":2,\"share\":1.0000,\"first\":\"a\",\"slots\":[[0,1]]}\n");
  EXPECT_EQ(
      files.at("clean/two.jsonl"),
      "{\"id\":\"a\",\"url\":\"http://Site.example/1\",\"text\":\"On Monday the mayor painted the old bridge "
      "green and nobody in the town had been asked about it before he did\\n\"}\n"
      "{\"id\":\"b\",\"url\":\"http://site.example/2\",\"text\":\"A storm took the roof of the barn, carried "
      "it "
      "over three fields and a road, and dropped it into the pond of the next village\\n\"}\n");
  const auto rows = ReadRows(out, "removed.jsonl.zst");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[3].verdict, "template");
  EXPECT_EQ(rows[3].id, "b");
  EXPECT_EQ(rows[3].witness, "a") << "whose copy is in boilerplate.jsonl";
  EXPECT_EQ(rows[3].raw, "\\n17 people like this story");
}

TEST(BoilerplateJob, TheListIsForPeople) {
  BoilerplateOptions options = OptionsFor(WriteFolder({{"two.jsonl", kTwoPages}}));
  EXPECT_EQ(Show(options),
            "site.example: 2 different pages\n"
            "       2   100.0 %  Home and the garden  (a)\n"
            "       2   100.0 %  ‹3› people like this story  (a)\n");
  options.format = BoilerplateFormat::kText;
  EXPECT_THAT(Show(options), HasSubstr("before he did\n\f\nA storm took"));
  options.format = BoilerplateFormat::kMarked;
  EXPECT_THAT(Show(options), HasSubstr("[-Home and the garden\n-]\nOn Monday"));
  EXPECT_THAT(Show(options), HasSubstr("village\n[-\n17 people like this story-]\n"));
}

// Threads, memory and the order of inputs change no byte.
TEST(BoilerplateJob, IsTheSameHoweverItRuns) {
  const std::vector<std::string> lines = Lines();
  std::map<std::string, std::string> files = MakeCrawl().files;
  for (size_t i = 0; i < lines.size(); ++i) files[fmt::format("sites/{}.jsonl", i % 3)] += lines[i];
  const std::string folder = WriteFolder(files);
  std::string shown;
  std::map<std::string, std::string> stripped;
  for (const auto& [threads, memory, backwards] :
       {std::tuple{1, uint64_t{0}, false}, {4, uint64_t{0}, true}, {3, uint64_t{6'000'000}, false}}) {
    BoilerplateOptions options = OptionsFor(folder);
    options.corpus.inputs.clear();
    for (const auto& [name, bytes] : files) options.corpus.inputs.push_back(folder + "/" + name);
    if (backwards) std::reverse(options.corpus.inputs.begin(), options.corpus.inputs.end());
    options.corpus.threads = threads;
    options.corpus.reader.max_record = testing_crawl::kMaxRecord;
    options.memory = memory;
    options.format = BoilerplateFormat::kJson;
    const std::string json = Show(options);
    const std::string out = MakeFolder() + "/run";
    const BoilerplateSummary summary = Strip(options, out);
    EXPECT_GT(summary.pages_stripped, 15U);
    EXPECT_EQ(summary.damage.oversized, 1U);
    EXPECT_EQ(summary.damage.places, 1U);
    EXPECT_TRUE(fs::is_empty(options.corpus.tmpdir));
    if (shown.empty()) {
      shown = json;
      stripped = ResultBytes(out);
    }
    EXPECT_EQ(json, shown);
    EXPECT_EQ(ResultBytes(out), stripped);
  }
}

// The same decisions however pages are split into files and ordered.
TEST(BoilerplateJob, DecidesTheSameInAnyOrderOfPages) {
  std::vector<std::string> lines = Lines();
  BoilerplateOptions options = OptionsFor(WriteFolder(OneFile(lines)));
  options.format = BoilerplateFormat::kJson;
  std::vector<std::string> shown = Split(Show(options));
  std::reverse(lines.begin(), lines.end());
  std::map<std::string, std::string> files;
  for (size_t i = 0; i < lines.size(); ++i) files[fmt::format("{}.jsonl", (i * 7) % 5)] += lines[i];
  options.corpus.inputs = {WriteFolder(files)};
  std::vector<std::string> other = Split(Show(options));
  std::sort(shown.begin(), shown.end());
  std::sort(other.begin(), other.end());
  EXPECT_EQ(shown, other);
}

TEST(BoilerplateJob, RestoreGivesTheInputBack) {
  const std::vector<std::string> lines = Lines();
  std::map<std::string, std::string> files = MakeCrawl().files;
  for (size_t i = 0; i < lines.size(); ++i) files[fmt::format("sites/{}.jsonl", i % 3)] += lines[i];
  for (const bool source_is_file : {false, true}) {
    BoilerplateOptions options = OptionsFor(WriteFolder(files));
    options.corpus.reader.max_record = testing_crawl::kMaxRecord;
    options.corpus.source_is_file = source_is_file;
    const std::string out = MakeFolder() + "/run", again = MakeFolder() + "/again";
    const BoilerplateSummary summary = Strip(options, out);
    EXPECT_GT(summary.spans, 50U);
    const auto restored = Restore({.run = out, .out = again}, {});
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(restored->spans_put_back, summary.spans);
    const auto back = ReadFolder(again);
    for (const auto& [name, bytes] : files) {
      if (back.contains(name)) {
        EXPECT_EQ(back.at(name), bytes) << name;
      }
    }
    EXPECT_EQ(back.at("sites/0.jsonl"), files.at("sites/0.jsonl"));
  }
}

// Whatever is stripped has a copy in boilerplate.jsonl, under the page that its row names: with the same
// words but for what stands in slots. And no copy stands there twice.
TEST(BoilerplateJob, EveryStrippedLineHasACopy) {
  std::vector<std::string> lines = Lines();
  const std::string menu = MakeLine(7000, 24);
  // On its first page "Share" stands alone and stays; the menu stands inside a paragraph there, and twice
  // below.
  lines.push_back(
      Line("m0", "m.example", MakeLine(7001, 40) + "\n\nShare\n\n" + MakeLine(7002, 30) + " " + menu));
  for (uint64_t page = 1; page < 5; ++page) {
    lines.push_back(Line(fmt::format("m{}", page), "m.example",
                         menu + "\nShare\n" + MakeLine(7010 + page, 50) + "\n\n" + menu + "\n"));
  }
  const std::string out = MakeFolder() + "/run";
  Strip(OptionsFor(WriteFolder(OneFile(lines))), out);
  std::map<std::string, std::vector<testing_crawl::BoilerplateLine>> copies;
  std::set<std::string> different;
  for (const std::string& json : Split(ReadFolder(out).at("boilerplate.jsonl"))) {
    const testing_crawl::BoilerplateLine line = testing_crawl::ReadBoilerplateLine(json);
    copies[line.first].push_back(line);
    EXPECT_TRUE(different.insert(json).second) << json;
  }
  std::set<std::string> ids;
  for (const auto& row : ReadRows(out, "removed.jsonl.zst")) {
    EXPECT_TRUE(row.verdict == "boilerplate" || row.verdict == "template") << row.verdict;
    EXPECT_TRUE(std::ranges::any_of(copies[row.witness],
                                    [&](const testing_crawl::BoilerplateLine& copy) {
                                      return std::ranges::all_of(copy.fixed, [&](const std::string& part) {
                                        return testing_crawl::Unescaped(row.raw).find(part) !=
                                               std::string::npos;
                                      });
                                    }))
        << row.id << " " << row.witness << " " << row.raw;
    ids.insert(row.id);
  }
  EXPECT_EQ(ids.size(), 23U) << "all pages of four sites, but for the one without furniture";
  EXPECT_FALSE(ids.contains("s0p9"));
  EXPECT_FALSE(ids.contains("s3p0")) << "a page alone";
}

// Twelve articles of a site, each naming four others below its text; what stands in front of each text is
// `byline` of its number.
std::vector<std::string> LinkedArticles(const std::function<std::string(uint64_t)>& byline) {
  constexpr uint64_t kArticles = 12;
  std::vector<std::string> texts;
  for (uint64_t page = 0; page < kArticles; ++page) {
    std::string& text = texts.emplace_back();
    text = MakeLine(900, 6) + "\n\n" + MakeLine(page, 7) + "\n" + byline(page) + "\n";
    text += MakeLine(100 + page, 60) + "\n\n" + MakeLine(200 + page, 60) + "\n\n" + MakeLine(901, 6) + "\n";
    for (uint64_t other = 1; other <= 4; ++other) text += MakeLine((page + other) % kArticles, 7) + "\n";
  }
  return texts;
}

std::map<std::string, std::string> OneSite(const std::vector<std::string>& texts) {
  std::vector<std::string> lines;
  for (const std::string& text : texts)
    lines.push_back(Line(fmt::format("p{}", lines.size()), "s.example", text));
  return OneFile(lines);
}

TEST(BoilerplateJob, AHeadlineStaysAboveItsTextAndGoesFromListsOfOthers) {
  BoilerplateOptions options = OptionsFor(WriteFolder(OneSite(
      LinkedArticles([](uint64_t page) { return fmt::format("Posted on {} June 2009", page + 1); }))));
  options.format = BoilerplateFormat::kText;
  const std::string shown = Show(options);
  std::string expected;
  for (uint64_t page = 0; page < 12; ++page) {
    if (page > 0) expected += "\f\n";
    expected +=
        MakeLine(page, 7) + "\n" + MakeLine(100 + page, 60) + "\n\n" + MakeLine(200 + page, 60) + "\n";
  }
  EXPECT_EQ(shown, expected);
}

// An article that a round-up shows whole stands on two pages of its site; what stands on all of them goes.
TEST(BoilerplateJob, AnArticleThatARoundUpShowsKeepsItsText) {
  const std::string frame = MakeLine(900, 8), notice = MakeLine(901, 40);
  std::vector<std::string> texts;
  for (uint64_t page = 0; page < 8; ++page) {
    texts.push_back(frame + "\n" + MakeLine(100 + page, 60) + "\n" + MakeLine(200 + page, 60) + "\n" +
                    notice + "\n");
  }
  std::string round_up = frame + "\n" + MakeLine(300, 60) + "\n";
  for (uint64_t page = 0; page < 3; ++page)
    round_up += MakeLine(100 + page, 60) + "\n" + MakeLine(200 + page, 60) + "\n";
  texts.push_back(round_up + notice + "\n");
  BoilerplateOptions options = OptionsFor(WriteFolder(OneSite(texts)));
  options.format = BoilerplateFormat::kText;
  const std::string shown = Show(options);
  for (uint64_t page = 0; page < 8; ++page) {
    EXPECT_NE(shown.find(MakeLine(100 + page, 60)), std::string::npos) << page << shown;
    EXPECT_NE(shown.find(MakeLine(200 + page, 60)), std::string::npos) << page << shown;
  }
  EXPECT_EQ(shown.find(frame), std::string::npos) << shown;
  EXPECT_EQ(shown.find(notice), std::string::npos) << shown;
}

// A template is not said to be on more pages than any of its fixed words, nor on far fewer than show all of
// them in their order (parts are sampled). And it is found under the page that its spans name.
TEST(BoilerplateJob, TemplatesSayOfHowManyPagesTheyAre) {
  const char* const names[] = {"Ada Bell", "Cyrus Dunne", "Edith Frost"};
  const std::vector<std::string> texts = LinkedArticles([&](uint64_t page) {
    return fmt::format("Words by our own reporter {} from {} for all readers of this paper on {} June",
                       names[page % 3], std::string(3, static_cast<char>('a' + page)), page + 1);
  });
  const std::string out = MakeFolder() + "/run";
  Strip(OptionsFor(WriteFolder(OneSite(texts))), out);
  std::set<std::string> firsts;
  for (const std::string& json : Split(ReadFolder(out).at("boilerplate.jsonl"))) {
    const testing_crawl::BoilerplateLine row = testing_crawl::ReadBoilerplateLine(json);
    firsts.insert(row.first);
    uint64_t shown = 0;
    for (const std::string& text : texts) {
      size_t at = 0;
      for (const std::string& fixed : row.fixed) {
        if (at != std::string::npos) at = text.find(fixed, at);
      }
      shown += at != std::string::npos;
    }
    EXPECT_GE(2 * row.pages, shown) << json;
    if (row.fixed.size() == 1) {
      EXPECT_EQ(row.pages, shown) << json;
    }
    for (const std::string& fixed : row.fixed) {
      std::istringstream words(fixed);
      for (std::string word; words >> word;) {
        const auto shows = [&](const std::string& text) { return text.find(word) != std::string::npos; };
        EXPECT_LE(row.pages, static_cast<uint64_t>(std::ranges::count_if(texts, shows))) << json << word;
      }
    }
  }
  for (const auto& row : ReadRows(out, "removed.jsonl.zst"))
    EXPECT_TRUE(firsts.contains(row.witness)) << row.raw;
}

TEST(BoilerplateJob, CommonTextGoesOnRequestOnly) {
  std::string all;
  const std::string licence =
      "Permission is hereby granted to any person who asks for it politely and in time";
  for (uint64_t p = 0; p < 12; ++p)
    all += Line(fmt::format("p{}", p), fmt::format("s{}.example", p), MakeLine(p, 70) + "\n" + licence);
  BoilerplateOptions options = OptionsFor(WriteFolder({{"a.jsonl", all}}));
  BoilerplateSummary summary;
  EXPECT_EQ(Show(options, &summary), "common to many sources\n      12  " + licence + "  (p0)\n");
  EXPECT_EQ(summary.common, 1U);
  options.format = BoilerplateFormat::kText;
  EXPECT_THAT(Show(options), HasSubstr(licence));
  options.cut_common = true;
  EXPECT_THAT(Show(options), Not(HasSubstr(licence)));
  options.format = BoilerplateFormat::kJson;
  EXPECT_THAT(Show(options), HasSubstr("\"common\":[]"));
  options.cut_common = false;
  EXPECT_THAT(Show(options), HasSubstr("\"cut\":[],\"common\":[["));
}

TEST(BoilerplateJob, AFolderInUseIsRefused) {
  BoilerplateOptions options = OptionsFor(WriteFolder({{"two.jsonl", kTwoPages}}));
  options.out = MakeFolder() + "/run";
  const auto write = [](std::string_view) { return absl::OkStatus(); };
  EXPECT_TRUE(RunBoilerplate(options, {}, write).ok());
  EXPECT_EQ(RunBoilerplate(options, {}, write).status().code(), absl::StatusCode::kFailedPrecondition);
  options.force = true;
  EXPECT_TRUE(RunBoilerplate(options, {}, write).ok());
  options.furniture.min_pages = 1;
  EXPECT_EQ(RunBoilerplate(options, {}, write).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace refrain
