#include "refrain/match/runs.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>

#include <hwy/cache_control.h>

#include "refrain/match/slip_internal.h"
#include "refrain/match/winnow_internal.h"
#include "refrain/sketch/shingle.h"

namespace refrain {
namespace {

// A seed is kSeedWords words; of `window` neighbours the one of least value is chosen. Two equal stretches of
// kSeedWords + window - 1 words therefore share a chosen seed, so that must not exceed the shortest run
// asked for.
constexpr int kSeedWords = 5;
constexpr uint32_t kMostOccurrences = 16;
// Verbatim words that must follow an edit before the run goes on: fewer, and chance would join strangers. A
// seam, whose letters are all the same, tells more by itself.
constexpr uint32_t kAnchorQuarters = 3 * 4, kSeamAnchorQuarters = 2 * 4;
// Extension steps a token that a page may cost. Ordinary pages need about two; only built ones reach the
// limit, and then lose runs, not time.
constexpr uint64_t kStepsPerToken = 48;
// Tokens a page must have for each run, beyond the first thousands. Again only built pages have more.
constexpr size_t kTokensPerRun = 8;
// Seeds that occur once are told by a filter with so many slots for each; those of large pages so many at a
// time that it takes 64 KB, a part of the second-level cache. With more slots for fewer seeds at a time more
// are told, but clearing the filter again takes as long as that saves.
constexpr size_t kSlotsPerSeed = 8, kPartSeeds = 8192;
// Tokens of a page that are looked at together for seeds: values and places fit the first two levels of any
// cache.
constexpr size_t kPart = 2048;
constexpr uint32_t kNone = UINT32_MAX;

// Which of many values occur more than once, by a byte for each of some slots: a bit for each value that
// came, as far as there are bits. Answers yes for a value by itself that shares its slot with another. Two
// bits a slot took a quarter as many bytes and half as many instructions again.
class RepeatFilter {
 public:
  // By value in loops, so that nothing is loaded again behind each store.
  struct Slots {
    uint8_t* bytes;
    size_t mask;
    void Add(uint64_t value) const {
      uint8_t& slot = bytes[value & mask];
      slot = static_cast<uint8_t>(2 * slot + 1);
    }
    bool Repeats(uint64_t value) const { return bytes[value & mask] > 1; }
  };

  // At least so many slots, all empty. With eight for each value one in nine will be taken for a repeat.
  Slots Clear(size_t slots) {
    bytes_.assign(std::bit_ceil(std::max<size_t>(64, slots)), 0);
    return {bytes_.data(), bytes_.size() - 1};
  }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace

struct RunFinder::State {
  // Shingles of the part of the page at hand, behind the last ones of the part before; of small pages, all.
  std::vector<uint64_t> part_values;
  std::vector<uint32_t> part_starts;
  std::vector<uint32_t> chosen;  // places in the part
  std::vector<uint64_t> winnow_scratch;
  // Seeds: values and first tokens of the chosen shingles in text order. The first seed_count of each.
  std::vector<uint64_t> values;
  std::vector<uint32_t> starts;
  size_t seed_count = 0;
  RepeatFilter filter;
  // Of large pages: seeds as they are dealt out, where parts end, and a bit for each seed that stays.
  std::vector<uint64_t> dealt;
  std::vector<size_t> part_ends;
  std::vector<uint64_t> stays;
  std::vector<uint32_t> earlier;  // for each seed: the one before it with the same value
  std::vector<uint32_t> table;    // open addressing: value -> last seed
  // Where verbatim pieces already found end, by distance b - a: a pair of places inside one is not extended
  // again.
  std::vector<std::pair<uint32_t, uint32_t>> covered;  // (distance, end in b), open addressing
  size_t covered_used = 0;

  std::vector<RunPiece> left;  // of the run at hand, before its seed, from right to left
  std::vector<GapKind> left_gaps;

