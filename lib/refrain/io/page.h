#pragma once
/// A page as it comes out of a reader, and where it stood.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"

namespace refrain {

/// Where a record lies: for messages, for undo, for joining with other tools.
struct Location {
  uint32_t file = 0;    ///< number of the input file, in the sorted list of inputs
  uint64_t record = 0;  ///< 0, 1, 2... within the file. JSONL: of the lines that damage left whole, so that
                        ///< clean output can be counted through; WARC: damaged records counted
  uint64_t offset =
      0;  ///< first byte of the record in the decompressed file; for WARC gzip/zstd members see member_offset
  uint64_t length = 0;  ///< bytes of the record, line end not included
};

/// What kind of container a page came from: decides how clean output is written.
enum class RecordKind : uint8_t {
  kJsonl,      ///< a line of JSON with `text`: cut inside the line, everything else kept
  kJsonlHtml,  ///< a line of JSON with `html`: as kJsonl, but the text is extracted and what is cut stays
               ///< text
  kText,       ///< a whole plain text file
  kHtml,       ///< a whole HTML file: extracted
  kWarc,       ///< a WARC record; response and resource records hold pages, extracted when HTML
  kWet,        ///< a WARC conversion record: its text as it stands
  kBlank,      ///< an empty line between JSONL records: no page, goes through untouched
};

/// What became of a coding that an HTTP header claims for its body. Headers lie both ways, so a decoder has
/// to agree.
enum class CodingClaim : uint8_t {
  kNone,   ///< nothing was claimed
  kTrue,   ///< claimed, and undone
  kFalse,  ///< claimed, but the body is not so coded: taken as it is
};

/// Where a page's text stands in the HTML it was extracted from: text byte i came from bytes
/// [begins[i], ends[i]), which are none where a tag broke the line. Both never fall.
struct HtmlPlaces {
  std::vector<uint32_t> begins;
  std::vector<uint32_t> ends;
  uint64_t html_bytes = 0;

  bool empty() const { return begins.empty(); }
  /// The bytes from the first character of `text` to its last, with the tags between them. REQUIRES:
  /// !text.empty(), and it lies in the page's text.
  Span Of(Span text) const { return {begins[text.begin], ends[text.end - 1]}; }
};

/// One page. Views are valid as long as the RecordBatch it was parsed from.
struct Page {
  Location location;
  RecordKind kind = RecordKind::kText;
  std::string id;  ///< its own id or the WARC record id (angle brackets included); empty where it has none
  std::string url;
  std::string source;  ///< given source, else host of url, else empty
  std::string date;    ///< as given
  std::string text;  ///< the page's text as read; offsets everywhere count its bytes. May hold bytes that are
                     ///< not UTF-8 where a text input did
  std::string_view raw;  ///< kJsonl, kJsonlHtml, kText: the record's bytes, line end included, which restore
                         ///< gives back; else empty
  /// kJsonl: the JSON string literal of the text, quotes included, is raw [literal_begin, literal_end).
  /// kJsonlHtml: that of the HTML.
  uint32_t literal_begin = 0;
  uint32_t literal_end = 0;
  uint32_t key_begin = 0;  ///< kJsonlHtml: the key of the HTML, quotes included, is raw [key_begin, key_end)
  uint32_t key_end = 0;
  uint32_t null_begin = 0;  ///< kJsonlHtml: where the text's value stands, if there is one and it is null
  std::string charset;      ///< extracted kinds: what the bytes were decoded from, WHATWG name
  bool charset_guessed = false;  ///< nothing said what the bytes are, and UTF-8 they are not: `charset` looks
                                 ///< most like it. kText, kWet: so it looks, and the text is not decoded
  uint64_t replaced = 0;         ///< extracted kinds: characters that could not be decoded and became U+FFFD
  /// Extracted kinds, with ParseOptions::map_html. The bytes are those of the file (kHtml), of the HTTP body
  /// with its codings undone (kWarc), of the string in UTF-8 (kJsonlHtml).
  HtmlPlaces html_places;
  /// Extracted kinds: stretches of `text` that stand beside the running text (HtmlText::apart).
  std::vector<Span> apart;
  bool truncated = false;   ///< WARC-Truncated was set, or the body's coding ended early
  std::string record_type;  ///< kWarc, kWet: WARC-Type, lower case. Set for records without a page too
  CodingClaim transfer = CodingClaim::kNone;  ///< kWarc: Transfer-Encoding
  CodingClaim content = CodingClaim::kNone;   ///< kWarc: Content-Encoding
};

}  // namespace refrain
