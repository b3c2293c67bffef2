#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "refrain/io/fields_internal.h"
#include "refrain/io/sniff_internal.h"

namespace refrain {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (IsBlank(text.front()) || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (IsBlank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Cuts the first line off `rest`; without its LF, but with CRs in front of it.
std::string_view NextLine(std::string_view* rest) {
  const size_t end = rest->find('\n');
  const std::string_view line = rest->substr(0, end);
  rest->remove_prefix(end == std::string_view::npos ? rest->size() : end + 1);
  return line;
}

}  // namespace

size_t FindHeaderEnd(std::string_view bytes, size_t from) {
  // What was searched before may have ended between the LFs, with CRs between them.
  while (from > 0 && (bytes[from - 1] == '\r' || bytes[from - 1] == '\n')) --from;
  size_t line = from == 0 ? 0 : std::string_view::npos;  // a line that begins at byte 0 may be empty too
  while (true) {
    if (line != std::string_view::npos) {
      size_t at = line;
      while (at < bytes.size() && bytes[at] == '\r') ++at;
      if (at < bytes.size() && bytes[at] == '\n') return at + 1;
      from = line;
    }
    const size_t feed = bytes.find('\n', from);
    if (feed == std::string_view::npos) return std::string_view::npos;
    line = feed + 1;
  }
}

std::vector<HeaderField> ParseFields(std::string_view block) {
  std::vector<HeaderField> fields;
  NextLine(&block);
  while (!block.empty()) {
    const std::string_view line = NextLine(&block);
    if (!line.empty() && IsBlank(line.front())) {  // goes on with the field before
      const std::string_view more = Trim(line);
      if (fields.empty() || more.empty()) continue;
      std::string& value = fields.back().value;
      if (!value.empty()) value.push_back(' ');
      value.append(more);
      continue;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    fields.push_back({Trim(line.substr(0, colon)), std::string(Trim(line.substr(colon + 1)))});
  }
  return fields;
}

const std::string* FindField(const std::vector<HeaderField>& fields, std::string_view name) {
  for (const HeaderField& field : fields) {
    if (EqualIgnoringCase(field.name, name)) return &field.value;
  }
  return nullptr;
}

std::string JoinFields(const std::vector<HeaderField>& fields, std::string_view name) {
  std::string joined;
  for (const HeaderField& field : fields) {
    if (!EqualIgnoringCase(field.name, name)) continue;
    if (!joined.empty()) joined.append(", ");
    joined.append(field.value);
  }
  return joined;
}

std::string MediaType(std::string_view content_type) {
  // Several fields may have been joined by a comma: the first counts.
  content_type = Trim(content_type);
  return LowerCase(content_type.substr(0, content_type.find_first_of(";, \t")));
}

std::string MediaParameter(std::string_view content_type, std::string_view name) {
  size_t at = content_type.find(';');
  while (at != std::string_view::npos) {
    const size_t end = content_type.find(';', at + 1);
    const std::string_view part = Trim(content_type.substr(at + 1, end - (at + 1)));
    const size_t equals = part.find('=');
    if (equals != std::string_view::npos && EqualIgnoringCase(Trim(part.substr(0, equals)), name)) {
      std::string_view value = Trim(part.substr(equals + 1));
      if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
        const char quote = value.front();
        value.remove_prefix(1);
        value = value.substr(0, value.find(quote));
      }
      return std::string(Trim(value.substr(0, value.find(','))));
    }
    at = end;
  }
  return "";
}

size_t WarcVersionLine(std::string_view bytes) {
  if (!BeginsWarc(bytes)) return 0;
  size_t at = 5;
  while (at < bytes.size() && at < 16 && (IsDigit(bytes[at]) || bytes[at] == '.')) ++at;
  while (at < bytes.size() && at < 24 && (bytes[at] == '\r' || IsBlank(bytes[at]))) ++at;
  return at < bytes.size() && bytes[at] == '\n' ? at + 1 : 0;
}

std::optional<WarcHead> ParseWarcHead(std::string_view bytes, std::string* reason) {
  WarcHead head;
  const size_t version = WarcVersionLine(bytes);
  if (version == 0) {
    *reason = "no WARC version line where a record should begin";
    return std::nullopt;
  }
  head.version = Trim(bytes.substr(5, version - 6));
  const size_t end = FindHeaderEnd(bytes);
  if (end == std::string_view::npos) {
    *reason = "a WARC header without end";
    return std::nullopt;
  }
  head.size = end;
  head.fields = ParseFields(bytes.substr(0, end));
  const std::string* length = FindField(head.fields, "Content-Length");
  if (length == nullptr) {
    *reason = "a WARC header without Content-Length";
    return std::nullopt;
  }
  const char* last = length->data() + length->size();
  const auto [stop, error] = std::from_chars(length->data(), last, head.content_length);
  if (error != std::errc() || stop != last) {
    *reason = fmt::format("a WARC header with Content-Length '{}'", length->substr(0, 40));
    return std::nullopt;
  }
  return head;
}

}  // namespace refrain
