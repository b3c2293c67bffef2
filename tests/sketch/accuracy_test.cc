// How good signatures are, on fixed seeds: root mean square error of the estimate against theory, its bias
// against a binomial bound, and the chance to meet in a band against the ideal curve.

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "refrain/sketch/banding.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"
#include "tests/reference/sketch_reference.h"

namespace refrain {
namespace {

using reference::Random;

constexpr int kComponents = 128;
using Signature = std::array<uint32_t, kComponents>;
using Signer = std::function<void(std::span<const uint64_t>, Signature*)>;

Signer ByMinHash(uint64_t seed = 42) {
  return [hasher = MinHasher({.components = kComponents, .seed = seed})](
             std::span<const uint64_t> shingles, Signature* signature) { hasher.Sign(shingles, *signature); };
}
Signer ByPageSigner() {
  return [](std::span<const uint64_t> shingles, Signature* signature) {
    PageSigner().Sign(shingles, *signature);
  };
}

struct Case {
  size_t size;
  double resemblance;  // aimed at; what whole shingles allow is used
};
constexpr Case kCases[] = {{10, .18},  {10, .54},  {10, .82},   {30, .20},   {30, .50},
                           {30, .79},  {30, .94},  {100, .20},  {100, .50},  {100, .80},
                           {100, .95}, {1000, .2}, {1000, .50}, {1000, .80}, {1000, .95}};

// Calls `look` with the signatures of `trials` pairs.
void ForPairs(const Case& c, int trials, const Signer& sign,
              const std::function<void(const Signature&, const Signature&)>& look) {
  Random random(c.size * 1000 + static_cast<uint64_t>(c.resemblance * 100));
  Signature a, b;
  for (int trial = 0; trial < trials; ++trial) {
    const auto pair = reference::MakePair(c.size, reference::SharedFor(c.size, c.resemblance), &random);
    sign(pair.a, &a);
    sign(pair.b, &b);
    look(a, b);
  }
}

// The error relative to theory lies in [least, most]; the mean is within five standard errors of the truth.
void ExpectAccurate(const Signer& sign, double least, double most) {
  for (const Case& c : kCases) {
    const int trials = c.size < 1000 ? 4000 : 1000;  // the error's own standard error: 1.1 % and 2.2 %
    const double truth = reference::ResemblanceOf(c.size, reference::SharedFor(c.size, c.resemblance));
    double sum = 0, squares = 0;
    ForPairs(c, trials, sign, [&](const Signature& a, const Signature& b) {
      const double error = EstimateResemblance(a, b) - truth;
      sum += error;
      squares += error * error;
    });
    const double theory = std::sqrt(truth * (1 - truth) / kComponents);
    const double ratio = std::sqrt(squares / trials) / theory;
    EXPECT_GE(ratio, least) << c.size << " shingles, resemblance " << truth;
    EXPECT_LE(ratio, most) << c.size << " shingles, resemblance " << truth;
    EXPECT_LE(std::abs(sum / trials), 5 * theory / std::sqrt(trials))
        << c.size << " shingles, resemblance " << truth;
  }
}

TEST(MinHasherAccuracy, ErrorIsThatOfIndependentHashes) { ExpectAccurate(ByMinHash(), 0.90, 1.10); }

TEST(MinHasherAccuracy, HoldsForOtherSeeds) {
  for (const uint64_t seed : {0, 1, 7777}) ExpectAccurate(ByMinHash(seed), 0.90, 1.10);
}

TEST(MinHasherAccuracy, GrowsWithComponentsAsTheorySays) {
  const size_t size = 30, shared = reference::SharedFor(size, 0.5);
  const double truth = reference::ResemblanceOf(size, shared);
  for (const int components : {16, 48, 256, 1024, 4096}) {
    const MinHasher hasher({.components = components});
    std::vector<uint32_t> a(components), b(components);
    Random random(components);
    double squares = 0;
    constexpr int kTrials = 2000;
    for (int trial = 0; trial < kTrials; ++trial) {
      const auto pair = reference::MakePair(size, shared, &random);
      hasher.Sign(pair.a, a);
      hasher.Sign(pair.b, b);
      squares += std::pow(EstimateResemblance(a, b) - truth, 2);
    }
    EXPECT_NEAR(std::sqrt(squares / kTrials) / std::sqrt(truth * (1 - truth) / components), 1, 0.10)
        << components;
  }
}

TEST(PageSignerAccuracy, ErrorIsAtMostThatOfIndependentHashes) { ExpectAccurate(ByPageSigner(), 0, 1.10); }

void ExpectToMeetAsOften(const Signer& sign) {
  for (const Case& c : kCases) {
    if (c.size > 100) continue;
    constexpr int kTrials = 10000;  // standard error at most half a point
    const double truth = reference::ResemblanceOf(c.size, reference::SharedFor(c.size, c.resemblance));
    for (const Banding& banding : {Banding{16, 8}, Banding{12, 4}}) {
      int met = 0;
      std::vector<uint64_t> keys_a, keys_b;
      ForPairs(c, kTrials, sign, [&](const Signature& a, const Signature& b) {
        keys_a.clear();
        keys_b.clear();
        AppendBandKeys(a, banding, &keys_a);
        AppendBandKeys(b, banding, &keys_b);
        bool any = false;
        for (int band = 0; band < banding.bands; ++band) any |= keys_a[band] == keys_b[band];
        met += any;
      });
      EXPECT_NEAR(met / static_cast<double>(kTrials), banding.MeetingProbability(truth), 0.02)
          << banding.Id() << ", " << c.size << " shingles, resemblance " << truth;
    }
  }
}

TEST(MinHasherAccuracy, PairsMeetInABandAsOftenAsTheCurveSays) { ExpectToMeetAsOften(ByMinHash()); }

TEST(PageSignerAccuracy, PairsMeetInABandAsOftenAsTheCurveSays) { ExpectToMeetAsOften(ByPageSigner()); }

// Shingles of texts, not random numbers: neighbours share four of five tokens. One token in twenty is
// replaced.
TEST(SignatureAccuracy, HoldsForShinglesOfTexts) {
  for (const Signer& sign : {ByMinHash(), ByPageSigner()}) {
    Random random(3);
    constexpr int kTrials = 4000;
    double squares = 0, variance = 0, sum = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<uint64_t> tokens = random.Hashes(60), shingles_a, shingles_b;
      const std::vector<uint8_t> traits(tokens.size(), 4);
      MakeShingles(tokens, traits, {}, &shingles_a);
      for (uint64_t& token : tokens) {
        if (random.Below(20) == 0) token = random();
      }
      MakeShingles(tokens, traits, {}, &shingles_b);
      Signature a, b;
      sign(shingles_a, &a);
      sign(shingles_b, &b);
      std::set<uint64_t> all(shingles_a.begin(), shingles_a.end());
      all.insert(shingles_b.begin(), shingles_b.end());
      const auto both = static_cast<double>(shingles_a.size() + shingles_b.size() - all.size());
      const double truth = both / static_cast<double>(all.size());
      const double error = EstimateResemblance(a, b) - truth;
      sum += error;
      squares += error * error;
      variance += truth * (1 - truth) / kComponents;
    }
    EXPECT_LE(std::sqrt(squares / variance), 1.10);
    EXPECT_LE(std::abs(sum), 5 * std::sqrt(variance));
  }
}

}  // namespace
}  // namespace refrain
