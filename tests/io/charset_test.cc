#include "refrain/io/charset.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "refrain/base/utf8.h"
#include "refrain/io/charset_internal.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using charset::Charset;

struct Label {
  const char* label;
  Charset charset;
};

constexpr Label kLabels[] = {
#include "refrain/io/charset_labels.inc"
};

std::string DecodeAs(const std::string& label, std::string_view bytes, uint64_t* replaced = nullptr) {
  const Decoded decoded = DecodeText(bytes, label);
  EXPECT_EQ(decoded.seen_from, "header") << label;
  if (replaced != nullptr) *replaced = decoded.replaced;
  return decoded.text;
}

// Each character of the text is what its bytes decode to by themselves, and no byte belongs to two.
void ExpectPlaces(Charset charset, const std::string& bytes) {
  DecodedPlaces places;
  std::string text;
  charset::Decode(charset, bytes, &text, &places);
  std::string without;
  charset::Decode(charset, bytes, &without);
  ASSERT_EQ(text, without);
  uint32_t reached = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    char32_t c = 0;
    ASSERT_TRUE(DecodeUtf8(text, &at, &c));
    const uint32_t begin = places.BeginOf(static_cast<uint32_t>(from));
    const uint32_t end = places.EndOf(static_cast<uint32_t>(at));
    ASSERT_GE(begin, reached);
    ASSERT_LE(begin, end);
    ASSERT_LE(end, bytes.size());
    reached = end;
    // ISO-2022-JP reads bytes as the escapes before them say; two characters of Big5 share two bytes.
    if (charset == Charset::kIso2022Jp ||
        (charset == Charset::kBig5 && (c == 0xCA || c == 0xEA || c == 0x304 || c == 0x30C)))
      continue;
    std::string again;
    charset::Decode(charset, bytes.substr(begin, end - begin), &again);
    ASSERT_EQ(again, text.substr(from, at - from)) << charset::NameOf(charset);
  }
}

TEST(DecodedPlaces, NameTheBytesOfEachCharacter) {
  reference::Random random(4);
  for (int i = 0; i < static_cast<int>(Charset::kNone); ++i) {
    for (int round = 0; round < 200; ++round) {
      std::string bytes;
      for (size_t size = random.Below(40); size > 0; --size) {
        const bool ascii = random.Below(3) == 0;
        bytes += static_cast<char>(ascii ? 0x20 + random.Below(0x60) : random.Below(256));
      }
      ExpectPlaces(static_cast<Charset>(i), bytes);
      if (HasFailure()) return;
    }
  }
  for (const std::string bytes : {"caf\xC3\xA9", "\xE4\xB8\xAD\xE6", "a\xF0\x9F\x98\x80z"})
    ExpectPlaces(Charset::kUtf8, bytes);
}

TEST(DecodedPlaces, LeaveEscapesToNeitherSide) {
  const std::string bytes = "a\x1B$BF|\x1B(Bz";
  DecodedPlaces places;
  const Decoded decoded = DecodeHtml(bytes, "iso-2022-jp", &places);
  ASSERT_EQ(decoded.text, "a\u65E5z");
  EXPECT_EQ(places.EndOf(1), 1u);
  EXPECT_EQ(places.BeginOf(1), 4u);
  EXPECT_EQ(places.EndOf(4), 6u);
  EXPECT_EQ(places.BeginOf(4), 9u);
}

TEST(DecodedPlaces, CountFromTheByteOrderMark) {
  for (const std::string& bytes : {std::string("\xEF\xBB\xBF"
                                               "ab"),
                                   std::string("\xFF\xFE"
                                               "a\0b\0",
                                               6)}) {
    DecodedPlaces places;
    ASSERT_EQ(DecodeHtml(bytes, "", &places).text, "ab");
    EXPECT_EQ(places.EndOf(2), bytes.size());
    EXPECT_EQ(places.BeginOf(0), bytes.size() == 5 ? 3u : 2u);
    EXPECT_EQ(places.EndOf(1), places.BeginOf(1));
  }
}

