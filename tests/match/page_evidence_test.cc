// What a page says twice stays. Beside each rule stands the same page but for what the rule looks at, of
// which a copy goes: without the rule the test would fail.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"

namespace refrain {
namespace {

TEST(PageEvidence, ASentenceSaidTwiceInALongPageStays) {
  const std::string said = std::string(kOne) + "\n\n",
                    words = NewParagraph(0, 300) + NewParagraph(1000, 300) + NewParagraph(2000, 300);
  EXPECT_EQ(Clean(said + words + said), said + words + said);
  EXPECT_EQ(Clean(words + said + said + "End.\n"), words + said + said + "End.\n")
      << "12 of 924 words, n/40 are 23";
  const std::string passage = std::string(kOne) + " " + kTwo + " " + kThree + "\n\n";
  EXPECT_EQ(Clean(words + passage + passage + "End.\n"), words + passage + "End.\n") << "37 words";
}

TEST(PageEvidence, QuotationsStay) {
  const auto page = [](const std::string& mark) {
    return "This is what he wrote on the evening before.\n\n" + mark + kOne + "\n" + mark + kTwo +
           "\n\nAnd once more.\n\n" + kOne + "\n" + kTwo + "\n\nAnd no more.\n\n" + NewParagraph(0, 80);
  };
  for (const std::string mark : {"> ", ">> ", "| ", "# "}) EXPECT_EQ(Clean(page(mark)), page(mark));
  EXPECT_NE(Clean(page("")), page(""));
}

TEST(PageEvidence, WhatSomebodyIsSaidToHaveWrittenStays) {
  const auto page = [](const std::string& wrote) {
    const std::string said = std::string(kOne) + " " + kTwo + " " + kThree + "\n";
    return "Anna wrote:\n" + said + "\n" + wrote + ":\n" + said + "That is all of it.\n" +
           NewParagraph(0, 60);
  };
  EXPECT_EQ(Clean(page("Carl replied to us")), page("Carl replied to us"));
  const std::string words = "All of those who were there on that day have told us ever since that it was so";
  EXPECT_NE(Clean(page(words)), page(words)) << "a paragraph that happens to end in a colon";
}

TEST(PageEvidence, WhatAnAnswerStandsBetweenStays) {
  const auto page = [](const std::string& before, const std::string& between) {
    return NewParagraph(0, 80) + before + kOne + "\n" + between + "\n" + before + kOne + "\n\n" +
           NewParagraph(1000, 80);
  };
  EXPECT_EQ(Clean(page("KING: ", "GUARD: A friend, my lord.")), page("KING: ", "GUARD: A friend, my lord."));
  EXPECT_EQ(Clean(page("", "> And so do I.")), page("", "> And so do I."));
  EXPECT_EQ(Clean(page("", "What happened then?")), page("", "What happened then?"));
  for (const std::string between : {"17 May, by A. Friend", "A friend at the gate."})
    EXPECT_NE(Clean(page("", between)), page("", between));
}

TEST(PageEvidence, CodeAndTablesStay) {
  const auto page = [](const std::string& line) {
    return NewParagraph(0, 80) + line + "\n\nAnd then once more.\n\n" + line + "\n\n" +
           NewParagraph(1000, 80);
  };
  for (const std::string line :
       {"for (size_t i = 0; i < rows.size(); ++i) { sum += rows[i].price * rows[i].count; total[i] = sum; }",
        "Amoco Texaco Shell Arco Total Agip Elf Citgo 17.50 16.60 17.85 18.05 19.10 16.75"}) {
    EXPECT_EQ(Clean(page(line)), page(line));
  }
  EXPECT_NE(Clean(page(kOne)), page(kOne));
}

TEST(PageEvidence, AListOfLinksThatTheTextRefersToStays) {
  const auto page = [](const std::string& open, const std::string& close) {
    const std::string title =
        open + "How the northern gate of the harbour is opened by hand when the engine fails in heavy rain" +
        close;
    return "All of that is told at length in the article " + title + " of this paper, and nowhere else.\n\n" +
           NewParagraph(0, 80) + "See also\n\n" + title + "\n\nOther news\n";
  };
  EXPECT_EQ(Clean(page("[", "]")), page("[", "]"));
  EXPECT_NE(Clean(page("", "")), page("", "")) << "a call-out";
}

TEST(PageEvidence, APageOfCodeThatIsThereTwiceIsRepaired) {
  std::string code;
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i);
    code += "int value" + n + " = table[row" + n + "] * (weight" + n + " + offset_" + n + ") / divisor" + n +
            ";\n";
  }
  EXPECT_EQ(Clean("Listing\n\n" + code + "\n" + code), "Listing\n\n" + code);
  // Even if short things repeat in it as well.
  std::string includes;
  for (int i = 0; i < 8; ++i) {
    const std::string n = std::to_string(i % 4);
    includes += "include(gate" + n + "/boats" + n + "/rain" + n + "/crane" + n + "/quay" + n + "/tower" + n +
                "/bell" + n + "/wall" + n + "/lamp" + n + "/rope" + n + "/mast" + n + ")\nline" +
                std::to_string(i) + "\n";
  }
  const std::string listing = includes + code;
  const std::string clean = Clean("Listing\n\n" + listing + "\n" + listing);
  EXPECT_EQ(clean, "Listing\n\n" + listing);
}

