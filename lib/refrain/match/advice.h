#pragma once
/// What a smaller --min-tokens really does to the repeats that a page keeps.

#include <string_view>
#include <vector>

#include "refrain/match/page_repeats.h"

namespace refrain {

/// About one of PageRepeats::left.
struct Advice {
  /// The largest whole minimum of those tried with which at least nine tenths of a place go, in words; 0 if
  /// there is none.
  int min_tokens = 0;
  /// Where there is none: the largest with which a tenth goes at least; 0 if there is none.
  int part_at = 0;
};

/// Looks at the page again with smaller minima, whatever the repeats were left for, since with less other
/// runs are found: with those that LeftRepeat::at_min_tokens names and with the ones from 12 down; 24 at
/// most, each as dear as a search. `found`: what Find gave for the other arguments, with `options.explain`.
/// One for each of `found.left`.
std::vector<Advice> TryAdvice(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
                              const PageHints& hints, const PageRepeats& found, PageRepeatFinder* finder);

}  // namespace refrain
