#include "refrain/match/page_repeats.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "refrain/match/copies_internal.h"
#include "refrain/match/edges_internal.h"
#include "refrain/match/entities_internal.h"
#include "refrain/match/join_internal.h"
#include "refrain/match/reach_internal.h"
#include "refrain/match/runs.h"
#include "refrain/match/seams_internal.h"
#include "refrain/match/slip_internal.h"
#include "refrain/match/teasers_internal.h"

namespace refrain {
namespace {

constexpr uint32_t kKept = UINT32_MAX;
// In whole copies parts between words that only one copy has may be as short as this; so may leads.
constexpr uint64_t kPartQuarters = 3 * 4;
// Titles in Thai and its like are no longer than this: phrases without a full stop at their end.
constexpr uint64_t kTitleQuarters = 60 * 4;
// Other headings; of a line as short as this no half goes.
constexpr uint64_t kHeadingQuarters = 12 * 4;

uint64_t QuarterWords(const Tokens& tokens, uint32_t begin, uint32_t end) {
  uint64_t quarters = 0;
  for (uint32_t i = begin; i < end; ++i) quarters += tokens.quarter_words(i);
  return quarters;
}

}  // namespace

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
  // A word that may go and its witness.
  struct AlignedWord {
    uint32_t token = 0;
    uint32_t other = 0;
  };

  RunFinder finder;
  RunJoiner joiner;
  TailMarker tails;
  TeaserFinder teasers;
  Tokens plain;
  Tokens split;
  std::vector<AlignedRun> runs;
  std::vector<AlignedWord> aligned;
  struct TokenRange {
    uint32_t first = 0;
    uint32_t last = 0;
  };
  std::vector<TokenRange> cuts;  // the tokens of each span in PageRepeats::cut
  std::vector<EdgeBits> edges;
  std::vector<CopyChoice> choices;
  // For each token: kKept, or the token that shows the same word and stays (or led to one that stays when it
  // was set).
  std::vector<uint32_t> witness;
  std::vector<bool> pinned;  // stands for a word that it is a slip of
  // What is wrong with the copy that goes with the run at hand, and with that of each token that went; the
  // latter is empty if nobody asks.
  CutBecause reason = CutBecause::kSecond;
  std::vector<CutBecause> because;
  Span title;  // the tokens of the last line that was no longer than one

  std::string_view text;
  const Tokens* tokens = nullptr;
  uint64_t least_quarters = 0;
  int max_edits = 0;

  uint32_t Root(uint32_t token) {
    const uint32_t next = witness[token];
    if (next == kKept) return token;
    return witness[next] == kKept ? next : FarRoot(token);
  }
  uint32_t FarRoot(uint32_t token);
  bool MayCut(const AlignedWord& word);
  void Cut(const AlignedWord& word);
  uint64_t LeastOf(const CopyChoice& choice) const;
  void CutRun(const CopyChoice& choice);
  bool StandsBetweenCuts(const CopyChoice& choice) const;
  void FindCopies();
  bool IsTitle(uint32_t edge);
  bool IsHeading(uint32_t token) const;
  bool IsHalfPhrase(uint32_t edge, uint32_t other);
  bool MayBegin(uint32_t token, uint32_t other);
  bool MayEnd(uint32_t token, uint32_t other);
  void CutStretch(const AlignedRun& run, bool cut_a, size_t first, size_t last, uint64_t least);
  void ReportRepeats(PageRepeats* found);
  CutBecause MostOften(uint32_t first, uint32_t last) const;
  void ReportLeft(PageRepeats* found) const;
  LeftBecause WhyNothingWent(const CopyChoice& choice) const;
  bool Follows(uint32_t last, uint32_t next, EdgeBits edge) const;
  void TakePunctuation(const std::vector<Span>& cut, Span within, Repeat* repeat) const;
  void ReportCut(PageRepeats* found);
  uint32_t BlankLinesBegin(uint32_t at) const;
  Span CutBytes(uint32_t first, uint32_t last, std::optional<uint32_t> lines_begin);
};

