#include "refrain/pipeline/copies.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/pipeline/crawl_testing.h"

namespace refrain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using testing_crawl::JsonString;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::ReadFolder;
using testing_crawl::ReadRows;
using testing_crawl::ResultBytes;
using testing_crawl::Row;
using testing_crawl::WriteCompressedFolder;
using testing_crawl::WriteFolder;

struct Page {
  std::string id, source, date, text;
};

std::string Line(const Page& page) {
  std::string line = "{\"id\": " + JsonString(page.id) + ", \"text\": " + JsonString(page.text);
  if (!page.source.empty()) line += ", \"source\": " + JsonString(page.source);
  if (!page.date.empty()) line += ", \"date\": " + JsonString(page.date);
  return line + "}\n";
}

std::string Lines(const std::vector<Page>& pages) {
  std::string lines;
  for (const Page& page : pages) lines += Line(page);
  return lines;
}

CopiesOptions OptionsFor(const std::string& input) {
  CopiesOptions options;
  options.corpus.inputs = {input};
  options.corpus.threads = 2;
  options.corpus.tmpdir = MakeFolder();
  options.out = MakeFolder() + "/out";
  return options;
}

CopiesSummary MustRun(const CopiesOptions& options) {
  absl::StatusOr<CopiesSummary> summary = FindCopies(options, {});
  EXPECT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(ReadFolder(options.corpus.tmpdir), IsEmpty()) << "temporary files stay behind";
  return summary.ok() ? *std::move(summary) : CopiesSummary();
}

// "a b" of each row, smaller id first, and its verdict.
std::map<std::string, std::string> Verdicts(const std::string& out) {
  std::map<std::string, std::string> verdicts;
  for (const Row& row : ReadRows(out, "matches.jsonl.zst")) {
    const bool inserted =
        verdicts.emplace(std::min(row.a, row.b) + " " + std::max(row.a, row.b), row.verdict).second;
    EXPECT_TRUE(inserted) << "a pair is listed twice: " << row.a << " " << row.b;
    EXPECT_NE(row.a, row.b);
  }
  return verdicts;
}

// A site's pages: a menu, a story of its own, a foot.
std::string Framed(const std::string& site, const std::string& story) {
  return MakeLine(std::hash<std::string>()(site), 12) + "\n" + story + "\n" +
         MakeLine(std::hash<std::string>()(site) + 1, 25) + "\n";
}

std::string Story(uint64_t seed, int paragraphs) {
  std::string text;
  for (int i = 0; i < paragraphs; ++i) text += MakeLine(seed * 100 + static_cast<uint64_t>(i), 40) + "\n";
  return text;
}

std::vector<Page> Sites() {
  std::vector<Page> pages;
  for (const std::string site : {"one.example", "two.example", "three.example"}) {
    for (int i = 0; i < 4; ++i) {
      pages.push_back({.id = site.substr(0, site.find('.')) + std::to_string(i),
                       .source = site,
                       .date = "2020-01-0" + std::to_string(i + 1),
                       .text = Framed(site, Story(std::hash<std::string>()(site) % 1000 + 10 * i, 6))});
    }
  }
  return pages;
}

TEST(Copies, FurnitureIsNoReasonUnlessItIsKept) {
  const std::string input = WriteFolder({{"pages.jsonl", Lines(Sites())}});
  CopiesOptions options = OptionsFor(input);
  const CopiesSummary summary = MustRun(options);
  EXPECT_EQ(summary.pages, 12u);
  EXPECT_EQ(summary.sources, 3u);
  EXPECT_GT(summary.left_out_bytes, 0u);
  EXPECT_THAT(Verdicts(options.out), IsEmpty());
  options = OptionsFor(input);
  options.discount_furniture = false;
  MustRun(options);
  EXPECT_FALSE(Verdicts(options.out).empty());
}

