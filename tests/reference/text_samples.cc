#include "tests/reference/text_samples.h"

#include <iterator>

#include "refrain/base/utf8.h"

namespace refrain::reference {
namespace {

struct Range {
  char32_t first, last;
};

// Scripts with something special, by block.
constexpr Range kScripts[] = {
    {'a', 'z'},         {'A', 'Z'},         {'0', '9'},         {0xC0, 0x17F},    {0x1E00, 0x1EFF},
    {0x370, 0x3FF},     {0x1F00, 0x1FFF},   {0x400, 0x4FF},     {0x10A0, 0x10FF}, {0x13A0, 0x13FF},
    {0x1C90, 0x1CBF},   {0xAB70, 0xABBF},   {0x5D0, 0x5EA},     {0x620, 0x669},   {0xFB00, 0xFB4F},
    {0xFE70, 0xFEFC},   {0x900, 0x97F},     {0xB80, 0xBFF},     {0xE01, 0xE5B},   {0xE80, 0xEDF},
    {0x1000, 0x109F},   {0x1780, 0x17F9},   {0x3041, 0x30FF},   {0xFF10, 0xFFDC}, {0x4E00, 0x4E80},
    {0xF900, 0xFA60},   {0x2F00, 0x2FD5},   {0x20000, 0x20040}, {0xAC00, 0xAC80}, {0x1100, 0x11FF},
    {0x3131, 0x318E},   {0x2070, 0x209C},   {0x2150, 0x218B},   {0x2460, 0x24FF}, {0x3200, 0x33FF},
    {0x1D400, 0x1D7FF}, {0x10400, 0x1044F}, {0xF40, 0xFBC},     {0x9BC, 0x9D7},
};

constexpr Range kMarks[] = {{0x300, 0x36F}, {0x300, 0x345}, {0x3099, 0x309A}, {0xFF9E, 0xFF9F},
                            {0x64B, 0x655}, {0x591, 0x5BD}, {0x20D0, 0x20F0}, {0x302A, 0x302F}};

constexpr char32_t kInvisible[] = {0xAD,   0x200C,  0x200D, 0x2060, 0xFEFF,
                                   0xFE0F, 0xE0100, 0x34F,  0x200E, 0x180B};

constexpr char32_t kSeparators[] = {' ',    ' ',  '\n',   '.',    '\'',   '-',    '_',    '=',    '<',
                                    0,      0xA0, 0x2019, 0x201C, 0x2014, 0x200B, 0x3000, 0x3001, 0x1F600,
                                    0x2028, 0x85, 0x30FB, 0x2260, 0x338,  0xA8,   0x0E3F, 0x2190};

constexpr const char* kBroken[] = {"\x80",
                                   "\xBF\xBF",
                                   "\xC0\xAF",
                                   "\xC3",
                                   "\xE2\x80",
                                   "\xED\xA0\x80",
                                   "\xFF",
                                   "\xF0\x9F",
                                   "\xFE",
                                   "\xF4\x90\x80\x80",
                                   "\xF0\x80\x80\x80",
                                   "\xE0\x80\x80",
                                   "\xE2",
                                   "\xF0\x9F\x98"};

}  // namespace

std::string SampleText(std::mt19937_64* random, const SampleOptions& options) {
  const auto below = [&](size_t n) { return static_cast<size_t>((*random)() % n); };
  const auto from = [&](const Range& range) {
    return static_cast<char32_t>(range.first + below(range.last - range.first + 1));
  };
  std::string text;
  for (int i = 0; i < options.pieces; ++i) {
    switch (below(12)) {
      case 0:
      case 1:
      case 2: {
        const Range& script = kScripts[below(std::size(kScripts))];
        for (size_t n = below(below(20) == 0 ? 60 : 9) + 1; n > 0; --n) AppendUtf8(from(script), &text);
        break;
      }
      case 3:
      case 4:
        for (size_t n = below(below(20) == 0 ? 60 : 12) + 1; n > 0; --n)
          AppendUtf8(from(kScripts[below(3)]), &text);
        break;
      case 5:
        AppendUtf8(from(kScripts[below(std::size(kScripts))]), &text);
        for (size_t n = below(4); n > 0; --n) AppendUtf8(from(kMarks[below(std::size(kMarks))]), &text);
        break;
      case 6:
        AppendUtf8(kInvisible[below(std::size(kInvisible))], &text);
        break;
      case 7:
        if (options.invalid && below(3) == 0) text += kBroken[below(std::size(kBroken))];
        break;
      case 8:
        if (options.unassigned) {
          const char32_t c = static_cast<char32_t>(below(below(2) == 0 ? 0x110000 : 0x3400));
          if (c < 0xD800 || c > 0xDFFF) AppendUtf8(c, &text);
        }
        break;
      default:
        AppendUtf8(kSeparators[below(std::size(kSeparators))], &text);
    }
  }
  return text;
}

std::string SampleAscii(std::mt19937_64* random, size_t bytes) {
  std::string text;
  while (text.size() < bytes) {
    const uint64_t r = (*random)();
    const size_t length = 1 + r % 11 + (r >> 8 & 0x3F ? 0 : 20);
    for (size_t i = 0; i < length; ++i) {
      const uint64_t c = (*random)();
      text += static_cast<char>(c % 40 == 0 ? '0' + c / 40 % 10 : (c % 9 == 0 ? 'A' : 'a') + c / 360 % 26);
    }
    text += " \n,.;-'\"()[]{}@`/:~\x7f"[r >> 20 & 0xF];
  }
  text.resize(bytes);
  return text;
}

}  // namespace refrain::reference
