#pragma once
/// What a file or an HTTP body is, from its first bytes.

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "refrain/io/records.h"

namespace refrain {

/// How many decompressed bytes SniffFormat wants to see; fewer if the file is shorter.
inline constexpr size_t kSniffBytes = size_t{16} << 10;

/// The ending of a path that tells its format, lower case and without the one of a compression: "jsonl" for
/// "a/B.JSONL.gz". May be empty.
std::string FormatEnding(std::string_view path);

/// Whether files with this FormatEnding are taken from folders.
bool IsKnownEnding(std::string_view ending);

/// One sentence about a kind of file that is not read and what to do with it; empty for any other. `head` are
/// the first bytes of a file, stored or decompressed.
std::string WhyRefused(std::string_view head);

/// The format of a file with these first bytes, after decompression. Content decides, then the ending, then
/// it is text. InvalidArgument, without the path, for what is refused; a file that was compressed twice is
/// refused too, whatever its ending.
absl::StatusOr<InputFormat> SniffFormat(std::string_view head, std::string_view path);

enum class HtmlSigns { kNone, kWeak, kStrong };
/// Strong: a doctype, or an element that only an HTML page begins with. Weak: it begins with some tag of
/// HTML.
HtmlSigns LooksLikeHtml(std::string_view head);

/// Whether `body` is certainly not text: it begins as an image, an archive, a PDF, or holds many control
/// characters.
bool LooksBinary(std::string_view body);

/// Whether a record of a web archive begins here: "WARC/" and a version, in letters of any case.
bool BeginsWarc(std::string_view bytes);

/// ASCII only.
bool EqualIgnoringCase(std::string_view a, std::string_view b);
bool StartsWithIgnoringCase(std::string_view text, std::string_view prefix);
std::string LowerCase(std::string_view text);

}  // namespace refrain
