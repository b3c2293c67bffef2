#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/base/utf8.h"
#include "refrain/io/parse.h"
#include "tests/io/io_testing.h"

namespace refrain {
namespace {

using testing::HasSubstr;

constexpr char kHttp[] = "Content-Type: application/http; msgtype=response\r\n";
constexpr char kHtml[] = "<html><head><title>T</title></head><body><p>One</p><p>Two</p></body></html>";

absl::StatusOr<bool> Parse(std::string_view bytes, Page* page, const ParseOptions& options = {}) {
  Record record;
  record.kind = RecordKind::kWarc;
  record.bytes = bytes;
  PageParser parser(options);
  return parser.Parse(record, page);
}

// The page of a response with these HTTP header fields and that body.
Page Response(std::string_view fields, std::string_view body) {
  Page page;
  const std::string http = "HTTP/1.1 200 OK\r\n" + std::string(fields) + "\r\n" + std::string(body);
  const auto result = Parse(WarcRecord("response", kHttp, http), &page);
  EXPECT_TRUE(result.ok() && *result) << fields;
  return page;
}

bool IsPage(const std::string& record) {
  Page page;
  const auto result = Parse(record, &page);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() && *result;
}

TEST(ParseWarc, TakesIdUrlAndDateFromTheHeader) {
  Page page;
  const std::string record = WarcRecord(
      "response",
      std::string(kHttp) + "WARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: http://Site.example/a\r\n",
      "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + std::string(kHtml));
  ASSERT_TRUE(*Parse(record, &page));
  EXPECT_THAT(page.id, testing::StartsWith("<urn:test:"));
  EXPECT_EQ(page.url, "http://Site.example/a");
  EXPECT_EQ(page.source, "site.example");
  EXPECT_EQ(page.date, "2020-01-01T00:00:00Z");
  EXPECT_EQ(page.record_type, "response");
  EXPECT_EQ(page.kind, RecordKind::kWarc);
  EXPECT_EQ(page.text, "One\nTwo\n");
  EXPECT_FALSE(page.truncated);
  EXPECT_TRUE(page.raw.empty());
}

TEST(ParseWarc, AUrlInAngleBracketsIsTakenOut) {
  Page page;
  ASSERT_TRUE(*Parse(
      WarcRecord("resource", "WARC-Target-URI: <http://a.example/>\r\nContent-Type: text/plain\r\n", "x"),
      &page));
  EXPECT_EQ(page.url, "http://a.example/");
  EXPECT_EQ(page.source, "a.example");
}

TEST(ParseWarc, AWetRecordIsItsTextAsItStands) {
  Page page;
  const std::string text = " Any \xff bytes\r\n\r\n";
  ASSERT_TRUE(*Parse(WarcRecord("conversion", "Content-Type: text/plain\r\n", text), &page));
  EXPECT_EQ(page.kind, RecordKind::kWet);
  EXPECT_EQ(page.text, text);
  EXPECT_EQ(page.record_type, "conversion");
}

TEST(ParseWarc, OnlySomeTypesHoldPages) {
  const std::string http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + std::string(kHtml);
  for (const char* type : {"warcinfo", "request", "revisit", "metadata", "continuation", "unknown", ""}) {
    Page page;
    EXPECT_FALSE(*Parse(WarcRecord(type, kHttp, http), &page)) << type;
    EXPECT_EQ(page.record_type, type);
  }
  EXPECT_TRUE(IsPage(WarcRecord("Response", kHttp, http)));
  EXPECT_TRUE(IsPage(WarcRecord("resource", kHttp, http)));
  EXPECT_TRUE(IsPage(WarcRecord("resource", "Content-Type: text/html\r\n", kHtml)));
  EXPECT_TRUE(IsPage(WarcRecord("response", "", http)));
  EXPECT_TRUE(IsPage(WarcRecord("conversion", "Content-Type: text/html\r\n", kHtml)));
  EXPECT_FALSE(IsPage(WarcRecord("response", "Content-Type: text/dns\r\n", "20200101\nexample.com")));
  EXPECT_FALSE(IsPage(WarcRecord("conversion", "Content-Type: application/pdf\r\n", "%PDF")));
}

TEST(ParseWarc, TheContentTypeDecides) {
  EXPECT_EQ(Response("Content-Type: text/html; charset=utf-8\r\n", kHtml).text, "One\nTwo\n");
  EXPECT_EQ(Response("content-type: Application/XHTML+xml\r\n", kHtml).text, "One\nTwo\n");
  EXPECT_EQ(Response("Content-Type: text/plain\r\n", kHtml).text, kHtml);
  EXPECT_EQ(Response("Content-Type: text/xml\r\n", kHtml).text, "One\nTwo\n");
  EXPECT_EQ(Response("", kHtml).text, "One\nTwo\n") << "no type: by the first bytes";
  EXPECT_EQ(Response("", "plain text").text, "plain text");
  EXPECT_EQ(Response("Content-Type:\r\n", kHtml).text, "One\nTwo\n");
  for (const auto& [type, body] : {std::pair<std::string, std::string>{"image/gif", "GIF89a"},
                                   {"application/json", "{}"},
                                   {"text/css", "a{}"},
                                   {"text/xml", "<rss></rss>"},
                                   {"text/html", "GIF89a\1 says it is HTML"},
                                   {"text/html", ""}}) {
    EXPECT_FALSE(
        IsPage(WarcRecord("response", kHttp, "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + body)))
        << type;
  }
  EXPECT_FALSE(IsPage(
      WarcRecord("response", kHttp,
                 "HTTP/1.1 200 OK\r\n\r\n" + RandomBytes(1, 200, std::string_view("\0\1\2\3abc", 7)))));
  EXPECT_FALSE(IsPage(WarcRecord("response", kHttp, "HTTP/1.1 302 Found\r\nContent-Type: text/html\r\n")));
  EXPECT_FALSE(IsPage(WarcRecord("response", kHttp, "")));
}

TEST(ParseWarc, TheIdentifiedTypeHelpsWhereTheServerGaveNone) {
  Page page;
  const std::string record =
      WarcRecord("response", std::string(kHttp) + "WARC-Identified-Payload-Type: image/x-odd\r\n",
                 "HTTP/1.1 200 OK\r\n\r\nplain enough");
  EXPECT_FALSE(*Parse(record, &page));
}

TEST(ParseWarc, DecodesTheCharset) {
  const Page page = Response("Content-Type: text/html; charset=ISO-8859-1\r\n", "<p>\xe4");
  EXPECT_EQ(page.text, "\u00e4\n");
  EXPECT_EQ(page.charset, "windows-1252");
  EXPECT_EQ(Response("Content-Type: text/plain; charset=\"koi8-r\"\r\n", "\xf2").text, "\u0420");
  EXPECT_TRUE(IsValidUtf8(Response("Content-Type: text/html; charset=utf-8\r\n", "<p>\xff\xfe x \xc3").text));
}

TEST(ParseWarc, UndoesCodingsThatAreThere) {
  const std::string html = kHtml;
  const std::string type = "Content-Type: text/html\r\n";
  Page page = Response(type + "Content-Encoding: gzip\r\n", Gzip(html));
  EXPECT_EQ(page.text, "One\nTwo\n");
  EXPECT_EQ(page.content, CodingClaim::kTrue);
  EXPECT_EQ(page.transfer, CodingClaim::kNone);
  page = Response(type + "Transfer-Encoding: chunked\r\n",
                  "A\r\n" + html.substr(0, 10) + "\r\n" + "41\r\n" + html.substr(10) + "\r\n0\r\n\r\n");
  EXPECT_EQ(page.text, "One\nTwo\n");
  EXPECT_EQ(page.transfer, CodingClaim::kTrue);
  EXPECT_EQ(Response(type + "Content-Encoding: zstd\r\n", Zstd(html)).text, "One\nTwo\n");
  EXPECT_EQ(Response(type + "Content-Encoding: zstd, X-GZIP\r\n", Gzip(Zstd(html))).text, "One\nTwo\n");
  EXPECT_EQ(Response(type + "Content-Encoding: zstd\r\nContent-Encoding: gzip\r\n", Gzip(Zstd(html))).text,
            "One\nTwo\n");
  EXPECT_EQ(Response(type + "Transfer-Encoding: gzip\r\n", Gzip(html)).text, "One\nTwo\n");
  EXPECT_EQ(Response(type + "Content-Encoding: identity\r\n", html).content, CodingClaim::kNone);
}

// What went wrong: a header of ten thousand codings cost ten thousand times its body.
TEST(ParseWarc, UndoesEightCodingsAtTheMost) {
  const std::string type = "Content-Type: text/html\r\n";
  std::string body = kHtml, list = "gzip";
  for (int i = 0; i < 8; ++i) body = Gzip(body);
  for (int i = 1; i < 8; ++i) list += ", gzip";
  EXPECT_EQ(Response(type + "Content-Encoding: " + list + "\r\n", body).text, "One\nTwo\n");
  EXPECT_EQ(Response(type + "Content-Encoding: identity, " + list + "\r\n", body).text, "One\nTwo\n");
  for (const std::string more : {"Content-Encoding: gzip\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Page page;
    const std::string http =
        "HTTP/1.1 200 OK\r\n" + type + more + "Content-Encoding: " + list + "\r\n\r\n" + Gzip(body);
    const auto result = Parse(WarcRecord("response", kHttp, http), &page);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(result.status().message()), HasSubstr("9 codings"));
  }
}

TEST(ParseWarc, DoesNotUndoCodingsThatAreNotThere) {
  const std::string type = "Content-Type: text/html\r\n";
  for (const char* coding : {"gzip", "deflate", "br", "zstd", "compress", "sdch", "utf-8", "br, gzip"}) {
    const Page page = Response(type + "Content-Encoding: " + coding + "\r\n", kHtml);
    EXPECT_EQ(page.text, "One\nTwo\n") << coding;
    EXPECT_EQ(page.content, CodingClaim::kFalse) << coding;
    EXPECT_FALSE(page.truncated);
  }
  const Page page = Response(type + "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", Gzip(kHtml));
  EXPECT_EQ(page.text, "One\nTwo\n");
  EXPECT_EQ(page.transfer, CodingClaim::kFalse);
  EXPECT_EQ(page.content, CodingClaim::kTrue);
  // Crawlers that undo a coding rename its field.
  EXPECT_EQ(Response(type + "X-Crawler-Content-Encoding: gzip\r\n", kHtml).content, CodingClaim::kNone);
}

TEST(ParseWarc, ReadsTheBeginOfABodyThatIsCut) {
  std::string html = "<p>begin</p>";
  for (int i = 0; i < 2000; ++i) html += "<p>" + std::to_string(i * i) + "</p>";
  const std::string body = Gzip(html);
  const Page page =
      Response("Content-Type: text/html\r\nContent-Encoding: gzip\r\n", body.substr(0, body.size() / 2));
  EXPECT_THAT(page.text, testing::StartsWith("begin\n"));
  EXPECT_TRUE(page.truncated);
  Page marked;
  ASSERT_TRUE(
      *Parse(WarcRecord("resource", "Content-Type: text/plain\r\nWARC-Truncated: length\r\n", "x"), &marked));
  EXPECT_TRUE(marked.truncated);
}

TEST(ParseWarc, RefusesBodiesThatCannotBeDecoded) {
  Page page;
  std::string body = Gzip(std::string(10000, 'x'));
  body[10] = '\xff';
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
  EXPECT_THAT(std::string(Parse(WarcRecord("response", kHttp, head + body), &page).status().message()),
              HasSubstr("neither coded by 'gzip' nor text"));
  const std::string bomb = Gzip(std::string(size_t{2} << 20, 'x'));
  const auto result = Parse(WarcRecord("response", kHttp, head + bomb), &page, {.max_body = 1 << 20});
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("more than 1048576 bytes"));
  EXPECT_EQ(page.record_type, "response");
}

TEST(ParseWarc, ReadsOddHttpHeads) {
  const std::pair<const char*, const char*> odd[] = {
      {"HTTP/1.0 200\r\r\nContent-Type: text/plain\r\r\n\r\r\nbody", "body"},
      {"HTTP/1.1 200 OK\nContent-Type: text/plain\n\nbody", "body"},
      {"HTTP/1.1 200 OK\r\nContent-Type:\r\n text/plain\r\n\r\n\r\nbody", "\r\nbody"},
      {"no head at all", "no head at all"},
  };
  for (const auto& [block, text] : odd) {
    Page page;
    ASSERT_TRUE(*Parse(WarcRecord("response", kHttp, block), &page)) << block;
    EXPECT_EQ(page.text, text);
  }
}

TEST(ParseWarc, ReportsADamagedRecord) {
  Page page;
  EXPECT_THAT(std::string(Parse("no record", &page).status().message()), HasSubstr("no WARC version line"));
  EXPECT_THAT(std::string(Parse("WARC/1.0\r\nContent-Length: 10\r\n\r\nshort", &page).status().message()),
              HasSubstr("cut off"));
}

TEST(ParseFiles, TextIsTakenAsItStandsAndHtmlExtracted) {
  PageParser parser{ParseOptions{}};
  Page page;
  Record record;
  record.kind = RecordKind::kText;
  record.bytes = "\xef\xbb\xbf any \xff text\r\n";
  ASSERT_TRUE(*parser.Parse(record, &page));
  EXPECT_EQ(page.text, record.bytes);
  EXPECT_EQ(page.raw, record.bytes);
  record.kind = RecordKind::kHtml;
  record.bytes = "<meta charset=iso-8859-2><p>\xb1";
  ASSERT_TRUE(*parser.Parse(record, &page));
  EXPECT_EQ(page.text, "\u0105\n");
  EXPECT_EQ(page.charset, "iso-8859-2");
  EXPECT_TRUE(page.raw.empty());
}

}  // namespace
}  // namespace refrain
