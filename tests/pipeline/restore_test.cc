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
using testing_crawl::Crawl;
using testing_crawl::Files;
using testing_crawl::JsonLine;
using testing_crawl::JsonString;
using testing_crawl::MakeCrawl;
using testing_crawl::MakeFolder;
using testing_crawl::MakeLine;
using testing_crawl::OptionsFor;
using testing_crawl::ReadFolder;
using testing_crawl::ThereAndBack;
using testing_crawl::WriteFolder;

Files WithoutHtml(Files files) {
  std::erase_if(files, [](const auto& file) { return file.first.find(".html") != std::string::npos; });
  return files;
}

TEST(Restore, GivesEveryFileBackByteForByte) {
  const Crawl crawl = MakeCrawl();
  const std::string input = WriteFolder(crawl.files);
  for (const bool pages : {true, false}) {
    for (const bool passages : {true, false}) {
      if (!pages && !passages) continue;
      for (const bool unique : {false, true}) {
        DedupOptions options = OptionsFor(input);
        options.pages = pages;
        options.passages = passages;
        options.keep_unique = unique;
        RestoreSummary counts;
        const Files back = ThereAndBack(options, &counts);
        EXPECT_EQ(WithoutHtml(back), WithoutHtml(crawl.files)) << pages << passages << unique;
        EXPECT_EQ(counts.files, crawl.files.size());
        EXPECT_GE(counts.records_put_back, 1u) << "the broken line at least";
        EXPECT_GE(counts.spans_put_back, 11u);
      }
    }
  }
}

TEST(Restore, BringsBackATextFileThatWent) {
  const std::string text = MakeLine(3, 200) + "\n";
  const Files files = {{"a.txt", text + MakeLine(4, 9) + "\n"}, {"b.txt", text}, {"c.txt", text}};
  const DedupOptions options = OptionsFor(WriteFolder(files));
  EXPECT_EQ(ThereAndBack(options), files);
  const Files clean = ReadFolder(options.out + "/clean");
  EXPECT_EQ(clean.size(), 1u) << "no empty files stay behind";
  EXPECT_TRUE(clean.contains("a.txt"));
}

TEST(Restore, GivesHtmlBackAsALineOfItsText) {
  const Crawl crawl = MakeCrawl();
  const Files back = ThereAndBack(OptionsFor(WriteFolder(crawl.files)));
  ASSERT_TRUE(back.contains("f.html.jsonl"));
  const std::string& line = back.at("f.html.jsonl");
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr("\"text\":"));
}

TEST(Restore, DoesNotMindHowTheRunWasCutIntoBatches) {
  const Crawl crawl = MakeCrawl();
  for (const uint64_t bytes : {1u, 700u, 30000u}) {
    DedupOptions options = OptionsFor(WriteFolder(crawl.files));
    options.corpus.reader.batch_bytes = bytes;
    options.corpus.threads = 3;
    EXPECT_EQ(WithoutHtml(ThereAndBack(options)), WithoutHtml(crawl.files)) << bytes;
  }
}

TEST(Restore, PutsRecordsBackAroundOversizedAndBlankAndBrokenOnes) {
  const std::string page = MakeLine(1, 100), big = JsonLine("big", MakeLine(2, 4000)) + "\n";
  const std::string copy = JsonLine("copy", page) + "\n", broken = "{\"text\":\n", blank = "\r\n";
  ASSERT_GT(big.size(), testing_crawl::kMaxRecord);
  const std::vector<std::string> parts = {copy, big, broken, blank};
  // Every order of three of them, in front of the page that makes the copies go.
  for (const std::string& one : parts) {
    for (const std::string& two : parts) {
      for (const std::string& three : parts) {
        const Files files = {
            {"a.jsonl", one + two + three + JsonLine("a", page + "!") + "\n" + three + two + one}};
        EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files))), files);
      }
    }
  }
}

