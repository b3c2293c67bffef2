#include "refrain/pipeline/furniture.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/pipeline/crawl_testing.h"
#include "tests/reference/furniture_slow.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {

bool operator==(const FoundFurniture& a, const FoundFurniture& b) {
  return a.place == b.place && a.kind == b.kind && a.common == b.common && a.first_page == b.first_page &&
         a.pages == b.pages;
}
void PrintTo(const FoundFurniture& f, std::ostream* out) {
  *out << "{kind " << int{static_cast<uint8_t>(f.kind)} << " place " << f.place << " pages " << f.pages
       << (f.common ? " common" : "") << " first " << f.first_page << "}";
}

namespace {

using reference::Random;
using reference::SlowPage;
using testing_crawl::MakeLine;

constexpr uint64_t kLarge = uint64_t{1} << 30;

std::unique_ptr<FurnitureFinder> Find(const std::vector<SlowPage>& pages,
                                      const FurnitureOptions& options = {}, uint64_t memory = kLarge) {
  auto finder = std::make_unique<FurnitureFinder>(options, SpillOptions{.tmpdir = "", .memory = memory});
  FurnitureKeyMaker maker;
  FurnitureKeys keys;
  Tokens tokens;
  std::vector<Block> blocks;
  for (const SlowPage& page : pages) {
    Tokenize(page.text, &tokens);
    Segment(page.text, tokens, &blocks);
    maker.Make(tokens, blocks, !page.source.empty(), &keys);
    EXPECT_TRUE(finder->Add(FurnitureFinder::SourceKey(page.source), keys).ok());
  }
  const absl::Status status = finder->Finish({});
  EXPECT_TRUE(status.ok()) << status;
  return finder;
}

std::vector<FoundFurniture> Read(const FurnitureFinder& finder, uint32_t page) {
  std::vector<FoundFurniture> found;
  EXPECT_TRUE(finder.Read(page, &found).ok());
  return found;
}

// What goes from each page, as text: the tokens of each span in brackets.
std::vector<std::string> Gone(const std::vector<SlowPage>& pages, const FurnitureOptions& options = {},
                              bool common = false) {
  const auto finder = Find(pages, options);
  FurnitureMarker marker;
  PageFurniture furniture;
  Tokens tokens;
  std::vector<Block> blocks;
  std::vector<std::string> all;
  for (uint32_t p = 0; p < pages.size(); ++p) {
    Tokenize(pages[p].text, &tokens);
    Segment(pages[p].text, tokens, &blocks);
    marker.Mark(p, tokens, blocks, Read(*finder, p), &furniture);
    std::string& gone = all.emplace_back();
    for (const FurnitureSpan& span : furniture.spans) {
      if (span.common != common) continue;
      const uint32_t begin = tokens.begins[span.first], end = tokens.ends[span.last - 1];
      gone += fmt::format("[{}]", pages[p].text.substr(begin, end - begin));
    }
  }
  return all;
}

// Pages of a few sites made of few sentences, so that much meets: menus, templates with numbers, articles
// shown again with a change, sayings that many sites have.
std::vector<SlowPage> RandomPages(Random* random, size_t count) {
  std::vector<SlowPage> pages;
  for (size_t p = 0; p < count; ++p) {
    const uint64_t site = random->Below(6);
    SlowPage page{.source = site == 5 ? "" : fmt::format("site{}.example", site), .text = ""};
    const uint64_t lines = random->Below(12);
    for (uint64_t l = 0; l < lines; ++l) {
      const uint64_t what = random->Below(8);
      const uint64_t seed = what < 3 ? 1000 * site + random->Below(5) : what < 5 ? random->Below(30) : 99 + p;
      std::string line = MakeLine(seed, static_cast<int>(1 + (seed * 7) % 45));
      if (what == 2 || what == 4) line = fmt::format("{} {} {}", random->Below(40), line, random->Below(3));
      page.text += line + (random->Below(4) == 0 ? " " : "\n");
    }
    if (!pages.empty() && random->Below(5) == 0) {
      const SlowPage& before = pages[random->Below(pages.size())];
      page = {random->Below(2) == 0 ? page.source : before.source, before.text + MakeLine(p, 4)};
    }
    pages.push_back(page);
  }
  return pages;
}

TEST(Furniture, CountsWhatTheSlowWayCounts) {
  size_t found = 0, common = 0, stories = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    const std::vector<SlowPage> pages = RandomPages(&random, 2 + random.Below(60));
    FurnitureOptions options;
    options.min_pages = 2 + static_cast<int>(random.Below(3));
    options.min_sources = 2 + static_cast<int>(random.Below(3));
    options.share = 0.1 * static_cast<double>(random.Below(8));
    options.enough_pages = 2 + static_cast<int>(random.Below(6));
    const reference::SlowFurniture slow = reference::FindFurnitureSlowly(pages, options);
    for (const uint64_t memory : {kLarge, uint64_t{1}}) {
      const auto finder = Find(pages, options, memory);
      for (uint32_t p = 0; p < pages.size(); ++p) {
        ASSERT_EQ(Read(*finder, p), slow.found[p]) << "seed " << seed << " page " << p;
        ASSERT_EQ(finder->any(p), !slow.found[p].empty());
        ASSERT_EQ(finder->source_pages(p), slow.source_pages[p]);
        ASSERT_EQ(finder->story(p), slow.story[p]) << "seed " << seed << " page " << p;
        found += slow.found[p].size();
        common += static_cast<size_t>(std::count_if(slow.found[p].begin(), slow.found[p].end(),
                                                    [](const auto& find) { return find.common; }));
        stories += slow.story[p] != p;
      }
    }
  }
  EXPECT_GT(found, 10000U);
  EXPECT_GT(common, 500U);
  EXPECT_GT(stories, 200U);
}