  std::string_view text;
  const Tokens* tokens = nullptr;
  std::span<const uint64_t> shingles;  // of the page, if the caller has them
  RunOptions options;
  uint64_t steps = 0;
  uint64_t most_steps = 0;

  void FindSeeds();
  void ChooseSeeds(std::span<const uint64_t> all, const ShingleOptions& widths, size_t window);
  void FindSeedsInParts(const ShingleOptions& widths, size_t window);
  void AddSeeds(size_t part_size, size_t window);
  void MakeRoom(size_t seeds);
  void DropSingles(const uint64_t* of_starts);
  void DropSinglesInParts();
  uint32_t* CoveredEnd(uint32_t distance);
  void GrowCovered();
  bool Equal(uint32_t a, uint32_t b) const { return tokens->hashes[a] == tokens->hashes[b]; }
  bool Anchored(uint32_t a, uint32_t b, int direction, uint32_t least, uint32_t slips = 0);
  bool MayStepOver(uint32_t a, uint32_t b, int direction);
  bool StepOverEdit(uint32_t* a, uint32_t* b, int direction, GapKind* kind);
  void Extend(uint32_t a, uint32_t b, AlignedRun* run);
  uint32_t Quarters(const AlignedRun& run) const;
};

// Leaves the seeds that occur more than once, and few others.
void RunFinder::State::FindSeeds() {
  const int words = std::clamp(static_cast<int>(options.min_words), 1, kSeedWords);
  const size_t window = static_cast<size_t>(
      std::clamp(static_cast<int>(options.min_words) - words + 1, 1, static_cast<int>(kWidestWindow)));
  const ShingleOptions widths = {.words = words, .half = words * 2, .quarter = words * 4};
  const size_t width = static_cast<size_t>(words), size = tokens->size();
  seed_count = 0;
  // Of words alone, a shingle begins at every token, so its place says where; and the shingles that others
  // compare pages by are the same if there are as many.
  if (size < width || !AreAllWords(tokens->traits)) return FindSeedsInParts(widths, window);
  std::span<const uint64_t> all;
  if (words == kSeedWords && shingles.size() == size - width + 1) all = shingles;
  if (all.empty() && size <= kPart) {
    MakeShingles(tokens->hashes, tokens->traits, widths, &part_values);
    all = part_values;
  }
  ChooseSeeds(all, widths, window);
  DropSingles(all.empty() ? nullptr : all.data());
}

// Of a page of words. Writes to `starts` the places of the chosen ones among all its shingles, which are
// `all`; or made here if that is empty, and then the chosen ones are copied to `values`. In parts, so that
// what winnowing needs stays in the cache. Windows that reach into the next part belong to that.
void RunFinder::State::ChooseSeeds(std::span<const uint64_t> all, const ShingleOptions& widths,
                                   size_t window) {
  const size_t width = static_cast<size_t>(widths.words), size = tokens->size() - width + 1;
  for (size_t begin = 0; begin < size; begin += kPart) {
    const size_t from = begin - std::min(begin, window - 1), end = std::min(begin + kPart, size);
    std::span<const uint64_t> part;
    if (!all.empty()) {
      part = all.subspan(from, end - from);
    } else {
      const size_t reach = end - from + width - 1;
      MakeShingles(std::span(tokens->hashes).subspan(from, reach),
                   std::span(tokens->traits).subspan(from, reach), widths, &part_values);
      part = part_values;
    }
    MakeRoom(seed_count + part.size() + kWinnowRoom);
    uint32_t* const places = starts.data() + seed_count;
    size_t count = WinnowTo(part, window, &winnow_scratch, places);
    // What the last window before has chosen the first one here may choose again.
    if (seed_count > 0 && count > 0 && from + places[0] == places[-1]) {
      std::copy(places + 1, places + count, places);
      --count;
    }
    if (all.empty()) {
      for (size_t i = 0; i < count; ++i) values[seed_count + i] = part[places[i]];
    }
    for (size_t i = 0; i < count; ++i) places[i] += static_cast<uint32_t>(from);
    seed_count += count;
  }
}

// A large page goes through in parts, so that of all its shingles only the chosen ones reach the memory.
// Windows that reach into the next part begin with the last shingles of this one.
void RunFinder::State::FindSeedsInParts(const ShingleOptions& widths, size_t window) {
  const size_t size = tokens->size();
  part_values.resize(kPart + kWidestWindow);
  part_starts.resize(kPart + kWidestWindow);
  size_t kept = 0;  // shingles of the part before
  bool any = false;
  for (size_t begin = 0; begin < size; begin += kPart) {
    const size_t end = std::min(begin + kPart, size);
    kept += MakeShinglesOfPart(tokens->hashes, tokens->traits, widths, {begin, end},
                               part_values.data() + kept, part_starts.data() + kept);
    if (kept < window && (end < size || any)) continue;
    AddSeeds(kept, window);
    any = true;
    const size_t gone = kept - std::min(kept, window - 1);
    std::copy(part_values.begin() + gone, part_values.begin() + kept, part_values.begin());
    std::copy(part_starts.begin() + gone, part_starts.begin() + kept, part_starts.begin());
    kept -= gone;
  }
  DropSingles(nullptr);
}

void RunFinder::State::AddSeeds(size_t part_size, size_t window) {
  Winnow(std::span(part_values.data(), part_size), window, &winnow_scratch, &chosen);
  MakeRoom(seed_count + chosen.size());
  size_t first = 0;
  // What the last window before has chosen the first one here may choose again.
  if (seed_count > 0 && !chosen.empty() && part_starts[chosen[0]] == starts[seed_count - 1]) first = 1;
  for (size_t i = first; i < chosen.size(); ++i) {
    values[seed_count] = part_values[chosen[i]];
    starts[seed_count] = part_starts[chosen[i]];
    ++seed_count;
  }
}

void RunFinder::State::MakeRoom(size_t seeds) {
  if (values.size() >= seeds) return;
  values.resize(std::max(seeds, 2 * values.size()));
  starts.resize(values.size());
}

// Most seeds occur once, and mean nothing. They are told without a branch by a filter; few others stay.
// `of_starts`: values by the places in `starts`; null if they are in `values` already.
void RunFinder::State::DropSingles(const uint64_t* of_starts) {
  uint64_t* const to = values.data();
  uint32_t* const places = starts.data();
  const size_t count = seed_count;
  if (count > kPartSeeds) {
    for (size_t i = 0; of_starts != nullptr && i < count; ++i) to[i] = of_starts[places[i]];
    return DropSinglesInParts();
  }
  const RepeatFilter::Slots slots = filter.Clear(count * kSlotsPerSeed);
  const auto drop = [&](const auto& value_at) {
    for (size_t i = 0; i < count; ++i) slots.Add(value_at(i));
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
      const uint64_t value = value_at(i);
      to[kept] = value;
      places[kept] = places[i];
      kept += slots.Repeats(value);
    }
    return kept;
  };
  seed_count = of_starts != nullptr ? drop([&](size_t i) { return of_starts[places[i]]; })
                                    : drop([&](size_t i) { return to[i]; });
}

// The filter of a large page would not fit the cache, and each seed would wait for the memory. So seeds are
// dealt out to parts first, in text order, by bits of their values: all of one value go to one part.
// Since those that stay are wanted in text order, a bit for each is set in between.
void RunFinder::State::DropSinglesInParts() {
  const size_t parts = std::bit_ceil(seed_count / kPartSeeds + 1);
  // Not the top bits: chosen values are small ones.
  const auto part_of = [&](uint64_t value) { return value >> 32 & (parts - 1); };
  part_ends.assign(parts + 1, 0);
  for (size_t i = 0; i < seed_count; ++i) ++part_ends[part_of(values[i]) + 1];
  for (size_t part = 1; part <= parts; ++part) part_ends[part] += part_ends[part - 1];
  if (dealt.size() < seed_count) dealt.resize(seed_count);
  // Dealing turns the place where a part begins to the one where it ends.
  for (size_t i = 0; i < seed_count; ++i) dealt[part_ends[part_of(values[i])]++] = values[i] << 32 | i;
  stays.assign(seed_count / 64 + 1, 0);
  size_t begin = 0;
  for (size_t part = 0; part < parts; ++part) {
    const size_t end = part_ends[part];
    const RepeatFilter::Slots slots = filter.Clear(kPartSeeds * kSlotsPerSeed);
    for (size_t i = begin; i < end; ++i) slots.Add(dealt[i] >> 32);
    size_t kept = begin;
    for (size_t i = begin; i < end; ++i) {
      const uint64_t seed = dealt[i];
      dealt[kept] = seed;
      kept += slots.Repeats(seed >> 32);
    }
    for (size_t i = begin; i < kept; ++i) {
      const uint32_t seed = static_cast<uint32_t>(dealt[i]);
      stays[seed / 64] |= uint64_t{1} << seed % 64;
    }
    begin = end;
  }
  size_t kept = 0;
  for (size_t word = 0; word < stays.size(); ++word) {
    for (uint64_t bits = stays[word]; bits != 0; bits &= bits - 1) {
      const size_t seed = word * 64 + static_cast<size_t>(std::countr_zero(bits));
      values[kept] = values[seed];
      starts[kept] = starts[seed];
      ++kept;
    }
  }
  seed_count = kept;
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

// Whether so many verbatim words stand at (a, b) in `direction`: +1 from there on, -1 right before. Behind
// the first of them so many slips may stand among them, for slips come close together too.
bool RunFinder::State::Anchored(uint32_t a, uint32_t b, int direction, uint32_t least, uint32_t slips) {
  const uint32_t size = static_cast<uint32_t>(tokens->size());
  uint32_t quarters = 0;
  while (quarters < least) {
    if (direction > 0 ? b >= size : a == 0 || b == 0) return false;
    if (direction < 0) --a, --b;
    ++steps;
    if (a >= size) return false;
    if (Equal(a, b)) {
      quarters += tokens->quarter_words(b);
    } else {
      if (quarters == 0 || slips == 0 || !IsSlip(text, *tokens, a, b)) return false;
      --slips;
    }
    if (direction > 0) ++a, ++b;
  }
  return true;
}

// False only if StepOverEdit is, and nearly always then: no word that would follow an edit is the same in
// both places. Counts the steps that it would take.
bool RunFinder::State::MayStepOver(uint32_t a, uint32_t b, int direction) {
  constexpr uint32_t kWidest = 8;
  const uint32_t size = static_cast<uint32_t>(tokens->size()),
                 most = static_cast<uint32_t>(options.max_edits);
  if (a <= kWidest || b + kWidest >= size || b - a <= kWidest) return true;
  const uint64_t* const words = tokens->hashes.data();
  const auto equal = [&](uint32_t in_a, uint32_t in_b) {
    return direction > 0 ? words[a + in_a] == words[b + in_b] : words[a - in_a - 1] == words[b - in_b - 1];
  };
  bool any = false;
  for (uint32_t edits = 1; edits <= most; ++edits)
    any |= equal(edits, edits) | equal(edits, 0) | equal(0, edits);
  if (most > 0) any |= equal(1, 2) | equal(2, 1) | equal(1, 3) | equal(3, 1);
  if (!any) steps += 3 * most;
  return any;
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
    if (!reach(words, words, &next_a, &next_b) || !Anchored(next_a, next_b, direction, kAnchorQuarters, 1))
      continue;
    const uint32_t from_a = std::min(*a, next_a), from_b = std::min(*b, next_b);
    bool slips = true;
    for (uint32_t i = 0; i < words && slips; ++i) slips = IsSlip(text, *tokens, from_a + i, from_b + i);
    if (slips) return take(GapKind::kSlip);
    break;
  }
  for (const auto& [words_a, words_b] : {std::pair<uint32_t, uint32_t>{1, 2}, {2, 1}, {1, 3}, {3, 1}}) {
    if (most == 0 || !reach(words_a, words_b, &next_a, &next_b)) continue;
    const uint32_t from_a = std::min(*a, next_a), from_b = std::min(*b, next_b);
    const bool agree = direction > 0 ? Equal(next_a, next_b) : Equal(next_a - 1, next_b - 1);
    if (agree && SameLetters(text, *tokens, from_a, words_a, from_b, words_b) &&
        Anchored(next_a, next_b, direction, kSeamAnchorQuarters, 1)) {
      return take(GapKind::kSeam);
    }
  }
  // A word more may be part of a number: "1.5" is not "5".
  const auto whole_number = [&](uint32_t from, uint32_t to) {
    return !IsInsideNumber(text, *tokens, from) && !IsInsideNumber(text, *tokens, to);
  };
  for (uint32_t words = 1; words <= most; ++words) {
    if (reach(words, 0, &next_a, &next_b) && Anchored(next_a, next_b, direction, kAnchorQuarters) &&
        whole_number(*a, next_a))
      return take(GapKind::kExtraA);
    if (reach(0, words, &next_a, &next_b) && Anchored(next_a, next_b, direction, kAnchorQuarters) &&
        whole_number(*b, next_b))
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
  left.clear();
  left_gaps.clear();
  uint32_t low_a = a, low_b = b;
  uint32_t high_b = b;
  while (true) {
    while (low_a > 0 && Equal(low_a - 1, low_b - 1)) --low_a, --low_b, ++steps;
    left.push_back({low_a, low_b, high_b - low_b});
    GapKind kind;
    if (steps > most_steps || low_a == 0 || !MayStepOver(low_a, low_b, -1)) break;
    if (!StepOverEdit(&low_a, &low_b, -1, &kind)) break;
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
    if (steps > most_steps || next_b >= size || !MayStepOver(next_a, next_b, +1)) break;
    if (!StepOverEdit(&next_a, &next_b, +1, &kind)) break;
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
                     std::vector<AlignedRun>* runs, std::span<const uint64_t> shingles) {
  runs->clear();
  State& s = *state_;
  s.text = text;
  s.tokens = &tokens;
  s.shingles = shingles;
  s.options = options;
  s.steps = 0;
  s.most_steps = kStepsPerToken * tokens.size() + 4096;
  const double least = options.min_words * 4;
  s.FindSeeds();
  if (s.seed_count == 0) return;

  const size_t slots = std::bit_ceil(std::max<size_t>(64, s.seed_count * 2));
  s.table.assign(slots, kNone);
  s.earlier.resize(s.seed_count);
  // As large as it was for the page before, unless that was a giant.
  s.covered.assign(std::min(s.covered.size(), slots), {kNone, 0});
  s.covered_used = 0;
  const size_t most_runs = 4096 + tokens.size() / kTokensPerRun;
  AlignedRun run;
  for (uint32_t at = 0; at < s.seed_count; ++at) {
    constexpr size_t kAhead = 16;
    if (at + kAhead < s.seed_count) hwy::Prefetch(&s.table[s.values[at + kAhead] & (slots - 1)]);
    const uint64_t value = s.values[at];
    size_t slot = value & (slots - 1);
    while (s.table[slot] != kNone && s.values[s.table[slot]] != value) slot = (slot + 1) & (slots - 1);
    const uint32_t b = s.starts[at];
    uint32_t place = s.table[slot];
    s.earlier[at] = place;
    s.table[slot] = at;
    for (uint32_t tried = 0; place != kNone && tried < kMostOccurrences; ++tried, place = s.earlier[place]) {
      if (s.steps > s.most_steps || runs->size() >= most_runs) break;
      const uint32_t a = s.starts[place];
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
