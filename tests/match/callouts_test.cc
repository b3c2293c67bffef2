// Of two equal paragraphs the one in running text stays, where the page shows which that is; else the first.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"

namespace refrain {
namespace {

// A story in one script: two paragraphs, what somebody says, two more.
struct Story {
  std::string title;
  std::vector<std::string> paragraphs;
  std::string said;
  std::string unquoted;  // the same without its quotation marks
};

std::vector<Story> Stories() {
  return {
      {"Lindmouth rebuilds its pier",
       {"The harbour council of Lindmouth voted on Tuesday night to rebuild the old pier that a winter storm "
        "had torn away from the shore two years ago.",
        "Work is expected to begin in April, when the tides are gentle enough for barges to carry the oak "
        "piles across the shallow bay without much risk.",
        "Critics of the plan argue that the money would be better spent on the leaking roof of the primary "
        "school, where buckets stand in three classrooms.",
        "The ferry to the islands, which used to land at the pier, will go on leaving from the fish market "
        "until the last of the planks is in its place."},
       "“We have waited long enough for this decision,” said fishmonger Agnes Tolliver, who has kept a stall "
       "beside the ruined steps since her childhood.",
       "We have waited long enough for this decision, said fishmonger Agnes Tolliver, who has kept a stall "
       "beside the ruined steps since her childhood."},
      {"В Приозёрске восстановят причал",
       {"Городской совет Приозёрска во вторник вечером проголосовал за восстановление старого причала, "
        "который "
        "два года назад унесла сильная зимняя буря.",
        "Работы должны начаться в апреле, когда вода в заливе станет спокойнее и баржи смогут без особого "
        "риска доставить к берегу тяжёлые дубовые сваи.",
        "Противники плана считают, что деньги лучше потратить на протекающую крышу начальной школы, где в "
        "трёх "
        "классах уже много месяцев стоят вёдра.",
        "Паром на острова, который раньше приставал у причала, будет и дальше отходить от рыбного рынка, "
        "пока "
        "последняя доска не ляжет на своё место."},
       "«Мы слишком долго ждали этого решения», — сказала торговка рыбой Агния Толмачёва, которая с самого "
       "детства держит прилавок возле разрушенной лестницы.",
       "Мы слишком долго ждали этого решения, — сказала торговка рыбой Агния Толмачёва, которая с самого "
       "детства держит прилавок возле разрушенной лестницы."},
      {"港町が桟橋を建て直す",
       {"港町の評議会は火曜日の夜、二年前の冬の嵐で岸から流された古い桟橋を建て直すことを賛成多数で決めた。",
        "工事は潮の流れが穏やかになる四月に始まる見込みで、はしけが浅い湾を渡って重い樫の杭を安全に運び込むこ"
        "と"
        "になっている。",
        "計画に反対する人々は、三つの教室にバケツが並ぶ小学校の雨漏りする屋根の修理にこそお金を使うべきだと主"
        "張"
        "している。",
        "かつて桟橋に着いていた島行きの渡し船は、最後の板が張られる日まで魚市場のそばの岸壁から出ることになる"
        "。"},
       "「この決定を待ちくたびれました」と、子どものころから壊れた石段のそばで店を守ってきた魚屋の田代あぐり"
       "さん"
       "は話した。",
       "この決定を待ちくたびれましたと、子どものころから壊れた石段のそばで店を守ってきた魚屋の田代あぐりさん"
       "は話"
       "した。"},
  };
}

std::string Page(const std::vector<std::string>& lines) {
  std::string page;
  for (const std::string& line : lines) page += line + "\n\n";
  return page;
}

TEST(Callouts, WhatHasItsQuotationMarksStays) {
  for (const Story& story : Stories()) {
    const auto& p = story.paragraphs;
    EXPECT_EQ(Clean(Page({p[0], story.unquoted, p[1], story.said, p[2]})),
              Page({p[0], p[1], story.said, p[2]}));
    EXPECT_EQ(Clean(Page({p[0], story.said, p[1], story.unquoted, p[2]})),
              Page({p[0], story.said, p[1], p[2]}));
    EXPECT_EQ(Clean(Page({p[0], story.said, p[1], story.said, p[2]})), Page({p[0], story.said, p[1], p[2]}))
        << "the first";
  }
}

TEST(Callouts, WhatHasLostTheMarkThatBeginsItGoes) {
  const Story story = Stories()[1];
  const auto& p = story.paragraphs;
  const std::string end =
      "Мы слишком долго ждали этого решения, — сказала торговка рыбой Агния Толмачёва, которая с самого "
      "детства "
      "держит прилавок возле разрушенной лестницы».";
  const std::string whole = "«" + end;
  EXPECT_EQ(Clean(Page({p[0], end, p[1], whole, p[2]})), Page({p[0], p[1], whole, p[2]}));
  // Marks around the whole may be those of a call-out, and speech that goes on has none at its end.
  std::string bare = end, open = whole;
  bare.erase(bare.find("»"), std::string_view("»").size());
  open.erase(open.find("»"), std::string_view("»").size());
  EXPECT_EQ(Clean(Page({p[0], bare, p[1], whole, p[2]})), Page({p[0], bare, p[1], p[2]}));
  EXPECT_EQ(Clean(Page({p[0], open, p[1], whole, p[2]})), Page({p[0], open, p[1], p[2]}));
}

TEST(Callouts, ThePageMayBeginWithAMark) {
  const std::string title =
      "\"Keep them in the house as much as you can\": Hot weather is hard on dogs, cats and other friends";
  const std::string page = Page({title, title, "By:", Stories()[0].paragraphs[0]});
  const PageRepeats found = Find(page, {.explain = true});
  ASSERT_EQ(found.repeats.size(), 1u);
  EXPECT_EQ(found.repeats[0].because, CutBecause::kSecond);
}

TEST(Callouts, AStandfirstThatIsAParagraphFurtherDownGoes) {
  const Story story = Stories()[0];
  const auto& p = story.paragraphs;
  for (const std::string date : {"12 May 2021, 10:30", "By Jon Dahl"}) {
    EXPECT_EQ(Clean(Page({story.title, p[3], date, p[0], p[1], p[3], p[2]})),
              Page({story.title, date, p[0], p[1], p[3], p[2]}));
    // An entry under its own heading, with the date of the next behind it; and the lead of the article.
    EXPECT_EQ(Clean(Page({"Spring in Lindmouth", story.title, p[3], date, p[0], p[1], p[3], p[2]})),
              Page({"Spring in Lindmouth", story.title, p[3], date, p[0], p[1], p[2]}));
    EXPECT_EQ(Clean(Page({story.title, date, p[3], p[0], p[1], p[3], p[2]})),
              Page({story.title, date, p[3], p[0], p[1], p[2]}));
  }
}

// The text without what goes, where the stretch from `begin` on stands beside the rest.
std::string CleanApart(const std::string& text, size_t begin, size_t size) {
  const Span apart[] = {{static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + size)}};
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, TokensOf(text), {}, &found, {.apart = apart});
  return WithoutSpans(text, found.cut);
}

