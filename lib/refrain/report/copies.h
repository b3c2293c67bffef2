#pragma once
/// What `copies` found, as plain data, and its lines. docs/formats/copies.md describes them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/report/model.h"

namespace refrain {

/// Which of two pages was there first, by their dates.
enum class Earlier : uint8_t { kUnknown, kA, kB };

/// Two pages that share something. `a` comes first in the order of origins.
struct CopyRow {
  std::string a;
  std::string b;
  std::string source_a;  ///< empty: unknown
  std::string source_b;
  Verdict verdict = Verdict::kQuote;
  double resemblance = 0;  ///< of the main texts, exact
  double a_in_b = 0;
  double b_in_a = 0;
  double local = 0;  ///< of the smaller main text with the stretch of the larger one that it shares most with
  double words = 0;  ///< shared, in word equivalents
  int shingle = 5;   ///< tokens a shingle
  bool same_source = false;
  Earlier earlier = Earlier::kUnknown;
  std::vector<SharedSpan> spans;  ///< passages, in bytes
};

/// Why a page is held to be the origin of its story.
enum class OriginBecause : uint8_t {
  kDate,          ///< earlier than all others, which have dates too
  kEarliest,      ///< the earliest of those that have a date; others have none
  kAgency,        ///< the agency's own page, whose mark others carry
  kCompleteness,  ///< no dates that tell: the longest, and what others have is in it
  kOrder,         ///< nothing tells: the first by id
};
std::string_view Name(OriginBecause reason);

/// A page of a story. Spans are those of its changes against the origin, in bytes.
struct StoryMember {
  std::string id;
  std::string source;               ///< empty: unknown
  std::string date;                 ///< ISO 8601, UTC; empty: unknown
  std::string agency;               ///< whose mark it carries; empty: none
  std::string role;                 ///< "origin", or its verdict: "mirror", "copy", "version"
  bool same_source = false;         ///< as the origin: republished, not syndicated
  double in_origin = 1;             ///< share of its main text's shingles that the origin has
  double of_origin = 1;             ///< share of the origin's that it has
  std::vector<Span> added;          ///< in the member
  std::vector<Span> cut;            ///< in the origin
  std::vector<SharedSpan> changed;  ///< a: in the origin, b: in the member
};

struct StoryRow {
  OriginBecause because = OriginBecause::kOrder;
  double confidence = 0;             ///< that it is the origin among these pages, 0 to 1
  uint64_t publishers = 0;           ///< different sources; pages of unknown source count as one each
  std::vector<StoryMember> members;  ///< the origin first, then in the order of origins
};

/// A source that shows stories of another.
struct SourceEdge {
  std::string origin;
  std::string source;
  uint64_t stories = 0;
};

/// Each appends one line, line end included.
void AppendJson(const CopyRow& row, std::string* out);
void AppendJson(const StoryRow& row, std::string* out);
/// A line a member: story (the origin's id), id, source, date, role, same_source, in_origin, of_origin,
/// agency, and of the story because, confidence.
void AppendCsv(const StoryRow& row, std::string* out);
void AppendCsv(const SourceEdge& edge, std::string* out);
/// The first lines of those files.
std::string_view StoriesCsvHead();
std::string_view SourcesCsvHead();

/// A passage of a pair under the names that passim (github.com/dasmiq/passim, seriatim.py) gives to aligned
/// extents: uid, series, begin, end and text, and the same with a 2 behind for the other side.
struct PassimSide {
  std::string_view id;
  std::string_view series;  ///< the source
  uint64_t begin = 0;       ///< in code points of the page's text
  uint64_t end = 0;
  std::string_view text;
};
void AppendPassim(const PassimSide& a, const PassimSide& b, std::string* out);

}  // namespace refrain
