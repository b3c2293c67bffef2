#include "refrain/match/furniture.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

struct Read {
  explicit Read(std::string of) : text(std::move(of)) {
    Tokenize(text, &tokens);
    Segment(text, tokens, &blocks);
    FurnitureKeyMaker().Make(tokens, blocks, true, &keys);
  }
  std::string text;
  Tokens tokens;
  std::vector<Block> blocks;
  FurnitureKeys keys;
};

// All keys of `page` that one of `others` has too, as if found on two pages, the first of which is page 0.
std::vector<FoundFurniture> Shared(const Read& page, const std::vector<Read>& others) {
  std::vector<FoundFurniture> found;
  for (const FurnitureKey& key : page.keys.keys) {
    const bool shared = std::any_of(others.begin(), others.end(), [&](const Read& other) {
      return std::any_of(other.keys.keys.begin(), other.keys.keys.end(),
                         [&](const FurnitureKey& its) { return its.key == key.key; });
    });
    if (shared) found.push_back({.place = key.place, .kind = key.kind, .pages = 2, .first_page = 0});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::pair(a.kind, a.place) < std::pair(b.kind, b.place);
  });
  return found;
}

// The page without what it shares, and with slots in angle brackets in what goes.
struct Marked {
  std::string left;
  std::string gone;
};
Marked Mark(const Read& page, const std::vector<Read>& others) {
  PageFurniture furniture;
  FurnitureMarker().Mark(1, page.tokens, page.blocks, Shared(page, others), &furniture);
  std::vector<Span> cuts;
  std::vector<uint32_t> spans;
  CutFurniture(page.text, page.tokens, page.blocks, furniture, false, &cuts, &spans);
  Marked marked;
  uint32_t at = 0;
  for (const Span& cut : cuts) {
    EXPECT_LE(at, cut.begin);
    EXPECT_LE(cut.begin, cut.end);
    marked.left += page.text.substr(at, cut.begin - at);
    at = cut.end;
  }
  marked.left += page.text.substr(at);
  for (const FurnitureSpan& span : furniture.spans) {
    if (!marked.gone.empty()) marked.gone += "|";
    for (uint32_t token = span.first; token < span.last; ++token) {
      bool begins = false, ends = false;
      for (uint32_t slot = span.slots_begin; slot < span.slots_end; ++slot) {
        begins |= furniture.slots[slot].begin == token;
        ends |= furniture.slots[slot].end == token + 1;
      }
      if (token > span.first) marked.gone += " ";
      if (begins) marked.gone += "<";
      marked.gone += page.text.substr(page.tokens.begins[token], page.tokens.span(token).size());
      if (ends) marked.gone += ">";
    }
  }
  return marked;
}
Marked Mark(const std::string& page, const std::vector<std::string>& others) {
  std::vector<Read> read;
  for (const std::string& other : others) read.emplace_back(other);
  return Mark(Read(page), read);
}

const char kStory[] =
    "The mayor said in the evening that nobody had asked him about the bridge before it was painted green";
const char kOther[] = "A storm took the roof of the old barn and carried it over three fields into a pond";

TEST(FurnitureMark, LinesOfOtherPagesGo) {
  const Marked marked = Mark(std::string("Home and the garden\n\n") + kStory + "\n\nWrite a letter to us\n",
                             {std::string("Home and the garden\n") + kOther + "\nWrite a letter to us"});
  EXPECT_EQ(marked.left, std::string(kStory) + "\n");
  EXPECT_EQ(marked.gone, "Home and the garden|Write a letter to us");
}

TEST(FurnitureMark, NoBlankLineStandsTwice) {
  const std::string story = kStory, other = kOther;
  EXPECT_EQ(Mark(story + "\n\nWrite a letter to us\n\n" + other, {"Write a letter to us"}).left,
            story + "\n\n" + other);
  EXPECT_EQ(Mark(story + "\r\n \r\nWrite a letter to us\r\n\r\n" + other, {"Write a letter to us"}).left,
            story + "\r\n \r\n" + other);
  EXPECT_EQ(Mark(story + "\nWrite a letter to us\n" + other, {"Write a letter to us"}).left,
            story + "\n" + other);
  EXPECT_EQ(Mark("Write a letter to us\n\n", {"Write a letter to us"}).left, "");
}

