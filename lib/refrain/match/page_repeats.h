#pragma once
/// Page repair: which passages a page shows twice, and which copy goes.
///
///   PageRepeatFinder finder;
///   PageRepeats found;
///   finder.Find(text, tokens, {}, &found);
///   std::string clean = WithoutSpans(text, found.cut);
///
/// Text that stands once is never cut: every cut word has a witness, the same word in the kept copy. The
/// exceptions are words that differ by a slip of the pen inside an aligned run (counted in Repeat::edits),
/// and what would dangle behind a cut-off lead ("… Read more").

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "refrain/base/span.h"
#include "refrain/text/tokens.h"

namespace refrain {

struct PageRepeatOptions {
  /// Shortest repeat that is cut, in word equivalents, 3 to 1000. docs/parameters.md has the measurement.
  double min_tokens = 10;
  /// Words in a row that may differ inside an aligned run; 0 to 8, 0 for verbatim only.
  int max_edits = 2;

  absl::Status Validate() const;
};

/// A maximal aligned run of words: the dropped copy and its witness.
struct Repeat {
  Span dropped;
  Span kept;
  uint32_t tokens = 0;  ///< in `dropped`
  uint32_t edits = 0;   ///< of them, how many the kept copy spells in another way
};

/// Why a repeat was left alone.
enum class LeftBecause : uint8_t {
  kNothing,       ///< it was not
  kPeriod,        ///< its places overlap: a short passage over and over
  kVerse,         ///< a few short lines among others: a chorus, a list
  kTitle,         ///< the page's first line, which its text repeats
  kShortForPage,  ///< so short a passage may be said twice in so long a page
  kInsideText,    ///< both places are in the middle of paragraphs, and it is short for that
  kDiffers,       ///< other words stand between its parts: a form filled in twice
};

struct PageRepeats {
  std::vector<Repeat> repeats;  ///< by position of `dropped`, disjoint
  /// What clean text leaves out: sorted, disjoint, not empty, none crossing a line's end. Covers `repeats`
  /// and the white space, punctuation and tail that would dangle.
  std::vector<Span> cut;

  bool empty() const { return cut.empty(); }
  void clear();
};

/// Decides repeats. The copy that stays is the one that is not cut off; then the one with its spaces between
/// sentences; then with its paragraphs; then the first. Reuse one finder for many pages. Not thread safe.
class PageRepeatFinder {
 public:
  PageRepeatFinder();
  ~PageRepeatFinder();

  /// Replaces `found`. `tokens` are those of `text`. Linear in the text, whatever it holds. REQUIRES:
  /// options.Validate().ok().
  void Find(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
            PageRepeats* found);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `text` without `cut` (sorted, disjoint).
std::string WithoutSpans(std::string_view text, const std::vector<Span>& cut);

}  // namespace refrain
