#include "refrain/match/glance_internal.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::ForEachKernel;
using reference::Random;

// Each byte is looked at by itself.
Glance SlowGlance(std::string_view text) {
  Glance glance;
  for (size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (rest[0] == '\n') glance.feeds.push_back(static_cast<uint32_t>(at));
    glance.ampersand |= rest[0] == '&';
    glance.ellipsis |= rest.starts_with("...") || rest.starts_with("\u2026");
  }
  return glance;
}

TEST(Glance, SeesWhatEachByteShowsOnEveryKernel) {
  Random random(1);
  const std::vector<std::string> parts = {".",      ".",        "\n", "&",  "\u2026",
                                          "\u2019", "\xE2\x80", "a",  "\0", "\xA6"};
  ForEachKernel([&] {
    Glance glance;
    glance.feeds = {7};  // left over from another page
    for (int round = 0; round < 3000; ++round) {
      // Mostly letters, so that there are pages without each of the others.
      const size_t often = random.Below(8) == 0 ? 2 : 100;
      std::string text;
      for (size_t left = random.Below(300); left > 0; --left)
        text += random.Below(often) == 0 ? parts[random.Below(parts.size())] : "x";
      // Nothing behind the page is seen.
      const std::string_view page = std::string_view(text).substr(0, text.size() - text.size() / 3);
      GlanceAt(page, &glance);
      const Glance slow = SlowGlance(page);
      ASSERT_EQ(glance.feeds, slow.feeds) << page;
      ASSERT_EQ(glance.ampersand, slow.ampersand) << page;
      ASSERT_EQ(glance.ellipsis, slow.ellipsis) << page;
    }
  });
}

// Wherever an ellipsis stands to the blocks that are looked at together.
TEST(Glance, AnEllipsisIsSeenAcrossBlocks) {
  ForEachKernel([&] {
    Glance glance;
    for (const std::string sign : {"...", "\u2026"}) {
      for (size_t before = 0; before < 200; ++before) {
        GlanceAt(std::string(before, 'x') + sign, &glance);
        EXPECT_TRUE(glance.ellipsis) << before;
        GlanceAt(std::string(before, 'x') + sign.substr(0, 2) + "x" + sign.substr(2), &glance);
        EXPECT_FALSE(glance.ellipsis) << before;
      }
    }
  });
}

}  // namespace
}  // namespace refrain
