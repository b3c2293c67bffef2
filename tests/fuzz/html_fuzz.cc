// ExtractHtml on any bytes: nothing is read or written outside, lines are what they are promised to be, valid
// input gives valid output, and offsets, asked for or not, change nothing and stay in order.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "refrain/base/utf8.h"
#include "refrain/io/html.h"

namespace {

/// Ends the process where a promise is broken; also in builds without assertions.
void Require(bool promise) {
  if (!promise) std::abort();
}

void CheckLines(std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    Require(end != std::string_view::npos && end > 0);
    const char last = text[end - 1];
    Require(last != ' ' && last != '\t' && last != '\r' && last != '\f');
    text.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  refrain::HtmlText plain;
  refrain::ExtractHtml(html, {}, &plain);
  CheckLines(plain.text);
  if (refrain::IsValidUtf8(html))
    Require(refrain::IsValidUtf8(plain.text) && refrain::IsValidUtf8(plain.title));

  refrain::HtmlText mapped;
  refrain::ExtractHtml(html, {.map_offsets = true}, &mapped);
  Require(mapped.text == plain.text && mapped.title == plain.title);
  Require(mapped.offsets.size() == mapped.text.size());
  uint32_t before = 0;
  for (const uint32_t offset : mapped.offsets) {
    Require(offset >= before && offset <= size);
    before = offset;
  }

  // A stack of three forgets most elements; what it shows must still be lines.
  refrain::ExtractHtml(html, {.map_offsets = true, .max_depth = 3}, &mapped);
  CheckLines(mapped.text);
  return 0;
}
