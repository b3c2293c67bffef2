#include "refrain/match/passages.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace refrain {
namespace {

// Of rewritten text: two words; four Han or kana code points and eight of Thai are as much.
constexpr ShingleOptions kShortSeed{.words = 2, .half = 4, .quarter = 8};
// What stands more often in a text says little about where its passages are: "of the".
constexpr uint32_t kMostPlaces = 4;
// Of the runs that begin before a run and reach up to it, so many at the most are asked whether they are
// near. More are there only where a text repeats itself again and again.
constexpr size_t kMostLooked = 64;
constexpr uint32_t kThinSeeds = 4;
constexpr uint32_t kNone = ShingleTable::kNone;

}  // namespace

ShingleOptions SeedsFor(const PassageOptions& options) {
  return options.rewritten ? kShortSeed : ShingleOptions();
}

void MakeSeeded(const Tokens& tokens, const PassageOptions& options, PlacedShingles* scratch,
                SeededText* text) {
  text->tokens = &tokens;
  MakeShingleTable(tokens.hashes, tokens.traits, SeedsFor(options), scratch, &text->seeds);
  text->before.clear();
  uint8_t others = 0;
  for (const uint8_t traits : tokens.traits)
    others |= (traits & TokenTraits::kQuarterWords) ^ TokenTraits::kWord;
  if (others == 0) return;
  text->before.resize(tokens.size() + 1);
  text->before[0] = 0;
  for (size_t i = 0; i < tokens.size(); ++i) text->before[i + 1] = text->before[i] + tokens.quarter_words(i);
}

// Extends the pair of places (i, j) to a maximal run, unless it is part of one.
void PassageFinder::AddRun(const Tokens& a, const Tokens& b, uint32_t i, uint32_t j) {
  uint32_t& end = diagonal_end_[i + b.size() - j];
  if (j < end) return;
  uint32_t before = 0, length = 0;
  while (before < i && before < j && j - before > end && a.hashes[i - before - 1] == b.hashes[j - before - 1])
    ++before;
  while (i + length < a.size() && j + length < b.size() && a.hashes[i + length] == b.hashes[j + length])
    ++length;
  if (length == 0) return;  // two shingles of one value by chance
  end = j + length;
  runs_.push_back({.a = i - before, .b = j - before, .length = before + length});
}

void PassageFinder::FindRuns(const SeededText& a, const SeededText& b, const SharedShingles& shared,
                             bool rewritten) {
  runs_.clear();
  const ShingleTable& theirs = b.seeds;
  diagonal_end_.resize(std::max(diagonal_end_.size(), a.tokens->size() + b.tokens->size() + 1));
  for (const SharedShingles::Place& place : shared.places) {
    const uint32_t i = a.seeds.starts[place.a];
    uint32_t count = 0;
    for (uint32_t at = place.b; at != kNone && count <= kMostPlaces; at = theirs.next[at]) ++count;
    if (count <= kMostPlaces) {
      for (uint32_t at = place.b; at != kNone; at = theirs.next[at])
        AddRun(*a.tokens, *b.tokens, i, theirs.starts[at]);
    } else if (!rewritten && (runs_.empty() || i >= runs_.back().a + runs_.back().length)) {
      // The first place; pairs of words so frequent say nothing.
      AddRun(*a.tokens, *b.tokens, i, theirs.starts[place.b]);
    }
  }
  for (const Run& run : runs_) diagonal_end_[run.a + b.tokens->size() - run.b] = 0;
  std::sort(runs_.begin(), runs_.end(),
            [](const Run& x, const Run& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); });
}

