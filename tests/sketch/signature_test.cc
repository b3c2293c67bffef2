#include "refrain/sketch/signature.h"

#include <algorithm>
#include <array>
#include <set>

#include <gtest/gtest.h>

#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::ForEachKernel;
using reference::Random;

std::vector<uint32_t> Sign(const MinHashOptions& options, const std::vector<uint64_t>& shingles) {
  const MinHasher hasher(options);
  std::vector<uint32_t> signature(hasher.components(), 7);
  hasher.Sign(shingles, signature);
  return signature;
}

std::vector<uint32_t> SignPage(const std::vector<uint64_t>& shingles, uint64_t seed = 42) {
  std::array<uint32_t, PageSigner::kComponents> signature;
  signature.fill(7);
  PageSigner(seed).Sign(shingles, signature);
  return {signature.begin(), signature.end()};
}

// Nasty sets: nothing, one, one repeated, all bits alike, differing in one bit only, and lengths about every
// chunk.
std::vector<std::vector<uint64_t>> Sets() {
  Random random(1);
  std::vector<std::vector<uint64_t>> sets = {{}, {0}, {~uint64_t{0}}, std::vector<uint64_t>(1000, 5)};
  for (const size_t n : {1, 2, 3, 7, 8, 9, 20, 255, 256, 257, 511, 512, 513, 1000})
    sets.push_back(random.Hashes(n));
  std::vector<uint64_t> bits(64);
  for (int bit = 0; bit < 64; ++bit) bits[bit] = uint64_t{1} << bit;
  sets.push_back(bits);
  return sets;
}

TEST(MinHasher, EveryKernelEqualsTheReferenceForEveryNumberOfComponents) {
  const auto sets = Sets();
  ForEachKernel([&] {
    for (const int components :
         {1, 2, 15, 16, 17, 31, 32, 33, 48, 64, 100, 127, 128, 129, 144, 200, 256, 1000, 4096}) {
      for (const auto& set : sets) {
        if (components > 256 && set.size() > 300) continue;
        ASSERT_EQ(Sign({.components = components}, set), reference::SlowMinHash(set, components, 42))
            << components << " components, " << set.size() << " shingles";
      }
    }
  });
}

TEST(MinHasher, EverySeedIsAFamilyOfItsOwn) {
  const auto set = Random(2).Hashes(50);
  std::set<std::vector<uint32_t>> signatures;
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{42}, ~uint64_t{0}}) {
    EXPECT_EQ(Sign({.components = 64, .seed = seed}, set), reference::SlowMinHash(set, 64, seed));
    signatures.insert(Sign({.components = 64, .seed = seed}, set));
  }
  EXPECT_EQ(signatures.size(), 4);
}

TEST(MinHasher, ShortSignatureIsTheBeginningOfALongOne) {
  const auto set = Random(3).Hashes(50);
  const auto longest = Sign({.components = 256}, set);
  for (const int components : {1, 16, 48, 100}) {
    const auto shorter = Sign({.components = components}, set);
    EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longest.begin()));
  }
}

TEST(MinHasher, OrderAndRepeatsDoNotMatter) {
  auto set = Random(4).Hashes(300);
  const auto signature = Sign({}, set);
  std::reverse(set.begin(), set.end());
  set.insert(set.end(), set.begin(), set.begin() + 77);
  ForEachKernel([&] { EXPECT_EQ(Sign({}, set), signature); });
}

TEST(MinHasher, SignatureOfAUnionIsTheLeastOfBoth) {
  Random random(5);
  const auto a = random.Hashes(40), b = random.Hashes(400);
  auto both = a;
  both.insert(both.end(), b.begin(), b.end());
  const auto sa = Sign({}, a), sb = Sign({}, b), sboth = Sign({}, both);
  for (size_t k = 0; k < sboth.size(); ++k) EXPECT_EQ(sboth[k], std::min(sa[k], sb[k]));
}

TEST(MinHasher, EveryBitOfAShingleMatters) {
  const uint64_t shingle = Random(6)();
  const auto signature = Sign({.components = 32}, {shingle});
  for (int bit = 0; bit < 64; ++bit) {
    const auto other = Sign({.components = 32}, {shingle ^ uint64_t{1} << bit});
    EXPECT_LE(EstimateResemblance(signature, other), 1.0 / 32) << "bit " << bit;
  }
}

TEST(MinHasher, ComponentsOutOfRangeAreNamed) {
  EXPECT_TRUE(MinHashOptions{}.Validate().ok());
  EXPECT_TRUE((MinHashOptions{.components = 4096}).Validate().ok());
  EXPECT_EQ((MinHashOptions{.components = 0}).Validate().message(),
            "signature components = 0: must be from 1 to 4096");
  EXPECT_EQ((MinHashOptions{.components = 4097}).Validate().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MinHashOptions{}.Id(), "minhash:128,seed:42");
}

TEST(PageSigner, EqualsTheReference) {
  Random random(7);
  ForEachKernel([&] {
    for (const auto& set : Sets()) ASSERT_EQ(SignPage(set), reference::SlowPageSignature(set, 42));
    for (size_t n = 1; n < 400; n += 3) {
      const auto set = random.Hashes(n);
      ASSERT_EQ(SignPage(set, n), reference::SlowPageSignature(set, n)) << n;
    }
  });
}

TEST(PageSigner, NoComponentOfASetIsEmpty) {
  Random random(8);
  for (size_t n = 1; n < 200; ++n) {
    const auto signature = SignPage(random.Hashes(n));
    EXPECT_EQ(std::count(signature.begin(), signature.end(), kEmptyComponent), 0);
  }
}

TEST(PageSigner, OneShingleFillsEveryComponent) {
  const auto signature = SignPage({12345});
  EXPECT_EQ(std::set<uint32_t>(signature.begin(), signature.end()).size(), 1);
}

TEST(PageSigner, OrderAndRepeatsDoNotMatter) {
  auto set = Random(9).Hashes(61);
  const auto signature = SignPage(set);
  std::reverse(set.begin(), set.end());
  set.insert(set.end(), set.begin(), set.begin() + 10);
  EXPECT_EQ(SignPage(set), signature);
  EXPECT_NE(SignPage(set, 43), signature);
  EXPECT_EQ(PageSigner().Id(), "onehash:128,seed:42");
}

TEST(EstimateResemblance, IsTheShareOfEqualComponents) {
  EXPECT_EQ(EstimateResemblance(std::vector<uint32_t>{1, 2, 3, 4}, std::vector<uint32_t>{1, 9, 3, 8}), 0.5);
  const auto signature = Sign({}, Random(10).Hashes(9));
  EXPECT_EQ(EstimateResemblance(signature, signature), 1);
}

TEST(EstimateResemblance, EmptySetsDoNotResembleEachOther) {
  EXPECT_EQ(Sign({}, {}), std::vector<uint32_t>(128, kEmptyComponent));
  EXPECT_EQ(SignPage({}), std::vector<uint32_t>(128, kEmptyComponent));
  EXPECT_EQ(EstimateResemblance(Sign({}, {}), Sign({}, {})), 0);
  EXPECT_EQ(EstimateResemblance(SignPage({}), SignPage({1})), 0);
}

}  // namespace
}  // namespace refrain
