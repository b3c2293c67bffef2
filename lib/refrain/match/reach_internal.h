#pragma once
/// A quick look before the costly one: how much of a page its runs can show twice at most. What is long needs
/// long copies to be cut (evidence_internal.h), and the runs of books and manuals are short, and far from
/// each other.

#include <vector>

#include "refrain/match/runs.h"
#include "refrain/text/tokens.h"

namespace refrain {

/// The length of a page in word equivalents. Linear: a byte a token is read.
double WordsOf(const Tokens& tokens);

/// Whether in a page so long a cut-off lead may go that is no run: one with fewer words than make a
/// run, four times as many to be safe, since the search for seeds may miss runs of mixed scripts.
bool ShortLeadsMayGo(const Tokens& tokens, double min_words);

/// Whether any of `runs` (sorted as RunFinder leaves them) may go, by itself or as part of a copy that other
/// runs belong to. Counts all words from the first run of a copy to the last as shown twice, so it says no
/// only where that would be too few for so long a page, whatever the copies are made like. Linear: on a page
/// of very many runs it says yes.
bool RunsMayGo(const Tokens& tokens, double min_words, const std::vector<AlignedRun>& runs);

}  // namespace refrain
