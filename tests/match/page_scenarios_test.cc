// Articles shown more than once, in the ways that sites do: made from paragraphs of words that stand nowhere
// else, so that what has to stay and to go is known to the word.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/match/page_repeats.h"
#include "tests/match/page_testing.h"
#include "tests/reference/match_runs.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

using Sentences = std::vector<std::string>;

struct Article {
  std::vector<Sentences> paragraphs;
};

class Writer {
 public:
  explicit Writer(uint64_t seed) : random_(seed), next_(static_cast<uint32_t>(seed) * 100'000) {}

  std::string Words(size_t count) {
    std::vector<uint32_t> numbers;
    for (size_t i = 0; i < count; ++i) numbers.push_back(next_++);
    std::string text = reference::WordText(numbers);
    text[0] = static_cast<char>(text[0] & ~0x20);
    return text;
  }
  Article Write() {
    Article article;
    for (size_t p = 6 + random_.Below(6); p > 0; --p) {
      Sentences sentences;
      for (size_t s = 2 + random_.Below(3); s > 0; --s)
        sentences.push_back(Words(11 + random_.Below(12)) + ".");
      article.paragraphs.push_back(sentences);
    }
    return article;
  }
  Random& random() { return random_; }

 private:
  Random random_;
  uint32_t next_;
};

std::string Join(const Sentences& sentences, const std::string& between) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : between) + sentence;
  return text;
}

std::vector<std::string> Paragraphs(const Article& article) {
  std::vector<std::string> paragraphs;
  for (const Sentences& sentences : article.paragraphs) paragraphs.push_back(Join(sentences, " "));
  return paragraphs;
}

std::string Column(const Article& article) { return Join(Paragraphs(article), "\n\n") + "\n"; }

// One line, the spaces between sentences lost.
std::string Blob(const Article& article) {
  std::string text;
  for (const Sentences& sentences : article.paragraphs) text += Join(sentences, "");
  return text + "\n";
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

// Every paragraph stands there whole, and none of its sentences another time.
void ExpectOnce(const Article& article, const std::string& clean, const std::string& page) {
  for (const Sentences& sentences : article.paragraphs) {
    EXPECT_EQ(Count(clean, Join(sentences, " ")), 1u) << page << "\n=>\n" << clean;
    for (const std::string& sentence : sentences)
      EXPECT_EQ(Count(clean, sentence), 1u) << page << "\n=>\n" << clean;
  }
}

constexpr uint64_t kPages = 25;

TEST(PageScenarios, OfBlobAndColumnWithCaptionsBetweenSentences) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    // The blob is broken by captions, each a line of its own, and goes around them.
    std::string blob;
    std::vector<std::string> captions;
    for (const Sentences& sentences : article.paragraphs) {
      blob += Join(sentences, "");
      if (writer.random().Below(3) > 0) continue;
      captions.push_back("Photo: " + writer.Words(4));
      blob += "\n" + captions.back() + "\n";
    }
    const std::string page =
        "Headline of the day\n\n" + blob + (blob.back() == '\n' ? "\n" : "\n\n") + Column(article);
    const std::string clean = Clean(page);
    ExpectOnce(article, clean, page);
    for (const std::string& caption : captions) EXPECT_EQ(Count(clean, caption), 1u) << clean;
    EXPECT_EQ(clean.find("\n\n\n"), std::string::npos) << clean;
  }
}

// Captions that a blob runs into without a line's end or a full stop, in front of sentences that are speech.
TEST(PageScenarios, OfBlobAndColumnWithCaptionsInsideTheBlob) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    std::string blob, column;
    std::vector<std::string> captions;
    for (size_t p = 0; p < article.paragraphs.size(); ++p) {
      const std::string paragraph = Join(article.paragraphs[p], " ");
      const bool speech = writer.random().Below(2) == 0, caption = p > 0 && writer.random().Below(2) == 0;
      if (caption) {
        captions.push_back("Photo: " + writer.Words(4));
        blob += captions.back() + " ";
      }
      blob += speech ? "\u201c" + paragraph + "\u201d" : paragraph;
      column += (speech ? "\u201c" + paragraph + "\u201d" : paragraph) + "\n\n";
    }
    const std::string page = "Headline of the day\n\n" + blob + "\n\n" + column;
    const std::string clean = Clean(page);
    ExpectOnce(article, clean, page);
    for (const std::string& caption : captions) EXPECT_EQ(Count(clean, caption), 1u) << clean;
  }
}