TEST(Copies, VerdictsFollowFromWhatMainTextsShare) {
  std::vector<Page> pages = Sites();
  const std::string story = Story(7, 9);
  pages.push_back({"origin", "one.example", "2020-02-01", Framed("one.example", story)});
  pages.push_back({"mirror", "two.example", "2020-02-02", Framed("two.example", story)});
  // The same and as much of its own behind it.
  pages.push_back({"copy", "three.example", "2020-02-03", Framed("three.example", story + Story(8, 9))});
  // The last two paragraphs are others.
  std::string version, excerpt = Story(9, 8), quote = Story(10, 8);
  size_t at = 0;
  for (int i = 0; i < 9; ++i) {
    const size_t end = story.find('\n', at) + 1;
    version += i >= 7 ? MakeLine(5000 + static_cast<uint64_t>(i), 40) + "\n" : story.substr(at, end - at);
    if (i < 3) excerpt += story.substr(at, end - at);
    if (i == 5) quote += story.substr(at, end - at);
    at = end;
  }
  pages.push_back({"version", "four.example", "2020-02-04", version});
  pages.push_back({"excerpt", "five.example", "2020-02-05", excerpt});
  pages.push_back({"quote", "six.example", "2020-02-06", quote});
  const std::string input = WriteFolder({{"pages.jsonl", Lines(pages)}});
  const CopiesOptions options = OptionsFor(input);
  const CopiesSummary summary = MustRun(options);
  const auto verdicts = Verdicts(options.out);
  EXPECT_EQ(verdicts.at("mirror origin"), "mirror");
  EXPECT_EQ(verdicts.at("copy origin"), "copy");
  EXPECT_EQ(verdicts.at("origin version"), "version");
  EXPECT_EQ(verdicts.at("excerpt origin"), "excerpt");
  EXPECT_EQ(verdicts.at("origin quote"), "quote");
  EXPECT_FALSE(verdicts.contains("one0 origin"));
  EXPECT_EQ(summary.stories, 1u);
  EXPECT_EQ(summary.story_pages, 4u);
}

// What a site did not write itself it has from the other; of pages whose furniture is in their text, or of
// one source, nobody knows.
TEST(Copies, LessOfAStoryIsAVersionWhereSourcesAreKnown) {
  const std::string told = Story(7, 4);
  const std::string one = told + Story(50, 3), other = told + Story(60, 3);
  const auto verdict = [&](const std::string& source, const std::string& of_other, bool discount) {
    const std::string input = WriteFolder(
        {{"pages.jsonl", Lines({{"a", source, "2020-02-01", one}, {"b", of_other, "2020-02-02", other}})}});
    CopiesOptions options = OptionsFor(input);
    options.discount_furniture = discount;
    const CopiesSummary summary = MustRun(options);
    const std::string found = Verdicts(options.out)["a b"];
    EXPECT_EQ(summary.stories, found == "version" ? 1u : 0u);
    return found;
  };
  EXPECT_EQ(verdict("one.example", "two.example", true), "version");
  EXPECT_EQ(verdict("one.example", "one.example", true), "excerpt");
  EXPECT_EQ(verdict("one.example", "", true), "excerpt");
  EXPECT_EQ(verdict("", "", true), "excerpt");
  EXPECT_EQ(verdict("one.example", "two.example", false), "excerpt");
}

