#include "refrain/match/join_internal.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

struct Page {
  std::string text;
  Tokens tokens;
  std::vector<EdgeBits> edges;
  std::vector<AlignedRun> runs;
};

Page Joined(const std::string& text, int max_edits = 2) {
  Page page{.text = text, .tokens = {}, .edges = {}, .runs = {}};
  Tokenize(page.text, &page.tokens);
  FindEdges(page.text, page.tokens, &page.edges);
  RunFinder finder;
  finder.Find(page.text, page.tokens, {.min_words = 8, .max_edits = max_edits}, &page.runs);
  RunJoiner joiner;
  joiner.Join(page.text, page.tokens, page.edges, max_edits, &page.runs);
  return page;
}

std::string Words(uint32_t first, uint32_t count) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < count; ++i) numbers.push_back(first + i);
  std::string words = reference::WordText(numbers);
  words[0] = 'W';
  return words + ".";
}

uint32_t Aligned(const AlignedRun& run) {
  uint32_t words = 0;
  for (const RunPiece& piece : run.pieces) words += piece.length;
  return words;
}

// Pieces are verbatim and rise on both sides; a slip has as many words on either side.
void ExpectSane(const Page& page) {
  for (const AlignedRun& run : page.runs) {
    ASSERT_EQ(run.gaps.size() + 1, run.pieces.size());
    ASSERT_LE(run.b_end(), page.tokens.size());
    ASSERT_LT(run.a_begin(), run.b_begin());
    for (size_t p = 0; p < run.pieces.size(); ++p) {
      const RunPiece& piece = run.pieces[p];
      for (uint32_t i = 0; i < piece.length; ++i)
        ASSERT_EQ(page.tokens.hashes[piece.a + i], page.tokens.hashes[piece.b + i]) << page.text;
      if (p == 0) continue;
      const RunPiece& before = run.pieces[p - 1];
      ASSERT_GE(piece.a, before.a + before.length);
      ASSERT_GE(piece.b, before.b + before.length);
      const uint32_t in_a = piece.a - before.a - before.length, in_b = piece.b - before.b - before.length;
      switch (run.gaps[p - 1]) {
        case GapKind::kSlip:
          ASSERT_EQ(in_a, in_b);
          ASSERT_GT(in_a, 0u);
          break;
        case GapKind::kExtraA:
          ASSERT_TRUE(in_a > 0 && in_b == 0);
          break;
        case GapKind::kExtraB:
          ASSERT_TRUE(in_a == 0 && in_b > 0);
          break;
        case GapKind::kSeam:
        case GapKind::kOther:
          ASSERT_TRUE(in_a > 0 && in_b > 0);
          break;
      }
    }
  }
}

TEST(RunJoiner, CopiesOfWhichOneLacksAParagraphAreOneRun) {
  const Page page = Joined(Words(0, 20) + "\n" + Words(20, 20) + "\n\nOther news\n\n" + Words(0, 20) + "\n" +
                           Words(100, 40) + "\n" + Words(20, 20) + "\n");
  ExpectSane(page);
  ASSERT_EQ(page.runs.size(), 1u);
  EXPECT_EQ(Aligned(page.runs[0]), 40u);
  EXPECT_EQ(page.runs[0].gaps, std::vector<GapKind>{GapKind::kExtraB});
}

TEST(RunJoiner, AShortSentenceBetweenTwoRunsIsFound) {
  // Four words between a caption and a paragraph that the other copy lacks: no seed fits in.
  const std::string copy = Words(0, 20) + " Caption one. " + Words(60, 4) + " " + Words(20, 20);
  const std::string other = Words(0, 20) + " " + Words(60, 4) + " " + Words(100, 30) + " " + Words(20, 20);
  const Page page = Joined(copy + "\n\nOther news\n\n" + other + "\n");
  ExpectSane(page);
  ASSERT_EQ(page.runs.size(), 1u);
  EXPECT_EQ(Aligned(page.runs[0]), 44u);
}

TEST(RunJoiner, PassagesWithOtherTextBetweenThemStayApart) {
  const Page page = Joined(Words(0, 20) + " " + Words(200, 25) + " " + Words(20, 20) + "\n\nOther news\n\n" +
                           Words(0, 20) + " " + Words(300, 25) + " " + Words(20, 20) + "\n");
  ExpectSane(page);
  EXPECT_EQ(page.runs.size(), 2u);
}