uint32_t PageRepeatFinder::State::FarRoot(uint32_t token) {
  uint32_t root = token;
  while (witness[root] != kKept) root = witness[root];
  while (witness[token] != kKept) {  // the way is short next time
    const uint32_t next = witness[token];
    witness[token] = root;
    token = next;
  }
  return root;
}

// Whether `token` may go because `other` shows it. Not where it is already cut or is what `other` itself
// leads to: so one copy always stays. A slip is one between the word that goes and the word that stays in the
// end; the other way round, what a slip leads to does not go because of another slip.
bool PageRepeatFinder::State::MayCut(const AlignedWord& word) {
  if ((edges[word.token] | edges[word.other]) & Edge::kInTail)
    return false;  // goes with its line, or stays with it
  const uint32_t root = Root(word.other);
  if (witness[word.token] != kKept) return true;
  if (root == word.token) return false;
  if (tokens->hashes[word.token] == tokens->hashes[root]) return SameAmount(text, *tokens, word.token, root);
  return !pinned[word.token] && IsSlip(text, *tokens, word.token, root);
}

void PageRepeatFinder::State::Cut(const AlignedWord& word) {
  if (witness[word.token] != kKept) return;
  const uint32_t root = Root(word.other);
  if (root == word.token) return;
  witness[word.token] = root;
  if (!because.empty()) because[word.token] = reason;
  if (pinned[word.token] || tokens->hashes[word.token] != tokens->hashes[root]) pinned[root] = true;
}

// What runs need beside the search for seeds.
void PageRepeatFinder::State::FindCopies() {
  FindEdges(text, *tokens, &edges);
  MarkWraps(text, *tokens, &edges);
  tails.Mark(*tokens, &edges);
  MarkHalfWords(text, *tokens, runs, &edges);
  joiner.Join(text, *tokens, edges, max_edits, &runs);
  MarkJoints(*tokens, runs, &edges);
}

// In scripts without spaces between words: inside a phrase, or between phrases of one sentence as far as the
// other place shows. A title is phrases with spaces between them, and goes whole or stays. Elsewhere what
// ends a line in the other place ends here too, even where it is glued to what follows.
bool PageRepeatFinder::State::IsHalfPhrase(uint32_t edge, uint32_t other) {
  constexpr EdgeBits kWhole = Edge::kLine | Edge::kEllipsis | Edge::kTail | Edge::kJoint;
  if (edges[edge] & kWhole) return false;
  if (edges[edge] & Edge::kPhrase) return !(edges[other] & kWhole) || IsTitle(edge);
  const bool inside = !(edges[edge] & Edge::kSpace) && edge < tokens->size() &&
                      tokens->quarter_words(edge) == TokenTraits::kQuarter;
  return inside && (!(edges[other] & Edge::kLine) || IsTitle(edge));
}

// The line around `edge`, which stands inside it, is no longer than a title.
bool PageRepeatFinder::State::IsTitle(uint32_t edge) {
  if (edge > title.begin && edge < title.end) return true;
  uint64_t quarters = 0;
  Span line = {edge, edge};
  while (line.begin > 0 && !(edges[line.begin] & Edge::kLine) && quarters <= kTitleQuarters)
    quarters += tokens->quarter_words(--line.begin);
  while (line.end < tokens->size() && !(edges[line.end] & Edge::kLine) && quarters <= kTitleQuarters)
    quarters += tokens->quarter_words(line.end++);
  if (quarters > kTitleQuarters) return false;
  title = line;
  return true;
}

// The line of `token` has a heading's length.
bool PageRepeatFinder::State::IsHeading(uint32_t token) const {
  uint64_t quarters = 0;
  for (uint32_t i = token; quarters <= kHeadingQuarters; --i) {
    quarters += tokens->quarter_words(i);
    if (edges[i] & Edge::kLine) break;
  }
  for (uint32_t i = token + 1; quarters <= kHeadingQuarters && !(edges[i] & Edge::kLine); ++i)
    quarters += tokens->quarter_words(i);
  return quarters <= kHeadingQuarters;
}