// Two papers print the agency's rates of two days, and of one day, edited.
TEST(Copies, AReportWithOtherNumbersIsNoVersion) {
  const auto report = [](const std::string& verb, const std::vector<int>& numbers) {
    std::string text = "Rates of the day\n";
    for (size_t i = 0; i < numbers.size(); ++i) {
      text += "In the market of " + MakeLine(70 + i, 6) + " the price of a tonne " + verb + " to " +
              std::to_string(numbers[i]) + " crowns, after " + MakeLine(90 + i, 8) + ".\n";
    }
    return text;
  };
  const auto verdict = [&](const std::string& one, const std::string& other, const std::string& source) {
    const std::string input =
        WriteFolder({{"pages.jsonl",
                      Lines({{"a", "one.example", "2020-02-01", one}, {"b", source, "2020-02-02", other}})}});
    const CopiesOptions options = OptionsFor(input);
    MustRun(options);
    return Verdicts(options.out)["a b"];
  };
  const std::vector<int> today = {4120, 3980, 4455, 5210, 6105}, tomorrow = {4131, 3975, 4460, 5198, 6110};
  for (const std::string source : {"one.example", "two.example"}) {
    EXPECT_EQ(verdict(report("rose", today), report("rose", tomorrow), source), "excerpt");
    EXPECT_NE(verdict(report("rose", today), report("went", today), source), "excerpt");
  }
  // Two numbers tell nothing; nor do numbers of pages from anywhere.
  EXPECT_NE(verdict(report("rose", {4120, 3980}), report("rose", {4131, 3975}), "two.example"), "excerpt");
  EXPECT_NE(verdict(report("rose", today), report("rose", tomorrow), ""), "excerpt");
}

struct Member {
  std::string id, role, source, agency;
  bool same_source = false;
  std::vector<std::pair<uint64_t, uint64_t>> added, cut;
  size_t changed = 0;
};
struct ReadStory {
  std::string origin, because;
  double confidence = 0;
  uint64_t publishers = 0;
  std::vector<Member> members;
};

std::vector<ReadStory> ReadStories(const std::string& out) {
  std::vector<ReadStory> stories;
  const std::string bytes = ReadFolder(out)["stories.jsonl"];
  simdjson::dom::parser parser;
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t end = bytes.find('\n', at);
    const simdjson::dom::element row = parser.parse(bytes.substr(at, end - at));
    ReadStory& story = stories.emplace_back();
    story.origin = std::string(row["origin"].get_string().value());
    story.because = std::string(row["because"].get_string().value());
    story.confidence = row["confidence"].get_double().value();
    story.publishers = row["publishers"].get_uint64().value();
    for (const simdjson::dom::element one : row["members"].get_array()) {
      Member& member = story.members.emplace_back();
      member.id = std::string(one["id"].get_string().value());
      member.role = std::string(one["role"].get_string().value());
      if (!one["source"].is_null()) member.source = std::string(one["source"].get_string().value());
      if (!one["agency"].is_null()) member.agency = std::string(one["agency"].get_string().value());
      member.same_source = one["same_source"].get_bool().value();
      for (const auto& [name, spans] : {std::pair{"added", &member.added}, {"cut", &member.cut}}) {
        for (const simdjson::dom::element span : one[name].get_array())
          spans->emplace_back(span.at(0).get_uint64().value(), span.at(1).get_uint64().value());
      }
      member.changed = one["changed"].get_array().size();
    }
    at = end + 1;
  }
  return stories;
}

