#pragma once
/// How well the two places of a run are made: cut off, glued, broken, misspelt.

#include <cstdint>
#include <utility>
#include <vector>

#include "refrain/match/page_repeats.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"

namespace refrain {

// Line breaks that one place has and the other has not.
struct Breaks {
  int64_t whole = 0;         // where a sentence ends, a colon announces something, or dots end the line
  int64_t within = 0;        // inside a sentence: the line goes on with a small letter
  int64_t unclear = 0;       // behind a heading, or inside a sentence
  int64_t long_unclear = 0;  // of them, those behind a line that is too long for a heading

  // Paragraphs less accidents. Where lines are broken inside sentences, unclear breaks are of that kind too;
  // so are those behind long lines of a text whose lines end as sentences do.
  int64_t Score(bool lines_end_sentences) const {
    const int64_t torn = within + (lines_end_sentences ? long_unclear : 0);
    const int64_t rest = unclear - (lines_end_sentences ? long_unclear : 0);
    return whole - torn + (torn > 0 ? -rest : rest);
  }
};

// How well the two places of a run are made. Differences are a minus b; positive speaks against a.
struct Making {
  int cut_off = 0;       // +1: a is cut off and b is not; -1 the other way round
  int64_t glued = 0;     // sentences whose space is lost
  int64_t enclosed = 0;  // words of lines of a that stand inside a paragraph of b
  int64_t capitals = 0;  // words in capitals that the other place has in small letters
  Breaks breaks_a, breaks_b;
  int64_t entities = 0;  // places where an entity stands that was not read
  int64_t wraps = 0;     // breaks where a line was full
  int64_t joined = 0;    // words that have lost an apostrophe or a hyphen
  int64_t misspelt = 0;  // slips whose word in b is more common in the page
  int64_t quotes = 0;    // quotation marks lost, if somebody has asked (callouts.cc)
  uint64_t words = 0;
  uint64_t quarters = 0;      // of words
  uint64_t differences = 0;   // places where both have words of their own, or one has a few
  uint64_t replacements = 0;  // of them, where both have
  // Words that are whole lines there; line breaks that both have, and those of them where no sentence ends.
  uint64_t whole_a = 0, whole_b = 0, shared_breaks = 0, open_breaks = 0;
  uint64_t lines_inside = 0;  // words of lines that both places have whole, between parts of lines
  uint64_t open_long = 0;     // of the latter, those behind a line that is too long for a heading
  uint64_t listed = 0;        // lines of one place that a comma parts in the other

  // Most lines of the text end where a sentence does, as far as the two places show.
  bool LinesEndSentences() const;
  // What decides between the two, and by how much it speaks against a.
  std::pair<CutBecause, int64_t> Decisive() const;
  bool AgainstA() const { return Decisive().second > 0; }
  void Add(const Making& other);
};

/// One for each run. Wraps and tails are marked among the page's edges. Linear but for sorting the runs.
std::vector<Making> CompareMakings(const PageView& page, const std::vector<AlignedRun>& runs);

}  // namespace refrain