// Three versions of an article, of which the middle one is like both others and those are not alike.
TEST(Furniture, DecidesTheSameInAnyOrderOfVersions) {
  size_t joined = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::vector<std::string> paragraphs;
    for (uint64_t i = 0; i < 14; ++i) paragraphs.push_back(MakeLine(100 * seed + i, 40));
    std::vector<SlowPage> pages(3);
    for (size_t version = 0; version < 3; ++version) {
      pages[version].source = "a.example";
      for (size_t i = version; i < 12 + version; ++i) pages[version].text += paragraphs[i] + "\n";
    }
    std::vector<size_t> order = {0, 1, 2};
    std::vector<std::string> first;
    do {
      std::vector<SlowPage> ordered;
      for (const size_t version : order) ordered.push_back(pages[version]);
      const std::vector<std::string> gone = Gone(ordered);
      std::vector<std::string> by_version(3);
      for (size_t i = 0; i < 3; ++i) by_version[order[i]] = gone[i];
      if (first.empty()) first = by_version;
      ASSERT_EQ(by_version, first) << seed;
      joined += Find(ordered, {}, kLarge)->source_pages(0) == 1;
    } while (std::ranges::next_permutation(order).found);
  }
  EXPECT_GT(joined, 20U) << "versions that are one story through the middle one";
}

// More places of one key than memory holds.
TEST(Furniture, OneLineAgainAndAgain) {
  std::string lines;
  for (int i = 0; i < 200'000; ++i) lines += "buy it now here\n";
  const std::vector<SlowPage> pages = {{"a.example", lines},
                                       {"a.example", "buy it now here\n" + MakeLine(1, 30)}};
  const auto finder = Find(pages, {}, 2 << 20);
  EXPECT_GE(Read(*finder, 0).size(), 200'000U);
  for (const FoundFurniture& found : Read(*finder, 1)) EXPECT_EQ(found.pages, 2U);
}

// And more pages.
TEST(Furniture, OneLineOnManyPages) {
  FurnitureFinder finder({}, {.tmpdir = "", .memory = 1});
  FurnitureKeyMaker maker;
  FurnitureKeys keys;
  Tokens tokens;
  std::vector<Block> blocks;
  constexpr uint32_t kPages = 20'000;
  for (uint32_t p = 0; p < kPages; ++p) {
    const std::string text = "All rights reserved by us\n" + MakeLine(p, 12);
    Tokenize(text, &tokens);
    Segment(text, tokens, &blocks);
    maker.Make(tokens, blocks, true, &keys);
    ASSERT_TRUE(finder.Add(FurnitureFinder::SourceKey("a.example"), keys).ok());
  }
  ASSERT_TRUE(finder.Finish({}).ok());
  for (const uint32_t p : {0U, 7U, kPages - 1}) {
    const auto found = Read(finder, p);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0].kind, FurnitureKind::kFolded);
    EXPECT_EQ(found[0].pages, kPages);
    EXPECT_EQ(found[0].first_page, 0U);
  }
}

TEST(Furniture, AStoppedRunEnds) {
  FurnitureFinder finder({}, {});
  const std::atomic<bool> stop = true;
  EXPECT_TRUE(absl::IsCancelled(finder.Finish({.stop = &stop})));
}

// An article under two addresses is no furniture of the site, however many of its lines are equal; what the
// site's other pages show is.
TEST(Furniture, AnArticleUnderTwoAddressesStays) {
  const std::string article = MakeLine(1, 40) + "\n" + MakeLine(2, 50) + "\n" + MakeLine(3, 45) + "\n";
  const std::string menu = "Home and the garden\nNews of the day\n";
  const std::vector<SlowPage> two = {{"a.example", menu + article + "3 people like this story"},
                                     {"a.example", menu + article + "5 people like this story"}};
  EXPECT_EQ(Gone(two), (std::vector<std::string>{"", ""}));
  std::vector<SlowPage> three = two;
  three.push_back({"a.example", menu + MakeLine(7, 90)});
  EXPECT_EQ(Gone(three), (std::vector<std::string>{"[Home and the garden][News of the day]",
                                                   "[Home and the garden][News of the day]",
                                                   "[Home and the garden][News of the day]"}));
}

