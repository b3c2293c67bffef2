#pragma once
/// The parsers of the single kinds of records. All of them are given a page with location and kind set and
/// the rest empty, and answer as PageParser::Parse does; offsets in messages count from the record's first
/// byte.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/io/fields_internal.h"
#include "refrain/io/html.h"
#include "refrain/io/parse.h"

namespace refrain {

/// Under it a status about a line of JSON without a text has the names of the line's fields.
inline constexpr char kFieldsPayload[] = "refrain/fields";

/// JSONL. Reuse one for many lines.
class JsonLineParser {
 public:
  explicit JsonLineParser(const ParseOptions& options);
  ~JsonLineParser();

  /// REQUIRES: kBatchPadding readable bytes behind `line`.
  absl::StatusOr<bool> Parse(std::string_view line, HtmlText* scratch, Page* page);
  FieldsSeen TakeFieldsSeen();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether ParseWarcRecord may find a page in a record of which only the header and the first bytes of its
/// block are known: not in a request, nor in a response that says it is a video.
bool MayHoldPage(const WarcHead& head, std::string_view begin_of_block);

/// WARC and WET: header, perhaps HTTP inside, then HTML or text.
absl::StatusOr<bool> ParseWarcRecord(std::string_view record, const ParseOptions& options, HtmlText* scratch,
                                     Page* page);

/// Makes `bytes` the page's text: decoded by the charset named in an HTTP header, which may be empty, and
/// extracted.
void TakeHtml(std::string_view bytes, std::string_view charset, bool map_html, HtmlText* scratch, Page* page);

/// Makes the offsets of `extracted` those of the page.
void TakePlaces(size_t html_bytes, HtmlText* extracted, Page* page);

}  // namespace refrain