TEST(Copies, AStoryIsToldAroundTheFirstByDateWithWhatOthersChanged) {
  std::vector<Page> pages = Sites();
  const std::string lead = MakeLine(900, 40), middle = MakeLine(901, 40), end = MakeLine(902, 40),
                    more = MakeLine(903, 30), note = MakeLine(904, 20);
  // The origin is neither the first in the file nor the longest.
  pages.push_back({"later", "two.example", "2020-03-02",
                   Framed("two.example", lead + "\n" + middle + "\n" + end + "\n" + more + "\n")});
  pages.push_back({"first", "one.example", "2020-03-01",
                   Framed("one.example", lead + "\n" + middle + "\n" + end + "\n")});
  pages.push_back({"short", "three.example", "2020-03-03T10:00:00Z",
                   Framed("three.example", lead + "\n" + middle + "\n" + note + "\n")});
  pages.push_back({"again", "one.example", "2020-03-04",
                   Framed("one.example", lead + "\n" + middle + "\n" + end + "\n")});
  const std::string input = WriteFolder({{"pages.jsonl", Lines(pages)}});
  CopiesOptions options = OptionsFor(input);
  MustRun(options);
  const auto stories = ReadStories(options.out);
  ASSERT_EQ(stories.size(), 1u);
  const ReadStory& story = stories.front();
  EXPECT_EQ(story.origin, "first");
  EXPECT_EQ(story.because, "date");
  EXPECT_GT(story.confidence, 0.5);
  EXPECT_EQ(story.publishers, 3u) << "two pages of one source are one publisher";
  std::map<std::string, Member> members;
  for (const Member& member : story.members) members[member.id] = member;
  ASSERT_TRUE(members.contains("later"));
  ASSERT_TRUE(members.contains("again"));
  EXPECT_EQ(members["first"].role, "origin");
  EXPECT_TRUE(members["again"].same_source);
  EXPECT_FALSE(members["later"].same_source);
  ASSERT_EQ(members["later"].added.size(), 1u);
  const std::string& text = pages[12].text;
  const auto [from, to] = members["later"].added.front();
  EXPECT_EQ(text.substr(from, to - from), more.substr(0, more.find_last_not_of(" .,") + 1));
  EXPECT_THAT(members["later"].cut, IsEmpty());
  EXPECT_EQ(members["later"].changed, 0u);
  EXPECT_THAT(ReadFolder(options.out)["sources.csv"], HasSubstr("one.example,two.example,1\r\n"));
}

// News in brief, first by date: what it contains are stories of their own, and it is in one of them.
TEST(Copies, ARoundUpFoundsNoStory) {
  const auto article = [](uint64_t number) { return Story(600 + number, 3); };
  const std::string brief = article(0) + "\n" + article(1) + "\n" + article(2) + "\n";
  std::vector<Page> pages{{"brief", "daily.example", "2020-02-01T06:00:00Z", brief}};
  for (uint64_t i = 0; i < 3; ++i) {
    const std::string day = "2020-02-02T0" + std::to_string(i);
    pages.push_back({"one" + std::to_string(i), "one.example", day + ":10:00Z", article(i)});
    pages.push_back(
        {"two" + std::to_string(i), "two.example", day + ":20:00Z", article(i) + MakeLine(i, 12)});
  }
  const CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
  MustRun(options);
  const auto stories = ReadStories(options.out);
  ASSERT_EQ(stories.size(), 3u);
  size_t members = 0;
  for (const ReadStory& story : stories) {
    EXPECT_THAT(story.origin, HasSubstr("one"));
    EXPECT_EQ(story.because, "date") << "a round-up is no origin";
    members += story.members.size();
  }
  EXPECT_EQ(members, 7u) << "each page once";
}

TEST(Copies, NorDoesAMirrorOfARoundUp) {
  const auto article = [](uint64_t number) { return Story(600 + number, 3); };
  const std::string brief = article(0) + "\n" + article(1) + "\n" + article(2) + "\n";
  std::vector<Page> pages{{"brief", "daily.example", "2020-02-01T06:00:00Z", brief},
                          {"mirror", "late.example", "2020-02-01T06:30:00Z", brief}};
  for (uint64_t i = 0; i < 3; ++i) {
    const std::string day = "2020-02-02T0" + std::to_string(i);
    pages.push_back({"one" + std::to_string(i), "one.example", day + ":10:00Z", article(i)});
    pages.push_back({"two" + std::to_string(i), "two.example", day + ":20:00Z", article(i)});
  }
  for (const bool all_pairs : {false, true}) {
    CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
    options.all_pairs = all_pairs;
    MustRun(options);
    std::multiset<std::string> ids;
    for (const ReadStory& story : ReadStories(options.out)) {
      EXPECT_THAT(story.origin, HasSubstr("one"));
      for (const Member& member : story.members) ids.insert(member.id);
    }
    EXPECT_EQ(ids.size(), 8u);
    for (const Page& page : pages) EXPECT_EQ(ids.count(page.id), 1u) << page.id;
  }
}

