#include "refrain/pipeline/page_source.h"

#include <utility>

#include "refrain/pipeline/page_table.h"

#include <fmt/format.h>

#include "refrain/base/base64.h"
#include "refrain/base/json.h"
#include "refrain/base/utf8.h"
#include "refrain/io/charset.h"

namespace refrain {

PageSource::PageSource(const Corpus& corpus)
    : corpus_(corpus), parser_(corpus.options().parse), our_parser_(ParseOptions{}) {}

// Whether a page of an earlier run is called by the place it had there. Such a name may be that of a page of
// this run too, and is none of its own.
bool PageSource::IsPlaceInRun(const Page& page) const {
  if (!corpus_.holds_extracted(page.location.file)) return false;
  const std::string& file = corpus_.name_in_run(page.location.file);
  if (!page.id.starts_with(file)) return false;
  const std::string_view behind = std::string_view(page.id).substr(file.size());
  return behind.empty() || (behind.size() > 1 && behind.front() == ':' &&
                            behind.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

absl::StatusOr<bool> PageSource::Read(const Record& record, Page* page) {
  PageParser& parser = corpus_.holds_extracted(record.location.file) ? our_parser_ : parser_;
  absl::StatusOr<bool> parsed = parser.Parse(record, page);
  if (!parsed.ok() || !*parsed) return parsed;
  if (IsPlaceInRun(*page)) page->id.clear();
  if (corpus_.options().source_is_file) page->source = corpus_.files()[record.location.file].name;
  // JSON is valid by its parser's word, other WARC records by their decoder's; a WET record is what somebody
  // wrote.
  if (page->kind == RecordKind::kWet && !IsValidUtf8(page->text)) {
    Decoded decoded = DecodeText(page->text, "utf-8");
    page->text = std::move(decoded.text);
    page->replaced += decoded.replaced;
    page->charset_guessed = true;
    page->charset = std::move(decoded.charset);
  }
  guesses_.Note(*page);
  return true;
}

void PageSource::TakeNotes(CorpusBatch* place) {
  place->fields = parser_.TakeFieldsSeen();
  place->guesses = std::exchange(guesses_, {});
}

std::string PlaceName(std::string_view file, RecordKind kind, uint64_t line) {
  if (kind == RecordKind::kText || kind == RecordKind::kHtml) return std::string(file);
  return fmt::format("{}:{}", file, line);
}

namespace {

// Appends the line with its text in the place of its HTML. Where there was a text of null it is the null that
// makes way: a second text would not be read.
void AppendWithText(const Page& page, const FieldNames& fields, PageImage* image) {
  std::string& out = image->built;
  const auto text = [&] {
    image->literal_begin = static_cast<uint32_t>(out.size());
    AppendJsonString(page.text, &out);
    image->literal_end = static_cast<uint32_t>(out.size());
  };
  constexpr uint32_t kNull = 4;
  uint32_t at = 0;
  const auto copy = [&](uint32_t end) {
    out.append(page.raw.substr(at, end - at));
    at = end;
  };
  if (page.null_begin == 0) {
    copy(page.key_begin);
    AppendJsonString(fields.text, &out);
    at = page.key_end;
    copy(page.literal_begin);
    text();
    at = page.literal_end;
  } else {
    const auto exchange = [&](bool null) {
      copy(null ? page.null_begin : page.literal_begin);
      null ? text() : static_cast<void>(out.append("null"));
      at = null ? page.null_begin + kNull : page.literal_end;
    };
    const bool null_first = page.null_begin < page.literal_begin;
    exchange(null_first);
    exchange(!null_first);
  }
  copy(static_cast<uint32_t>(page.raw.size()));
}

}  // namespace

void MakeImage(const Page& page, std::string_view file_name, const FieldNames& fields, PageImage* image) {
  image->json = page.kind != RecordKind::kText;
  image->literal_begin = image->literal_end = 0;
  if (page.kind == RecordKind::kText) {
    image->raw = page.raw;
    return;
  }
  if (page.kind == RecordKind::kJsonl) {
    image->raw = page.raw;
    image->literal_begin = page.literal_begin;
    image->literal_end = page.literal_end;
    return;
  }
  std::string& out = image->built;
  out.clear();
  if (page.kind == RecordKind::kJsonlHtml) {
    AppendWithText(page, fields, image);
    image->raw = out;
    return;
  }
  JsonWriter json(&out);
  json.BeginObject();
  const auto field = [&](std::string_view key, const std::string& value) {
    if (!value.empty() && IsValidUtf8(value)) json.Field(key, value);
  };
  const auto name = [&](const std::string& key, std::string_view value) {
    IsValidUtf8(value) ? json.Field(key, value) : json.Field(key + "_base64", EncodeBase64(value));
  };
  name("id", NameOf(page, file_name));
  field("url", page.url);
  field("source", page.source);
  field("date", page.date);
  json.Key("text");
  image->literal_begin = static_cast<uint32_t>(out.size());
  json.Value(page.text);
  image->literal_end = static_cast<uint32_t>(out.size());
  if (page.truncated) json.Field("truncated", true);
  name("file", file_name);
  json.Field("offset", page.location.offset).Field("length", page.location.length);
  json.EndObject().EndLine();
  image->raw = out;
}

void MapToImage(const PageImage& image, const std::vector<Span>& cut, std::vector<Span>* raw_cut) {
  raw_cut->clear();
  if (!image.json) {
    *raw_cut = cut;
    return;
  }
  LiteralMap map(image.raw.substr(image.literal_begin, image.literal_end - image.literal_begin));
  for (const Span& span : cut) {
    const uint32_t begin = image.literal_begin + map.Map(span.begin);
    const uint32_t end = image.literal_begin + map.Map(span.end);
    raw_cut->push_back({begin, end});
  }
}

std::string NameOf(const Page& page, std::string_view file) {
  return page.id.empty() ? PlaceName(file, page.kind, page.location.record) : page.id;
}

std::string DisplayId(const PageTable& table, uint32_t page, std::string_view file) {
  const PageEntry& entry = table[page];
  const std::string place = PlaceName(file, entry.kind, entry.record);
  if (entry.id_size == 0) return place;
  std::string id(table.id(page));
  if (entry.same_id) id += "@" + place;
  return id;
}

}  // namespace refrain
