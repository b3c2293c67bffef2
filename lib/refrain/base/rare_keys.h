#pragma once
/// Leaving out records that hardly any others share a key with, before they are sorted.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace refrain {

/// Takes out of `records` most of those whose `key` fewer than `least` of them have, and none of the others;
/// the order stays. Keys are counted in a table of two bits a place, eight times as many as records at the
/// most, where two may meet: a rare one stays then. Of `least`, which is from 2 on, three is as much as is
/// counted. Linear, whatever the keys.
template <typename T>
void DropRareKeys(uint64_t least, std::vector<T>* records) {
  constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;
  constexpr int kWordBits = 5;  // of the number of a counter in its word
  const int bits = std::max<int>(kWordBits + 1, std::bit_width(records->size()) + 2);
  const std::unique_ptr<uint64_t[]> counters(new uint64_t[size_t{1} << (bits - kWordBits)]());
  const auto place = [bits](const T& record) { return (record.key * kSpread) >> (64 - bits); };
  const auto shift = [](uint64_t at) { return 2 * (at & ((uint64_t{1} << kWordBits) - 1)); };
  for (const T& record : *records) {
    const uint64_t at = place(record);
    uint64_t& word = counters[at >> kWordBits];
    word += uint64_t{(word >> shift(at) & 3) != 3} << shift(at);
  }
  const uint64_t enough = std::min<uint64_t>(least, 3);
  size_t kept = 0;
  for (const T& record : *records) {
    const uint64_t at = place(record);
    (*records)[kept] = record;
    kept += (counters[at >> kWordBits] >> shift(at) & 3) >= enough;  // no branch: it would be guessed wrong
  }
  records->resize(kept);
}

}  // namespace refrain
