#include "refrain/report/copies.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/report/csv_internal.h"

namespace refrain {
namespace {

// Lines are appended to what is there.
template <typename Write>
std::string Appended(const Write& write) {
  std::string out = "before\n";
  write(&out);
  EXPECT_EQ(out.substr(0, 7), "before\n");
  return out.substr(7);
}

template <typename Row>
std::string Json(const Row& row) {
  return Appended([&](std::string* out) { AppendJson(row, out); });
}

template <typename Row>
std::string Csv(const Row& row) {
  return Appended([&](std::string* out) { AppendCsv(row, out); });
}

std::string CsvLine(const std::vector<std::string_view>& fields) {
  return Appended([&](std::string* out) { AppendCsvLine(fields, out); });
}

std::string Passim(const PassimSide& a, const PassimSide& b) {
  return Appended([&](std::string* out) { AppendPassim(a, b, out); });
}

TEST(CopyRowJson, HasAllThatWasFoundOfAPair) {
  CopyRow row{.a = "one",
              .b = "two",
              .source_a = "a.example",
              .source_b = "b.example",
              .verdict = Verdict::kCopy,
              .resemblance = 0.8125,
              .a_in_b = 1,
              .b_in_a = 0.00004,
              .local = 0.66666,
              .words = 212.25,
              .shingle = 7};
  row.spans = {{{0, 5}, {7, 12}}, {{6, 9}, {20, 23}}};
  EXPECT_EQ(Json(row),
            "{\"a\":\"one\",\"b\":\"two\",\"resemblance\":0.8125,\"a_in_b\":1.0000,\"b_in_a\":0.0000,"
            "\"local\":0.6667,\"shingle\":7,\"verdict\":\"copy\",\"words\":212.25,\"same_source\":false,"
            "\"earlier\":null,\"spans\":[[0,5,7,12],[6,9,20,23]]}\n");
}

TEST(CopyRowJson, SaysWhichPageIsEarlierIfItIsKnown) {
  CopyRow row{.a = "x", .b = "y", .same_source = true, .earlier = Earlier::kA};
  EXPECT_EQ(Json(row),
            "{\"a\":\"x\",\"b\":\"y\",\"resemblance\":0.0000,\"a_in_b\":0.0000,\"b_in_a\":0.0000,"
            "\"local\":0.0000,\"shingle\":5,\"verdict\":\"quote\",\"words\":0.00,\"same_source\":true,"
            "\"earlier\":\"a\",\"spans\":[]}\n");
  row.earlier = Earlier::kB;
  EXPECT_NE(Json(row).find("\"earlier\":\"b\""), std::string::npos);
}

TEST(CopyRowJson, CallsEachVerdictByItsName) {
  CopyRow row;
  for (const auto& [verdict, name] : {std::pair{Verdict::kMirror, "mirror"},
                                      {Verdict::kCopy, "copy"},
                                      {Verdict::kVersion, "version"},
                                      {Verdict::kExcerpt, "excerpt"},
                                      {Verdict::kQuote, "quote"}}) {
    row.verdict = verdict;
    EXPECT_NE(Json(row).find(std::string("\"verdict\":\"") + name + "\""), std::string::npos) << name;
  }
}

TEST(CopyRowJson, WritesAnIdThatIsNoUtf8AsBase64UnderAnotherName) {
  const std::string line = Json(CopyRow{.a = "caf\xE9", .b = "caf\xC3\xA9 \"\n"});
  EXPECT_EQ(line.substr(0, 58),
            "{\"a_base64\":\"Y2Fm6Q==\",\"b\":\"caf\xC3\xA9 \\\"\\n\",\"resemblance\":0.00");
}

StoryRow SomeStory() {
  StoryRow row{.because = OriginBecause::kAgency, .confidence = 0.8, .publishers = 2};
  row.members = {{.id = "first",
                  .source = "apnews.com",
                  .date = "2020-03-01T06:30:00Z",
                  .agency = "AP",
                  .role = "origin"},
                 {.id = "second",
                  .source = "paper.example",
                  .date = "2020-03-02",
                  .agency = "AP",
                  .role = "version",
                  .same_source = true,
                  .in_origin = 0.75,
                  .of_origin = 0.33333,
                  .added = {{0, 9}, {80, 95}},
                  .cut = {{10, 20}},
                  .changed = {{{30, 36}, {41, 50}}}}};
  return row;
}

TEST(StoryRowJson, HasItsOriginFirstAndWhatOthersChanged) {
  EXPECT_EQ(Json(SomeStory()),
            "{\"origin\":\"first\",\"because\":\"agency\",\"confidence\":0.80,\"publishers\":2,\"pages\":2,"
            "\"members\":["
            "{\"id\":\"first\",\"source\":\"apnews.com\",\"date\":\"2020-03-01T06:30:00Z\","
            "\"agency\":\"AP\",\"role\":\"origin\",\"same_source\":false,\"in_origin\":1.0000,"
            "\"of_origin\":1.0000,\"added\":[],\"cut\":[],\"changed\":[]},"
            "{\"id\":\"second\",\"source\":\"paper.example\",\"date\":\"2020-03-02\",\"agency\":\"AP\","
            "\"role\":\"version\",\"same_source\":true,\"in_origin\":0.7500,\"of_origin\":0.3333,"
            "\"added\":[[0,9],[80,95]],\"cut\":[[10,20]],\"changed\":[[30,36,41,50]]}]}\n");
}

TEST(StoryRowJson, HasNullForWhatIsNotKnownAndBase64ForWhatIsNoUtf8) {
  StoryRow row;
  row.members = {{.id = "\xFF", .source = "\xFE", .role = "origin"}};
  EXPECT_EQ(Json(row),
            "{\"origin_base64\":\"/w==\",\"because\":\"order\",\"confidence\":0.00,\"publishers\":0,"
            "\"pages\":1,\"members\":[{\"id_base64\":\"/w==\",\"source_base64\":\"/g==\",\"date\":null,"
            "\"agency\":null,\"role\":\"origin\",\"same_source\":false,\"in_origin\":1.0000,"
            "\"of_origin\":1.0000,\"added\":[],\"cut\":[],\"changed\":[]}]}\n");
  row.members[0].source.clear();
  EXPECT_NE(Json(row).find("\"source\":null,"), std::string::npos);
}

TEST(StoryRowJson, NamesEachReason) {
  EXPECT_EQ(Name(OriginBecause::kDate), "date");
  EXPECT_EQ(Name(OriginBecause::kEarliest), "earliest");
  EXPECT_EQ(Name(OriginBecause::kAgency), "agency");
  EXPECT_EQ(Name(OriginBecause::kCompleteness), "completeness");
  EXPECT_EQ(Name(OriginBecause::kOrder), "order");
}

TEST(CsvLine, QuotesFieldsWithCommasQuotesAndLineEnds) {
  EXPECT_EQ(CsvLine({"plain", "with space", "a,b", "say \"so\"", "two\nlines", "cr\rhere", ""}),
            "plain,with space,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",\"cr\rhere\",\r\n");
  EXPECT_EQ(CsvLine({"\"", ","}), "\"\"\"\",\",\"\r\n");
  EXPECT_EQ(CsvLine({"", ""}), ",\r\n");
}

TEST(CsvLine, LeavesOtherBytesAsTheyAre) {
  EXPECT_EQ(CsvLine({"=SUM(A1)", "a;b\tc'd", "\xE0\xB8\x81 \xC3\xA9"}),
            "=SUM(A1),a;b\tc'd,\xE0\xB8\x81 \xC3\xA9\r\n");
}

TEST(StoryRowCsv, HasALineForEachMember) {
  StoryRow row = SomeStory();
  row.members[1].id = "a \"b\", c";
  row.members.push_back({.id = "third", .role = "mirror", .in_origin = 1, .of_origin = 0.99999});
  EXPECT_EQ(Csv(row),
            "first,first,apnews.com,2020-03-01T06:30:00Z,origin,false,1.0000,1.0000,AP,agency,0.80\r\n"
            "first,\"a \"\"b\"\", c\",paper.example,2020-03-02,version,true,0.7500,0.3333,AP,agency,0.80\r\n"
            "first,third,,,mirror,false,1.0000,1.0000,,agency,0.80\r\n");
}

TEST(StoryRowCsv, HasAFieldForEachNameInItsHead) {
  EXPECT_EQ(StoriesCsvHead(),
            "story,id,source,date,role,same_source,in_origin,of_origin,agency,because,confidence\r\n");
  StoryRow row;
  row.members = {{.id = "x"}};
  const std::string line = Csv(row);
  EXPECT_EQ(std::count(line.begin(), line.end(), ','),
            std::count(StoriesCsvHead().begin(), StoriesCsvHead().end(), ','));
}

TEST(StoryRowCsv, ReplacesBytesThatAreNoUtf8) {
  StoryRow row;
  row.members = {{.id = "caf\xE9", .source = "\xFF,x", .role = "origin"}};
  EXPECT_EQ(Csv(row),
            "caf\xEF\xBF\xBD,caf\xEF\xBF\xBD,\"\xEF\xBF\xBD,x\",,origin,false,1.0000,1.0000,,order,0.00\r\n");
}

TEST(SourceEdgeCsv, CountsStories) {
  EXPECT_EQ(SourcesCsvHead(), "origin,source,stories\r\n");
  EXPECT_EQ(Csv(SourceEdge{.origin = "a.example", .source = "The \"B\", daily", .stories = 12345678901}),
            "a.example,\"The \"\"B\"\", daily\",12345678901\r\n");
  EXPECT_EQ(Csv(SourceEdge{.origin = "\xE9", .source = "b"}), "\xEF\xBF\xBD,b,0\r\n");
}

TEST(PassimRow, HasBothSidesUnderPassimsNames) {
  EXPECT_EQ(
      Passim({.id = "one", .series = "a.example", .begin = 3, .end = 12, .text = "nine \"of\"\n"},
             {.id = "two", .series = "", .begin = 0, .end = 4, .text = "caf\xC3\xA9"}),
      "{\"uid\":\"one\",\"series\":\"a.example\",\"begin\":3,\"end\":12,\"text\":\"nine \\\"of\\\"\\n\","
      "\"uid2\":\"two\",\"series2\":null,\"begin2\":0,\"end2\":4,\"text2\":\"caf\xC3\xA9\"}\n");
}

TEST(PassimRow, WritesWhatIsNoUtf8AsBase64) {
  EXPECT_EQ(
      Passim({.id = "\xFF", .series = "\xFF", .text = "\xFF"}, {.id = "\xFE", .series = "s", .text = "\xFE"}),
      "{\"uid_base64\":\"/w==\",\"series_base64\":\"/w==\",\"begin\":0,\"end\":0,\"text_base64\":\"/w==\","
      "\"uid2_base64\":\"/g==\",\"series2\":\"s\",\"begin2\":0,\"end2\":0,\"text2_base64\":\"/g==\"}\n");
}

}  // namespace
}  // namespace refrain
