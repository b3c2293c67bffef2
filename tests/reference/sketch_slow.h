#pragma once
// Slow and obvious versions of everything in lib/refrain/sketch, written from its comments and not from its
// code, for tests and for benchmarks that check before they time.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace refrain::reference {

// splitmix64, from its paper.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t operator()() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // From 0 to n - 1.
  size_t Below(size_t n) { return static_cast<size_t>((*this)() % n); }
  std::vector<uint64_t> Hashes(size_t n) {
    std::vector<uint64_t> hashes(n);
    for (uint64_t& hash : hashes) hash = (*this)();
    return hashes;
  }

 private:
  uint64_t state_;
};

// Two sets of `size` shingles, `shared` of them in both.
struct SetPair {
  std::vector<uint64_t> a;
  std::vector<uint64_t> b;
};
inline SetPair MakePair(size_t size, size_t shared, Random* random) {
  SetPair pair{random->Hashes(size), random->Hashes(size)};
  std::copy_n(pair.a.begin(), shared, pair.b.begin());
  return pair;
}

// The number of shared shingles with which two sets of `size` come nearest to resemblance `j`, and what they
// then have.
inline size_t SharedFor(size_t size, double j) {
  return static_cast<size_t>(std::lround(2 * static_cast<double>(size) * j / (1 + j)));
}
inline double ResemblanceOf(size_t size, size_t shared) {
  return static_cast<double>(shared) / static_cast<double>(2 * size - shared);
}

inline uint64_t SlowShingle(const std::vector<uint64_t>& hashes, size_t begin, size_t width) {
  uint64_t value = width * 0x6a09e667f3bcc909;
  value ^= value >> 32;
  for (size_t i = begin; i < begin + width; ++i) {
    value = (value << 23) | (value >> 41);
    value += hashes[i];
  }
  value *= 0xbb67ae8584caa73b;
  return value ^ (value >> 32);
}

struct SlowPlaced {
  uint64_t value;
  uint32_t start;
  uint32_t width;
};
inline std::vector<SlowPlaced> SlowShingles(const std::vector<uint64_t>& hashes,
                                            const std::vector<uint8_t>& traits, int words, int half,
                                            int quarter) {
  std::vector<SlowPlaced> shingles;
  for (size_t i = 0; i < hashes.size(); ++i) {
    const int kind = traits[i] % 8;
    const size_t width = kind == 1 ? quarter : kind == 2 ? half : words;
    if (i + width > hashes.size()) continue;
    shingles.push_back(
        {SlowShingle(hashes, i, width), static_cast<uint32_t>(i), static_cast<uint32_t>(width)});
  }
  if (shingles.empty() && !hashes.empty()) {
    shingles.push_back({SlowShingle(hashes, 0, hashes.size()), 0, static_cast<uint32_t>(hashes.size())});
  }
  return shingles;
}

inline std::vector<uint32_t> SlowMinHash(const std::vector<uint64_t>& shingles, size_t components,
                                         uint64_t seed) {
  Random random(seed);
  std::array<uint32_t, 17> u;
  for (uint32_t& x : u) x = static_cast<uint32_t>(random() >> 32);
  std::vector<uint32_t> signature(components, 0xffffffff);
  for (size_t k = 0; k < components; ++k) {
    const uint32_t m = u[k % 16] + static_cast<uint32_t>(k / 16) * (u[16] | 1);
    for (const uint64_t shingle : shingles) {
      const uint64_t product = shingle * 0x3c6ef372fe94f82b;
      const auto x1 = static_cast<uint32_t>(product ^ (product >> 35));
      const auto x2 = static_cast<uint32_t>(product >> 32);
      signature[k] = std::min(signature[k], x1 + m * x2);
    }
  }
  return signature;
}

inline std::vector<uint32_t> SlowPageSignature(const std::vector<uint64_t>& shingles, uint64_t seed) {
  const uint64_t salt = Random(seed)();
  std::map<int, uint32_t> own;  // bin: least value
  for (const uint64_t shingle : shingles) {
    uint64_t mixed = (shingle ^ salt) * 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 32)) * 0xbf58476d1ce4e5b9;
    const int bin = static_cast<int>(mixed / (uint64_t{1} << 57));
    const auto value = static_cast<uint32_t>(mixed >> 25);
    own.emplace(bin, value).first->second = std::min(own.emplace(bin, value).first->second, value);
  }
  Random random(25);
  const auto shuffled = [&](int first, int last) {
    std::vector<int> values;
    for (int i = first; i <= last; ++i) values.push_back(i);
    for (size_t left = values.size(); left > 1; --left)
      std::swap(values[left - 1], values[((random() >> 32) * left) >> 32]);
    return values;
  };
  const std::vector<int> shifts = shuffled(1, 127);
  const std::vector<int> places = shuffled(0, 127);
  std::map<int, uint32_t> bins = own;
  for (const int shift : shifts) {
    for (const auto& [bin, value] : own)
      bins.emplace((bin + shift) % 128, value);  // does nothing if there is one
  }
  std::vector<uint32_t> signature(128, 0xffffffff);
  for (const auto& [bin, value] : bins) signature[places[bin]] = value;
  return signature;
}

inline std::vector<uint64_t> SlowBandKeys(const std::vector<uint32_t>& signature, size_t bands, size_t rows) {
  constexpr uint64_t kSalt = 0xa54ff53a5f1d36f1;
  std::vector<uint64_t> keys;
  for (size_t band = 0; band < bands; ++band) {
    uint64_t key = kSalt * (band + 1);
    for (size_t row = band * rows; row < (band + 1) * rows; ++row) {
      key += signature[row];
      key *= 0x510e527fade682d1;
      key = key ^ key / (uint64_t{1} << 32);
    }
    key *= kSalt;
    keys.push_back(key ^ key / (uint64_t{1} << 29));
  }
  return keys;
}

}  // namespace refrain::reference
