#include "refrain/sketch/fingerprint.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "refrain/sketch/shingle.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

TEST(ExactKey, IsXxh3OfLittleEndianBytes) {
  EXPECT_EQ(ExactKey(std::vector<uint64_t>{0x0807060504030201, 0x100f0e0d0c0b0a09}),
            HashBytes128("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"));
  EXPECT_EQ(ExactKey({}), HashBytes128(""));
}

TEST(ExactKey, DiffersWithEveryTokenItsPlaceAndTheirNumber) {
  std::vector<uint64_t> tokens = Random(1).Hashes(100);
  std::set<Key128> keys = {ExactKey(tokens)};
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    auto other = tokens;
    other[i] ^= uint64_t{1} << (i % 64);
    keys.insert(ExactKey(other));
    other = tokens;
    std::swap(other[i], other[i + 1]);
    keys.insert(ExactKey(other));
    keys.insert(ExactKey(std::span(tokens).first(i)));
    keys.insert(ExactKey(std::vector<uint64_t>(i + 1, 0)));
  }
  EXPECT_EQ(keys.size(), 1 + 4 * 99);
}

TEST(Fingerprint, HoldsWhatItsPartsGive) {
  const auto tokens = Random(2).Hashes(50);
  std::vector<uint64_t> set;
  MakeShingles(tokens, std::vector<uint8_t>(50, 4), {}, &set);
  MakeSet(&set);

  Fingerprint fingerprint;
  fingerprint.signature.assign(1000, 1);  // of another block before
  MakeFingerprint(tokens, set, MinHasher({.components = 48}), &fingerprint);
  EXPECT_EQ(fingerprint.exact, ExactKey(tokens));
  EXPECT_EQ(fingerprint.tokens, 50);
  EXPECT_EQ(fingerprint.shingles, 46);
  EXPECT_EQ(fingerprint.signature, reference::SlowMinHash(set, 48, 42));

  MakeFingerprint(tokens, set, PageSigner(), &fingerprint);
  EXPECT_EQ(fingerprint.signature, reference::SlowPageSignature(set, 42));
}

TEST(Fingerprint, OfNothingHasNoSignature) {
  Fingerprint fingerprint;
  fingerprint.signature.assign(3, 1);
  MakeFingerprint({}, {}, MinHasher({}), &fingerprint);
  EXPECT_EQ(fingerprint, Fingerprint{.exact = HashBytes128("")});
  MakeFingerprint({}, {}, PageSigner(), &fingerprint);
  EXPECT_TRUE(fingerprint.signature.empty());
}

}  // namespace
}  // namespace refrain
