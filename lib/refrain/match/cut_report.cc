#include "refrain/match/cut_report_internal.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>

#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// The reason that most of the tokens [first, last) went for; of two the first in order.
CutBecause MostOften(const WordCuts& cuts, uint32_t first, uint32_t last) {
  std::array<uint32_t, static_cast<size_t>(CutBecause::kSecond) + 1> counts{};
  for (uint32_t token = first; token < last; ++token) ++counts[static_cast<size_t>(cuts.because(token))];
  return static_cast<CutBecause>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

// Of a run that might have gone.
LeftBecause WhyNothingWent(const PageView& page, const AlignedRun& run, const CopyChoice& choice,
                           uint64_t least) {
  const auto side = [&](const RunPiece& piece) { return choice.cut_a ? piece.a : piece.b; };
  const GapKind others_words = choice.cut_a ? GapKind::kExtraB : GapKind::kExtraA;
  uint64_t quarters = 0;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    const RunPiece& piece = run.pieces[p];
    quarters += QuarterWords(page.tokens, side(piece), side(piece) + piece.length);
    if (quarters >= LeastStretch(run, choice, least)) return LeftBecause::kHalfSentence;
    if (p + 1 < run.pieces.size() && run.gaps[p] != others_words && run.gaps[p] != GapKind::kSlip)
      quarters = 0;
  }
  return LeftBecause::kInPieces;
}

// Whether witness `next` stands right behind witness `last`, or with a few words between them that stay as
// well.
bool Follows(const PageRepeatOptions& options, const WordCuts& cuts, uint32_t last, uint32_t next,
             EdgeBits edge) {
  if (next == last + 1) return true;
  if (next <= last || next > last + 1 + static_cast<uint32_t>(options.max_edits)) return false;
  if (next > last + 1 && (edge & Edge::kLine)) return false;
  return cuts.AllStay(last + 1, next);
}

// Both spans take the marks along that stand around them in both copies: quotes in front, the full stop
// behind. Not those around the witness that go with what stands beside it.
void TakePunctuation(std::string_view text, const std::vector<Span>& cut, Span within, Repeat* repeat) {
  const auto stays = [&](uint32_t byte) {
    const auto next = std::upper_bound(cut.begin(), cut.end(), byte,
                                       [](uint32_t at, const Span& span) { return at < span.end; });
    return next == cut.end() || byte < next->begin;
  };
  const auto is_mark = [](char c) {
    return c > 0x20 && c < 0x7F && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9');
  };
  Span &dropped = repeat->dropped, &kept = repeat->kept;
  while (dropped.end < within.end && kept.end < text.size() && text[dropped.end] == text[kept.end] &&
         is_mark(text[kept.end]) && stays(kept.end)) {
    ++dropped.end, ++kept.end;
  }
  const auto opens = [](char c) { return c == '"' || c == '(' || c == '[' || c == '\''; };
  while (dropped.begin > within.begin && kept.begin > 0 && text[dropped.begin - 1] == text[kept.begin - 1] &&
         opens(text[kept.begin - 1]) && stays(kept.begin - 1)) {
    --dropped.begin, --kept.begin;
  }
}

}  // namespace

void ReportRepeats(const PageView& page, const PageRepeatOptions& options,
                   const std::vector<CutTokens>& words, WordCuts* cuts, PageRepeats* found) {
  found->repeats.clear();
  for (size_t number = 0; number < words.size();) {
    // Cuts that touch hold one passage.
    const size_t begin = number++;
    while (number < words.size() && found->cut[number].begin == found->cut[number - 1].end) ++number;
    Span within = {found->cut[begin].begin, found->cut[number - 1].end};
    for (uint32_t token = words[begin].first; token < words[number - 1].last;) {
      if (!cuts->goes(token)) {  // of a tail, which went with its line
        ++token;
        continue;
      }
      const uint32_t first = token, first_root = cuts->Root(token);
      uint32_t last_root = first_root;
      Repeat repeat;
      for (; token < words[number - 1].last && cuts->goes(token); ++token) {
        const uint32_t root = cuts->Root(token);
        if (token > first && !Follows(options, *cuts, last_root, root, page.edges[token])) break;
        last_root = root;
        ++repeat.tokens;
        // Not what its run said: a witness may itself have been cut because of a slip.
        repeat.edits += page.tokens.hashes[token] != page.tokens.hashes[root];
      }
      repeat.dropped = {page.tokens.begins[first], page.tokens.ends[token - 1]};
      repeat.kept = {page.tokens.begins[first_root], page.tokens.ends[last_root]};
      if (options.explain) {
        repeat.words = static_cast<double>(QuarterWords(page.tokens, first, token)) / 4;
        repeat.because = MostOften(*cuts, first, token);
      }
      TakePunctuation(page.text, found->cut, within, &repeat);
      within.begin = repeat.dropped.end;  // a mark between two passages goes with one of them
      found->repeats.push_back(repeat);
    }
  }
}

