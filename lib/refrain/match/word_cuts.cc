#include "refrain/match/word_cuts_internal.h"

#include <algorithm>
#include <cstddef>

#include "refrain/match/letters_internal.h"
#include "refrain/match/slip_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

bool IsHanNumeral(std::string_view text, Span token) {
  constexpr std::string_view kNumerals = "零〇一二三四五六七八九十百千万萬亿億兆两兩";
  constexpr uint32_t kBytes = 3;  // of each
  const size_t at = token.size() == kBytes ? kNumerals.find(Slice(text, token)) : std::string_view::npos;
  return at != std::string_view::npos && at % kBytes == 0;
}

}  // namespace

uint64_t LeastStretch(const AlignedRun& run, const CopyChoice& choice, uint64_t least) {
  const bool short_parts = run.teaser || choice.whole_copy;
  return short_parts ? std::min(kPartQuarters, least) : least;
}

void WordCuts::Start(const PageView& page, const PageRepeatOptions& options) {
  text_ = page.text;
  tokens_ = &page.tokens;
  edges_ = &page.edges;
  least_quarters_ = LeastQuarters(options);
  verbatim_ = options.max_edits == 0;
  witness_.assign(tokens_->size(), kKept);
  slips_.assign(tokens_->size(), kKept);
  because_.assign(options.explain ? tokens_->size() : 0, CutBecause::kSecond);
  borders_.Start(page);
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
      return borders_.MayBegin(word.token, word.other) || (run.teaser && (EdgeAt(word.token) & Edge::kLine));
    };
    const auto may_end = [&](const AlignedWord& word) {
      const bool next_stays = word.token + 1 < witness_.size() && witness_[word.token + 1] == kKept;
      return borders_.MayEnd(word.token, word.other, next_stays);
    };
    while (first_word < end && !(cut_a ? may_end(aligned_[first_word]) : may_begin(aligned_[first_word])))
      ++first_word;
    while (end > first_word && !(cut_a ? may_begin(aligned_[end - 1]) : may_end(aligned_[end - 1]))) --end;
    if (first_word == end) continue;
    const auto [low, high] = std::minmax(aligned_[first_word].token, aligned_[end - 1].token);
    if (QuarterWords(*tokens_, low, high + 1) >= borders_.LeastBetween(low, high + 1, least))
      visit(first_word, end);
  }
}

// Whether words that one place has more behind piece `p` leave those around them what they are. Beside a
// number they may make it another one ("0.5", "2 500", "fewer than 5"), and so they do with a word that they
// are part of ("non-resident"): unless a sentence or a line ends there.
bool WordCuts::AreExtra(const AlignedRun& run, bool in_a, size_t p) const {
  const RunPiece &piece = run.pieces[p], &next = run.pieces[p + 1];
  const uint32_t begin = (in_a ? piece.a : piece.b) + piece.length, end = in_a ? next.a : next.b;
  // `extra` is the word at `edge` that only one place has, `neighbour` the one that both have.
  const auto changes = [&](uint32_t edge, uint32_t extra, uint32_t neighbour) {
    if (Edge::IsUnit(EdgeAt(edge))) return false;
    // In Thai and its like a sentence may end at any space.
    const bool letter = tokens_->quarter_words(extra) == TokenTraits::kQuarter;
    if (tokens_->has_digit(neighbour)) return !letter || !(EdgeAt(edge) & Edge::kSpace);
    if (IsHanNumeral(text_, tokens_->span(neighbour)) && IsHanNumeral(text_, tokens_->span(extra)))
      return true;
    const bool words = tokens_->quarter_words(extra) == TokenTraits::kWord &&
                       tokens_->quarter_words(neighbour) == TokenTraits::kWord;
    const uint32_t gap = tokens_->ends[edge - 1];
    return words && tokens_->begins[edge] - gap == 1 && text_[gap] == '-';
  };
  if (begin > 0 && changes(begin, begin, begin - 1)) return false;
  if (end < tokens_->size() && changes(end, end - 1, end)) return false;
  return !verbatim_ || Edge::IsUnit(EdgeAt(in_a ? next.b : next.a));
}

// Splits the run where the cut side has words of its own: they stay, and so does their sentence.
template <typename Visit>
void WordCuts::ForEachPart(const AlignedRun& run, bool cut_a, uint64_t least, const Visit& visit) {
  // Words only the other side has do not matter. A seam that could not be taken apart does.
  const GapKind others_words = cut_a ? GapKind::kExtraB : GapKind::kExtraA;
  size_t first = 0;
  for (size_t p = 0; p < run.pieces.size(); ++p) {
    const bool goes_on = p + 1 < run.pieces.size() &&
                         ((run.gaps[p] == others_words && AreExtra(run, !cut_a, p)) ||
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
