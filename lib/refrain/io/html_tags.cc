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

/// FNV-1a over lower-case letters.
constexpr uint32_t Hash(std::string_view name) {
  uint32_t hash = 2166136261u;
  for (char c : name) hash = (hash ^ static_cast<uint8_t>(Lower(c))) * 16777619u;
  return hash ^ hash >> 15;
}

constexpr bool SameName(std::string_view spelling, std::string_view lower) {
  if (spelling.size() != lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    if (Lower(spelling[i]) != lower[i]) return false;
  }
  return true;
}

/// Open addressing, a quarter full: most look-ups are one comparison.
constexpr size_t kSlots = 512;
constexpr auto kSlotTable = [] {
  std::array<uint8_t, kSlots> slots{};
  for (size_t tag = 1; tag < std::size(kSpellings); ++tag) {
    size_t slot = Hash(kSpellings[tag]) % kSlots;
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<uint8_t>(tag);
  }
  return slots;
}();

constexpr size_t kLongestSpelling = 16;

}  // namespace

Name LookUpName(std::string_view spelling) {
  const uint32_t hash = Hash(spelling);
  if (spelling.size() <= kLongestSpelling) {
    for (size_t slot = hash % kSlots; kSlotTable[slot] != 0; slot = (slot + 1) % kSlots) {
      if (SameName(spelling, kSpellings[kSlotTable[slot]])) return kSlotTable[slot];
    }
  }
  return (hash & 0x3FFFFFFFu) | 0x80000000u;
}

uint32_t TraitsOf(Name name) { return name < NameOf(Tag::kCount) ? kTraits[name] : uint32_t{kOrdinary}; }

}  // namespace refrain::html
