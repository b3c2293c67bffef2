#include <algorithm>
#include <cctype>
#include <string>
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