// Whether the passage that goes may begin in front of `token`, which the witness shows as `other`: at a
// sentence or line of its own, or where the witness begins a line and a sentence may begin.
bool PageRepeatFinder::State::MayBegin(uint32_t token, uint32_t other) {
  if (IsHalfPhrase(token, other)) return false;
  if (Edge::IsUnit(edges[token]) || (edges[token] & edges[other] & Edge::kLine)) return true;
  const uint32_t begin = tokens->begins[token], before = tokens->ends[token - 1];
  if (edges[other] & Edge::kLine) return !IsLowerAt(text, begin) && !IsHeading(token);
  if (!(edges[other] & Edge::kSentence)) return false;
  // Behind a caption that ends without a full stop, but not behind "he said:".
  const std::string_view gap = text.substr(before, begin - before);
  if (gap.find_first_not_of(" )]") != std::string_view::npos) return false;
  return gap.empty() ? !IsLowerAt(text, begin) : IsUpperAt(text, begin);
}

// The same for the end behind `token`.
bool PageRepeatFinder::State::MayEnd(uint32_t token, uint32_t other) {
  const EdgeBits edge = edges[token + 1];
  if (IsHalfPhrase(token + 1, other + 1)) return false;
  // A heading announces what stays.
  constexpr EdgeBits kAnnounces = Edge::kLine | Edge::kColon;
  if ((edge & kAnnounces) == kAnnounces && witness[token + 1] == kKept && IsHeading(token)) return false;
  if (Edge::IsUnit(edge) || (edge & (Edge::kEllipsis | Edge::kTail))) return true;
  if (edge & edges[other + 1] & Edge::kLine) return true;
  if (!(edges[other + 1] & Edge::kLine)) return false;
  return token + 1 == tokens->size() || (!IsLowerAt(text, tokens->begins[token + 1]) && !IsHeading(token));
}

// Cuts pieces [first, last) of the run and the gaps between them on one side, pulled in to where passages may
// begin and end.
void PageRepeatFinder::State::CutStretch(const AlignedRun& run, bool cut_a, size_t first, size_t last,
                                         uint64_t least) {
  const auto side = [&](const RunPiece& piece) { return cut_a ? piece.a : piece.b; };
  const auto other_side = [&](const RunPiece& piece) { return cut_a ? piece.b : piece.a; };
  aligned.clear();
  for (size_t p = first; p < last; ++p) {
    const RunPiece& piece = run.pieces[p];
    for (uint32_t i = 0; i < piece.length; ++i) aligned.push_back({side(piece) + i, other_side(piece) + i});
    if (p + 1 == last) break;
    const uint32_t gap_begin = side(piece) + piece.length, gap_end = side(run.pieces[p + 1]);
    const uint32_t other_begin = other_side(piece) + piece.length;
    for (uint32_t i = gap_begin; i < gap_end; ++i) aligned.push_back({i, other_begin + (i - gap_begin)});
  }
  // Runs may overlap themselves (a passage three times in a row): going away from the witness, the root is
  // always behind us.
  if (aligned.empty()) return;
  if (cut_a) std::reverse(aligned.begin(), aligned.end());
  // Where a run overlaps itself, a slip of a word that goes with this very stretch could be a slip of a slip.
  const auto [lowest, highest] = std::minmax(aligned.front().token, aligned.back().token);
  const auto may_cut = [&, lowest = lowest, highest = highest](const AlignedWord& word) {
    const bool within = word.other >= lowest && word.other <= highest;
    return MayCut(word) && (!within || tokens->hashes[word.token] == tokens->hashes[word.other]);
  };
  const auto cut = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) Cut(aligned[i]);
  };
  for (size_t begin = 0, stop; begin < aligned.size(); begin = stop + 1) {
    for (stop = begin; stop < aligned.size() && may_cut(aligned[stop]);) ++stop;
    size_t first_word = begin, end = stop;
    const auto may_begin = [&](const AlignedWord& word) {
      return MayBegin(word.token, word.other) || (run.teaser && (edges[word.token] & Edge::kLine));
    };
    const auto may_end = [&](const AlignedWord& word) { return MayEnd(word.token, word.other); };
    while (first_word < end && !(cut_a ? may_end(aligned[first_word]) : may_begin(aligned[first_word])))
      ++first_word;
    while (end > first_word && !(cut_a ? may_begin(aligned[end - 1]) : may_end(aligned[end - 1]))) --end;
    if (first_word == end) continue;
    const auto [low, high] = std::minmax(aligned[first_word].token, aligned[end - 1].token);
    if (QuarterWords(*tokens, low, high + 1) >= least) cut(first_word, end);
  }
}