TEST(PageScenarios, OfThreeCopiesOfDifferentMakeTheBestStays) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    const std::string column = Column(article);
    const std::string first = Join(article.paragraphs[0], " ");
    const std::string lead = first.substr(0, first.find(' ', first.size() / 3)) + "\u2026 Read more\n";
    std::string spaced = Blob(article);
    for (size_t at = 0; (at = spaced.find('.', at)) + 2 < spaced.size(); ++at) spaced.insert(at + 1, " ");
    std::vector<std::string> copies = {column, Blob(article), spaced};
    for (size_t i = copies.size(); i > 1; --i) std::swap(copies[i - 1], copies[writer.random().Below(i)]);
    const std::string page = "Headline of the day\n\n" + lead + "\n" + Join(copies, "\n");
    const std::string clean = Clean(page);
    EXPECT_EQ(clean, "Headline of the day\n\n" + column) << page;
  }
}

// A column that lacks a paragraph, a blob that lacks another, and a column of which one line is broken in
// two: of each paragraph the best copy stays, though the end of each copy and the beginning of the next one
// look like the end and the beginning of two more.
TEST(PageScenarios, OfThreeCopiesInARowTheBestStaysParagraphByParagraph) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    const size_t size = article.paragraphs.size(), missing = 1 + writer.random().Below(size - 2);
    Article first = article, second = article;
    first.paragraphs.erase(first.paragraphs.begin() + static_cast<std::ptrdiff_t>(missing));
    second.paragraphs.erase(second.paragraphs.begin() + 1 +
                            static_cast<std::ptrdiff_t>(writer.random().Below(size - 1)));
    std::vector<std::string> broken = Paragraphs(article);
    // A word with a capital is broken off, as a name may be.
    const size_t torn = (missing + 1 + writer.random().Below(size - 1)) % size;
    const std::string whole = broken[torn];
    const size_t at = broken[torn].rfind(' ', broken[torn].size() * 4 / 5);
    broken[torn][at] = '\n';
    broken[torn][at + 1] = static_cast<char>(broken[torn][at + 1] & ~0x20);
    std::vector<std::string> column = Paragraphs(first);
    for (std::string& paragraph : column) {
      if (paragraph == whole) paragraph[at + 1] = broken[torn][at + 1];
    }
    const std::string page = "Headline of the day\n\n" + Join(column, "\n\n") + "\n\nAdvertisement\n\n" +
                             Blob(second) + "\n" + Join(broken, "\n\n") + "\n";
    const std::string clean = Clean(page);
    for (size_t p = 0; p < size; ++p) {
      std::string paragraph = Join(article.paragraphs[p], " ");
      if (p == torn) paragraph[at + 1] = broken[torn][at + 1];
      EXPECT_EQ(Count(clean, paragraph), 1u) << p << " of\n" << page << "\n=>\n" << clean;
    }
  }
}

TEST(PageScenarios, CallOutsGoAndParagraphsStayWhole) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    std::string page = "Headline of the day\n\n", expected = page;
    for (const Sentences& sentences : article.paragraphs) {
      const std::string paragraph = Join(sentences, " ") + "\n\n";
      std::string call = sentences[writer.random().Below(sentences.size())];
      call.pop_back();
      const std::string marks[][2] = {{"", "."}, {"\u201c", "\u201d"}, {"\"", ".\""}};
      const auto& mark = marks[writer.random().Below(3)];
      const bool before = writer.random().Below(2) == 0, with = writer.random().Below(2) == 0;
      const std::string line = with ? mark[0] + call + mark[1] + "\n\n" : "";
      page += before ? line + paragraph : paragraph + line;
      expected += paragraph;
    }
    std::string clean = Clean(page);
    for (std::string* text : {&clean, &expected}) text->erase(text->find_last_not_of('\n') + 1);
    EXPECT_EQ(clean, expected) << page;
  }
}

TEST(PageScenarios, ShuffledParagraphsStandOnce) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    std::vector<std::string> shuffled = Paragraphs(article);
    for (size_t i = shuffled.size(); i > 1; --i)
      std::swap(shuffled[i - 1], shuffled[writer.random().Below(i)]);
    const std::string page =
        "Headline of the day\n\n" + Column(article) + "\n" + Join(shuffled, "\n\n") + "\n";
    EXPECT_EQ(Clean(page), "Headline of the day\n\n" + Column(article)) << page;
  }
}

// Paragraphs shorter than a repeat must be, in another order: what stands around them shows that they are
// copies.
TEST(PageScenarios, ShortParagraphsGoWithTheCopyTheyStandIn) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    std::vector<std::string> paragraphs = Paragraphs(article);
    for (int i = 0; i < 3; ++i) {
      const size_t at = 1 + writer.random().Below(paragraphs.size() - 1);
      paragraphs.insert(paragraphs.begin() + static_cast<std::ptrdiff_t>(at), writer.Words(6) + ".");
    }
    const std::vector<std::string> shuffled(paragraphs.rbegin(), paragraphs.rend());
    const std::string column = Join(paragraphs, "\n\n") + "\n";
    const std::string page = seed % 2 == 0
                                 ? "Headline of the day\n\n" + Join(shuffled, "") + "\n\n" + column
                                 : "Headline of the day\n\n" + column + "\n" + Join(shuffled, "\n\n") + "\n";
    EXPECT_EQ(Clean(page), "Headline of the day\n\n" + column) << page;
  }
}

