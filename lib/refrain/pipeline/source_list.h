#pragma once
/// Lists of sources, as people write them (`--source-list`).

#include <string>
#include <string_view>
#include <vector>

namespace refrain {

/// One source a line, in order. Blanks and a carriage return behind it are none of it, lines without anything
/// else are left out, and so is a byte order mark in front of all.
std::vector<std::string> ParseSourceList(std::string_view bytes);

}  // namespace refrain