// One page of which others show parts is their origin: from its beginning on, one of them without the middle,
// or on several pages of one source.
TEST(Copies, WhatOthersCutShortIsNoRoundUp) {
  std::vector<std::string> parts;
  for (uint64_t i = 0; i < 10; ++i) parts.push_back(MakeLine(700 + i, 40) + "\n");
  const auto text = [&](const std::vector<size_t>& which) {
    std::string joined;
    for (const size_t i : which) joined += parts[i];
    return joined;
  };
  const Page whole{"whole", "one.example", "2020-02-01T06:00:00Z", text({0, 1, 2, 3, 4, 5, 6, 7, 8, 9})};
  const std::vector<std::vector<Page>> all = {
      {whole,
       {"third", "two.example", "2020-02-01T07:00:00Z", text({0, 1, 2})},
       {"less", "three.example", "2020-02-01T08:00:00Z", text({0, 1, 2, 3})}},
      {whole,
       {"short", "two.example", "2020-02-01T07:00:00Z", text({0, 1, 2})},
       {"other", "three.example", "2020-02-01T08:00:00Z", text({0, 4, 5, 6})}},
      {whole,
       {"page 1", "two.example", "2020-02-01T07:00:00Z", text({0, 1, 2, 3})},
       {"page 2", "two.example", "2020-02-01T07:00:00Z", text({4, 5, 6})},
       {"page 3", "two.example", "2020-02-01T07:00:00Z", text({7, 8, 9})}}};
  for (const std::vector<Page>& pages : all) {
    const CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
    MustRun(options);
    const auto stories = ReadStories(options.out);
    ASSERT_EQ(stories.size(), 1u);
    EXPECT_EQ(stories.front().origin, "whole");
    EXPECT_EQ(stories.front().members.size(), pages.size());
  }
}

TEST(Copies, ADayWithoutATimeIsNoProofOfBeingFirst) {
  const auto origin = [](const std::vector<Page>& pages) {
    const CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
    MustRun(options);
    const auto stories = ReadStories(options.out);
    EXPECT_EQ(stories.size(), 1u);
    return stories.empty() ? ReadStory() : stories.front();
  };
  const std::string text = Story(800, 4), more = text + MakeLine(801, 14);
  const ReadStory timed = origin({{"day", "one.example", "2020-02-01", more},
                                  {"timed", "two.example", "2020-02-01T03:22:00Z", text},
                                  {"later", "three.example", "2020-02-02", text}});
  EXPECT_EQ(timed.origin, "timed");
  EXPECT_EQ(timed.because, "order");
  EXPECT_EQ(timed.confidence, 0.5) << "two may have been first";
  for (const std::string date : {"2020-02-01", ""}) {
    const ReadStory agency =
        origin({{"wire", "www.reuters.com", date, text},
                {"reprint", "one.example", "2020-02-01T09:00:00Z", "LONDON (Reuters) - " + more}});
    EXPECT_EQ(agency.origin, "wire") << date;
    EXPECT_EQ(agency.because, "agency");
  }
}

TEST(Copies, NoStoryIsAChain) {
  // Each shares two thirds with the next, and little with the one behind that.
  std::vector<Page> pages;
  for (int i = 0; i < 12; ++i) {
    std::string text;
    for (int k = 0; k < 12; ++k) text += MakeLine(static_cast<uint64_t>(i * 2 + k), 30) + "\n";
    pages.push_back({.id = "p" + std::to_string(i), .source = "", .date = "", .text = text});
  }
  const std::string input = WriteFolder({{"pages.jsonl", Lines(pages)}});
  const CopiesOptions options = OptionsFor(input);
  MustRun(options);
  std::map<std::string, std::string> verdicts = Verdicts(options.out);
  const auto stories = ReadStories(options.out);
  EXPECT_GT(stories.size(), 1u);
  std::set<std::string> in_stories;
  for (const ReadStory& story : stories) {
    for (const Member& member : story.members) {
      EXPECT_TRUE(in_stories.insert(member.id).second) << "a page is in one story";
      if (member.id == story.origin) continue;
      const std::string pair = std::min(member.id, story.origin) + " " + std::max(member.id, story.origin);
      ASSERT_TRUE(verdicts.contains(pair));
      EXPECT_THAT((std::vector<std::string>{"mirror", "copy", "version"}),
                  ::testing::Contains(verdicts[pair]));
    }
  }
}

