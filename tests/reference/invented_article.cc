#include "tests/reference/invented_article.h"

#include <algorithm>

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

}  // namespace

char32_t Capital(char32_t c) {
  if (c >= 'a' && c <= 'z') return c - 32;
  if (c >= U'а' && c <= U'я') return c - 32;
  return c;
}

std::string Utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t c : text) AppendUtf8(c, &out);
  return out;
}

std::vector<bool> WordLetters(const std::u32string& paragraph) {
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

}  // namespace refrain::reference
