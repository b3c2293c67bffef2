#include "tests/reference/shown_pages.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace refrain::reference {

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
    if (is_letter.empty()) is_letter = WordLetters(piece.article->paragraphs[piece.paragraph]);
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

}  // namespace refrain::reference