TEST(Charset, EachFamilyDecodesItsOwnWords) {
  struct Case {
    const char* label;
    const char* bytes;
    const char* text;
  };
  const Case cases[] = {
      {"utf-8", "caf\xC3\xA9", "café"},
      {"windows-1252",
       "\x80 \x93"
       "caf\xE9\x94 \x99",
       "€ “café” ™"},
      {"windows-1250", "\xB9\xE6\xEA \x8A", "ąćę Š"},
      {"windows-1251", "\xEF\xF0\xE8\xE2\xE5\xF2 \xB9", "привет №"},
      {"windows-1253", "\xE3\xE5\xE9\xE1", "γεια"},
      {"windows-1254", "\xFE\xF0\xFD", "şğı"},
      {"windows-1255", "\xF9\xEC\xE5\xED", "שלום"},
      {"windows-1256", "\xE3\xD1\xCD\xC8\xC7", "مرحبا"},
      {"windows-1257", "\xF0\xE0\xE8", "šąč"},
      {"windows-1258", "\xD5\xFE", "Ơ₫"},
      {"windows-874", "\xCA\xC7\xD1\xCA\xB4\xD5", "สวัสดี"},
      {"iso-8859-2", "\xB1\xE6\xEA", "ąćę"},
      {"iso-8859-3", "\xF8\xFE", "ĝŝ"},
      {"iso-8859-4", "\xE0\xB9", "āš"},
      {"iso-8859-5", "\xDF\xE0\xD8\xD2\xD5\xE2", "привет"},
      {"iso-8859-6", "\xE5\xD1\xCD\xC8\xC7", "مرحبا"},
      {"iso-8859-7", "\xE3\xE5\xE9\xE1 \xA4", "γεια €"},
      {"iso-8859-8", "\xF9\xEC\xE5\xED", "שלום"},
      {"iso-8859-8-i", "\xF9\xEC\xE5\xED", "שלום"},
      {"iso-8859-10", "\xE0\xBD", "ā―"},
      {"iso-8859-13", "\xF0\xE0", "šą"},
      {"iso-8859-14", "\xD0\xF0", "Ŵŵ"},
      {"iso-8859-15", "\xA4\xBD", "€œ"},
      {"iso-8859-16", "\xAA\xBA", "Șș"},
      {"koi8-r", "\xD0\xD2\xC9\xD7\xC5\xD4", "привет"},
      {"koi8-u", "\xA4\xAE", "єў"},
      {"ibm866", "\xAF\xE0\xA8\xA2\xA5\xE2", "привет"},
      {"macintosh", "caf\x8E \xDB", "café €"},
      {"x-mac-cyrillic", "\xEF\xF0\xE8\xE2\xE5\xF2", "привет"},
      {"shift_jis", "\x93\xFA\x96\x7B\x8C\xEA \xB1 \x87\x40 \x81\x60", "日本語 ｱ ① ～"},
      {"euc-jp", "\xC6\xFC\xCB\xDC\xB8\xEC \x8E\xB1 \x8F\xB0\xA1", "日本語 ｱ 丂"},
      {"iso-2022-jp", "a \x1B$BF|K\\8l\x1B(B b \x1B(J\\\x1B(I1\x1B(B", "a 日本語 b ¥ｱ"},
      {"gbk", "\xC4\xE3\xBA\xC3 \x80", "你好 €"},
      {"gb18030", "\xC4\xE3\xBA\xC3 \x94\x39\xDA\x33 \x81\x30\x81\x30", "你好 💩 \u0080"},
      {"big5", "\xA7\x41\xA6\x6E \x88\x62", "你好 \u00CA\u0304"},
      {"euc-kr", "\xC7\xD1\xB1\xDB \x8C\x63", "한글 똠"},
      {"x-user-defined", "a\x80\xFF", "a\uF780\uF7FF"},
  };
  for (const Case& c : cases) {
    uint64_t replaced = 0;
    EXPECT_EQ(DecodeAs(c.label, c.bytes, &replaced), c.text) << c.label;
    EXPECT_EQ(replaced, 0u) << c.label;
    EXPECT_EQ(DecodeText(c.bytes, c.label).charset, c.label);
  }
}

