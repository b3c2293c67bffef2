#include "refrain/text/blocks.h"

#include "refrain/base/cpu.h"
#include "refrain/base/utf8.h"
#include "refrain/text/blocks_internal.h"
#include "refrain/text/first_token.h"
#include "refrain/text/line_ends.h"

namespace refrain {
namespace {

// White_Space, and the two that nobody sees either: U+200B, U+FEFF.
bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

// First byte in [begin, end) that is not white space; `end` if there is none.
size_t SkipSpace(std::string_view text, size_t begin, size_t end) {
  while (begin < end) {
    size_t next = begin;
    char32_t c;
    if (!DecodeUtf8(text, &next, &c) || !IsSpace(c)) break;
    begin = next;
  }
  return begin;
}

// End of the last code point in [begin, end) that is not white space; `begin` if there is none.
size_t SkipSpaceBack(std::string_view text, size_t begin, size_t end) {
  while (begin < end) {
    size_t last = end - 1;
    while (last > begin && end - last < 4 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
    size_t next = last;
    char32_t c;
    if (!DecodeUtf8(text, &next, &c) || next != end || !IsSpace(c)) break;
    end = last;
  }
  return end;
}

}  // namespace

namespace text_internal {

void BlockBuilder::EndLine(size_t at, size_t next) {
  const size_t last = FirstTokenFrom(tokens_.begins, first_, at);
  if (last > first_) {
    Block& block = blocks_.emplace_back();
    block.span.begin = static_cast<uint32_t>(SkipSpace(text_, line_, tokens_.begins[first_]));
    block.span.end = static_cast<uint32_t>(SkipSpaceBack(text_, tokens_.ends[last - 1], at));
    block.first = static_cast<uint32_t>(first_);
    block.last = static_cast<uint32_t>(last);
    first_ = last;
  }
  line_ = next;
}

void FindLineEnds(std::string_view text, BlockBuilder* builder) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = LineEndAt(text, at);
    if (length != 0) builder->EndLine(at, at + length);
    at += length != 0 ? length : 1;
  }
}

}  // namespace text_internal

void Segment(std::string_view text, const Tokens& tokens, std::vector<Block>* blocks) {
  blocks->clear();
  text_internal::BlockBuilder builder(text, tokens, blocks);
  if (UseScalarKernel()) {
    text_internal::FindLineEnds(text, &builder);
  } else {
    text_internal::FindLineEndsVector(text, &builder);
  }
  builder.EndLine(text.size(), text.size());
}

}  // namespace refrain
