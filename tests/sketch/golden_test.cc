// Values of sketch version 1, so that files written by one build are read by every other. Where one of these
// has to change, kSketchVersion goes up.

#include <array>

#include <gtest/gtest.h>

#include "refrain/sketch/banding.h"
#include "refrain/sketch/fingerprint.h"
#include "refrain/sketch/sample.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using Words = std::vector<uint64_t>;
using Components = std::vector<uint32_t>;

// Ten words, eight Han code points with a word behind them, then twelve words.
struct Text {
  Words hashes = reference::Random(1).Hashes(31);
  std::vector<uint8_t> traits = std::vector<uint8_t>(31, 4);
  Text() { std::fill_n(traits.begin() + 10, 8, uint8_t{2}); }
};

Words ShinglesOf(const Text& text) {
  Words shingles;
  MakeShingles(text.hashes, text.traits, {}, &shingles);
  return shingles;
}

// One value for all the values of an array.
Key128 Digest(const auto& values) {
  Words words(values.begin(), values.end());
  return ExactKey(words);
}

TEST(Golden, ValuesAreOfVersion1) { EXPECT_EQ(kSketchVersion, 1); }

TEST(Golden, Tokens) {
  const Words& hashes = Text().hashes;
  EXPECT_EQ(hashes[0], 0x910a2dec89025cc1);
  EXPECT_EQ(hashes[30], 0x990cd70b12c5d084);
}

TEST(Golden, ExactKeys) {
  EXPECT_EQ(ExactKey({}), (Key128{0x99aa06d3014798d8, 0x6001c324468d497f}));
  EXPECT_EQ(ExactKey(Text().hashes), (Key128{0x70b58a9e043c92ff, 0x9fc9d9a3c6d7f500}));
}

TEST(Golden, Shingles) {
  reference::ForEachKernel([] {
    Words shingles = ShinglesOf(Text());
    ASSERT_EQ(shingles.size(), 27);
    EXPECT_EQ(shingles[0], 0x4836895c9ab2a19a);   // five words
    EXPECT_EQ(shingles[10], 0x7d480a2f4114bb9d);  // eight Han code points
    EXPECT_EQ(shingles[26], 0x9630605fa7ecfa0e);
    EXPECT_EQ(Digest(shingles), (Key128{0xf4e01305d548d567, 0x29c140fe4d4d4d40}));
    MakeShingles(Words{1, 2, 3}, std::vector<uint8_t>{4, 4, 4}, {}, &shingles);
    EXPECT_EQ(shingles, Words{0xcc78cf09b82983c7});
  });
}

TEST(Golden, Signature) {
  reference::ForEachKernel([] {
    Components signature(128);
    MinHasher({}).Sign(ShinglesOf(Text()), signature);
    EXPECT_EQ(signature[0], 0x1a62a216);
    EXPECT_EQ(signature[17], 0x0278b26f);
    EXPECT_EQ(signature[127], 0x09e1609a);
    EXPECT_EQ(Digest(signature), (Key128{0x31ce59c3b04869e0, 0x34a9a8ff1977caf7}));
    MinHasher({.seed = 7}).Sign(ShinglesOf(Text()), signature);
    EXPECT_EQ(Digest(signature), (Key128{0x30ed6e5ef3e1b87a, 0xb3b5b6939f213f1a}));
  });
}

TEST(Golden, PageSignature) {
  reference::ForEachKernel([] {
    std::array<uint32_t, 128> signature;
    PageSigner().Sign(ShinglesOf(Text()), signature);
    EXPECT_EQ(signature[0], 0x3fd9042d);
    EXPECT_EQ(signature[127], 0xc7b34e40);
    EXPECT_EQ(Digest(signature), (Key128{0xd1a2a5f67e9e1cb6, 0xf6fe73d0894db6f2}));
    PageSigner(7).Sign(ShinglesOf(Text()), signature);
    EXPECT_EQ(Digest(signature), (Key128{0xdb1d4c6aa5952c90, 0x18b93835b706e439}));
  });
}

TEST(Golden, BandKeys) {
  Components signature(48);
  for (uint32_t k = 0; k < 48; ++k) signature[k] = k;
  Words keys;
  AppendBandKeys(signature, {}, &keys);
  EXPECT_EQ(keys[0], 0xfd59eb1190cd5346);
  EXPECT_EQ(keys[11], 0x4b27ee5167cf81d3);
  EXPECT_EQ(Digest(keys), (Key128{0x84e49e7ad3a4213f, 0x0e31b43102ac0779}));
}

TEST(Golden, Sample) {
  ScaledSample sample{.scale = 4};
  TakeSample(ShinglesOf(Text()), &sample);
  EXPECT_EQ(sample.values.size(), 7);
  EXPECT_EQ(Digest(sample.values), (Key128{0x1a3b9f11b21fe4bb, 0x820857b89cccfb82}));
}

}  // namespace
}  // namespace refrain
