// ExtractHtml against a walk over Gumbo's tree: the same text, line by line, on pages of our own and on
// random ones.
//
// Where the two may differ, and what keeps it out of these tests:
// - Formatting elements (b, i, a...) left open when their block ends go on in the next block, and a block
// that a formatting
//   element's end tag cuts through moves out of the elements between them, with text already read. A tree can
//   do that. It matters only where a hidden element, a heading, a form or ruby text stands in between:
//   Soup::kFormatting has none.
// - Text straight inside a table, outside its cells, moves in front of the table: kTables writes inside cells
// only.
// - Parts of a table without a table: browsers pass over them, we keep their words apart (html_test.cc has
// tests).
// - Gumbo 0.10 lets "</object>" reach across a marquee and the other way round, and does not know that dialog
// and
//   search end a paragraph; the standard says otherwise.
// - Gumbo replaces control characters by U+FFFD (see WithoutControls).

#include <gtest/gtest.h>

#include "tests/io/html_testing.h"
#include "tests/reference/html_gumbo.h"
#include "tests/reference/html_pages.h"
#include "tests/reference/html_soup.h"

namespace refrain {
namespace {

using reference::Soup;

std::string Describe(const std::string& html) {
  return "html:  " + html + "\nours:  " + Lines(html) + "\ngumbo: " + reference::ExtractWithGumbo(html).text;
}

TEST(HtmlGumbo, PagesOfAllKindsGiveTheSameText) {
  for (const std::string& html : reference::NastyPages()) {
    const reference::GumboText gumbo = reference::ExtractWithGumbo(html);
    const HtmlText ours = Extract(html);
    EXPECT_EQ(reference::WithoutControls(ours.text), gumbo.text) << html;
    EXPECT_EQ(reference::Words(ours.text), reference::Words(gumbo.text));
    EXPECT_EQ(ours.title, gumbo.title) << html;
  }
}

bool Differs(const std::vector<std::string>& pieces) {
  const std::string html = reference::Join(pieces);
  return Extract(html).text != reference::ExtractWithGumbo(html).text;
}

void ExpectSameOnSoup(Soup kind, uint32_t pages, size_t longest) {
  int failures = 0;
  for (uint32_t seed = 0; seed < pages && failures < 3; ++seed) {
    const std::vector<std::string> soup = reference::MakeSoup(kind, seed, longest);
    if (!Differs(soup)) continue;
    ++failures;
    ADD_FAILURE() << "seed " << seed << "\n" << Describe(reference::Join(reference::Shrink(soup, Differs)));
  }
}

TEST(HtmlGumbo, SoupGivesTheSameText) {
  ExpectSameOnSoup(Soup::kPlain, 20000, 12);
  ExpectSameOnSoup(Soup::kPlain, 5000, 60);
}

TEST(HtmlGumbo, SoupWithFormattingElementsGivesTheSameText) {
  ExpectSameOnSoup(Soup::kFormatting, 20000, 12);
  ExpectSameOnSoup(Soup::kFormatting, 5000, 60);
}

TEST(HtmlGumbo, SoupInTablesGivesTheSameText) {
  ExpectSameOnSoup(Soup::kTables, 20000, 12);
  ExpectSameOnSoup(Soup::kTables, 5000, 60);
}

}  // namespace
}  // namespace refrain
