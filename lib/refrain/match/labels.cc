#include "refrain/match/labels_internal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "refrain/match/edges_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// First words of credits, of which a name follows: two words at least, or one behind a colon.
constexpr std::string_view kCredits[] = {"by", "von",   "par",     "por",  "di",   "door", "av",
                                         "af", "przez", "napisał", "oleh", "بقلم", "כתב"};

// Of which a colon and anything follows.
constexpr std::string_view kFields[] = {
    "by",     "words",    "photo",   "photos",       "picture",     "image", "author", "text",  "foto",
    "bild",   "autor",    "autorin", "photographie", "auteur",      "texto", "autora", "fotos", "testo",
    "autore", "tekst",    "bilde",   "skriven",      "kirjoittaja", "fot",   "автор",  "текст", "фото",
    "yazan",  "fotoğraf", "penulis", "צילום",        "โดย",         "文",    "撮影",   "글",    "사진"};

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

// Sorted.
std::vector<uint64_t> Sequences(std::span<const std::string_view> lines) {
  std::vector<uint64_t> found;
  Tokens tokens;
  for (const std::string_view line : lines) {
    Tokenize(line, &tokens);
    found.push_back(SequenceOf(tokens, 0, static_cast<uint32_t>(tokens.size())));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

bool IsCredit(std::string_view text, const Tokens& tokens, Span line) {
  static const std::vector<uint64_t> credits = Sequences(kCredits), fields = Sequences(kFields);
  if (line.end > line.begin + kLongestCredit) return false;
  const auto is_among = [](const std::vector<uint64_t>& words, uint64_t word) {
    return std::binary_search(words.begin(), words.end(), word);
  };
  // In scripts without spaces between words, a word may be several tokens.
  for (uint32_t end = line.begin + 1; end < line.end && end <= line.begin + 3; ++end) {
    if (IsLowerAt(text, tokens.begins[end])) continue;
    const uint64_t word = SequenceOf(tokens, line.begin, end);
    const std::string_view behind = text.substr(tokens.ends[end - 1]);
    const bool colon = behind.starts_with(':') || behind.starts_with(" :") || behind.starts_with("\uFF1A");
    if (colon ? is_among(credits, word) || is_among(fields, word)
              : line.end > end + 1 && is_among(credits, word)) {
      return true;
    }
  }
  return false;
}

bool IsLabel(std::string_view text, const Tokens& tokens, Span line) {
  static const std::vector<uint64_t> parts = Sequences(kParts);
  if (line.empty()) return false;
  return IsCredit(text, tokens, line) ||
         (line.end <= line.begin + kLongestPart &&
          std::binary_search(parts.begin(), parts.end(), SequenceOf(tokens, line.begin, line.end)));
}

}  // namespace refrain
