#include "refrain/base/utf8.h"

#include <simdjson.h>

#include <cstring>

namespace refrain {
namespace {

// How many of the bytes from `at` on are ASCII, counted in whole words of eight: enough to skip what is easy.
size_t AsciiRun(std::string_view text, size_t at) {
  const size_t begin = at;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if (word & 0x8080808080808080u) break;
  }
  return at - begin;
}

// Calls visit(byte, code points before it) at each code point's begin until it returns false.
template <typename Visit>
void Walk(std::string_view text, Visit visit) {
  size_t at = 0;
  char32_t ignored;
  for (uint64_t count = 0; at < text.size(); ++count) {
    if (!visit(at, count)) return;
    DecodeUtf8(text, &at, &ignored);
  }
}

}  // namespace

std::string ToValidUtf8(std::string_view text) {
  if (IsValidUtf8(text)) return std::string(text);
  std::string valid;
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    char32_t c = 0;
    valid += DecodeUtf8(text, &at, &c) ? text.substr(from, at - from) : "\uFFFD";
  }
  return valid;
}

bool IsValidUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

void AppendUtf8(char32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
    return;
  }
  if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | c >> 6));
  } else {
    if (c < 0x10000) {
      out->push_back(static_cast<char>(0xE0 | c >> 12));
    } else {
      out->push_back(static_cast<char>(0xF0 | c >> 18));
      out->push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    }
    out->push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
  }
  out->push_back(static_cast<char>(0x80 | (c & 0x3F)));
}

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  size_t at = 0;
  char32_t ignored;
  while (at < text.size()) {
    const size_t run = AsciiRun(text, at);
    at += run;
    count += run;
    if (at == text.size()) break;
    DecodeUtf8(text, &at, &ignored);
    ++count;
  }
  return count;
}

void BytesToCodePoints(std::string_view text, std::vector<uint64_t>* offsets) {
  size_t next = 0;
  uint64_t total = 0;
  Walk(text, [&](size_t byte, uint64_t count) {
    while (next < offsets->size() && (*offsets)[next] == byte) (*offsets)[next++] = count;
    total = count + 1;
    return next < offsets->size();
  });
  while (next < offsets->size()) (*offsets)[next++] = total;
}

void CodePointsToBytes(std::string_view text, std::vector<uint64_t>* offsets) {
  size_t next = 0;
  Walk(text, [&](size_t byte, uint64_t count) {
    while (next < offsets->size() && (*offsets)[next] == count) (*offsets)[next++] = byte;
    return next < offsets->size();
  });
  while (next < offsets->size()) (*offsets)[next++] = text.size();
}

}  // namespace refrain