// The shortest stretch of the run that may go by itself.
uint64_t PageRepeatFinder::State::LeastOf(const CopyChoice& choice) const {
  const bool short_parts = runs[choice.run].teaser || choice.whole_copy;
  return short_parts ? std::min(kPartQuarters, least_quarters) : least_quarters;
}

// Splits the run where the cut side has words of its own: they stay, and so does their sentence.
void PageRepeatFinder::State::CutRun(const CopyChoice& choice) {
  const AlignedRun& run = runs[choice.run];
  const bool cut_a = choice.cut_a;
  const uint64_t least = LeastOf(choice);
  reason = choice.because;
  // Words only the other side has do not matter. A seam that could not be taken apart does.
  const GapKind others_words = cut_a ? GapKind::kExtraB : GapKind::kExtraA;
  size_t first = 0;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    if (p + 1 < run.pieces.size() && (run.gaps[p] == others_words || run.gaps[p] == GapKind::kSlip)) continue;
    CutStretch(run, cut_a, first, p + 1, least);
    first = p + 1;
  }
}

// Whether cut text stands on both sides of the place that would go: then it is part of that copy.
bool PageRepeatFinder::State::StandsBetweenCuts(const CopyChoice& choice) const {
  constexpr uint32_t kNear = 3;  // words
  const AlignedRun& run = runs[choice.run];
  const uint32_t begin = choice.cut_a ? run.a_begin() : run.b_begin();
  const uint32_t end = choice.cut_a ? run.a_end() : run.b_end();
  const auto is_cut = [](uint32_t token) { return token != kKept; };
  const uint32_t size = static_cast<uint32_t>(witness.size());
  return std::any_of(witness.begin() + (begin - std::min(begin, kNear)), witness.begin() + begin, is_cut) &&
         std::any_of(witness.begin() + end, witness.begin() + std::min(end + kNear, size), is_cut);
}

// Where the blank lines begin that stand right in front of the line that begins at `at`; `at` if there are
// none.
uint32_t PageRepeatFinder::State::BlankLinesBegin(uint32_t at) const {
  const auto line_end_before = [&](uint32_t end) -> uint32_t {
    if (end == 0 || (text[end - 1] != '\n' && text[end - 1] != '\r')) return 0;
    return end >= 2 && text[end - 2] == '\r' && text[end - 1] == '\n' ? 2 : 1;
  };
  while (at > 0) {
    uint32_t line = at - line_end_before(at);
    if (line == at) break;
    while (line > 0 && (text[line - 1] == ' ' || text[line - 1] == '\t')) --line;
    if (line > 0 && line_end_before(line) == 0) break;
    at = line;
  }
  return at;
}

