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
/// and what would dangle behind a cut-off lead ("… Read more", on its line or the next).

#include <cstdint>
#include <memory>
#include <span>
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
  /// Also say why: fills what is filled "on request" in Repeat and PageRepeats. Decides nothing.
  bool explain = false;

  absl::Status Validate() const;
};

/// Why it is this copy that goes and not the other.
enum class CutBecause : uint8_t {
  kCutOff,      ///< it stops where the other goes on
  kGlued,       ///< more of its sentences have lost the space between them
  kCallOut,     ///< it is a line or two of their own, which the other shows inside a paragraph
  kCapitals,    ///< it is in capitals, the other in ordinary letters
  kParagraphs,  ///< it has fewer paragraph breaks, or lines broken inside sentences
  kEntities,    ///< it has "&quot;" where the other has a quotation mark
  kJoined,      ///< words of it have lost an apostrophe or a hyphen, or kept that of a line end
  kSlips,       ///< the page has its spelling less often, where the two differ by a slip
  kQuotes,      ///< it has lost quotation marks
  kApart,       ///< it stands on top of the text or beside it, the other in running text
  kSecond,      ///< neither is better, and it comes second
};

/// A maximal aligned run of words: the dropped copy and its witness.
struct Repeat {
  Span dropped;
  Span kept;
  uint32_t tokens = 0;  ///< in `dropped`
  uint32_t edits = 0;   ///< of them, how many the kept copy spells in another way
  // On request (PageRepeatOptions::explain):
  double words = 0;                          ///< `tokens` in word equivalents
  CutBecause because = CutBecause::kSecond;  ///< of most of its words
};

/// Why a repeat was left alone.
enum class LeftBecause : uint8_t {
  kNothing,       ///< it was not
  kPeriod,        ///< its places overlap: a short passage over and over
  kVerse,         ///< a few short lines among others: a chorus, a list
  kTitle,         ///< the page's first line, which its text repeats
  kShortForPage,  ///< so short a passage may be said twice in so long a page
  kNotProse,      ///< code, markup, a table, a list of links or numbers
  kQuoted,        ///< in lines that begin with ">", "|" or "#", or behind "he wrote:": a quotation
  kFormula,       ///< it begins as five places or more do
  kEntry,         ///< entries of a list have it in common, each with a heading or words of its own
  kDiffers,       ///< other words stand between its parts: a form filled in twice
  kHalfSentence,  ///< whatever its length, it would leave half a sentence: it begins or ends inside one
  kInPieces,      ///< it is evidence enough, but only in pieces, each shorter than the minimum
};

/// How the places of a repeat are made: what it needs to go depends on it.
enum class RepeatKind : uint8_t {
  kCutOff,      ///< one is cut off
  kCallOut,     ///< one is lines of its own, the other part of a paragraph
  kGlued,       ///< one has sentences glued together that the other has apart
  kFollows,     ///< whole lines, right behind the same words
  kWholeLines,  ///< whole lines elsewhere
  kInsideText,  ///< none of these, inside a paragraph
};

/// Two places that show the same words and both stay.
struct LeftRepeat {
  Span first;
  Span second;
  LeftBecause because = LeftBecause::kNothing;
  double words = 0;  ///< that agree, in word equivalents
  /// What was weighed against what it would have needed, in word equivalents: with the rest of its copy, if
  /// there is more of that, and less fifteen words for each place where the copies differ. 0 where length
  /// does not decide (verse, titles, half sentences).
  double weighed = 0;
  double needed = 0;
  RepeatKind kind = RepeatKind::kWholeLines;  ///< if needed > 0
  /// The largest whole PageRepeatOptions::min_tokens below the one in use with which this evidence is enough;
  /// with it other repeats may be found too, and sentences may forbid the cut. 0 if there is none.
  int at_min_tokens = 0;
};

struct PageRepeats {
  std::vector<Repeat> repeats;  ///< by position of `dropped`, disjoint
  /// What clean text leaves out: sorted, disjoint, not empty, none crossing a line's end. Covers `repeats`
  /// and the white space, punctuation and tail that would dangle.
  std::vector<Span> cut;
  /// On request: repeats of which nothing went, by position of `second`. A place that is part of one named
  /// before is not named again.
  std::vector<LeftRepeat> left;
  double words = 0;  ///< on request: of the page, in word equivalents

  bool empty() const { return cut.empty(); }
  void clear();
};

/// What a caller may know of a page besides its words.
struct PageHints {
  /// Stretches of the text that stand beside the running text (Page::apart), sorted and disjoint: of two
  /// copies made equally well the other stays.
  std::span<const Span> apart = {};
  /// What MakeShingles gives for the words: then it need not be made again; what is found is the same.
  std::span<const uint64_t> shingles = {};
};

/// Decides repeats. The copy that stays is the one that is not cut off; then the one with its spaces between
/// sentences; then not in capitals; then with its paragraphs; then without "&quot;" for quotation marks; then
/// the one whose words have their apostrophes; then with its quotation marks; then in running text; then
/// the first. Reuse one finder for many pages. Not thread safe.
class PageRepeatFinder {
 public:
  PageRepeatFinder();
  ~PageRepeatFinder();

  /// Replaces `found`. `tokens` are those of `text`. Linear in the text, whatever it holds. REQUIRES:
  /// options.Validate().ok().
  void Find(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options, PageRepeats* found,
            const PageHints& hints = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `text` without `cut` (sorted, disjoint).
std::string WithoutSpans(std::string_view text, const std::vector<Span>& cut);

}  // namespace refrain
