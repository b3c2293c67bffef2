#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "refrain/io/sniff_internal.h"
#include "refrain/io/source_internal.h"

namespace refrain {
namespace {

using std::string_view;

constexpr char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

constexpr string_view kUtf8Bom = "\xef\xbb\xbf";

string_view SkipSpace(string_view text) {
  size_t at = 0;
  while (at < text.size() && IsSpace(text[at])) ++at;
  return text.substr(at);
}

bool IsUtf16(string_view head) { return head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff"); }

struct Magic {
  string_view bytes;
  const char* what;
};

// Kinds of files people have and that are not read.
constexpr Magic kRefused[] = {
    {{"PK\x03\x04", 4}, "a zip archive (or WACZ): unpack it and name the files in it"},
    {{"\x04\x22\x4d\x18", 4},
     "compressed with lz4: pipe it in, lz4 -dc FILE | refrain ... -, or compress it with zstd"},
    {{"\xfd\x37zXZ\0", 6},
     "compressed with xz: pipe it in, xz -dc FILE | refrain ... -, or compress it with zstd"},
    {{"7z\xbc\xaf\x27\x1c", 6}, "a 7z archive: unpack it and name the files in it"},
    {{"PAR1", 4}, "a Parquet file: write it as JSONL first, for instance with DuckDB or pyarrow"},
    {{"ARROW1\0", 7}, "an Arrow file: write it as JSONL first, for instance with pyarrow"},
    {{"Obj\x01", 4}, "an Avro file: write it as JSONL first"},
    {{"%PDF-", 5}, "a PDF: extract its text first, for instance with pdftotext"},
};

// ARC, the format before WARC: a record begins with "url ip-address date content-type length", the first
// one's URL being filedesc:.
bool IsArc(string_view head) {
  if (head.starts_with("filedesc://")) return true;
  const string_view line = head.substr(0, std::min(head.find('\n'), size_t{4096}));
  std::array<string_view, 4> parts{};
  size_t begin = 0;
  for (string_view& part : parts) {
    const size_t end = line.find(' ', begin);
    if (end == string_view::npos) return false;
    part = line.substr(begin, end - begin);
    begin = end + 1;
  }
  const size_t colon = parts[0].find("://");
  const bool ip =
      std::count(parts[1].begin(), parts[1].end(), '.') == 3 &&
      std::all_of(parts[1].begin(), parts[1].end(), [](char c) { return c == '.' || IsDigit(c); });
  const bool date = parts[2].size() >= 12 && std::all_of(parts[2].begin(), parts[2].end(), IsDigit);
  const string_view length = line.substr(line.find_last_of(' ') + 1);
  return colon != string_view::npos && colon > 0 && ip && date && parts[3].find('/') != string_view::npos &&
         !length.empty() && IsDigit(length[0]);
}

// What of a UTF-16 text is ASCII, so that tags can be seen in it.
std::string WithoutZeros(string_view text) {
  std::string out;
  for (const char c : text.substr(0, 2048)) {
    if (c != '\0') out.push_back(c);
  }
  return out;
}

// Behind byte order mark, white space, comments and processing instructions. Empty if one of them does not
// end.
string_view SkipProlog(string_view head) {
  if (head.starts_with(kUtf8Bom)) head.remove_prefix(kUtf8Bom.size());
  while (true) {
    head = SkipSpace(head);
    string_view close;
    if (head.starts_with("<!--")) {
      close = "-->";
    } else if (head.starts_with("<?")) {
      close = "?>";
    } else {
      return head;
    }
    const size_t end = head.find(close);
    if (end == string_view::npos) return {};
    head.remove_prefix(end + close.size());
  }
}

}  // namespace

bool EqualIgnoringCase(string_view a, string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return Lower(x) == Lower(y); });
}

bool StartsWithIgnoringCase(string_view text, string_view prefix) {
  return text.size() >= prefix.size() && EqualIgnoringCase(text.substr(0, prefix.size()), prefix);
}

std::string LowerCase(string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), Lower);
  return out;
}

std::string FormatEnding(string_view path) {
  std::string name = LowerCase(path.substr(path.find_last_of('/') + 1));
  for (const string_view compression : {".gz", ".zst"}) {
    if (name.ends_with(compression)) {
      name.resize(name.size() - compression.size());
      break;
    }
  }
  const size_t dot = name.find_last_of('.');
  return dot == std::string::npos ? "" : name.substr(dot + 1);
}

bool IsKnownEnding(string_view ending) {
  constexpr string_view kKnown[] = {"jsonl", "json", "ndjson", "txt", "html", "htm", "warc", "wet", "arc"};
  return std::find(std::begin(kKnown), std::end(kKnown), ending) != std::end(kKnown);
}

std::string WhyRefused(string_view head) {
  for (const Magic& magic : kRefused) {
    if (head.starts_with(magic.bytes)) return magic.what;
  }
  // "BZh", the block size, and the magic of the first block or of the end.
  if (head.starts_with("BZh") && head.size() >= 10 && IsDigit(head[3]) &&
      (head.substr(4, 6) == "1AY&SY" || head.substr(4, 6) == "\x17\x72\x45\x38\x50\x90")) {
    return "compressed with bzip2: pipe it in, bzip2 -dc FILE | refrain ... -, or compress it with zstd";
  }
  if (head.size() >= 263 && head.substr(257, 5) == "ustar")
    return "a tar archive: unpack it and name the files in it";
  if (IsArc(head))
    return "an ARC file, the format before WARC: convert it first, for instance with warcio recompress";
  return "";
}

