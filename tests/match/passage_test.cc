#include "refrain/match/passage.h"

#include <string>

#include <gtest/gtest.h>

namespace refrain {
namespace {

constexpr char kPassage[] =
    "The harbour master opened the northern gate before sunrise because eleven fishing boats were waiting.";

bool Covers(const std::string& kept, const std::string& other, int max_edits = 2) {
  PassageMatcher matcher;
  return matcher.Covers(kept, other, max_edits);
}

TEST(Passage, CoversItself) {
  EXPECT_TRUE(Covers(kPassage, kPassage));
  EXPECT_TRUE(Covers(kPassage, kPassage, 0));
}

TEST(Passage, CoversWhatDiffersInTypographyOnly) {
  EXPECT_TRUE(
      Covers(kPassage,
             "“THE HARBOUR MASTER” opened the northern gate,\nbefore sunrise – because eleven fishing "
             "boats were waiting…",
             0));
}

TEST(Passage, CoversAPartOfItself) {
  EXPECT_TRUE(Covers(std::string("Before it. ") + kPassage + " Behind it.", kPassage, 0));
}

TEST(Passage, DoesNotCoverMoreThanItShows) {
  EXPECT_FALSE(Covers(kPassage, std::string("Before it. ") + kPassage));
  EXPECT_FALSE(Covers(kPassage, std::string(kPassage) + " Behind it."));
  EXPECT_FALSE(Covers(kPassage,
                      "The harbour master slowly opened the northern gate before sunrise because eleven "
                      "fishing boats were waiting."));
}

TEST(Passage, MayHoldWordsThatTheOtherLacks) {
  EXPECT_TRUE(Covers(
      "The harbour master slowly opened the northern gate before sunrise because eleven fishing boats were "
      "waiting.",
      kPassage));
}

TEST(Passage, SlipsOfThePenLoseNothing) {
  const std::string slip =
      "The harbour master opened the nothern gate before sunrise because eleven fishing boats were waiting.";
  EXPECT_TRUE(Covers(kPassage, slip));
  EXPECT_FALSE(Covers(kPassage, slip, 0));
}

TEST(Passage, AnotherNumberIsAnotherPassage) {
  EXPECT_FALSE(
      Covers("The council voted to spend 1500 crowns on the new library roof this autumn after all.",
             "The council voted to spend 1600 crowns on the new library roof this autumn after all."));
}

TEST(Passage, AnotherOrderIsAnotherPassage) {
  EXPECT_FALSE(Covers("One two three four five six. Seven eight nine ten eleven twelve.",
                      "Seven eight nine ten eleven twelve. One two three four five six."));
}

TEST(Passage, ARepeatInsideTheOtherAloneIsNotCovered) {
  EXPECT_FALSE(Covers("Something else stands here.", std::string(kPassage) + " " + kPassage));
}

TEST(Passage, NoWordsAreAlwaysCovered) {
  EXPECT_TRUE(Covers(kPassage, ""));
  EXPECT_TRUE(Covers("", " ... "));
  EXPECT_FALSE(Covers("", kPassage));
}

TEST(Passage, OneMatcherServesForMany) {
  PassageMatcher matcher;
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(matcher.Covers(kPassage, kPassage, 2));
    EXPECT_FALSE(matcher.Covers("Something else stands here, and it goes on for a while.", kPassage, 2));
    EXPECT_FALSE(matcher.Covers(std::string(50'000, 'x'), kPassage, 2));
  }
}

}  // namespace
}  // namespace refrain