// The end of the first copy and the beginning of the second are no copy of the end of the second and the
// beginning of the third, though a word or two stand between them.
TEST(RunJoiner, ThreeCopiesInARowMakeNoRunAcrossTheirBorders) {
  for (const uint32_t missing : {1u, 2u, 3u}) {
    std::string copies[3];
    for (uint32_t copy = 0; copy < 3; ++copy) {
      for (uint32_t paragraph = 0; paragraph < 5; ++paragraph) {
        if (copy == 0 && paragraph == missing) continue;
        copies[copy] += Words(1000 * paragraph, 40) + "\n";
      }
    }
    const Page page = Joined(copies[0] + "Advertisement\n" + copies[1] + copies[2]);
    ExpectSane(page);
    // Words in front of the second and of the third copy.
    const uint32_t second = 4 * 40 + 1, third = second + 5 * 40;
    const auto reaches_over = [](uint32_t begin, uint32_t end, uint32_t border) {
      return begin + 8 < border && border + 8 < end;
    };
    ASSERT_FALSE(page.runs.empty());
    for (const AlignedRun& run : page.runs) {
      EXPECT_FALSE(reaches_over(run.a_begin(), run.a_end(), second)) << missing << " " << run.a_begin();
      EXPECT_FALSE(reaches_over(run.b_begin(), run.b_end(), third)) << missing << " " << run.b_begin();
    }
  }
}

// A lead, and behind it the text it is from: those are two copies, and the lead does not go on in the second.
TEST(RunJoiner, ALeadIsNoBeginningOfTheCopyBehindIt) {
  const std::string lead = Words(0, 20), rest = Words(20, 20) + "\n" + Words(40, 40) + "\n";
  const Page page =
      Joined(lead + "\n" + lead + " " + Words(20, 20) + Words(40, 40) + "\nOther news\n" + lead + " " + rest);
  ExpectSane(page);
  for (const AlignedRun& run : page.runs) {
    EXPECT_FALSE(run.a_begin() < 20 && run.a_end() > 21) << run.a_begin() << " " << run.a_end();
  }
}

// Of Thai as of English, though its words have several tokens.
TEST(RunJoiner, CopiesLieWordsApartNotTokens) {
  const auto thai = [](uint32_t first, uint32_t letters) {
    std::string text;
    reference::Random random(first);
    for (uint32_t i = 0; i < letters; ++i) {
      text += "\xE0\xB8";
      text.push_back(static_cast<char>(0x81 + random.Below(0x2E)));
    }
    return text;
  };
  const std::string one = thai(1, 80), two = thai(2, 80);
  const auto runs = [&](uint32_t letters) {
    return Joined(one + "\n" + two + "\nก\n" + one + "\n" + thai(3, letters) + "\n" + two + "\n").runs.size();
  };
  EXPECT_EQ(runs(1100), 1u);  // 275 words
  EXPECT_EQ(runs(1300), 2u);  // 325
}

TEST(RunJoiner, RandomCopiesGiveSaneRuns) {
  reference::Random random(4);
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (int copy = 0; copy < 3; ++copy) {
      for (uint32_t sentence = 0; sentence < 8; ++sentence) {
        if (random.Below(5) == 0) continue;
        if (random.Below(5) == 0)
          text += Words(1000 + static_cast<uint32_t>(random.Below(500)),
                        1 + static_cast<uint32_t>(random.Below(6))) +
                  " ";
        text += Words(sentence * 20, 3 + sentence * 2) + (random.Below(2) ? "\n" : " ");
      }
      text += "\n";
    }
    const Page page = Joined(text, static_cast<int>(random.Below(3)));
    ExpectSane(page);
    if (HasFailure()) return;
  }
}

// Each part once kept room for all the rest: a page of Fibonacci words took gigabytes.
TEST(SplitOverlaps, ARunOfManyPiecesIsTakenApartInLinearSpace) {
  constexpr uint32_t kPieces = 20'000, kApart = 200;
  Tokens tokens;
  tokens.traits.assign(3 * kPieces + kApart, TokenTraits::kWord);
  AlignedRun run;
  for (uint32_t i = 0; i < kPieces; ++i) run.pieces.push_back({3 * i, 3 * i + kApart, 2});
  run.gaps.assign(kPieces - 1, GapKind::kSlip);
  std::vector<AlignedRun> runs = {run, run};
  SplitOverlaps(tokens, std::vector<EdgeBits>(tokens.traits.size() + 1, Edge::kSpace), &runs);
  EXPECT_GE(runs.size(), 2 * (3 * kPieces / (kApart + 1)));
  uint64_t words = 0, room = 0;
  uint32_t end = 0;
  for (size_t i = 0; i < runs.size(); ++i) {
    const AlignedRun& part = runs[i];
    ASSERT_EQ(part.gaps.size() + 1, part.pieces.size());
    EXPECT_LE(part.a_end(), part.b_begin());
    if (i % 2 == 0) {  // the other one like it stands behind
      EXPECT_GE(part.a_begin(), end);
      EXPECT_LE(part.a_begin(), end + 1);
      end = part.a_end();
    }
    for (const RunPiece& piece : part.pieces) {
      ASSERT_EQ(piece.b - piece.a, kApart);
      words += piece.length;
    }
    room += part.pieces.capacity();
  }
  EXPECT_EQ(words, 2 * 2 * kPieces);
  EXPECT_LE(room, 2 * 2 * kPieces);
}

}  // namespace
}  // namespace refrain
