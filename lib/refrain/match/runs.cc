#include "refrain/match/runs.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "refrain/match/slip_internal.h"
#include "refrain/match/winnow_internal.h"
#include "refrain/sketch/shingle.h"

namespace refrain {
namespace {

// A seed is kSeedWords words; of kWindow neighbours the one of least value is chosen. Two equal stretches of
// kSeedWords + kWindow - 1 words therefore share a chosen seed, so that must not exceed the shortest run
// asked for.
constexpr int kSeedWords = 5;
constexpr uint32_t kMostOccurrences = 16;
// Verbatim words that must follow an edit before the run goes on: fewer, and chance would join strangers.
constexpr uint32_t kAnchorQuarters = 3 * 4;
// Extension steps a token that a page may cost. Ordinary pages need about two; only built ones reach the
// limit, and then lose runs, not time.
constexpr uint64_t kStepsPerToken = 48;
// Tokens a page must have for each run, beyond the first thousands. Again only built pages have more.
constexpr size_t kTokensPerRun = 8;
constexpr uint32_t kNone = UINT32_MAX;

}  // namespace

struct RunFinder::State {
  PlacedShingles seeds;
  std::vector<uint32_t> chosen;   // numbers of chosen seeds, in text order
  std::vector<uint64_t> least;    // scratch of choosing
  std::vector<uint8_t> seen;      // by the low bits of a value
  std::vector<uint32_t> earlier;  // for each chosen one: the chosen one before it with the same value
  std::vector<uint32_t> table;    // open addressing: value -> last chosen one
  // Where verbatim pieces already found end, by distance b - a: a pair of places inside one is not extended
  // again.
  std::vector<std::pair<uint32_t, uint32_t>> covered;  // (distance, end in b), open addressing
  size_t covered_used = 0;

  std::string_view text;
  const Tokens* tokens = nullptr;
  RunOptions options;
  uint64_t steps = 0;
  uint64_t most_steps = 0;

  void DropSingles();
  uint32_t* CoveredEnd(uint32_t distance);
  void GrowCovered();
  bool Equal(uint32_t a, uint32_t b) const { return tokens->hashes[a] == tokens->hashes[b]; }
  bool Anchored(uint32_t a, uint32_t b, int direction);
  bool StepOverEdit(uint32_t* a, uint32_t* b, int direction, GapKind* kind);
  void Extend(uint32_t a, uint32_t b, AlignedRun* run);
  uint32_t Quarters(const AlignedRun& run) const;
};

// Most seeds occur once, and mean nothing. They are told by a count for some bits of their values, without a
// branch; the one in nine that shares those bits with another stays.
void RunFinder::State::DropSingles() {
  const size_t slots = std::bit_ceil(std::max<size_t>(64, chosen.size() * 8));
  seen.assign(slots, 0);
  for (const uint32_t seed : chosen) {
    uint8_t& times = seen[seeds.values[seed] & (slots - 1)];
    times |= times + 1;  // 0, 1, 3 and more
  }
  size_t kept = 0;
  for (const uint32_t seed : chosen) {
    chosen[kept] = seed;
    kept += seen[seeds.values[seed] & (slots - 1)] > 1;
  }
  chosen.resize(kept);
}

uint32_t* RunFinder::State::CoveredEnd(uint32_t distance) {
  if (covered.empty()) covered.resize(64, {kNone, 0});
  if ((covered_used + 1) * 2 > covered.size()) GrowCovered();
  const size_t mask = covered.size() - 1;
  size_t slot = (distance * uint64_t{0x9E3779B97F4A7C15}) >> 20 & mask;
  while (covered[slot].first != kNone && covered[slot].first != distance) slot = (slot + 1) & mask;
  if (covered[slot].first == kNone) {
    covered[slot] = {distance, 0};
    ++covered_used;
  }
  return &covered[slot].second;
}

void RunFinder::State::GrowCovered() {
  std::vector<std::pair<uint32_t, uint32_t>> old(covered.size() * 2, {kNone, 0});
  old.swap(covered);
  covered_used = 0;
  for (const auto& [distance, end] : old) {
    if (distance != kNone) *CoveredEnd(distance) = end;
  }
}

// Whether verbatim words stand at (a, b) in `direction`: +1 from there on, -1 right before.
bool RunFinder::State::Anchored(uint32_t a, uint32_t b, int direction) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  uint32_t quarters = 0;
  while (quarters < kAnchorQuarters) {
    if (direction > 0 ? b >= size : a == 0 || b == 0) return false;
    if (direction < 0) --a, --b;
    ++steps;
    if (a >= size || !Equal(a, b)) return false;
    quarters += tokens->quarter_words(b);
    if (direction > 0) ++a, ++b;
  }
  return true;
}

