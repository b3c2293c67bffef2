#include "refrain/match/entities_internal.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "refrain/base/span.h"

namespace refrain {
namespace {

constexpr size_t kLongestName = 8;  // with the signs of a number

constexpr std::pair<std::string_view, char32_t> kNames[] = {
    {"quot", '"'},      {"apos", '\''},     {"amp", '&'},      {"nbsp", 0xA0},    {"laquo", 0xAB},
    {"raquo", 0xBB},    {"shy", 0xAD},      {"middot", 0xB7},  {"ensp", 0x2002},  {"emsp", 0x2003},
    {"thinsp", 0x2009}, {"zwnj", 0x200C},   {"zwj", 0x200D},   {"lrm", 0x200E},   {"rlm", 0x200F},
    {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"sbquo", 0x201A},
    {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"bdquo", 0x201E}, {"bull", 0x2022},  {"hellip", 0x2026},
    {"lsaquo", 0x2039}, {"rsaquo", 0x203A},
};

// The marks and spaces among the characters that numbers name.
bool IsMark(char32_t c) {
  if (c >= 0x2000 && c <= 0x2027) return true;
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](const auto& name) { return name.second == c; });
}

char32_t NumberOf(std::string_view digits) {
  const bool hex = !digits.empty() && (digits[0] | 0x20) == 'x';
  if (hex) digits.remove_prefix(1);
  char32_t number = 0;
  for (const char c : digits) {
    const char small = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      number = number * (hex ? 16 : 10) + static_cast<char32_t>(c - '0');
    } else if (hex && small >= 'a' && small <= 'f') {
      number = number * 16 + static_cast<char32_t>(small - 'a' + 10);
    } else {
      return 0;
    }
  }
  return number;
}

// What stands between the ampersand and the semicolon.
char32_t CharacterOf(std::string_view name) {
  if (name.starts_with('#')) {
    const char32_t number = NumberOf(name.substr(1));
    return IsMark(number) ? number : 0;
  }
  for (const auto& [known, character] : kNames) {
    if (known == name) return character;
  }
  return 0;
}

// A name and its semicolon.
Entity NameAt(std::string_view text) {
  const size_t semicolon = text.substr(0, kLongestName + 1).find(';');
  if (semicolon == std::string_view::npos) return {};
  const char32_t character = CharacterOf(text.substr(0, semicolon));
  return character == 0 ? Entity{} : Entity{static_cast<uint32_t>(semicolon) + 1, character};
}

}  // namespace

Entity EntityAt(std::string_view text) {
  if (!text.starts_with('&')) return {};
  Entity entity = NameAt(text.substr(1));
  if (entity.size == 0) return {};
  ++entity.size;
  if (entity.character != '&') return entity;
  const Entity escaped = NameAt(text.substr(entity.size));
  return escaped.size == 0 ? entity : Entity{entity.size + escaped.size, escaped.character};
}

bool WithoutEntities(std::string_view text, const Tokens& tokens, Tokens* plain) {
  std::vector<Span> entities;
  for (size_t at = 0; (at = text.find('&', at)) != std::string_view::npos;) {
    const uint32_t size = EntityAt(text.substr(at)).size;
    if (size > 0) entities.push_back({static_cast<uint32_t>(at), static_cast<uint32_t>(at) + size});
    at += std::max<uint32_t>(size, 1);
  }
  if (entities.empty()) return false;
  std::vector<uint32_t> words;  // those that stay
  words.reserve(tokens.size());
  auto entity = entities.begin();
  for (uint32_t token = 0; token < tokens.size(); ++token) {
    while (entity != entities.end() && entity->end <= tokens.begins[token]) ++entity;
    if (entity == entities.end() || tokens.ends[token] <= entity->begin) words.push_back(token);
  }
  if (words.size() == tokens.size()) return false;
  plain->clear();
  plain->invalid_bytes = tokens.invalid_bytes;
  for (const uint32_t token : words) {
    plain->hashes.push_back(tokens.hashes[token]);
    plain->begins.push_back(tokens.begins[token]);
    plain->ends.push_back(tokens.ends[token]);
    plain->traits.push_back(tokens.traits[token]);
  }
  return true;
}

}  // namespace refrain