TEST(PageEvidence, AFormulaInFivePlacesStays) {
  // In turn by itself and at the end of a paragraph, where it would be a call-out.
  const auto law = [](uint32_t sections) {
    const std::string formula = "Whoever acts against this rule pays a fine of up to ten thousand crowns.";
    std::string text;
    for (uint32_t i = 0; i < sections; ++i) {
      std::string paragraph = NewParagraph(i * 1000, 40);
      paragraph.resize(paragraph.size() - 2);
      text += paragraph + (i % 2 == 0 ? " " : "\n\n") + formula + "\n\n";
    }
    return text;
  };
  EXPECT_EQ(Clean(law(5)), law(5));
  EXPECT_NE(Clean(law(2)), law(2));
}

// A cell that most rows of a table have stands right behind itself again and again, with a label between.
TEST(PageEvidence, ACellOfMostRowsStays) {
  std::string page = NewParagraph(0, 400);
  for (const char* label :
       {"Safety distance", "Freeboard", "Anchors and chains", "Speed under way", "Lights", "Horns"}) {
    page += std::string(label) + "\n\nFor new ships at once, for others when their papers are renewed\n";
    page += "and not later than the last day of the year 2049.\n\n";
  }
  EXPECT_EQ(Clean(page), page);
}

// Longer passages in a row are copies, however many.
// Questions with one answer, things with one description, days with one forecast: no heading shares a word
// with another.
TEST(PageEvidence, OneAnswerToManyQuestionsStays) {
  const std::string answer =
      "You can bring back any lamp within thirty days of its delivery as long as nobody has used it and it "
      "is in the "
      "box it came in, and the price goes back to the card you paid with.\n\n";
  const std::string page = "Can I return a lamp?\n" + answer + "What about tables that were assembled?\n" +
                           answer + "How do gifts go back?\n" + answer;
  EXPECT_EQ(Clean(page), page);
  EXPECT_EQ(Clean(NewParagraph(0, 90) + page), NewParagraph(0, 90) + page);
  const std::string versions = "Version 2.3\n" + answer + "Version 2.2\n" + answer;
  EXPECT_EQ(Clean(versions), versions);
}

// What stands between is no heading if it is a date, and no entry goes on with a text.
TEST(PageEvidence, AStoryShownAgainUnderItsDateGoes) {
  const std::string story =
      "The ferry stood still for three weeks because its cable had come off the wheel on the northern bank "
      "and the "
      "only man who knows how to splice it was away on a wedding.\n\n";
  const std::string title = "Ferry stands still again\n\n";
  EXPECT_EQ(Clean(title + story + "3 May 2026, 10:30\n\n" + story), title + story + "3 May 2026, 10:30\n");
  EXPECT_EQ(Clean(title + story + "By our own reporter\n\n" + story + NewParagraph(0, 60)),
            title + story + "By our own reporter\n\n" + NewParagraph(0, 60));
}