bool BeginsWarc(string_view bytes) {
  return bytes.size() >= 6 && StartsWithIgnoringCase(bytes, "warc/") && IsDigit(bytes[5]);
}

HtmlSigns LooksLikeHtml(string_view head) {
  std::string ascii;
  if (IsUtf16(head)) {
    ascii = WithoutZeros(head.substr(2));
    head = ascii;
  }
  head = SkipProlog(head);
  if (!head.starts_with('<')) return HtmlSigns::kNone;
  head.remove_prefix(1);
  if (StartsWithIgnoringCase(head, "!doctype")) {
    return StartsWithIgnoringCase(SkipSpace(head.substr(8)), "html") ? HtmlSigns::kStrong : HtmlSigns::kNone;
  }
  size_t size = 0;
  while (size < head.size() &&
         (IsDigit(head[size]) || (Lower(head[size]) >= 'a' && Lower(head[size]) <= 'z')))
    ++size;
  if (size == head.size() || !(IsSpace(head[size]) || head[size] == '>' || head[size] == '/'))
    return HtmlSigns::kNone;
  const string_view name = head.substr(0, size);
  for (const string_view strong : {"html", "head", "body", "frameset"}) {
    if (EqualIgnoringCase(name, strong)) return HtmlSigns::kStrong;
  }
  for (const string_view weak :
       {"title",  "meta", "base", "link", "script", "style", "noscript", "div",    "p",       "table",
        "h1",     "h2",   "h3",   "h4",   "a",      "b",     "i",        "br",     "font",    "center",
        "ul",     "ol",   "dl",   "span", "main",   "form",  "iframe",   "img",    "article", "section",
        "header", "nav",  "pre",  "em",   "hr",     "tr",    "td",       "object", "strong"}) {
    if (EqualIgnoringCase(name, weak)) return HtmlSigns::kWeak;
  }
  return HtmlSigns::kNone;
}

bool LooksBinary(string_view body) {
  for (const string_view magic : {"\x89PNG", "\xff\xd8\xff", "%PDF-", "PK\x03\x04", "\x1f\x8b",
                                  "\x28\xb5\x2f\xfd", "\x7f\x45LF", "\xd0\xcf\x11\xe0"}) {
    if (body.starts_with(magic)) return true;
  }
  if (IsUtf16(body)) return false;
  const string_view head = body.substr(0, 1024);
  const auto controls = static_cast<size_t>(std::count_if(head.begin(), head.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && !IsSpace(c) && c != '\x1b' && c != '\v';
  }));
  // These are letters, and a text may begin with them.
  for (const string_view magic : {"GIF8", "RIFF", "wOFF", "wOF2", "Rar!", "BZh", "ID3"}) {
    if (controls > 0 && body.starts_with(magic)) return true;
  }
  // ISO-2022 text holds escapes; other text holds next to no control characters, compressed data one byte in
  // ten.
  return controls * 20 > head.size();
}

absl::StatusOr<InputFormat> SniffFormat(string_view head, string_view path) {
  const std::string ending = FormatEnding(path);
  const bool json_ending = ending == "jsonl" || ending == "json" || ending == "ndjson";
  string_view text = head;
  if (text.starts_with(kUtf8Bom)) text.remove_prefix(kUtf8Bom.size());
  text = SkipSpace(text);
  if (BeginsWarc(text)) return InputFormat::kWarc;
  if (CodingOf(head) != Coding::kPlain) {
    return absl::InvalidArgumentError(
        "compressed twice: undo one layer first, gzip -dc FILE | refrain ... - (or zstd -dc)");
  }
  const std::string refused = WhyRefused(head);
  if (!refused.empty()) return absl::InvalidArgumentError(refused);
  if (ending == "arc") return absl::InvalidArgumentError(WhyRefused("filedesc://"));
  if (ending == "warc" || ending == "wet") return InputFormat::kWarc;
  if (text.starts_with('[') && json_ending) {
    return absl::InvalidArgumentError(
        "JSON that is one array: refrain reads one object a line; jq -c '.[]' FILE makes that of it");
  }
  if (text.starts_with('{')) {
    const string_view rest = SkipSpace(text.substr(1));
    const string_view between = text.substr(1, text.size() - 1 - rest.size());
    const bool spread = between.find('\n') != string_view::npos && !rest.empty();
    if (spread && json_ending) {
      return absl::InvalidArgumentError(
          "JSON that is spread over several lines: refrain reads one object a line; jq -c . FILE makes that "
          "of it");
    }
    if (!spread && (rest.starts_with('"') || rest.starts_with('}'))) return InputFormat::kJsonl;
  }
  if (json_ending) return InputFormat::kJsonl;
  const HtmlSigns signs = LooksLikeHtml(head);
  if (signs == HtmlSigns::kStrong || ending == "html" || ending == "htm") return InputFormat::kHtml;
  if (signs == HtmlSigns::kWeak && ending != "txt") return InputFormat::kHtml;
  if (IsUtf16(head))
    return absl::InvalidArgumentError("text in UTF-16: convert it first, iconv -f UTF-16 -t UTF-8");
  if (LooksBinary(head)) return absl::InvalidArgumentError("neither text nor any other format that is read");
  return InputFormat::kText;
}

}  // namespace refrain
