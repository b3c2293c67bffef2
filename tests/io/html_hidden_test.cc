// Where hidden content ends, on pages that close their elements badly or not at all.

#include <gtest/gtest.h>

#include "refrain/io/html_style_internal.h"
#include "refrain/io/html_tokens_internal.h"
#include "tests/io/html_testing.h"

namespace refrain {
namespace {

TEST(HtmlHidden, AttributeAndStyleHideTheWholeElement) {
  EXPECT_EQ(Lines("a<div hidden>b<p>c</p><div>d</div>e</div>f"), "af|");
  EXPECT_EQ(Lines("<p style='color:red; DISPLAY : None !important'>a</p>b"), "b|");
  EXPECT_EQ(Lines("<p STYLE=display:none>a</p>b<p HIDDEN=''>c<p>d"), "b|d|");
  EXPECT_EQ(Lines("<p aria-hidden=true>a</p><p data-hidden>b</p><p class=hidden>c"), "a|b|c|");
}

TEST(HtmlHidden, NotDisplayedBlocksBreakNoLine) {
  EXPECT_EQ(Lines("a<div hidden>x</div>b"), "ab|");
  EXPECT_EQ(Lines("a<div style='visibility:hidden'>x</div>b"), "a|b|");
}

TEST(HtmlHidden, VisibleInsideInvisibleIsShown) {
  EXPECT_EQ(Lines("<div style='visibility:hidden'>a<p style='visibility:visible'>b<i>c</i></p>d</div>e"),
            "bc|e|");
  EXPECT_EQ(Lines("<div hidden>a<p style='visibility:visible'>b</p></div>"), "");
}

TEST(HtmlHidden, WhatAReaderCanOpenIsKept) {
  EXPECT_EQ(Lines("<div hidden=until-found>a</div><details><summary>b</summary>c</details>"), "a|b|c|");
}

TEST(HtmlHidden, ThePageItselfIsNeverHidden) {
  EXPECT_EQ(Lines("<html hidden><body style='display:none'>a"), "a|");
}

TEST(HtmlHidden, FirstOfTwoAttributesCounts) {
  EXPECT_EQ(Lines("<p style='' style='display:none'>a<p hidden=until-found hidden>b"), "a|b|");
}

TEST(HtmlHidden, ImpliedEndTagsEndIt) {
  EXPECT_EQ(Lines("<p hidden>a<p>b"), "b|");
  EXPECT_EQ(Lines("<p hidden>a<div>b"), "b|");
  EXPECT_EQ(Lines("<ul><li hidden>a<li>b</ul>"), "b|");
  EXPECT_EQ(Lines("<ul><li hidden>a<ul><li>b</ul>c<li>d</ul>"), "d|");
  EXPECT_EQ(Lines("<dl><dt hidden>a<dd>b<dd hidden>c<dt>d</dl>"), "b|d|");
  EXPECT_EQ(Lines("<table><tr><td hidden>a<td>b<tr hidden><td>c<tr><td>d</table>"), "b|d|");
  EXPECT_EQ(Lines("<table><tbody hidden><tr><td>a<tbody><tr><td>b</table>"), "b|");
  EXPECT_EQ(Lines("<h1 hidden>a<h2>b</h1>c"), "b|c|");
  EXPECT_EQ(Lines("<a hidden>a<a>b"), "b|");
  EXPECT_EQ(Lines("<button hidden>a<button>b"), "b|");
}

TEST(HtmlHidden, TheParentsEndEndsIt) {
  EXPECT_EQ(Lines("<div>a<span hidden>b</div>c"), "a|c|");
  EXPECT_EQ(Lines("<ul><li><div hidden>a</li><li>b</ul>c"), "b|c|");
  EXPECT_EQ(Lines("<table><tr><td><span style='display:none'>a</td><td>b</table>c"), "b|c|");
  EXPECT_EQ(Lines("<div><div hidden>a</div>b<p hidden>c</div>d"), "b|d|");
  EXPECT_EQ(Lines("<section><object>a</section>b"), "") << "an object is a wall to end tags, as in browsers";
}

TEST(HtmlHidden, StrayEndTagsDoNotEndIt) {
  EXPECT_EQ(Lines("<div hidden>a</section>b</span>c</h1>d</div>e"), "e|");
  EXPECT_EQ(Lines("<span hidden>a<div>b</span>c</div></span>d"), "d|");
  EXPECT_EQ(Lines("<table><tr><td hidden>a</p></li></table-x>b</table>c"), "c|");
}

TEST(HtmlHidden, VoidElementsHoldNothing) {
  EXPECT_EQ(Lines("<br hidden>a<img hidden>b<input hidden>c<hr hidden>d"), "abcd|");
  EXPECT_EQ(Lines("<div hidden/>a</div>b"), "b|") << "the slash means nothing in HTML";
}

TEST(HtmlHidden, SelectListsEndAtTheNextControl) {
  EXPECT_EQ(Lines("<select><option>a<input>b"), "b|");
  EXPECT_EQ(Lines("<select><option>a<textarea>b</textarea>"), "b|");
  EXPECT_EQ(Lines("<select>a<select>b"), "b|");
  EXPECT_EQ(Lines("<div><select><option>a</div>b"), "b|")
      << "older browsers would go on to the end of the page";
}

TEST(HtmlHidden, FormattingElementsEndAcrossBlocks) {
  EXPECT_EQ(Lines("<b hidden><p>x</b>y</p>z"), "y|z|");
  EXPECT_EQ(Lines("<b><div>x</b>y</div>z"), "xy|z|");
}

TEST(HtmlStyle, LastDeclarationCounts) {
  EXPECT_EQ(html::ReadStyle("display:none;display:block"), 0u);
  EXPECT_EQ(html::ReadStyle("display:block;display:none"), html::kDisplayNone);
  EXPECT_EQ(html::ReadStyle("visibility:hidden; visibility : Visible"), html::kVisibilityVisible);
  EXPECT_EQ(html::ReadStyle("visibility:collapse"), html::kVisibilityHidden);
}

TEST(HtmlStyle, OtherDeclarationsMeanNothing) {
  for (const char* style : {"", ";", ":", "display", "display:", "-x-display:none", "display:nonesuch",
                            "none:display", "x:display:none", "display none", "!important"}) {
    EXPECT_EQ(html::ReadStyle(style), 0u) << style;
  }
}

}  // namespace
}  // namespace refrain
