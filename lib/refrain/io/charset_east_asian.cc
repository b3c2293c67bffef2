/// Encodings of two and more bytes. ICU's converters fill a table for each, once; the decoding loops are the
/// standard's, since what follows a damaged character (a '<', say) must be read as browsers read it.

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include <unicode/ucnv.h>

#include "refrain/base/utf8.h"
#include "refrain/io/charset_internal.h"

namespace refrain::charset {
namespace {

using Byte = unsigned char;

constexpr char32_t kNothing = 0;

/// What a byte sequence means to ICU; kNothing unless it is exactly one character.
class Converter {
 public:
  explicit Converter(const char* name) {
    UErrorCode error = U_ZERO_ERROR;
    converter_.reset(ucnv_open(name, &error));
    if (U_FAILURE(error)) converter_.reset();
    if (converter_ == nullptr) return;
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  }

  char32_t operator()(std::string_view bytes) {
    if (converter_ == nullptr) return kNothing;
    UChar units[8];
    UErrorCode error = U_ZERO_ERROR;
    ucnv_reset(converter_.get());
    const int32_t size =
        ucnv_toUChars(converter_.get(), units, 8, bytes.data(), static_cast<int32_t>(bytes.size()), &error);
    if (U_FAILURE(error)) return kNothing;
    if (size == 1 && units[0] != 0xFFFD && (units[0] & 0xF800) != 0xD800) return units[0];
    if (size == 2 && (units[0] & 0xFC00) == 0xD800 && (units[1] & 0xFC00) == 0xDC00) {
      return 0x10000u + ((units[0] - 0xD800u) << 10) + (units[1] - 0xDC00u);
    }
    return kNothing;
  }

 private:
  struct Close {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
  };
  std::unique_ptr<UConverter, Close> converter_;
};

/// The characters of two bytes, the first from 0x80 on, with what stands in front of both.
struct Table {
  std::array<char32_t, 128 * 256> characters{};

  Table(const char* converter_name, std::string_view prefix) {
    Converter convert(converter_name);
    std::string bytes(prefix);
    bytes.resize(prefix.size() + 2);
    for (unsigned lead = 0x81; lead < 0xFF; ++lead) {
      for (unsigned trail = 0x40; trail < 0xFF; ++trail) {
        bytes[prefix.size()] = static_cast<char>(lead);
        bytes[prefix.size() + 1] = static_cast<char>(trail);
        Set(lead, trail, convert(bytes));
      }
    }
  }

  char32_t At(unsigned lead, unsigned trail) const { return characters[(lead - 0x80) * 256 + trail]; }
  void Set(unsigned lead, unsigned trail, char32_t c) { characters[(lead - 0x80) * 256 + trail] = c; }
};

// Function-local statics: filled at first use (about 10 ms each), by one thread, never destroyed while in
// use.
const Table& Gb18030Table() {
  static const Table* const table = [] {
    auto* filled = new Table("gb18030", "");
    filled->Set(0xA3, 0xA0, 0x3000);  // an ideographic space on many pages
    return filled;
  }();
  return *table;
}

const Table& Big5Table() {
  static const Table* const table = [] {
    auto* filled = new Table("Big5-HKSCS", "");
    for (char32_t& c : filled->characters) {
      if (c >= 0xE000 && c < 0xF900) c = kNothing;  // the standard has no private characters here
    }
    return filled;
  }();
  return *table;
}

const Table& EucJpTable() {
  static const Table* const table = new Table("euc-jp-2007", "");
  return *table;
}

const Table& EucJpSupplement() {
  static const Table* const table = new Table("euc-jp-2007", "\x8F");
  return *table;
}

const Table& ShiftJisTable() {
  static const Table* const table = new Table("ibm-943_P15A-2003", "");
  return *table;
}

const Table& EucKrTable() {
  static const Table* const table = [] {
    auto* filled = new Table("windows-949-2000", "");
    for (unsigned trail = 0; trail < 256; ++trail) {
      // Two rows for users' own characters, which the standard leaves out.
      filled->Set(0xC9, trail, filled->At(0xC9, trail) >= 0xE000 ? kNothing : filled->At(0xC9, trail));
      filled->Set(0xFE, trail, filled->At(0xFE, trail) >= 0xE000 ? kNothing : filled->At(0xFE, trail));
    }
    return filled;
  }();
  return *table;
}

/// The four-byte characters of gb18030 below U+10000, in the order of their bytes.
constexpr size_t kFourByteBmp = 39420;
const std::vector<char32_t>& Gb18030FourByte() {
  static const std::vector<char32_t>* const table = [] {
    auto* filled = new std::vector<char32_t>(kFourByteBmp);
    Converter convert("gb18030");
    for (size_t i = 0; i < kFourByteBmp; ++i) {
      const char bytes[4] = {static_cast<char>(0x81 + i / 12600), static_cast<char>(0x30 + i / 1260 % 10),
                             static_cast<char>(0x81 + i / 10 % 126), static_cast<char>(0x30 + i % 10)};
      (*filled)[i] = convert({bytes, 4});
    }
    return filled;
  }();
  return *table;
}

bool Within(unsigned byte, unsigned low, unsigned high) { return byte >= low && byte <= high; }

/// Reads bytes and appends characters; counts the errors.
class Decoder {
 public:
  Decoder(std::string_view bytes, std::string* text, DecodedPlaces* places)
      : bytes_(bytes), text_(text), places_(places) {}

