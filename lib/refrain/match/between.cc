#include "refrain/match/between_internal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>
#include <utility>

#include "refrain/match/slip_internal.h"

namespace refrain {
namespace {

// Cells of alignment tables that a page may cost, for each token.
constexpr uint64_t kCellsPerToken = 64;
// Verbatim words between words that differ, to count as the same passage: fewer if they are whole sentences.
constexpr uint32_t kSentenceQuarters = 3 * 4;
constexpr uint32_t kPhraseQuarters = 5 * 4;
// Words that are compared with one at once. Their keys may be read as far behind the last.
constexpr size_t kAtOnce = 16;
// What words count that are aligned.
constexpr int32_t kVerbatim = 4, kSlip = 3;

}  // namespace

struct BetweenAligner::State {
  std::string_view text;
  const Tokens* tokens = nullptr;
  const std::vector<EdgeBits>* edges = nullptr;
  uint32_t max_edits = 0;
  uint64_t cells_left = 0;

  // What tells at a look that two words cannot be aligned, by bytes: sixteen of them are compared at once.
  struct WordKeys {
    std::vector<uint8_t> hashes;                // a byte of each; and behind the last anything
    std::vector<uint8_t> sizes, lasts, firsts;  // WordEnds
    std::vector<WordLetters> letters;           // of those that somebody asked for
  };
  // A cell of the row at hand whose words can.
  struct Match {
    uint32_t column = 0;
    int32_t gain = 0;
    bool after_pair = false;  // it counts on the pair before
    int32_t score = gain;     // if they are
  };
  WordKeys keys_a, keys_b;
  std::vector<Match> matches, last_matches;  // of this row and the one before, by column
  std::vector<int32_t> ends_here, best;      // scores of the row before, by column
  std::vector<uint8_t> moves;
  std::vector<AlignedPair> pairs, chain;

  // Verbatim words of one diagonal (as far apart in both places) with none but slips between them.
  struct Diagonal {
    uint32_t first = 0;  // row of the chain's first word
    uint32_t last = 0;   // and of its last
    uint32_t quarters = 0;
  };
  std::vector<Diagonal> diagonals;
  std::vector<uint32_t> column_of;    // open addressing: the first column with a word
  std::vector<uint32_t> next_column;  // and behind each column, the next one with its word
  // A row of bits for each word of a: those of b that it may be aligned with; not written if there are none.
  std::vector<uint64_t> may_pair;
  std::vector<uint8_t> has_pairs;  // by row
  std::vector<uint64_t> unused;    // words of b that the longest common subsequence so far has no use for

