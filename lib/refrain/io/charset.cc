#include "refrain/io/charset.h"

#include <algorithm>
#include <cstddef>
#include <memory>

#include <uchardet.h>

#include "refrain/base/utf8.h"
#include "refrain/io/charset_internal.h"

namespace refrain {
namespace {

using charset::Charset;

constexpr size_t kGuessed = size_t{64} << 10;

/// Whether `bytes` may be Japanese in seven bits, which is valid UTF-8 too.
bool HasJapaneseEscape(std::string_view bytes) {
  for (size_t at = bytes.find("\x1B$"); at != std::string_view::npos; at = bytes.find("\x1B$", at + 2)) {
    if (at + 2 < bytes.size() && (bytes[at + 2] == 'B' || bytes[at + 2] == '@')) return true;
  }
  return false;
}

/// UTF-8 but for a few places, such as a character cut in two where the page was cut off. One bad place in
/// fifty characters is more than damage makes, and far less than another encoding does.
bool IsMostlyUtf8(std::string_view bytes) {
  uint64_t good = 0;
  uint64_t bad = 0;
  for (size_t i = 0; i < bytes.size();) {
    if (static_cast<unsigned char>(bytes[i]) < 0x80) {
      ++i;
      continue;
    }
    char32_t c;
    ++(DecodeUtf8(bytes, &i, &c) ? good : bad);
  }
  return good > 0 && bad <= std::max<uint64_t>(good / 50, 3) && good >= bad * 4;
}

/// Asks uchardet; kNone if it does not know, or names what no browser has.
Charset Guess(std::string_view bytes) {
  // A long head in ASCII says nothing.
  const auto other =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const auto first = static_cast<size_t>(other - bytes.begin());
  std::string_view head = bytes.substr(first < kGuessed ? 0 : first);
  head = head.substr(0, kGuessed);
  if (IsMostlyUtf8(head)) return Charset::kUtf8;

  struct Delete {
    void operator()(uchardet_t detector) const { uchardet_delete(detector); }
  };
  const std::unique_ptr<uchardet, Delete> detector(uchardet_new());
  if (uchardet_handle_data(detector.get(), head.data(), head.size()) != 0) return Charset::kNone;
  uchardet_data_end(detector.get());
  const std::string_view name = uchardet_get_charset(detector.get());
  const Charset guess = name == "UHC" ? Charset::kEucKr : charset::FindCharset(name);
  return guess == Charset::kReplacement || name == "ASCII" ? Charset::kNone : guess;
}

// `mark` bytes in front are a byte order mark.
Decoded DecodeAs(Charset charset, std::string_view bytes, size_t mark, const char* seen_from,
                 DecodedPlaces* places) {
  Decoded out;
  out.charset = charset::NameOf(charset);
  out.seen_from = seen_from;
  out.replaced = charset::Decode(charset, bytes.substr(mark), &out.text, places);
  if (places != nullptr) places->Shift(static_cast<uint32_t>(mark));
  return out;
}

Decoded DecodeBytes(std::string_view bytes, std::string_view header, bool html, DecodedPlaces* places) {
  const auto decode = [&](Charset charset, const char* seen_from, size_t mark = 0) {
    return DecodeAs(charset, bytes, mark, seen_from, places);
  };
  if (bytes.starts_with("\xEF\xBB\xBF")) return decode(Charset::kUtf8, "bom", 3);
  if (bytes.starts_with("\xFE\xFF")) return decode(Charset::kUtf16Be, "bom", 2);
  if (bytes.starts_with("\xFF\xFE")) return decode(Charset::kUtf16Le, "bom", 2);
  Charset said = charset::FindCharset(header);
  if (said != Charset::kNone) return decode(said, "header");
  if (html) {
    said = charset::PrescanMeta(bytes);
    if (said != Charset::kNone) return decode(said, "meta");
  }
  if (IsValidUtf8(bytes)) {
    if (HasJapaneseEscape(bytes.substr(0, kGuessed))) return decode(Charset::kIso2022Jp, "guess");
    return {.text = std::string(bytes), .charset = "utf-8", .seen_from = "utf-8"};
  }
  said = Guess(bytes);
  if (said != Charset::kNone) return decode(said, "guess");
  return decode(Charset::kWindows1252, "default");
}

}  // namespace

uint32_t DecodedPlaces::BeginOf(uint32_t text) const {
  const auto behind = std::upper_bound(edges_.begin(), edges_.end(), text,
                                       [](uint32_t at, const Edge& edge) { return at < edge.text; });
  const Edge edge = behind == edges_.begin() ? Edge() : *(behind - 1);
  return edge.byte + (text - edge.text) + shift_;
}

uint32_t DecodedPlaces::EndOf(uint32_t text) const {
  // Of two edges at one place, what lies between them (an escape sequence) belongs to neither side.
  const auto at = std::lower_bound(edges_.begin(), edges_.end(), text,
                                   [](const Edge& edge, uint32_t end) { return edge.text < end; });
  if (at != edges_.end() && at->text == text) return at->byte + shift_;
  return BeginOf(text);
}

void DecodedPlaces::Note(size_t text, size_t byte) {
  const Edge edge = {static_cast<uint32_t>(text), static_cast<uint32_t>(byte)};
  // Most edges are noted twice: where a character ends and the next begins.
  if (!edges_.empty() && edges_.back().text == edge.text && edges_.back().byte == edge.byte) return;
  edges_.push_back(edge);
}

Decoded DecodeHtml(std::string_view bytes, std::string_view header, DecodedPlaces* places) {
  return DecodeBytes(bytes, header, true, places);
}

Decoded DecodeText(std::string_view bytes, std::string_view header) {
  return DecodeBytes(bytes, header, false, nullptr);
}

bool IsGuess(const Decoded& decoded) {
  return decoded.seen_from == "guess" || decoded.seen_from == "default";
}

std::string GuessCharset(std::string_view bytes) {
  constexpr size_t kEnough = size_t{8} << 10;
  const auto other =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const Charset guess = Guess(bytes.substr(static_cast<size_t>(other - bytes.begin()), kEnough));
  return std::string(charset::NameOf(guess == Charset::kNone ? Charset::kWindows1252 : guess));
}

}  // namespace refrain