std::vector<Page> Mixed() {
  std::vector<Page> pages = Sites();
  for (int i = 0; i < 30; ++i) {
    const std::string story = Story(static_cast<uint64_t>(300 + i % 9), 5);
    const std::string site = i % 2 == 0 ? "one.example" : "two.example";
    pages.push_back(
        {.id = "m" + std::to_string(i),
         .source = i % 5 == 0 ? "" : site,
         .date = i % 3 == 0 ? "" : "2021-01-" + std::to_string(10 + i % 11),
         .text = i % 7 == 0 ? story : Framed(site, story + MakeLine(static_cast<uint64_t>(i), 15))});
  }
  pages.push_back({"same", "", "", "one text at many places, and not much of it"});
  pages.push_back({"same2", "", "", "One text at many places; and not much of it."});
  pages.push_back({"empty", "one.example", "", ""});
  return pages;
}

TEST(Copies, NeitherThreadsNorMemoryNorOrderChangeAByte) {
  std::vector<Page> pages = Mixed();
  CopiesOptions options = OptionsFor(WriteFolder({{"a.jsonl", Lines(pages)}}));
  options.all_pairs = true;
  MustRun(options);
  const auto expected = ResultBytes(options.out);
  ASSERT_FALSE(ReadRows(options.out, "matches.jsonl.zst").empty());
  ASSERT_FALSE(ReadStories(options.out).empty());
  for (const int threads : {1, 7}) {
    CopiesOptions other = options;
    other.out = MakeFolder() + "/out";
    other.corpus.threads = threads;
    MustRun(other);
    EXPECT_EQ(ResultBytes(other.out), expected) << threads << " threads";
  }
  CopiesOptions little = options;
  little.out = MakeFolder() + "/out";
  little.memory = 12 << 20;
  MustRun(little);
  EXPECT_EQ(ResultBytes(little.out), expected);

  std::reverse(pages.begin(), pages.end());
  for (const bool split : {false, true}) {
    std::map<std::string, std::string> files{{"a.jsonl", Lines(pages)}};
    if (split) {
      files.clear();
      for (size_t i = 0; i < pages.size(); ++i) files[std::to_string(i % 7) + ".jsonl"] += Line(pages[i]);
    }
    for (const bool compressed : {false, true}) {
      CopiesOptions other = options;
      other.out = MakeFolder() + "/out";
      other.corpus.inputs = {compressed ? WriteCompressedFolder(files) : WriteFolder(files)};
      MustRun(other);
      EXPECT_EQ(ResultBytes(other.out), expected) << "split " << split << ", compressed " << compressed;
    }
  }
}

TEST(Copies, EqualPagesAreListedWithTheFirstOrEachWithEach) {
  std::vector<Page> pages;
  for (int i = 0; i < 4; ++i) pages.push_back({"e" + std::to_string(i), "", "", Story(1, 3)});
  pages.push_back({"near", "", "", Story(1, 3) + MakeLine(77, 10)});
  CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
  MustRun(options);
  EXPECT_EQ(Verdicts(options.out).size(), 4u);  // three with the first, and "near" with the first
  options = OptionsFor(options.corpus.inputs.front());
  options.all_pairs = true;
  MustRun(options);
  EXPECT_EQ(Verdicts(options.out).size(), 10u);
}

