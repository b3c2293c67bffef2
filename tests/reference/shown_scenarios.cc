#include "tests/reference/shown_scenarios.h"

#include <algorithm>

#include "tests/reference/shown_parts.h"

namespace refrain::reference {
namespace {

using Article = const InventedArticle&;

void Once(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

// A blob that lacks a paragraph; then the column, its sentences apart where a caption or an advert stands.
void CaptionsInColumn(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Blob(article, AllBut(1, article, random), "", page);
  page->Own(Stamp(random));
  for (size_t p = 0; p < article.paragraphs.size(); ++p) {
    const std::vector<Part>& sentences = article.sentences[p];
    for (size_t s = 0; s < sentences.size(); ++s) {
      page->Show(article, p, sentences[s], Make::kClean);
      if (s + 1 == sentences.size()) break;
      const bool caption = random->Below(10) < 3;
      page->Own(caption ? "\n" + Caption(random) + "\n" : article.IsIdeographic() ? "" : " ");
    }
    page->Own("\n");
    if (random->Below(10) < 4) page->Own(Caption(random) + "\n");
  }
}

void CaptionsInBlob(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  for (const size_t p : AllBut(1, article, random)) {
    for (const Part sentence : article.sentences[p]) {
      page->Show(article, p, sentence, Make::kBroken);
      if (random->Below(100) < 15) page->Own("\n" + Caption(random) + "\n");
    }
  }
  page->Own("\n" + Stamp(random));
  Column(article, All(article), page);
}

void ThreeMakes(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Lead(article, 0, Tail(random), 40, 80, random, page);
  Blob(article, AllBut(2, article, random), "", page);
  Wrapped(article, AllBut(1, article, random), 70, "\n", page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void ThreeWithEdits(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Column(article, AllBut(1, article, random), page);
  page->Own(Caption(random) + "\n");
  Blob(article, AllBut(2, article, random), random->Below(2) == 0 ? " " : "", page,
       random->Below(2) == 0 ? Slips(random) : Curly);
  Column(article, All(article), page);
}

void CallOut(Article article, size_t p, Random* random, ShownPage* page) {
  if (random->Below(100) >= 40 || article.sentences[p].size() < 2) return;
  const Part sentence = article.sentences[p][random->Below(article.sentences[p].size())];
  if (!IsLong(article, p, sentence)) return;
  const bool quotes = random->Below(10) < 3;
  if (quotes) page->Loose("\u201C");
  page->Show(article, p, sentence, Make::kBroken);
  if (quotes) page->Loose("\u201D");
  page->Own("\n");
}

void PullQuotesBefore(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  page->Own(Stamp(random));
  for (size_t p = 0; p < article.paragraphs.size(); ++p) {
    CallOut(article, p, random, page);
    Column(article, {p}, page);
  }
}

void PullQuotesBehind(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  page->Own(Stamp(random));
  for (size_t p = 0; p < article.paragraphs.size(); ++p) {
    Column(article, {p}, page);
    CallOut(article, p, random, page);
  }
}

void ShuffledBlob(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  std::vector<size_t> some = AllBut(1, article, random);
  Shuffle(&some, random);
  Blob(article, some, random->Below(2) == 0 ? " " : "", page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void ShuffledColumn(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
  std::vector<size_t> some = AllBut(1, article, random);
  Shuffle(&some, random);
  page->Own("Most read\n");
  Column(article, some, page);
}

void WrappedThenColumn(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Wrapped(article, AllBut(1, article, random), 60, "\n\n", page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void ColumnThenChanged(Article article, Random* random, ShownPage* page, const ShownPage::Change& change) {
  Head(article, page);
  Column(article, All(article), page);
  page->Own("\n");
  Blob(article, AllBut(1, article, random), " ", page, change);
}

void Typography(Article article, Article, Random* random, ShownPage* page) {
  ColumnThenChanged(article, random, page, Curly);
}

void UpperCase(Article article, Article, Random* random, ShownPage* page) {
  ColumnThenChanged(article, random, page, Upper);
}

// The copy in capitals first, made as well as the other.
void UpperCaseFirst(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  for (const size_t p : AllBut(1, article, random)) {
    page->Show(article, p, article.Whole(p), Make::kBroken, Upper);
    page->Own("\n");
  }
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void FullWidthForms(Article article, Article, Random* random, ShownPage* page) {
  ColumnThenChanged(article, random, page, FullWidth);
}

void SoftHyphenated(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Blob(article, AllBut(1, article, random), "", page, SoftHyphens);
  Column(article, All(article), page);
}

// Entities that were not read, in the copy that comes first.
void EntitiesFirst(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  for (const size_t p : AllBut(1, article, random)) {
    const bool changes = Entities(article.paragraphs[p]) != article.paragraphs[p];
    page->Show(article, p, article.Whole(p), changes ? Make::kBroken : Make::kClean, Entities);
    page->Own("\n");
  }
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void SmallEdits(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Blob(article, AllBut(1, article, random), "", page, Slips(random));
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

// Paragraphs that lost their full stops too: the last word of one and the first of the next are one.
void GluedWords(Article article, Article, Random* random, ShownPage* page) {
  const auto without_stop = [&](size_t p) {
    Part part = article.sentences[p].back();
    const std::u32string& text = article.paragraphs[p];
    while (part.end > 1 && (text[part.end - 1] == U'.' || text[part.end - 1] == U'。')) --part.end;
    return Part{0, part.end};
  };
  Head(article, page);
  for (const size_t p : AllBut(1, article, random)) page->Show(article, p, without_stop(p), Make::kBroken);
  page->Own("\n" + Stamp(random));
  for (size_t p = 0; p < article.paragraphs.size(); ++p) {
    page->Show(article, p, without_stop(p), Make::kClean);
    page->Own("\n\n");
  }
}

// Key points: the first sentence of three paragraphs as a list in front of the article.
void KeyPoints(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  std::vector<size_t> some = All(article);
  Shuffle(&some, random);
  some.resize(3);
  const std::string_view bullet = random->Below(2) == 0 ? "- " : "\u2022 ";
  for (const size_t p : some) {
    if (article.sentences[p].size() < 2 || !IsLong(article, p, article.sentences[p][0])) continue;
    page->Loose(bullet);
    page->Show(article, p, article.sentences[p][0], Make::kBroken);
    page->Own("\n");
  }
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void MarkedTeaser(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Lead(article, 0, Tail(random), 40, 80, random, page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

void PlainTeaser(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Lead(article, 0, "", 40, 80, random, page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
}

// Leads of other paragraphs behind the article, as lists of stories have them.
void TeaserList(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  page->Own(Stamp(random));
  Column(article, All(article), page);
  page->Own("Latest\n");
  for (size_t p = 0, leads = 0; p < article.paragraphs.size() && leads < 4; ++p) {
    if (!IsLong(article, p, article.Whole(p))) continue;
    Lead(article, p, Tail(random), 40, 60, random, page);
    ++leads;
  }
}

// Two stories, each as a blob and as a column.
void TwoStories(Article article, Article other, Random* random, ShownPage* page) {
  for (const InventedArticle* one : {&article, &other}) {
    Head(*one, page);
    Blob(*one, AllBut(1, *one, random), "", page);
  }
  page->Own(Stamp(random));
  for (const InventedArticle* one : {&article, &other}) {
    Column(*one, All(*one), page);
    page->Own("\n" + Stamp(random));
  }
}

void MissingSentences(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  for (size_t p = 0; p < article.paragraphs.size(); ++p) {
    for (const Part sentence : article.sentences[p]) {
      if (random->Below(100) < 15) continue;
      page->Show(article, p, sentence, Make::kBroken);
    }
  }
  page->Own("\n" + Stamp(random));
  Column(article, All(article), page);
}

// Each copy has what the other lacks.
void BothLack(Article article, Article, Random* random, ShownPage* page) {
  Head(article, page);
  Blob(article, AllBut(2, article, random), "", page);
  page->Own(Stamp(random));
  Column(article, AllBut(2, article, random), page);
}

bool Any(Script) { return true; }
bool Cased(Script script) { return script == Script::kLatin || script == Script::kCyrillic; }
bool Spaced(Script script) { return Cased(script) || script == Script::kArabic || script == Script::kKorean; }
bool HasEntities(Script script) { return script != Script::kChinese && script != Script::kJapanese; }
bool Latin(Script script) { return script == Script::kLatin; }

}  // namespace

const std::vector<Scenario>& Scenarios() {
  static const std::vector<Scenario> scenarios = {
      {"once", Once, Any},
      {"captions in column", CaptionsInColumn, Any},
      {"captions in blob", CaptionsInBlob, Any},
      {"three makes", ThreeMakes, Any},
      {"three with edits", ThreeWithEdits, Spaced},
      {"pull quotes before", PullQuotesBefore, Any},
      {"pull quotes behind", PullQuotesBehind, Any},
      {"shuffled blob", ShuffledBlob, Any},
      {"shuffled column", ShuffledColumn, Any},
      {"wrapped", WrappedThenColumn, Any},
      {"typography", Typography, Any},
      {"upper case", UpperCase, Cased},
      {"upper case first", UpperCaseFirst, Cased},
      {"full-width forms", FullWidthForms, Latin},
      {"soft hyphens", SoftHyphenated, Spaced},
      {"entities first", EntitiesFirst, HasEntities},
      {"small edits", SmallEdits, Spaced},
      {"glued words", GluedWords, Cased},
      {"key points", KeyPoints, Any},
      {"marked teaser", MarkedTeaser, Any},
      {"plain teaser", PlainTeaser, Any},
      {"teaser list", TeaserList, Any},
      {"two stories", TwoStories, Any},
      {"missing sentences", MissingSentences, Any},
      {"both lack", BothLack, Any},
  };
  return scenarios;
}

}  // namespace refrain::reference
