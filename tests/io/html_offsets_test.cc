#include <algorithm>
#include <cctype>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/io/html_testing.h"

namespace refrain {
namespace {

TEST(HtmlOffsets, EachByteKnowsWhereItCameFrom) {
  const std::string html = "<p>ab  <b>c</b>&eacute;d</p>\n<p>e";
  const HtmlText page = Extract(html, {.map_offsets = true});
  ASSERT_EQ(page.text,
            "ab c\u00E9"
            "d\ne\n");
  const std::vector<uint32_t> expected = {3, 4, 5, 10, 15, 15, 23, 24, 32, 33};
  EXPECT_EQ(page.offsets, expected);
  const std::vector<uint32_t> ends = {4, 5, 6, 11, 23, 23, 24, 24, 33, 33};
  EXPECT_EQ(page.ends, ends);
}

TEST(HtmlOffsets, LineFeedsComeFromWhatBrokeTheLine) {
  const HtmlText page = Extract("a <br>b", {.map_offsets = true});
  EXPECT_EQ(page.text, "a\nb\n");
  EXPECT_EQ(page.offsets, (std::vector<uint32_t>{0, 2, 6, 7}));
}

const std::vector<std::string>& Pieces() {
  static const auto& pieces = *new std::vector<std::string>{"<p>",
                                                            "</p>",
                                                            "<div>",
                                                            "</div>",
                                                            "<b>",
                                                            "</b>",
                                                            "<table>",
                                                            "<td>",
                                                            "<tr>",
                                                            "</table>",
                                                            "<pre>",
                                                            "</pre>",
                                                            "<br>",
                                                            "<li>",
                                                            "<svg>",
                                                            "</svg>",
                                                            "<math>",
                                                            "</math>",
                                                            "<select>",
                                                            "</select>",
                                                            "<p hidden>",
                                                            "<script>",
                                                            "</script>",
                                                            "<title>",
                                                            "</title>",
                                                            "<textarea>",
                                                            "</textarea>",
                                                            "<!-- x -->",
                                                            "&amp;",
                                                            "&nbsp;",
                                                            "&NotEqualTilde;",
                                                            "&#x1F600;",
                                                            "&",
                                                            "<",
                                                            ">",
                                                            "\"",
                                                            " ",
                                                            "\n",
                                                            "\t",
                                                            "a",
                                                            "word",
                                                            "two words",
                                                            "\u00E9",
                                                            "\u4E2D\u6587",
                                                            std::string(1, '\0'),
                                                            "<![CDATA[",
                                                            "]]>",
                                                            "</form>",
                                                            "<form>",
                                                            "</body>",
                                                            "<a href='",
                                                            "'>",
                                                            "<button>",
                                                            "<object>"};
  return pieces;
}

std::string AnyHtml() {
  std::string html;
  for (const std::string& piece :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(Pieces()))) {
    html += piece;
  }
  return html;
}

RC_GTEST_PROP(HtmlOffsets, NeverFallAndStayInside, ()) {
  const std::string html = AnyHtml();
  const HtmlText page = Extract(html, {.map_offsets = true});
  RC_ASSERT(page.offsets.size() == page.text.size());
  RC_ASSERT(std::is_sorted(page.offsets.begin(), page.offsets.end()));
  RC_ASSERT((page.offsets.empty() || page.offsets.back() <= html.size()));
}

RC_GTEST_PROP(HtmlOffsets, EndsNeverFallAndLieBeforeTheNextCharacter, ()) {
  const std::string html = AnyHtml();
  const HtmlText page = Extract(html, {.map_offsets = true});
  RC_ASSERT(page.ends.size() == page.text.size());
  RC_ASSERT(std::is_sorted(page.ends.begin(), page.ends.end()));
  RC_ASSERT((page.ends.empty() || page.ends.back() <= html.size()));
  for (size_t i = 0; i < page.text.size(); ++i) {
    RC_ASSERT(page.offsets[i] <= page.ends[i]);
    if (i == 0 || page.offsets[i] == page.offsets[i - 1]) continue;
    RC_ASSERT(page.ends[i - 1] <= page.offsets[i]);
  }
}

RC_GTEST_PROP(HtmlOffsets, WhatEachCharacterCameFromIsThatCharacter, ()) {
  const std::string html = AnyHtml();
  const HtmlText page = Extract(html, {.map_offsets = true});
  for (size_t begin = 0, end; begin < page.text.size(); begin = end) {
    for (end = begin + 1; end < page.text.size() && page.offsets[end] == page.offsets[begin];) ++end;
    if (std::isspace(static_cast<unsigned char>(page.text[end - 1]))) continue;
    const std::string from = html.substr(page.offsets[begin], page.ends[begin] - page.offsets[begin]);
    const std::string text = page.text.substr(begin, end - begin);
    RC_ASSERT((from == text || (from == std::string(1, '\0') && text == "\uFFFD") ||
               (from.front() == '&' && Extract("x" + from + "x").text == "x" + text + "x\n")));
  }
}

// HTML whose text can be had by taking out scripts and what stands between '<' and '>'. No end tags that a
// parser passes over.
std::string PlainHtml() {
  static const auto& pieces = *new std::vector<std::string>{"<p>",
                                                            "</p>",
                                                            "<div class=\"a b\">",
                                                            "<b>",
                                                            "</b>",
                                                            "<a href='/x?a=b&amp;c'>",
                                                            "</a>",
                                                            "<br>",
                                                            "<!-- a comment -->",
                                                            "<script>let a = \"words\";</script>",
                                                            "<h2>",
                                                            "<ul><li>",
                                                            " ",
                                                            "\n\t",
                                                            "  ",
                                                            "word",
                                                            "one two",
                                                            "&amp;",
                                                            "&eacute;t",
                                                            "&#x4E2D;",
                                                            "\u00E9\u4E2D",
                                                            "&nbsp;",
                                                            "a&b",
                                                            "&lt;b&gt;",
                                                            ".",
                                                            "&NotEqualTilde;"};
  std::string html;
  for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)))
    html += piece;
  return html;
}

