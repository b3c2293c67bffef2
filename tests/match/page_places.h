#pragma once
/// A text, and places in it by the words that stand there.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "refrain/base/span.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/text/tokens.h"

namespace refrain {

struct Page {
  std::string text;
  Tokens tokens;
  std::vector<EdgeBits> edges;

  explicit Page(std::string content) : text(std::move(content)) {
    Tokenize(text, &tokens);
    FindEdges(text, tokens, &edges);
  }
  PageView view() const { return {text, tokens, edges}; }
  uint32_t size() const { return static_cast<uint32_t>(tokens.size()); }
  /// The token that begins where `word` stands, the first time or the last.
  uint32_t At(const std::string& word) const { return TokenAt(text.find(word), word); }
  uint32_t LastAt(const std::string& word) const { return TokenAt(text.rfind(word), word); }
  std::string Words(Span line) const {
    if (line.empty()) return "";
    return text.substr(tokens.begins[line.begin], tokens.ends[line.end - 1] - tokens.begins[line.begin]);
  }

 private:
  uint32_t TokenAt(size_t place, const std::string& word) const {
    for (uint32_t i = 0; i < tokens.size(); ++i) {
      if (tokens.begins[i] == place) return i;
    }
    ADD_FAILURE() << word;
    return 0;
  }
};

}  // namespace refrain
