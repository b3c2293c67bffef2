#include "refrain/match/labels_internal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "refrain/match/edges_internal.h"

namespace refrain {
namespace {

// First words of credits.
constexpr std::string_view kCredits[] = {
    "by",    "words", "photo",  "photos", "picture", "image",       "author",       "von",
    "text",  "foto",  "bild",   "autor",  "autorin", "par",         "photographie", "auteur",
    "por",   "texto", "autora", "fotos",  "di",      "testo",       "autore",       "door",
    "tekst", "av",    "af",     "bilde",  "skriven", "kirjoittaja", "przez",        "napisał",
    "fot",   "автор", "текст",  "фото",   "yazan",   "fotoğraf",    "oleh",         "penulis",
    "بقلم",  "כתב",   "צילום",  "โดย",    "文",      "撮影",        "글",           "사진"};

// Parts of papers.
constexpr std::string_view kParts[] = {
    "news",       "latest news", "world",     "world news", "opinion",       "analysis",    "comment",
    "commentary", "editorial",   "exclusive", "breaking",   "breaking news", "politics",    "business",
    "sport",      "sports",      "culture",   "local",      "local news",    "national",    "feature",
    "features",   "interview",   "video",     "live",       "meinung",       "nachrichten", "politik",
    "wirtschaft", "kultur",      "kommentar", "actualités", "opinions",      "politique",   "économie",
    "monde",      "noticias",    "opinión",   "política",   "economía",      "mundo",       "deportes",
    "notícias",   "opinião",     "economia",  "esportes",   "notizie",       "opinioni",    "politica",
    "nieuws",     "opinie",      "nyheter",   "nyheder",    "meninger",      "uutiset",     "wiadomości",
    "zprávy",     "názory",      "новости",   "мнение",     "политика",      "спорт",       "новини",
    "haberler",   "spor",        "görüş",     "أخبار",      "رأي",           "سياسة",       "חדשות",
    "ข่าว",        "berita",      "tin tức",   "新闻",       "觀點",          "观点",        "ニュース",
    "社説",       "뉴스",        "오피니언"};

constexpr uint32_t kLongestPart = 8, kLongestCredit = 10;  // tokens

uint64_t Sequence(const Tokens& tokens, uint32_t begin, uint32_t end) {
  uint64_t hash = end - begin;
  for (uint32_t i = begin; i < end; ++i) hash = (hash ^ tokens.hashes[i]) * 0x9E3779B97F4A7C15u;
  return hash;
}

// Sorted.
std::vector<uint64_t> Sequences(std::span<const std::string_view> lines) {
  std::vector<uint64_t> found;
  Tokens tokens;
  for (const std::string_view line : lines) {
    Tokenize(line, &tokens);
    found.push_back(Sequence(tokens, 0, static_cast<uint32_t>(tokens.size())));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

bool IsCredit(std::string_view text, const Tokens& tokens, Span line) {
  static const std::vector<uint64_t> credits = Sequences(kCredits);
  if (line.end > line.begin + kLongestCredit) return false;
  // In scripts without spaces between words, a word may be several tokens.
  for (uint32_t end = line.begin + 1; end < line.end && end <= line.begin + 3; ++end) {
    if (IsLowerAt(text, tokens.begins[end])) continue;
    if (std::binary_search(credits.begin(), credits.end(), Sequence(tokens, line.begin, end))) return true;
  }
  return false;
}

bool IsLabel(std::string_view text, const Tokens& tokens, Span line) {
  static const std::vector<uint64_t> parts = Sequences(kParts);
  if (line.empty()) return false;
  return IsCredit(text, tokens, line) ||
         (line.end <= line.begin + kLongestPart &&
          std::binary_search(parts.begin(), parts.end(), Sequence(tokens, line.begin, line.end)));
}

}  // namespace refrain
