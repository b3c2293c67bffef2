#include "refrain/base/utf8.h"
#include "refrain/report/safe_text_internal.h"

namespace refrain {
namespace {

// Controls, and marks that turn the direction of what stands around them.
bool IsUnsafe(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

void AppendSafe(std::string_view text, std::string* out) {
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    char32_t c = 0;
    if (!DecodeUtf8(text, &at, &c) || IsUnsafe(c)) {
      if (c == '\r' && at < text.size() && text[at] == '\n') continue;
      out->append("\uFFFD");
    } else {
      out->append(text.substr(from, at - from));
    }
  }
}

}  // namespace refrain
