// Every kernel gives exactly what the plain one gives.

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "refrain/base/cpu.h"
#include "refrain/base/utf8.h"
#include "refrain/text/tokens.h"
#include "tests/reference/text_samples.h"

namespace refrain {
namespace {

class Kernel : public ::testing::TestWithParam<std::string> {
 protected:
  void TearDown() override { ASSERT_TRUE(ForceKernel("").ok()); }

  void ExpectSame(std::string_view text) {
    ASSERT_TRUE(ForceKernel("scalar").ok());
    Tokenize(text, &plain_);
    ASSERT_TRUE(ForceKernel(GetParam()).ok());
    Tokenize(text, &tokens_);
    ASSERT_EQ(tokens_.hashes, plain_.hashes) << text.substr(0, 1000);
    ASSERT_EQ(tokens_.begins, plain_.begins);
    ASSERT_EQ(tokens_.ends, plain_.ends);
    ASSERT_EQ(tokens_.traits, plain_.traits);
    ASSERT_EQ(tokens_.invalid_bytes, plain_.invalid_bytes);
  }

  // The same from a block of exactly this size, so that the sanitizer sees reads behind the text.
  void ExpectSameExactly(std::string_view text) {
    std::unique_ptr<char[]> copy(new char[text.size()]);
    text.copy(copy.get(), text.size());
    ExpectSame(std::string_view(copy.get(), text.size()));
  }

  Tokens plain_, tokens_;
};

TEST_P(Kernel, AgreesOnRandomText) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 3000; ++round) {
    ExpectSameExactly(reference::SampleText(&random, {.pieces = static_cast<int>(random() % 100)}));
  }
}

// Text of one script with its punctuation, as pages are: what the straight lines are for, and now and then
// something that they leave to others.
TEST_P(Kernel, AgreesOnTextOfOneScript) {
  struct Script {
    std::vector<std::pair<char32_t, char32_t>> letters;
    std::vector<const char*> between;
    std::vector<const char*> odd;
  };
  const std::vector<Script> scripts = {
      {{{'a', 'z'}, {'a', 'z'}, {'A', 'Z'}, {0xC0, 0xFF}},
       {" ", " ", ", ", "“", "” ", " – ", "’", "\n"},
       {"ﬁ", "7", "²", "\u00AD", "é"}},
      {{{0x430, 0x44F}, {0x430, 0x44F}, {0x410, 0x42F}},
       {" ", " ", ". ", "«", "», ", " — ", "\n"},
       {"ё", "e\u0301", "№", "5", "\u0301"}},
      {{{0x627, 0x64A}, {0x621, 0x63A}},
       {" ", " ", "، ", "؟ ", "؛", "\n"},
       {"\u064E\u0651", "\u0651\u064E", "\u200C", "٣", "ﷲ"}},
      {{{0xAC00, 0xD7A3}},
       {" ", " ", ". ", "\n", "(", "、"},
       {"한글과컴퓨터사", "ㄱ", "\u1100\u1161", "3", "漢"}},
      {{{0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x4E00, 0x9FFF}, {0x4E00, 0x9FFF}},
       {"。", "、", "「", "」", "・", "\n", "（", " ", "…"},
       {"カ\u3099", "2024", "ｶﾞ", "〇", "한", "\u3099", "ー", "\uFE0F", "𠀀"}},
      {{{0xE01, 0xE30}, {0xE40, 0xE44}}, {" ", "\n"}, {"\u0E33", "\u0E48", "ก"}},
  };
  std::mt19937_64 random(4);
  for (int round = 0; round < 600; ++round) {
    const Script& script = scripts[static_cast<size_t>(round) % scripts.size()];
    const auto pick = [&](const auto& from) -> const auto& { return from[random() % from.size()]; };
    const size_t oddity = random() % 3 == 0 ? 8 : 60;
    std::string text;
    for (size_t words = random() % 400; words > 0; --words) {
      for (size_t letters = 1 + random() % (random() % 8 == 0 ? 20 : 9); letters > 0; --letters) {
        const auto& [first, last] = pick(script.letters);
        AppendUtf8(static_cast<char32_t>(first + random() % (last - first + 1)), &text);
      }
      if (random() % oddity == 0) text += pick(script.odd);
      if (random() % 300 == 0) text += pick(pick(scripts).odd);
      if (random() % 500 == 0) text += static_cast<char>(random());
      text += pick(script.between);
    }
    ExpectSameExactly(text);
    if (!text.empty()) ExpectSameExactly(std::string_view(text).substr(random() % text.size()));
  }
}

// Each alone, as the first and as the last of a word, and in ever new company.
TEST_P(Kernel, AgreesOnEveryCodePoint) {
  std::mt19937_64 random(5);
  std::string text;
  for (char32_t c = 0x80; c < 0x30000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string letter;
    AppendUtf8(c, &letter);
    text += letter + " ";
    text += letter + "а ма" + letter + " Б" + letter + " ";
    text += letter + "漢" + letter + "x 한" + letter + "\n";
    if (c < 0x800) {
      for (int word = 0; word < 20; ++word) {
        for (size_t letters = random() % 8 + 1; letters > 0; --letters)
          AppendUtf8(static_cast<char32_t>(0x80 + random() % 0x780), &text);
        text += letter + (word % 4 == 0 ? "، " : " ");
      }
    }
    if (text.size() > 10000) {
      ExpectSame(text);
      text.clear();
    }
  }
  ExpectSameExactly(text);
}

