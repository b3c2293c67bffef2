#pragma once
/// Encodings of the WHATWG Encoding Standard: labels, names and decoders.

#include <cstdint>
#include <string>
#include <string_view>

#include "refrain/io/charset.h"

namespace refrain::charset {

/// Every encoding of the standard. The single-byte ones stand first, in the order of their tables.
enum class Charset : uint8_t {
  // clang-format off
  kIbm866, kIso8859_2, kIso8859_3, kIso8859_4, kIso8859_5, kIso8859_6, kIso8859_7, kIso8859_8, kIso8859_10,
  kIso8859_13, kIso8859_14, kIso8859_15, kIso8859_16, kKoi8R, kKoi8U, kMacintosh, kWindows874,
  kWindows1250, kWindows1251, kWindows1252, kWindows1253, kWindows1254, kWindows1255, kWindows1256,
  kWindows1257, kWindows1258, kMacCyrillic, kIso8859_8I, kUtf8, kUtf16Le, kUtf16Be, kGbk, kGb18030, kBig5,
  kEucJp, kIso2022Jp, kShiftJis, kEucKr, kUserDefined, kReplacement,
  kNone,  ///< no such label
  // clang-format on
};

/// The encoding a label stands for, in any case, white space and quotes around it left out; kNone for unknown
/// ones.
Charset FindCharset(std::string_view label);

/// Its name in the standard, lower case.
std::string_view NameOf(Charset charset);

/// What <meta> or an XML declaration in the first 1024 bytes say, as the standard's prescan reads them.
/// kNone: nothing.
Charset PrescanMeta(std::string_view bytes);

/// Appends `bytes` as UTF-8 and returns how many places became U+FFFD. A byte order mark is not looked for.
/// Errors are handled as the standard says: an ASCII byte that cannot end a character is read again by
/// itself. With `places` notes where characters stand; `text` must then be empty. Thread safe.
uint64_t Decode(Charset charset, std::string_view bytes, std::string* text, DecodedPlaces* places = nullptr);

/// The part of Decode for encodings of two and more bytes.
uint64_t DecodeEastAsian(Charset charset, std::string_view bytes, std::string* text, DecodedPlaces* places);

}  // namespace refrain::charset