TEST(Charset, AsciiIsAsciiInEveryEncodingButUtf16) {
  std::string ascii = "<p>";
  for (char c = 0x20; c < 0x7F; ++c) ascii += c;
  for (int i = 0; i < static_cast<int>(Charset::kReplacement); ++i) {
    const auto charset = static_cast<Charset>(i);
    if (charset == Charset::kUtf16Le || charset == Charset::kUtf16Be) continue;
    std::string text;
    EXPECT_EQ(charset::Decode(charset, ascii, &text), 0u);
    EXPECT_EQ(text, ascii) << charset::NameOf(charset);
  }
}

TEST(Charset, LabelsMeanWhatBrowsersTakeThemFor) {
  EXPECT_EQ(std::size(kLabels), 228u);
  for (const Label& label : kLabels)
    EXPECT_EQ(charset::FindCharset(label.label), label.charset) << label.label;
  const std::pair<const char*, const char*> pairs[] = {
      {"ISO-8859-1", "windows-1252"},
      {"us-ascii", "windows-1252"},
      {"Latin1", "windows-1252"},
      {"iso-8859-9", "windows-1254"},
      {"tis-620", "windows-874"},
      {"iso-8859-11", "windows-874"},
      {"gb2312", "gbk"},
      {"GB_2312-80", "gbk"},
      {"ks_c_5601-1987", "euc-kr"},
      {"windows-31j", "shift_jis"},
      {"x-sjis", "shift_jis"},
      {"UTF8", "utf-8"},
      {"utf-16", "utf-16le"},
      {"hz-gb-2312", "replacement"},
      {" \t\"KOI8-RU\" ", "koi8-u"},
  };
  for (const auto& [label, name] : pairs)
    EXPECT_EQ(charset::NameOf(charset::FindCharset(label)), name) << label;
}

TEST(Charset, EveryEncodingIsFoundByItsName) {
  std::set<std::string_view> names;
  for (int i = 0; i < static_cast<int>(Charset::kNone); ++i) {
    const auto charset = static_cast<Charset>(i);
    EXPECT_EQ(charset::FindCharset(charset::NameOf(charset)), charset);
    names.insert(charset::NameOf(charset));
  }
  EXPECT_EQ(names.size(), 40u);
}

TEST(Charset, UnknownLabelsAreNone) {
  for (const char* label : {"", " ", "utf-7", "utf-32", "latin", "windows-1252;", "none"}) {
    EXPECT_EQ(charset::FindCharset(label), Charset::kNone) << label;
  }
  EXPECT_EQ(charset::FindCharset(std::string(1 << 20, 'x')), Charset::kNone);
}

TEST(Charset, OrderOfWhatIsBelieved) {
  const std::string meta = "<meta charset=koi8-r>";
  const Decoded bom = DecodeHtml("\xEF\xBB\xBF" + meta + "\xC3\xA9", "windows-1251");
  EXPECT_EQ(bom.seen_from, "bom");
  EXPECT_EQ(bom.charset, "utf-8");
  EXPECT_EQ(bom.text, meta + "é") << "the mark is no text";

  const Decoded header = DecodeHtml(meta + "\xE9", "windows-1251");
  EXPECT_EQ(header.seen_from, "header");
  EXPECT_EQ(header.text, meta + "й");

  const Decoded from_meta = DecodeHtml(meta + "\xD0", "");
  EXPECT_EQ(from_meta.seen_from, "meta");
  EXPECT_EQ(from_meta.text, meta + "п");
  EXPECT_EQ(DecodeHtml(meta + "\xD0", "no-such-charset").seen_from, "meta");
  EXPECT_EQ(DecodeText(meta + "\xC3\xA9", "").seen_from, "utf-8") << "plain text has no meta";

  const Decoded valid = DecodeHtml("<p>\xC3\xA9", "");
  EXPECT_EQ(valid.seen_from, "utf-8");
  EXPECT_EQ(valid.text, "<p>é");

  const Decoded fallback = DecodeText("\xE9", "");
  EXPECT_TRUE(fallback.seen_from == "guess" || fallback.seen_from == "default");
  EXPECT_EQ(DecodeText("", "").charset, "utf-8");
}

