#include "refrain/io/json_string_internal.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "refrain/base/utf8.h"
#include "refrain/io/parse.h"

namespace refrain {
namespace {

std::string Unescaped(std::string_view literal) {
  std::string text;
  size_t bad = 0;
  EXPECT_TRUE(UnescapeJson(literal, &text, &bad)) << literal << " at " << bad;
  return text;
}

// A literal, its text, and for each code point where it begins in both.
struct Made {
  std::string literal = "\"";
  std::string text;
  std::vector<std::pair<uint32_t, uint32_t>> places;  // text, literal
};

// Spells code points in all the ways JSON has.
Made Spell(const std::vector<std::pair<int, int>>& choices) {
  constexpr std::string_view kSpelled[] = {"a",
                                           "\u00e4",
                                           "\u20ac",
                                           "\U0001f600",
                                           "\\n",
                                           "\\\"",
                                           "\\\\",
                                           "\\/",
                                           "\\u0041",
                                           "\\u00E4",
                                           "\\u20ac",
                                           "\\ud83d\\ude00",
                                           "\\u0000",
                                           "\\b",
                                           "abcdefghijklmnopqrstuvwxyz",
                                           "\\udBFF\\uDfff"};
  constexpr std::string_view kMeant[] = {"a",
                                         "\u00e4",
                                         "\u20ac",
                                         "\U0001f600",
                                         "\n",
                                         "\"",
                                         "\\",
                                         "/",
                                         "A",
                                         "\u00e4",
                                         "\u20ac",
                                         "\U0001f600",
                                         std::string_view("\0", 1),
                                         "\b",
                                         "abcdefghijklmnopqrstuvwxyz",
                                         "\U0010ffff"};
  Made made;
  for (const auto& [which, times] : choices) {
    for (int i = 0; i < times; ++i) {
      made.places.emplace_back(made.text.size(), made.literal.size());
      made.literal += kSpelled[which];
      made.text += kMeant[which];
    }
  }
  made.places.emplace_back(made.text.size(), made.literal.size());
  made.literal += '"';
  return made;
}

TEST(UnescapeJson, KnowsEveryEscape) {
  EXPECT_EQ(Unescaped(R"("")"), "");
  EXPECT_EQ(Unescaped(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(Unescaped(R"("\u0041\u00e4\u20AC\ud83d\ude00\uD800\uDC00\udbff\udfff")"),
            "A\u00e4\u20ac\U0001f600\U00010000\U0010ffff");
  EXPECT_EQ(Unescaped(R"("\u0000x")"), std::string("\0x", 2));
}

TEST(UnescapeJson, SaysWhereAnEscapeIsBad) {
  for (const char* literal : {R"("ab\x")", R"("ab\")", R"("ab\u12")", R"("ab\u12g4")", R"("ab\ud83d")",
                              R"("ab\ud83dx")", R"("ab\ud83d\n")", R"("ab\ud83d\u0041")", R"("ab\ude00")",
                              R"("ab\ud83d\ud83d")", R"("ab\ud83d\u")"}) {
    std::string text;
    size_t bad = 0;
    EXPECT_FALSE(UnescapeJson(literal, &text, &bad)) << literal;
    EXPECT_EQ(bad, 3u) << literal;
  }
}

RC_GTEST_PROP(LiteralMap, FindsEveryCodePoint, ()) {
  const auto choices = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(0, 16), rc::gen::inRange(0, 4)));
  const Made made = Spell(choices);
  RC_ASSERT(Unescaped(made.literal) == made.text);
  LiteralMap all(made.literal);
  LiteralMap some(made.literal);
  for (const auto& [text, literal] : made.places) {
    RC_ASSERT(all.Map(text) == literal);
    if (*rc::gen::inRange(0, 3) == 0) RC_ASSERT(some.Map(text) == literal);
    RC_ASSERT(all.Map(text) == literal);  // again
  }
}

TEST(LiteralMap, CutsAreExact) {
  // What clean output does: the text without a span is the literal without the span's place.
  const std::string literal = R"("one \u00e4\ud83d\ude00\ntwo\\three")";
  const std::string text = Unescaped(literal);
  for (size_t begin = 0; begin <= text.size(); ++begin) {
    for (size_t end = begin; end <= text.size(); ++end) {
      const auto inside = [&](size_t at) { return at < text.size() && (text[at] & 0xC0) == 0x80; };
      if (inside(begin) || inside(end)) continue;
      LiteralMap map(literal);
      const uint32_t from = map.Map(static_cast<uint32_t>(begin));
      const uint32_t to = map.Map(static_cast<uint32_t>(end));
      EXPECT_EQ(Unescaped(literal.substr(0, from) + literal.substr(to)),
                text.substr(0, begin) + text.substr(end));
    }
  }
}

}  // namespace
}  // namespace refrain