TEST(Furniture, TwoPagesOfASiteShowTheirFurniture) {
  const std::string menu = "Home and the garden\nNews of the day\nWrite a letter to us\n";
  const std::vector<SlowPage> pages = {{"a.example", menu + MakeLine(1, 60) + "\n" + MakeLine(2, 70)},
                                       {"a.example", menu + MakeLine(3, 60) + "\n" + MakeLine(4, 70)}};
  const std::string gone = "[Home and the garden][News of the day][Write a letter to us]";
  EXPECT_EQ(Gone(pages), (std::vector<std::string>{gone, gone}));
}

// Other sites do not count, and a page without a source is a site of its own.
TEST(Furniture, OnePageASourceHasNone) {
  const std::string menu = "Home and the garden\nNews of the day\nWrite a letter to us\n";
  EXPECT_EQ(Gone({{"a.example", menu + MakeLine(1, 60)}, {"b.example", menu + MakeLine(2, 60)}}),
            (std::vector<std::string>{"", ""}));
  EXPECT_EQ(Gone({{"", menu + MakeLine(1, 60)}, {"", menu + MakeLine(2, 60)}, {"", ""}}),
            (std::vector<std::string>{"", "", ""}));
}

// Two of fifty pages have a teaser in common; that is no furniture. Five have.
TEST(Furniture, NeedsAShareOfThePages) {
  for (const size_t with : {2, 5}) {
    std::vector<SlowPage> pages;
    for (uint64_t p = 0; p < 50; ++p)
      pages.push_back(
          {"a.example", MakeLine(100 + p, 60) + (p < with ? "\nThe mayor resigned on Monday" : "")});
    const std::string gone = with == 5 ? "[The mayor resigned on Monday]" : "";
    EXPECT_EQ(Gone(pages)[0], gone);
  }
}

TEST(Furniture, DatesCountersAndPricesAreSlots) {
  std::vector<SlowPage> pages;
  for (uint64_t p = 0; p < 3; ++p) {
    pages.push_back(
        {"a.example", fmt::format("Posted on {} June 20{}\n{}\n{},{} comments so far\nOnly ${}.99 a month",
                                  3 + p, 11 + p, MakeLine(p, 60), p + 1, 100 + p, 5 * p)});
  }
  const std::vector<std::string> gone = Gone(pages);
  EXPECT_EQ(gone[0], "[Posted on 3 June 2011][1,100 comments so far][Only $0.99 a month]");
  EXPECT_EQ(gone[2], "[Posted on 5 June 2013][3,102 comments so far][Only $10.99 a month]");
}

// A licence on ten sites, in different stories; and a story on twelve, with its own menu each.
TEST(Furniture, TextThinOverManySourcesIsCommonAndAStoryIsNot) {
  const std::string licence = "Permission is hereby granted free of charge to any person obtaining a copy";
  std::vector<SlowPage> pages;
  for (uint64_t p = 0; p < 10; ++p)
    pages.push_back(
        {fmt::format("s{}.example", p), MakeLine(p, 70) + "\n" + licence + "\n" + MakeLine(50 + p, 70)});
  const std::string story = MakeLine(900, 40) + "\n" + MakeLine(901, 60) + "\n" + MakeLine(902, 50);
  for (uint64_t p = 0; p < 12; ++p)
    pages.push_back({fmt::format("t{}.example", p), MakeLine(200 + p, 8) + "\n" + story});
  const std::vector<std::string> common = Gone(pages, {}, true);
  for (size_t p = 0; p < pages.size(); ++p)
    EXPECT_EQ(common[p], p < 10 ? fmt::format("[{}]", licence) : "") << p;
  EXPECT_EQ(Gone(pages), std::vector<std::string>(pages.size()));
}

// The menu of other pages, with its lines joined and an article behind it on the same line.
TEST(Furniture, IsFoundWhereItIsGluedToOneLine) {
  std::string menu;
  for (uint64_t i = 0; i < 12; ++i) menu += MakeLine(300 + i, 3) + "\n";
  std::string glued = menu;
  std::replace(glued.begin(), glued.end(), '\n', ' ');
  const std::string article = MakeLine(7, 80);
  std::vector<SlowPage> pages;
  for (uint64_t p = 0; p < 3; ++p) pages.push_back({"a.example", menu + MakeLine(p, 60)});
  pages.push_back({"a.example", glued + article});
  const std::string gone = Gone(pages)[3];
  // Borders are found to within what a key of twelve words may leave open.
  EXPECT_GT(gone.size(), glued.size() / 2);
  EXPECT_NE(glued.find(gone.substr(1, gone.size() - 2)), std::string::npos) << gone;
}

}  // namespace
}  // namespace refrain
