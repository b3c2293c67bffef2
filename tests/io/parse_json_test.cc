#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/io/parse.h"

namespace refrain {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A line as a reader hands it out: something else stands behind it.
struct Line {
  explicit Line(std::string_view text) : buffer(std::string(text) + "\n}}],\"\n" + std::string(64, '\0')) {
    record.kind = RecordKind::kJsonl;
    record.location.record = 3;
    record.bytes = std::string_view(buffer).substr(0, text.size());
  }
  std::string buffer;
  Record record;
};

Page Parsed(std::string_view text, const ParseOptions& options = {}) {
  const Line line(text);
  PageParser parser(options);
  Page page;
  const auto result = parser.Parse(line.record, &page);
  EXPECT_TRUE(result.ok()) << text << ": " << result.status();
  EXPECT_TRUE(result.ok() && *result) << text;
  page.raw = {};  // a view of the line, which is gone
  return page;
}

std::string Refusal(std::string_view text) {
  const Line line(text);
  PageParser parser{ParseOptions{}};
  Page page;
  const auto result = parser.Parse(line.record, &page);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(result.status().message());
}

// The text's literal as the page places it.
std::string Literal(std::string_view text) {
  const Page page = Parsed(text);
  return std::string(text.substr(page.literal_begin, page.literal_end - page.literal_begin));
}

TEST(ParseJsonLine, ReadsAllFields) {
  const Page page = Parsed(
      R"({"id":"a","text":"hello","url":"http://Site.example/x","date":"2020-01-01","other":[1,{"text":"no"}]})");
  EXPECT_EQ(page.id, "a");
  EXPECT_EQ(page.text, "hello");
  EXPECT_EQ(page.url, "http://Site.example/x");
  EXPECT_EQ(page.source, "site.example");
  EXPECT_EQ(page.date, "2020-01-01");
  EXPECT_EQ(page.kind, RecordKind::kJsonl);
  EXPECT_EQ(page.location.record, 3u);
}

TEST(ParseJsonLine, AGivenSourceGoesBeforeTheHost) {
  EXPECT_EQ(Parsed(R"({"text":"","source":"Given","url":"http://site.example/"})").source, "Given");
  EXPECT_EQ(Parsed(R"({"text":"","source":"","url":"http://site.example/"})").source, "site.example");
  EXPECT_EQ(Parsed(R"({"text":"","source":null,"url":"http://site.example/"})").source, "site.example");
}

TEST(ParseJsonLine, KeepsTheRecordAndItsLineEnd) {
  const Line line("{\"text\":\"a\"}\r\n");
  PageParser parser{ParseOptions{}};
  Page page;
  ASSERT_TRUE(*parser.Parse(line.record, &page));
  EXPECT_EQ(page.raw, "{\"text\":\"a\"}\r\n");
}

TEST(ParseJsonLine, PlacesTheLiteralToTheByte) {
  EXPECT_EQ(Literal(R"({"text":"a"})"), R"("a")");
  EXPECT_EQ(Literal("  {  \"id\" : 1 , \"text\"  :\t\"a\\\"\\\\\"  , \"z\" : \"b\" }  \r\n"), R"("a\"\\")");
  EXPECT_EQ(Literal(R"({"x":{"text":"inner"},"text":"outer"})"), R"("outer")");
  EXPECT_EQ(Literal(R"({"x":["text","text",{"text":["}"]}],"text":"","text":"second"})"), R"("")");
  EXPECT_EQ(Literal(R"({"te\u0078t":"spelled so","text":"second"})"), R"("spelled so")");
  EXPECT_EQ(Literal("\xef\xbb\xbf{\"text\":\"behind a mark\"}"), R"("behind a mark")");
  EXPECT_EQ(Literal(R"({"text":"a, \"text\":\"b\""})"), R"("a, \"text\":\"b\"")");
  EXPECT_EQ(Literal("{\"text\":\"" + std::string(100000, 'x') + "\"}").size(), 100002u);
}

TEST(ParseJsonLine, TheFirstOfTwoEqualKeysCounts) {
  const Page page = Parsed(R"({"id":"1","id":"2","text":"a","text":"b"})");
  EXPECT_EQ(page.id, "1");
  EXPECT_EQ(page.text, "a");
}

TEST(ParseJsonLine, NumbersAreTheirDigits) {
  const Page page = Parsed(R"({"id":0123456789012345678901234567890,"text":"a","date":-1.50E+3})");
  EXPECT_EQ(page.id, "0123456789012345678901234567890");
  EXPECT_EQ(page.date, "-1.50E+3");
  EXPECT_EQ(Parsed(R"({"text":"a","id" : 7 })").id, "7");
  EXPECT_EQ(Parsed(R"({"text":"a","id":7})").id, "7");
}

TEST(ParseJsonLine, OtherValuesOfScalarFieldsCountAsAbsent) {
  for (const char* value : {"null", "true", "{\"$oid\":\"1\"}", "[1]"}) {
    EXPECT_EQ(Parsed("{\"id\":" + std::string(value) + ",\"text\":\"a\"}").id, "");
  }
}

TEST(ParseJsonLine, TextGoesBeforeHtmlAndHtmlIsExtracted) {
  EXPECT_EQ(Parsed(R"({"html":"<p>b","text":"a"})").text, "a");
  for (const char* line : {R"({"html":"<p>one<p>tw\u006f"})", R"({"text":null,"html":"<p>one<p>two"})"}) {
    const Page page = Parsed(line);
    EXPECT_EQ(page.kind, RecordKind::kJsonlHtml);
    EXPECT_THAT(page.text, HasSubstr("one\ntwo"));
    EXPECT_EQ(page.charset, "utf-8");
    EXPECT_THAT(line + page.literal_begin, StartsWith("\"<p>one<p>tw"));
    EXPECT_EQ(line[page.literal_end - 1], '"');
  }
}

TEST(ParseJsonLine, FieldsCanBeNamed) {
  ParseOptions options;
  options.fields = {.id = "_id", .text = "content", .html = "page", .url = "u", .source = "s", .date = "t"};
  const Page page =
      Parsed(R"({"id":"x","_id":"1","text":"x","content":"a","u":"b","s":"c","t":"d"})", options);
  EXPECT_EQ(page.id + page.text + page.url + page.source + page.date, "1abcd");
}

TEST(ParseJsonLine, NotesWhichFieldsPagesHad) {
  ParseOptions options;
  options.fields.date = "when";
  PageParser parser(options);
  Page page;
  const auto parse = [&](std::string_view text) { return parser.Parse(Line(text).record, &page).ok(); };
  ASSERT_TRUE(parse(R"({"when":null,"id":5,"url":"http://a.b/c","text":"x"})"));
  ASSERT_TRUE(parse(R"({"text":"y"})"));
  ASSERT_FALSE(parse(R"({"when":"now"})"));  // no page
  FieldsSeen seen = parser.TakeFieldsSeen();
  EXPECT_EQ(seen.lines, 2u);
  EXPECT_TRUE(seen.id && seen.url);
  EXPECT_FALSE(seen.source) << "the host of an address is not a field";
  EXPECT_FALSE(seen.date);
  EXPECT_EQ(seen.first, "'when', 'id', 'url', 'text'");
  ASSERT_TRUE(parse(R"({"when":1999,"source":"s","text":"z"})"));
  const FieldsSeen later = parser.TakeFieldsSeen();
  EXPECT_TRUE(later.date && later.source && !later.id);
  EXPECT_EQ(later.first, "");
  seen.Add(later);
  EXPECT_EQ(seen.lines, 3u);
  EXPECT_TRUE(seen.id && seen.url && seen.source && seen.date);
  EXPECT_EQ(seen.first, "'when', 'id', 'url', 'text'");
}

TEST(ParseJsonLine, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(Refusal(R"({"id":1})"), HasSubstr("no field 'text' or 'html'"));
  EXPECT_THAT(Refusal(R"({})"), HasSubstr("no field 'text' or 'html'"));
  EXPECT_THAT(Refusal(R"({"text":null})"), HasSubstr("null"));
  EXPECT_THAT(Refusal(R"({"text":5})"), HasSubstr("field 'text' that is not a string at byte 8"));
  EXPECT_THAT(Refusal(R"({"html":[]})"), HasSubstr("field 'html' that is not a string at byte 8"));
  EXPECT_THAT(Refusal(R"({"text":"ab\ud83d"})"),
              HasSubstr("half a surrogate pair in field 'text' at byte 11"));
  EXPECT_THAT(Refusal(R"({"text":"a","id":"\x"})"), HasSubstr("in field 'id' at byte 18"));
  EXPECT_THAT(Refusal(R"({"text":"a","id":1x})"), HasSubstr("malformed number in field 'id' at byte 17"));
  EXPECT_THAT(Refusal("{\"text\":\"a\xff\"}"), HasSubstr("not UTF-8 at byte 10"));
  EXPECT_THAT(Refusal("\xef\xbb\xbf{\"text\":\"a\xff\"}"), HasSubstr("not UTF-8 at byte 13"));
  EXPECT_THAT(Refusal("{\"text\":\"a\x01\"}"), HasSubstr("control character"));
  EXPECT_THAT(Refusal(R"({"text":"a)"), HasSubstr("not closed"));
  EXPECT_THAT(Refusal(R"({"text":"a")"), HasSubstr("JSON"));
  EXPECT_THAT(Refusal(R"({"text":"a"} {"text":"b"})"),
              HasSubstr("something behind the JSON object at byte 13"));
  EXPECT_THAT(Refusal(R"({"text":"a"}})"), HasSubstr("behind the JSON object at byte 12"));
  EXPECT_THAT(Refusal(R"(["text"])"), HasSubstr("not a JSON object"));
  EXPECT_THAT(Refusal(R"("text")"), HasSubstr("not a JSON object"));
  EXPECT_THAT(Refusal(R"(text)"), HasSubstr("not a JSON object"));
  for (const char* bad :
       {R"({"text" "a"})", R"({"text":"a" "b":1})", R"({text:"a"})", R"({"text":"a",})", "{", "}",
        R"({"a":{"text":"b"})", R"(,{"text":"a"})", R"({"text":})", R"({:"a"})", R"({"te\xt":"a"})"}) {
    Refusal(bad);
  }
}

TEST(ParseJsonLine, IsAsItWasAfterAnError) {
  PageParser parser{ParseOptions{}};
  Page page;
  for (const char* bad :
       {R"({"text":"a)", R"({"text":"\u12"})", "\xff", R"([[[[)", R"({"text":"x","id":"1"} x)"}) {
    EXPECT_FALSE(parser.Parse(Line(bad).record, &page).ok()) << bad;
    const Line good(R"({"text":"good"})");
    ASSERT_TRUE(*parser.Parse(good.record, &page));
    EXPECT_EQ(page.text, "good");
    EXPECT_EQ(page.id, "");
  }
}

TEST(ParseJsonLine, TakesDeepAndWideValuesElsewhere) {
  const std::string deep = std::string(50000, '[') + std::string(50000, ']');
  EXPECT_EQ(Parsed("{\"a\":" + deep + ",\"text\":\"b\"}").text, "b");
  std::string wide = "{";
  for (int i = 0; i < 20000; ++i) wide += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  EXPECT_EQ(Parsed(wide + "\"text\":\"b\"}").text, "b");
}

TEST(ParseJsonLine, BlankAndOversizedRecordsAreNoPages) {
  PageParser parser{ParseOptions{}};
  Page page;
  for (const char* blank : {" \r\n", "\xef\xbb\xbf\n", "\n"}) {
    const auto result = parser.Parse(Line(blank).record, &page);
    ASSERT_TRUE(result.ok());
    EXPECT_FALSE(*result);
    EXPECT_EQ(page.kind, RecordKind::kBlank);
  }
  Line line(R"({"text":"a"})");
  line.record.oversized = true;
  EXPECT_FALSE(*parser.Parse(line.record, &page));
}

}  // namespace
}  // namespace refrain
