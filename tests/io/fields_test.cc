#include "refrain/io/fields_internal.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/io/io_testing.h"

namespace refrain {
namespace {

TEST(FindHeaderEnd, IsBehindTheFirstEmptyLine) {
  EXPECT_EQ(FindHeaderEnd("a: b\r\n\r\nc\r\n\r\n"), 8u);
  EXPECT_EQ(FindHeaderEnd("a: b\n\nc"), 6u);
  EXPECT_EQ(FindHeaderEnd("a: b\r\r\n\r\r\nc"), 10u);
  EXPECT_EQ(FindHeaderEnd("a: b\n\r\nc"), 7u);
  EXPECT_EQ(FindHeaderEnd("\r\nc"), 2u);
  EXPECT_EQ(FindHeaderEnd("a: b\r\n \r\nc: d\r\n\r\n"), 17u) << "a blank in it: not empty";
  for (const char* text : {"", "a", "a\r\n", "a\r\n\r", "\r", "a\n b\n"})
    EXPECT_EQ(FindHeaderEnd(text), std::string::npos) << text;
}

RC_GTEST_PROP(FindHeaderEnd, DoesNotDependOnHowMuchWasThereBefore, ()) {
  const std::string text = RandomBytes(*rc::gen::arbitrary<uint64_t>(), 40, "a\r\n\n");
  size_t end = std::string::npos;
  size_t before = 0;
  for (size_t size = 0; size <= text.size() && end == std::string::npos; size += *rc::gen::inRange(1, 5)) {
    end = FindHeaderEnd(std::string_view(text).substr(0, size), before);
    before = size;
  }
  if (end == std::string::npos) end = FindHeaderEnd(text, before);
  RC_ASSERT(end == FindHeaderEnd(text));
}

TEST(ParseFields, TrimsJoinsAndPassesBy) {
  const auto fields = ParseFields(
      "HTTP/1.1 200: OK\r\nA:  one \r\nno field\r\nb :two\n\t three\r\n  \r\nA:\r\n four\r\n: no "
      "name\r\nlast:x");
  ASSERT_EQ(fields.size(), 5u);
  EXPECT_EQ(fields[0].name, "A");
  EXPECT_EQ(fields[0].value, "one");
  EXPECT_EQ(fields[1].name, "b");
  EXPECT_EQ(fields[1].value, "two three");
  EXPECT_EQ(fields[2].value, "four");
  EXPECT_EQ(fields[3].name, "");
  EXPECT_EQ(fields[4].value, "x");
  EXPECT_EQ(*FindField(fields, "a"), "one");
  EXPECT_EQ(*FindField(fields, "LAST"), "x");
  EXPECT_EQ(FindField(fields, "c"), nullptr);
  EXPECT_EQ(JoinFields(fields, "a"), "one, four");
  EXPECT_EQ(JoinFields(fields, "c"), "");
  EXPECT_TRUE(ParseFields("first line only").empty());
  EXPECT_TRUE(ParseFields("first\r\n folded with nothing in front\r\n\r\n").empty());
}

TEST(MediaType, IsTakenFromWhatServersSend) {
  EXPECT_EQ(MediaType("Text/HTML; charset=x"), "text/html");
  EXPECT_EQ(MediaType(" text/html"), "text/html");
  EXPECT_EQ(MediaType("text/html charset=x"), "text/html");
  EXPECT_EQ(MediaType("text/html, text/plain"), "text/html");
  EXPECT_EQ(MediaType(""), "");
  EXPECT_EQ(MediaParameter("text/html; charset=UTF-8", "charset"), "UTF-8");
  EXPECT_EQ(MediaParameter("text/html;a=b ; Charset = \"utf-8\" ;c=d", "charset"), "utf-8");
  EXPECT_EQ(MediaParameter("text/html; charset='latin1", "charset"), "latin1");
  EXPECT_EQ(MediaParameter("text/html; charset=", "charset"), "");
  EXPECT_EQ(MediaParameter("text/html; charset", "charset"), "");
  EXPECT_EQ(MediaParameter("text/html", "charset"), "");
  EXPECT_EQ(MediaParameter("text/html; charset=a, text/html; charset=b", "charset"), "a");
}

TEST(ParseWarcHead, ReadsVersionFieldsAndLength) {
  std::string reason;
  const std::string text = "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 12\r\n\r\nblock";
  const auto head = ParseWarcHead(text, &reason);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->version, "1.1");
  EXPECT_EQ(head->size, text.size() - 5);
  EXPECT_EQ(head->content_length, 12u);
  EXPECT_EQ(*FindField(head->fields, "warc-type"), "response");
}

TEST(ParseWarcHead, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> wrong[] = {
      {"HTTP/1.1 200 OK\r\n\r\n", "no WARC version line"},
      {"WARC/x\r\n\r\n", "no WARC version line"},
      {"WARC/1.0 and more\r\n\r\n", "no WARC version line"},
      {"WARC/1.0\r\nA: b\r\n", "without end"},
      {"WARC/1.0\r\nA: b\r\n\r\n", "without Content-Length"},
      {"WARC/1.0\r\nContent-Length: \r\n\r\n", "Content-Length ''"},
      {"WARC/1.0\r\nContent-Length: 12a\r\n\r\n", "Content-Length '12a'"},
      {"WARC/1.0\r\nContent-Length: -12\r\n\r\n", "Content-Length '-12'"},
      {"WARC/1.0\r\nContent-Length: 18446744073709551616\r\n\r\n", "Content-Length '18446744073709551616'"},
  };
  for (const auto& [text, said] : wrong) {
    std::string reason;
    EXPECT_FALSE(ParseWarcHead(text, &reason).has_value()) << text;
    EXPECT_THAT(reason, testing::HasSubstr(said));
  }
}

}  // namespace
}  // namespace refrain
