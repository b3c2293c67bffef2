#include <algorithm>
#include <cstddef>
#include <iterator>

#include "refrain/io/charset_internal.h"

namespace refrain::charset {
namespace {

struct Label {
  std::string_view label;
  Charset charset;
};

constexpr Label kLabels[] = {
#include "refrain/io/charset_labels.inc"
};

constexpr bool Less(const Label& a, const Label& b) { return a.label < b.label; }
static_assert(std::is_sorted(std::begin(kLabels), std::end(kLabels), Less));

constexpr std::string_view kNames[] = {"ibm866",
                                       "iso-8859-2",
                                       "iso-8859-3",
                                       "iso-8859-4",
                                       "iso-8859-5",
                                       "iso-8859-6",
                                       "iso-8859-7",
                                       "iso-8859-8",
                                       "iso-8859-10",
                                       "iso-8859-13",
                                       "iso-8859-14",
                                       "iso-8859-15",
                                       "iso-8859-16",
                                       "koi8-r",
                                       "koi8-u",
                                       "macintosh",
                                       "windows-874",
                                       "windows-1250",
                                       "windows-1251",
                                       "windows-1252",
                                       "windows-1253",
                                       "windows-1254",
                                       "windows-1255",
                                       "windows-1256",
                                       "windows-1257",
                                       "windows-1258",
                                       "x-mac-cyrillic",
                                       "iso-8859-8-i",
                                       "utf-8",
                                       "utf-16le",
                                       "utf-16be",
                                       "gbk",
                                       "gb18030",
                                       "big5",
                                       "euc-jp",
                                       "iso-2022-jp",
                                       "shift_jis",
                                       "euc-kr",
                                       "x-user-defined",
                                       "replacement",
                                       ""};
static_assert(std::size(kNames) == static_cast<size_t>(Charset::kNone) + 1);

constexpr size_t kLongestLabel = 32;

bool IsTrimmed(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '"' || c == '\'';
}

}  // namespace

Charset FindCharset(std::string_view label) {
  while (!label.empty() && IsTrimmed(label.front())) label.remove_prefix(1);
  while (!label.empty() && IsTrimmed(label.back())) label.remove_suffix(1);
  if (label.size() > kLongestLabel) return Charset::kNone;
  std::string lower(label);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  const Label* found =
      std::lower_bound(std::begin(kLabels), std::end(kLabels), Label{lower, Charset::kNone}, Less);
  return found != std::end(kLabels) && found->label == lower ? found->charset : Charset::kNone;
}

std::string_view NameOf(Charset charset) { return kNames[static_cast<size_t>(charset)]; }

}  // namespace refrain::charset