TEST(Charset, ByteOrderMarksOfUtf16) {
  EXPECT_EQ(DecodeText(std::string("\xFF\xFE"
                                   "a\0\xE9\0",
                                   6),
                       "")
                .text,
            "aé");
  EXPECT_EQ(DecodeText(std::string("\xFE\xFF\0a\xD8\x3D\xDE\x00", 8), "utf-8").text, "a\U0001F600");
  EXPECT_EQ(DecodeText(std::string("\xFE\xFF\0a", 4), "").charset, "utf-16be");
}

TEST(Charset, RussianAndJapaneseAreGuessed) {
  std::string russian;
  std::string japanese;
  for (int i = 0; i < 20; ++i) {
    russian +=
        "\xD1\xFA\xE5\xF8\xFC \xE6\xE5 \xE5\xF9\xB8 \xFD\xF2\xE8\xF5 \xEC\xFF\xE3\xEA\xE8\xF5 "
        "\xF4\xF0\xE0\xED\xF6\xF3\xE7\xF1\xEA\xE8\xF5 \xE1\xF3\xEB\xEE\xEA. ";
    japanese +=
        "\x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\x82\xCC\x95\xB6\x8F\xCD\x82\xC5\x82\xB7\x81\x42";
  }
  EXPECT_EQ(DecodeText(russian, "").charset, "windows-1251");
  EXPECT_EQ(DecodeText(japanese, "").charset, "shift_jis");
  EXPECT_EQ(DecodeText(japanese, "").seen_from, "guess");
  EXPECT_EQ(DecodeText(std::string(100000, ' ') + russian, "").charset, "windows-1251")
      << "behind a long head";
  EXPECT_EQ(DecodeText("\x1B$BF|K\\8l\x1B(B", "").charset, "iso-2022-jp") << "seven bits are valid UTF-8 too";
}

TEST(Charset, Utf8WithAFewBadBytesIsStillUtf8) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "déjà vu, naïveté. ";
  const Decoded cut = DecodeText(text + "\xC3", "");
  EXPECT_EQ(cut.charset, "utf-8");
  EXPECT_EQ(cut.seen_from, "guess");
  EXPECT_EQ(cut.text, text + "\uFFFD");
  EXPECT_EQ(cut.replaced, 1u);
}

TEST(Charset, DamagedUtf8IsReplacedByLongestBegins) {
  const std::pair<const char*, uint64_t> cases[] = {{"\xE2\x82x", 1},
                                                    {"\xF0\x9F\x98x", 1},
                                                    {"\xED\xA0\x80", 3},
                                                    {"\xF0\x80\x80\x80", 4},
                                                    {"\xC0\xAF", 2},
                                                    {"\xF4\x90\x80\x80", 4},
                                                    {"\xFF", 1},
                                                    {"\x80\x80", 2},
                                                    {"\xE2\x82\xE2\x82\xAC", 1}};
  for (const auto& [bytes, bad] : cases) {
    uint64_t replaced = 0;
    const std::string text = DecodeAs("utf-8", bytes, &replaced);
    EXPECT_EQ(replaced, bad);
    EXPECT_TRUE(IsValidUtf8(text));
  }
  EXPECT_EQ(DecodeAs("utf-8", "a\xE2\x82\xE2\x82\xAC"), "a\uFFFD€");
}

TEST(Charset, DamagedCharactersDoNotSwallowMarkup) {
  for (const char* label : {"shift_jis", "gbk", "gb18030", "big5", "euc-kr", "euc-jp"}) {
    uint64_t replaced = 0;
    EXPECT_EQ(DecodeAs(label, "\xE1<b>", &replaced), "\uFFFD<b>") << label;
    EXPECT_EQ(replaced, 1u);
    EXPECT_EQ(DecodeAs(label, "a\xE1", &replaced), "a\uFFFD") << label;
    EXPECT_EQ(replaced, 1u);
  }
  EXPECT_EQ(DecodeAs("gb18030", "\x81\x30<b>"),
            "\uFFFD"
            "0<b>");
  EXPECT_EQ(DecodeAs("euc-jp", "\x8F\xB0<b>"), "\uFFFD<b>");
  EXPECT_EQ(DecodeAs("iso-2022-jp", "\x1B$BF|\x1B(Ba"), "日a");
  EXPECT_EQ(DecodeAs("iso-2022-jp", "a\x1B<b>\xE9"), "a\uFFFD<b>\uFFFD");
}

