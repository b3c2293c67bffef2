#include "refrain/io/records.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::HasSubstr;

// The format seen in a file of that name.
InputFormat Seen(std::string_view bytes, const std::string& name = "file") {
  const TempFolder folder;
  const ReadAll all = ReadRecords(folder.Write(name, bytes));
  EXPECT_EQ(all.error, "");
  return all.format;
}

// Why a file is not read.
std::string Refusal(std::string_view bytes, const std::string& name = "file",
                    InputFormat format = InputFormat::kAuto) {
  const TempFolder folder;
  const std::string path = folder.Write(name, bytes);
  const std::string error = ReadRecords(path, {.format = format}).error;
  if (!error.empty()) {
    EXPECT_THAT(error, HasSubstr(path));
  }
  return error;
}

TEST(OpenRecords, SeesTheFormatFromTheContent) {
  EXPECT_EQ(Seen("{\"text\":\"a\"}\n"), InputFormat::kJsonl);
  EXPECT_EQ(Seen("\n \n{ \"text\":\"a\"}\n"), InputFormat::kJsonl);
  EXPECT_EQ(Seen("\xef\xbb\xbf{\"text\":\"a\"}\n"), InputFormat::kJsonl);
  EXPECT_EQ(Seen("{}\n"), InputFormat::kJsonl);
  EXPECT_EQ(Seen("{\"text\":\"a\"}\n", "a.txt"), InputFormat::kJsonl);
  EXPECT_EQ(Seen(WarcRecord("warcinfo", "", "")), InputFormat::kWarc);
  EXPECT_EQ(Seen(WarcRecord("warcinfo", "", ""), "a.html"), InputFormat::kWarc);
  EXPECT_EQ(Seen("<!DOCTYPE html><p>x"), InputFormat::kHtml);
  EXPECT_EQ(Seen("<!-- a comment -->\n<?xml version='1.0'?><HTML lang=en>"), InputFormat::kHtml);
  EXPECT_EQ(Seen("<html><p>x", "a.txt"), InputFormat::kHtml);
  EXPECT_EQ(Seen("<div class=x>y</div>"), InputFormat::kHtml);
  EXPECT_EQ(Seen("Just a text with <b>tags</b>"), InputFormat::kText);
  EXPECT_EQ(Seen("<notatag>"), InputFormat::kText);
  EXPECT_EQ(Seen("{ braces, no JSON }"), InputFormat::kText);
  EXPECT_EQ(Seen("[Verse 1]\nla la"), InputFormat::kText);
  EXPECT_EQ(Seen("WARC files are archives", "a.txt"), InputFormat::kText);
  EXPECT_EQ(Seen(""), InputFormat::kText);
  EXPECT_EQ(Seen(std::string("\xff\xfe<\0h\0t\0m\0l\0>\0", 14)), InputFormat::kHtml);
}

TEST(OpenRecords, FallsBackOnTheEnding) {
  EXPECT_EQ(Seen("damaged first line\n{\"text\":\"a\"}\n", "a.jsonl"), InputFormat::kJsonl);
  EXPECT_EQ(Seen("<p>damaged first line\n", "a.ndjson.gz"), InputFormat::kJsonl);
  EXPECT_EQ(Seen("no tags at all", "a.HTM"), InputFormat::kHtml);
  EXPECT_EQ(Seen("<p>a text that begins with a tag", "a.txt"), InputFormat::kText);
  EXPECT_EQ(Seen("torn", "a.warc"), InputFormat::kWarc);
  EXPECT_EQ(Seen("", "a.jsonl"), InputFormat::kJsonl);
}

TEST(OpenRecords, SeesTheFormatThroughCompression) {
  EXPECT_EQ(Seen(Gzip("{\"text\":\"a\"}\n")), InputFormat::kJsonl);
  EXPECT_EQ(Seen(Zstd(WarcRecord("warcinfo", "", ""))), InputFormat::kWarc);
  EXPECT_EQ(Seen(Gzip("") + Gzip("<html>")), InputFormat::kHtml);
  EXPECT_EQ(Seen(Gzip("x"), "not_named_so.txt"), InputFormat::kText);
}

