#include "refrain/io/parse.h"

#include <limits>
#include <utility>

#include "refrain/base/utf8.h"
#include "refrain/io/charset.h"
#include "refrain/io/parse_internal.h"

namespace refrain {

struct PageParser::State {
  explicit State(const ParseOptions& parse_options) : options(parse_options), json(parse_options) {}

  ParseOptions options;
  JsonLineParser json;
  HtmlText html;
};

PageParser::PageParser(const ParseOptions& options) : state_(std::make_unique<State>(options)) {}
PageParser::~PageParser() = default;
PageParser::PageParser(PageParser&&) noexcept = default;
PageParser& PageParser::operator=(PageParser&&) noexcept = default;

FieldsSeen PageParser::TakeFieldsSeen() { return state_->json.TakeFieldsSeen(); }

void FieldsSeen::Add(const FieldsSeen& later) {
  lines += later.lines;
  id = id || later.id;
  url = url || later.url;
  source = source || later.source;
  date = date || later.date;
  if (first.empty()) first = later.first;
}

void CharsetGuesses::Note(const Page& page) {
  if (page.charset_guessed) Add({.pages = 1, .first = page.charset, .kind = page.kind});
}

void CharsetGuesses::Add(const CharsetGuesses& later) {
  if (pages == 0) first = later.first, kind = later.kind;
  pages += later.pages;
}

void TakePlaces(size_t html_bytes, HtmlText* extracted, Page* page) {
  page->html_places.begins.swap(extracted->offsets);
  page->html_places.ends.swap(extracted->ends);
  page->html_places.html_bytes = html_bytes;
}

void TakeHtml(std::string_view bytes, std::string_view charset, bool map_html, HtmlText* scratch,
              Page* page) {
  DecodedPlaces decoded_places;
  Decoded decoded = DecodeHtml(bytes, charset, map_html ? &decoded_places : nullptr);
  ExtractHtml(decoded.text, {.map_offsets = map_html}, scratch);
  page->text.swap(scratch->text);
  page->apart.swap(scratch->apart);
  if (map_html) {
    TakePlaces(bytes.size(), scratch, page);
    HtmlPlaces& places = page->html_places;
    // What comes from one character has the same place, also where that is in the middle of its bytes.
    const auto inside = [&](uint32_t at) {
      return at < decoded.text.size() && (static_cast<unsigned char>(decoded.text[at]) & 0xC0) == 0x80;
    };
    for (uint32_t& begin : places.begins) {
      while (inside(begin)) --begin;
      begin = decoded_places.BeginOf(begin);
    }
    for (uint32_t& end : places.ends) {
      while (inside(end)) ++end;
      end = decoded_places.EndOf(end);
    }
  }
  page->charset_guessed = IsGuess(decoded);
  page->charset = std::move(decoded.charset);
  page->replaced = decoded.replaced;
}

absl::StatusOr<bool> PageParser::Parse(const Record& record, Page* page) {
  // The strings keep their memory, above all the text.
  page->location = record.location;
  page->kind = record.kind;
  for (std::string* text :
       {&page->id, &page->url, &page->source, &page->date, &page->text, &page->charset, &page->record_type}) {
    text->clear();
  }
  page->raw = {};
  page->apart.clear();
  page->html_places.begins.clear();
  page->html_places.ends.clear();
  page->html_places.html_bytes = 0;
  page->literal_begin = page->literal_end = 0;
  page->key_begin = page->key_end = page->null_begin = 0;
  page->replaced = 0;
  page->truncated = page->charset_guessed = false;
  page->transfer = page->content = CodingClaim::kNone;

  // Offsets in a page have 32 bits.
  if (record.oversized || record.bytes.size() > std::numeric_limits<uint32_t>::max() / 2) return false;
  switch (record.kind) {
    case RecordKind::kBlank:
      return false;
    case RecordKind::kJsonl:
    case RecordKind::kJsonlHtml:
      return state_->json.Parse(record.bytes, &state_->html, page);
    case RecordKind::kText:
      page->text.assign(record.bytes);
      page->raw = record.bytes;
      if (!IsValidUtf8(record.bytes)) {
        page->charset_guessed = true;
        page->charset = GuessCharset(record.bytes);
      }
      return true;
    case RecordKind::kHtml:
      TakeHtml(record.bytes, "", state_->options.map_html, &state_->html, page);
      return true;
    case RecordKind::kWarc:
    case RecordKind::kWet:
      return ParseWarcRecord(record.bytes, state_->options, &state_->html, page);
  }
  return false;
}

Damage DamageOf(const Record& record, const absl::Status& status) {
  Damage damage{.file = record.location.file,
                .record = record.location.record,
                .offset = record.location.offset,
                .bytes = record.bytes.size(),
                .reason = std::string(status.message())};
  if (const auto fields = status.GetPayload(kFieldsPayload)) damage.fields = std::string(*fields);
  return damage;
}

}  // namespace refrain
