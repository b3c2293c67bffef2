#include "refrain/match/word_cuts_internal.h"

#include <algorithm>
#include <cstddef>

#include "refrain/match/letters_internal.h"
#include "refrain/match/slip_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// Titles in Thai and its like are no longer than this: phrases without a full stop at their end.
constexpr uint64_t kTitleQuarters = 60 * 4;
// From the end of a lead to the end of what its paragraph shows of it, and the date between them, at most.
constexpr uint32_t kLeadWords = 160;
// Other headings; of a line as short as this no half goes.
constexpr uint64_t kHeadingQuarters = 4 * kHeadingWords;
// In Thai and its like names stand between spaces, as sentences do: of a ministry or an office, they have
// fewer words than this.
constexpr uint64_t kNameQuarters = 25 * 4;

}  // namespace

uint64_t LeastStretch(const AlignedRun& run, const CopyChoice& choice, uint64_t least) {
  const bool short_parts = run.teaser || choice.whole_copy;
  return short_parts ? std::min(kPartQuarters, least) : least;
}

void WordCuts::Start(const PageView& page, uint64_t least_quarters, bool explain) {
  text_ = page.text;
  tokens_ = &page.tokens;
  edges_ = &page.edges;
  least_quarters_ = least_quarters;
  witness_.assign(tokens_->size(), kKept);
  slips_.assign(tokens_->size(), kKept);
  because_.assign(explain ? tokens_->size() : 0, CutBecause::kSecond);
  title_ = {};
}

bool WordCuts::AllStay(uint32_t begin, uint32_t end) const {
  return std::all_of(witness_.begin() + begin, witness_.begin() + end,
                     [](uint32_t witness) { return witness == kKept; });
}

uint32_t WordCuts::FarRoot(uint32_t token) {
  uint32_t root = token;
  while (witness_[root] != kKept) root = witness_[root];
  while (witness_[token] != kKept) {  // the way is short next time
    const uint32_t next = witness_[token];
    witness_[token] = root;
    token = next;
  }
  return root;
}

// Whether `token` may go because `other` shows it. Not where it is already cut or is what `other` itself
// leads to: so one copy always stays. A slip is one between the word that goes and the word that stays in the
// end, for the words that led here before too.
bool WordCuts::MayCut(const AlignedWord& word) {
  // A tail goes with its line, or stays with it; one that both places show is text like any other.
  if ((EdgeAt(word.token) ^ EdgeAt(word.other)) & Edge::kInTail) return false;
  const uint32_t root = Root(word.other);
  if (witness_[word.token] != kKept) return true;
  if (root == word.token) return false;
  if (tokens_->hashes[word.token] == tokens_->hashes[root])
    return SameAmount(text_, *tokens_, word.token, root);
  if (!IsSlip(text_, *tokens_, word.token, root)) return false;
  const uint32_t slip = slips_[word.token];
  if (slip == kKept) return true;
  return slip != kManySlips &&
         (tokens_->hashes[slip] == tokens_->hashes[root] || IsSlip(text_, *tokens_, slip, root));
}

// From now on `root` stands for the word `slip` too.
void WordCuts::LeadSlip(uint32_t slip, uint32_t root) {
  if (slip == kKept) return;
  if (slip != kManySlips && tokens_->hashes[slip] == tokens_->hashes[root]) return;
  uint32_t& known = slips_[root];
  if (known == kKept) {
    known = slip;
  } else if (slip == kManySlips || known == kManySlips || tokens_->hashes[slip] != tokens_->hashes[known]) {
    known = kManySlips;
  }
}

void WordCuts::Cut(const AlignedWord& word) {
  if (witness_[word.token] != kKept) return;
  const uint32_t root = Root(word.other);
  if (root == word.token) return;
  witness_[word.token] = root;
  if (!because_.empty()) because_[word.token] = reason_;
  LeadSlip(word.token, root);
  LeadSlip(slips_[word.token], root);
}

// In scripts without spaces between words: inside a phrase, or between phrases of one sentence as far as the
// other place shows. A title is phrases with spaces between them, and goes whole or stays. Elsewhere what
// ends a line in the other place ends here too, even where it is glued to what follows.
bool WordCuts::IsHalfPhrase(uint32_t edge, uint32_t other) {
  constexpr EdgeBits kWhole = Edge::kLine | Edge::kEllipsis | Edge::kTail | Edge::kJoint;
  if (EdgeAt(edge) & kWhole) return false;
  if (EdgeAt(edge) & Edge::kPhrase) return !(EdgeAt(other) & kWhole) || IsTitle(edge);
  const bool inside = !(EdgeAt(edge) & Edge::kSpace) && edge < tokens_->size() &&
                      tokens_->quarter_words(edge) == TokenTraits::kQuarter;
  return inside &&
         (!IsBesideParagraph(*tokens_, *edges_, other) || IsTitle(edge) || IsBehindLead(edge, other));
}

