#pragma once
/// Blank lines around what is cut: what is left does not have them twice.

#include <cstdint>
#include <string_view>

#include "refrain/base/span.h"

namespace refrain {

/// Where the blank lines begin that stand right in front of the line that begins at `at`, and where those end
/// that stand right behind it, where a line ends; `at` if there are none. White space of any width is blank.
/// Linear in those lines.
uint32_t BlanksBefore(std::string_view text, uint32_t at);
uint32_t BlanksBehind(std::string_view text, uint32_t at);

/// `lines`, which are whole and go, with the blank lines that go along: those behind where some stand before
/// as well, and all on both sides at an edge of the text.
Span TakeBlankLines(std::string_view text, Span lines);

}  // namespace refrain
