#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <string_view>

#include "refrain/io/html_references_internal.h"

namespace refrain::html {
namespace {

struct Entity {
  char name[32];
  char text[7];
  bool legacy;
};

constexpr Entity kEntities[] = {
#include "refrain/io/html_entities.inc"
};

constexpr size_t kLongestName = 31;
constexpr size_t kLongestLegacyName = 6;
constexpr size_t kShortestLegacyName = 2;

/// kFirst[c]: the first row whose name begins with a byte of at least c.
constexpr auto kFirst = [] {
  std::array<uint16_t, 129> first{};
  size_t row = 0;
  for (size_t c = 0; c < first.size(); ++c) {
    while (row < std::size(kEntities) && static_cast<size_t>(kEntities[row].name[0]) < c) ++row;
    first[c] = static_cast<uint16_t>(row);
  }
  return first;
}();

/// What the numbers 0x80 to 0x9F mean: windows-1252, its five holes as they are.
constexpr uint16_t kWindows1252[32] = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                       0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                       0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                       0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

bool IsAlnum(char c) {
  const char folded = static_cast<char>(c | 0x20);
  return (c >= '0' && c <= '9') || (folded >= 'a' && folded <= 'z');
}

const Entity* Find(std::string_view name) {
  const auto c = static_cast<unsigned char>(name[0]);
  const Entity* first = kEntities + kFirst[c];
  const Entity* last = kEntities + kFirst[c + 1];
  const Entity* found = std::lower_bound(
      first, last, name, [](const Entity& row, std::string_view key) { return row.name < key; });
  return found != last && found->name == name ? found : nullptr;
}

void Encode(uint32_t c, Reference* out) {
  auto put = [out](uint32_t byte) { out->bytes[out->size++] = static_cast<char>(byte); };
  out->size = 0;
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

bool DecodeNumber(const char* begin, const char* end, Reference* out) {
  const char* p = begin + 2;
  const bool hex = p < end && (*p | 0x20) == 'x';
  if (hex) ++p;
  const char* digits = p;
  uint32_t value = 0;
  for (; p < end; ++p) {
    const char folded = static_cast<char>(*p | 0x20);
    uint32_t digit = 0;
    if (*p >= '0' && *p <= '9') {
      digit = static_cast<uint32_t>(*p - '0');
    } else if (hex && folded >= 'a' && folded <= 'f') {
      digit = static_cast<uint32_t>(folded - 'a') + 10;
    } else {
      break;
    }
    value = std::min<uint32_t>(value * (hex ? 16 : 10) + digit, 0x110000);
  }
  if (p == digits) return false;
  if (p < end && *p == ';') ++p;
  if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
    value = 0xFFFD;
  } else if (value >= 0x80 && value <= 0x9F) {
    value = kWindows1252[value - 0x80];
  }
  Encode(value, out);
  out->consumed = static_cast<uint32_t>(p - begin);
  return true;
}

}  // namespace

bool DecodeReference(const char* begin, const char* end, Reference* out) {
  if (end - begin < 2) return false;
  if (begin[1] == '#') return DecodeNumber(begin, end, out);
  const char* name = begin + 1;
  const size_t longest = std::min<size_t>(static_cast<size_t>(end - name), kLongestName + 1);
  size_t size = 0;
  while (size < longest && IsAlnum(name[size])) ++size;
  if (size < kShortestLegacyName) return false;

  const Entity* found = nullptr;
  size_t used = size;
  if (size <= kLongestName && name + size < end && name[size] == ';') {
    found = Find({name, size});
    used = size + 1;
  }
  // "&notit;" is "&not" and "it;": the longest name that may stand alone wins.
  for (size_t n = std::min(size, kLongestLegacyName); found == nullptr && n >= kShortestLegacyName; --n) {
    found = Find({name, n});
    if (found != nullptr && !found->legacy) found = nullptr;
    used = n;
  }
  if (found == nullptr) return false;
  out->size = static_cast<uint8_t>(std::strlen(found->text));
  std::memcpy(out->bytes, found->text, out->size);
  out->consumed = static_cast<uint32_t>(used + 1);
  return true;
}

}  // namespace refrain::html