  bool MayKeep(const Between& between, uint32_t least);
  void FindKeys(uint32_t begin, size_t count, WordKeys* keys) const;
  WordLetters LettersOf(uint32_t begin, size_t i, WordKeys* keys) const;
  void FindMatches(const Between& between, uint32_t row);
  void Align(const Between& between);
  void KeepChains(const Between& between);
  bool IsEvident(const Between& between) const;
};

// Whether Align and KeepChains may leave `least` pairs. Most stretches between two runs are strangers, and
// tables for them would take nearly all of the time. What is kept stands in chains, at the beginning, at the
// end, or with three verbatim words: so the words that both sides have tell which pairs may be used, and
// their longest common subsequence, by whole words of bits (Hyyrö 2004), how many of these.
bool BetweenAligner::State::MayKeep(const Between& between, uint32_t least) {
  constexpr uint32_t kNoColumn = UINT32_MAX;
  const uint32_t rows = between.in_a(), columns = between.in_b(), shorter = std::min(rows, columns);
  const uint64_t* const words_a = tokens->hashes.data() + between.a;
  const uint64_t* const words_b = tokens->hashes.data() + between.b;
  const size_t width = columns / 64 + 1;
  if (may_pair.size() < rows * width) may_pair.resize(rows * width);
  has_pairs.assign(rows, 0);
  uint32_t rows_with_pairs = 0;
  const auto use = [&](uint32_t row, uint32_t column) {
    uint64_t* const pairs_of_row = may_pair.data() + row * width;
    if (!has_pairs[row]) {
      has_pairs[row] = 1;
      ++rows_with_pairs;
      std::fill_n(pairs_of_row, width, 0);
    }
    pairs_of_row[column / 64] |= uint64_t{1} << column % 64;
  };
  const auto alike = [&](uint32_t row, uint32_t column) {
    return words_a[row] == words_b[column] ||
           (max_edits > 0 && IsSlip(text, *tokens, between.a + row, between.b + column));
  };
  for (uint32_t i = 0; i < shorter && alike(i, i); ++i) use(i, i);
  for (uint32_t i = 1; i <= shorter && alike(rows - i, columns - i); ++i) use(rows - i, columns - i);

  const size_t slots = std::bit_ceil(size_t{2} * columns);
  column_of.assign(slots, kNoColumn);
  next_column.resize(columns);
  const auto slot_of = [&](uint64_t word) {
    size_t slot = word >> 32 & (slots - 1);
    while (column_of[slot] != kNoColumn && words_b[column_of[slot]] != word) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  for (uint32_t column = columns; column-- > 0;) {
    uint32_t& first = column_of[slot_of(words_b[column])];
    next_column[column] = first;
    first = column;
  }
  uint64_t steps = rows * width + columns;
  if (steps >= cells_left) return false;
  diagonals.assign(rows + columns, {});
  for (uint32_t row = 0; row < rows && steps < cells_left; ++row) {
    for (uint32_t column = column_of[slot_of(words_a[row])]; column != kNoColumn;
         column = next_column[column]) {
      ++steps;
      Diagonal& here = diagonals[column + rows - row];
      if (here.quarters == 0 || row - here.last > max_edits + 1) here = {.first = row};
      const bool is_chain = here.quarters >= kSentenceQuarters;
      here.quarters += tokens->quarter_words(between.b + column);
      if (here.quarters >= kSentenceQuarters) {
        const uint32_t from = is_chain ? here.last : here.first;
        // With the slips that may stand around it.
        const uint32_t before = std::min({max_edits, from, column - (row - from)});
        const uint32_t behind = std::min({max_edits, rows - 1 - row, columns - 1 - column});
        for (uint32_t at = from - before; at <= row + behind; ++at) use(at, column + at - row);
      }
      here.last = row;
    }
  }
  cells_left -= std::min(cells_left, steps);
  if (rows_with_pairs < least) return false;
  unused.assign(width, ~uint64_t{0});
  for (uint32_t row = 0; row < rows; ++row) {
    if (!has_pairs[row]) continue;
    bool carry = false;
    for (size_t i = 0; i < width; ++i) {
      const uint64_t old = unused[i], used = old & may_pair[row * width + i], sum = old + used;
      const uint64_t with_carry = sum + (carry ? 1 : 0);
      carry = sum < old || with_carry < sum;
      unused[i] = with_carry | (old & ~used);
    }
  }
  uint32_t count = 0;
  for (const uint64_t word : unused) count += static_cast<uint32_t>(std::popcount(~word));
  return count >= least;
}

void BetweenAligner::State::FindKeys(uint32_t begin, size_t count, WordKeys* keys) const {
  for (std::vector<uint8_t>* bytes : {&keys->hashes, &keys->sizes, &keys->lasts, &keys->firsts})
    bytes->resize(count + kAtOnce);
  keys->letters.assign(count, WordLetters());
  for (size_t i = 0; i < count; ++i) {
    const uint32_t token = begin + static_cast<uint32_t>(i);
    keys->hashes[i] = static_cast<uint8_t>(tokens->hashes[token]);
    const WordEnds ends = max_edits > 0 ? WordEnds(text, *tokens, token) : WordEnds();
    keys->sizes[i] = ends.size;
    keys->lasts[i] = ends.last;
    keys->firsts[i] = ends.first;
  }
}

WordLetters BetweenAligner::State::LettersOf(uint32_t begin, size_t i, WordKeys* keys) const {
  WordLetters& letters = keys->letters[i];
  if (!letters.known()) letters = WordLetters(Slice(text, tokens->span(begin + i)));
  return letters;
}

// Finds the words of b that the word of a row of a may be aligned with. First what a loop without branches
// can tell of some at once; few words are left to be looked at.
void BetweenAligner::State::FindMatches(const Between& between, uint32_t row) {
  const size_t columns = between.in_b();
  const uint8_t hash = keys_a.hashes[row];
  WordEnds ends;
  ends.size = keys_a.sizes[row], ends.last = keys_a.lasts[row], ends.first = keys_a.firsts[row];
  const auto may_slip = [&](size_t i) {
    return ends.MaySlip(keys_b.sizes[i], keys_b.lasts[i], keys_b.firsts[i]);
  };
  matches.clear();
  for (size_t begin = 0; begin < columns; begin += kAtOnce) {
    std::array<uint8_t, kAtOnce> may;
    const uint8_t* const hashes = keys_b.hashes.data() + begin;
    if (ends.size == WordEnds::kNone) {
      for (size_t i = 0; i < kAtOnce; ++i) may[i] = hashes[i] == hash;
    } else {
      const uint8_t* const sizes = keys_b.sizes.data() + begin;
      const uint8_t* const lasts = keys_b.lasts.data() + begin;
      const uint8_t* const firsts = keys_b.firsts.data() + begin;
      for (size_t i = 0; i < kAtOnce; ++i)
        may[i] = (hashes[i] == hash) | ends.MaySlip(sizes[i], lasts[i], firsts[i]);
    }
    for (size_t part = 0; part < kAtOnce && begin + part < columns; part += sizeof(uint64_t)) {
      uint64_t some;  // eight of them, each 0 or 1
      std::memcpy(&some, may.data() + part, sizeof(some));
      for (; some != 0; some &= some - 1) {
        const size_t column = begin + part + static_cast<size_t>(std::countr_zero(some)) / 8;
        if (column >= columns) break;
        const uint32_t a = between.a + row, b = between.b + static_cast<uint32_t>(column);
        if (tokens->hashes[a] == tokens->hashes[b]) {
          matches.push_back({static_cast<uint32_t>(column) + 1, kVerbatim});
        } else if (ends.size != WordEnds::kNone && may_slip(column) &&
                   LettersOf(between.a, row, &keys_a).MaySlip(LettersOf(between.b, column, &keys_b)) &&
                   IsSlip(text, *tokens, a, b)) {
          matches.push_back({static_cast<uint32_t>(column) + 1, kSlip});
        }
      }
    }
  }
}

// Fills `pairs` with the best alignment: verbatim words count four, slips three, and each that follows
// another one more, so that words in a row win over words here and there. Of the table, only cells are
// written that differ from those of the row before: few words match.
void BetweenAligner::State::Align(const Between& between) {
  constexpr int32_t kInRow = 1;
  constexpr uint8_t kPair = 1, kAfterPair = 2, kSkipA = 4, kIsSlip = 8;
  pairs.clear();
  const size_t rows = between.in_a(), columns = between.in_b();
  const uint64_t cells = (rows + 1) * (columns + 1);
  if (rows == 0 || columns == 0 || cells > cells_left) return;
  cells_left -= cells;
  // The run before ends in a pair.
  constexpr int32_t kNever = -1'000'000;
  ends_here.assign(columns + 1, kNever);
  best.assign(columns + 1, 0);
  ends_here[0] = 0;
  moves.assign(cells, kSkipA);
  FindKeys(between.a, rows, &keys_a);
  FindKeys(between.b, columns, &keys_b);
  last_matches.clear();
  for (size_t row = 1; row <= rows; ++row) {
    FindMatches(between, static_cast<uint32_t>(row) - 1);
    // Of the row before, which is what the arrays still hold.
    for (Match& match : matches) {
      const int32_t before = best[match.column - 1], pair = ends_here[match.column - 1] + kInRow;
      match.after_pair = pair >= before;
      match.score += std::max(pair, before);
    }
    ends_here[0] = kNever;
    for (const Match& match : last_matches) ends_here[match.column] = kNever;
    uint8_t* const move = moves.data() + row * (columns + 1);
    uint32_t column = 0;  // up to here the row is done
    int32_t here = 0;     // what is best in it there
    // Goes on to `end` as long as that is better than skipping the word of a.
    const auto spread = [&](uint32_t end) {
      while (column + 1 < end && best[column + 1] < here) {
        ++column;
        best[column] = here;
        move[column] = 0;
      }
    };
    for (const Match& match : matches) {
      spread(match.column);
      const int32_t skip_a = best[match.column], skip_b = best[match.column - 1];
      ends_here[match.column] = match.score;
      const bool is_slip = match.gain == kSlip;
      move[match.column] =
          static_cast<uint8_t>((match.after_pair ? kAfterPair : 0) | (is_slip ? kIsSlip : 0));
      if (match.score >= skip_a && match.score >= skip_b) {
        move[match.column] |= kPair;
      } else if (skip_a >= skip_b) {
        move[match.column] |= kSkipA;
      }
      best[match.column] = std::max({match.score, skip_a, skip_b});
      column = match.column;
      here = best[column];
    }
    spread(static_cast<uint32_t>(columns) + 1);
    std::swap(matches, last_matches);
  }
  // Back from the end; `forced`: the pair behind counted on a pair here. The run behind begins with a pair.
  bool forced = ends_here[columns] + kInRow >= best[columns];
  for (size_t row = rows, column = columns; row > 0 && column > 0;) {
    const uint8_t move = moves[row * (columns + 1) + column];
    if (forced || (move & kPair)) {
      pairs.push_back({between.a + static_cast<uint32_t>(row) - 1,
                       between.b + static_cast<uint32_t>(column) - 1, (move & kIsSlip) != 0});
      forced = (move & kAfterPair) != 0;
      --row, --column;
    } else if (move & kSkipA) {
      --row;
    } else {
      --column;
    }
  }
  std::reverse(pairs.begin(), pairs.end());
}

// Whether `chain`, words in a row on both sides, belongs to both copies.
bool BetweenAligner::State::IsEvident(const Between& between) const {
  const AlignedPair &first = chain.front(), &last = chain.back();
  if (first.a == between.a && first.b == between.b) return true;
  if (last.a + 1 == between.a_end && last.b + 1 == between.b_end) return true;
  uint32_t quarters = 0;
  for (const AlignedPair& pair : chain) quarters += pair.slip ? 0 : tokens->quarter_words(pair.a);
  if (quarters >= kPhraseQuarters) return true;
  const auto unit = [&](uint32_t a, uint32_t b) {
    return Edge::IsUnit((*edges)[a]) || Edge::IsUnit((*edges)[b]);
  };
  return quarters >= kSentenceQuarters && unit(first.a, first.b) && unit(last.a + 1, last.b + 1);
}

// Drops pairs that are no passage: single words that both sides happen to use, slips beyond the limit or with
// nothing verbatim beside them.
void BetweenAligner::State::KeepChains(const Between& between) {
  std::vector<AlignedPair> kept;
  for (size_t begin = 0, end; begin < pairs.size(); begin = end) {
    uint32_t slips = 0;
    for (end = begin; end < pairs.size(); ++end) {
      if (end > begin && (pairs[end].a != pairs[end - 1].a + 1 || pairs[end].b != pairs[end - 1].b + 1))
        break;
      slips = pairs[end].slip ? slips + 1 : 0;
      if (slips > max_edits) break;
    }
    if (end == begin) {
      ++end;
      continue;
    }
    chain.assign(pairs.begin() + static_cast<std::ptrdiff_t>(begin),
                 pairs.begin() + static_cast<std::ptrdiff_t>(end));
    // A slip at an end needs the end of a sentence beside it, or of a line in one place and a colon in the
    // other.
    const auto unit = [&](uint32_t a, uint32_t b) {
      return Edge::AreUnits((*edges)[a], (*edges)[b]) || (a == between.a && b == between.b) ||
             (a == between.a_end && b == between.b_end);
    };
    while (!chain.empty() && chain.back().slip && !unit(chain.back().a + 1, chain.back().b + 1))
      chain.pop_back();
    size_t front = 0;
    while (front < chain.size() && chain[front].slip && !unit(chain[front].a, chain[front].b)) ++front;
    chain.erase(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(front));
    if (!chain.empty() && IsEvident(between)) kept.insert(kept.end(), chain.begin(), chain.end());
  }
  pairs.swap(kept);
}

BetweenAligner::BetweenAligner() : state_(std::make_unique<State>()) {}
BetweenAligner::~BetweenAligner() = default;

void BetweenAligner::Begin(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                           int max_edits) {
  State& s = *state_;
  s.text = text;
  s.tokens = &tokens;
  s.edges = &edges;
  s.max_edits = static_cast<uint32_t>(max_edits);
  s.cells_left = kCellsPerToken * (tokens.size() + 1024);
}

bool BetweenAligner::MayKeep(const Between& between, uint32_t least) {
  return state_->MayKeep(between, least);
}

const std::vector<AlignedPair>& BetweenAligner::Align(const Between& between) {
  state_->Align(between);
  state_->KeepChains(between);
  return state_->pairs;
}

}  // namespace refrain