// The bytes to leave out for cut tokens [first, last), which stand on one line. `lines_begin`: where the cut
// lines begin that this one goes on from.
Span PageRepeatFinder::State::CutBytes(uint32_t first, uint32_t last, std::optional<uint32_t> lines_begin) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  const bool from_line = edges[first] & Edge::kLine;
  // The first token of the next line, if the cut goes that far. Where the witness shows the ellipsis too,
  // nothing is cut off, and what follows is text.
  const bool same_ellipsis = edges[Root(last - 1) + 1] & Edge::kEllipsis;
  const uint32_t line_token = same_ellipsis ? last : TailEnd(edges, last);
  const bool to_line = edges[line_token] & Edge::kLine;
  uint32_t begin = tokens->begins[first], end = tokens->ends[last - 1];
  const uint32_t before = first == 0 ? 0 : tokens->ends[first - 1];
  const uint32_t behind =
      line_token == size ? static_cast<uint32_t>(text.size()) : tokens->begins[line_token];

  if (from_line) {
    // All of the line that stands before the word: what follows the last line end of the gap.
    uint32_t line = before;
    for (uint32_t at = before; at < begin;) {
      const uint32_t size_here = LineEndAt(text, at);
      at += size_here > 0 ? size_here : 1;
      if (size_here > 0) line = at;
    }
    begin = line;
  } else {
    const Gap gap = ShareGap(text, before, begin);
    begin = to_line ? gap.closing_end : gap.opening_begin;
  }
  if (to_line) {
    end = line_token > last ? tokens->ends[line_token - 1] : end;
    while (end < behind && LineEndAt(text, end) == 0) ++end;
    // A line that goes entirely takes its line end along, and blank lines behind it if one stands before it
    // already.
    if (from_line) {
      end += LineEndAt(text, end);
      const uint32_t lines = lines_begin.value_or(begin);
      if (lines == 0 || BlankLinesBegin(lines) < lines) {
        for (uint32_t at = end; at < behind;) {
          const uint32_t line_end = LineEndAt(text, at);
          if (line_end > 0) {
            at += line_end;
            end = at;
          } else if (text[at] == ' ' || text[at] == '\t') {
            ++at;
          } else {
            break;
          }
        }
      }
    }
  } else {
    end = ShareGap(text, end, behind).opening_begin;
  }
  return {begin, end};
}

// One row for each stretch of cut words whose witnesses follow each other, but for words that only the
// witness has.
void PageRepeatFinder::State::ReportRepeats(PageRepeats* found) {
  for (size_t number = 0; number < cuts.size();) {
    // Cuts that touch hold one passage.
    const size_t begin = number++;
    while (number < cuts.size() && found->cut[number].begin == found->cut[number - 1].end) ++number;
    const Span whole = {found->cut[begin].begin, found->cut[number - 1].end};
    for (uint32_t token = cuts[begin].first; token < cuts[number - 1].last;) {
      if (witness[token] == kKept) {  // of a tail, which went with its line
        ++token;
        continue;
      }
      const uint32_t first = token, first_root = Root(token);
      uint32_t last_root = first_root;
      Repeat repeat;
      for (; token < cuts[number - 1].last && witness[token] != kKept; ++token) {
        const uint32_t root = Root(token);
        if (token > first && !Follows(last_root, root, edges[token])) break;
        last_root = root;
        ++repeat.tokens;
        // Not what its run said: a witness may itself have been cut because of a slip.
        repeat.edits += tokens->hashes[token] != tokens->hashes[root];
      }
      repeat.dropped = {tokens->begins[first], tokens->ends[token - 1]};
      repeat.kept = {tokens->begins[first_root], tokens->ends[last_root]};
      if (!because.empty()) {
        repeat.words = static_cast<double>(QuarterWords(*tokens, first, token)) / 4;
        repeat.because = MostOften(first, token);
      }
      TakePunctuation(found->cut, whole, &repeat);
      found->repeats.push_back(repeat);
    }
  }
}

