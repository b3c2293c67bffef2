#include <cstddef>
#include <cstring>
#include <iterator>

#include "refrain/base/utf8.h"
#include "refrain/io/charset_internal.h"

namespace refrain::charset {
namespace {

constexpr uint16_t kSingleByte[][128] = {
#include "refrain/io/charset_single_byte.inc"
};
static_assert(std::size(kSingleByte) == static_cast<size_t>(Charset::kMacCyrillic) + 1);

constexpr std::string_view kReplacementText = "\xEF\xBF\xBD";

/// Appends the ASCII bytes that begin at `at` and returns where they end.
size_t CopyAscii(std::string_view bytes, size_t at, std::string* text) {
  size_t end = at;
  while (bytes.size() - end >= 8) {
    uint64_t eight;
    std::memcpy(&eight, bytes.data() + end, 8);
    if (eight & 0x8080808080808080u) break;
    end += 8;
  }
  while (end < bytes.size() && static_cast<unsigned char>(bytes[end]) < 0x80) ++end;
  text->append(bytes.substr(at, end - at));
  return end;
}

void Note(size_t text, size_t byte, DecodedPlaces* places) {
  if (places != nullptr) places->Note(text, byte);
}

uint64_t DecodeSingleByte(const uint16_t* table, std::string_view bytes, std::string* text,
                          DecodedPlaces* places) {
  uint64_t replaced = 0;
  for (size_t i = 0; (i = CopyAscii(bytes, i, text)) < bytes.size(); ++i) {
    const char32_t c = table[static_cast<unsigned char>(bytes[i]) - 0x80];
    if (c == 0) ++replaced;
    Note(text->size(), i, places);
    AppendUtf8(c == 0 ? U'\uFFFD' : c, text);
    Note(text->size(), i + 1, places);
  }
  return replaced;
}

/// How many bytes at `at` belong together: a character (`*valid`), or the longest begin of one.
size_t SequenceAt(std::string_view bytes, size_t at, bool* valid) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  *valid = lead < 0x80;
  size_t size = lead >= 0xC2 && lead < 0xE0   ? 2
                : lead >= 0xE0 && lead < 0xF0 ? 3
                : lead >= 0xF0 && lead < 0xF5 ? 4
                                              : 1;
  // The second byte has a narrower range behind some leads: no overlong forms, no surrogates, nothing too
  // large.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (size_t i = 1; i < size; ++i) {
    if (at + i >= bytes.size()) return i;
    const auto c = static_cast<unsigned char>(bytes[at + i]);
    if (c < (i == 1 ? low : 0x80u) || c > (i == 1 ? high : 0xBFu)) return i;
  }
  if (size > 1) *valid = true;
  return size;
}

uint64_t DecodeUtf8Text(std::string_view bytes, std::string* text, DecodedPlaces* places) {
  if (IsValidUtf8(bytes)) {
    text->append(bytes);
    return 0;
  }
  uint64_t replaced = 0;
  for (size_t i = 0; (i = CopyAscii(bytes, i, text)) < bytes.size();) {
    bool valid = false;
    const size_t size = SequenceAt(bytes, i, &valid);
    Note(text->size(), i, places);
    text->append(valid ? bytes.substr(i, size) : kReplacementText);
    if (!valid) ++replaced;
    i += size;
    Note(text->size(), i, places);
  }
  return replaced;
}

uint64_t DecodeUtf16(std::string_view bytes, bool big_endian, std::string* text, DecodedPlaces* places) {
  auto unit = [&](size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? first << 8 | second : second << 8 | first);
  };
  uint64_t replaced = 0;
  size_t i = 0;
  for (; i + 2 <= bytes.size(); i += 2) {
    char32_t c = unit(i);
    Note(text->size(), i, places);
    if (c >= 0xD800 && c < 0xE000) {
      const char32_t low = c < 0xDC00 && i + 4 <= bytes.size() ? unit(i + 2) : 0;
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      } else {
        c = 0xFFFD;
        ++replaced;
        // Half a pair and half a unit at the end are one damage.
        if (i + 3 == bytes.size() && unit(i) < 0xDC00) i += 1;
      }
    }
    AppendUtf8(c, text);
  }
  if (i < bytes.size()) {
    Note(text->size(), i, places);
    text->append(kReplacementText);
    ++replaced;
  }
  Note(text->size(), bytes.size(), places);
  return replaced;
}

}  // namespace

uint64_t Decode(Charset charset, std::string_view bytes, std::string* text, DecodedPlaces* places) {
  switch (charset) {
    case Charset::kUtf8:
      return DecodeUtf8Text(bytes, text, places);
    case Charset::kUtf16Le:
    case Charset::kUtf16Be:
      return DecodeUtf16(bytes, charset == Charset::kUtf16Be, text, places);
    case Charset::kGbk:
    case Charset::kGb18030:
    case Charset::kBig5:
    case Charset::kEucJp:
    case Charset::kIso2022Jp:
    case Charset::kShiftJis:
    case Charset::kEucKr:
      return DecodeEastAsian(charset, bytes, text, places);
    case Charset::kUserDefined:
      for (size_t i = 0; (i = CopyAscii(bytes, i, text)) < bytes.size(); ++i) {
        Note(text->size(), i, places);
        AppendUtf8(0xF700u + static_cast<unsigned char>(bytes[i]), text);
        Note(text->size(), i + 1, places);
      }
      return 0;
    case Charset::kReplacement:
    case Charset::kNone:
      if (!bytes.empty()) text->append(kReplacementText);
      Note(0, 0, places);
      Note(text->size(), bytes.size(), places);
      return bytes.empty() ? 0 : 1;
    case Charset::kIso8859_8I:  // differs in the direction of lines only
      return DecodeSingleByte(kSingleByte[static_cast<size_t>(Charset::kIso8859_8)], bytes, text, places);
    default:
      return DecodeSingleByte(kSingleByte[static_cast<size_t>(charset)], bytes, text, places);
  }
}

}  // namespace refrain::charset