// An ornament between two lines that go is none of the text.
TEST(FurnitureMark, OrnamentsBetweenFurnitureGo) {
  EXPECT_EQ(Mark(std::string("Home and the garden\n* * *\nWrite a letter to us\n***\n") + kStory,
                 {"Home and the garden", "Write a letter to us"})
                .left,
            std::string("***\n") + kStory);
}

// "Introduction" on two pages says nothing; between two lines of a menu it is one of it.
TEST(FurnitureMark, ShortLinesGoBesideFurnitureOnly) {
  const std::string story = kStory;
  EXPECT_EQ(Mark("Introduction\n" + story + "\nNotes\n", {"Introduction", "Notes"}).left,
            "Introduction\n" + story + "\nNotes\n");
  EXPECT_EQ(Mark("Home\nShare\nHome and the garden\n" + story, {"Home", "Share", "Home and the garden"}).left,
            story);
}

// Numbers alone are no template: every table would be furniture.
TEST(FurnitureMark, NumbersAloneAreNoTemplate) {
  const std::string story = kStory;
  EXPECT_EQ(Mark("12 30 1.5 17 22\n" + story + "\n7 8", {"9 31 2.5 18 23", "9 1"}).gone, "");
  EXPECT_EQ(Mark("12 30 1.5 17 22\n" + story, {"12 30 1.5 17 22"}).gone, "12 30 1 5 17 22");
}

TEST(FurnitureMark, WhatVariesIsASlot) {
  const std::string story = kStory;
  EXPECT_EQ(Mark("Posted on 12 June 2008 at 10:14\n" + story, {"Posted on 3 June 2011 at 9:01"}).gone,
            "Posted on <12> June <2008> at <10 14>");
  EXPECT_EQ(Mark("Copyright 2008 by the editors\n" + story, {"Copyright 2008 by the editors"}).gone,
            "Copyright 2008 by the editors");
  // To within what keys leave open: "call" is the same too.
  EXPECT_EQ(Mark("To contact the reporter on this story call Ann Smith\nHome and the garden\n" + story,
                 {"To contact the reporter on this story call Bob Miller\nHome and the garden"})
                .gone,
            "To contact the reporter on this story <call Ann Smith>|Home and the garden");
}

// Three lines or more that begin or end as lines of another page do.
TEST(FurnitureMark, ListsOfOneTemplateGo) {
  const std::string story = kStory;
  const std::string two = "More about the weather in June\nMore about the price of bread\n";
  const std::string page = two + "More about the first day\n" + story;
  EXPECT_EQ(Mark(page, {"More about the new mayor of the town"}).left, story);
  EXPECT_EQ(Mark(two + story, {"More about the new mayor of the town"}).left, two + story);
}

// What stands inside a paragraph stays, but for long stretches.
TEST(FurnitureMark, APhraseInAParagraphStays) {
  std::string paragraph = kStory, phrase = "did not answer to our questions before the paper went to print";
  EXPECT_EQ(Mark(paragraph + " and " + phrase + " " + kOther, {phrase}).gone, "");
  const std::string menu =
      "Home News Sport Weather Business Travel Culture Gardens Books Letters Archive Contact Imprint Help "
      "Search Shop "
      "Jobs Press About Maps Events Tickets Radio Video Podcasts Blogs Forum Games Recipes Health Science "
      "Family";
  const Marked marked = Mark(menu + " " + paragraph + " " + kOther + " " + kOther, {menu + "\n" + "x"});
  EXPECT_FALSE(marked.gone.empty());
  EXPECT_TRUE(marked.left.ends_with(paragraph + " " + kOther + " " + kOther)) << marked.left;
}

