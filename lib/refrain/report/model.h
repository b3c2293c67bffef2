#pragma once
/// What a run found, as plain data: the one model behind every output format. docs/formats has a page for
/// each.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/match/advice.h"
#include "refrain/match/page_repeats.h"

namespace refrain {

/// A passage shown twice in one page.
struct RepeatRow {
  Span dropped;
  Span kept;  ///< its witness
  uint32_t tokens = 0;
  uint32_t edits = 0;
  // Explained pages only:
  double words = 0;  ///< `tokens` in word equivalents
  CutBecause because = CutBecause::kSecond;
};

/// Where the spans of a page stand in the HTML that it was read from.
struct HtmlRow {
  std::string_view charset;
  uint64_t bytes = 0;         ///< of the HTML
  std::vector<Span> dropped;  ///< for each of PageRow::repeats
  std::vector<Span> kept;
  std::vector<Span> cut;  ///< for each of PageRow::cut
};

/// A page and what its repair cuts. Views belong to the caller.
struct PageRow {
  std::string_view id;
  std::string_view text;
  std::vector<RepeatRow> repeats;  ///< `dropped` sorted, disjoint
  std::vector<Span> cut;           ///< sorted, disjoint
  std::optional<HtmlRow> html;     ///< on request, of pages that were read from HTML
  bool explained = false;          ///< what follows is filled, and `words` and `because` of the repeats
  double words = 0;                ///< of the page, in word equivalents
  std::vector<LeftRepeat> left;    ///< repeats of which nothing goes
  std::vector<Advice> advice;      ///< about each of them
};

/// The same words in two pages.
struct SharedSpan {
  Span a;
  Span b;
};

/// Why two texts are a match.
enum class Verdict : uint8_t {
  kExact,      ///< equal tokens
  kNear,       ///< resemblance at or above the threshold, on shingles
  kPassage,    ///< blocks of two kept pages
  kRepeat,     ///< a passage shown twice in one page
  kDamaged,    ///< not a match: a record that could not be read
  kExtracted,  ///< not a match: a line with HTML as read, of whose text something was cut
  kMirror,     ///< one text at two places
  kCopy,       ///< one page's text stands in the other, as a whole
  kVersion,    ///< an edited text
  kExcerpt,    ///< a large part of one text stands in the other
  kQuote,      ///< a passage
  // Not matches either, but texts that many pages show:
  kBoilerplate,  ///< of one source
  kTemplate,     ///< of one source, with slots that vary
  kCommon,       ///< of many sources
};
std::string_view Name(Verdict verdict);
/// As they are called in files: "cut_off", "inside_text".
std::string_view Name(CutBecause reason);
std::string_view Name(LeftBecause reason);
std::string_view Name(RepeatKind kind);

/// A verified pair. `a` comes first in keep order.
struct MatchRow {
  std::string a;
  std::string b;
  double resemblance = 0;
  double a_in_b = 0;
  double b_in_a = 0;
  int shingle = 5;  ///< words a shingle
  Verdict verdict = Verdict::kNear;
  std::vector<SharedSpan> spans;
};

/// A kept page and the pages dropped because of it.
struct ClusterRow {
  std::string kept;
  std::vector<std::string> dropped;
};

/// A text that many pages show.
struct BoilerplateRow {
  std::string_view source;  ///< empty if it is not known, and for texts of many sources
  Verdict verdict = Verdict::kBoilerplate;
  std::string_view text;
  uint32_t pages = 0;       ///< different pages of the source that show it; kCommon: sources
  uint32_t of = 0;          ///< different pages of the source; kCommon: 0
  std::string_view first;   ///< id of the first page that shows it
  std::vector<Span> slots;  ///< of `text`: what varies
};

/// A page and what of it is boilerplate.
struct BoilerplatePageRow {
  std::string_view id;
  std::string_view source;  ///< empty if it is not known
  std::string_view text;
  std::vector<Span> cut;     ///< sorted, disjoint
  std::vector<Span> common;  ///< texts of many sources that are not cut
};

/// Where a removed piece stood.
struct RemovedPlace {
  std::string_view file;  ///< name of the input file
  uint64_t record = 0;    ///< number of the line or page in it
  std::string_view id;
};

/// A stretch of a document that a run would take out. Not of text that was not valid UTF-8 before.
struct MarkedSpan {
  Verdict verdict = Verdict::kRepeat;
  uint64_t begin = 0;  ///< code points of the document's text, [begin, end)
  uint64_t end = 0;
  double score = 1;     ///< resemblance to what the witness shows
  std::string witness;  ///< id of the page that keeps it
};

/// What is said beside a document, instead of changing it.
struct MarkRow {
  std::string_view id;
  std::vector<MarkedSpan> spans;  ///< by position
};

/// A page left out of clean output, or kept only in part.
struct RemovedPageRow {
  RemovedPlace place;
  Verdict verdict = Verdict::kNear;
  std::string witness;  ///< id of the kept page; empty for damaged and extracted records
  double resemblance = 0;
  double in_witness = 0;  ///< share of its shingles that the witness has
  std::vector<Span> only_in_dropped;
  std::string_view reason;  ///< damaged records: what was wrong
  std::string_view raw;     ///< the record's bytes
};

/// A span left out of a page that stays.
struct RemovedSpanRow {
  RemovedPlace place;
  Verdict verdict = Verdict::kRepeat;
  Span span;                       ///< in the page's text as read
  std::string witness;             ///< id of the page that keeps it
  double resemblance = 1;          ///< passages: of the two blocks
  std::vector<RepeatRow> repeats;  ///< verdict repeat: the aligned runs in it, each with its kept span
  Span kept;                       ///< verdict passage: the block of the witness
  uint32_t pages = 0;              ///< boilerplate and the like: see BoilerplateRow
  uint32_t of = 0;
  uint64_t at = 0;       ///< byte of the record where `raw` stood
  std::string_view raw;  ///< the bytes taken out of the record
};

}  // namespace refrain