void ReportLeft(const PageView& page, const PageRepeatOptions& options, const std::vector<AlignedRun>& runs,
                const std::vector<CopyChoice>& choices, WordCuts* word_cuts, PageRepeats* found) {
  WordCuts& cuts = *word_cuts;
  const uint64_t least = LeastQuarters(options);
  found->left.clear();
  for (const CopyChoice& choice : choices) {
    // Stretches of which both places stand: the longest, and all that might go by themselves.
    struct Standing {
      uint32_t a = 0, b = 0, last_a = 0, last_b = 0;  // first and last tokens
      uint64_t quarters = 0;
    };
    std::vector<Standing> stretches;
    Standing longest, standing;
    bool cut = false;
    const auto end_stretch = [&] {
      if (standing.quarters > longest.quarters) longest = standing;
      if (standing.quarters >= least) stretches.push_back(standing);
      standing = {};
    };
    for (const RunPiece& piece : runs[choice.run].pieces) {
      // Another run may have cut words that only one of the places has.
      if (standing.quarters > 0 &&
          !(cuts.AllStay(standing.last_a + 1, piece.a) && cuts.AllStay(standing.last_b + 1, piece.b))) {
        end_stretch();
      }
      for (uint32_t i = 0; i < piece.length; ++i) {
        const uint32_t a = piece.a + i, b = piece.b + i;
        const bool goes = cuts.goes(a) || cuts.goes(b);
        cut |= goes;
        if (goes || ((page.edges[a] | page.edges[b]) & Edge::kInTail)) {  // a tail may go with its line
          end_stretch();
          continue;
        }
        if (standing.quarters == 0) standing = {.a = a, .b = b};
        standing.last_a = a;
        standing.last_b = b;
        standing.quarters += page.tokens.quarter_words(b);
      }
    }
    end_stretch();
    // Where sentences forbid a cut, length decides nothing.
    const bool too_short = choice.left == LeftBecause::kShortForPage || choice.left == LeftBecause::kDiffers;
    const bool half = too_short && !cut && !cuts.MayGo(runs[choice.run], choice);
    // What stands beside words that went is said if it is long: as the minimum, less the
    // words that TrimToEdges took off.
    constexpr uint64_t kTrimmedQuarters = 4 * 4;
    if (stretches.empty() && longest.quarters >= std::min(kPartQuarters, least) &&
        (!cut || longest.quarters + kTrimmedQuarters >= least))
      stretches.push_back(longest);
    for (const Standing& stretch : stretches) {
      LeftRepeat left = {.first = {page.tokens.begins[stretch.a], page.tokens.ends[stretch.last_a]},
                         .second = {page.tokens.begins[stretch.b], page.tokens.ends[stretch.last_b]},
                         .because = half ? LeftBecause::kHalfSentence : choice.left,
                         .words = static_cast<double>(stretch.quarters) / 4};
      if (!half) {
        left.weighed = choice.weight.weighed;
        left.needed = choice.weight.needed;
        left.kind = choice.weight.kind;
        left.at_min_tokens = choice.weight.at_min_tokens;
      }
      if (choice.left == LeftBecause::kNothing)
        left.because =
            cut ? LeftBecause::kHalfSentence : WhyNothingWent(page, runs[choice.run], choice, least);
      found->left.push_back(left);
    }
  }
  std::sort(found->left.begin(), found->left.end(), [](const LeftRepeat& one, const LeftRepeat& other) {
    return std::tuple(one.second.begin, other.second.end, one.first.begin) <
           std::tuple(other.second.begin, one.second.end, other.first.begin);
  });
  uint32_t named_end = 0;
  std::erase_if(found->left, [&](const LeftRepeat& left) {
    const bool named = left.second.end <= named_end;
    named_end = std::max(named_end, left.second.end);
    return named;
  });
}

}  // namespace refrain
