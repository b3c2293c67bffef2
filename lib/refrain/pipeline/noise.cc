#include "refrain/pipeline/noise.h"

#include <fmt/format.h>

#include "refrain/base/utf8.h"
#include "refrain/text/unicode_internal.h"

namespace refrain {
namespace {

// Behind the code point that begins at `begin` and the marks on it, through what is as if not there.
uint32_t EndOfLetter(std::string_view text, uint32_t begin, uint32_t word_end) {
  size_t at = begin;
  char32_t c = 0;
  DecodeUtf8(text, &at, &c);
  size_t end = at;
  while (at < word_end && static_cast<unsigned char>(text[at]) >= 0x80 && DecodeUtf8(text, &at, &c)) {
    const unicode::Kind kind = unicode::Find(c).kind();
    if (kind == unicode::kMark) end = at;
    if (kind != unicode::kMark && kind != unicode::kIgnorable) break;
  }
  return static_cast<uint32_t>(end);
}

}  // namespace

absl::StatusOr<Noise> ParseNoise(const std::string& name) {
  for (const Noise noise : {Noise::kNone, Noise::kRewritten, Noise::kOcr}) {
    if (Name(noise) == name) return noise;
  }
  return absl::InvalidArgumentError(fmt::format("'{}' is not one of none, rewritten, ocr", name));
}

std::string Name(Noise noise) {
  switch (noise) {
    case Noise::kNone:
      return "none";
    case Noise::kRewritten:
      return "rewritten";
    case Noise::kOcr:
      return "ocr";
  }
  return "";
}

NoisePlan PlanFor(Noise noise, double min_words) {
  switch (noise) {
    case Noise::kNone:
      // Any nineteen words in a row share two anchors: two windows of seven shingles of six words. Shorter
      // passages need shorter anchors, nearer to each other.
      if (min_words < 7)
        return {.shingle = {}, .anchor = {.words = 4, .half = 8, .quarter = 16}, .window = 1};
      if (min_words < 12)
        return {.shingle = {}, .anchor = {.words = 4, .half = 8, .quarter = 16}, .window = 2};
      if (min_words < 19)
        return {.shingle = {}, .anchor = {.words = 5, .half = 10, .quarter = 20}, .window = 4};
      return {.shingle = {}, .anchor = {.words = 6, .half = 12, .quarter = 24}};
    case Noise::kRewritten:
      return {.shingle = {},
              .anchor = {.words = 4, .half = 8, .quarter = 16},
              .window = 1,
              .anchors = 3,
              .phrase = 64};
    case Noise::kOcr:
      return {.shingle = {.words = 7, .half = 7, .quarter = 7},
              .anchor = {.words = 16, .half = 16, .quarter = 16},
              .window = 2,
              .anchors = 2,
              .survives = 0.5,
              .phrase = 64};
  }
  return {};
}

void NoisyTokenizer::Tokenize(std::string_view text, Tokens* tokens) {
  if (noise_ != Noise::kOcr) return refrain::Tokenize(text, tokens);
  refrain::Tokenize(text, &words_);
  tokens->clear();
  tokens->invalid_bytes = words_.invalid_bytes;
  for (size_t i = 0; i < words_.size(); ++i) {
    const Span word = words_.span(i);
    for (uint32_t begin = word.begin; begin < word.end;) {
      // A letter with its marks, so that it is the same composed and decomposed, folded as in words.
      const uint32_t end = EndOfLetter(text, begin, word.end);
      refrain::Tokenize(text.substr(begin, end - begin), &letter_);
      if (!letter_.empty()) {
        tokens->hashes.push_back(letter_.hashes.front());
        tokens->begins.push_back(begin);
        tokens->ends.push_back(end);
        tokens->traits.push_back(
            static_cast<uint8_t>((letter_.traits.front() & TokenTraits::kDigit) | TokenTraits::kQuarter));
      }
      begin = end;
    }
  }
}

}  // namespace refrain
