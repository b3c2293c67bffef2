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

// A market in three scripts: entries with a date each, and three paragraphs to share.
struct Market {
  std::vector<std::string> headings, shared;
};
std::vector<Market> Markets() {
  return {
      {{"Lantern walk, 3 May, 19:00", "Bread market, 9 May, 10:00", "Choir evening, 15 May, 20:00",
        "Boat parade, 21 May, 14:00", "Kite day, 28 May, 11:00"},
       {"Every visitor receives a warm drink and a printed map of the old town at the gate on arrival.",
        "The harbour council of Lindmouth has asked all guests to come on foot or by boat, since the bridge "
        "is "
        "closed to cars until the old pier has been mended.",
        "Booking is open from Monday at the tourist office beside the clock tower and closes when all the "
        "places are taken, but at the latest an hour before the beginning.",
        "Whoever cannot come may give the ticket to somebody else, or bring it back to the office by noon of "
        "the "
        "day before and receive all of the money."}},
      {{"灯籠の散歩　5月3日　19時", "パンの市　5月9日　10時", "合唱の夕べ　5月15日　20時",
        "船の行列　5月21日　14時", "凧の日　5月28日　11時"},
       {"お越しの方には皆、門で温かい飲み物と旧市街の地図をお渡しします。",
        "橋は古い桟橋の修理が終わるまで車が通れないので、町の評議会は徒歩か船で来るよう呼びかけている。",
        "予約は月曜日から時計台のそばの観光案内所で受け付け、席がなくなりしだい、遅くとも開始の一時間前に締め"
        "切"
        "ります。",
        "来られなくなった方は券を人に譲るか、前日の正午までに案内所へ返せば代金を全額お返しします。"}},
      {{"เดินโคมไฟ 3 พฤษภาคม 19.00 น.", "ตลาดขนมปัง 9 พฤษภาคม 10.00 น.", "ค่ำคืนประสานเสียง 15 พฤษภาคม 20.00 น.",
        "ขบวนเรือ 21 พฤษภาคม 14.00 น.", "วันว่าว 28 พฤษภาคม 11.00 น."},
       {"ผู้เข้าชมทุกท่านจะได้รับเครื่องดื่มอุ่นและแผนที่เมืองเก่าฉบับพิมพ์ที่ประตูทางเข้า",
        "สภาเมืองท่าเรือลงมติเมื่อคืนวันอังคารให้สร้างสะพานปลาเก่าขึ้นใหม่หลังจากพายุฤดูหนาวพัดพังหายไปจากชายฝั่งเมื่อสองปีก่อน",
        "งานก่อสร้างคาดว่าจะเริ่มในเดือนเมษายนเมื่อกระแสน้ำสงบพอให้เรือบรรทุกขนเสาไม้โอ๊กหนักข้ามอ่าวตื้นได้โดยไม่เสี่ยงอันตรายมากนัก",
        "จองที่นั่งได้ตั้งแต่วันจันทร์ที่สำนักงานท่องเที่ยวข้างหอนาฬิกาและปิดรับเมื่อที่นั่งเต็มหรือก่อนเริ่มงานหนึ่งชั่วโมง"}}};
}

std::string Entries(const Market& market, size_t entries, size_t paragraphs,
                    const std::string& behind_heading, const std::string& behind_paragraph,
                    const std::string& behind_entry) {
  std::string text;
  for (size_t i = 0; i < entries; ++i) {
    text += market.headings[i] + behind_heading;
    for (size_t p = 0; p < paragraphs; ++p) text += (p > 0 ? behind_paragraph : "") + market.shared[p];
    text += behind_entry;
  }
  return text;
}

TEST(PageLists, EntriesWithNamesAndDatesMayShareALot) {
  for (const Market& market : Markets()) {
    for (const size_t entries : {3, 4, 5}) {
      for (const size_t paragraphs : {1, 2, 3, 4}) {
        const std::string page = Entries(market, entries, paragraphs, "\n", "\n", "\n\n");
        EXPECT_EQ(Clean(page), page) << entries << " of " << paragraphs;
      }
    }
  }
  // A label and the date of each copy are no names: an article.
  const Market market = Markets()[0];
  std::string article, page;
  for (const std::string& paragraph : market.shared) article += paragraph + "\n\n";
  page = "Lindmouth mends its pier\n\n" + article + "Updated 3 May, 19:00\n\n" + article +
         "Updated 9 May, 10:00\n\n" + article + "Updated 12 May, 10:30\n\n" + article;
  EXPECT_LT(Clean(page).size(), article.size() * 2);
}