TEST(Callouts, WhatIsKnownToStandBesideTheTextGoes) {
  for (const Story& story : Stories()) {
    const auto& p = story.paragraphs;
    const std::string page = Page({p[0], story.said, p[1], story.said, p[2]});
    const size_t first = page.find(story.said), second = page.rfind(story.said), size = story.said.size();
    const std::string without_first = Page({p[0], p[1], story.said, p[2]}),
                      without_second = Page({p[0], story.said, p[1], p[2]});
    EXPECT_EQ(CleanApart(page, first, size), without_first);
    EXPECT_EQ(CleanApart(page, second, size), without_second);
    EXPECT_EQ(CleanApart(page, first, second + size - first), without_second) << "both";
    EXPECT_EQ(CleanApart(page, first, size / 2), without_second) << "not all of it";
    EXPECT_EQ(CleanApart(page, 0, 1), without_second);
    EXPECT_EQ(CleanApart(page, page.size() - 1, 1), without_second);
    // Two paragraphs as well, and with a line behind them; but not parts of what is quoted.
    const std::string two = Page({p[0], p[1], p[2], p[3], p[1], p[2]});
    EXPECT_EQ(CleanApart(two, two.find(p[1]), p[1].size() + 2 + p[2].size()), Page({p[0], p[3], p[1], p[2]}));
    const std::string named = Page({p[0], story.said, "Photo: Jon Dahl", p[1], story.said, p[2]});
    EXPECT_EQ(CleanApart(named, first, named.find(p[1]) - first),
              Page({p[0], "Photo: Jon Dahl", p[1], story.said, p[2]}));
    const std::string longer = Page({p[0], p[1], story.said, p[2], p[3], story.said});
    const size_t begin = longer.find(p[1]), end = longer.find(p[3]);
    const std::string first_stays = Page({p[0], p[1], story.said, p[2], p[3]});
    for (const size_t from : {begin, longer.find(story.said)})
      EXPECT_EQ(CleanApart(longer, from, end - from) + "\n", first_stays);
  }
  // What a colon announces is part of the text.
  const Story story = Stories()[0];
  const auto& p = story.paragraphs;
  const std::string page = Page({p[0],
                                 "She has sold fish there for longer than anybody in the town can remember, "
                                 "and wrote to the mayor in the week before the vote of the council:",
                                 story.said, p[1], story.said, p[2]});
  EXPECT_EQ(CleanApart(page, page.find(story.said), story.said.size()), Clean(page));
}

TEST(Callouts, TheReasonIsTold) {
  const Story story = Stories()[0];
  const auto& p = story.paragraphs;
  const auto reason = [](const std::string& page) {
    const PageRepeats found = Find(page, {.explain = true});
    return found.repeats.size() == 1 ? found.repeats[0].because : CutBecause::kSecond;
  };
  EXPECT_EQ(reason(Page({p[0], story.unquoted, p[1], story.said, p[2]})), CutBecause::kQuotes);
  EXPECT_EQ(reason(Page({p[0], story.said, p[1], story.unquoted, p[2]})), CutBecause::kQuotes);
  EXPECT_EQ(reason(Page({story.title, story.said, "12 May 2021, 10:30", p[0], p[1], story.said, p[2]})),
            CutBecause::kApart);
}

}  // namespace
}  // namespace refrain
