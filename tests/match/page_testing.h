#pragma once
/// What tests of the page scope share.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/match/page_repeats.h"
#include "refrain/text/tokens.h"
#include "tests/reference/match_runs.h"

namespace refrain {

/// Three sentences, which pages put together in many ways.
inline constexpr char kOne[] =
    "The harbour master opened the northern gate before sunrise on Tuesday morning.";
inline constexpr char kTwo[] =
    "Eleven fishing boats had waited outside since midnight while heavy rain fell.";
inline constexpr char kThree[] = "Nobody in the small town could remember such a long queue of vessels.";

/// They as paragraphs, and as one line without the spaces between them.
inline std::string Column() { return std::string(kOne) + "\n\n" + kTwo + "\n\n" + kThree + "\n"; }
inline std::string Blob() { return std::string(kOne) + kTwo + kThree + "\n"; }

/// A paragraph of words that stand nowhere else: those from number `first` on.
inline std::string NewParagraph(uint32_t first, uint32_t words) {
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < words; ++i) numbers.push_back(first + i);
  std::string text = reference::WordText(numbers);
  text[0] = 'W';
  return text + ".\n\n";
}

inline Tokens TokensOf(std::string_view text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  return tokens;
}

/// What a new finder finds.
inline PageRepeats Find(const std::string& text, const PageRepeatOptions& options = {}) {
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, TokensOf(text), options, &found);
  return found;
}

/// `text` as page repair leaves it.
inline std::string Clean(const std::string& text, const PageRepeatOptions& options = {}) {
  return WithoutSpans(text, Find(text, options).cut);
}

}  // namespace refrain
