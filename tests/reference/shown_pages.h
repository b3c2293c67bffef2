#pragma once
// Pages that show an article more than once, with the place of every letter known: what page repair has to
// cut, what has to stay, and which copy is the better made.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "tests/reference/invented_article.h"

namespace refrain::reference {

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

}  // namespace refrain::reference
