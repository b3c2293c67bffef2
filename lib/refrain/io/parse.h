#pragma once
/// From a record's bytes to a page. Pure functions of the bytes and options: safe to run in any thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "refrain/io/page.h"
#include "refrain/io/records.h"

namespace refrain {

/// Which JSONL fields to read. They are members of the line's object itself, not of objects in it. If a key
/// occurs twice the first counts. `text` goes before `html`; one of them must be a string. `id`, `url`,
/// `source` and `date` may be strings or numbers (then they are the digits as written); anything else counts
/// as absent.
struct FieldNames {
  std::string id = "id";
  std::string text = "text";
  std::string html = "html";
  std::string url = "url";
  std::string source = "source";
  std::string date = "date";
};

struct ParseOptions {
  FieldNames fields;
  /// WARC: a body that decodes to more is damaged. Bounds memory against archives made to burst it.
  uint64_t max_body = uint64_t{64} << 20;
  /// Note where extracted text stands in its HTML (Page::html_places). Takes eight bytes for each of text.
  bool map_html = false;
};

/// Which fields the pages that were parsed had, so that a wrong name can be said. Only lines of JSON count,
/// and a field only with a value that is read.
struct FieldsSeen {
  uint64_t lines = 0;  ///< that are pages
  bool id = false;
  bool url = false;
  bool source = false;
  bool date = false;
  std::string first;  ///< for people: the fields of the first line without one of a name of its own

  void Add(const FieldsSeen& later);
};

/// Pages whose bytes are not UTF-8 although nothing said what they are, so that a guess can be said.
struct CharsetGuesses {
  uint64_t pages = 0;
  std::string first;  ///< of the first of them: what it looks like
  RecordKind kind{};  ///< of the first

  void Note(const Page& page);
  void Add(const CharsetGuesses& later);
};

/// Reusable parser state (buffers, a JSON parser). One for each thread.
class PageParser {
 public:
  explicit PageParser(const ParseOptions& options);
  ~PageParser();
  PageParser(PageParser&&) noexcept;
  PageParser& operator=(PageParser&&) noexcept;

  /// Replaces `page`. True: a page. False: a record without one (warcinfo, request, revisit, an image, an
  /// empty body, a blank line, an oversized record); location, kind and record_type are set all the same.
  /// InvalidArgument: a damaged record, with what is wrong and at which byte of the record. JSON: numbers,
  /// true, false and null outside the named fields are not checked.
  absl::StatusOr<bool> Parse(const Record& record, Page* page);

  /// Of the pages since the last call.
  FieldsSeen TakeFieldsSeen();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What Parse said of `record`, as damage.
Damage DamageOf(const Record& record, const absl::Status& status);

/// Where the byte `offset` of a decoded JSON string stands in its literal: maps a text offset to an offset in
/// `literal` (quotes included). Offsets must be given in rising order to `Map`.
class LiteralMap {
 public:
  explicit LiteralMap(std::string_view literal);
  /// REQUIRES: text_offset not below the one of the call before, and at a code point's edge.
  uint32_t Map(uint32_t text_offset);

 private:
  std::string_view literal_;
  uint32_t raw_ = 1;
  uint32_t text_ = 0;
};

}  // namespace refrain
