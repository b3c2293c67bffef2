#pragma once
/// Strings of JSON: from literal to text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace refrain {

/// One escape sequence.
struct JsonEscape {
  uint32_t literal_size = 0;  ///< bytes from the backslash on: 2, 6, or 12 for a surrogate pair
  char32_t code_point = 0;
};

/// Reads the escape at literal[at], which is a backslash. Nothing if it is none, or a surrogate without its
/// partner.
std::optional<JsonEscape> ReadJsonEscape(std::string_view literal, size_t at);

/// Replaces `text` with what stands between the quotes of `literal`. False, with the place in `*bad`, for a
/// bad escape. Speed: that of memchr and memcpy between escapes.
bool UnescapeJson(std::string_view literal, std::string* text, size_t* bad);

}  // namespace refrain
