#include "refrain/base/utf8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace refrain {
namespace {

using ::testing::ElementsAre;

TEST(ToValidUtf8, ReplacesWhatIsNoneAndKeepsTheRest) {
  EXPECT_EQ(ToValidUtf8("na\u00efve \u6f22"), "na\u00efve \u6f22");
  EXPECT_EQ(ToValidUtf8("caf\xe9."), "caf\uFFFD.");
  EXPECT_EQ(ToValidUtf8("\xc0\x80\xff"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(ToValidUtf8(""), "");
}

TEST(Utf8, DecodesWhatItEncodes) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string bytes;
    AppendUtf8(c, &bytes);
    size_t at = 0;
    char32_t decoded = 0;
    ASSERT_TRUE(DecodeUtf8(bytes, &at, &decoded)) << std::hex << static_cast<unsigned>(c);
    ASSERT_EQ(decoded, c);
    ASSERT_EQ(at, bytes.size());
    ASSERT_TRUE(IsValidUtf8(bytes));
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsBeyondUnicode) {
  for (const std::string_view bytes :
       {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\x80", "\xBF",
        "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3z", "\xE2\x82z", "\xF0\x9F\x98z"}) {
    size_t at = 0;
    char32_t decoded = 0;
    EXPECT_FALSE(DecodeUtf8(bytes, &at, &decoded));
    EXPECT_EQ(at, 1u) << "one byte at a time";
    EXPECT_FALSE(IsValidUtf8(bytes));
    EXPECT_FALSE(IsValidUtf8("valid to here, " + std::string(bytes)));
  }
}

TEST(Utf8, DecodesExactlyTheValidSequencesOfFourBytes) {
  // All second bytes, and third and fourth at their limits, against the table of well-formed sequences
  // (Unicode 3.9).
  const auto in = [](unsigned byte, unsigned low, unsigned high) { return byte >= low && byte <= high; };
  for (unsigned a = 0x80; a < 0x100; ++a) {
    for (unsigned b = 0; b < 0x100; ++b) {
      for (const unsigned c : {0x00u, 0x7Fu, 0x80u, 0xBFu, 0xC0u, 0xFFu}) {
        for (const unsigned d : {0x00u, 0x7Fu, 0x80u, 0xBFu, 0xC0u, 0xFFu}) {
          const bool tails = in(c, 0x80, 0xBF);
          const size_t length = in(a, 0xC2, 0xDF) && in(b, 0x80, 0xBF)                                 ? 2
                                : a == 0xE0 && in(b, 0xA0, 0xBF) && tails                              ? 3
                                : a == 0xED && in(b, 0x80, 0x9F) && tails                              ? 3
                                : in(a, 0xE1, 0xEF) && a != 0xED && in(b, 0x80, 0xBF) && tails         ? 3
                                : a == 0xF0 && in(b, 0x90, 0xBF) && tails && in(d, 0x80, 0xBF)         ? 4
                                : in(a, 0xF1, 0xF3) && in(b, 0x80, 0xBF) && tails && in(d, 0x80, 0xBF) ? 4
                                : a == 0xF4 && in(b, 0x80, 0x8F) && tails && in(d, 0x80, 0xBF)         ? 4
                                                                                                       : 0;
          const std::string bytes = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c),
                                     static_cast<char>(d)};
          size_t at = 0;
          char32_t decoded = 0;
          ASSERT_EQ(DecodeUtf8(bytes, &at, &decoded), length != 0) << a << " " << b << " " << c << " " << d;
          ASSERT_EQ(at, length == 0 ? 1 : length);
        }
      }
    }
  }
}

TEST(Utf8, TurnsByteOffsetsIntoCodePointOffsetsAndBack) {
  const std::string text = "aé漢😀z";
  std::vector<uint64_t> offsets = {0, 0, 1, 3, 6, 10, 11, 11};
  BytesToCodePoints(text, &offsets);
  EXPECT_THAT(offsets, ElementsAre(0, 0, 1, 2, 3, 4, 5, 5));
  CodePointsToBytes(text, &offsets);
  EXPECT_THAT(offsets, ElementsAre(0, 0, 1, 3, 6, 10, 11, 11));
  offsets = {7};
  CodePointsToBytes(text, &offsets);
  EXPECT_THAT(offsets, ElementsAre(11));
  EXPECT_EQ(CountCodePoints(text), 5u);
  EXPECT_EQ(CountCodePoints(""), 0u);
}

TEST(Utf8, CountsABadByteAsOneCodePoint) {
  EXPECT_EQ(CountCodePoints("\xE2\x82z"), 3u);
  std::vector<uint64_t> offsets = {1, 2, 3};
  BytesToCodePoints("\xE2\x82z", &offsets);
  EXPECT_THAT(offsets, ElementsAre(1, 2, 3));
}

TEST(Utf8, ConvertsOffsetsOfAnyBytesThereAndBack) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 60, '\0');
    for (char& c : text) c = "a\x80\xC3\xA9\xE2\xBF\xF0\x9F"[random() % 8];
    std::vector<uint64_t> begins;
    for (size_t at = 0; at < text.size();) {
      begins.push_back(at);
      char32_t ignored;
      DecodeUtf8(text, &at, &ignored);
    }
    EXPECT_EQ(CountCodePoints(text), begins.size());
    std::vector<uint64_t> offsets = begins;
    BytesToCodePoints(text, &offsets);
    for (size_t i = 0; i < offsets.size(); ++i) EXPECT_EQ(offsets[i], i);
    CodePointsToBytes(text, &offsets);
    EXPECT_EQ(offsets, begins);
  }
}

}  // namespace
}  // namespace refrain
