#include "tests/reference/shown_pages.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "refrain/base/utf8.h"
#include "refrain/text/tokens.h"

namespace refrain::reference {
namespace {

void AppendUtf8(char32_t c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
  } else if (c < 0x800) {
    *out += static_cast<char>(0xC0 | c >> 6);
    *out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out += static_cast<char>(0xE0 | c >> 12);
    *out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *out += static_cast<char>(0xF0 | c >> 18);
    *out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    *out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    *out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::string Utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) AppendUtf8(c, &out);
  return out;
}

// How a script's words are made and its sentences are dressed.
struct Dress {
  std::u32string starts;  // syllables: one of these, one of `vowels`, sometimes one of `ends`
  std::u32string vowels;
  std::u32string ends;
  std::u32string_view comma, stop, opens, closes;
};

Dress DressOf(Script script) {
  switch (script) {
    case Script::kLatin:
      return {U"bcdfghklmnprstvw", U"aeiou", U"lnrst", U", ", U".", U"\u201C", U"\u201D"};
    case Script::kCyrillic:
      return {U"бвгдзклмнпрстш", U"аеиоуы", U"йлмнрст", U", ", U".", U"«", U"»"};
    case Script::kArabic:
      return {U"بتجحدرسشعفقكلمنهي", U"اوي", U"نرمة", U"، ", U".", U"«", U"»"};
    case Script::kThai:
      return {U"กขคงจชดตทนบปพมยรลวสหอ", U"ะาิีุู", U"กงดนบมยรว", U" ", U"", U"\u201C", U"\u201D"};
    case Script::kKorean: {
      Dress dress = {{}, {}, {}, U", ", U".", U"\u201C", U"\u201D"};
      for (char32_t c = 0xAC00; c < 0xD7A0; c += 47) dress.starts += c;
      return dress;
    }
    case Script::kChinese:
    case Script::kJapanese: {
      Dress dress = {{}, {}, {}, script == Script::kChinese ? U"，" : U"、", U"。", U"「", U"」"};
      for (char32_t c = 0x4E00; c < 0x9F00; c += script == Script::kChinese ? 23 : 41) dress.starts += c;
      if (script == Script::kJapanese) {
        for (char32_t c = 0x3042; c < 0x3094; ++c) dress.vowels += c;
      }
      return dress;
    }
  }
  return {};
}

// "Aa": capitals of the alphabets above; nothing else changes.
char32_t Capital(char32_t c) {
  if (c >= 'a' && c <= 'z') return c - 32;
  if (c >= U'а' && c <= U'я') return c - 32;
  return c;
}

char32_t Pick(const std::u32string& letters, Random* random) {
  return letters[random->Below(letters.size())];
}

// The words of one article.
class Vocabulary {
 public:
  Vocabulary(Script script, Random* random) : script_(script), dress_(DressOf(script)), random_(random) {
    for (int i = 0; i < 30; ++i) common_.push_back(Invent(1));
    for (int i = 0; i < 900; ++i) rare_.push_back(Invent(2 + random->Below(2)));
    for (int i = 0; i < 12; ++i) names_.push_back(Titled(Invent(2)));
  }

  const Dress& dress() const { return dress_; }

  std::u32string Word() {
    const size_t kind = random_->Below(100);
    if (kind < 40) return common_[random_->Below(common_.size())];
    if (kind < 46) return names_[random_->Below(names_.size())];
    if (kind < 50) {
      const std::string digits = std::to_string(1 + random_->Below(3000));
      return {digits.begin(), digits.end()};
    }
    return rare_[random_->Below(rare_.size())];
  }

  // With its full stop, and sometimes as speech.
  std::u32string Sentence() {
    const bool ideographic = script_ == Script::kChinese || script_ == Script::kJapanese;
    size_t words = random_->Below(6) == 0 ? 4 + random_->Below(4) : 9 + random_->Below(15);
    if (ideographic) words += words / 2;
    std::u32string text;
    for (size_t i = 0; i < words; ++i) {
      const bool pause = i > 0 && i + 1 < words && random_->Below(8) == 0;
      if (pause) {
        text += dress_.comma;
      } else if (i > 0 && !ideographic && script_ != Script::kThai) {
        text += U' ';
      }
      text += Word();
    }
    // No numbers in front: behind a full stop without a space they go on with what stands before it.
    while (text[0] < U'A' || dress_.comma.starts_with(text[0])) text.erase(0, 1);
    text[0] = Capital(text[0]);
    text += dress_.stop;
    if (random_->Below(8) == 0) text = std::u32string(dress_.opens) + text + std::u32string(dress_.closes);
    return text;
  }

  std::u32string Title() {
    std::u32string text;
    for (size_t i = 0; i < 6; ++i) text += (i > 0 ? U" " : U"") + rare_[random_->Below(rare_.size())];
    return Titled(text);
  }

