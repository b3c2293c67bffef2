#include "refrain/report/jsonl.h"

#include <string>

#include <gtest/gtest.h>

namespace refrain {
namespace {

template <typename Row>
std::string Line(const Row& row) {
  std::string out = "before\n";  // lines are appended
  AppendJson(row, &out);
  EXPECT_EQ(out.substr(0, 7), "before\n");
  return out.substr(7);
}

TEST(Jsonl, PageRow) {
  PageRow row{.id = "https://example.org/1", .text = "some text"};
  EXPECT_EQ(Line(row), "{\"id\":\"https://example.org/1\",\"bytes\":9,\"repeats\":[],\"cut\":[]}\n");
  row.repeats = {{{10, 20}, {0, 10}, 3, 1}, {{30, 41}, {50, 61}, 12, 0}};
  row.cut = {{10, 21}, {30, 42}};
  EXPECT_EQ(Line(row),
            "{\"id\":\"https://example.org/1\",\"bytes\":9,\"repeats\":["
            "{\"begin\":10,\"end\":20,\"kept_begin\":0,\"kept_end\":10,\"tokens\":3,\"edits\":1},"
            "{\"begin\":30,\"end\":41,\"kept_begin\":50,\"kept_end\":61,\"tokens\":12,\"edits\":0}],"
            "\"cut\":[[10,21],[30,42]]}\n");
}

TEST(Jsonl, PageRowThatIsExplainedSaysWhy) {
  PageRow row{.id = "a", .text = "some text", .explained = true, .words = 812.25};
  row.repeats = {{{10, 20}, {0, 10}, 3, 1, 2.5, CutBecause::kGlued}};
  row.cut = {{10, 21}};
  row.left = {{{1, 2}, {3, 4}, LeftBecause::kDiffers, 12, 12, 40, RepeatKind::kInsideText, 3},
              {{1, 2}, {5, 6}, LeftBecause::kShortForPage, 12, -8, 75},
              {{1, 2}, {7, 8}, LeftBecause::kVerse, 20}};
  EXPECT_EQ(
      Line(row),
      "{\"id\":\"a\",\"bytes\":9,\"words\":812.25,\"repeats\":["
      "{\"begin\":10,\"end\":20,\"kept_begin\":0,\"kept_end\":10,\"tokens\":3,\"edits\":1,"
      "\"words\":2.50,\"because\":\"glued\"}],\"cut\":[[10,21]],\"left\":["
      "{\"first\":[1,2],\"second\":[3,4],\"words\":12.00,\"because\":\"differs\","
      "\"weighed\":12.00,\"needed\":40.00,\"kind\":\"inside_text\",\"at_min_tokens\":3},"
      "{\"first\":[1,2],\"second\":[5,6],\"words\":12.00,\"because\":\"short_for_page\","
      "\"weighed\":-8.00,\"needed\":75.00,\"kind\":\"whole_lines\",\"at_min_tokens\":null},"
      "{\"first\":[1,2],\"second\":[7,8],\"words\":20.00,\"because\":\"verse\",\"at_min_tokens\":null}]}\n");
}

TEST(Jsonl, PageRowWithItsPlacesInHtml) {
  PageRow row{.id = "a", .text = "some text"};
  row.html =
      HtmlRow{.charset = "koi8-r", .bytes = 99, .dropped = {{10, 20}}, .kept = {{50, 61}}, .cut = {{10, 22}}};
  EXPECT_EQ(Line(row),
            "{\"id\":\"a\",\"bytes\":9,\"repeats\":[],\"cut\":[],\"html\":{\"charset\":\"koi8-r\","
            "\"bytes\":99,\"repeats\":[[10,20,50,61]],\"cut\":[[10,22]]}}\n");
}

TEST(Jsonl, MatchRow) {
  MatchRow row{.a = "one", .b = "two", .resemblance = 0.8125, .a_in_b = 1, .b_in_a = 0.5};
  row.spans = {{{0, 5}, {7, 12}}, {{6, 9}, {20, 23}}};
  EXPECT_EQ(Line(row),
            "{\"a\":\"one\",\"b\":\"two\",\"resemblance\":0.8125,\"a_in_b\":1.0000,\"b_in_a\":0.5000,"
            "\"shingle\":5,\"verdict\":\"near\",\"spans\":[[0,5,7,12],[6,9,20,23]]}\n");
}

TEST(Jsonl, ClusterRow) {
  EXPECT_EQ(Line(ClusterRow{"one", {"two", "three"}}),
            "{\"kept\":\"one\",\"dropped\":[\"two\",\"three\"],\"size\":3}\n");
}

TEST(Jsonl, RemovedPageRow) {
  RemovedPageRow row{.place = {.file = "in.jsonl", .record = 4, .id = "b"}, .witness = "a"};
  row.resemblance = 0.9;
  row.in_witness = 0.95;
  row.only_in_dropped = {{3, 8}};
  row.raw = "{\"id\":\"b\"}";
  EXPECT_EQ(Line(row),
            "{\"verdict\":\"near\",\"id\":\"b\",\"file\":\"in.jsonl\",\"record\":4,\"witness\":\"a\","
            "\"resemblance\":0.9000,\"in_witness\":0.9500,\"only_in_dropped\":[[3,8]],"
            "\"raw\":\"{\\\"id\\\":\\\"b\\\"}\"}\n");
}

TEST(Jsonl, RemovedPageRowOfADamagedRecordSaysWhatWasWrong) {
  RemovedPageRow row{.place = {.file = "in.jsonl", .record = 4}, .verdict = Verdict::kDamaged};
  row.reason = "not JSON";
  row.raw = "{\"text\": \xFF";
  EXPECT_EQ(Line(row),
            "{\"verdict\":\"damaged\",\"file\":\"in.jsonl\",\"record\":4,\"reason\":\"not JSON\","
            "\"raw_base64\":\"eyJ0ZXh0Ijog/w==\"}\n");
}

TEST(Jsonl, RemovedSpanRowOfARepeat) {
  RemovedSpanRow row{.place = {.file = "in.jsonl", .record = 4, .id = "b"}, .span = {10, 21}, .witness = "b"};
  row.repeats = {{{10, 20}, {0, 10}, 3, 1}};
  row.at = 33;
  row.raw = " Tom\\u0061";
  EXPECT_EQ(Line(row),
            "{\"verdict\":\"repeat\",\"id\":\"b\",\"file\":\"in.jsonl\",\"record\":4,\"begin\":10,\"end\":21,"
            "\"witness\":\"b\",\"repeats\":["
            "{\"begin\":10,\"end\":20,\"kept_begin\":0,\"kept_end\":10,\"tokens\":3,\"edits\":1}],"
            "\"at\":33,\"raw\":\" Tom\\\\u0061\"}\n");
}

TEST(Jsonl, RemovedSpanRowOfAPassage) {
  RemovedSpanRow row{.place = {.file = "in.jsonl", .record = 4, .id = "b"}, .verdict = Verdict::kPassage};
  row.span = {10, 21};
  row.witness = "a";
  row.resemblance = 0.97;
  row.kept = {5, 16};
  row.at = 33;
  row.raw = "Some words.";
  EXPECT_EQ(
      Line(row),
      "{\"verdict\":\"passage\",\"id\":\"b\",\"file\":\"in.jsonl\",\"record\":4,\"begin\":10,\"end\":21,"
      "\"witness\":\"a\",\"resemblance\":0.9700,\"kept\":[5,16],\"at\":33,\"raw\":\"Some words.\"}\n");
}

TEST(Jsonl, BytesThatAreNotUtf8ComeAsBase64UnderAnotherKey) {
  EXPECT_EQ(Line(PageRow{.id = "\xC3", .text = "x"}),
            "{\"id_base64\":\"ww==\",\"bytes\":1,\"repeats\":[],\"cut\":[]}\n");
  EXPECT_NE(
      Line(MatchRow{.a = "\xFF", .b = "\xED\xA0\x80"}).find("{\"a_base64\":\"/w==\",\"b_base64\":\"7aCA\","),
      std::string::npos);
  EXPECT_NE(Line(ClusterRow{"\xFF", {}}).find("\"kept_base64\":\"/w==\""), std::string::npos);
  RemovedPageRow row{.place = {.file = "\xFE.jsonl", .record = 1, .id = "\xFF"}, .witness = "\xFF"};
  const std::string line = Line(row);
  for (const std::string part :
       {"\"id_base64\":\"/w==\"", "\"file_base64\":\"/i5qc29ubA==\"", "\"witness_base64\":\"/w==\""})
    EXPECT_NE(line.find(part), std::string::npos) << line;
}

TEST(Jsonl, ALineIsOneLineWhateverItHolds) {
  const std::string nasty("a\n\r\t\"\\\0\x1B\x7F \xE2\x80\xA8 b", 15);
  for (const std::string& line :
       {Line(PageRow{.id = nasty, .text = nasty}), Line(MatchRow{.a = nasty, .b = nasty}),
        Line(ClusterRow{nasty, {nasty}}), Line(RemovedPageRow{.place = {.file = nasty}, .raw = nasty}),
        Line(RemovedSpanRow{.place = {.file = nasty}, .raw = nasty})}) {
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    for (const char c : line.substr(0, line.size() - 1)) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
}

TEST(Jsonl, EveryVerdictHasItsName) {
  EXPECT_EQ(Name(Verdict::kExact), "exact");
  EXPECT_EQ(Name(Verdict::kNear), "near");
  EXPECT_EQ(Name(Verdict::kPassage), "passage");
  EXPECT_EQ(Name(Verdict::kRepeat), "repeat");
  EXPECT_EQ(Name(Verdict::kDamaged), "damaged");
}

TEST(Jsonl, EveryReasonHasItsName) {
  const std::string kinds[] = {"cut_off", "call_out", "glued", "follows", "whole_lines", "inside_text"};
  for (size_t i = 0; i < std::size(kinds); ++i) EXPECT_EQ(Name(static_cast<RepeatKind>(i)), kinds[i]);
  const std::string cut[] = {"cut_off", "glued", "call_out", "capitals", "paragraphs", "entities",
                             "joined",  "slips", "quotes",   "apart",    "second"};
  for (size_t i = 0; i < std::size(cut); ++i) EXPECT_EQ(Name(static_cast<CutBecause>(i)), cut[i]);
  const std::string left[] = {"nothing", "period",  "verse", "title",   "short_for_page", "not_prose",
                              "quoted",  "formula", "entry", "differs", "half_sentence",  "in_pieces"};
  for (size_t i = 0; i < std::size(left); ++i) EXPECT_EQ(Name(static_cast<LeftBecause>(i)), left[i]);
}

}  // namespace
}  // namespace refrain