TEST(Charset, LoneSurrogatesAreReplaced) {
  uint64_t replaced = 0;
  EXPECT_EQ(DecodeAs("utf-16be", std::string("\xD8\x3D\0a\xDE\0\0b\xD8\x3D", 10), &replaced),
            "\uFFFDa\uFFFD"
            "b\uFFFD");
  EXPECT_EQ(replaced, 3u);
  EXPECT_EQ(DecodeAs("utf-16le", std::string("a\0b", 3), &replaced), "a\uFFFD");
  EXPECT_EQ(replaced, 1u);
}

TEST(Charset, EncodingsNoBrowserReadsBecomeOneMark) {
  uint64_t replaced = 0;
  EXPECT_EQ(DecodeAs("hz-gb-2312", "~{VPND~}", &replaced), "\uFFFD");
  EXPECT_EQ(replaced, 1u);
  EXPECT_EQ(DecodeAs("iso-2022-kr", ""), "");
}

TEST(Charset, AGuessIsToldFromWhatIsKnown) {
  const std::string latin1 =
      "Die B\xFCrger h\xF6ren sch\xF6ne Lieder \xFC"
      "ber die Br\xFC"
      "cke, w\xE4hrend Schnee f\xE4llt.";
  EXPECT_TRUE(IsGuess(DecodeText(latin1, "")));
  EXPECT_FALSE(IsGuess(DecodeText(latin1, "latin1")));
  EXPECT_FALSE(IsGuess(DecodeHtml("<meta charset=latin1>" + latin1, "")));
  EXPECT_FALSE(
      IsGuess(DecodeText("\xEF\xBB\xBF"
                         "B\xC3\xBCrger",
                         "")));
  EXPECT_FALSE(IsGuess(DecodeText("B\xC3\xBCrger", "")));
  EXPECT_EQ(GuessCharset(latin1), "windows-1252");
  EXPECT_EQ(GuessCharset(std::string(100'000, 'a') + latin1), "windows-1252");
  EXPECT_EQ(GuessCharset("B\xC3\xBCrger \xC3\xBC"
                         "ber Br\xC3\xBC"
                         "cken und \xC3\xB6"
                         "fter \xC3\xA4hnlich\xFF"),
            "utf-8");
}

RC_GTEST_PROP(Charset, AnyBytesInAnyEncodingGiveValidUtf8, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (int i = 0; i <= static_cast<int>(Charset::kNone); ++i) {
    std::string text = "x";
    charset::Decode(static_cast<Charset>(i), bytes, &text);
    RC_ASSERT(IsValidUtf8(text));
    RC_ASSERT(text[0] == 'x');
  }
  RC_ASSERT(IsValidUtf8(DecodeHtml(bytes, "").text));
  RC_ASSERT(IsValidUtf8(DecodeText(bytes, "").text));
  RC_ASSERT(charset::FindCharset(GuessCharset(bytes)) != Charset::kNone);
}

RC_GTEST_PROP(Charset, ReplacedCountsTheMarks, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  for (const char* label :
       {"utf-8", "shift_jis", "gb18030", "big5", "euc-jp", "euc-kr", "iso-2022-jp", "windows-1253"}) {
    std::string text;
    const uint64_t replaced = charset::Decode(charset::FindCharset(label), bytes, &text);
    uint64_t marks = 0;
    for (size_t at = text.find("\uFFFD"); at != std::string::npos; at = text.find("\uFFFD", at + 3)) ++marks;
    // A page may hold U+FFFD itself, in UTF-8 and gb18030.
    RC_ASSERT(marks >= replaced);
  }
}

}  // namespace
}  // namespace refrain
