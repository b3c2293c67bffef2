#pragma once
// Pages that show an article more than once, with the place of every letter known: what page repair has to
// cut, what has to stay, and which copy is the better made. The articles are invented, word by word, in
// several scripts.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "tests/reference/sketch_reference.h"

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

// Shares, as eval tools for such pages give them. Letters are those of words.
struct ShownScore {
  uint64_t redundant = 0;    // letters shown once more than needed, each time
  uint64_t removed = 0;      // of them
  uint64_t letters = 0;      // of the article that the page shows
  uint64_t lost = 0;         // of them, those with no copy left
  uint64_t outside = 0;      // bytes of titles, stamps, captions
  uint64_t cut_outside = 0;  // of them
  uint64_t single = 0;       // letters shown more than once of which exactly one copy is left
  uint64_t best = 0;         // of them, those whose best-made copy it is

  double Removed() const { return Share(removed, redundant, 1); }
  double Lost() const { return Share(lost, letters, 0); }
  double Outside() const { return Share(cut_outside, outside, 0); }
  double Best() const { return Share(best, single, 1); }
  void Add(const ShownScore& other);

 private:
  static double Share(uint64_t part, uint64_t whole, double empty) {
    return whole == 0 ? empty : static_cast<double>(part) / static_cast<double>(whole);
  }
};

// How well a place is made.
enum class Make : uint8_t {
  kCutOff,  // it stops where the article goes on
  kBroken,  // glued, broken over lines, a call-out, misspelt
  kClean,
};

// Grows a page and remembers what stands where. An article is added first; parts of it are then shown.
class ShownPage {
 public:
  // Writes a part in another way. Its letters are spread over those of the article.
  using Change = std::function<std::u32string(const std::u32string&)>;

  // Text of its own: nothing of it may go.
  void Own(std::string_view text);
  // What may stay or go with the part before or behind it: an ellipsis, a bullet, quotes around a call-out.
  void Loose(std::string_view text);
  void Show(const InventedArticle& article, size_t paragraph, Part part, Make make,
            const Change& change = nullptr);

  const std::string& text() const { return text_; }
  // `cut`: sorted and disjoint.
  ShownScore Score(const std::vector<Span>& cut) const;

 private:
  struct Piece {
    const InventedArticle* article = nullptr;  // none: of nobody
    size_t paragraph = 0;
    Part part;
    Make make = Make::kClean;
    Span bytes;
  };
  std::string text_;
  std::vector<Piece> pieces_;
};

// A way to show an article, or two. `random` chooses what varies.
struct Scenario {
  std::string_view name;
  // Neither is changed; both outlive the page.
  void (*build)(const InventedArticle& article, const InventedArticle& other, Random* random,
                ShownPage* page);
  bool (*suits)(Script script);  // makes a difference in this script
};
const std::vector<Scenario>& Scenarios();

}  // namespace refrain::reference
