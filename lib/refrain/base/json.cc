#include "refrain/base/json.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace refrain {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighs = 0x8080808080808080;

// The high bit of each byte of `x` that is zero, and perhaps of bytes behind (above) the first such one: the
// lowest bit set is exact.
constexpr uint64_t ZeroBytes(uint64_t x) { return (x - kOnes) & ~x & kHighs; }

// How many bytes from `p` on need no escape. Eight at a time.
size_t PlainRun(const char* p, size_t size) {
  size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    uint64_t word;
    std::memcpy(&word, p + at, 8);
    const uint64_t control = (word - kOnes * 0x20) & ~word & kHighs;  // below 0x20
    const uint64_t special = control | ZeroBytes(word ^ (kOnes * '"')) | ZeroBytes(word ^ (kOnes * '\\'));
    if (special != 0) {
      if constexpr (std::endian::native == std::endian::little) return at + std::countr_zero(special) / 8;
      break;
    }
  }
  for (; at < size; ++at) {
    const auto c = static_cast<unsigned char>(p[at]);
    if (c < 0x20 || c == '"' || c == '\\') break;
  }
  return at;
}

}  // namespace

void AppendJsonEscaped(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  size_t at = 0;
  while (true) {
    const size_t run = PlainRun(text.data() + at, text.size() - at);
    out->append(text.data() + at, run);
    at += run;
    if (at == text.size()) return;
    const auto c = static_cast<unsigned char>(text[at++]);
    switch (c) {
      case '"':
        out->append("\\\"");
        break;
      case '\\':
        out->append("\\\\");
        break;
      case '\b':
        out->append("\\b");
        break;
      case '\f':
        out->append("\\f");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      case '\t':
        out->append("\\t");
        break;
      default:
        out->append("\\u00");
        out->push_back(kHex[c >> 4]);
        out->push_back(kHex[c & 15]);
    }
  }
}

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  AppendJsonEscaped(text, out);
  out->push_back('"');
}

JsonWriter& JsonWriter::Open(char bracket) {
  Comma();
  out_->push_back(bracket);
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  out_->push_back(bracket);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Key(std::string_view key) {
  Comma();
  AppendJsonString(key, out_);
  out_->push_back(':');
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Value(std::string_view text) {
  Comma();
  AppendJsonString(text, out_);
  return *this;
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Comma();
  out_->append(json);
  return *this;
}

JsonWriter& JsonWriter::Signed(int64_t value) {
  char buffer[24];
  return Raw({buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr});
}

JsonWriter& JsonWriter::Unsigned(uint64_t value) {
  char buffer[24];
  return Raw({buffer, std::to_chars(buffer, buffer + sizeof(buffer), value).ptr});
}

JsonWriter& JsonWriter::Fixed(double value, int decimals) {
  if (!std::isfinite(value)) return Null();
  char buffer[400];  // 309 digits in front of the point, at most
  const char* end =
      std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed, decimals).ptr;
  std::string_view text(buffer, end);
  if (text[0] == '-' && text.find_first_not_of("-0.") == std::string_view::npos) text.remove_prefix(1);
  return Raw(text);
}

JsonWriter& JsonWriter::EndLine() {
  out_->push_back('\n');
  comma_ = false;
  return *this;
}

}  // namespace refrain
