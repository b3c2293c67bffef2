#include "refrain/pipeline/decisions.h"

#include <gtest/gtest.h>

namespace refrain {
namespace {

TEST(Decisions, GivesBackWhatWasDecidedWhateverTheMemory) {
  constexpr uint32_t kPages = 20'000;
  for (const uint64_t memory : {uint64_t{1} << 40, uint64_t{1} << 20, uint64_t{0}}) {
    Decisions decisions({.memory = memory});
    for (uint32_t page = 0; page < kPages; ++page) {
      if (page % 3 == 1) {
        ASSERT_TRUE(decisions
                        .Drop(page, {.witness = page / 3,
                                     .verdict = page % 2 ? Verdict::kExact : Verdict::kNear,
                                     .resemblance = 0.5 + page,
                                     .in_witness = 0.25 + page,
                                     .only_in_dropped = std::vector<Span>(page % 5, Span{page, page + 1})})
                        .ok());
      } else if (page % 3 == 2) {
        ASSERT_TRUE(
            decisions.Cut(page, {{{1, page}, page / 2, {3, page + 4}, 0.75}, {{page, 9}, 1, {}, 1}}).ok());
      }
    }
    DroppedPage why;
    std::vector<CutPassage> cuts = {CutPassage()};
    for (uint32_t page = 0; page < kPages; ++page) {
      ASSERT_EQ(decisions.drops(page), page % 3 == 1);
      ASSERT_EQ(decisions.cuts(page), page % 3 == 2);
      ASSERT_TRUE(decisions.Read(page, &cuts).ok());
      ASSERT_EQ(cuts.size(), page % 3 == 2 ? 2u : 0u);
      if (page % 3 == 2) {
        EXPECT_EQ(cuts[0].span, (Span{1, page}));
        EXPECT_EQ(cuts[0].witness, page / 2);
        EXPECT_EQ(cuts[0].kept, (Span{3, page + 4}));
        EXPECT_EQ(cuts[0].resemblance, 0.75);
        EXPECT_EQ(cuts[1].span, (Span{page, 9}));
      }
      if (page % 3 != 1) continue;
      ASSERT_TRUE(decisions.Read(page, &why).ok());
      EXPECT_EQ(why.witness, page / 3);
      EXPECT_EQ(why.verdict, page % 2 ? Verdict::kExact : Verdict::kNear);
      EXPECT_EQ(why.resemblance, 0.5 + page);
      EXPECT_EQ(why.in_witness, 0.25 + page);
      EXPECT_EQ(why.only_in_dropped, std::vector<Span>(page % 5, Span{page, page + 1}));
    }
  }
}

}  // namespace
}  // namespace refrain
