#include "refrain/report/web.h"

#include <array>
#include <cmath>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace refrain {
namespace {

std::string Page(const PageRow& row, std::string_view name = "p0-1") {
  std::string out;
  AppendWebPage(row, name, &out);
  return out;
}

std::string TextOf(const PageRow& row) {
  const std::string page = Page(row);
  const std::string begin = "<div class=\"text\" dir=\"auto\">";
  const size_t at = page.find(begin) + begin.size();
  return page.substr(at, page.rfind("</div>") - at);
}

std::set<std::string> All(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), regex); at != std::sregex_iterator(); ++at)
    EXPECT_TRUE(found.insert((*at)[1]).second) << (*at)[1] << " stands twice";
  return found;
}

TEST(Web, CutTextAndWitnessHaveOneColorAndLinkToEachOther) {
  PageRow row{.id = "a", .text = "Tom ran.\nAnn sat. Tom ran.\n"};
  row.repeats = {{{18, 26}, {0, 8}, 2, 1}};
  row.cut = {{17, 26}};
  EXPECT_EQ(
      Page(row),
      "<article id=\"p0-1\">\n<h2 dir=\"auto\">a</h2>\n"
      "<p class=\"facts\">27 bytes, 33.3 % cut, 1 repeat</p>\n"
      "<div class=\"text\" dir=\"auto\"><mark class=\"c0\">"
      "<a id=\"p0-1-kept1\" href=\"#p0-1-cut1\" title=\"2 words, 1 spelt in another way by the copy that "
      "stays\" aria-label=\"Stays; to the copy that goes: 1\">1</a>Tom ran.</mark>\nAnn sat."
      "<del class=\"c0\" title=\"2 words, 1 spelt in another way by the copy that stays\">"
      "<a id=\"p0-1-cut1\" href=\"#p0-1-kept1\" title=\"2 words, 1 spelt in another way by the copy that "
      "stays\" aria-label=\"Goes; to the copy that stays: 1\">1</a> Tom ran.</del>\n</div>\n</article>\n");
}

TEST(Web, EveryLinkHasItsEnd) {
  PageRow row{.text = "abcdef-bc-abcd-def-bc"};
  row.repeats = {{{7, 9}, {1, 3}, 1}, {{10, 14}, {0, 4}, 1}, {{15, 18}, {3, 6}, 1}, {{19, 21}, {1, 3}, 1}};
  row.cut = {{7, 10}, {10, 14}, {15, 18}, {19, 21}};
  const std::string both = Page(row, "p0-1") + Page(row, "p0-2");
  std::set<std::string> ids = All(both, " id=\"([^\"]*)\"");
  EXPECT_EQ(ids.erase("p0-1") + ids.erase("p0-2"), 2u);
  EXPECT_EQ(ids, All(both, " href=\"#([^\"]*)\""));
  EXPECT_EQ(ids.size(), 16u);
}

TEST(Web, TextIsEscapedAndDoesNothing) {
  EXPECT_EQ(TextOf({.text = "<script>alert(1)</script> & \"x\"\n"}),
            "&lt;script&gt;alert(1)&lt;/script&gt; &amp; \"x\"\n");
  EXPECT_EQ(TextOf({.text = "a\x1b\x07\xFF\tb\r\nc"}), "a\uFFFD\uFFFD\uFFFD\tb\nc");
  EXPECT_EQ(TextOf({.text = std::string_view("a\0b", 3)}), "a\uFFFDb");
  EXPECT_NE(Page({.id = "<b>", .text = ""}).find("<h2 dir=\"auto\">&lt;b&gt;</h2>"), std::string::npos);
  const std::string told = Page({.id = "<b>", .text = "", .explained = true});
  EXPECT_EQ(told.find("<b>"), std::string::npos);
  EXPECT_NE(told.find("&lt;b&gt;: 0 bytes"), std::string::npos);
}

TEST(Web, TheFileNeedsNoOther) {
  std::string file;
  AppendWebHead(&file);
  file += Page({.text = "text"});
  AppendWebFoot(&file);
  EXPECT_TRUE(file.starts_with("<!doctype html>"));
  EXPECT_TRUE(file.ends_with("</html>\n"));
  for (const std::string part : {"<script", "<link", "<img", "url(", "@import", "http:", "https:", "src="})
    EXPECT_EQ(file.find(part), std::string::npos) << part;
}

// WCAG 2: (lighter + 0.05) / (darker + 0.05) in relative luminance.
double Luminance(const std::string& color) {
  const auto channel = [&](size_t i) {
    const std::string digits = color.size() == 4 ? std::string(2, color[1 + i]) : color.substr(1 + 2 * i, 2);
    const double c = std::stoi(digits, nullptr, 16) / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
}

TEST(Web, ColorsCanBeReadOnTheirGroundInTheLightAndInTheDark) {
  std::string head;
  AppendWebHead(&head);
  const size_t dark = head.find("@media"), end = head.find("body {");
  ASSERT_LT(dark, end);
  for (const std::string& scheme : {head.substr(0, dark), head.substr(dark, end - dark)}) {
    std::smatch ground;
    ASSERT_TRUE(std::regex_search(scheme, ground, std::regex("--ground: (#[0-9a-f]+)")));
    const std::regex color("--(text|cut|c[0-9]): (#[0-9a-f]+)");
    int colors = 0;
    for (auto at = std::sregex_iterator(scheme.begin(), scheme.end(), color); at != std::sregex_iterator();
         ++at, ++colors) {
      const double one = Luminance(ground[1]) + 0.05, other = Luminance((*at)[2]) + 0.05;
      EXPECT_GE(std::max(one, other) / std::min(one, other), 4.5) << at->str();
    }
    EXPECT_EQ(colors, 8);
  }
}

}  // namespace
}  // namespace refrain