// A large page of HTML cannot go through as it is, in a folder of lines; a large video is no page.
TEST(Restore, SaysThatAPageWasTooLargeToBeExtracted) {
  const auto record = [](const std::string& type, const std::string& body) {
    const std::string block = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + body;
    return "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:a>\r\nContent-Type: application/http\r\n"
           "Content-Length: " +
           std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
  };
  const std::string small = "<p>" + MakeLine(1, 40), large = "<p>" + MakeLine(2, 4000);
  const Files files = {{"a.warc", record("text/html", small) + record("text/html", large)},
                       {"b.warc", record("text/html", small) + record("video/mp4", large)},
                       {"c.html", large}};
  for (const uint64_t batch : {uint64_t{100}, uint64_t{1} << 20}) {
    DedupOptions options = OptionsFor(WriteFolder(files));
    options.corpus.reader.batch_bytes = batch;
    const auto run = Dedup(options, {});
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->damage.oversized, 2u);
    std::vector<std::string> said;
    const auto summary = Restore({.run = options.out, .out = MakeFolder()},
                                 {.warn = [&](const std::string& line) { said.push_back(line); }});
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->lost.places, 2u) << batch;
    EXPECT_THAT(said,
                ::testing::UnorderedElementsAre(HasSubstr("a.warc: a place"), HasSubstr("c.html: a place")));
  }
}

TEST(Restore, KeepsFoldersAndEmptyFiles) {
  const Files files = {{"deep/er/a.jsonl", JsonLine("1", MakeLine(1, 50)) + "\n"},
                       {"deep/b.txt", MakeLine(1, 50)},
                       {"empty.jsonl", ""},
                       {"empty.txt", ""},
                       {"newline.jsonl", "\n"}};
  EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files))), files);
}

// What went wrong: nothing was ever cut here, as the bytes that are no text stood inside the repeat's line.
TEST(Restore, KeepsTextThatIsNotUtf8) {
  const std::string once = MakeLine(5, 40);
  const Files files = {{"a.txt", "abc \xff\xfe\n" + once + " \xfe\n\xc3\x28\x80\n" + once + "\n\xff"}};
  RestoreSummary counts;
  EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files)), &counts), files);
  EXPECT_EQ(counts.spans_put_back, 1u);
}

// What went wrong: clean output knew LF and CR only, so that a passage took the unique lines beside it along,
// and a repeat beside a passage became a cut that ends before it begins.
TEST(Restore, PutsPassagesBackWhateverEndsTheirLines) {
  const std::string shared = MakeLine(1, 40), once = MakeLine(2, 40), own = MakeLine(3, 30),
                    more = MakeLine(4, 60);
  for (const std::string end : {"\f", "\v", "\u0085", "\u2028", "\u2029", "\r\n", "\r", "\n"}) {
    const Files files = {{"a.txt", shared + end + once + end + own + end + once + end + more},
                         {"b.txt", shared + end + MakeLine(5, 90) + end}};
    for (const bool unique : {false, true}) {
      DedupOptions options = OptionsFor(WriteFolder(files));
      options.passages = true;
      options.keep_unique = unique;
      RestoreSummary counts;
      EXPECT_EQ(ThereAndBack(options, &counts), files);
      EXPECT_EQ(counts.spans_put_back, 2u) << "the repeat and the shared line";
      const Files clean = ReadFolder(options.out + "/clean");
      std::string all;
      for (const auto& [name, bytes] : clean) all += bytes;
      for (const std::string& line : {shared, once, own, more}) EXPECT_THAT(all, HasSubstr(line)) << end;
    }
  }
}

TEST(Restore, KeepUniqueKeepsTheParagraphWhateverEndsIt) {
  const std::string text = MakeLine(1, 300), unique = MakeLine(2, 8);
  for (const std::string end : {"\f", "\u0085", "\u2029", "\n"}) {
    const Files files = {{"a.jsonl", JsonLine("long", text + end + MakeLine(3, 25)) + "\n"},
                         {"b.jsonl", JsonLine("copy", text + end + unique) + "\n"}};
    DedupOptions options = OptionsFor(WriteFolder(files));
    options.keep_unique = true;
    EXPECT_EQ(ThereAndBack(options), files);
    std::string clean = ReadFolder(options.out + "/clean").at("b.jsonl");
    EXPECT_THAT(clean, HasSubstr(JsonLine("copy", unique)));
  }
}

// What went wrong: a text file of which everything was cut has no record in clean output to put spans into.
TEST(Restore, FillsATextFileOfWhichEverythingWasCut) {
  const Files files = {{"a.txt", MakeLine(1, 60)}, {"b.txt", MakeLine(1, 60)}};
  DedupOptions options = OptionsFor(WriteFolder(files));
  options.pages = false;
  options.passages = true;
  EXPECT_EQ(ThereAndBack(options), files);
  EXPECT_EQ(ReadFolder(options.out + "/clean").at("b.txt"), "");
}