// What went wrong: marks of Thaana, which have no class, were words behind a symbol that takes marks.
TEST_P(Kernel, AgreesOnEveryCodePointBehindASymbol) {
  const std::string behind(40, ' ');
  for (char32_t c = 0x80; c < 0x800; ++c) {
    std::string letter;
    AppendUtf8(c, &letter);
    for (const std::string symbol : {"<", "=", "\u2282"}) {
      for (const std::string more : {"", "b", "\u0627"}) ExpectSame(symbol + letter + more + behind);
    }
  }
}

TEST_P(Kernel, AgreesOnAsciiOfEveryLength) {
  std::mt19937_64 random(2);
  for (size_t length = 0; length < 700; ++length) ExpectSameExactly(reference::SampleAscii(&random, length));
}

TEST_P(Kernel, AgreesOnEveryByteAtEveryPlaceOfABlock) {
  for (int byte = 0; byte < 256; ++byte) {
    for (size_t place = 0; place < 66; ++place) {
      std::string text(66, ' ');
      text[place] = static_cast<char>(byte);
      ExpectSameExactly(text);
      std::string filled(66, 'a');
      filled[place] = static_cast<char>(byte);
      ExpectSameExactly(filled);
    }
  }
}

TEST_P(Kernel, AgreesOnRandomBytes) {
  std::mt19937_64 random(3);
  for (int round = 0; round < 300; ++round) {
    std::string text(random() % 3000, '\0');
    for (char& c : text) c = static_cast<char>(random());
    ExpectSameExactly(text);
  }
}

// English words in long stretches, and now and then something that is not hashed in one line with them: what
// is known of a stretch by its number has to stay with it across whatever lies between, and from one piece to
// the next.
TEST_P(Kernel, AgreesOnLongAsciiWithOddWords) {
  const std::vector<std::string> odd = {"é",
                                        "naïve",
                                        "漢字",
                                        "co\u00ADop",
                                        "\u00AD",
                                        "x1",
                                        "2024",
                                        "한글",
                                        "\u0301",
                                        "’s",
                                        "a’b",
                                        "\xFF",
                                        "\xE2\x80",
                                        "ไทย",
                                        "слово",
                                        "1é2",
                                        std::string(17, 'w'),
                                        std::string(16, '7'),
                                        std::string(300, 'q') + "8"};
  std::mt19937_64 random(6);
  for (int round = 0; round < 400; ++round) {
    const size_t rarity = size_t{2} << random() % 9;
    std::string text;
    for (size_t words = random() % 2000; words > 0; --words) {
      if (random() % rarity == 0) {
        text += odd[random() % odd.size()];
        if (random() % 4 == 0) continue;
      } else {
        for (size_t letters = 1 + random() % (random() % 16 == 0 ? 19 : 9); letters > 0; --letters)
          text += static_cast<char>((random() % 8 == 0 ? 'A' : 'a') + random() % 26);
        if (random() % 32 == 0) text += static_cast<char>('0' + random() % 10);
      }
      text += random() % 8 == 0 ? ". " : " ";
    }
    ExpectSameExactly(text);
    if (!text.empty()) ExpectSameExactly(std::string_view(text).substr(random() % text.size()));
  }
}

TEST_P(Kernel, AgreesOnADigitAtEveryPlaceOfAWordAnywhere) {
  for (const size_t edge : {64, 128, 2048, 4096, 6144}) {
    for (const size_t length : {1, 2, 15, 16, 17, 32, 33, 70}) {
      for (size_t begin = edge - length - 1; begin <= edge + 1; ++begin) {
        std::string text(begin, ' ');
        text[0] = '1';
        text += std::string(length, 'w') + " x y9 z";
        for (size_t place = begin; place < begin + length; place += 1 + length / 8) {
          std::string with_digit = text;
          with_digit[place] = '5';
          ExpectSameExactly(with_digit);
        }
      }
    }
  }
}

TEST_P(Kernel, AgreesAcrossPieces) {
  // Words that end before, at and behind the edge of a piece of 2048 bytes, and words longer than pieces.
  for (const size_t at : {2031, 2032, 2047, 2048, 4079, 4080, 4090, 4094, 4095, 4096, 4097, 8191, 8192}) {
    for (const size_t length : {1, 2, 15, 16, 17, 64, 4096, 5000, 9000}) {
      for (const char* letter : {"a", "é", "漢", "ท", "\xFF"}) {
        std::string text(at, ' ');
        while (text.size() < at + length) text += letter;
        ExpectSameExactly(text);
        text += " b";
        ExpectSameExactly(text);
      }
    }
  }
}

TEST_P(Kernel, AgreesOnTextMadeToBeBad) {
  std::string alternating, wide;
  for (int i = 0; i < 20000; ++i) {
    alternating += "a ";
    wide += i % 3 == 0 ? "é " : "a";
  }
  ExpectSameExactly(alternating);
  ExpectSameExactly(alternating.substr(1));
  ExpectSameExactly(wide);
  ExpectSameExactly(std::string(100000, 'a'));
  ExpectSameExactly(std::string(100000, ' '));
  ExpectSameExactly(std::string(100000, '\x80'));
  ExpectSameExactly(std::string(100000, '\xE2'));
  ExpectSameExactly(std::string(100000, '\0'));
}

INSTANTIATE_TEST_SUITE_P(All, Kernel, ::testing::ValuesIn(AvailableKernels()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace refrain