// They are compared without a look at the second one's words: only where these stand is read.
TEST(Copies, EqualPagesShareAllOfTheirMainTextWhereverItStands) {
  std::string text = Story(5, 4), spread = "***\n\n";
  for (const char letter : text) spread += letter == ' ' ? std::string(" -  ") : std::string(1, letter);
  CopiesOptions options =
      OptionsFor(WriteFolder({{"pages.jsonl", Lines({{"a", "one.example", "2020-01-01", text},
                                                     {"b", "two.example", "2020-01-02", spread + "!"}})}}));
  MustRun(options);
  const std::vector<Row> rows = ReadRows(options.out, "matches.jsonl.zst");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.front().verdict, "mirror");
  const std::string path = options.out + "/matches.jsonl.zst";
  auto reader =
      OpenRecords({.path = path, .name = "matches", .size = std::filesystem::file_size(path)}, 0, {});
  RecordBatch batch;
  ASSERT_TRUE(reader.ok() && (*reader)->Next(&batch).ok() && !batch.records.empty());
  simdjson::dom::parser parser;
  const simdjson::dom::element row = parser.parse(simdjson::padded_string(batch.records.front().bytes));
  const simdjson::dom::array spans = row["spans"].get_array();
  ASSERT_EQ(spans.size(), 1u);
  const auto edge = [&](size_t i) { return spans.at(0).at(i).get_uint64().value(); };
  constexpr const char* kNoWord = " .,-*!\n";
  EXPECT_EQ(edge(0), text.find_first_not_of(kNoWord));
  EXPECT_EQ(edge(1), text.find_last_not_of(kNoWord) + 1);
  EXPECT_EQ(edge(2), spread.find_first_not_of(kNoWord));
  EXPECT_EQ(edge(3), spread.find_last_not_of(kNoWord) + 1);
  const auto stories = ReadStories(options.out);
  ASSERT_EQ(stories.size(), 1u);
  const Member& member = stories.front().members.back();
  EXPECT_EQ(member.id, "b");
  EXPECT_THAT(member.added, IsEmpty());
  EXPECT_THAT(member.cut, IsEmpty());
  EXPECT_EQ(member.changed, 0u);
}

TEST(Copies, EqualPagesShareTheirStoryWhateverFrameItStandsIn) {
  std::vector<Page> pages = Sites();
  const std::string story = Story(7, 9);
  std::map<std::string, std::string> texts;
  for (const std::string site : {"one", "two", "three"}) {
    texts[site] = Framed(site + ".example", story);
    pages.push_back({site, site + ".example", "2020-02-01", texts[site]});
  }
  CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
  MustRun(options);
  const std::string path = options.out + "/matches.jsonl.zst";
  auto reader =
      OpenRecords({.path = path, .name = "matches", .size = std::filesystem::file_size(path)}, 0, {});
  RecordBatch batch;
  ASSERT_TRUE(reader.ok() && (*reader)->Next(&batch).ok());
  ASSERT_EQ(batch.records.size(), 2u) << "each with the first";
  constexpr const char* kNoWord = " .,-\n";
  const size_t first = story.find_first_not_of(kNoWord), last = story.find_last_not_of(kNoWord) + 1;
  simdjson::dom::parser parser;
  for (const Record& record : batch.records) {
    const simdjson::dom::element row = parser.parse(simdjson::padded_string(record.bytes));
    const simdjson::dom::array spans = row["spans"].get_array();
    ASSERT_EQ(spans.size(), 1u);
    for (const size_t side : {0, 1}) {
      const std::string& text = texts.at(std::string(row[side == 0 ? "a" : "b"].get_string().value()));
      const uint64_t begin = spans.at(0).at(2 * side).get_uint64().value();
      const uint64_t end = spans.at(0).at(2 * side + 1).get_uint64().value();
      EXPECT_EQ(text.substr(begin, end - begin), story.substr(first, last - first));
    }
  }
}

