#pragma once
/// What tests of the page scope share.

#include <string>

#include "refrain/match/page_repeats.h"

namespace refrain {

/// `text` as page repair leaves it, by default options.
inline std::string Clean(const std::string& text) {
  Tokens tokens;
  Tokenize(text, &tokens);
  PageRepeatFinder finder;
  PageRepeats found;
  finder.Find(text, tokens, {}, &found);
  return WithoutSpans(text, found.cut);
}

}  // namespace refrain
