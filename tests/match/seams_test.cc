#include "refrain/match/seams_internal.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace refrain {
namespace {

// The words of `text` behind SplitSeams, joined by blanks.
std::string Split(const std::string& text) {
  Tokens tokens, split;
  Tokenize(text, &tokens);
  std::vector<EdgeBits> edges;
  FindEdges(text, tokens, &edges);
  RunFinder finder;
  std::vector<AlignedRun> runs;
  finder.Find(text, tokens, {.min_words = 5}, &runs);
  if (!SplitSeams(text, tokens, edges, runs, &split)) return "";
  std::string words;
  for (size_t i = 0; i < split.size(); ++i) {
    Tokens one;
    Tokenize(Slice(text, split.span(i)), &one);
    EXPECT_EQ(one.hashes, std::vector<uint64_t>{split.hashes[i]});
    words += std::string(Slice(text, split.span(i))) + " ";
  }
  return words;
}

constexpr char kFirst[] = "the harbour master opened the northern gate on Tuesday";
constexpr char kNext[] = "Nobody could remember such a queue";

TEST(SplitSeams, AWordGluedWhereAPassageEndsIsTakenApart) {
  const std::string words = Split("One " + std::string(kFirst) + kNext + " one\nTwo " + kFirst +
                                  "\nOther words\n" + kNext + " two\n");
  EXPECT_NE(words.find("Tuesday Nobody "), std::string::npos) << words;
}

TEST(SplitSeams, AWordGluedInsideARunIsTakenApart) {
  const std::string words =
      Split("One " + std::string(kFirst) + kNext + " one\nTwo " + kFirst + " " + kNext + " two\n");
  EXPECT_NE(words.find("Tuesday Nobody "), std::string::npos) << words;
}

TEST(SplitSeams, LongerWordsAndNumbersStayWhole) {
  const std::string run = "harbour master opened the northern gate on a";
  EXPECT_EQ(Split("One " + run + "n evening\nTwo " + run + "\nOther words\n"), "");
  EXPECT_EQ(Split("One " + run + " day of 20211\nTwo " + run + " day of 2021\nOther words\n"), "");
  EXPECT_EQ(Split("One paid 15 crowns for all of it that day\nTwo paid 1.5 crowns for all of it that day\n"),
            "");
}

struct Joints {
  std::vector<EdgeBits> edges;
  std::vector<std::string> words;  // that begin behind a joint
};

Joints JointsOf(const std::string& text) {
  Joints found;
  Tokens tokens;
  Tokenize(text, &tokens);
  FindEdges(text, tokens, &found.edges);
  RunFinder finder;
  std::vector<AlignedRun> runs;
  finder.Find(text, tokens, {.min_words = 5}, &runs);
  MarkJoints(tokens, runs, &found.edges);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (found.edges[i] & Edge::kJoint) found.words.emplace_back(Slice(text, tokens.span(i)));
  }
  return found;
}

// Thai: "the harbour opened its gate before sunrise", "boats waited outside since midnight".
constexpr char kThai[] = "ท่าเรือเปิดประตูด้านเหนือก่อนพระอาทิตย์ขึ้นในวันอังคาร";
constexpr char kThaiNext[] = "เรือประมงรออยู่ด้านนอกตั้งแต่เที่ยงคืนขณะฝนตกหนักมาก";

TEST(MarkJoints, WhatALineEndsElsewhereEndsAPassage) {
  const std::string thai = std::string(kThai) + "ไม่มีใครในเมืองเล็กจำได้ว่าเคยเห็นแถวเรือยาวขนาดนี้ในวันนั้น",
                    next = kThaiNext;
  // In the middle of a run, and where two runs meet.
  EXPECT_EQ(JointsOf("ก " + thai + next + "\nข\n" + thai + "\n" + next + "\n").words,
            std::vector<std::string>{"เ"});
  EXPECT_EQ(JointsOf("ก\n" + thai + next + "\nข\n" + next + "\nค\n" + thai + "\n").words,
            std::vector<std::string>{"เ"});
  // Lines that short may be broken ones.
  EXPECT_TRUE(
      JointsOf("ก " + std::string(kThai) + next + "\nข\n" + kThai + "\n" + next + "\n").words.empty());
  // With a space between them it may be a phrase of a title.
  EXPECT_TRUE(JointsOf("ก " + thai + " " + next + "\nข\n" + thai + "\n" + next + "\n").words.empty());
}

TEST(MarkJoints, OfRunsOnlyWhereMoreThanACaptionStandsBetween) {
  const std::string first = kFirst, next = kNext;
  const std::string other =
      " and this is what only one of both places says about the harbour and its master "
      "who opened a gate or two in the morning";
  const auto joints = [&](const std::string& between) {
    return JointsOf("One\n" + first + between + "\n" + next + "\nTwo " + first + " " + next + "\n").words;
  };
  EXPECT_EQ(joints("\n" + other), std::vector<std::string>{"Nobody"});
  EXPECT_TRUE(joints("").empty());
  EXPECT_TRUE(joints("\nPhoto: somebody").empty());
}

TEST(MarkJoints, ALineThatBeginsTwiceBehindOtherWordsIsNoRestOfASentence) {
  const std::string passage = "adidas opened its northern shop before sunrise on Tuesday";
  const auto lower = [](const Joints& joints) {
    return std::count_if(joints.edges.begin(), joints.edges.end(), [](EdgeBits edge) {
      return (edge & (Edge::kLine | Edge::kLower)) == (Edge::kLine | Edge::kLower);
    });
  };
  EXPECT_EQ(lower(JointsOf("One\n" + passage + "\nTwo\n" + passage + "\n")), 0);
  // Behind the same words it may be a line broken to a width, in both.
  EXPECT_EQ(lower(JointsOf("One said that\n" + passage + "\nTwo said that\n" + passage + "\n")), 2);
}

}  // namespace
}  // namespace refrain
