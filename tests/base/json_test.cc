#include "refrain/base/json.h"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <simdjson.h>

namespace refrain {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

std::string NumberText(double value, int decimals) {
  std::string out;
  JsonWriter(&out).Fixed(value, decimals);
  return out;
}

TEST(Json, EscapesOnlyWhatMustBe) {
  EXPECT_EQ(Quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(Quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(Quoted("\u00e4\u2028\U0001f600"), "\"\u00e4\u2028\U0001f600\"");
}

TEST(Json, EscapesAtEveryDistanceFromAWordsEdge) {
  for (size_t size = 0; size < 40; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (char special : {'"', '\\', '\x01'}) {
        std::string text(size, '\xff');
        text[at] = special;
        const std::string escape = special == '"' ? "\\\"" : special == '\\' ? "\\\\" : "\\u0001";
        EXPECT_EQ(Quoted(text), '"' + text.substr(0, at) + escape + text.substr(at + 1) + '"');
      }
    }
  }
}

TEST(Json, CopiesInvalidUtf8Untouched) { EXPECT_EQ(Quoted("\xff\xc0 \x80"), "\"\xff\xc0 \x80\""); }

RC_GTEST_PROP(Json, EveryAsciiStringComesBackFromAParser, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(0, 127));
  const simdjson::padded_string json(Quoted(text));
  simdjson::dom::parser parser;
  std::string_view back;
  RC_ASSERT(parser.parse(json).get(back) == simdjson::SUCCESS);
  RC_ASSERT(back == text);
}

TEST(JsonWriter, SetsCommasByItself) {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject()
      .Field("a", 1)
      .Key("b")
      .BeginArray()
      .BeginArray()
      .EndArray()
      .Value("x")
      .BeginObject()
      .EndObject();
  json.Null().EndArray().Field("c", true).EndObject().EndLine();
  json.BeginArray().EndArray().EndLine();
  EXPECT_EQ(out, "{\"a\":1,\"b\":[[],\"x\",{},null],\"c\":true}\n[]\n");
}

TEST(JsonWriter, WritesTheExtremeIntegers) {
  std::string out;
  JsonWriter(&out)
      .BeginArray()
      .Value(std::numeric_limits<int64_t>::min())
      .Value(std::numeric_limits<uint64_t>::max())
      .Value(uint8_t{7})
      .Value(size_t{0})
      .EndArray();
  EXPECT_EQ(out, "[-9223372036854775808,18446744073709551615,7,0]");
}

TEST(JsonWriter, WritesDoublesWithFixedDecimals) {
  EXPECT_EQ(NumberText(0.8, 4), "0.8000");
  EXPECT_EQ(NumberText(1.0 / 3, 6), "0.333333");
  EXPECT_EQ(NumberText(0.5, 0), "0");  // half to even
  EXPECT_EQ(NumberText(-1.25, 1), "-1.2");
  EXPECT_EQ(NumberText(-0.00001, 4), "0.0000");
  EXPECT_EQ(NumberText(std::nan(""), 4), "null");
  EXPECT_EQ(NumberText(-std::numeric_limits<double>::infinity(), 4), "null");
  EXPECT_EQ(NumberText(-std::numeric_limits<double>::max(), 17).size(), 1u + 309 + 1 + 17);
  std::string out;
  JsonWriter(&out).Value(0.123456);
  EXPECT_EQ(out, "0.1235");
}

}  // namespace
}  // namespace refrain