std::vector<std::string> WordsWithoutTags(std::string html) {
  html = std::regex_replace(html, std::regex("<script>[^<]*</script>|<!--.*?-->|</?[ab](?: [^>]*)?>"), "");
  html = std::regex_replace(html, std::regex("<[^>]*>"), " ");
  const std::pair<const char*, const char*> references[] = {
      {"&eacute;", "\u00E9"}, {"&#x4E2D;", "\u4E2D"}, {"&nbsp;", "\u00A0"},
      {"&lt;", "<"},          {"&gt;", ">"},          {"&NotEqualTilde;", "\u2242\u0338"},
      {"&amp;", "&"}};
  for (const auto& [reference, character] : references)
    html = std::regex_replace(html, std::regex(reference), character);
  // No line ends in a hard space.
  html = std::regex_replace(html, std::regex("\u00A0"), " ");
  std::istringstream words(html);
  return {std::istream_iterator<std::string>(words), {}};
}

RC_GTEST_PROP(HtmlOffsets, TheBytesOfASpanWithoutTagsAreItsWords, ()) {
  const std::string html = PlainHtml();
  const HtmlText page = Extract(html, {.map_offsets = true});
  RC_PRE(!page.text.empty());
  const auto inside = [&](size_t at) {
    return at > 0 && at < page.text.size() &&
           ((page.text[at] & 0xC0) == 0x80 || page.offsets[at] == page.offsets[at - 1]);
  };
  size_t begin = *rc::gen::inRange<size_t>(0, page.text.size());
  size_t end = *rc::gen::inRange<size_t>(begin + 1, page.text.size() + 1);
  while (inside(begin)) --begin;
  while (inside(end)) ++end;
  const std::string text = page.text.substr(begin, end - begin);
  const std::string from = html.substr(page.offsets[begin], page.ends[end - 1] - page.offsets[begin]);
  std::istringstream words(std::regex_replace(text, std::regex("\u00A0"), " "));
  RC_ASSERT(WordsWithoutTags(from) ==
            std::vector<std::string>(std::istream_iterator<std::string>(words), {}));
}

RC_GTEST_PROP(HtmlOffsets, NameTheSameByteUnlessItIsAReferenceOrSpace, ()) {
  const std::string html = AnyHtml();
  const HtmlText page = Extract(html, {.map_offsets = true});
  for (size_t i = 0; i < page.text.size(); ++i) {
    const char c = page.text[i];
    if (std::isspace(static_cast<unsigned char>(c))) continue;
    const char from = html[page.offsets[i]];
    RC_ASSERT((from == c || from == '&' || from == '\0'));
  }
}

RC_GTEST_PROP(HtmlOffsets, AskingForThemChangesNothing, ()) {
  const std::string html = AnyHtml();
  RC_ASSERT(Extract(html, {.map_offsets = true}).text == Extract(html).text);
}

RC_GTEST_PROP(HtmlLines, AreNeverBlankAndNeverEndInWhiteSpace, ()) {
  const std::string text = Extract(AnyHtml()).text;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    RC_ASSERT(end != std::string::npos);
    const std::string line = text.substr(begin, end - begin);
    RC_ASSERT(!line.empty());
    RC_ASSERT((line.back() != ' ' && line.back() != '\t' && line.back() != '\r'));
    RC_ASSERT((!line.ends_with("\u00A0") && !line.ends_with("\u3000")));
    begin = end + 1;
  }
}

}  // namespace
}  // namespace refrain
