#include "refrain/match/labels_internal.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"

namespace refrain {
namespace {

bool IsLabelLine(const std::string& line) {
  const Tokens tokens = TokensOf(line);
  return IsLabel(line, tokens, {0, static_cast<uint32_t>(tokens.size())});
}
bool IsCreditLine(const std::string& line) {
  const Tokens tokens = TokensOf(line);
  return IsCredit(line, tokens, {0, static_cast<uint32_t>(tokens.size())});
}

TEST(Labels, CreditsNameAnAuthorOrAPhotographer) {
  for (const std::string line : {"By Jon Dahl", "BY JON DAHL", "by Jon Dahl and Anna Petersen, Reuters",
                                 "Photo: Jon Dahl, AP", "Von Karl Meier", "Par Marie Dupont", "Por Ana Silva",
                                 "Автор: Иван Петров", "بقلم أحمد علي", "文：王小明"})
    EXPECT_TRUE(IsCreditLine(line)) << line;
}

TEST(Labels, AHeadingThatBeginsWithTheSameWordIsNoCredit) {
  for (const std::string line :
       {"By train", "By Car", "Photo Printing", "Text Messages", "文具", "文化 会館", "โดยรถไฟ", "撮影機材",
        "사진 앨범", "By", "Photo", "Trio Almar", "Bypass Road Closed", "Von hier an geht es bergauf",
        "By The Time The Council Met On Thursday, All Of The Boats Had Gone"})
    EXPECT_FALSE(IsCreditLine(line)) << line;
}

TEST(Labels, PartsOfAPaperAreWholeLines) {
  for (const std::string line :
       {"Opinion", "NEWS", "World news", "By Jon Dahl", "Meinung", "Новости", "ニュース"})
    EXPECT_TRUE(IsLabelLine(line)) << line;
  for (const std::string line : {"", "News from the harbour", "Trio Almar", "No opinion"})
    EXPECT_FALSE(IsLabelLine(line)) << line;
}

}  // namespace
}  // namespace refrain
