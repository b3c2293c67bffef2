#include "refrain/match/teasers_internal.h"
#include "refrain/match/wraps_internal.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

size_t FoundIn(const std::string& text, const Tokens& tokens) {
  std::vector<EdgeBits> edges;
  FindEdges(text, tokens, &edges);
  MarkWraps(text, tokens, &edges);
  TailMarker().Mark(text, tokens, &edges);
  std::vector<AlignedRun> runs;
  TeaserFinder().Find(text, tokens, &edges, &runs);
  return runs.size();
}

TEST(Teasers, PagesThatAreNotLookedThroughHoldNone) {
  Random random(1);
  const std::vector<std::string> words = {"alpha", "beta",         "Gamma",
                                          "delta", "conservation", "internationalisation"};
  const std::vector<std::string> plain = {
      " ", " ", " ", " ", ". ", "\n", "\n", "\n\n", " read more\n", " (more)\n", " continue reading\n"};
  const std::vector<std::string> gaps = {
      " ",  " ",  " ",      " ",    " ",  ". ",   "\u2026 ",      "\n",        "... ",         "...\n",
      "\r", "\v", "\u2028", "\r\n", "\n", "\n\n", " read more\n", " [more]\n", "\nread more\n"};
  TeaserFinder finder;
  int found = 0, passed_over = 0;
  for (int round = 0; round < 75000; ++round) {
    std::string text;
    // Few kinds of gaps a page, so that there are pages without each of them.
    std::vector<std::string> some;
    const bool ellipsis = round % 2 == 0;
    for (int i = 0; i < 8; ++i)
      some.push_back(ellipsis ? gaps[random.Below(gaps.size())] : plain[random.Below(plain.size())]);
    if (ellipsis) some.push_back("...");
    for (size_t count = 6 + random.Below(80); count > 0; --count)
      text += words[random.Below(words.size())] + some[random.Below(some.size())];
    Tokens tokens;
    Tokenize(text, &tokens);
    Glance glance;
    GlanceAt(text, &glance);
    const bool may_find = finder.MayFind(text, tokens, glance, TailMarker());
    const size_t runs = FoundIn(text, tokens);
    ASSERT_TRUE(may_find || runs == 0) << text;
    found += runs > 0;
    passed_over += !may_find;
  }
  EXPECT_GT(found, 100);
  EXPECT_GT(passed_over, 300);
}

}  // namespace
}  // namespace refrain
