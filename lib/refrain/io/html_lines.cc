#include "refrain/io/html_lines_internal.h"

#include <array>
#include <bit>
#include <cstring>
#include <numeric>

#include "refrain/io/html_references_internal.h"

namespace refrain::html {
namespace {

/// Bytes that go through as they are: all but white space, '&' and NUL.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (bool& entry : plain) entry = true;
  for (unsigned char c : {' ', '\t', '\n', '\r', '\f', '&', '\0'}) plain[c] = false;
  return plain;
}();

bool IsPlain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

/// Passes over plain bytes and single spaces between them, eight bytes at a time; may stop early.
/// REQUIRES: *p is plain.
const char* SkipPlain(const char* p, const char* last) {
  if constexpr (std::endian::native != std::endian::little) return p;
  constexpr uint64_t kOnes = 0x0101010101010101u;
  constexpr uint64_t kHighBits = 0x8080808080808080u;
  while (last - p >= 8) {
    uint64_t eight;
    std::memcpy(&eight, p, 8);
    // Any byte below 0x20, any '&': the usual subtraction, exact as to whether there is one.
    const uint64_t ampersand = eight ^ kOnes * '&';
    const uint64_t special =
        (((eight - kOnes * 0x20) & ~eight) | ((ampersand - kOnes) & ~ampersand)) & kHighBits;
    // Spaces, one high bit for each.
    const uint64_t not_space = eight ^ kOnes * ' ';
    const uint64_t spaces = ~(((not_space & ~kHighBits) + ~kHighBits) | not_space) & kHighBits;
    if (special != 0 || (spaces & spaces >> 8) != 0) return p;
    // A space at the end is looked at again beside what follows it.
    p += spaces >> 63 ? 7 : 8;
  }
  return p;
}

bool IsWhite(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

}  // namespace

void Lines::Text(size_t begin, size_t end, TextMode mode) {
  const char* const base = html_.data();
  const char* const last = base + end;
  const char* p = base + begin;
  while (p < last) {
    if (IsPlain(*p)) {
      // Words with single spaces between them are copied in one piece.
      const char* run = p;
      p = SkipPlain(p, last);
      while (true) {
        while (p < last && IsPlain(*p)) ++p;
        if (last - p >= 2 && *p == ' ' && IsPlain(p[1])) {
          p += 2;
        } else {
          break;
        }
      }
      Append(run, static_cast<size_t>(p - run), static_cast<size_t>(run - base));
      continue;
    }
    const auto at = static_cast<size_t>(p - base);
    if (*p == '&') {
      Reference reference;
      if (!mode.references || !DecodeReference(p, last, &reference)) {
        Append(p, 1, at);
        ++p;
      } else {
        p += reference.consumed;
        if (reference.size == 1 && IsWhite(reference.bytes[0])) {
          White(reference.bytes[0], at, at + reference.consumed, mode.pre);
        } else {
          AppendAll(reference.bytes, reference.size, at, at + reference.consumed);
        }
      }
    } else if (*p == '\0') {
      if (mode.keep_nul) AppendAll("\xEF\xBF\xBD", 3, at, at + 1);
      ++p;
    } else {
      White(*p++, at, at + 1, mode.pre);
      if (!mode.pre) {
        while (p < last && IsWhite(*p)) ++p;
      }
    }
  }
}

void Lines::Break(size_t at, size_t end) {
  TrimLine();
  if (AtLineBegin()) return;
  AppendAll("\n", 1, at, end);
  line_begin_ = text_->size();
}

void Lines::Cell(size_t at) {
  TrimLine();
  if (!AtLineBegin()) AppendAll("\t", 1, at, at);
}

void Lines::Space(size_t at, size_t end) {
  if (!AtLineBegin() && text_->back() != ' ' && text_->back() != '\t') AppendAll(" ", 1, at, end);
}

void Lines::White(char c, size_t at, size_t end, bool pre) {
  if (!pre) {
    Space(at, end);
  } else if (c == '\n' || c == '\r') {
    Break(at, end);
  } else {
    AppendAll(c == '\f' ? " " : &c, 1, at, end);
  }
}

/// Bytes that stand side by side in the HTML as well.
void Lines::Append(const char* bytes, size_t size, size_t at) {
  text_->append(bytes, size);
  if (offsets_ == nullptr) return;
  const size_t before = offsets_->size();
  offsets_->resize(before + size);
  std::iota(offsets_->begin() + static_cast<ptrdiff_t>(before), offsets_->end(), static_cast<uint32_t>(at));
  ends_->resize(before + size);
  std::iota(ends_->begin() + static_cast<ptrdiff_t>(before), ends_->end(), static_cast<uint32_t>(at + 1));
}

/// Bytes that all come from one place.
void Lines::AppendAll(const char* bytes, size_t size, size_t at, size_t end) {
  text_->append(bytes, size);
  if (offsets_ == nullptr) return;
  offsets_->insert(offsets_->end(), size, static_cast<uint32_t>(at));
  ends_->insert(ends_->end(), size, static_cast<uint32_t>(end));
}

void Lines::TrimLine() {
  size_t end = text_->size();
  while (end > line_begin_) {
    const char c = (*text_)[end - 1];
    if (c == ' ' || c == '\t') {
      --end;
    } else if (c == '\x80' && end - line_begin_ >= 3 && (*text_)[end - 2] == '\x80' &&
               (*text_)[end - 3] == '\xE3') {
      end -= 3;
    } else if (c == '\xA0' && end - 1 > line_begin_ && (*text_)[end - 2] == '\xC2') {
      end -= 2;
    } else {
      break;
    }
  }
  text_->resize(end);
  if (offsets_ == nullptr) return;
  offsets_->resize(end);
  ends_->resize(end);
}

}  // namespace refrain::html
