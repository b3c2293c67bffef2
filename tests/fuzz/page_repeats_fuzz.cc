// PageRepeatFinder on any bytes: spans stand in order inside the text, every cut word is shown elsewhere, and
// explaining changes nothing. The first byte chooses the options.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/match/page_repeats.h"

namespace {

using namespace refrain;

void Require(bool promise) {
  if (!promise) std::abort();
}

bool Overlaps(const Span& one, const Span& other) { return one.begin < other.end && other.begin < one.end; }

// ASCII letters and digits, small; words may be glued in one place. Nothing if there are others, which may
// be written in several ways, or entities, whose letters are no words ("&zwj;").
std::string Letters(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80 || c == '&') return "";
    const char small = static_cast<char>(c | 0x20);
    if ((small >= 'a' && small <= 'z') || (c >= '0' && c <= '9')) letters += c >= 'A' ? small : c;
  }
  return letters;
}

// Both bytes of a CR LF go, or none.
bool SplitsLineEnd(std::string_view text, uint32_t at) {
  return at > 0 && at < text.size() && text[at - 1] == '\r' && text[at] == '\n';
}

void CheckSpans(std::string_view text, const PageRepeats& found) {
  uint32_t before = 0;
  for (const Span& cut : found.cut) {
    Require(!SplitsLineEnd(text, cut.begin) && !SplitsLineEnd(text, cut.end));
    Require(cut.begin >= before && cut.begin < cut.end && cut.end <= text.size());
    before = cut.end;
  }
  before = 0;
  for (const Repeat& repeat : found.repeats) {
    Require(repeat.dropped.begin >= before && repeat.dropped.begin < repeat.dropped.end);
    Require(repeat.kept.begin < repeat.kept.end && repeat.kept.end <= text.size());
    Require(repeat.tokens > 0 && repeat.edits <= repeat.tokens);
    before = repeat.dropped.end;
    // What goes lies in cuts.
    Require(std::any_of(found.cut.begin(), found.cut.end(),
                        [&](const Span& cut) { return Overlaps(cut, repeat.dropped); }));
  }
}

// Every fourth line from `first` on, as if it stood beside the text.
std::vector<Span> LinesApart(std::string_view text, uint32_t first) {
  std::vector<Span> apart;
  uint32_t number = 0;
  for (size_t begin = 0, end; begin < text.size(); begin = end + 1, ++number) {
    end = std::min(text.find('\n', begin), text.size());
    if (number % 4 == first && begin < end)
      apart.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  }
  return apart;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  PageRepeatOptions options;
  options.min_tokens = 3 + (data[0] & 7);
  options.max_edits = data[0] >> 3 & 3;
  std::vector<Span> apart;
  if (data[0] & 32) apart = LinesApart(text, data[0] >> 6);
  Tokens tokens;
  Tokenize(text, &tokens);
  static PageRepeatFinder finder;  // reused, as in a run
  PageRepeats found;
  finder.Find(text, tokens, options, &found, {.apart = apart});
  CheckSpans(text, found);

  // Text that stands once is never cut: the witness shows the same letters and stays.
  if (options.max_edits == 0) {
    for (const Repeat& repeat : found.repeats) {
      const std::string dropped = Letters(Slice(text, repeat.dropped)),
                        kept = Letters(Slice(text, repeat.kept));
      Require(dropped.empty() || kept.empty() || dropped == kept);
      Require(std::none_of(found.cut.begin(), found.cut.end(),
                           [&](const Span& cut) { return Overlaps(cut, repeat.kept); }));
    }
  }

  options.explain = true;
  PageRepeats explained;
  PageRepeatFinder other;
  other.Find(text, tokens, options, &explained, {.apart = apart});
  Require(explained.cut == found.cut && explained.repeats.size() == found.repeats.size());
  for (const LeftRepeat& left : explained.left) {
    Require(left.first.begin < left.first.end && left.second.begin < left.second.end);
    Require(left.first.end <= text.size() && left.second.end <= text.size());
    Require(left.because != LeftBecause::kNothing);
  }
  return 0;
}
