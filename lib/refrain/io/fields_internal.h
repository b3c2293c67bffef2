#pragma once
/// Header blocks of WARC records and HTTP messages: lines of "name: value" up to an empty line.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain {

/// A header field. `value` has no white space at its edges; folded lines are joined by one space.
struct HeaderField {
  std::string_view name;
  std::string value;
};

/// Where a header block ends, given that it begins at bytes[0]: the offset behind its empty line, or npos if
/// that is not in `bytes`. Lines end in LF; any CRs in front of it belong to the line end. `from` is a place
/// up to which it was searched in vain before, with fewer bytes; 0 the first time.
size_t FindHeaderEnd(std::string_view bytes, size_t from = 0);

/// The fields of a header block, its first line left out. Lines without a colon are passed by.
std::vector<HeaderField> ParseFields(std::string_view block);

/// The first field of that name in letters of any case, or nothing.
const std::string* FindField(const std::vector<HeaderField>& fields, std::string_view name);

/// All fields of that name, joined by ", ".
std::string JoinFields(const std::vector<HeaderField>& fields, std::string_view name);

/// "text/html" of "Text/HTML; charset=x": lower case, without parameters.
std::string MediaType(std::string_view content_type);

/// The value of a parameter of a media type, without quotes; empty if absent.
std::string MediaParameter(std::string_view content_type, std::string_view name);

/// What a reader needs of a WARC record's header.
struct WarcHead {
  size_t size = 0;      ///< bytes of the header with its empty line
  std::string version;  ///< "1.0"
  std::vector<HeaderField> fields;
  uint64_t content_length = 0;
};

/// Reads the header of the record that begins at bytes[0]. Nothing, and a reason, if there is no version
/// line, the header does not end in `bytes`, or Content-Length is missing or no number.
std::optional<WarcHead> ParseWarcHead(std::string_view bytes, std::string* reason);

/// The length of "WARC/1.0" and its line end if `bytes` begin with a whole version line (letters of any
/// case), else 0.
size_t WarcVersionLine(std::string_view bytes);

}  // namespace refrain
