#include <algorithm>
#include <cstring>

#include "refrain/base/utf8.h"
#include "refrain/io/json_string_internal.h"
#include "refrain/io/parse.h"

namespace refrain {
namespace {

// The value of four hexadecimal digits at literal[at], or nothing.
std::optional<uint32_t> ReadHex4(std::string_view literal, size_t at) {
  if (at + 4 > literal.size()) return std::nullopt;
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    const char c = literal[at + i];
    uint32_t digit;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = (c | 0x20) - 'a' + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return value;
}

uint32_t Utf8Size(char32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

}  // namespace

std::optional<JsonEscape> ReadJsonEscape(std::string_view literal, size_t at) {
  if (at + 1 >= literal.size()) return std::nullopt;
  switch (literal[at + 1]) {
    case '"':
      return JsonEscape{2, U'"'};
    case '\\':
      return JsonEscape{2, U'\\'};
    case '/':
      return JsonEscape{2, U'/'};
    case 'b':
      return JsonEscape{2, U'\b'};
    case 'f':
      return JsonEscape{2, U'\f'};
    case 'n':
      return JsonEscape{2, U'\n'};
    case 'r':
      return JsonEscape{2, U'\r'};
    case 't':
      return JsonEscape{2, U'\t'};
    case 'u':
      break;
    default:
      return std::nullopt;
  }
  const std::optional<uint32_t> unit = ReadHex4(literal, at + 2);
  if (!unit.has_value()) return std::nullopt;
  if (*unit < 0xD800 || *unit > 0xDFFF) return JsonEscape{6, *unit};
  if (*unit > 0xDBFF || at + 7 >= literal.size() || literal[at + 6] != '\\' || literal[at + 7] != 'u')
    return std::nullopt;
  const std::optional<uint32_t> low = ReadHex4(literal, at + 8);
  if (!low.has_value() || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  return JsonEscape{12, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00)};
}

bool UnescapeJson(std::string_view literal, std::string* text, size_t* bad) {
  text->clear();
  text->reserve(literal.size());
  size_t at = 1;
  const size_t end = literal.size() - 1;
  while (true) {
    const void* next = std::memchr(literal.data() + at, '\\', end - at);
    const size_t run = next == nullptr ? end - at : static_cast<const char*>(next) - literal.data() - at;
    text->append(literal.data() + at, run);
    at += run;
    if (next == nullptr) return true;
    const std::optional<JsonEscape> escape = ReadJsonEscape(literal.substr(0, end), at);
    if (!escape.has_value()) {
      *bad = at;
      return false;
    }
    if (escape->code_point < 0x80) {
      text->push_back(static_cast<char>(escape->code_point));
    } else {
      AppendUtf8(escape->code_point, text);
    }
    at += escape->literal_size;
  }
}

LiteralMap::LiteralMap(std::string_view literal) : literal_(literal) {}

uint32_t LiteralMap::Map(uint32_t text_offset) {
  while (text_ < text_offset && raw_ < literal_.size()) {
    // Bytes stand for themselves up to the next escape.
    const size_t reach = std::min<size_t>(literal_.size() - raw_, text_offset - text_);
    const void* next = std::memchr(literal_.data() + raw_, '\\', reach);
    if (next == nullptr) {
      raw_ += reach;
      text_ += reach;
      break;
    }
    const auto run = static_cast<uint32_t>(static_cast<const char*>(next) - literal_.data() - raw_);
    raw_ += run;
    text_ += run;
    if (text_ >= text_offset) break;
    const std::optional<JsonEscape> escape = ReadJsonEscape(literal_, raw_);
    if (!escape.has_value()) break;  // not a literal that UnescapeJson takes
    raw_ += escape->literal_size;
    text_ += Utf8Size(escape->code_point);
  }
  return raw_;
}

}  // namespace refrain
