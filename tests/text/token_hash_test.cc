// Golden values: whoever changes one of these changes kTokenVersion and with it every file format.

#include "refrain/text/token_hash_internal.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "refrain/text/tokens.h"

namespace refrain {
namespace {

using text_internal::HashToken;

uint64_t Hash(std::string_view word) {
  Tokens tokens;
  Tokenize(word, &tokens);
  return tokens.size() == 1 ? tokens.hashes[0] : 0;
}

TEST(TokenHash, HasTheseValuesForEver) {
  struct Golden {
    const char* word;
    uint64_t hash;
  };
  for (const Golden& golden : {
           Golden{"a", 0x29E85324FD839052},
           {"b", 0xEEBE32298FB296C9},
           {"z", 0xB4204F2E2CBC4471},
           {"0", 0x182B5C17A4D42A48},
           {"to", 0x2DC362F009F5FB80},
           {"the", 0x365D05D1171DFB90},
           {"word", 0x7A31D7215B8F925D},
           {"Word", 0x7A31D7215B8F925D},
           {"letters", 0x4EC03EAE98856335},
           {"alphabet", 0x088B3E66171A2C47},
           {"Thursday", 0xDFCF83584AA92794},
           {"abcdefghi", 0x77EDE13799F7E06F},
           {"abcdefghijklmno", 0xA50FFE3F7D22DE01},
           {"abcdefghijklmnop", 0x472788A4375F52AD},
           {"abcdefghijklmnopq", 0xCA7F3571DF47CACF},
           {"abcdefghijklmnopqrstuvwxyz0123456789", 0x1173F34A884AE63C},
           {"1984", 0x0CB5BF2264454BD6},
           {"straße", 0x9B68CBA54C1270DA},
           {"Ärger", 0xA835774F8C3B8CF2},
           {"привет", 0xB88094BD5B591C68},
           {"ΣΊΣΥΦΟΣ", 0x6A572A152504F233},
           {"漢", 0xF599DCC30C27836B},
           {"か", 0x362D7441EA36D93E},
           {"ー", 0xC23AA54C571DE527},
           {"ｶﾞ", 0x60B48634E27B3459},
           {"ท", 0x310A83BF93D46A34},
           {"က", 0xCBE24FECEE164BE3},
           {"한국어", 0x1AEB068B46444074},
           {"नमस्ते", 0x1AE7A34CBD7A01A0},
           {"مرحبا", 0xA90697CB90CB642A},
           {"½", 0x3E78A31F0E444C0B},
           {"ﬁne", 0x85DD99AC46A41309},
       }) {
    EXPECT_EQ(Hash(golden.word), golden.hash) << golden.word;
  }
}

TEST(TokenHash, ReadsExactlyTheTokensBytes) {
  // A block of its own on the heap for each length: the sanitizer sees a byte too many.
  for (size_t length = 1; length <= 40; ++length) {
    const std::string word(length, 'q');
    std::unique_ptr<char[]> bytes(new char[length]);
    word.copy(bytes.get(), length);
    EXPECT_EQ(HashToken(bytes.get(), length), Hash(word));
    EXPECT_EQ(Hash(std::string_view(bytes.get(), length)), Hash(word));
  }
}

TEST(TokenHash, DiffersForAllShortWords) {
  std::set<uint64_t> seen;
  size_t words = 0;
  std::string word;
  for (int a = 0; a < 36 * 36 * 36 * 8; ++a) {
    word.clear();
    for (int rest = a; rest > 0 || word.empty(); rest /= 36)
      word += "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36];
    seen.insert(HashToken(word.data(), word.size()));
    ++words;
  }
  EXPECT_EQ(seen.size(), words);
}

TEST(TokenHash, SpreadsOverAllBits) {
  // Neighbouring words: each bit of the difference is set about half of the time. 20000 trials, binomial: 6
  // sigma = 424.
  int set_bits[64] = {};
  constexpr int kTrials = 20000;
  for (int i = 0; i < kTrials; ++i) {
    const std::string a = std::to_string(i);
    const std::string b = std::to_string(i + 1);
    const uint64_t difference = HashToken(a.data(), a.size()) ^ HashToken(b.data(), b.size());
    for (int bit = 0; bit < 64; ++bit) set_bits[bit] += difference >> bit & 1;
  }
  for (int bit = 0; bit < 64; ++bit) EXPECT_NEAR(set_bits[bit], kTrials / 2, 424) << bit;
}

TEST(TokenHash, TakesTheLongWayFrom17BytesOn) {
  EXPECT_NE(Hash("abcdefghijklmnop"), Hash("abcdefghijklmnopq"));
  EXPECT_EQ(Hash("ABCDEFGHIJKLMNOPQ"), Hash("abcdefghijklmnopq"));
}

}  // namespace
}  // namespace refrain
