#pragma once
/// Entities that nobody has read: "&quot;" where a quotation mark should stand.

#include <cstdint>
#include <string_view>

#include "refrain/text/tokens.h"

namespace refrain {

/// A reference to a mark or a space at the beginning of a text.
struct Entity {
  uint32_t size = 0;       ///< bytes, 0 if there is none
  char32_t character = 0;  ///< that it stands for
};

/// Reads "&ldquo;", "&#8220;", "&#x201C;", or with its ampersand escaped once more "&amp;ldquo;". Only
/// quotation marks, dashes, spaces, dots and the ampersand: what stands for a letter, a sign or a currency is
/// text.
Entity EntityAt(std::string_view text);

/// Replaces `plain` with `tokens` but for the names of such entities, which are no words. Returns whether
/// there are any; if not, `plain` is left as it was. Linear.
bool WithoutEntities(std::string_view text, const Tokens& tokens, Tokens* plain);

}  // namespace refrain