// The reason that most of the tokens [first, last) went for; of two the first in order.
CutBecause PageRepeatFinder::State::MostOften(uint32_t first, uint32_t last) const {
  std::array<uint32_t, static_cast<size_t>(CutBecause::kSecond) + 1> counts{};
  for (uint32_t token = first; token < last; ++token) ++counts[static_cast<size_t>(because[token])];
  return static_cast<CutBecause>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

// Every choice of which nothing went, but for what another run cut.
void PageRepeatFinder::State::ReportLeft(PageRepeats* found) const {
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
      if (standing.quarters >= least_quarters) stretches.push_back(standing);
      standing = {};
    };
    const auto stands = [&](uint32_t begin, uint32_t end) {
      return std::all_of(witness.begin() + begin, witness.begin() + end,
                         [](uint32_t w) { return w == kKept; });
    };
    for (const RunPiece& piece : runs[choice.run].pieces) {
      // Another run may have cut words that only one of the places has.
      if (standing.quarters > 0 &&
          !(stands(standing.last_a + 1, piece.a) && stands(standing.last_b + 1, piece.b))) {
        end_stretch();
      }
      for (uint32_t i = 0; i < piece.length; ++i) {
        const uint32_t a = piece.a + i, b = piece.b + i;
        const bool goes = witness[a] != kKept || witness[b] != kKept;
        cut |= goes;
        if (goes || ((edges[a] | edges[b]) & Edge::kInTail)) {  // a tail goes or stays with its line
          end_stretch();
          continue;
        }
        if (standing.quarters == 0) standing = {.a = a, .b = b};
        standing.last_a = a;
        standing.last_b = b;
        standing.quarters += tokens->quarter_words(b);
      }
    }
    end_stretch();
    // What stands beside words that went is a half sentence, and said if it is long: as the minimum, less the
    // words that TrimToEdges took off.
    constexpr uint64_t kTrimmedQuarters = 4 * 4;
    const bool beside = cut && choice.left == LeftBecause::kNothing;
    if (stretches.empty() && longest.quarters >= std::min(kPartQuarters, least_quarters) &&
        (!beside || longest.quarters + kTrimmedQuarters >= least_quarters))
      stretches.push_back(longest);
    for (const Standing& stretch : stretches) {
      LeftRepeat left = {.first = {tokens->begins[stretch.a], tokens->ends[stretch.last_a]},
                         .second = {tokens->begins[stretch.b], tokens->ends[stretch.last_b]},
                         .because = choice.left,
                         .words = static_cast<double>(stretch.quarters) / 4,
                         .weighed = choice.weight.weighed,
                         .needed = choice.weight.needed,
                         .kind = choice.weight.kind,
                         .at_min_tokens = choice.weight.at_min_tokens};
      if (choice.left == LeftBecause::kNothing)
        left.because = cut ? LeftBecause::kHalfSentence : WhyNothingWent(choice);
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

// Of a run that might have gone.
LeftBecause PageRepeatFinder::State::WhyNothingWent(const CopyChoice& choice) const {
  const AlignedRun& run = runs[choice.run];
  const auto side = [&](const RunPiece& piece) { return choice.cut_a ? piece.a : piece.b; };
  const GapKind others_words = choice.cut_a ? GapKind::kExtraB : GapKind::kExtraA;
  uint64_t quarters = 0;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    const RunPiece& piece = run.pieces[p];
    quarters += QuarterWords(*tokens, side(piece), side(piece) + piece.length);
    if (quarters >= LeastOf(choice)) return LeftBecause::kHalfSentence;
    if (p + 1 < run.pieces.size() && run.gaps[p] != others_words && run.gaps[p] != GapKind::kSlip)
      quarters = 0;
  }
  return LeftBecause::kInPieces;
}

// Whether witness `next` stands right behind witness `last`, or with a few words between them that stay as
// well.
bool PageRepeatFinder::State::Follows(uint32_t last, uint32_t next, EdgeBits edge) const {
  if (next == last + 1) return true;
  if (next <= last || next > last + 1 + static_cast<uint32_t>(max_edits)) return false;
  if (next > last + 1 && (edge & Edge::kLine)) return false;
  return std::all_of(witness.begin() + last + 1, witness.begin() + next,
                     [](uint32_t w) { return w == kKept; });
}

// Both spans take the marks along that stand around them in both copies: quotes in front, the full stop
// behind. Not those around the witness that go with what stands beside it.
void PageRepeatFinder::State::TakePunctuation(const std::vector<Span>& cut, Span within,
                                              Repeat* repeat) const {
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

void PageRepeatFinder::State::ReportCut(PageRepeats* found) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  cuts.clear();
  std::optional<uint32_t> lines_begin;
  for (uint32_t token = 0; token < size;) {
    if (witness[token] == kKept) {
      ++token;
      continue;
    }
    uint32_t last = token + 1;
    while (last < size && witness[last] != kKept && !(edges[last] & Edge::kLine)) ++last;
    // Of lines that go one after the other, the blank ones between them go too.
    if (cuts.empty() || cuts.back().last != token || !(edges[cuts.back().first] & Edge::kLine))
      lines_begin.reset();
    Span cut = CutBytes(token, last, lines_begin);
    if (!found->cut.empty()) {
      const uint32_t before = found->cut.back().end;
      cut.begin = lines_begin ? before : std::max(cut.begin, before);
    }
    if (!lines_begin) lines_begin = cut.begin;
    if (!cut.empty()) {
      found->cut.push_back(cut);
      cuts.push_back({token, last});
    }
    token = last;
  }
  // Lines cut up to the end: what is left does not end in blank lines either.
  if (!lines_begin || found->cut.back().end < text.size()) return;
  size_t first = cuts.size() - 1;
  while (found->cut[first].begin > *lines_begin) --first;
  found->cut[first].begin = BlankLinesBegin(*lines_begin);
}

PageRepeatFinder::PageRepeatFinder() : state_(std::make_unique<State>()) {}
PageRepeatFinder::~PageRepeatFinder() = default;

void PageRepeatFinder::Find(std::string_view text, const Tokens& tokens, const PageRepeatOptions& options,
                            PageRepeats* found) {
  found->clear();
  if (options.explain) found->words = WordsOf(tokens);
  State& s = *state_;
  if (WithoutEntities(text, tokens, &s.plain)) return Find(text, s.plain, options, found);
  const RunOptions run_options = {.min_words = options.min_tokens, .max_edits = options.max_edits};
  s.finder.Find(text, tokens, run_options, &s.runs);
  const bool leads_may_go =
      ShortLeadsMayGo(tokens, options.min_tokens) && s.teasers.MayFind(text, tokens, s.tails);
  const bool runs_may_go = RunsMayGo(tokens, options.min_tokens, s.runs);
  const bool may_go = leads_may_go || runs_may_go;
  if (!may_go && (!options.explain || (s.runs.empty() && !s.teasers.MayFind(text, tokens, s.tails)))) return;
  s.text = text;
  s.tokens = &tokens;
  s.least_quarters = static_cast<uint64_t>(options.min_tokens * 4);
  s.max_edits = options.max_edits;
  s.FindCopies();
  if (SplitSeams(text, tokens, s.edges, s.runs, &s.split)) {
    s.tokens = &s.split;
    s.finder.Find(text, s.split, run_options, &s.runs);
    s.FindCopies();
  }
  SplitOverlaps(*s.tokens, s.edges, &s.runs);
  for (AlignedRun& run : s.runs) {
    ExtendToEdges(text, *s.tokens, s.edges, options.max_edits, &run);
    TrimToEdges(s.edges, &run);
  }
  s.teasers.Find(text, *s.tokens, &s.edges, &s.runs);
  if (s.runs.empty()) return;
  s.witness.assign(s.tokens->size(), kKept);
  s.pinned.assign(s.tokens->size(), false);
  s.title = {};
  s.because.assign(options.explain ? s.tokens->size() : 0, CutBecause::kSecond);

  ChooseCopies(text, *s.tokens, s.edges, s.runs, options, &s.choices);
  for (CopyChoice& choice : s.choices) {
    if (choice.left != LeftBecause::kNothing) continue;
    if (may_go) {
      s.CutRun(choice);
    } else {
      choice.left = LeftBecause::kShortForPage;
    }
  }
  for (CopyChoice& choice : s.choices) {
    if (choice.left != LeftBecause::kShortForPage) continue;
    if (!s.StandsBetweenCuts(choice)) continue;
    choice.left = LeftBecause::kNothing;
    s.CutRun(choice);
  }
  s.ReportCut(found);
  s.ReportRepeats(found);
  if (options.explain) s.ReportLeft(found);
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