// Spans are in order, disjoint, inside the page, and their cuts too, whatever is found.
TEST(FurnitureMark, AnyFindsGiveSpansInOrder) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    std::string text;
    for (uint64_t i = random.Below(40); i > 0; --i) {
      const char* const pieces[] = {
          "home ", "12 ", "the garden ",     "\n", "\n\n", "\r\n", " \n", "漢字かな ",
          "ไทย",   "* ",  "news of the day "};
      for (uint64_t j = random.Below(9); j > 0; --j) text += pieces[random.Below(std::size(pieces))];
    }
    const Read page(text);
    std::vector<FoundFurniture> found;
    for (const FurnitureKey& key : page.keys.keys) {
      if (random.Below(3) == 0)
        found.push_back({.place = key.place,
                         .kind = key.kind,
                         .common = random.Below(3) == 0 && MayBeCommon(key.kind),
                         .pages = 2,
                         .first_page = static_cast<uint32_t>(random.Below(3))});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::pair(a.kind, a.place) < std::pair(b.kind, b.place);
    });
    PageFurniture furniture;
    FurnitureMarker().Mark(1, page.tokens, page.blocks, found, &furniture);
    uint32_t last = 0, slot = 0;
    for (const FurnitureSpan& span : furniture.spans) {
      ASSERT_GE(span.first, last) << seed;
      ASSERT_LT(span.first, span.last);
      ASSERT_LE(span.last, page.tokens.size());
      ASSERT_GE(span.pages, 2U);
      ASSERT_EQ(span.slots_begin, slot);
      for (; slot < span.slots_end; ++slot) {
        ASSERT_GE(furniture.slots[slot].begin, span.first);
        ASSERT_LE(furniture.slots[slot].end, span.last);
      }
      last = span.last;
    }
    std::vector<Span> cuts;
    std::vector<uint32_t> spans;
    CutFurniture(page.text, page.tokens, page.blocks, furniture, true, &cuts, &spans);
    ASSERT_EQ(cuts.size(), furniture.spans.size());
    uint32_t end = 0;
    for (size_t i = 0; i < cuts.size(); ++i) {
      ASSERT_GE(cuts[i].begin, end) << seed;
      ASSERT_LE(cuts[i].end, text.size());
      end = cuts[i].end;
      const FurnitureSpan& span = furniture.spans[spans[i]];
      ASSERT_LE(cuts[i].begin, page.tokens.begins[span.first]);
      ASSERT_GE(cuts[i].end, page.tokens.ends[span.last - 1]);
      // And no word of anything else.
      if (span.first > 0) {
        ASSERT_GE(cuts[i].begin, page.tokens.ends[span.first - 1]);
      }
      if (span.last < page.tokens.size()) {
        ASSERT_LE(cuts[i].end, page.tokens.begins[span.last]);
      }
    }
  }
}

TEST(FurnitureOptions, RefusesWhatMakesNoSense) {
  EXPECT_TRUE(FurnitureOptions().Validate().ok());
  EXPECT_FALSE(FurnitureOptions{.min_pages = 1}.Validate().ok());
  EXPECT_FALSE(FurnitureOptions{.share = 1.5}.Validate().ok());
  // Whoever asks for many pages need not say it twice.
  EXPECT_TRUE((FurnitureOptions{.min_pages = 30, .enough_pages = 20}).Validate().ok());
  EXPECT_EQ(NeededPages({.min_pages = 30, .enough_pages = 20}, FurnitureKind::kBlock, 1000), 30U);
  EXPECT_FALSE(FurnitureOptions{.min_sources = 1}.Validate().ok());
}

TEST(FurnitureOptions, NeedsAShareAndAFewPagesAlways) {
  const FurnitureOptions options;
  EXPECT_EQ(NeededPages(options, FurnitureKind::kFolded, 1), 2U);
  EXPECT_EQ(NeededPages(options, FurnitureKind::kFolded, 20), 2U);
  EXPECT_EQ(NeededPages(options, FurnitureKind::kFolded, 21), 3U);
  EXPECT_EQ(NeededPages(options, FurnitureKind::kFolded, 1'000'000), 20U);
  EXPECT_EQ(NeededPages(options, FurnitureKind::kShortRun, 1'000'000), 100'000U);
}

}  // namespace
}  // namespace refrain
