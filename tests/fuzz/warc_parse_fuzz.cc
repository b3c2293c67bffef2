// A WARC record: header, HTTP, codings, charset, HTML.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/utf8.h"
#include "refrain/io/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace refrain;
  // The reader vouches for nothing but that these bytes are there; lengths are often wrong, so both ways are
  // tried.
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string whole =
      "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: " +
      std::to_string(size) + "\r\n\r\n" + bytes;
  PageParser parser(ParseOptions{.max_body = 1 << 20});
  Page page;
  for (const std::string& text : {bytes, whole}) {
    Record record;
    record.kind = RecordKind::kWarc;
    record.bytes = text;
    const absl::StatusOr<bool> result = parser.Parse(record, &page);
    if (result.ok() && *result && page.kind == RecordKind::kWarc && !IsValidUtf8(page.text)) std::abort();
  }
  return 0;
}