// A letter doubled in every `step`th word.
std::string WithSlips(const std::string& text, size_t step) {
  std::string out;
  size_t words = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    const bool second = i > 0 && (i == 1 || text[i - 2] == ' ' || text[i - 2] == '.') && text[i] != ' ';
    if (second && ++words % step == 0) out += text[i];
  }
  return out;
}

// The blob lacks a paragraph, and what stands around it there is glued at a colon, so that no sentence ends.
TEST(PageScenarios, SlipsBesideALostLineEndGoWithTheirCopy) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    const std::vector<std::string> paragraphs = Paragraphs(article);
    const std::string before = writer.Words(20), between = writer.Words(30) + ".",
                      behind = writer.Words(20) + ".";
    const auto page = [&](const std::string& last, const std::string& first) {
      const std::string column =
          Join(paragraphs, "\n") + "\n" + before + " reasons:\n" + between + "\nToday " + behind + "\n";
      return "Headline of the day\n" + Join(paragraphs, "") + before + " " + last + ":" + first + " " +
             behind + "\n08:00\n" + column;
    };
    const std::string clean = Clean(page("reasons", "Today"));
    EXPECT_EQ(clean.find("reasons:Today"), std::string::npos);
    EXPECT_EQ(Clean(page("reasns", "Today")), clean);
    EXPECT_EQ(Clean(page("reasons", "Todday")), clean);
  }
}

// Copies in turn: the first two look like the last two, and what one copy has misspelt stands right in
// others.
TEST(PageScenarios, OfFourCopiesInTurnTheBestStays) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const Article article = writer.Write();
    const std::string slips = WithSlips(Blob(article), 20 + seed);
    ASSERT_NE(slips, Blob(article));
    const std::string column = Column(article);
    const std::string page = "Headline of the day\n\n" + column + "Share this\n" + slips + column +
                             "Advertisement\n" + Blob(article);
    const std::string clean = Clean(page);
    ExpectOnce(article, clean, page);
    EXPECT_EQ(Count(clean, column), 1u) << page << "\n=>\n" << clean;
    EXPECT_EQ(TokensOf(clean).size(),
              TokensOf("Headline of the day Share this Advertisement " + column).size());
  }
}

// What the copy that stays has in that place counts: a short sentence that was edited is no leftover, though
// the page says it elsewhere.
TEST(PageScenarios, ShortSentencesThatWereEditedStay) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    const auto page = [&](const char* const(&degrees)[3], const std::string(&towns)[3],
                          const std::string& line) {
      std::string text;
      for (size_t i = 0; i < 3; ++i) text += towns[i] + line + "It was " + degrees[i] + " degrees there.\n\n";
      return text;
    };
    const std::string towns[3] = {writer.Words(23) + ".", writer.Words(23) + ".", writer.Words(23) + "."};
    // On lines of their own, and behind what goes on its line.
    for (const std::string line : {"\n\n", " "}) {
      const std::string clean = Clean("Weather of the day\n\n" + page({"31", "28", "27"}, towns, line) +
                                      "Again\n\n" + page({"28", "28", "31"}, towns, line));
      EXPECT_EQ(Count(clean, "was 28 degrees"), 2u) << clean;
      EXPECT_EQ(Count(clean, "was 31 degrees"), 2u) << clean;
      EXPECT_EQ(Count(clean, "was 27 degrees"), 1u) << clean;
      for (const std::string& town : towns) EXPECT_EQ(Count(clean, town), 1u) << clean;
    }
  }
}

TEST(PageScenarios, WhatEachCopyHasAloneStays) {
  for (uint64_t seed = 1; seed <= kPages; ++seed) {
    Writer writer(seed);
    Article article = writer.Write();
    Article other = article;
    // Each copy lacks a sentence of the other.
    Sentences& one = article.paragraphs[1];
    Sentences& two = other.paragraphs[3];
    const std::string only_other = one[0], only_first = two[0];
    one.erase(one.begin());
    two.erase(two.begin());
    const std::string page = "Headline of the day\n\n" + Blob(other) + "\n" + Column(article);
    const std::string clean = Clean(page);
    EXPECT_EQ(Count(clean, only_other), 1u) << page << "\n=>\n" << clean;
    EXPECT_EQ(Count(clean, only_first), 1u) << page << "\n=>\n" << clean;
    ExpectOnce(article, clean, page);
  }
}

}  // namespace
}  // namespace refrain
