// Every kernel gives exactly what the plain one gives.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "refrain/base/cpu.h"
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

TEST_P(Kernel, AgreesAcrossPieces) {
  // Words that end before, at and behind the edge of a piece of 4096 bytes, and words longer than pieces.
  for (const size_t at : {4079, 4080, 4090, 4094, 4095, 4096, 4097, 8191, 8192}) {
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