// Single linkage: runs that are near each other, directly or through others. `runs` is sorted by a.
// `near(x, y)`: on both sides; `near.reaches(x, y)`: on the side of a.
template <typename Near>
void PassageFinder::Cluster(std::vector<Run>* runs, const Near& near,
                            std::vector<std::vector<Run>>* clusters) {
  clusters->clear();
  parent_.resize(runs->size());
  for (uint32_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
  const auto root = [this](uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  };
  std::vector<uint32_t> open;  // runs that what follows may be near to
  for (uint32_t i = 0; i < runs->size(); ++i) {
    std::erase_if(open, [&](uint32_t earlier) { return !near.reaches((*runs)[earlier], (*runs)[i]); });
    if (open.size() > kMostLooked)
      open.erase(open.begin(), open.end() - static_cast<std::ptrdiff_t>(kMostLooked));
    for (const uint32_t earlier : open) {
      if (near((*runs)[earlier], (*runs)[i])) parent_[root(i)] = root(earlier);
    }
    open.push_back(i);
  }
  std::vector<uint32_t> number(runs->size(), kNone);
  for (uint32_t i = 0; i < runs->size(); ++i) {
    uint32_t& of = number[root(i)];
    if (of == kNone) {
      of = static_cast<uint32_t>(clusters->size());
      clusters->emplace_back();
    }
    (*clusters)[of].push_back((*runs)[i]);
  }
}

void PassageFinder::Find(const SeededText& a, const SeededText& b, const SharedShingles& shared,
                         const PassageOptions& options, std::vector<SharedPassage>* passages) {
  passages->clear();
  FindRuns(a, b, shared, options.rewritten);
  if (runs_.empty()) return;
  struct Near {
    const SeededText& a;
    const SeededText& b;
    double gap;
    bool reaches(const Run& x, const Run& y) const { return a.Words(x.a + x.length, y.a) <= gap; }
    bool operator()(const Run& x, const Run& y) const {
      return (x.b <= y.b ? b.Words(x.b + x.length, y.b) : b.Words(y.b + y.length, x.b)) <= gap;
    }
  };
  const auto words = [&](const Run& run) { return a.Words(run.a, run.a + run.length); };
  const auto seeds = [&](const Run& run) { return static_cast<uint32_t>(std::max(1.0, words(run) - 1)); };

  // The least stretches on both sides that hold all runs, and how much of them the runs cover.
  const auto box = [&](std::vector<Run>& runs) {
    SharedPassage passage{.a_first = kNone, .b_first = kNone};
    uint32_t done = 0;
    for (const Run& run : runs) {  // sorted by a
      passage.a_first = std::min(passage.a_first, run.a);
      passage.a_last = std::max(passage.a_last, run.a + run.length);
      passage.a_words += a.Words(std::max(done, run.a), run.a + run.length);
      done = std::max(done, run.a + run.length);
    }
    std::sort(runs.begin(), runs.end(),
              [](const Run& x, const Run& y) { return std::tie(x.b, x.a) < std::tie(y.b, y.a); });
    done = 0;
    for (const Run& run : runs) {
      passage.b_first = std::min(passage.b_first, run.b);
      passage.b_last = std::max(passage.b_last, run.b + run.length);
      passage.b_words += b.Words(std::max(done, run.b), run.b + run.length);
      done = std::max(done, run.b + run.length);
    }
    return passage;
  };
  const auto long_enough = [&](const SharedPassage& p) {
    return std::min(a.Words(p.a_first, p.a_last), b.Words(p.b_first, p.b_last)) >= options.min_words;
  };
  const auto density = [&](const SharedPassage& p) {
    return std::min(p.a_words / a.Words(p.a_first, p.a_last), p.b_words / b.Words(p.b_first, p.b_last));
  };
  // Takes thin ends off: runs in front of which the next few seeds are far.
  const auto peel = [&](std::vector<Run>* runs, bool side_a) {
    const SeededText& text = side_a ? a : b;
    const auto begin = [&](const Run& run) { return side_a ? run.a : run.b; };
    const auto end = [&](const Run& run) { return begin(run) + run.length; };
    std::sort(runs->begin(), runs->end(), [&](const Run& x, const Run& y) {
      return std::pair(begin(x), side_a ? x.b : x.a) < std::pair(begin(y), side_a ? y.b : y.a);
    });
    const auto thin = [&](auto first, auto last, bool from_begin) {
      uint32_t count = 0;
      for (auto run = first; run != last; ++run) {
        count += seeds(*run);
        const double in =
            from_begin ? text.Words(begin(*first), begin(*run)) : text.Words(end(*run), end(*first));
        if (in > options.thin) return true;
        if (count >= kThinSeeds) return false;
      }
      return false;
    };
    size_t front = 0;
    while (front + 1 < runs->size() &&
           thin(runs->begin() + static_cast<std::ptrdiff_t>(front), runs->end(), true))
      ++front;
    runs->erase(runs->begin(), runs->begin() + static_cast<std::ptrdiff_t>(front));
    std::sort(runs->begin(), runs->end(), [&](const Run& x, const Run& y) {
      return std::pair(end(x), side_a ? x.b : x.a) < std::pair(end(y), side_a ? y.b : y.a);
    });
    while (runs->size() > 1 && thin(runs->rbegin(), runs->rend(), false)) runs->pop_back();
  };
  const auto by_a = [](const Run& x, const Run& y) { return std::tie(x.a, x.b) < std::tie(y.a, y.b); };

  std::vector<std::vector<Run>> clusters;
  std::vector<SharedPassage> rewritten;
  Cluster(&runs_, Near{a, b, options.rewritten ? options.gap : options.run_gap}, &clusters);
  std::vector<std::vector<Run>> closer, closest;
  for (std::vector<Run>& runs : clusters) {
    double all = 0, in_long = 0;
    for (const Run& run : runs) {
      all += words(run);
      if (words(run) >= options.long_run) in_long += words(run);
    }
    if (in_long * 2 >= all) {
      std::erase_if(runs, [&](const Run& run) { return words(run) < options.short_run; });
      Cluster(&runs, Near{a, b, options.run_gap}, &closer);
      for (std::vector<Run>& part : closer) {
        const auto add = [&](SharedPassage passage) {
          passage.verbatim = true;
          if (long_enough(passage)) passages->push_back(passage);
        };
        const SharedPassage whole = box(part);
        if (density(whole) >= options.density_edited) {
          add(whole);
          continue;
        }
        // Too much between its runs: only those go together that are a few words apart.
        std::sort(part.begin(), part.end(), by_a);
        Cluster(&part, Near{a, b, options.run_gap / 5}, &closest);
        for (std::vector<Run>& piece : closest) add(box(piece));
      }
      continue;
    }
    peel(&runs, true);
    peel(&runs, false);
    uint32_t count = 0;
    for (const Run& run : runs) count += seeds(run);
    if (options.rewritten && count < options.seeds) continue;
    std::sort(runs.begin(), runs.end(), by_a);
    const SharedPassage passage = box(runs);
    if (!long_enough(passage)) continue;
    if (!options.rewritten) {
      if (density(passage) >= options.density_edited) passages->push_back(passage);
    } else if (density(passage) >= options.density) {
      rewritten.push_back(passage);
    }
  }
  const bool beside = !passages->empty();  // none of them rewritten
  for (const SharedPassage& passage : rewritten) {
    if (!beside || density(passage) >= options.density_beside) passages->push_back(passage);
  }
  std::sort(passages->begin(), passages->end(), [](const SharedPassage& x, const SharedPassage& y) {
    return std::tie(x.a_first, x.b_first, x.a_last, x.b_last) <
           std::tie(y.a_first, y.b_first, y.a_last, y.b_last);
  });
}

}  // namespace refrain