// At (a, b) the words differ. Tries the smallest edit behind which they agree again and steps over it.
bool RunFinder::State::StepOverEdit(uint32_t* a, uint32_t* b, int direction, GapKind* kind) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  const uint32_t most = static_cast<uint32_t>(options.max_edits);
  // The words of the edit: [*a, *a + words_a) going right, [*a - words_a, *a) going left.
  const auto reach = [&](uint32_t words_a, uint32_t words_b, uint32_t* next_a, uint32_t* next_b) {
    if (direction > 0) {
      if (*a + words_a >= size || *b + words_b >= size) return false;
      *next_a = *a + words_a;
      *next_b = *b + words_b;
    } else {
      if (*a < words_a + 1 || *b < words_b + 1) return false;
      *next_a = *a - words_a;
      *next_b = *b - words_b;
    }
    // Edits on one side only may bring both places together; a place is no copy of itself.
    return *next_a < *next_b;
  };
  uint32_t next_a = 0, next_b = 0;
  const auto take = [&](GapKind found) {
    *a = next_a;
    *b = next_b;
    *kind = found;
    return true;
  };
  for (uint32_t words = 1; words <= most; ++words) {
    if (!reach(words, words, &next_a, &next_b) || !Anchored(next_a, next_b, direction)) continue;
    const uint32_t from_a = std::min(*a, next_a), from_b = std::min(*b, next_b);
    bool slips = true;
    for (uint32_t i = 0; i < words && slips; ++i) slips = IsSlip(text, *tokens, from_a + i, from_b + i);
    if (slips) return take(GapKind::kSlip);
    break;
  }
  for (const auto& [words_a, words_b] : {std::pair<uint32_t, uint32_t>{1, 2}, {2, 1}, {1, 3}, {3, 1}}) {
    if (most == 0 || !reach(words_a, words_b, &next_a, &next_b)) continue;
    const uint32_t from_a = std::min(*a, next_a), from_b = std::min(*b, next_b);
    if (SameLetters(text, *tokens, from_a, words_a, from_b, words_b) && Anchored(next_a, next_b, direction)) {
      return take(GapKind::kSeam);
    }
  }
  // A word more may be part of a number: "1.5" is not "5".
  const auto whole_number = [&](uint32_t from, uint32_t to) {
    return !IsInsideNumber(text, *tokens, from) && !IsInsideNumber(text, *tokens, to);
  };
  for (uint32_t words = 1; words <= most; ++words) {
    if (reach(words, 0, &next_a, &next_b) && Anchored(next_a, next_b, direction) && whole_number(*a, next_a))
      return take(GapKind::kExtraA);
    if (reach(0, words, &next_a, &next_b) && Anchored(next_a, next_b, direction) && whole_number(*b, next_b))
      return take(GapKind::kExtraB);
  }
  return false;
}

// Grows a run from the equal tokens a and b, both ways.
void RunFinder::State::Extend(uint32_t a, uint32_t b, AlignedRun* run) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  run->pieces.clear();
  run->gaps.clear();

  // Left, from the seed's first token; pieces and gaps come out from right to left.
  std::vector<RunPiece> left;
  std::vector<GapKind> left_gaps;
  uint32_t low_a = a, low_b = b;
  uint32_t high_b = b;
  while (true) {
    while (low_a > 0 && Equal(low_a - 1, low_b - 1)) --low_a, --low_b, ++steps;
    left.push_back({low_a, low_b, high_b - low_b});
    GapKind kind;
    if (steps > most_steps || low_a == 0 || !StepOverEdit(&low_a, &low_b, -1, &kind)) break;
    left_gaps.push_back(kind);
    high_b = low_b;
  }
  run->pieces.assign(left.rbegin(), left.rend());
  run->gaps.assign(left_gaps.rbegin(), left_gaps.rend());

  uint32_t next_a = a, next_b = b;
  uint32_t begin_b = run->pieces.back().b;
  while (true) {
    while (next_b < size && Equal(next_a, next_b)) ++next_a, ++next_b, ++steps;
    run->pieces.back().length = next_b - begin_b;
    GapKind kind;
    if (steps > most_steps || next_b >= size || !StepOverEdit(&next_a, &next_b, +1, &kind)) break;
    run->gaps.push_back(kind);
    run->pieces.push_back({next_a, next_b, 0});
    begin_b = next_b;
  }
}