TEST(PageEvidence, CopiesInARowGoHoweverMany) {
  const std::string story =
      "The ferry stood still for three weeks because its cable had come off the wheel on the northern bank "
      "and the "
      "only man who knows how to splice it was away on a wedding that nobody had thought would last so "
      "long.\n\n";
  std::string page = NewParagraph(0, 900);
  for (int copy = 0; copy < 6; ++copy) page += story;
  EXPECT_EQ(Clean(page), NewParagraph(0, 900) + story.substr(0, story.size() - 1));
}

// Nor is a title that is shown again and again without anything between.
TEST(PageEvidence, ATitleShownTwiceInARowGoesHoweverOftenItIsNamed) {
  const std::string title =
      "Minister opens the new northern bridge over the river with the mayor of the town";
  std::string page = title + "\n" + title + "\n\n";
  for (uint32_t i = 0; i < 4; ++i)
    page += NewParagraph(1000 * i, 60) + "Photo " + std::to_string(i) + ": " + title + "\n\n";
  EXPECT_EQ(Clean(page).find(title + "\n" + title), std::string::npos);
}

TEST(PageEvidence, AFieldThatTheTextRepeatsStays) {
  // The title in front is broken to a width, so that it is the worse copy.
  const std::string first =
                        "The long and winding history of the northern gate in the harbour of the old town",
                    second =
                        "and of the eleven fishing boats that waited outside of it for all of a rainy night";
  const auto page = [&](const std::string& field) {
    return field + first + "\n  " + second + "\n\n" + first + " " + second + "\n\n" + kThree + "\n";
  };
  EXPECT_EQ(Clean(page("Title: ")), page("Title: "));
  EXPECT_NE(Clean(page("")), page(""));
}

TEST(PageEvidence, AFieldOfSeveralLinesThatTheTextRepeatsStays) {
  // More than six times the minimum, but for a blob: that is one line.
  const auto page = [](const std::string& between) {
    std::string title;
    for (uint32_t i = 0; i < 5; ++i) {
      std::string line = NewParagraph(100 * i, 18);
      title += line.substr(0, line.size() - 3) + (i < 4 ? between : "");
    }
    return "Title: " + title + "\nnumber: 3\n\n" + title + "\n\n" + NewParagraph(5000, 60);
  };
  EXPECT_EQ(Clean(page("\n  ")), page("\n  "));
  EXPECT_NE(Clean(page(". ")), page(". "));
}

TEST(PageEvidence, AThaiSentenceIsNotCutInTheMiddleOfAPhrase) {
  const std::string one = "รัฐมนตรีว่าการกระทรวงวัฒนธรรมเป็นประธานในพิธีเปิดงานประจำปีของจังหวัด",
                    two = "โดยมีประชาชนเข้าร่วมเป็นจำนวนมากตลอดทั้งวันที่ศาลากลางริมแม่น้ำ",
                    three = "และเด็กนักเรียนร้องเพลงให้ผู้สูงอายุฟังก่อนพระอาทิตย์ตก";
  const std::string line = one + " " + two + " " + three + "\n";
  // The second copy begins behind a word without a space: that phrase stays.
  EXPECT_EQ(Clean(line + "\nวันนี้" + line).find("วันนี้" + one), line.size() + 1);
  EXPECT_EQ(Clean(line + "\n" + line), line);
}

TEST(PageEvidence, AThaiTitleGoesWholeOrStays) {
  const std::string name = "รัฐมนตรีว่าการกระทรวงวัฒนธรรม",
                    rest = "เป็นประธานในพิธีเปิดงานประจำปีของจังหวัดและมีประชาชนเข้าร่วมเป็นจำนวนมาก",
                    body = "โดยมีเด็กนักเรียนร้องเพลงให้ผู้สูงอายุฟังก่อนพระอาทิตย์ตกที่ศาลากลางริมแม่น้ำ\n";
  // Other words stand in front of the name, without a space.
  const std::string title = name + " " + rest + "\n";
  const std::string page = "ข่าว-" + title + "\n17\n" + title + "นาย" + title + body;
  EXPECT_EQ(Clean(page), page);
  EXPECT_EQ(Clean(title + title + body), title + body);
}