// What went wrong: an example in run.json held the bytes of a page that was not UTF-8, and the run could not
// be read again.
TEST(Restore, ReadsARunWhoseExamplesAreNotUtf8) {
  const std::string line = "Caf\xe9 cr\xe8me \xe0 la carte, " + MakeLine(1, 40) + "\n";
  const Files files = {{"caf\xe9.txt", line + "\n" + line}, {"b.txt", MakeLine(2, 60)}};
  const DedupOptions options = OptionsFor(WriteFolder(files));
  EXPECT_EQ(ThereAndBack(options), files);
  EXPECT_LT(ReadFolder(options.out + "/clean").at("caf\xe9.txt").size(), files.at("caf\xe9.txt").size());
}

// What went wrong: a line that holds nothing but a byte order mark was neither a page nor blank, and was
// lost.
TEST(Restore, KeepsALineOfAByteOrderMark) {
  const std::string mark = "\xef\xbb\xbf\n", page = JsonLine("a", MakeLine(1, 60)) + "\n";
  const Files files = {{"a.jsonl", mark + page + mark + page + mark}};
  EXPECT_EQ(ThereAndBack(OptionsFor(WriteFolder(files))), files);
}

// What went wrong: the removal log counted lines that damage had cut, clean output does not have them; and a
// line too large to be dropped whole ran into the next one.
TEST(Restore, CountsThroughATornGzipFile) {
  std::vector<std::string> lines;
  for (uint64_t i = 0; i < 6; ++i)
    lines.push_back(JsonLine("p" + std::to_string(i), MakeLine(i, 200)) + "\n");
  const std::string copy = JsonLine("copy", MakeLine(0, 200) + "!") + "\n";
  for (const int words : {300, 8000}) {
    const std::string cut = JsonLine("cut", MakeLine(77, words)) + "\n";
    ASSERT_EQ(cut.size() > testing_crawl::kMaxRecord, words == 8000);
    // Behind the head of the cut line comes a member that cannot be inflated.
    const std::string head = Gzip(lines[0] + lines[1] + cut.substr(0, cut.size() * 3 / 4)) +
                             Gzip("x").substr(0, 10) + std::string(20, '\xff');
    const Files files = {
        {"a.jsonl.gz", head + Gzip(copy + lines[2] + lines[3]) + head + Gzip(lines[4] + copy + lines[5])}};
    for (const uint64_t batch : {uint64_t{1} << 20, uint64_t{900}}) {
      DedupOptions options = OptionsFor(WriteFolder(files));
      options.corpus.reader.batch_bytes = batch;
      const auto run = Dedup(options, {});
      ASSERT_TRUE(run.ok()) << run.status();
      EXPECT_GT(run->damage.places, 0u);
      EXPECT_EQ(run->dropped_exact, 4u) << "both copies, and what stands in front of the second damage";
      const std::string out = MakeFolder();
      const auto restored = Restore({.run = options.out, .out = out}, {});
      ASSERT_TRUE(restored.ok()) << restored.status();
      const ReadAll back = ReadRecords(out + "/a.jsonl.gz");
      std::vector<std::string> good;
      for (const ReadRecord& record : back.records) {
        if (record.bytes.find("cut") == std::string::npos) good.push_back(record.bytes);
      }
      EXPECT_EQ(good, (std::vector<std::string>{lines[0], lines[1], copy, lines[2], lines[3], lines[0],
                                                lines[1], lines[4], copy, lines[5]}));
    }
  }
}

// What went wrong: restore read lines of our own making with the cap that the input had.
TEST(Restore, ReadsExtractedLinesOfAnyLength) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "w" + std::to_string(i) + (i % 40 == 39 ? "<p>" : "&#1; ");
  const Files files = {{"a.html", "<!doctype html><body>" + text}};
  DedupOptions options = OptionsFor(WriteFolder(files));
  options.corpus.reader.max_record = files.at("a.html").size();
  std::string bytes;
  for (int i = 0; i < 40; ++i) bytes += "\x02\x03";
  const std::string warc =
      WarcRecord("conversion", "Content-Type: text/plain\r\n", bytes + " alone " + bytes);
  DedupOptions archive = OptionsFor(WriteFolder({{"a.warc", warc}}));
  archive.corpus.reader.max_record = warc.size();
  for (const DedupOptions& one : {options, archive}) {
    const Files back = ThereAndBack(one);
    ASSERT_EQ(back.size(), 1u);
    EXPECT_EQ(back, ReadFolder(one.out + "/clean"));
  }
  EXPECT_GT(ReadFolder(archive.out + "/clean").at("a.warc.jsonl").size(), warc.size());
}