 private:
  static std::u32string Titled(std::u32string word) {
    word[0] = Capital(word[0]);
    return word;
  }

  std::u32string Invent(size_t syllables) {
    std::u32string word;
    if (script_ == Script::kJapanese && syllables == 1) return {Pick(dress_.vowels, random_)};
    if (dress_.vowels.empty() || script_ == Script::kJapanese) {
      for (size_t i = 0; i < std::min<size_t>(syllables, 2); ++i) word += Pick(dress_.starts, random_);
      if (script_ == Script::kJapanese) word += Pick(dress_.vowels, random_);
      return word;
    }
    for (size_t i = 0; i < syllables; ++i) {
      word += Pick(dress_.starts, random_);
      word += Pick(dress_.vowels, random_);
      if (random_->Below(2) == 0) word += Pick(dress_.ends, random_);
    }
    return word;
  }

  Script script_;
  Dress dress_;
  Random* random_;
  std::vector<std::u32string> common_, rare_, names_;
};

// Which code points of a paragraph are letters of words.
std::vector<bool> Letters(const std::u32string& paragraph) {
  std::string text;
  std::vector<size_t> begins;
  for (const char32_t c : paragraph) {
    begins.push_back(text.size());
    AppendUtf8(c, &text);
  }
  Tokens tokens;
  Tokenize(text, &tokens);
  std::vector<bool> letters(paragraph.size(), false);
  size_t token = 0;
  for (size_t i = 0; i < begins.size(); ++i) {
    while (token < tokens.size() && tokens.ends[token] <= begins[i]) ++token;
    letters[i] = token < tokens.size() && tokens.begins[token] <= begins[i];
  }
  return letters;
}

// -- What scenarios are made of --

std::vector<size_t> All(const InventedArticle& article) {
  std::vector<size_t> all(article.paragraphs.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

// All but `count` paragraphs; the first always stays.
std::vector<size_t> AllBut(size_t count, const InventedArticle& article, Random* random) {
  std::vector<size_t> some = All(article);
  for (; count > 0 && some.size() > 4; --count)
    some.erase(some.begin() + 1 + static_cast<std::ptrdiff_t>(random->Below(some.size() - 1)));
  return some;
}

void Shuffle(std::vector<size_t>* numbers, Random* random) {
  for (size_t i = numbers->size(); i > 1; --i) std::swap((*numbers)[i - 1], (*numbers)[random->Below(i)]);
}

std::string Stamp(Random* random) {
  const auto two = [&](size_t from, size_t to) {
    return std::to_string(100 + from + random->Below(to - from)).substr(1);
  };
  return two(0, 24) + ":" + two(0, 60) + " GMT " + two(1, 29) + "." + two(1, 13) + ".20" + two(10, 25) + "\n";
}

std::string Caption(Random* random) {
  constexpr std::string_view kCaptions[] = {"Photo: Orla Venn / Tidewater Press",
                                            "Advertisement",
                                            "The quay seen from the north tower",
                                            "Picture by the harbour archive",
                                            "Share this page",
                                            "Video: the boats come in",
                                            "Foto: Archiv",
                                            "Graphic: N. Halloran"};
  std::string caption(kCaptions[random->Below(std::size(kCaptions))]);
  if (caption != "Advertisement" && random->Below(2) == 0)
    caption += " " + std::to_string(random->Below(900));
  return caption;
}

void Head(const InventedArticle& article, ShownPage* page) { page->Own(article.title + "\n"); }

void Column(const InventedArticle& article, const std::vector<size_t>& paragraphs, ShownPage* page,
            std::string_view between = "\n") {
  for (const size_t p : paragraphs) {
    page->Show(article, p, article.Whole(p), Make::kClean);
    page->Own(between);
  }
}

void Blob(const InventedArticle& article, const std::vector<size_t>& paragraphs, std::string_view glue,
          ShownPage* page, const ShownPage::Change& change = nullptr) {
  for (size_t i = 0; i < paragraphs.size(); ++i) {
    if (i > 0) page->Own(glue);
    page->Show(article, paragraphs[i], article.Whole(paragraphs[i]), Make::kBroken, change);
  }
  page->Own("\n");
}

// Of a terminal. Marks above and below Thai letters take none.
size_t Columns(char32_t c) {
  if (c == 0xE31 || (c >= 0xE34 && c <= 0xE3A)) return 0;
  return c >= 0x3000 ? 2 : 1;
}

// A paragraph broken to a width: at spaces, or anywhere where words have none.
std::vector<Part> Lines(const InventedArticle& article, size_t paragraph, size_t width) {
  const std::u32string& text = article.paragraphs[paragraph];
  std::vector<Part> lines;
  size_t begin = 0, may_break = 0, columns = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](size_t at) { return text[at] >= U'0' && text[at] <= U'9'; };
    const bool number = i > 0 && digit(i - 1) && digit(i);
    const bool anywhere = !number && (article.IsIdeographic() || (text[i] >= 0xE01 && text[i] <= 0xE2E));
    if (text[i] == U' ' || anywhere) may_break = i;
    columns += Columns(text[i]);
    if (columns <= width || may_break <= begin) continue;
    lines.push_back({begin, may_break});
    begin = may_break + (text[may_break] == U' ');
    columns = 0;
    for (size_t k = begin; k <= i; ++k) columns += Columns(text[k]);
  }
  lines.push_back({begin, text.size()});
  return lines;
}

void Wrapped(const InventedArticle& article, const std::vector<size_t>& paragraphs, size_t width,
             std::string_view between, ShownPage* page) {
  for (const size_t p : paragraphs) {
    const std::vector<Part> lines = Lines(article, p, width);
    for (size_t i = 0; i < lines.size(); ++i) {
      page->Show(article, p, lines[i], lines.size() > 1 ? Make::kBroken : Make::kClean);
      page->Own(i + 1 < lines.size() ? "\n" : between);
    }
  }
}

// The end of a word between these shares of the paragraph.
size_t CutPoint(const InventedArticle& article, size_t paragraph, size_t low, size_t high, Random* random) {
  const std::u32string& text = article.paragraphs[paragraph];
  const size_t target = text.size() * (low + random->Below(high - low)) / 100;
  if (!article.HasSpaces()) return std::max<size_t>(target, 1);
  const size_t space = text.find(U' ', target);
  return space == std::u32string::npos ? text.rfind(U' ') : space;
}

void Lead(const InventedArticle& article, size_t paragraph, std::string_view tail, size_t low, size_t high,
          Random* random, ShownPage* page) {
  page->Show(article, paragraph, {0, CutPoint(article, paragraph, low, high, random)}, Make::kCutOff);
  page->Loose(tail);
  page->Own("\n");
}

std::string_view Tail(Random* random) {
  constexpr std::string_view kTails[] = {"\u2026", "...", " [...]", "\u2026 Read more", " ... (more)"};
  return kTails[random->Below(std::size(kTails))];
}

// Long enough for a call-out.
bool IsLong(const InventedArticle& article, size_t paragraph, Part sentence) {
  const std::u32string& text = article.paragraphs[paragraph];
  const auto begin = text.begin() + static_cast<std::ptrdiff_t>(sentence.begin);
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(sentence.end);
  if (article.IsIdeographic()) return sentence.end - sentence.begin >= 30;
  if (article.script == Script::kThai) return sentence.end - sentence.begin >= 60;
  return std::count(begin, end, U' ') >= 11;
}

// -- Changes --

std::u32string Curly(const std::u32string& text) {
  std::u32string out;
  for (const char32_t c : text) {
    const bool quote = c == U'\u201C' || c == U'\u201D' || c == U'«' || c == U'»';
    out += quote ? U'"' : c == U' ' && out.size() % 11 == 0 ? U'\u00A0' : c;
  }
  return out;
}

std::u32string Entities(const std::u32string& text) {
  std::u32string out;
  for (const char32_t c : text) {
    if (c == U'\u201C') {
      out += U"&ldquo;";
    } else if (c == U'\u201D') {
      out += U"&rdquo;";
    } else if (c == U'«') {
      out += U"&laquo;";
    } else if (c == U'»') {
      out += U"&raquo;";
    } else {
      out += c;
    }
  }
  return out;
}

std::u32string Upper(const std::u32string& text) {
  std::u32string out;
  for (const char32_t c : text) out += Capital(c);
  return out;
}

std::u32string FullWidth(const std::u32string& text) {
  std::u32string out;
  for (const char32_t c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += plain ? c + 0xFEE0 : c;
  }
  return out;
}

std::u32string SoftHyphens(const std::u32string& text) {
  std::u32string out;
  size_t letters = 0;
  for (const char32_t c : text) {
    letters = c < 0x80 && (c | 0x20) < 'a' ? 0 : letters + 1;
    if (letters == 5) out += U'\u00AD';
    out += c;
  }
  return out;
}

// One word in forty loses or doubles a letter; never a number.
ShownPage::Change Slips(Random* random) {
  return [random](const std::u32string& text) {
    std::u32string out;
    for (size_t begin = 0; begin < text.size();) {
      size_t end = std::min(text.find(U' ', begin), text.size());
      std::u32string word = text.substr(begin, end - begin);
      const bool letters = std::none_of(word.begin(), word.end(), [](char32_t c) { return c < 0x41; });
      if (word.size() > 4 && letters && random->Below(40) == 0) {
        const size_t at = 1 + random->Below(word.size() - 2);
        if (random->Below(2) == 0) {
          word.erase(at, 1);
        } else {
          word.insert(at, 1, word[at]);
        }
      }
      out += word;
      if (end < text.size()) out += U' ';
      begin = end + 1;
    }
    return out;
  };
}

// -- Scenarios --

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

std::string_view ScriptName(Script script) {
  constexpr std::string_view kNames[] = {"latin",   "cyrillic", "arabic", "thai",
                                         "chinese", "japanese", "korean"};
  return kNames[static_cast<size_t>(script)];
}

InventedArticle WriteArticle(Script script, Random* random) {
  Vocabulary words(script, random);
  InventedArticle article;
  article.script = script;
  article.title = Utf8(words.Title());
  for (size_t count = 6 + random->Below(5); count > 0; --count) {
    std::u32string text;
    std::vector<Part> sentences;
    // A story begins with more than a few words.
    for (size_t s = 1 + random->Below(5) + article.paragraphs.empty(); s > 0; --s) {
      if (!text.empty() && !article.IsIdeographic()) text += U' ';
      const size_t begin = text.size();
      text += words.Sentence();
      sentences.push_back({begin, text.size()});
    }
    article.paragraphs.push_back(text);
    article.sentences.push_back(sentences);
  }
  return article;
}

void ShownScore::Add(const ShownScore& other) {
  redundant += other.redundant;
  removed += other.removed;
  letters += other.letters;
  lost += other.lost;
  outside += other.outside;
  cut_outside += other.cut_outside;
  single += other.single;
  best += other.best;
}

void ShownPage::Own(std::string_view text) { text_ += text; }

void ShownPage::Loose(std::string_view text) {
  const auto begin = static_cast<uint32_t>(text_.size());
  text_ += text;
  pieces_.push_back({.bytes = {begin, static_cast<uint32_t>(text_.size())}});
}

void ShownPage::Show(const InventedArticle& article, size_t paragraph, Part part, Make make,
                     const Change& change) {
  const std::u32string text = article.paragraphs[paragraph].substr(part.begin, part.end - part.begin);
  const auto begin = static_cast<uint32_t>(text_.size());
  text_ += Utf8(change ? change(text) : text);
  pieces_.push_back({.article = &article,
                     .paragraph = paragraph,
                     .part = part,
                     .make = make,
                     .bytes = {begin, static_cast<uint32_t>(text_.size())}});
}

ShownScore ShownPage::Score(const std::vector<Span>& cut) const {
  std::vector<bool> gone(text_.size(), false), owned(text_.size(), false);
  for (const Span& span : cut) std::fill(gone.begin() + span.begin, gone.begin() + span.end, true);
  struct Copies {
    uint64_t count = 0, gone = 0;
    Make best = Make::kCutOff, best_left = Make::kCutOff;
  };
  std::map<std::tuple<const InventedArticle*, size_t, size_t>, Copies> copies;
  std::map<std::pair<const InventedArticle*, size_t>, std::vector<bool>> letters;
  for (const Piece& piece : pieces_) {
    std::fill(owned.begin() + piece.bytes.begin, owned.begin() + piece.bytes.end, true);
    if (piece.article == nullptr) continue;
    std::vector<bool>& is_letter = letters[{piece.article, piece.paragraph}];
    if (is_letter.empty()) is_letter = Letters(piece.article->paragraphs[piece.paragraph]);
    std::vector<size_t> shown;  // where its code points begin
    for (size_t at = piece.bytes.begin; at < piece.bytes.end; ++at) {
      if ((static_cast<unsigned char>(text_[at]) & 0xC0) != 0x80) shown.push_back(at);
    }
    const size_t length = piece.part.end - piece.part.begin;
    for (size_t i = 0; i < length; ++i) {
      if (!is_letter[piece.part.begin + i]) continue;
      const size_t at = shown[std::min(shown.size() - 1, i * shown.size() / length)];
      Copies& here = copies[{piece.article, piece.paragraph, piece.part.begin + i}];
      ++here.count;
      here.gone += gone[at];
      here.best = std::max(here.best, piece.make);
      if (!gone[at]) here.best_left = std::max(here.best_left, piece.make);
    }
  }
  ShownScore score;
  for (const auto& [place, here] : copies) {
    score.redundant += here.count - 1;
    score.removed += std::min(here.gone, here.count - 1);
    ++score.letters;
    score.lost += here.gone == here.count;
    if (here.count < 2 || here.gone + 1 != here.count) continue;
    ++score.single;
    score.best += here.best_left == here.best;
  }
  for (size_t at = 0; at < text_.size(); ++at) {
    if (owned[at] || text_[at] == ' ' || text_[at] == '\n') continue;
    ++score.outside;
    score.cut_outside += gone[at];
  }
  return score;
}

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
