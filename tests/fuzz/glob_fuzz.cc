// A pattern and a name, divided by a line end, may be anything: they match if the slow way says so.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "refrain/io/glob_internal.h"

namespace {

void Require(bool promise) {
  if (!promise) std::abort();
}

// What stands in front of `pattern`: a class with its brackets, or a byte.
std::string_view First(std::string_view pattern) {
  if (pattern[0] != '[') return pattern.substr(0, 1);
  const size_t first = pattern.size() > 1 && (pattern[1] == '!' || pattern[1] == '^') ? 2 : 1;
  for (size_t at = first + 1; at < pattern.size(); ++at) {
    if (pattern[at] == ']') return pattern.substr(0, at + 1);
  }
  return pattern.substr(0, 1);
}

bool IsMember(std::string_view members, unsigned char c) {
  if (members.empty()) return false;
  const auto first = static_cast<unsigned char>(members[0]);
  if (members.size() > 2 && members[1] == '-')
    return (first <= c && c <= static_cast<unsigned char>(members[2])) || IsMember(members.substr(3), c);
  return first == c || IsMember(members.substr(1), c);
}

bool SlowMatch(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*')
    return SlowMatch(pattern.substr(1), name) || (!name.empty() && SlowMatch(pattern, name.substr(1)));
  if (name.empty()) return false;
  const std::string_view first = First(pattern);
  bool fits = pattern[0] == '?' || pattern[0] == name[0];
  if (first.size() > 1) {
    const bool others = first[1] == '!' || first[1] == '^';
    const std::string_view members = first.substr(others ? 2 : 1, first.size() - (others ? 3 : 2));
    fits = IsMember(members, static_cast<unsigned char>(name[0])) != others;
  }
  return fits && SlowMatch(pattern.substr(first.size()), name.substr(1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t end = bytes.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string_view pattern = bytes.substr(0, end), name = bytes.substr(end + 1);
  const bool matches = refrain::MatchPart(pattern, name);
  if (!refrain::HasGlob(pattern)) Require(matches == (pattern == name));
  // The slow way takes a power of the stars, the fast one only a product.
  if (size > 24) return 0;
  const bool hidden = name.starts_with('.') && !pattern.starts_with('.');
  Require(matches == (!hidden && SlowMatch(pattern, name)));
  return 0;
}