TEST(OpenRecords, TheUserHasTheLastWord) {
  const TempFolder folder;
  const std::string path = folder.Write("a.html", "<html>\n{\"text\":\"a\"}\n");
  EXPECT_EQ(ReadRecords(path, {.format = InputFormat::kText}).format, InputFormat::kText);
  EXPECT_EQ(ReadRecords(path, {.format = InputFormat::kJsonl}).records.size(), 2u);
  EXPECT_EQ(Refusal("%PDF-1.4", "a.pdf", InputFormat::kText), "");
}

TEST(OpenRecords, NamesWhatItDoesNotRead) {
  EXPECT_THAT(Refusal("filedesc://a.arc 0.0.0.0 20080430204825 text/plain 1300\n"), HasSubstr("ARC"));
  EXPECT_THAT(Refusal(Gzip("http://a.example/ 127.10.100.2 19961104142103 text/html 20\n<html>")),
              HasSubstr("ARC"));
  EXPECT_THAT(Refusal("nothing like it", "a.arc.gz"), HasSubstr("ARC"));
  EXPECT_THAT(Refusal(std::string("PK\x03\x04", 4) + "more", "a.wacz"), HasSubstr("WACZ"));
  EXPECT_THAT(Refusal("\x04\x22\x4d\x18 more"), HasSubstr("lz4 -dc"));
  EXPECT_THAT(Refusal(std::string("\xfd\x37zXZ\0 more", 11)), HasSubstr("xz -dc"));
  EXPECT_THAT(Refusal("BZh91AY&SY more"), HasSubstr("bzip2 -dc"));
  EXPECT_THAT(Refusal("7z\xbc\xaf\x27\x1c more"), HasSubstr("7z"));
  EXPECT_THAT(Refusal("PAR1 more"), HasSubstr("Parquet"));
  EXPECT_THAT(Refusal("%PDF-1.7 more"), HasSubstr("PDF"));
  EXPECT_THAT(Refusal(std::string(257, 'x') + "ustar  more"), HasSubstr("tar archive"));
  EXPECT_THAT(Refusal("[\n {\"text\":\"a\"}]", "a.json"), HasSubstr("jq -c '.[]'"));
  EXPECT_THAT(Refusal("{\n \"text\":\"a\"}", "a.json"), HasSubstr("jq -c ."));
  EXPECT_THAT(Refusal(std::string("\xff\xfet\0e\0x\0t\0", 10)), HasSubstr("UTF-16"));
  EXPECT_THAT(Refusal(Gzip("%PDF-1.7 more")), HasSubstr("PDF"));
  EXPECT_THAT(Refusal("RIFF\x24\x01\x02\x03WAVE"), HasSubstr("neither text nor"));
  EXPECT_EQ(Refusal("RIFF is a word and ID3 another"), "");
}

TEST(OpenRecords, SaysOfAFileCompressedTwiceWhatToDo) {
  // What went wrong: an ending of JSONL or WARC made its bytes damaged records, any other "neither text nor".
  const TempFolder folder;
  for (const char* name : {"a.jsonl.gz", "a.warc.gz", "a.txt.gz", "a.html.gz", "a"}) {
    for (const std::string& bytes : {Gzip(Gzip("{\"text\":\"a\"}\n")), Zstd(Gzip("{\"text\":\"a\"}\n")),
                                     Gzip(Zstd("{\"text\":\"a\"}\n"))}) {
      const ReadAll all = ReadRecords(folder.Write(name, bytes));
      EXPECT_THAT(all.error, HasSubstr(std::string(name) + ": compressed twice")) << name;
      EXPECT_THAT(all.error, HasSubstr("gzip -dc FILE")) << name;
    }
    EXPECT_EQ(ReadRecords(folder.Write(name, Gzip("{\"text\":\"a\"}\n") + Gzip("{}\n"))).error, "") << name;
  }
}

