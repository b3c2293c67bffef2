// Pages made to break readers. Each would take hours, or all memory, if anything here were quadratic or deep.

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/io/html_testing.h"

namespace refrain {
namespace {

TEST(HtmlHostile, AMillionNestedElementsAreRead) {
  const std::set<std::string> hiding = {"object", "svg", "template"};
  for (const char* tag : {"div", "span", "p", "b", "a", "li", "table", "td", "select", "svg", "math", "form",
                          "h1", "button", "object", "template", "ruby", "x-y"}) {
    const std::string open = std::string("<") + tag + ">";
    const std::string close = std::string("</") + tag + ">";
    const bool shown = hiding.count(tag) == 0;
    EXPECT_EQ(Lines(Repeat(open, 1000000) + "deep" + Repeat(close, 1000000)), shown ? "deep|" : "") << tag;
  }
}

TEST(HtmlHostile, ElementsTooDeepForTheStackStillBreakLines) {
  const std::string html = Repeat("<div>", 100000) + "a<p>b</p>c" + Repeat("</div>", 100000) + "d";
  EXPECT_EQ(Lines(html), "a|b|c|d|");
  const std::string rows = Repeat("<b>", 600) + "<div>a</div>b<div>c</div>d";
  EXPECT_EQ(Lines(rows), "a|b|c|d|");
}

TEST(HtmlHostile, HiddenElementsTooDeepForTheStackDoNotSwallowThePage) {
  for (int depth : {1, 2, 3, 16}) {
    const HtmlOptions options{.max_depth = depth};
    EXPECT_TRUE(Lines("<div hidden>a</div>b", options) == "b|") << depth;
    EXPECT_TRUE(Lines("<i><i><i><i><i><p hidden>a<p>b", options).ends_with("b|")) << depth;
    EXPECT_TRUE(
        Lines(Repeat("<div hidden>", 50) + "a" + Repeat("</div>", 50) + "b", options).ends_with("b|"));
  }
  EXPECT_EQ(Lines(Repeat("<i>", 1000) + "<div hidden>a</div>b"), "b|");
}

TEST(HtmlHostile, DepthOfZeroIsOne) { EXPECT_EQ(Lines("<p hidden>a<p>b", {.max_depth = 0}), "b|"); }

TEST(HtmlHostile, MegabytesOfOneThingAreLinear) {
  for (const char* piece : {"<",
                            "&",
                            "&#",
                            "&#x",
                            "&amp",
                            "<!--",
                            "<!-",
                            "<!",
                            "<?",
                            "</",
                            "</a",
                            "<a ",
                            "<a x=",
                            "<a x='",
                            "<a x=\"",
                            "</>",
                            "<script>",
                            "<script><!--",
                            "</script",
                            "<title>",
                            "<textarea></textare",
                            "<svg><![CDATA[",
                            "<b><p>",
                            "</b>",
                            "</p>",
                            "<li>",
                            "<a>",
                            "<table><tr><td>",
                            "<td>",
                            "<p><table>",
                            "<option>",
                            "<select>",
                            "-",
                            "--",
                            "-->",
                            "]]>",
                            " ",
                            "\n",
                            "\t ",
                            "&nbsp;",
                            "<br>",
                            "<pre> ",
                            "=",
                            "'",
                            "\"",
                            "\xC2",
                            "\xFF",
                            "<p hidden>",
                            "<x style=';:;:'>"}) {
    const std::string html = Repeat(piece, 2000000 / std::string_view(piece).size());
    const HtmlText page = Extract(html, {.map_offsets = true});
    EXPECT_EQ(page.offsets.size(), page.text.size()) << piece;
    EXPECT_LE(page.text.size(), html.size() + 1) << piece;
  }
  EXPECT_EQ(Lines(std::string(2000000, '\0')), "");
}

TEST(HtmlHostile, EndTagsThatReachNothingAreCheap) {
  // Each of these searched through the whole stack once.
  EXPECT_EQ(Lines("<p><button>" + Repeat("<span>", 500) + Repeat("</p>a", 500000)), Repeat("a|", 500000));
  EXPECT_EQ(Lines("<h1><table><td>" + Repeat("<i>", 500) + Repeat("</h2>", 500000) + "a"), "a|");
  EXPECT_EQ(Lines("<ul><li><ul>" + Repeat("<div>", 500) + Repeat("<li></li>", 200000) + "a"), "a|");
  EXPECT_EQ(Lines("<svg>" + Repeat("<g>", 500) + Repeat("</x>", 500000)), "");
}

TEST(HtmlHostile, OneTextOfTenMegabytesIsOneLine) {
  const std::string text = Repeat("word ", 2000000);
  EXPECT_EQ(Extract(text).text, text.substr(0, text.size() - 1) + "\n");
  const std::string letters(10000000, 'a');
  EXPECT_EQ(Extract(letters).text, letters + "\n");
}

TEST(HtmlHostile, OneTagOfTenMegabytesIsNoText) {
  EXPECT_EQ(Lines("a<" + std::string(10000000, 'b') + ">c"), "ac|");
  EXPECT_EQ(Lines("a<b " + Repeat("x=y ", 2500000) + ">c"), "ac|");
  EXPECT_EQ(Lines("a<b style='" + Repeat("display:none;", 800000) + "'>c</b>d"), "ad|");
  EXPECT_EQ(Lines("a&#" + std::string(10000000, '1') + ";b"),
            "a\uFFFD"
            "b|");
}

TEST(HtmlHostile, InvalidUtf8GoesThrough) {
  EXPECT_EQ(Lines("a\xFF\xC2<b>\xA0\x80</b>\xE3"), "a\xFF\xC2\xA0\x80\xE3|");
  EXPECT_EQ(Lines("\xA0 \x80\x80"), "\xA0 \x80\x80|");
}

}  // namespace
}  // namespace refrain
