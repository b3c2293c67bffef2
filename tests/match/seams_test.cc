#include "refrain/match/seams_internal.h"

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

}  // namespace
}  // namespace refrain
