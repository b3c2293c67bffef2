#pragma once
// Articles that nobody wrote, made word by word in several scripts.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/reference/sketch_slow.h"

namespace refrain::reference {

enum class Script { kLatin, kCyrillic, kArabic, kThai, kChinese, kJapanese, kKorean };
inline constexpr Script kScripts[] = {Script::kLatin,   Script::kCyrillic, Script::kArabic, Script::kThai,
                                      Script::kChinese, Script::kJapanese, Script::kKorean};
std::string_view ScriptName(Script script);

// [begin, end) in code points of a paragraph.
struct Part {
  size_t begin = 0;
  size_t end = 0;
};

struct InventedArticle {
  Script script = Script::kLatin;
  std::string title;
  std::vector<std::u32string> paragraphs;
  std::vector<std::vector<Part>> sentences;  // of each paragraph, without the space behind them

  bool HasSpaces() const { return script != Script::kThai && !IsIdeographic(); }
  bool IsIdeographic() const { return script == Script::kChinese || script == Script::kJapanese; }
  Part Whole(size_t paragraph) const { return {0, paragraphs[paragraph].size()}; }
};

// Six to ten paragraphs of one to five sentences: words of a vocabulary of a thousand, some of them at every
// turn, names, numbers, speech.
InventedArticle WriteArticle(Script script, Random* random);

// Its capital in the alphabets that have them; anything else as it is.
char32_t Capital(char32_t c);

std::string Utf8(const std::u32string& text);

// Which code points of a paragraph are letters of words.
std::vector<bool> WordLetters(const std::u32string& paragraph);

}  // namespace refrain::reference
