#include "refrain/io/html.h"

#include <gtest/gtest.h>

#include "tests/io/html_testing.h"

namespace refrain {
namespace {

TEST(Html, BlocksBreakLinesAndInlineElementsDoNot) {
  EXPECT_EQ(Lines("a<div>b</div>c<p>d<section>e</section>f"), "a|b|c|d|e|f|");
  EXPECT_EQ(Lines("a<span>b</span>c<b>d</b><a href=x>e</a><custom-tag>f</custom-tag>"), "abcdef|");
  EXPECT_EQ(Lines("a<br>b<br/>c</br>d<hr>e"), "a|b|c|d|e|");
  EXPECT_EQ(Lines("<ul><li>one<li>two</ul><dl><dt>word<dd>meaning</dl>"), "one|two|word|meaning|");
}

TEST(Html, BlocksCloseWithTheirLineWhenTheEndTagIsLeftOut) {
  EXPECT_EQ(Lines("<button><div>a<button>b"), "a|b|");
  EXPECT_EQ(Lines("<div>a<p>b</div>c"), "a|b|c|");
}

TEST(Html, WhiteSpaceCollapsesAcrossInlineElements) {
  EXPECT_EQ(Lines("a <b> b</b>"), "a b|");
  EXPECT_EQ(Lines("  a\n\t<i> </i> \r\n b\f c  "), "a b c|");
  EXPECT_EQ(Lines("<p> <b> </b> </p> <p>x</p>"), "x|");
  EXPECT_EQ(Lines("a<b> </b>b"), "a b|");
  EXPECT_EQ(Lines("a&#32;&#9; b&Tab;c&NewLine;d"), "a b c d|");
}

TEST(Html, NoLineIsBlankAndNoneEndsInWhiteSpace) {
  EXPECT_EQ(Lines("<p></p><p>&nbsp;</p><p>a &nbsp;</p><p>\u3000</p><p>b \u3000 </p><br><br>"), "a|b|");
  EXPECT_EQ(Lines("<pre>a  \n\n \n  b\t\n</pre>"), "a|  b|");
  EXPECT_EQ(Lines(""), "");
  EXPECT_EQ(Lines(" \n "), "");
}

TEST(Html, HardSpacesStay) {
  EXPECT_EQ(Lines("10&nbsp;000 \u00A0 x"), "10\u00A0000 \u00A0 x|");
  EXPECT_EQ(Lines("<p>&nbsp;a"), "\u00A0a|");
}

TEST(Html, PreformattedTextKeepsLinesAndSpaces) {
  EXPECT_EQ(Lines("<pre>\n  if (x)\r\n\ty  z\rend</pre>after  that"), "  if (x)|\ty  z|end|after that|");
  EXPECT_EQ(Lines("<pre>a <b> b\n  c</b></pre>"), "a  b|  c|");
  EXPECT_EQ(Lines("<textarea>\none\n two &amp; <b>three</textarea>x"), "one| two & <b>three|x|");
  EXPECT_EQ(Lines("<xmp>a &amp; <b>\n  c</xmp>x"), "a &amp; <b>|  c|x|");
  EXPECT_EQ(Lines("<listing>a\nb</listing>"), "a|b|");
  EXPECT_EQ(Lines("a<plaintext>b</plaintext>\n<p>c"), "a|b</plaintext>|<p>c|");
}

TEST(Html, TablesAreRowsOfCellsWithTabs) {
  EXPECT_EQ(Lines("<table><caption>t</caption><tr><th>a</th> <th> b </th></tr>\n<tr><td>1<td>2</table>x"),
            "t|a\tb|1\t2|x|");
  EXPECT_EQ(Lines("<table><tr><td></td><td>a</td><td> </td><td>&nbsp;</td><td>b</td><td></td></table>"),
            "a\tb|");
  EXPECT_EQ(Lines("<table><tr><td><p>a</p></td><td>b</td></table>"), "a|b|");
  EXPECT_EQ(Lines("<table><td>a<table><td>b<td>c</table>d<td>e</table>"), "a|b\tc|d\te|");
}

TEST(Html, PartsOfATableWithoutATableStillSeparateWords) {
  EXPECT_EQ(Lines("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>"), "a\tb|c|");
  EXPECT_EQ(Lines("x<td hidden>a</td>b"), "x\ta\tb|");
}

TEST(Html, WhatIsNeverShownIsDropped) {
  EXPECT_EQ(Lines("a<script>b</script>c<style>d</style>e<template>f</template>g<noscript>h</noscript>i"),
            "acegi|");
  EXPECT_EQ(Lines("a<iframe>b</iframe>c<object>d<p>e</object>f<svg><text>g</text></svg>h<video>i</video>j"),
            "acfhj|");
  EXPECT_EQ(Lines("a<!-- b -->c<!doctype html>d<?php e ?>f<![CDATA[g]]>h</ i>j<!k>l"), "acdfhjl|");
  EXPECT_EQ(Lines("<head><title>t</title><style>s</style><meta name=x></head>b"), "b|");
  EXPECT_EQ(Lines("a <select><option>b<option>c</select> d <datalist><option>e</datalist>f"), "a d f|");
  EXPECT_EQ(Lines("year<select><option>1</select>month"), "year month|");
  EXPECT_EQ(Lines("<ruby>x<rp>(<rt>y<rp>)</ruby>"), "xy|");
  EXPECT_EQ(Lines("<dialog>a</dialog><dialog open>b</dialog>"), "b|");
}

TEST(Html, ShadowRootTemplatesAreShown) {
  EXPECT_EQ(Lines("<template shadowrootmode=open><p>a</p></template>b<template>c</template>"), "a|b|");
}

TEST(Html, FormulasAreShownWithoutTheirSource) {
  EXPECT_EQ(Lines("so <math><mi>x</mi><mo>=</mo><mn>1</mn><annotation>x=1</annotation></math>."), "so x=1.|");
}

TEST(Html, CdataIsTextInsideSvgAndMathOnly) {
  EXPECT_EQ(Lines("<math><mtext><![CDATA[a&amp;<b>]]></mtext><![CDATA[c]>d]]></math>"), "a&amp;<b>c]>d|");
  EXPECT_EQ(Lines("a<![CDATA[b>c]]>d"), "ac]]>d|");
  EXPECT_EQ(Lines("<math><mtext><p><![CDATA[b>c"), "c|") << "a paragraph is HTML again";
}

TEST(Html, HtmlTagsEndASvgThatWasLeftOpen) {
  EXPECT_EQ(Lines("<svg><path><g>a<p>b"), "b|");
  EXPECT_EQ(Lines("<div><svg><g></div>b"), "b|");
  EXPECT_EQ(Lines("<svg><foreignObject><p>a</p></foreignObject></svg>b"), "b|");
}

TEST(Html, TagsInsideSvgAreNotThoseOfHtml) {
  // The title of an icon once swallowed the rest of its page.
  EXPECT_EQ(Lines("<svg><title>menu</title><g/></svg>b"), "b|");
  EXPECT_EQ(Lines("<svg><style>a<b</style><script/><desc>c</desc></svg>d"), "d|");
  EXPECT_EQ(Lines("<svg/>a<svg><g/>b</svg>c"), "ac|");
  EXPECT_EQ(Extract("<svg><title>icon</title></svg><title>page</title>").title, "page");
}

TEST(Html, QuotationsAndAsidesStandBesideTheText) {
  const auto apart = [](std::string_view html, HtmlOptions options = {}) {
    const HtmlText page = Extract(html, options);
    std::string found;
    for (const Span& span : page.apart) found += "[" + page.text.substr(span.begin, span.size()) + "]";
    return found;
  };
  EXPECT_EQ(apart("<p>a<blockquote>b <b>c</b> d<p>e</blockquote>f<aside><div>g</div></aside>"),
            "[b c d\ne][g]");
  EXPECT_EQ(apart("<p>a<blockquote></blockquote><aside> </aside>b"), "");
  EXPECT_EQ(apart("<aside hidden>a</aside><p>b"), "");
  EXPECT_EQ(apart("<p>a<blockquote><i>b</blockquote>c"), "[b]");
  EXPECT_EQ(apart("<blockquote><form>a</blockquote>b</form>c"), "[a]");
  EXPECT_EQ(apart("a<aside><i><b>c</b></i></aside>d", {.max_depth = 2}), "[c]");
  HtmlText page = Extract("<aside>a</aside>");
  ExtractHtml("<p>b", {}, &page);
  EXPECT_TRUE(page.apart.empty());
}

TEST(Html, TitleIsApartFromTheText) {
  const HtmlText page = Extract("<title>\n A &amp;  B &lt;b>\n</title><title>other</title><p>text");
  EXPECT_EQ(page.title, "A & B <b>");
  EXPECT_EQ(page.text, "text\n");
  EXPECT_EQ(Extract("<title> </title><title>second</title>").title, "second");
  EXPECT_EQ(Extract("<template><title>no</title></template>").title, "");
}

TEST(Html, ResultReplacesWhatWasThere) {
  HtmlText page;
  ExtractHtml("<title>a</title>b", {.map_offsets = true}, &page);
  ExtractHtml("c", {}, &page);
  EXPECT_EQ(page.text, "c\n");
  EXPECT_EQ(page.title, "");
  EXPECT_TRUE(page.offsets.empty());
}

TEST(Html, FormsInsideFormsAreNotThere) {
  EXPECT_EQ(Lines("<form>a<form hidden>b</form>c"), "ab|c|");
  EXPECT_EQ(Lines("<form>a<blockquote hidden></form></blockquote>b"), "a|b|");
}

TEST(Html, ByteOrderMarkIsNoText) { EXPECT_EQ(Lines("\xEF\xBB\xBF<p>a"), "a|"); }

TEST(Html, NulIsLeftOutOfTextAndReplacedInRawText) {
  using std::string_literals::operator""s;
  EXPECT_EQ(Lines("a\0b"s), "ab|");
  EXPECT_EQ(Lines("<textarea>a\0b</textarea>"s),
            "a\uFFFD"
            "b|");
}

TEST(Html, PagesAfterPagesStartAfresh) {
  EXPECT_EQ(Lines("<html><body><div hidden>a</body></html><html><body>b<p>c</p></div>d"), "b|c|d|");
  EXPECT_EQ(Lines("a</body>b"), "a|b|");
}

}  // namespace
}  // namespace refrain
