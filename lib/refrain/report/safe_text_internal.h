#pragma once
/// Text of pages, made fit to be shown.

#include <string>
#include <string_view>

namespace refrain {

/// Appends `text` with U+FFFD for control characters but line feed and tab, for marks that turn the direction
/// of writing, and for bytes that are not UTF-8, so that a page cannot command a terminal or show its own
/// words in place of ours. The carriage return before a line feed is left out.
void AppendSafe(std::string_view text, std::string* out);

}  // namespace refrain
