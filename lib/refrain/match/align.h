#pragma once
/// Where two texts show the same words: the spans of a match.

#include <cstdint>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"
#include "refrain/sketch/shingle.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// The same words in two texts: tokens [a_first, a_first + length) and [b_first, b_first + length).
struct AlignedTokens {
  uint32_t a_first = 0;
  uint32_t b_first = 0;
  uint32_t length = 0;
};

/// Reusable memory of Align.
struct AlignScratch {
  PlacedShingles a, b;
  std::vector<uint32_t> places;
};

/// Replaces `spans` with verbatim stretches that hold a shared shingle, by position in a, disjoint in a.
/// Where b shows a stretch more than once, the place that goes on from the stretch before is taken, else the
/// first. Every token of a that a shared shingle covers is in a stretch. Expected linear in both.
void Align(const Tokens& a, const Tokens& b, const ShingleOptions& options, AlignScratch* scratch,
           std::vector<AlignedTokens>* spans);

/// The spans of `a`'s text, as bytes, that no stretch covers and that hold a token: what b lacks. Whole
/// words, with the white space and punctuation between them.
std::vector<Span> UncoveredSpans(const Tokens& a, const std::vector<AlignedTokens>& spans);

}  // namespace refrain
