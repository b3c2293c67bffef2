// A line of JSONL to a page. simdjson finds the structure and checks UTF-8; strings are taken apart here, as
// the place of the text's literal is needed to the byte and simdjson's own unescaping is not dispatched over
// CPUs in on-demand mode.

#include <absl/strings/cord.h>
#include <simdjson.h>

#include <array>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/utf8.h"
#include "refrain/io/json_string_internal.h"
#include "refrain/io/parse_internal.h"
#include "refrain/io/url.h"

namespace refrain {
namespace {

namespace ondemand = simdjson::ondemand;

enum Field : size_t { kId, kText, kHtml, kUrl, kSource, kDate, kFieldCount };

constexpr char kBadEscape[] = "a bad escape or half a surrogate pair";

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Where `line` stops being UTF-8.
size_t FirstInvalid(std::string_view line) {
  size_t at = 0;
  char32_t ignored;
  while (at < line.size()) {
    const size_t begin = at;
    if (!DecodeUtf8(line, &at, &ignored)) return begin;
  }
  return at;
}

// Digits as JSON writes them; not checked to the last rule.
bool LooksLikeNumber(std::string_view token) {
  return !token.empty() && (token[0] == '-' || (token[0] >= '0' && token[0] <= '9')) &&
         token.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

}  // namespace

struct JsonLineParser::State {
  FieldNames fields;
  bool map_html = false;
  ondemand::parser parser;
  std::string key;            // one with escapes in it, without them
  std::string_view html_key;  // as it stands, quotes included
  std::string html;
  const char* begin = nullptr;  // of the record
  FieldsSeen seen;

  absl::Status FindFields(std::string_view line, std::array<std::string_view, kFieldCount>* found);
  size_t FieldOf(std::string_view name) const;
  void See(const Page& page, bool has_source, std::string_view line);
  std::string FieldsOf(std::string_view line);
  absl::Status Error(simdjson::error_code code, std::string_view line, ondemand::document* document) const;
  absl::Status SetScalar(std::string_view token, std::string_view name, std::string* value) const;
  absl::Status Damaged(std::string_view what, const char* place) const {
    return absl::InvalidArgumentError(fmt::format("{} at byte {} of the line", what, place - begin));
  }
};

JsonLineParser::JsonLineParser(const ParseOptions& options) : state_(std::make_unique<State>()) {
  state_->fields = options.fields;
  state_->map_html = options.map_html;
}
JsonLineParser::~JsonLineParser() = default;

FieldsSeen JsonLineParser::TakeFieldsSeen() { return std::exchange(state_->seen, {}); }

// kFieldCount for a name that is not asked for.
size_t JsonLineParser::State::FieldOf(std::string_view name) const {
  if (name == fields.text) return kText;
  if (name == fields.id) return kId;
  if (name == fields.url) return kUrl;
  if (name == fields.html) return kHtml;
  if (name == fields.source) return kSource;
  if (name == fields.date) return kDate;
  return kFieldCount;
}

// The names of the first fields of a line that is whole, for people: 'a', 'b'.
std::string JsonLineParser::State::FieldsOf(std::string_view line) {
  constexpr size_t kMost = 10;
  constexpr size_t kLongest = 60;
  ondemand::document document;
  ondemand::object object;
  const simdjson::padded_string_view padded(line.data(), line.size(),
                                            line.size() + simdjson::SIMDJSON_PADDING);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    return "";
  }
  std::string names;
  size_t count = 0;
  for (auto item : object) {
    ondemand::field field;
    if (std::move(item).get(field) != simdjson::SUCCESS) break;
    const std::string_view behind_quote = line.substr(field.key().raw() - line.data());
    const std::string_view name = behind_quote.substr(0, behind_quote.find('"'));
    if (name.size() > kLongest) continue;
    if (++count > kMost) return names + ", ...";
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", name);
  }
  return names;
}

absl::Status JsonLineParser::State::Error(simdjson::error_code code, std::string_view line,
                                          ondemand::document* document) const {
  if (code == simdjson::UTF8_ERROR)
    return Damaged("bytes that are not UTF-8", line.data() + FirstInvalid(line));
  const char* end = line.data() + line.size();
  const char* place = end;
  if (document == nullptr || document->current_location().get(place) != simdjson::SUCCESS || place > end)
    place = end;
  switch (code) {
    case simdjson::UNCLOSED_STRING:
      return Damaged("JSON with a string that is not closed", place);
    case simdjson::UNESCAPED_CHARS:
      return Damaged("JSON with a control character inside a string, in front of or", place);
    case simdjson::INCORRECT_TYPE:
      return Damaged("not a JSON object", line.data());
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return Damaged("JSON that is cut off", place);
    case simdjson::MEMALLOC:
      return absl::ResourceExhaustedError("no memory to parse JSON");
    default:
      return Damaged("malformed JSON", place);
  }
}

// Fills `found` with the tokens of the values asked for: the first of each name, without white space behind.
absl::Status JsonLineParser::State::FindFields(std::string_view line,
                                               std::array<std::string_view, kFieldCount>* found) {
  ondemand::document document;
  const simdjson::padded_string_view padded(line.data(), line.size(),
                                            line.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = parser.iterate(padded).get(document)) return Error(error, line, nullptr);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) return Error(error, line, &document);
  for (auto item : object) {
    ondemand::field field;
    if (const auto error = std::move(item).get(field)) return Error(error, line, &document);
    const std::string_view behind_quote = line.substr(field.key().raw() - line.data());
    std::string_view name = behind_quote.substr(0, behind_quote.find_first_of("\"\\"));
    std::string_view literal(behind_quote.data() - 1, name.size() + 2);
    if (name.size() < behind_quote.size() && behind_quote[name.size()] == '\\') {
      size_t end = name.size();
      while (end < behind_quote.size() && behind_quote[end] != '"') end += behind_quote[end] == '\\' ? 2 : 1;
      if (end >= behind_quote.size()) return Damaged("malformed JSON", behind_quote.data());
      size_t bad = 0;
      literal = std::string_view(behind_quote.data() - 1, end + 2);
      if (!UnescapeJson(literal, &key, &bad)) {
        return Damaged("JSON with a bad escape in a key", literal.data() + bad);
      }
      name = key;
    }
    const size_t which = FieldOf(name);
    if (which == kFieldCount || (*found)[which].data() != nullptr) continue;
    std::string_view token = field.value().raw_json_token();
    while (!token.empty() && IsSpace(token.back())) token.remove_suffix(1);
    (*found)[which] = token;
    if (which == kHtml) html_key = literal;
  }
  const char* behind = nullptr;
  if (document.current_location().get(behind) == simdjson::SUCCESS) {
    return Damaged("something behind the JSON object", behind);
  }
  return absl::OkStatus();
}

