#pragma once
/// A stretch of a text, in bytes.

#include <cstdint>
#include <string_view>

namespace refrain {

/// Bytes `[begin, end)` of a page's text as read. A page is smaller than 4 GiB.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;

  uint32_t size() const { return end - begin; }
  bool empty() const { return begin >= end; }
  friend bool operator==(const Span&, const Span&) = default;
  friend auto operator<=>(const Span&, const Span&) = default;
};

/// The bytes of `text` that `span` names. REQUIRES: span.end <= text.size().
inline std::string_view Slice(std::string_view text, Span span) {
  return text.substr(span.begin, span.size());
}

}  // namespace refrain
