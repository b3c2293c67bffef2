#include "refrain/io/parse.h"

#include <limits>
#include <utility>

#include "refrain/io/charset.h"
#include "refrain/io/parse_internal.h"

namespace refrain {

struct PageParser::State {
  explicit State(const ParseOptions& parse_options) : options(parse_options), json(parse_options.fields) {}

  ParseOptions options;
  JsonLineParser json;
  HtmlText html;
};

PageParser::PageParser(const ParseOptions& options) : state_(std::make_unique<State>(options)) {}
PageParser::~PageParser() = default;
PageParser::PageParser(PageParser&&) noexcept = default;
PageParser& PageParser::operator=(PageParser&&) noexcept = default;

void TakeHtml(std::string_view bytes, std::string_view charset, HtmlText* scratch, Page* page) {
  Decoded decoded = DecodeHtml(bytes, charset);
  ExtractHtml(decoded.text, HtmlOptions{}, scratch);
  page->text.swap(scratch->text);
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
  page->literal_begin = page->literal_end = 0;
  page->key_begin = page->key_end = page->null_begin = 0;
  page->replaced = 0;
  page->truncated = false;
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
      return true;
    case RecordKind::kHtml:
      TakeHtml(record.bytes, "", &state_->html, page);
      return true;
    case RecordKind::kWarc:
    case RecordKind::kWet:
      return ParseWarcRecord(record.bytes, state_->options, &state_->html, page);
  }
  return false;
}

}  // namespace refrain
