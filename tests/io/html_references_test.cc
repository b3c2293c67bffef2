#include "refrain/io/html_references_internal.h"

#include <cstring>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "tests/io/html_testing.h"

namespace refrain {
namespace {

struct Entity {
  const char* name;
  const char* text;
  bool legacy;
};

constexpr Entity kEntities[] = {
#include "refrain/io/html_entities.inc"
};

/// What the reference at the begin of `html` stands for and how long it is.
std::string Decode(const std::string& html, size_t* consumed) {
  html::Reference reference;
  *consumed = 0;
  if (!html::DecodeReference(html.data(), html.data() + html.size(), &reference)) return "none";
  *consumed = reference.consumed;
  return {reference.bytes, reference.size};
}

TEST(HtmlReferences, EveryNameOfTheStandardIsKnown) {
  EXPECT_EQ(std::size(kEntities), 2125u);
  size_t legacy = 0;
  for (const Entity& entity : kEntities) {
    size_t consumed = 0;
    const std::string name = std::string("&") + entity.name + ";";
    EXPECT_EQ(Decode(name + "x", &consumed), entity.text) << name;
    EXPECT_EQ(consumed, name.size());
    if (entity.legacy) {
      ++legacy;
      EXPECT_EQ(Decode(name.substr(0, name.size() - 1), &consumed), entity.text) << name;
      EXPECT_EQ(consumed, name.size() - 1);
    }
  }
  EXPECT_EQ(legacy, 106u);
}

TEST(HtmlReferences, NamesWithTwoCharactersAndAbovePlaneZero) {
  EXPECT_EQ(Lines("&NotEqualTilde;&fjlig;&afr;&Zopf;"), "\u2242\u0338fj\U0001D51E\u2124|");
}

TEST(HtmlReferences, OldNamesNeedNoSemicolon) {
  EXPECT_EQ(Lines("&copy2008 &amp&lt&gt &AMPx &eacutexyz"), "\u00A92008 &<> &x \u00E9xyz|");
  EXPECT_EQ(Lines("&notit; &notin; &notx"), "\u00ACit; \u2209 \u00ACx|");
}

TEST(HtmlReferences, NewNamesNeedOne) {
  EXPECT_EQ(Lines("&hellip &rsquo &alpha &Alpha;"), "&hellip &rsquo &alpha \u0391|");
}

TEST(HtmlReferences, WhatIsNoReferenceIsText) {
  EXPECT_EQ(Lines("AT&T & &; &x; &#; &#x; &#xg &"), "AT&T & &; &x; &#; &#x; &#xg &|");
  EXPECT_EQ(Lines("&" + std::string(40, 'a') + ";"), "&" + std::string(40, 'a') + ";|");
  EXPECT_EQ(Lines("a?b&copy=1"), "a?b\u00A9=1|") << "as in text; inside attributes it would stay";
}

TEST(HtmlReferences, NumbersInBothBases) {
  EXPECT_EQ(Lines("&#65;&#x42;&#X43;&#68x&#x1F600;&#0069"),
            "ABCDx\U0001F600"
            "E|");
}

TEST(HtmlReferences, NumbersOfWindows1252MeanItsCharacters) {
  EXPECT_EQ(Lines("&#128;&#x85;&#146;&#150;&#159;"), "\u20AC\u2026\u2019\u2013\u0178|");
  EXPECT_EQ(Lines("&#129;"), "\u0081|") << "a hole stays what it is";
}

TEST(HtmlReferences, ImpossibleNumbersAreReplaced) {
  EXPECT_EQ(Lines("&#0;&#xD800;&#xDFFF;&#x110000;&#99999999999999999999;"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD|");
  EXPECT_EQ(Lines("&#x10FFFF;"), "\U0010FFFF|");
}

TEST(HtmlReferences, NothingBeyondTheEndIsRead) {
  for (const std::string whole :
       {"&eacute;", "&#233;", "&#xE9;", "&CounterClockwiseContourIntegral;", "&notit;"}) {
    for (size_t size = 1; size <= whole.size(); ++size) {
      // Copies of exactly this size, for AddressSanitizer.
      const std::vector<char> html(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
      html::Reference reference;
      if (html::DecodeReference(html.data(), html.data() + size, &reference)) {
        EXPECT_LE(reference.consumed, size);
      }
    }
  }
}

}  // namespace
}  // namespace refrain