uint32_t RunFinder::State::Quarters(const AlignedRun& run) const {
  uint64_t quarters = 0;
  for (const RunPiece& piece : run.pieces) {
    for (uint32_t i = 0; i < piece.length; ++i) quarters += tokens->quarter_words(piece.b + i);
  }
  return static_cast<uint32_t>(std::min<uint64_t>(quarters, UINT32_MAX));
}

RunFinder::RunFinder() : state_(std::make_unique<State>()) {}
RunFinder::~RunFinder() = default;

void RunFinder::Find(std::string_view text, const Tokens& tokens, const RunOptions& options,
                     std::vector<AlignedRun>* runs) {
  runs->clear();
  State& s = *state_;
  s.text = text;
  s.tokens = &tokens;
  s.options = options;
  s.steps = 0;
  s.most_steps = kStepsPerToken * tokens.size() + 4096;
  const int words = std::clamp(static_cast<int>(options.min_words), 1, kSeedWords);
  const int window = std::clamp(static_cast<int>(options.min_words) - words + 1, 1, 16);
  const double least = options.min_words * 4;
  MakePlacedShingles(tokens.hashes, tokens.traits, {.words = words, .half = words * 2, .quarter = words * 4},
                     &s.seeds);
  Winnow(s.seeds.values, static_cast<size_t>(window), &s.least, &s.chosen);
  s.DropSingles();
  if (s.chosen.empty()) return;

  const size_t slots = std::bit_ceil(std::max<size_t>(64, s.chosen.size() * 2));
  s.table.assign(slots, kNone);
  s.earlier.assign(s.chosen.size(), kNone);
  // As large as it was for the page before, unless that was a giant.
  s.covered.assign(std::min(s.covered.size(), slots), {kNone, 0});
  s.covered_used = 0;
  const size_t most_runs = 4096 + tokens.size() / kTokensPerRun;
  AlignedRun run;
  for (uint32_t at = 0; at < s.chosen.size(); ++at) {
    const uint64_t value = s.seeds.values[s.chosen[at]];
    size_t slot = value & (slots - 1);
    while (s.table[slot] != kNone && s.seeds.values[s.chosen[s.table[slot]]] != value)
      slot = (slot + 1) & (slots - 1);
    const uint32_t b = s.seeds.starts[s.chosen[at]];
    uint32_t place = s.table[slot];
    s.earlier[at] = place;
    s.table[slot] = at;
    for (uint32_t tried = 0; place != kNone && tried < kMostOccurrences; ++tried, place = s.earlier[place]) {
      if (s.steps > s.most_steps || runs->size() >= most_runs) break;
      const uint32_t a = s.seeds.starts[s.chosen[place]];
      if (*s.CoveredEnd(b - a) > b) continue;
      ++s.steps;
      if (!s.Equal(a, b)) continue;  // two shingles of one value by chance
      s.Extend(a, b, &run);
      for (const RunPiece& piece : run.pieces) {
        uint32_t* end = s.CoveredEnd(piece.b - piece.a);
        *end = std::max(*end, piece.b + piece.length);
      }
      // Work must not be done again for what lies before the seed on this distance either, so short runs are
      // remembered too.
      if (s.Quarters(run) >= least) runs->push_back(run);
    }
  }
  std::stable_sort(runs->begin(), runs->end(), [](const AlignedRun& one, const AlignedRun& other) {
    return std::pair(one.b_begin(), one.a_begin()) < std::pair(other.b_begin(), other.a_begin());
  });
}

}  // namespace refrain
