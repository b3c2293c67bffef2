#include "refrain/pipeline/agency.h"

#include <string>

#include <gtest/gtest.h>

namespace refrain {
namespace {

// A story that speaks of no agency, longer than head and foot together.
std::string Story() {
  std::string text;
  for (int i = 0; i < 20; ++i)
    text += "The harbour was closed on Monday after a barge had lost its load of gravel.\n";
  return text;
}

std::string Found(const std::string& text) { return std::string(AgencyName(FindAgency(text))); }

uint8_t Agency(const std::string& name) { return FindAgency("(" + name + ")"); }

TEST(FindAgency, SeesAMarkInBracketsInTheHead) {
  EXPECT_EQ(Found("(AP) \xE2\x80\x94 " + Story()), "AP");
  EXPECT_EQ(Found("LONDON (Reuters) - " + Story()), "Reuters");
  EXPECT_EQ(Found("Harbour closed\n\nROME, March 3 [ANSA] " + Story()), "ANSA");
  EXPECT_EQ(Found("(Agence France-Presse) " + Story()), "AFP");
  EXPECT_EQ(Found("NEW YORK (AP) " + Story() + "Copyright 2020 The Associated Press.\n"), "AP")
      << "twice the same";
}

TEST(FindAgency, SeesAMarkInBracketsInTheFoot) {
  EXPECT_EQ(Found(Story() + "(dpa)"), "dpa");
  EXPECT_EQ(Found(Story() + "[Yonhap]\n"), "Yonhap");
}

TEST(FindAgency, SeesMarksInOtherScripts) {
  EXPECT_EQ(Found("新华社北京3月4日电 " + Story()), "Xinhua");
  EXPECT_EQ(Found("港口关闭\n新华社青石3月4日电（记者王明）" + Story()), "Xinhua");
  EXPECT_EQ(Found("(新華社) " + Story()), "Xinhua");
  EXPECT_EQ(Found("【新华社】" + Story()), "Xinhua");
  EXPECT_EQ(Found("（中央社記者王小明台北5日電）" + Story()), "CNA");
  EXPECT_EQ(Found("(서울=연합뉴스) 김 기자 = " + Story()), "Yonhap");
  EXPECT_EQ(Found("МОСКВА, 5 марта. /ТАСС/. " + Story()), "TASS");
  EXPECT_EQ(Found("【東京共同】" + Story()), "Kyodo");
  EXPECT_EQ(Found(Story() + "（ロイター）"), "Reuters");
  // Mentions.
  EXPECT_EQ(Found("据新华社报道，港口关闭。" + Story()), "");
  EXPECT_EQ(Found("（据路透社报道）" + Story()), "");
  EXPECT_EQ(Found("新华社记者王明报道\n" + Story()), "");
  EXPECT_EQ(Found("По данным ТАСС, порт закрыт. " + Story()), "");
  EXPECT_EQ(Found("两国共同】" + Story()), "");
}

TEST(FindAgency, SeesAServiceOfAnAgency) {
  EXPECT_EQ(Found("Mainz (dpa/lrs) - " + Story()), "dpa");
  EXPECT_EQ(Found("Berlin (dpa/AFP) - " + Story()), "");
}

TEST(FindAgency, SeesABylineInTheHead) {
  EXPECT_EQ(Found("Harbour closed\nBy The Associated Press\n" + Story()), "AP");
  EXPECT_EQ(Found("By Press Trust of India | Mumbai\n" + Story()), "PTI");
  EXPECT_EQ(Found("By Xinhua\n" + Story()), "Xinhua") << "which is called by its name";
  EXPECT_EQ(Found("By Reuters\n" + Story()), "Reuters");
  EXPECT_EQ(Found("By AFP, in Paris. " + Story()), "AFP");
}

TEST(FindAgency, SeesLinesThatNameTheSource) {
  for (const std::string head :
       {"AP \u2014 ", "AP \u2013 ", "LONDON, Reuters \u2014 ", "dpa - ", "Source: Reuters\n",
        "Quelle: dpa\n\n", "Fuente: EFE\n", "Agencia EFE\n", "By JANE DOE Associated Press\n",
        "By Jane Doe, The Canadian Press\n", "Harbour closed\n Reuters \n"})
    EXPECT_NE(Found(head + Story()), "") << head;
  EXPECT_EQ(Found(Story() + "Source: Reuters"), "Reuters");
  EXPECT_EQ(Found(Story() + "Source: Harbour Gazette"), "");
  EXPECT_EQ(Found("Source: The Associated Press\n" + Story()), "AP");
  EXPECT_EQ(Found("The Associated Press\n" + Story()), "AP");
}

// Initials are no agency, nor is a name that only begins like one.
TEST(FindAgency, SeesNoBylineInAPersonsName) {
  EXPECT_EQ(Found("By CP Snow\n" + Story()), "");
  EXPECT_EQ(Found("By PA Harris, our man in Hull\n" + Story()), "");
  EXPECT_EQ(Found("By Reutersson\n" + Story()), "");
  EXPECT_EQ(Found("Standby Reuters\n" + Story()), "");
}

TEST(FindAgency, SeesALineOfRightsInTheFoot) {
  EXPECT_EQ(Found(Story() + "\xC2\xA9 2020 The Associated Press\n"), "AP");
  EXPECT_EQ(Found(Story() + "Copyright 2020 Thomson Reuters. Click for restrictions.\n"), "Reuters");
  EXPECT_EQ(Found(Story() + "(c) 2020 Deutsche Presse-Agentur\n"), "dpa");
  EXPECT_EQ(Found(Story() + "Kyodo News. All rights reserved.\n"), "Kyodo");
  EXPECT_EQ(Found(Story() + "\xC2\xA9 2020 ANSA\n"), "ANSA") << "which is called by its name";
}

// Who gave an interview to an agency did not write for it. Any mention in the last two hundred bytes was
// taken for a mark once.
TEST(FindAgency, SeesNoMarkInAMention) {
  EXPECT_EQ(Found("Reuters reported a fire \u2014 the first this year. " + Story()), "");
  EXPECT_EQ(Found("The strike hit AP, Reuters \u2014 and others. " + Story()), "") << "two";
  EXPECT_EQ(Found("Foto: dpa\n" + Story()), "") << "who took the picture";
  EXPECT_EQ(Found("PA\n" + Story()), "") << "two letters may be a state";
  EXPECT_EQ(Found("HARRISBURG, PA \u2014 " + Story()), "");
  EXPECT_EQ(Found("PITTSBURGH, PA \u2014 (AP) " + Story()), "AP");
  EXPECT_EQ(Found("APA - Formatting guide\n" + Story()), "") << "a title";
  // Where the first six hundred bytes end inside a line.
  EXPECT_EQ(Found(std::string(592, 'x') + "\nReuters reported a fire in the harbour.\n" + Story()), "");
  EXPECT_EQ(Found(Story() + "\"Nobody was hurt,\" he told The Associated Press."), "");
  EXPECT_EQ(Found(Story() + "He told The Associated Press so.\n\xC2\xA9 2020 The Harbour Gazette\n"), "");
  EXPECT_EQ(Found("He told The Associated Press so. " + Story()), "");
  EXPECT_EQ(Found("\xC2\xA9 The Associated Press. " + Story()), "") << "rights stand in the foot";
}

// The Australian agency's name holds the American one's: it was taken for both, that is for neither.
TEST(FindAgency, TakesTheLongerOfTwoNamesThatHoldEachOther) {
  EXPECT_EQ(Found(Story() + "\xC2\xA9 2020 Australian Associated Press\n"), "AAP");
  EXPECT_EQ(Found("By Australian Associated Press\n" + Story()), "AAP");
  EXPECT_EQ(Found(Story() + "\xC2\xA9 2020 Associated Press, Australian Associated Press\n"), "");
}

TEST(FindAgency, SeesNoneBetweenHeadAndFoot) {
  EXPECT_EQ(Found(Story() + "(AP)" + Story()), "");
  EXPECT_EQ(Found(std::string(596, '.') + "(AP)" + Story()), "AP");
  EXPECT_EQ(Found(std::string(597, '.') + "(AP)" + Story()), "");
  EXPECT_EQ(Found(Story() + "(AP)" + std::string(196, '.')), "AP");
  EXPECT_EQ(Found(Story() + "(AP)" + std::string(197, '.')), "");
}

TEST(FindAgency, OfTwoTakesNone) {
  EXPECT_EQ(Found("(AP) " + Story() + "(Reuters)"), "");
  EXPECT_EQ(Found("PARIS (AP/Reuters) " + Story()), "");
  EXPECT_EQ(FindAgency("(AP) (AFP) (UPI)"), kNoAgency) << "nor of three";
}

TEST(FindAgency, IsNotMisledByWordsThatLookLikeOne) {
  for (const char* text : {"PAPER (APX) ", "(AP", "AP)", "AP ", "(ap) ", "(TAP) ", "( AP ) ", "(AP Photo) ",
                           "reuters ", "(REUTERS) ", "(Pa) ", "(mAP) ", "(AP7) "})
    EXPECT_EQ(Found(text + Story()), "") << text;
}

TEST(FindAgency, ReadsAnyBytes) {
  EXPECT_EQ(FindAgency(""), kNoAgency);
  EXPECT_EQ(FindAgency("AP"), kNoAgency);
  EXPECT_EQ(FindAgency("By "), kNoAgency);
  EXPECT_EQ(FindAgency("\xC2\xA9"), kNoAgency);
  EXPECT_EQ(Found("\xFF\xFE(AP)\xFF" + std::string(1, '\0')), "AP");
}

TEST(AgencyName, IsEmptyForNone) {
  EXPECT_EQ(AgencyName(kNoAgency), "");
  EXPECT_EQ(AgencyName(255), "");
  for (const char* name : {"AP", "Reuters", "AFP", "dpa", "ANSA", "Xinhua", "APA"})
    EXPECT_EQ(AgencyName(Agency(name)), name);
}

TEST(AgencyOfSource, KnowsTheAgencysHosts) {
  EXPECT_EQ(AgencyOfSource("apnews.com"), Agency("AP"));
  EXPECT_EQ(AgencyOfSource("www.APNews.com"), Agency("AP"));
  EXPECT_EQ(AgencyOfSource("www.reuters.com"), Agency("Reuters"));
  EXPECT_EQ(AgencyOfSource("de.reuters.com"), Agency("Reuters"));
  EXPECT_EQ(AgencyOfSource("www.aa.com.tr"), Agency("Anadolu"));
}

TEST(AgencyOfSource, KnowsItsName) {
  EXPECT_EQ(AgencyOfSource("AP"), Agency("AP"));
  EXPECT_EQ(AgencyOfSource("DPA"), Agency("dpa"));
  EXPECT_EQ(AgencyOfSource("xinhua"), Agency("Xinhua"));
}

TEST(AgencyOfSource, KnowsNoOther) {
  EXPECT_NE(AgencyOfSource("www.reuters.com"), Agency("AP"));
  EXPECT_NE(AgencyOfSource("mapnews.com"), Agency("AP"));
  EXPECT_NE(AgencyOfSource("AP Gazette"), Agency("AP"));
  EXPECT_NE(AgencyOfSource(""), Agency("AP"));
  EXPECT_NE(AgencyOfSource("napa.example"), Agency("APA"));
  EXPECT_EQ(AgencyOfSource("napa.example"), kNoAgency);
  EXPECT_EQ(AgencyOfSource(""), kNoAgency);
}

// Only the first place where the name stands was looked at.
TEST(AgencyOfSource, LooksBehindAPlaceThatIsNoneOfItsOwn) {
  EXPECT_EQ(AgencyOfSource("napa.apa.at"), Agency("APA"));
}

}  // namespace
}  // namespace refrain