// The other place stands right in front: lines that stop inside a phrase there are a lead of this paragraph.
// What a blob glues to another text stands further away.
bool WordCuts::IsBehindLead(uint32_t edge, uint32_t other) const {
  return other < edge && QuarterWords(*tokens_, std::max(other, edge - std::min(edge, 4 * kLeadWords)),
                                      edge) < 4 * kLeadWords;
}

// Nothing but a space between phrases stands there.
bool WordCuts::IsPhrase(uint32_t edge) const {
  return (EdgeAt(edge) & (Edge::kPhrase | Edge::kLine)) == Edge::kPhrase;
}

// The line around `edge`, which stands inside it, is no longer than a title.
bool WordCuts::IsTitle(uint32_t edge) {
  if (edge > title_.begin && edge < title_.end) return true;
  uint64_t quarters = 0;
  Span line = {edge, edge};
  while (line.begin > 0 && !(EdgeAt(line.begin) & Edge::kLine) && quarters <= kTitleQuarters)
    quarters += tokens_->quarter_words(--line.begin);
  while (line.end < tokens_->size() && !(EdgeAt(line.end) & Edge::kLine) && quarters <= kTitleQuarters)
    quarters += tokens_->quarter_words(line.end++);
  if (quarters > kTitleQuarters) return false;
  title_ = line;
  return true;
}

// The line of `token` has a heading's length.
bool WordCuts::IsHeading(uint32_t token) const {
  uint64_t quarters = 0;
  for (uint32_t i = token; quarters <= kHeadingQuarters; --i) {
    quarters += tokens_->quarter_words(i);
    if (EdgeAt(i) & Edge::kLine) break;
  }
  for (uint32_t i = token + 1; quarters <= kHeadingQuarters && !(EdgeAt(i) & Edge::kLine); ++i)
    quarters += tokens_->quarter_words(i);
  return quarters <= kHeadingQuarters;
}

// Whether the passage that goes may begin in front of `token`, which the witness shows as `other`: at a
// sentence or line of its own, or where the witness begins a line and a sentence may begin.
bool WordCuts::MayBegin(uint32_t token, uint32_t other) {
  if (IsHalfPhrase(token, other)) return false;
  if (Edge::IsUnit(EdgeAt(token)) || (EdgeAt(token) & EdgeAt(other) & Edge::kLine)) return true;
  const uint32_t begin = tokens_->begins[token], before = tokens_->ends[token - 1];
  if (EdgeAt(other) & Edge::kLine) return !IsLowerAt(text_, begin) && !IsHeading(token);
  if (!(EdgeAt(other) & Edge::kSentence)) return false;
  // Behind a caption that ends without a full stop, but not behind "he said:". Quotation marks in front of
  // the word go with it.
  const std::string_view gap = text_.substr(before, ShareGap(text_, before, begin).opening_begin - before);
  if (gap.find_first_not_of(" )]") != std::string_view::npos) return false;
  if (gap.empty()) return !IsLowerAt(text_, begin);
  // In Thai and its like a space ends no sentence.
  const bool no_case = HasNoCaseAt(text_, begin) && tokens_->quarter_words(token) != TokenTraits::kQuarter;
  return no_case || IsUpperAt(text_, begin);
}

// The same for the end behind `token`.
bool WordCuts::MayEnd(uint32_t token, uint32_t other) {
  const EdgeBits edge = EdgeAt(token + 1);
  if (IsHalfPhrase(token + 1, other + 1)) return false;
  // A heading announces what stays.
  constexpr EdgeBits kAnnounces = Edge::kLine | Edge::kColon;
  if ((edge & kAnnounces) == kAnnounces && witness_[token + 1] == kKept && IsHeading(token)) return false;
  if (Edge::IsUnit(edge) || (edge & (Edge::kEllipsis | Edge::kTail))) return true;
  if (edge & EdgeAt(other + 1) & Edge::kLine) return true;
  if (!(EdgeAt(other + 1) & Edge::kLine)) return false;
  return token + 1 == tokens_->size() || (!IsLowerAt(text_, tokens_->begins[token + 1]) && !IsHeading(token));
}