void JsonLineParser::State::See(const Page& page, bool has_source, std::string_view line) {
  ++seen.lines;
  const FieldNames usual;
  bool lacks = false;
  const auto see = [&](bool has, bool is_named, bool* flag) {
    *flag = *flag || has;
    lacks = lacks || (is_named && !has);
  };
  see(!page.id.empty(), fields.id != usual.id, &seen.id);
  see(!page.url.empty(), fields.url != usual.url, &seen.url);
  see(has_source, fields.source != usual.source, &seen.source);
  see(!page.date.empty(), fields.date != usual.date, &seen.date);
  if (lacks && seen.first.empty()) seen.first = FieldsOf(line);
}

absl::Status JsonLineParser::State::SetScalar(std::string_view token, std::string_view name,
                                              std::string* value) const {
  if (token.starts_with('"')) {
    size_t bad = 0;
    if (UnescapeJson(token, value, &bad)) return absl::OkStatus();
    return Damaged(fmt::format("{} in field '{}'", kBadEscape, name), token.data() + bad);
  }
  if (token.empty() || (token[0] != '-' && (token[0] < '0' || token[0] > '9'))) return absl::OkStatus();
  if (!LooksLikeNumber(token))
    return Damaged(fmt::format("a malformed number in field '{}'", name), token.data());
  value->assign(token);
  return absl::OkStatus();
}

absl::StatusOr<bool> JsonLineParser::Parse(std::string_view line, HtmlText* scratch, Page* page) {
  State& state = *state_;
  state.begin = line.data();
  std::string_view json = line;
  while (!json.empty() && IsSpace(json.back())) json.remove_suffix(1);
  if (json.starts_with("\xef\xbb\xbf"))
    json.remove_prefix(3);  // some editors put a byte order mark in front of a file
  if (json.empty()) {
    page->kind = RecordKind::kBlank;
    return false;
  }
  std::array<std::string_view, kFieldCount> found{};
  const absl::Status status = state.FindFields(json, &found);
  if (!status.ok()) return status;

  const FieldNames& names = state.fields;
  const std::tuple<Field, const std::string&, std::string*> scalars[] = {
      {kId, names.id, &page->id},
      {kUrl, names.url, &page->url},
      {kSource, names.source, &page->source},
      {kDate, names.date, &page->date}};
  for (const auto& [field, name, value] : scalars) {
    const absl::Status set = state.SetScalar(found[field], name, value);
    if (!set.ok()) return set;
  }
  const bool has_source = !page->source.empty();
  if (!has_source) page->source = HostOf(page->url);

  for (const Field field : {kText, kHtml}) {
    const std::string& name = field == kText ? names.text : names.html;
    const std::string_view literal = found[field];
    if (literal.data() == nullptr || literal == "null") continue;
    if (!literal.starts_with('"'))
      return state.Damaged(fmt::format("field '{}' that is not a string", name), literal.data());
    std::string* to = field == kText ? &page->text : &state.html;
    size_t bad = 0;
    if (!UnescapeJson(literal, to, &bad)) {
      return state.Damaged(fmt::format("{} in field '{}'", kBadEscape, name), literal.data() + bad);
    }
    const auto place = [&](std::string_view part) {
      return static_cast<uint32_t>(part.data() - line.data());
    };
    page->raw = line;
    page->literal_begin = place(literal);
    page->literal_end = page->literal_begin + static_cast<uint32_t>(literal.size());
    state.See(*page, has_source, json);
    if (field == kText) return true;
    page->kind = RecordKind::kJsonlHtml;
    page->key_begin = place(state.html_key);
    page->key_end = page->key_begin + static_cast<uint32_t>(state.html_key.size());
    if (found[kText].data() != nullptr) page->null_begin = place(found[kText]);
    ExtractHtml(state.html, {.map_offsets = state.map_html}, scratch);
    page->text.swap(scratch->text);
    page->apart.swap(scratch->apart);
    if (state.map_html) TakePlaces(state.html.size(), scratch, page);
    page->charset = "utf-8";
    return true;
  }
  const bool null = found[kText].data() != nullptr || found[kHtml].data() != nullptr;
  absl::Status none = absl::InvalidArgumentError(
      fmt::format("no field '{}' or '{}'{}", names.text, names.html, null ? " but with the value null" : ""));
  if (!null) {
    // From a view: clang 19 spells the name of the constructor from strings otherwise than the library does.
    const std::string fields = state.FieldsOf(json);
    none.SetPayload(kFieldsPayload, absl::Cord(absl::string_view(fields.data(), fields.size())));
  }
  return none;
}

}  // namespace refrain