TEST(PageEvidence, AThaiLeadThatStopsInsideAPhraseGoesAndItsParagraphStaysWhole) {
  const std::string lead =
                        "ชาวประมงเก้าสิบคนช่วยกันซ่อมสะพานไม้ที่พังลงในคืนพายุเมื่อปลายเดือนก่อน "
                        "โดยใช้ไม้จากเรือลำเก่าที่",
                    rest = "จอดทิ้งไว้ริมฝั่งมานานหลายปี",
                    by = "สำนักข่าวท่าเรือเหนือรายงานจากริมฝั่งแม่น้ำสายใหญ่เมื่อเช้าวันจันทร์ที่ผ่านมา\n",
                    more =
                        " และหวังว่าเด็กๆ จะเดินข้ามไปโรงเรียนได้ทันวันเปิดเรียน "
                        "ส่วนช่างไม้สองคนจากหมู่บ้านข้างเคียงสอนให้คนหนุ่มสาวรู้จักเข้าเดือยแบบโบราณ "
                        "ซึ่งไม่ต้องใช้ตะปูแม้แต่ตัวเดียว และทุกคนกินข้าวต้มด้วยกันตอนเย็น";
  const auto page = [&](const std::string& paragraph) { return by + lead + paragraph + "\n"; };
  EXPECT_EQ(Clean("ข่าว\n" + lead + "\n" + page(rest + more)), "ข่าว\n" + page(rest + more));
}

TEST(PageEvidence, AChorusStaysHoweverShortTheSong) {
  const auto song = [](const std::string& end) {
    const std::string chorus = "Open the gate for the boats in the rain" + end + "\n" +
                               "Open it wide so they come home again" + end + "\n" +
                               "Lanterns are lit on the wall by the sea" + end + "\n" +
                               "Nobody sleeps till the harbour is free" + end + "\n\n";
    return "The gate\n\n" + NewParagraph(0, 20) + chorus + NewParagraph(1000, 20) + chorus +
           NewParagraph(2000, 20);
  };
  EXPECT_EQ(Clean(song(",")), song(","));
  EXPECT_NE(Clean(song(".")), song(".")) << "four sentences, a quarter of the page";
}

TEST(PageEvidence, EntriesOfAListStay) {
  const std::string entry = std::string(kOne) + " " + kTwo + " " + kThree;
  const auto list = [&](const std::string& one, const std::string& other) {
    return "Events in May\n\n" + one + "\n" + entry + "\n\n" + other + "\n" + entry + "\n\n" +
           NewParagraph(0, 60);
  };
  // Different headings of one form; one heading and its name on another site; headings that have nothing in
  // common.
  EXPECT_EQ(Clean(list("3 May, 7 p.m., Town hall", "10 May, 7 p.m., Church")),
            list("3 May, 7 p.m., Town hall", "10 May, 7 p.m., Church"));
  EXPECT_NE(Clean(list("Boats wait at the gate", "Boats wait at the gate - Harbour News")),
            list("Boats wait at the gate", "Boats wait at the gate - Harbour News"));
  EXPECT_NE(Clean(list("Boats wait at the gate", "Tuesday, 3 May")),
            list("Boats wait at the gate", "Tuesday, 3 May"));
  EXPECT_NE(Clean(list("Many boats wait at the gate", "What a master told our paper today of the rain")),
            list("Many boats wait at the gate", "What a master told our paper today of the rain"))
      << "one word of six in common";
}

TEST(PageEvidence, WhatAManualSaysTwiceStays) {
  // A sentence in a line of its own and inside a paragraph: in an article a call-out.
  const auto page = [](const std::string& open, const std::string& close) {
    std::string text = std::string("The gate\n\n") + kOne + "\n\n";
    for (uint32_t i = 0; i < 6; ++i) {
      const std::string filler = NewParagraph(1000 * i, 20);
      text += filler.substr(0, 20) + open + filler.substr(20, 12) + close + filler.substr(32);
    }
    return text + kTwo + " " + kOne + " " + kThree + "\n";
  };
  EXPECT_EQ(Clean(page("**", "**")), page("**", "**"));
  EXPECT_EQ(Clean(page("", "")).find(kOne), page("", "").rfind(kOne) - sizeof kOne - 1) << "the line went";
}

