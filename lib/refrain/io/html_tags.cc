#include <array>
#include <cstddef>
#include <iterator>

#include "refrain/io/html_tags_internal.h"

namespace refrain::html {
namespace {

constexpr std::string_view kSpellings[] = {
    "",
#define REFRAIN_HTML_TAG(name, id, traits) name,
#include "refrain/io/html_tags.inc"
#undef REFRAIN_HTML_TAG
};

constexpr uint32_t kTraits[] = {
    kOrdinary,
#define REFRAIN_HTML_TAG(name, id, traits) traits,
#include "refrain/io/html_tags.inc"
#undef REFRAIN_HTML_TAG
};

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

constexpr size_t kPackedSize = 8;

/// The first eight bytes in lower case: most names fit, and are then compared in one step.
constexpr uint64_t Pack(std::string_view name) {
  uint64_t packed = 0;
  for (size_t i = 0; i < name.size() && i < kPackedSize; ++i) {
    packed |= static_cast<uint64_t>(static_cast<uint8_t>(Lower(name[i]))) << (8 * i);
  }
  return packed;
}

/// Of the whole name: what goes beyond eight bytes is mixed in byte by byte.
constexpr uint32_t Hash(std::string_view name, uint64_t packed) {
  uint64_t hash = (packed ^ name.size()) * 0x9E3779B97F4A7C15u;
  for (size_t i = kPackedSize; i < name.size(); ++i) {
    hash = (hash ^ static_cast<uint8_t>(Lower(name[i]))) * 0x100000001B3u;
  }
  return static_cast<uint32_t>(hash >> 32);
}

constexpr bool SameName(std::string_view spelling, uint64_t packed, std::string_view lower,
                        uint64_t lower_packed) {
  if (packed != lower_packed || spelling.size() != lower.size()) return false;
  for (size_t i = kPackedSize; i < lower.size(); ++i) {
    if (Lower(spelling[i]) != lower[i]) return false;
  }
  return true;
}

constexpr auto kPacked = [] {
  std::array<uint64_t, std::size(kSpellings)> packed{};
  for (size_t tag = 0; tag < packed.size(); ++tag) packed[tag] = Pack(kSpellings[tag]);
  return packed;
}();

/// Open addressing, a quarter full: most look-ups are one comparison.
constexpr size_t kSlots = 512;
constexpr auto kSlotTable = [] {
  std::array<uint8_t, kSlots> slots{};
  for (size_t tag = 1; tag < std::size(kSpellings); ++tag) {
    size_t slot = Hash(kSpellings[tag], kPacked[tag]) % kSlots;
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<uint8_t>(tag);
  }
  return slots;
}();

}  // namespace

Name LookUpName(std::string_view spelling) {
  const uint64_t packed = Pack(spelling);
  const uint32_t hash = Hash(spelling, packed);
  for (size_t slot = hash % kSlots; kSlotTable[slot] != 0; slot = (slot + 1) % kSlots) {
    const uint8_t tag = kSlotTable[slot];
    if (SameName(spelling, packed, kSpellings[tag], kPacked[tag])) return tag;
  }
  return (hash & 0x3FFFFFFFu) | 0x80000000u;
}

uint32_t TraitsOf(Name name) { return name < NameOf(Tag::kCount) ? kTraits[name] : uint32_t{kOrdinary}; }

}  // namespace refrain::html
