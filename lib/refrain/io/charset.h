#pragma once
/// From bytes in any encoding to UTF-8.
///
///   Decoded page = DecodeHtml("<meta charset=koi8-r>\xD0", /*header=*/"");
///   // page.text == "<meta charset=koi8-r>\u043F", page.charset == "koi8-r", page.seen_from == "meta"
///
/// Labels, names and decoders are those of the WHATWG Encoding Standard, so that pages read as in browsers:
/// "iso-8859-1" and "ascii" are windows-1252, "gb2312" is gbk, "shift_jis" Windows' code page 932, "euc-kr"
/// 949, "tis-620" 874. Damaged characters become U+FFFD and never swallow the markup behind them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refrain {

/// Which bytes a decoded text came from. Takes eight bytes for each character that is not ASCII.
class DecodedPlaces {
 public:
  /// The byte where the character begins that begins at `text`, a byte of the decoded text; where the one
  /// ends that ends at `text`. Both rise with `text`. REQUIRES: `text` is at an edge between characters.
  uint32_t BeginOf(uint32_t text) const;
  uint32_t EndOf(uint32_t text) const;

  /// For decoders: an edge between characters. Behind it one byte is one byte, up to the next that is noted.
  void Note(size_t text, size_t byte);
  /// All bytes are so many further on: a byte order mark was taken off.
  void Shift(uint32_t bytes) { shift_ += bytes; }

 private:
  struct Edge {
    uint32_t text = 0;
    uint32_t byte = 0;
  };
  std::vector<Edge> edges_;
  uint32_t shift_ = 0;
};

struct Decoded {
  std::string text;     ///< UTF-8, always valid, without a byte order mark
  std::string charset;  ///< WHATWG name, lower case
  /// "bom", "header", "meta" (or an XML declaration), "utf-8" (the bytes are valid UTF-8), "guess", "default"
  std::string seen_from;
  uint64_t replaced = 0;  ///< places that became U+FFFD
};

/// Decodes an HTML page. Believed in this order: a byte order mark; `header` (the charset of HTTP
/// Content-Type, quotes allowed, may be empty); <meta> in the first 1024 bytes; valid UTF-8; a guess on 64
/// KiB (UTF-8 with a few bad bytes, else what uchardet says); windows-1252. Labels nobody knows are passed
/// over. Encodings that browsers refuse (hz-gb-2312, iso-2022-kr...) give a single U+FFFD. Linear; UTF-8
/// costs little more than a copy. Thread safe.
/// With `places`, which must be empty, notes which bytes the text came from.
Decoded DecodeHtml(std::string_view bytes, std::string_view header, DecodedPlaces* places = nullptr);

/// The same for plain text: no <meta>.
Decoded DecodeText(std::string_view bytes, std::string_view header);

/// Whether `seen_from` says that bytes which are not UTF-8 were decoded from what they look like.
bool IsGuess(const Decoded& decoded);

/// What text that is not UTF-8 looks like, by its first few thousand bytes from the first that is not ASCII;
/// the name of a charset.
std::string GuessCharset(std::string_view bytes);

}  // namespace refrain
