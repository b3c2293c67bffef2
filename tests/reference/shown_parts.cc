#include "tests/reference/shown_parts.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace refrain::reference {
namespace {

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

// The end of a word between these shares of the paragraph.
size_t CutPoint(const InventedArticle& article, size_t paragraph, size_t low, size_t high, Random* random) {
  const std::u32string& text = article.paragraphs[paragraph];
  const size_t target = text.size() * (low + random->Below(high - low)) / 100;
  if (!article.HasSpaces()) return std::max<size_t>(target, 1);
  const size_t space = text.find(U' ', target);
  return space == std::u32string::npos ? text.rfind(U' ') : space;
}

}  // namespace

std::vector<size_t> All(const InventedArticle& article) {
  std::vector<size_t> all(article.paragraphs.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

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
            std::string_view between) {
  for (const size_t p : paragraphs) {
    page->Show(article, p, article.Whole(p), Make::kClean);
    page->Own(between);
  }
}

void Blob(const InventedArticle& article, const std::vector<size_t>& paragraphs, std::string_view glue,
          ShownPage* page, const ShownPage::Change& change) {
  for (size_t i = 0; i < paragraphs.size(); ++i) {
    if (i > 0) page->Own(glue);
    page->Show(article, paragraphs[i], article.Whole(paragraphs[i]), Make::kBroken, change);
  }
  page->Own("\n");
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

bool IsLong(const InventedArticle& article, size_t paragraph, Part sentence) {
  const std::u32string& text = article.paragraphs[paragraph];
  const auto begin = text.begin() + static_cast<std::ptrdiff_t>(sentence.begin);
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(sentence.end);
  if (article.IsIdeographic()) return sentence.end - sentence.begin >= 30;
  if (article.script == Script::kThai) return sentence.end - sentence.begin >= 60;
  return std::count(begin, end, U' ') >= 11;
}

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

}  // namespace refrain::reference
