#pragma once
/// Base64 (RFC 4648, section 4): standard alphabet, padded, no line breaks. For bytes that have to travel
/// inside JSON.

#include <string>
#include <string_view>

namespace refrain {

/// Four characters for each three bytes begun.
std::string EncodeBase64(std::string_view bytes);

/// Replaces `bytes`. False, with `bytes` empty, unless EncodeBase64 could have written `text`: wrong length,
/// foreign characters and left-over bits are refused.
bool DecodeBase64(std::string_view text, std::string* bytes);

}  // namespace refrain
