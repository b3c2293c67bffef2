#pragma once
/// Short forms for tests of ExtractHtml.

#include <string>
#include <string_view>

#include "refrain/io/html.h"

namespace refrain {

inline HtmlText Extract(std::string_view html, HtmlOptions options = {}) {
  HtmlText out;
  ExtractHtml(html, options, &out);
  return out;
}

/// The text with '|' for the line feed of each line.
inline std::string Lines(std::string_view html, HtmlOptions options = {}) {
  std::string text = Extract(html, options).text;
  for (char& c : text) {
    if (c == '\n') c = '|';
  }
  return text;
}

inline std::string Repeat(std::string_view piece, size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

}  // namespace refrain