TEST(Copies, OfAsksForCopiesOfThesePagesOnly) {
  std::vector<Page> theirs = Sites();
  theirs.push_back({"thief", "two.example", "2020-05-01", Framed("two.example", Story(7, 8))});
  theirs.push_back({"pair1", "one.example", "2020-05-01", Framed("one.example", Story(8, 8))});
  theirs.push_back({"pair2", "two.example", "2020-05-01", Framed("two.example", Story(8, 8))});
  const std::string mine =
      WriteFolder({{"mine.jsonl", Lines({{"my1", "me.example", "2020-04-01", Story(7, 8)},
                                         {"my2", "me.example", "2020-04-02", Story(7, 8) + MakeLine(1, 5)},
                                         {"my3", "me.example", "2020-04-03", Story(70, 8)}})}});
  CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(theirs)}}));
  options.of = mine + "/mine.jsonl";
  const CopiesSummary summary = MustRun(options);
  EXPECT_EQ(summary.asked, 3u);
  EXPECT_EQ(summary.found, 2u);
  EXPECT_EQ(summary.found_part, 0u);
  std::set<std::string> pairs;
  for (const auto& [pair, verdict] : Verdicts(options.out)) pairs.insert(pair);
  EXPECT_THAT(pairs, UnorderedElementsAre("my1 thief", "my2 thief"));
  const auto stories = ReadStories(options.out);
  ASSERT_EQ(stories.size(), 1u);
  EXPECT_EQ(stories.front().origin, "my1");
}

TEST(Copies, APageIsNoCopyOfItself) {
  const std::string input = WriteFolder({{"pages.jsonl", Lines({{"one", "", "", Story(7, 8)},
                                                                {"two", "", "", Story(7, 8)},
                                                                {"three", "", "", Story(9, 8)}})}});
  CopiesOptions options = OptionsFor(input);
  options.of = input;
  MustRun(options);
  size_t rows = 0;
  for (const Row& row : ReadRows(options.out, "matches.jsonl.zst")) {
    ++rows;
    EXPECT_NE(row.a.substr(0, 3), row.b.substr(0, 3));
  }
  EXPECT_EQ(rows, 2u);
}

TEST(Copies, AnAgencysMarkIsRead) {
  std::vector<Page> pages;
  const std::string story = Story(7, 8);
  pages.push_back({"paper", "paper.example", "", "LONDON (Reuters) - " + story + Story(8, 1)});
  pages.push_back({"agency", "www.reuters.com", "", "LONDON (Reuters) - " + story});
  CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(pages)}}));
  MustRun(options);
  const auto stories = ReadStories(options.out);
  ASSERT_EQ(stories.size(), 1u);
  EXPECT_EQ(stories.front().origin, "agency") << "though the paper has more";
  EXPECT_EQ(stories.front().because, "agency");
  EXPECT_EQ(stories.front().members[1].agency, "Reuters");
}

TEST(Copies, MisreadLettersHideLittleWhereTheyAreExpected) {
  const std::string story = Story(7, 8);
  std::string misread = story;
  std::mt19937_64 random(5);
  for (char& c : misread) {
    if (c >= 'a' && c <= 'z' && random() % 25 == 0) c = c == 'e' ? 'c' : 'e';
  }
  const std::string input =
      WriteFolder({{"pages.jsonl", Lines({{"clear", "", "", story}, {"misread", "", "", misread}})}});
  CopiesOptions options = OptionsFor(input);
  options.noise = Noise::kOcr;
  MustRun(options);
  const auto verdicts = Verdicts(options.out);
  ASSERT_TRUE(verdicts.contains("clear misread"));
  EXPECT_THAT((std::vector<std::string>{"mirror", "copy", "version"}),
              ::testing::Contains(verdicts.at("clear misread")));
}

TEST(Copies, WrongOptionsAndNothingToReadAreErrors) {
  CopiesOptions options = OptionsFor(WriteFolder({{"pages.jsonl", Lines(Sites())}}));
  options.thresholds.containment = 0;
  EXPECT_THAT(std::string(FindCopies(options, {}).status().message()), HasSubstr("containment"));
  options = OptionsFor(MakeFolder() + "/nothing");
  EXPECT_FALSE(FindCopies(options, {}).ok());
  EXPECT_FALSE(std::filesystem::exists(options.out));
}

}  // namespace
}  // namespace refrain
