// From tokens to shingles, signatures, samples and band keys. Lengths are multiples of every vector and
// chunk.

#include <memory>

#include "bench/guard/loops.h"
#include "refrain/sketch/banding.h"
#include "refrain/sketch/sample.h"
#include "refrain/sketch/shingle.h"
#include "refrain/sketch/signature.h"

namespace refrain::guard {
namespace {

constexpr size_t kShorter = 1024, kLonger = 3072;

Loop ShingleLoop(const std::string& name, const ShingleOptions& options) {
  return {.name = name,
          .element = "shingle",
          .shorter = kShorter,
          .longer = kLonger,
          .prepare = [options](size_t length) {
            return [options, tokens = Hashes(length), traits = std::vector<uint8_t>(length, 4),
                    shingles = std::make_shared<std::vector<uint64_t>>()] {
              MakeShingles(tokens, traits, options, shingles.get());
              sink = shingles->front();
            };
          }};
}

Loop SignLoop(int components) {
  return {.name = "sign:" + std::to_string(components),
          .element = "shingle",
          .shorter = kShorter,
          .longer = kLonger,
          .prepare = [components](size_t length) {
            return [hasher = MinHasher({.components = components}), shingles = Hashes(length),
                    signature = std::make_shared<std::vector<uint32_t>>(components)] {
              hasher.Sign(shingles, *signature);
              sink = signature->front();
            };
          }};
}

std::function<void()> SignPage(size_t length) {
  return [shingles = Hashes(length)] {
    uint32_t signature[PageSigner::kComponents];
    PageSigner().Sign(shingles, signature);
    sink = signature[0];
  };
}

// A page of few shingles, nearly all of whose bins are empty: what filling them costs, a page.
std::function<void()> SignShortPages(size_t length) {
  constexpr size_t kShingles = 40;
  return [shingles = Hashes(length * kShingles)] {
    uint32_t signature[PageSigner::kComponents];
    for (size_t i = 0; i < shingles.size(); i += kShingles)
      PageSigner().Sign(std::span(shingles).subspan(i, kShingles), signature);
    sink = signature[0];
  };
}

std::function<void()> Sample(size_t length) {
  return [shingles = Hashes(length), sample = std::make_shared<ScaledSample>()] {
    TakeSample(shingles, sample.get());
    sink = sample->values.size();
  };
}

std::function<void()> BandKeys(size_t length) {
  const Banding banding;
  std::vector<uint32_t> components;
  for (const uint64_t hash : Hashes(length * banding.components()))
    components.push_back(static_cast<uint32_t>(hash));
  return [banding, components, keys = std::make_shared<std::vector<uint64_t>>()] {
    keys->clear();
    const size_t size = banding.components();
    for (size_t i = 0; i < components.size(); i += size)
      AppendBandKeys(std::span(components).subspan(i, size), banding, keys.get());
    sink = keys->back();
  };
}

const Register loops = {
    ShingleLoop("shingle", {}),
    ShingleLoop("shingle:3", {.words = 3}),
    SignLoop(32),
    SignLoop(48),
    SignLoop(128),
    SignLoop(256),
    {.name = "sign_page", .element = "shingle", .shorter = kShorter, .longer = kLonger, .prepare = SignPage},
    {.name = "sign_page:short", .element = "page", .shorter = 32, .longer = 96, .prepare = SignShortPages},
    {.name = "sample",
     .element = "shingle",
     .shorter = 16 * kShorter,
     .longer = 16 * kLonger,
     .prepare = Sample,
     .dispatched = false},
    {.name = "band_keys", .element = "signature", .shorter = 128, .longer = 512, .prepare = BandKeys}};

}  // namespace
}  // namespace refrain::guard
