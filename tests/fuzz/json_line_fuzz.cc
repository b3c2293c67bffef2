// A line of JSONL: what is accepted, the text, and its place in the line, against simdjson's other parser.

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "refrain/base/utf8.h"
#include "refrain/io/json_string_internal.h"
#include "refrain/io/parse.h"

namespace {

void Check(bool good) {
  if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace refrain;
  std::string buffer(reinterpret_cast<const char*>(data), size);
  buffer.append(64, '\0');
  Record record;
  record.kind = RecordKind::kJsonl;
  record.bytes = std::string_view(buffer).substr(0, size);
  PageParser parser(ParseOptions{});
  Page page;
  const absl::StatusOr<bool> result = parser.Parse(record, &page);

  // Every JSON object with a string "text" is a page with that text.
  simdjson::dom::parser strict;
  simdjson::dom::object object;
  std::string_view text;
  std::string_view json = record.bytes;
  if (json.starts_with("\xef\xbb\xbf")) json.remove_prefix(3);
  simdjson::dom::element root;
  if (strict.parse(json.data(), json.size()).get(root) == simdjson::SUCCESS &&
      root.get(object) == simdjson::SUCCESS && object.at_key("text").get(text) == simdjson::SUCCESS) {
    Check(result.ok() && *result && page.kind == RecordKind::kJsonl);
    Check(page.text == text);
  }
  if (!result.ok() || !*result || page.kind != RecordKind::kJsonl) return 0;

  Check(IsValidUtf8(page.text));
  Check(page.raw == record.bytes);
  const std::string_view literal = page.raw.substr(page.literal_begin, page.literal_end - page.literal_begin);
  Check(literal.size() >= 2 && literal.front() == '"' && literal.back() == '"');
  std::string again;
  size_t bad = 0;
  Check(UnescapeJson(literal, &again, &bad) && again == page.text);

  // Each code point comes back from its own piece of the literal.
  LiteralMap map(literal);
  uint32_t raw = map.Map(0);
  Check(raw == 1);
  for (size_t at = 0; at < page.text.size();) {
    const size_t begin = at;
    char32_t ignored;
    DecodeUtf8(page.text, &at, &ignored);
    const uint32_t next = map.Map(static_cast<uint32_t>(at));
    const std::string piece = '"' + std::string(literal.substr(raw, next - raw)) + '"';
    Check(UnescapeJson(piece, &again, &bad) &&
          again == std::string_view(page.text).substr(begin, at - begin));
    raw = next;
  }
  Check(raw == literal.size() - 1);
  return 0;
}
