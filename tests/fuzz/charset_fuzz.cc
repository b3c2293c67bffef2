// DecodeHtml on any bytes and any header: the text is always valid UTF-8, and what is said about it is true.
// The first byte of the input says how long the header is.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "refrain/base/utf8.h"
#include "refrain/io/charset.h"
#include "refrain/io/charset_internal.h"

namespace {

/// Ends the process where a promise is broken; also in builds without assertions.
void Require(bool promise) {
  if (!promise) std::abort();
}

void Check(const refrain::Decoded& decoded, std::string_view bytes) {
  Require(refrain::IsValidUtf8(decoded.text));
  Require(refrain::charset::FindCharset(decoded.charset) != refrain::charset::Charset::kNone);
  Require(decoded.replaced * 3 <= decoded.text.size());
  Require(decoded.text.size() <= bytes.size() * 3 + 3);
  if (decoded.seen_from == "utf-8") Require(decoded.text == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t header_size = std::min<size_t>(static_cast<unsigned char>(bytes[0]), size - 1);
  const std::string_view header = bytes.substr(1, header_size);
  bytes.remove_prefix(1 + header_size);
  Check(refrain::DecodeHtml(bytes, header), bytes);
  Check(refrain::DecodeHtml(bytes, ""), bytes);
  Check(refrain::DecodeText(bytes, header), bytes);
  return 0;
}