  bool done() const { return at_ >= bytes_.size(); }
  size_t left() const { return bytes_.size() - at_; }
  unsigned Peek(size_t ahead) const { return static_cast<Byte>(bytes_[at_ + ahead]); }
  uint64_t replaced() const { return replaced_; }

  void Ascii() {
    const size_t begin = at_;
    while (at_ < bytes_.size() && static_cast<Byte>(bytes_[at_]) < 0x80) ++at_;
    text_->append(bytes_.substr(begin, at_ - begin));
  }
  void Put(char32_t c, size_t used) {
    Note();
    AppendUtf8(c, text_);
    at_ += used;
    Note();
  }
  void Skip(size_t used) { at_ += used; }
  void Error(size_t used) {
    Put(0xFFFD, used);
    ++replaced_;
  }
  /// A character of two bytes, or an error: an ASCII second byte is then left to be read again.
  void PutPair(char32_t c, size_t used) {
    if (c != kNothing) {
      Put(c, used);
    } else {
      Error(Peek(used - 1) < 0x80 ? used - 1 : used);
    }
  }

 private:
  void Note() {
    if (places_ != nullptr) places_->Note(text_->size(), at_);
  }

  std::string_view bytes_;
  std::string* text_;
  DecodedPlaces* places_;
  size_t at_ = 0;
  uint64_t replaced_ = 0;
};

/// Four bytes from 0x81308130 on. Returns false if they are no such character.
bool FourBytes(Decoder& in) {
  const size_t pointer =
      ((in.Peek(0) - 0x81) * 10 + in.Peek(1) - 0x30) * 1260 + (in.Peek(2) - 0x81) * 10 + in.Peek(3) - 0x30;
  constexpr size_t kFirstAstral = 189000;
  char32_t c = kNothing;
  if (pointer < kFourByteBmp) {
    c = Gb18030FourByte()[pointer];
  } else if (pointer >= kFirstAstral && pointer - kFirstAstral < 0x100000) {
    c = static_cast<char32_t>(pointer - kFirstAstral + 0x10000);
  }
  if (c == kNothing) return false;
  in.Put(c, 4);
  return true;
}

void StepGb18030(Decoder& in) {
  const unsigned lead = in.Peek(0);
  if (lead == 0x80) return in.Put(0x20AC, 1);
  if (lead == 0xFF || in.left() < 2) return in.Error(1);
  const unsigned second = in.Peek(1);
  if (!Within(second, '0', '9')) {
    const bool known = second != 0x7F && second >= 0x40 && second < 0xFF;
    return in.PutPair(known ? Gb18030Table().At(lead, second) : kNothing, 2);
  }
  if (in.left() < 3 || (Within(in.Peek(2), 0x81, 0xFE) && in.left() < 4)) return in.Error(in.left());
  if (!Within(in.Peek(2), 0x81, 0xFE) || !Within(in.Peek(3), '0', '9') || !FourBytes(in)) in.Error(1);
}

void StepBig5(Decoder& in) {
  const unsigned lead = in.Peek(0);
  if (!Within(lead, 0x81, 0xFE) || in.left() < 2) return in.Error(1);
  const unsigned trail = in.Peek(1);
  // Four letters of Hong Kong's set are made of two characters.
  const unsigned pair = lead << 8 | trail;
  if (pair == 0x8862 || pair == 0x8864 || pair == 0x88A3 || pair == 0x88A5) {
    in.Put(pair < 0x88A0 ? 0xCA : 0xEA, 0);
    return in.Put(pair == 0x8862 || pair == 0x88A3 ? 0x304 : 0x30C, 2);
  }
  const bool known = Within(trail, 0x40, 0x7E) || Within(trail, 0xA1, 0xFE);
  in.PutPair(known ? Big5Table().At(lead, trail) : kNothing, 2);
}

void StepEucJp(Decoder& in) {
  const unsigned lead = in.Peek(0);
  if ((lead != 0x8E && lead != 0x8F && !Within(lead, 0xA1, 0xFE)) || in.left() < 2) return in.Error(1);
  const unsigned second = in.Peek(1);
  if (lead == 0x8E && Within(second, 0xA1, 0xDF)) return in.Put(0xFF61 - 0xA1 + second, 2);
  const bool high = Within(second, 0xA1, 0xFE);
  if (lead == 0x8F && high) {
    if (in.left() < 3) return in.Error(2);
    const unsigned third = in.Peek(2);
    return in.PutPair(Within(third, 0xA1, 0xFE) ? EucJpSupplement().At(second, third) : kNothing, 3);
  }
  in.PutPair(high && lead >= 0xA1 ? EucJpTable().At(lead, second) : kNothing, 2);
}

void StepShiftJis(Decoder& in) {
  const unsigned lead = in.Peek(0);
  if (lead == 0x80) return in.Put(0x80, 1);
  if (Within(lead, 0xA1, 0xDF)) return in.Put(0xFF61 - 0xA1 + lead, 1);
  if (lead == 0xA0 || lead > 0xFC || in.left() < 2) return in.Error(1);
  const unsigned trail = in.Peek(1);
  const bool known = Within(trail, 0x40, 0x7E) || Within(trail, 0x80, 0xFC);
  in.PutPair(known ? ShiftJisTable().At(lead, trail) : kNothing, 2);
}

void StepEucKr(Decoder& in) {
  const unsigned lead = in.Peek(0);
  if (!Within(lead, 0x81, 0xFE) || in.left() < 2) return in.Error(1);
  const unsigned trail = in.Peek(1);
  in.PutPair(Within(trail, 0x41, 0xFE) ? EucKrTable().At(lead, trail) : kNothing, 2);
}

/// Seven bits; escape sequences say what the bytes after them are. An escape right behind an escape is an
/// error.
void DecodeIso2022Jp(Decoder& in) {
  enum { kAscii, kRoman, kKatakana, kKanji } set = kAscii;
  bool just_escaped = false;
  while (!in.done()) {
    const unsigned byte = in.Peek(0);
    if (byte == 0x1B && in.left() >= 3) {
      const unsigned first = in.Peek(1);
      const unsigned second = in.Peek(2);
      bool known = true;
      if (first == '(' && second == 'B') {
        set = kAscii;
      } else if (first == '(' && second == 'J') {
        set = kRoman;
      } else if (first == '(' && second == 'I') {
        set = kKatakana;
      } else if (first == '$' && (second == '@' || second == 'B')) {
        set = kKanji;
      } else {
        known = false;
      }
      if (known) {
        in.Skip(3);
        if (just_escaped) in.Error(0);
        just_escaped = true;
        continue;
      }
    }
    just_escaped = false;
    if (set == kKatakana && Within(byte, 0x21, 0x5F)) {
      in.Put(0xFF61 - 0x21 + byte, 1);
    } else if (set == kKanji && Within(byte, 0x21, 0x7E)) {
      if (in.left() < 2) {
        in.Error(1);
      } else if (!Within(in.Peek(1), 0x21, 0x7E)) {
        in.Error(in.Peek(1) == 0x1B ? 1 : 2);
      } else {
        const char32_t c = EucJpTable().At(byte | 0x80, in.Peek(1) | 0x80);
        if (c == kNothing) {
          in.Error(2);
        } else {
          in.Put(c, 2);
        }
      }
    } else if (set == kRoman && (byte == 0x5C || byte == 0x7E)) {
      in.Put(byte == 0x5C ? 0xA5 : 0x203E, 1);
    } else if ((set == kAscii || set == kRoman) && byte < 0x80 && byte != 0x0E && byte != 0x0F &&
               byte != 0x1B) {
      in.Put(byte, 1);
    } else {
      in.Error(1);
    }
  }
}

}  // namespace

uint64_t DecodeEastAsian(Charset charset, std::string_view bytes, std::string* text, DecodedPlaces* places) {
  Decoder in(bytes, text, places);
  if (charset == Charset::kIso2022Jp) {
    DecodeIso2022Jp(in);
    return in.replaced();
  }
  void (*step)(Decoder&) = charset == Charset::kBig5       ? StepBig5
                           : charset == Charset::kEucJp    ? StepEucJp
                           : charset == Charset::kShiftJis ? StepShiftJis
                           : charset == Charset::kEucKr    ? StepEucKr
                                                           : StepGb18030;
  for (in.Ascii(); !in.done(); in.Ascii()) step(in);
  return in.replaced();
}

}  // namespace refrain::charset