// What went wrong: a line with HTML came back as a line of ours without its HTML and its other members.
TEST(Restore, GivesLinesWithHtmlBackByteForByte) {
  const std::string once = MakeLine(5, 40), other = MakeLine(6, 60), third = MakeLine(7, 60);
  const auto html = [](const std::string& text) { return "<p>" + text + "</p>"; };
  const auto line = [&](const std::string& id, const std::string& text, const std::string& more) {
    return "{\"n\": [1, 2.50], \"id\":\"" + id + "\" , \"ht\\u006dl\" : " + JsonString(text) + more + "}\r\n";
  };
  const Files files = {
      {"a.jsonl", line("twice", html(once) + html(other) + html(once), ", \"last\":null") +
                      line("null", html(once + once) + html(third) + html(once + once), ", \"text\":null") +
                      line("whole", html(MakeLine(8, 80) + "!!!"), "") +
                      line("copy", html(MakeLine(8, 80)), "")}};
  for (const bool unique : {false, true}) {
    DedupOptions options = OptionsFor(WriteFolder(files));
    options.keep_unique = unique;
    RestoreSummary counts;
    EXPECT_EQ(ThereAndBack(options, &counts), files);
    EXPECT_GE(counts.spans_put_back, 2u);
    const std::string clean = ReadFolder(options.out + "/clean").at("a.jsonl");
    EXPECT_THAT(clean, HasSubstr("{\"n\": [1, 2.50], \"id\":\"twice\" , \"text\" : \""));
    EXPECT_THAT(clean, HasSubstr(", \"last\":null}\r\n"));
    EXPECT_THAT(clean, HasSubstr("\"null\" , \"ht\\u006dl\" : null, \"text\":\""));
    EXPECT_THAT(clean, HasSubstr(line("whole", html(MakeLine(8, 80) + "!!!"), "")))
        << "what nothing is cut from stays as it is";
    // The cleaned lines are read again as what they are.
    DedupOptions again = OptionsFor(options.out + "/clean");
    const auto second = Dedup(again, {});
    ASSERT_TRUE(second.ok()) << second.status();
    EXPECT_EQ(second->pages, 3u);
    EXPECT_EQ(second->pages_repaired, 0u);
    EXPECT_FALSE(second->damage.any());
  }
}

// What went wrong: a run.json from elsewhere could name any file to be written.
TEST(Restore, WritesIntoItsFolderOnly) {
  for (const std::string clean : {"../escaped", "a/../../escaped", "/tmp/refrain-escaped"}) {
    const std::string folder = WriteFolder(
        {{"run/run.json", R"({"max_record":99,"inputs":[{"name":"a","clean":")" + clean + R"("}]})"},
         {"run/removed.jsonl.zst", R"({"file":"a","record":0,"raw":"x"})"}});
    const absl::Status status = Restore({.run = folder + "/run", .out = folder + "/out"}, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("outside of clean/"));
    EXPECT_FALSE(std::filesystem::exists(folder + "/escaped"));
  }
}

TEST(Restore, OverwritesNothing) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const std::string out = WriteFolder({{"b.jsonl", "mine"}});
  EXPECT_EQ(Restore({.run = options.out, .out = out}, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadFolder(out).at("b.jsonl"), "mine");
}

TEST(Restore, WritesIntoNoFolderOfARun) {
  const DedupOptions options = OptionsFor(WriteFolder(MakeCrawl().files));
  ASSERT_TRUE(Dedup(options, {}).ok());
  const DedupOptions other = OptionsFor(WriteFolder({{"other.jsonl", JsonLine("1", "another text")}}));
  ASSERT_TRUE(Dedup(other, {}).ok());
  const Files before = ReadFolder(other.out);
  const absl::Status status = Restore({.run = options.out, .out = other.out}, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("holds a run of refrain; name an empty folder"));
  EXPECT_EQ(ReadFolder(other.out), before);
}

TEST(Restore, WantsTheFolderOfAFinishedRun) {
  EXPECT_EQ(Restore({.run = MakeFolder(), .out = MakeFolder()}, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Restore({.run = "/no/such/folder", .out = MakeFolder()}, {}).status().code(),
            absl::StatusCode::kNotFound);
  const std::string other = WriteFolder({{"run.json", "{\"hello\":1}\n"}});
  EXPECT_EQ(Restore({.run = other, .out = MakeFolder()}, {}).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace refrain
