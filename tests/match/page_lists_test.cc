// What stands in each of several entries of a list stays in all of them. Beside each list stands a page that
// differs in what the rule looks at, of which copies go: without the rule the test would fail.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"

namespace refrain {
namespace {

constexpr char kLift[] =
    "We're sorry, but the hall can't be reached by wheelchair while the lift is being mended.";
constexpr char kNotebook[] =
    "Sixty-four pages on heavy paper, sewn and not glued, with a ribbon and a pocket for tickets inside the "
    "back "
    "cover. We ship within two days, and we don't charge for postage when you buy three or more.";
constexpr char kTickets[] =
    "Tickets can be bought at the door from half an hour before the show, and we don't take cards. Children "
    "under twelve don't pay if they come with an adult. Please don't bring dogs, bottles or umbrellas into "
    "the "
    "hall, and don't park in front of the gate. The bar opens at six.";

std::string List(const std::vector<std::string>& headings, const std::string& shared) {
  std::string text;
  for (const std::string& heading : headings) text += heading + shared + "\n\n";
  return text;
}

TEST(PageLists, EveryEntryKeepsTheLineThatAllHave) {
  const std::vector<std::string> dates = {
      "3 May, 19:00 \u2013 Trio Almar\n", "5 May, 18:00 \u2013 Petra Voss reads\n",
      "9 May, 20:30 \u2013 The Long Quay (film)\n", "10 May, 19:00 \u2013 Quartet Lune\n"};
  const std::vector<std::string> goods = {"Notebook, red\n12.00 \u20AC\n", "Notebook, blue\n12.50 \u20AC\n",
                                          "Notebook, green\n13.00 \u20AC\n", "Diary, black\n15.00 \u20AC\n"};
  const std::vector<std::string> shows = {
      "Trio Almar\nSaturday 3 May, 19:00\n", "Petra Voss\nSunday 4 May, 18:00\n",
      "The Long Quay\nMonday 5 May, 20:30\n", "Quartet Lune\nFriday 9 May, 19:00\n"};
  const std::vector<std::string> texts = {
      "Trio Almar\n\nThree friends play Haydn and Bartok, and they'll take requests.\n\n",
      "Petra Voss\n\nThe author reads from her new novel about a ferry that won't leave.\n\n",
      "The Long Quay\n\nA film in black and white, with live piano.\n\n"};
  const std::vector<std::string> jobs = {"Crane driver, Leeds, full time\n", "Night guard, Hull, full time\n",
                                         "Cook, York, full time\n"};
  for (const std::string shared : {kLift, kNotebook, kTickets}) {
    for (const auto& headings : {dates, goods, shows, texts, jobs}) {
      for (const std::string top :
           {"", "Events in May\n\n", "News\n\nWhat the town has to offer in these weeks.\n\n"}) {
        const std::string page = top + List(headings, shared);
        EXPECT_EQ(Clean(page), page);
      }
    }
  }
}

TEST(PageLists, ItMayStandOnTheLineOfItsHeading) {
  for (const std::string shared : {kLift, kNotebook}) {
    for (const std::string behind : {". ", ": "}) {
      const std::string page =
          List({"Trio Almar, 3 May, 19:00" + behind, "Petra Voss reads, 5 May, 18:00" + behind,
                "The Long Quay (film), 9 May, 20:30" + behind, "Quartet Lune, 10 May, 19:00" + behind},
               shared);
      EXPECT_EQ(Clean(page), page);
    }
  }
}

TEST(PageLists, WordsOfTheirOwnMayStandBehind) {
  std::string page;
  for (const std::string own : {"Trio Almar, Saturday", "Petra Voss, Sunday", "Quartet Lune, Monday"})
    page += std::string(kLift) + "\n" + own + "\n\n";
  EXPECT_EQ(Clean(page), page);
}

TEST(PageLists, InAnyScript) {
  const auto expect_stays = [](const std::vector<std::string>& headings, const std::string& shared) {
    const std::string page = List(headings, shared);
    EXPECT_EQ(Clean(page), page);
  };
  expect_stays(
      {"Водитель крана\n", "Ночной сторож\n", "Повар в столовую порта\n"},
      "Работа посменная, обучение за счёт порта, медицинская страховка с первого дня, а также бесплатное "
      "питание и проезд до места работы для всех, кто живёт за городом.");
  expect_stays({"クレーンの運転手\n", "夜間の警備員\n", "食堂の料理人\n"},
               "勤務は交代制で、研修の費用は港が負担します。初日から健康保険に加入でき、食事と通勤の費用も支"
               "給されます。"
               "応募の締め切りは今月の末日です。");
  expect_stays(
      {"คนขับปั้นจั่น\n", "ยามกลางคืน\n", "พ่อครัวโรงอาหาร\n"},
      "ทำงานเป็นกะ ท่าเรือจ่ายค่าฝึกอบรม มีประกันสุขภาพตั้งแต่วันแรก และมีอาหารกลางวันกับรถรับส่งฟรีสำหรับทุกคนที่อยู่นอกเมือง");
  expect_stays(
      {"سائق رافعة\n", "حارس ليلي\n", "طباخ في المطعم\n"},
      "العمل بنظام المناوبات والتدريب على نفقة الميناء مع تأمين صحي من اليوم الأول ووجبات مجانية ونقل لكل من "
      "يسكن خارج المدينة ويعمل معنا أكثر من ستة أشهر.");
}

TEST(PageLists, AnArticleThatStandsThreeTimesIsRepaired) {
  const std::string column = Column();
  EXPECT_EQ(Clean(column + "\n" + column + "\n" + column), column) << "nothing between";
  EXPECT_EQ(Clean(column + "\nOther news.\n\n" + column + "\nMore of it.\n\n" + column),
            column + "\nOther news.\n\nMore of it.\n")
      << "two labels are no three headings";
  const std::string title = "A long queue of boats at the northern gate of the old harbour\n\n";
  EXPECT_EQ(Clean(title + column + "\nPhoto\n\n" + column + "\nAdvertisement\n\n" + column),
            title + column + "\nPhoto\n\nAdvertisement\n")
      << "a title is no label";
  const std::string article = NewParagraph(0, 50) + NewParagraph(100, 60);
  EXPECT_EQ(Clean("Port\n\n" + article + "Photo\n\n" + article + "Video\n\n" + article),
            "Port\n\n" + article + "Photo\n\nVideo\n")
      << "110 words";
}

TEST(PageLists, TheTitleIsNoEntry) {
  const std::string title =
      "The harbour master opens the northern gate before sunrise on every Tuesday of May";
  const std::string text = NewParagraph(0, 60) + NewParagraph(100, 60);
  EXPECT_EQ(Clean("Port news: " + title + "\n\nTuesday 3 May 2016\n" + title + "\n" + title + "\n" + text),
            "Port news: " + title + "\n\nTuesday 3 May 2016\n" + title + "\n" + text);
}

TEST(PageLists, AListThatIsShownTwiceIsRepaired) {
  const std::string list =
      List({"Trio Almar\n", "Petra Voss reads\n", "The Long Quay\n", "Quartet Lune\n"}, kLift) +
      NewParagraph(0, 60);
  EXPECT_EQ(Clean(list + "Once more.\n\n" + list), list + "Once more.\n");
}

TEST(PageLists, WhatStandsTwiceInOneEntryDoesNotCostAnotherEntryItsOwn) {
  const std::string twice = std::string(kTickets) + std::string(kTickets);
  const std::string page = List({"Trio Almar\n", "Petra Voss reads\n", "The Long Quay\n"}, twice);
  const std::string clean = Clean(page);
  for (const std::string heading : {"Trio Almar\n", "Petra Voss reads\n", "The Long Quay\n"})
    EXPECT_NE(clean.find(heading + kTickets), std::string::npos) << clean;
}

TEST(PageLists, LongFormulasStayInFiveEntriesAndMore) {
  const std::string formula = NewParagraph(0, 100);
  std::vector<std::string> headings;
  for (uint32_t i = 0; i < 5; ++i) headings.push_back("Offer " + NewParagraph(1000 + 10 * i, 4));
  EXPECT_EQ(Clean(List(headings, formula)), List(headings, formula));
  headings.resize(3);
  EXPECT_NE(Clean(List(headings, formula)), List(headings, formula));
}

TEST(PageLists, EntriesMayRepeatAsManyWordsAsTheyHave) {
  const std::string formula = NewParagraph(0, 100);
  const auto page = [&](uint32_t own) {
    return List({"Oak\n\n" + NewParagraph(1000, own), "Ash\n\n" + NewParagraph(2000, own),
                 "Elm\n\n" + NewParagraph(3000, own)},
                formula);
  };
  EXPECT_EQ(Clean(page(110)), page(110));
  EXPECT_NE(Clean(page(20)), page(20));
}

TEST(PageLists, ManyEntriesCostTimeInProportion) {
  // Thousands of places of one passage, all on one line, and passages of three words in many places.
  std::string text;
  for (uint32_t i = 0; i < 20'000; ++i) text += NewParagraph(10 * (i % 40), 5) + std::to_string(i) + " ";
  std::string line = text;
  for (char& c : line) c = c == '\n' ? ' ' : c;
  Find(line);
  Find(text);
}

TEST(PageLists, HeadingsLikeCreditsAndPartsOfPapersAreHeadings) {
  const std::string said =
      "Tickets are valid for one day on all lines in the city and the surrounding area, and children "
      "under six travel free of charge.\n\n";
  for (const auto& page :
       {"How to reach us\n\nBy Car\n" + said + "On Foot\n" + said + "By Bus\n" + said + "Up a Hill\n" + said,
        "Newsletters of this house\n\nSport\n" + said + "Travel\n" + said,
        "Prices of the shop\n\nPhoto Printing\n" + said + "Frame Making\n" + said + "Text Printing\n" + said,
        "新聞\n\n文具\n" + said + "玩具\n" + said}) {
    EXPECT_EQ(Clean(page), page);
  }
}

TEST(PageLists, AnArticleThatStandsFiveTimesUnderLabelsIsRepaired) {
  const std::string article = NewParagraph(0, 100) + NewParagraph(200, 100) + NewParagraph(400, 100);
  std::string page = "Headline of the day\n\n" + article, clean = page;
  for (const char* label : {"Monday", "Print", "Mobile", "Video"}) {
    page += std::string(label) + "\n\n" + article;
    clean += std::string(label) + "\n\n";
  }
  clean.pop_back();
  EXPECT_EQ(Clean(page), clean);
}

}  // namespace
}  // namespace refrain