TEST(PageLists, WhatAllShareMayIntroduceThem) {
  for (const Market& market : Markets()) {
    for (const size_t entries : {3, 5}) {
      for (const size_t paragraphs : {1, 2}) {
        for (const std::string title : {"", "Lindmouth in May\n"}) {
          const std::string page =
              title + market.shared[0] + "\n\n" + Entries(market, entries, paragraphs, "\n", "\n", "\n\n");
          EXPECT_EQ(Clean(page), page) << title << entries << " of " << paragraphs;
          const std::string glued =
              title + market.shared[0] + "\n\n" + Entries(market, entries, paragraphs, "\n", " ", "\n\n");
          EXPECT_EQ(Clean(glued), glued) << title << entries << " of " << paragraphs << " on one line";
        }
      }
    }
  }
}

TEST(PageLists, ADashOrATabMayPartTheHeading) {
  for (const Market& market : Markets()) {
    for (const size_t paragraphs : {1, 2, 3}) {
      for (const std::string behind : {" \u2013 ", " - ", "|", "\t"}) {
        std::string bullets = "\u2022 " + Entries(market, 4, paragraphs, behind, " ", "\n\u2022 ");
        bullets.resize(bullets.size() - 4);
        EXPECT_EQ(Clean(bullets), bullets);
      }
    }
  }
}

TEST(PageLists, EntriesMayStandInOneParagraph) {
  for (const Market& market : Markets()) {
    for (const size_t entries : {3, 4, 5}) {
      const std::string page = Entries(
          market, entries, 1, market.headings[0].find("May") != std::string::npos ? ". " : " ", " ", " ");
      EXPECT_EQ(Clean(page), page);
    }
  }
}

TEST(PageLists, AShortArticleUnderLabelsIsRepaired) {
  struct Story {
    std::string title, text;
    std::vector<std::string> labels;
  };
  const std::vector<Story> stories = {
      {"Lindmouth council votes for a new pier",
       "The harbour council of Lindmouth voted on Tuesday night to rebuild the old pier that a winter storm "
       "had "
       "torn away from the shore two years ago.\n\nWork is expected to begin in April, when the tides are "
       "gentle "
       "enough for barges.\n\n",
       {"Photo", "Print version", "Mobile"}},
      {"В Приозёрске восстановят причал",
       "Городской совет Приозёрска во вторник вечером проголосовал за то, чтобы восстановить причал, который "
       "два "
       "года назад унесла сильная зимняя буря. В Приозёрске этого ждали давно.\n\n",
       {"Фото", "Для печати", "Видео"}},
      {"港町の評議会が桟橋の再建を決める",
       "港町の評議会は火曜日の夜、二年前の冬の嵐で岸から流された古い桟橋の再建を賛成多数で決めた。工事は潮の"
       "流れが"
       "穏やかになる四月に始まる見込みである。\n\n",
       {"写真", "印刷用", "動画"}},
  };
  for (const Story& story : stories) {
    for (const size_t copies : {3, 4}) {
      for (const std::string top : {"", "Lindmouth Courier\n\n"}) {
        std::string page = top + story.title + "\n\n" + story.text, clean = page;
        for (size_t i = 1; i < copies; ++i) {
          page += story.labels[i - 1] + "\n\n" + story.text;
          clean += story.labels[i - 1] + "\n\n";
        }
        clean.pop_back();
        EXPECT_EQ(Clean(page), clean);
        // A title of which the text says nothing is the heading of an entry.
        std::string entries = top + "Crane drivers wanted urgently\n\n" + story.text;
        for (size_t i = 1; i < copies; ++i) entries += story.labels[i - 1] + "\n\n" + story.text;
        EXPECT_EQ(Clean(entries), entries);
      }
    }
  }
  // So it is if the text says something of what the others say.
  const Story& story = stories[0];
  const std::string page =
      List({story.title + "\n\n", "Harbour photo\n\n", "Mobile\n\n", "Video\n\n"}, story.text);
  EXPECT_EQ(Clean(page), page);
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