// Calls visit(begin, end) for the parts of `aligned_` that may go: of pieces [first, last) of the run and the
// gaps between them on one side, pulled in to where passages may begin and end.
template <typename Visit>
void WordCuts::ForEachPart(const AlignedRun& run, bool cut_a, size_t first, size_t last, uint64_t least,
                           const Visit& visit) {
  const auto side = [&](const RunPiece& piece) { return cut_a ? piece.a : piece.b; };
  const auto other_side = [&](const RunPiece& piece) { return cut_a ? piece.b : piece.a; };
  aligned_.clear();
  for (size_t p = first; p < last; ++p) {
    const RunPiece& piece = run.pieces[p];
    for (uint32_t i = 0; i < piece.length; ++i) aligned_.push_back({side(piece) + i, other_side(piece) + i});
    if (p + 1 == last) break;
    const uint32_t gap_begin = side(piece) + piece.length, gap_end = side(run.pieces[p + 1]);
    const uint32_t other_begin = other_side(piece) + piece.length;
    if (IsDoubledLetter(*tokens_, *edges_, run, cut_a, p)) {
      const bool twice = tokens_->hashes[gap_begin] == tokens_->hashes[gap_begin - 1];
      aligned_.push_back({gap_begin, twice ? other_begin - 1 : other_begin});
      continue;
    }
    for (uint32_t i = gap_begin; i < gap_end; ++i) aligned_.push_back({i, other_begin + (i - gap_begin)});
  }
  // Runs may overlap themselves (a passage three times in a row): going away from the witness, the root is
  // always behind us.
  if (aligned_.empty()) return;
  if (cut_a) std::reverse(aligned_.begin(), aligned_.end());
  // Where a run overlaps itself, a slip of a word that goes with this very stretch could be a slip of a slip.
  const auto [lowest, highest] = std::minmax(aligned_.front().token, aligned_.back().token);
  const auto may_cut = [&, lowest = lowest, highest = highest](const AlignedWord& word) {
    const bool within = word.other >= lowest && word.other <= highest;
    return MayCut(word) && (!within || tokens_->hashes[word.token] == tokens_->hashes[word.other]);
  };
  for (size_t begin = 0, stop; begin < aligned_.size(); begin = stop + 1) {
    for (stop = begin; stop < aligned_.size() && may_cut(aligned_[stop]);) ++stop;
    size_t first_word = begin, end = stop;
    const auto may_begin = [&](const AlignedWord& word) {
      return MayBegin(word.token, word.other) || (run.teaser && (EdgeAt(word.token) & Edge::kLine));
    };
    const auto may_end = [&](const AlignedWord& word) { return MayEnd(word.token, word.other); };
    while (first_word < end && !(cut_a ? may_end(aligned_[first_word]) : may_begin(aligned_[first_word])))
      ++first_word;
    while (end > first_word && !(cut_a ? may_begin(aligned_[end - 1]) : may_end(aligned_[end - 1]))) --end;
    if (first_word == end) continue;
    const auto [low, high] = std::minmax(aligned_[first_word].token, aligned_[end - 1].token);
    const uint64_t enough = IsPhrase(low) && IsPhrase(high + 1) ? std::max(least, kNameQuarters) : least;
    if (QuarterWords(*tokens_, low, high + 1) >= enough) visit(first_word, end);
  }
}

// Splits the run where the cut side has words of its own: they stay, and so does their sentence.
template <typename Visit>
void WordCuts::ForEachPart(const AlignedRun& run, bool cut_a, uint64_t least, const Visit& visit) {
  // Words only the other side has do not matter. A seam that could not be taken apart does.
  const GapKind others_words = cut_a ? GapKind::kExtraB : GapKind::kExtraA;
  size_t first = 0;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    const bool goes_on = p + 1 < run.pieces.size() &&
                         ((run.gaps[p] == others_words && !IsInNumber(*tokens_, run, !cut_a, p)) ||
                          run.gaps[p] == GapKind::kSlip || IsDoubledLetter(*tokens_, *edges_, run, cut_a, p));
    if (goes_on) continue;
    ForEachPart(run, cut_a, first, p + 1, least, visit);
    first = p + 1;
  }
}

void WordCuts::CutRun(const AlignedRun& run, const CopyChoice& choice) {
  reason_ = choice.because;
  ForEachPart(run, choice.cut_a, LeastStretch(run, choice, least_quarters_), [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) Cut(aligned_[i]);
  });
}

bool WordCuts::MayGo(const AlignedRun& run, const CopyChoice& choice) {
  bool any = false;
  ForEachPart(run, choice.cut_a, kPartQuarters, [&](size_t, size_t) { any = true; });
  return any;
}

void WordCuts::CutPassage(const Span& passage, uint32_t witness) {
  const auto other = [&](uint32_t token) { return witness + (token - passage.begin); };
  for (uint32_t token = passage.begin; token < passage.end; ++token) {
    if (!MayCut({token, other(token)})) return;
  }
  if (!because_.empty()) {
    const bool before = passage.begin > 0 && goes(passage.begin - 1);
    const bool behind = passage.end < witness_.size() && goes(passage.end);
    reason_ = before ? because_[passage.begin - 1] : behind ? because_[passage.end] : CutBecause::kSecond;
  }
  for (uint32_t token = passage.begin; token < passage.end; ++token) Cut({token, other(token)});
}

bool WordCuts::StandsBetweenCuts(const AlignedRun& run, const CopyChoice& choice) const {
  constexpr uint32_t kNear = 3;  // words
  const uint32_t begin = choice.cut_a ? run.a_begin() : run.b_begin();
  const uint32_t end = choice.cut_a ? run.a_end() : run.b_end();
  const auto is_cut = [](uint32_t token) { return token != kKept; };
  const uint32_t size = static_cast<uint32_t>(witness_.size());
  return std::any_of(witness_.begin() + (begin - std::min(begin, kNear)), witness_.begin() + begin, is_cut) &&
         std::any_of(witness_.begin() + end, witness_.begin() + std::min(end + kNear, size), is_cut);
}

}  // namespace refrain