TEST(PageEvidence, TwoVersionsOfASectionStay) {
  // All of the page, but that two numbers of each section are its own.
  const auto page = [](const std::string& mark, const std::string& year) {
    std::string text;
    for (const std::string& number : {std::string("2019"), year}) {
      text += mark + "Version " + number + mark + "\n\n";
      for (uint32_t i = 0; i < 3; ++i) {
        text += mark + "Open" + mark + " and " + mark + "save" + mark + " the " + mark + "file" + mark +
                ". " + NewParagraph(1000 * i, 30) + mark + "Build" + mark + " version " + number +
                " of it.\n\n";
      }
    }
    return text;
  };
  EXPECT_EQ(Clean(page("**", "2022")), page("**", "2022"));
  EXPECT_NE(Clean(page("", "2022")), page("", "2022"));
  EXPECT_NE(Clean(page("**", "2019")), page("**", "2019"));
}

TEST(PageEvidence, EntriesOfAListThatASentenceNamesStay) {
  const auto page = [](const std::string& comma) {
    return "The gate\n\n" + NewParagraph(0, 80) +
           "one and a half cups of the finest white flour\ntwo cups of the dark brown sugar\n\n" +
           NewParagraph(1000, 80) + "Put into a bowl one and a half cups of the finest white flour" + comma +
           " two cups of the dark brown sugar, and whisk until it foams and nothing sticks to the bowl.\n";
  };
  EXPECT_EQ(Clean(page(",")), page(","));
  EXPECT_NE(Clean(page("")), page(""));
}

TEST(PageEvidence, NoHalfHeadingGoes) {
  // In the second copy a word stands in front of a heading, and another paragraph below one.
  const std::string text = std::string(kOne) + " " + kTwo + "\n\n", second = NewParagraph(0, 40);
  const auto page = [&](const std::string& to, const std::string& end) {
    return "The gate\n\n" + text + "Glaze and serve it\n\n" + second + NewParagraph(3000, 20) + text + to +
           "Glaze and serve it\n\n" + second + end;
  };
  EXPECT_NE(Clean(page("To ", "")).find("To Glaze and serve it\n"), std::string::npos);
  EXPECT_EQ(Clean(page("", "")).find("Glaze", 300), std::string::npos);
}

TEST(PageEvidence, AManualWhoseSectionsComeAgainElsewhereStays) {
  // Sections, later in another order, and some words of their own behind each. `mark` stands around ten words
  // in thirty.
  const auto page = [](const std::string& mark, std::vector<uint32_t> order, uint32_t words,
                       uint32_t between) {
    std::string text = "The gate\n\n";
    uint32_t own = 50;
    for (const uint32_t number : order) {
      for (uint32_t part = 0; part < words / 10; ++part) {
        std::string filler = NewParagraph(1000 * number + 100 * part, 10);
        filler.resize(filler.size() - 2);
        text += part % 3 == 0 ? mark + filler + mark + " " : filler + " ";
      }
      text += "\n\n" + (between > 0 ? NewParagraph(1000 * own++, between) : "");
    }
    return text;
  };
  // Two fifths of the page are a second copy, then half of it in short ones: enough in an article.
  const std::vector<uint32_t> four = {1, 2, 3, 4, 2, 4, 1, 3},
                              eight = {1, 2, 3, 4, 5, 6, 7, 8, 7, 6, 5, 4, 3, 2, 1};
  EXPECT_EQ(Clean(page("**", four, 70, 20)), page("**", four, 70, 20));
  EXPECT_NE(Clean(page("", four, 70, 20)), page("", four, 70, 20));
  EXPECT_EQ(Clean(page("**", eight, 50, 0)), page("**", eight, 50, 0));
  EXPECT_NE(Clean(page("", eight, 50, 0)), page("", eight, 50, 0));
}

