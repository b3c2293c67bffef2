#include "refrain/match/page_repeats.h"

#include <algorithm>

#include <fmt/format.h>

#include "refrain/match/copies_internal.h"
#include "refrain/match/cut_report_internal.h"
#include "refrain/match/cut_spans_internal.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/entities_internal.h"
#include "refrain/match/glance_internal.h"
#include "refrain/match/join_internal.h"
#include "refrain/match/leftovers_internal.h"
#include "refrain/match/letters_internal.h"
#include "refrain/match/page_view_internal.h"
#include "refrain/match/reach_internal.h"
#include "refrain/match/runs.h"
#include "refrain/match/seams_internal.h"
#include "refrain/match/teasers_internal.h"
#include "refrain/match/word_cuts_internal.h"
#include "refrain/match/wraps_internal.h"

namespace refrain {

absl::Status PageRepeatOptions::Validate() const {
  if (!(min_tokens >= 3 && min_tokens <= 1000)) {
    return absl::InvalidArgumentError(
        fmt::format("min-tokens is {}, must be between 3 and 1000", min_tokens));
  }
  if (max_edits < 0 || max_edits > 8) {
    return absl::InvalidArgumentError(fmt::format("max-edits is {}, must be between 0 and 8", max_edits));
  }
  return absl::OkStatus();
}

void PageRepeats::clear() {
  repeats.clear();
  cut.clear();
  left.clear();
  words = 0;
}

struct PageRepeatFinder::State {
  Glance glance;
  RunFinder finder;
  RunJoiner joiner;
  TailMarker tails;
  TeaserFinder teasers;
  Tokens plain;
  Tokens split;
  std::vector<AlignedRun> runs;
  std::vector<EdgeBits> edges;
  std::vector<CopyChoice> choices;
  WordCuts cuts;
  std::vector<CutTokens> cut_words;

  void Find(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
            const PageHints& hints, PageRepeats* found);
  void FindCopies(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options);
  void Cut(const PageView& page, const PageRepeatOptions& options, bool may_go);
};

// What stands between the words, and runs joined over what only one copy has.
void PageRepeatFinder::State::FindCopies(std::string_view text, const Tokens& tokens,
                                         const PageRepeatOptions& options) {
  FindEdges(text, tokens, &edges);
  MarkWraps(text, tokens, &edges);
  tails.Mark(text, tokens, &edges);
  MarkHalfWords(text, tokens, runs, &edges);
  joiner.Join(text, tokens, edges, options.max_edits, &runs);
  if (options.max_edits > 0) {
    for (AlignedRun& run : runs) ExtendOverLetters(tokens, edges, &run);
  }
  MarkJoints(tokens, runs, &edges);
}

// Lets go what the choices say. A passage too short for its page goes between others that went.
void PageRepeatFinder::State::Cut(const PageView& page, const PageRepeatOptions& options, bool may_go) {
  cuts.Start(page, options);
  for (CopyChoice& choice : choices) {
    if (choice.left != LeftBecause::kNothing) continue;
    if (may_go) {
      cuts.CutRun(runs[choice.run], choice);
    } else {
      choice.left = LeftBecause::kShortForPage;
    }
  }
  for (CopyChoice& choice : choices) {
    if (choice.left != LeftBecause::kShortForPage) continue;
    if (!cuts.StandsBetweenCuts(runs[choice.run], choice)) continue;
    choice.left = LeftBecause::kNothing;
    cuts.CutRun(runs[choice.run], choice);
  }
  CutLeftovers(page, LeastQuarters(options), &cuts);
}

void PageRepeatFinder::State::Find(std::string_view text, const Tokens& tokens,
                                   const PageRepeatOptions& options, const PageHints& hints,
                                   PageRepeats* found) {
  if (options.explain) found->words = WordsOf(tokens);
  const RunOptions run_options = {.min_words = options.min_tokens, .max_edits = options.max_edits};
  finder.Find(text, tokens, run_options, &runs, hints.shingles);
  const bool leads_may_go =
      ShortLeadsMayGo(tokens, options.min_tokens) && teasers.MayFind(text, tokens, glance, tails);
  const bool runs_may_go = RunsMayGo(tokens, options.min_tokens, runs);
  const bool may_go = leads_may_go || runs_may_go;
  if (!may_go && (!options.explain || (runs.empty() && !teasers.MayFind(text, tokens, glance, tails))))
    return;
  FindCopies(text, tokens, options);
  const Tokens* words = &tokens;
  if (SplitSeams(text, tokens, edges, runs, &split)) {
    words = &split;
    finder.Find(text, *words, run_options, &runs);
    FindCopies(text, *words, options);
  }
  SplitOverlaps(*words, edges, &runs);
  for (AlignedRun& run : runs) {
    ExtendToEdges(text, *words, edges, options.max_edits, &run);
    TrimToEdges(*words, edges, &run);
  }
  teasers.Find(text, *words, &edges, &runs);
  if (runs.empty()) return;
  const PageView page = {text, *words, edges, hints.apart};
  ChooseCopies(page, runs, options, &choices);
  const bool any_goes = std::any_of(choices.begin(), choices.end(), [](const CopyChoice& choice) {
    return choice.left == LeftBecause::kNothing;
  });
  if (choices.empty() || (!any_goes && !options.explain)) return;
  Cut(page, options, may_go);
  FindCutSpans(page, &cuts, &found->cut, &cut_words);
  ReportRepeats(page, options, cut_words, &cuts, found);
  if (options.explain) ReportLeft(page, options, runs, choices, &cuts, found);
}

PageRepeatFinder::PageRepeatFinder() : state_(std::make_unique<State>()) {}
PageRepeatFinder::~PageRepeatFinder() = default;

void PageRepeatFinder::Find(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
                            PageRepeats* found, const PageHints& hints) {
  found->clear();
  State& s = *state_;
  GlanceAt(text, &s.glance);
  if (s.glance.ampersand && WithoutEntities(text, tokens, &s.plain)) {
    s.Find(text, s.plain, options, {.apart = hints.apart}, found);
  } else {
    s.Find(text, tokens, options, hints, found);
  }
}

std::string WithoutSpans(std::string_view text, const std::vector<Span>& cut) {
  std::string out;
  out.reserve(text.size());
  size_t at = 0;
  for (const Span& span : cut) {
    out.append(text.substr(at, span.begin - at));
    at = span.end;
  }
  out.append(text.substr(at));
  return out;
}

}  // namespace refrain