TEST(OpenRecords, ReportsWhatItCannotOpen) {
  EXPECT_THAT(ReadRecords("/nowhere/a.jsonl").error, HasSubstr("/nowhere/a.jsonl"));
  EXPECT_THAT(ReadRecords("/dev/null").error, HasSubstr("not a regular file"));
  const TempFolder folder;
  EXPECT_THAT(ReadRecords(folder.path()).error, HasSubstr(folder.path()));
}

TEST(OpenRecords, AnEmptyFileHasNoRecords) {
  for (const char* name : {"a.jsonl", "a.txt", "a.html", "a.warc", "a"}) {
    const TempFolder folder;
    const ReadAll all = ReadRecords(folder.Write(name, ""));
    EXPECT_EQ(all.error, "");
    EXPECT_TRUE(all.records.empty() && all.damage.empty()) << name;
  }
}

TEST(WholeFiles, AreOneRecord) {
  const TempFolder folder;
  const std::string text = RandomBytes(1, 3000000, "abc\n\r \xff");
  for (const auto& [name, bytes] :
       {std::pair<std::string, std::string>{"a.txt", text}, {"a.txt.gz", Gzip(text)}, {"a.html", text}}) {
    const ReadAll all = ReadRecords(folder.Write(name, bytes));
    ASSERT_EQ(all.records.size(), 1u);
    EXPECT_EQ(all.records[0].bytes, text);
    EXPECT_EQ(all.records[0].kind, name == "a.html" ? RecordKind::kHtml : RecordKind::kText);
    EXPECT_EQ(all.records[0].location.file, 7u);
    EXPECT_EQ(all.records[0].location.length, text.size());
    EXPECT_EQ(all.bytes_read, text.size());
    EXPECT_EQ(all.file_bytes, bytes.size());
  }
}

TEST(WholeFiles, ThatAreTooLargeComeInPieces) {
  const TempFolder folder;
  const std::string text = RandomBytes(1, 100000, "abc\n");
  const std::string path = folder.Write("a.txt", text);
  const ReadAll all = ReadRecords(path, {.max_record = 99999, .batch_bytes = 1000});
  ASSERT_EQ(all.records.size(), 1u);
  EXPECT_TRUE(all.records[0].oversized);
  EXPECT_EQ(all.records[0].bytes, text);
  const ReadAll fits = ReadRecords(path, {.max_record = 100000, .batch_bytes = 1000});
  ASSERT_EQ(fits.records.size(), 1u);
  EXPECT_FALSE(fits.records[0].oversized);
}

TEST(WholeFiles, ThatAreDamagedAreDroppedAndCounted) {
  const TempFolder folder;
  std::string bytes = Gzip(RandomBytes(1, 100000, "abc\n"));
  bytes.resize(bytes.size() / 2);
  const ReadAll all = ReadRecords(folder.Write("a.txt.gz", bytes));
  EXPECT_TRUE(all.records.empty());
  ASSERT_EQ(all.damage.size(), 2u);
  EXPECT_TRUE(all.damage[0].stored);
  EXPECT_THAT(all.damage[0].reason, HasSubstr("unexpected end inside the gzip member at byte 0"));
  EXPECT_EQ(all.damage[1].bytes, all.bytes_read);
  EXPECT_GT(all.bytes_read, 0u);
}

TEST(ParseInputFormat, KnowsItsNames) {
  EXPECT_EQ(*ParseInputFormat("auto"), InputFormat::kAuto);
  EXPECT_EQ(*ParseInputFormat("jsonl"), InputFormat::kJsonl);
  EXPECT_EQ(*ParseInputFormat("text"), InputFormat::kText);
  EXPECT_EQ(*ParseInputFormat("html"), InputFormat::kHtml);
  EXPECT_EQ(*ParseInputFormat("warc"), InputFormat::kWarc);
  EXPECT_THAT(std::string(ParseInputFormat("wet").status().message()), HasSubstr("warc"));
}

}  // namespace
}  // namespace refrain