TEST(PageEvidence, ALeadOfFewWordsIsCutFromAParagraph) {
  const auto page = [](const std::string& line) {
    return "The gate\n\nHope this helps ...\n\n" + NewParagraph(0, 40) + "Hope this helps" + line + "\n\n" +
           NewParagraph(1000, 40);
  };
  EXPECT_EQ(Clean(page(", good luck!")), page(", good luck!"));
  const std::string longer = " those who have waited at the gate since midnight in heavy rain.";
  EXPECT_EQ(Clean(page(longer)).find("Hope"), page(longer).rfind("Hope") - 21) << "the lead went";
}

TEST(PageEvidence, WhatIsCutOffAtTheEndOfThePageIsNoLead) {
  const std::string words = "The harbour master opened the northern gate before sunrise",
                    body = words + " on Tuesday, and eleven boats went out to sea one behind the other.\n\n";
  EXPECT_EQ(Clean(NewParagraph(0, 60) + body + NewParagraph(1000, 60) + words + "\n"),
            NewParagraph(0, 60) + body + NewParagraph(1000, 60) + words + "\n");
  EXPECT_EQ(Clean("The gate\n\n" + words + "\n\n" + body + NewParagraph(0, 60)),
            "The gate\n\n" + body + NewParagraph(0, 60));
}

TEST(PageEvidence, JapaneseSentencesAreNotGlued) {
  const std::string filler = [] {
    std::string text;
    for (uint32_t i = 0; i < 1200; ++i) {
      const uint32_t point = 0x4E00 + i * 17;  // no two alike
      text += {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)),
               static_cast<char>(0x80 | (point & 63))};
    }
    return text;
  }();
  // A prayer said twice, once with other punctuation.
  const std::string said =
                        "港の長は夜明け前に北の門を開いた。十一隻の漁船が真夜中から雨の中で待っていた。誰もこ"
                        "んな行列を見たことがなかった。",
                    again =
                        "港の長は夜明け前に北の門を開いた、十一隻の漁船が真夜中から雨の中で待っていた、誰もこ"
                        "んな行列を見たことがなかった。";
  const std::string page =
      filler + "。" + said + filler.substr(0, 300) + "。\n" + "そして" + again + "と彼は言った。\n";
  EXPECT_EQ(Clean(page), page);
}

TEST(PageEvidence, AMenuDoesNotMakeAManualOfThePage) {
  std::string menu;
  for (const char* section : {"Home", "Europe", "Asia", "Sport", "Travel", "Music", "Science", "Weather"})
    menu += std::string(section) + " | More | Less | Search | Archive\n";
  const std::string page = "The gate\n\n" + menu + "\n" + NewParagraph(5000, 20) + kOne + "\n\n" +
                           NewParagraph(0, 80) + kTwo + " " + kOne + " " + kThree + "\n";
  EXPECT_EQ(Clean(page).find(kOne), page.rfind(kOne) - sizeof kOne - 1) << "a call-out";
}

TEST(PageEvidence, ListsOfFilesStay) {
  const auto page = [](const std::string& dot) {
    const std::string line = "Open harbour" + dot + "conf and gate" + dot + "conf in the editor, then boats" +
                             dot + "conf and master" + dot + "conf and no other";
    return NewParagraph(0, 80) + line + "\n\nAnd then once more.\n\n" + line + "\n\n" +
           NewParagraph(1000, 80);
  };
  EXPECT_EQ(Clean(page(".")), page("."));
  EXPECT_NE(Clean(page(" ")), page(" "));
}

TEST(PageEvidence, ANameThatAFarParagraphBeginsWithStays) {
  // Eleven words of no sentence: near, a title that the text begins with.
  const auto page = [](uint32_t between) {
    const std::string name = "Ministry of Harbours, Gates and Fishing Boats of the Northern Coast";
    return "The gate\n\n" + NewParagraph(0, 20) + name + "\n\n" + NewParagraph(1000, between) + name +
           ", by its master, said that the gate would stay open.\n\n" + NewParagraph(3000, 300);
  };
  EXPECT_EQ(Clean(page(200)), page(200));
  EXPECT_NE(Clean(page(20)), page(20));
}

