#pragma once
/// How wide a line is on a terminal: Han, kana and Hangul take two columns, others one.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace refrain {

/// A line that is wider was not broken to the width of a screen.
inline constexpr uint32_t kWidestColumns = 130;

/// The columns of `line`, counted up to kWidestColumns and some more. Constant, since no more bytes than make
/// so many are read.
inline uint32_t Columns(std::string_view line) {
  constexpr size_t kPart = 64;
  if (line.size() > kWidestColumns * 4) return kWidestColumns + 1;
  // Sums of a byte: compilers make vectors of them.
  const auto columns_of = [](std::string_view part) {
    uint8_t columns = 0;
    for (const char c : part) {
      const auto byte = static_cast<uint8_t>(c);
      columns = static_cast<uint8_t>(columns + ((byte & 0xC0) != 0x80) + (byte >= 0xE3));
    }
    return columns;
  };
  uint32_t columns = 0;
  for (size_t at = 0; at < line.size() && columns <= kWidestColumns; at += kPart)
    columns += columns_of(line.substr(at, kPart));
  return columns;
}

}  // namespace refrain