TEST(PageEvidence, CodeThatAnEllipsisFollowsIsNoLead) {
  const auto page = [](const std::string& open, const std::string& close) {
    std::string text = "The gate\n\n";
    for (uint32_t i = 0; i < 4; ++i) {
      const std::string filler = NewParagraph(1000 * i, 20);
      text += filler.substr(0, 20) + open + filler.substr(20, 12) + close + filler.substr(32);
    }
    const std::string lead = "Using the northern gate of harbours";
    return text + lead + " ...\n\n" + NewParagraph(9000, 20) + lead +
           " and all of its boats at any time of the day.\n";
  };
  EXPECT_EQ(Clean(page("`", "`")), page("`", "`"));
  EXPECT_NE(Clean(page("", "")), page("", ""));
}

// A headline and the date below it are no two headings of one form.
TEST(PageEvidence, ALeadUnderItsHeadlineIsNoEntryAboveTheDate) {
  const std::string lead = std::string(kOne);
  const std::string page = "Harbour 2 opens again\n\n" + lead + "\n\n05:55 GMT 07.07.2024\n\n" + lead + " " +
                           kTwo + " " + kThree + "\n";
  EXPECT_EQ(Clean(page),
            "Harbour 2 opens again\n\n05:55 GMT 07.07.2024\n\n" + lead + " " + kTwo + " " + kThree + "\n");
}

// Above one of two places an author's name or the part of the paper is no heading of an entry.
TEST(PageEvidence, WhatStandsAboveALeadIsNoHeading) {
  const auto page = [](const std::string& one, const std::string& other, bool again) {
    const std::string lead = std::string(kOne) + " " + kTwo + "\n\n";
    return one + "\n\n" + lead + other + "\n\n" + (again ? lead : "") + "Background\n\n" +
           NewParagraph(0, 60);
  };
  for (const auto& [one, other] : {std::pair("Boats Waiting", "By Jon Dahl"),
                                   {"Boats Waiting", "Photo: Jon Dahl, AP"},
                                   {"Лодки ждут", "Автор: Иван Петров"},
                                   {"Opinion", "Boats Waiting"},
                                   {"Breaking news", "Boats Waiting"}})
    EXPECT_EQ(Clean(page(one, other, true)), page(one, other, false)) << one;
  for (const auto& [one, other] : {std::pair("Trio Almar", "Petra Voss"),
                                   {"By train", "By bus"},
                                   {"By Jon Dahl", "By Anna Petersen"},
                                   {"News", "Sport"},
                                   {"By train", "Boats"}})
    EXPECT_EQ(Clean(page(one, other, true)), page(one, other, true)) << one;
}

TEST(PageEvidence, ACallToReadOnIsNoHeading) {
  const std::string one =
      "Divers found the bell of the frigate Amalia on Sunday, forty metres below the place where fishermen "
      "said it";
  const std::string two =
      "A bus driver from Norden has won the national prize for the best short story with a tale she'd "
      "written on her";
  const auto page = [&](const std::string& leads) {
    return "Latest news\n\n" + leads + one + " would be. It doesn't ring any more.\n\n" + two +
           " breaks. She wasn't at the ceremony.\n";
  };
  EXPECT_EQ(Clean(page(one + "\nRead more\n\n" + two + "\nRead more\n\n")), page(""));
}

// What went wrong: that the page is shown twice was taken for a proof that each copy is, too.
TEST(PageEvidence, WhatEachCopySaysTwiceStaysInTheOneThatStays) {
  const std::string resolved = "It was resolved that the council has no objection to the application at all.";
  const std::string items[] = {
      "Rear extension at the mill lane. Councillor Beck spoke first. " + resolved,
      "New access at the old crow farm. Neighbours had written about lorries. " + resolved,
      "Two dormer windows at the cedars. The council objects on grounds of overlooking."};
  const std::string lines = items[0] + "\n" + items[1] + "\n" + items[2] + "\n";
  const std::string line = items[0] + " " + items[1] + " " + items[2] + "\n";
  const std::string title = "Minutes of the parish council\n";
  EXPECT_EQ(Clean(title + line + lines), title + lines);
  EXPECT_EQ(Clean(title + lines + line), title + lines);
}

}  // namespace
}  // namespace refrain
