#include "refrain/match/reach_internal.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>

#include "refrain/base/span.h"
#include "refrain/match/evidence_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// Runs of one copy lie 300 words apart at most (join.cc, copies.cc); and they may be extended to edges, and
// their words split, after this.
constexpr int32_t kSameCopy = 340, kOverlap = 32;
// So many more words may belong to a copy that its runs do not show: up to edges, and split ones.
constexpr double kMoreWords = 16, kMoreOften = 1.05;
// Runs before that are looked at for one that goes on. Only built pages and lists have more that near.
constexpr size_t kMostNear = 256;

// What copies take of the page, on both sides: groups of runs that may become one.
class Copies {
 public:
  Copies(const WordScale& scale, const std::vector<AlignedRun>& runs) : scale_(scale), parent_(runs.size()) {
    std::iota(parent_.begin(), parent_.end(), 0u);
    for (const AlignedRun& run : runs)
      places_.push_back({{run.a_begin(), run.a_end()}, {run.b_begin(), run.b_end()}});
  }

  // False if more runs stand near each other than is worth a look.
  bool Group(const std::vector<AlignedRun>& runs) {
    std::vector<Ends> near;  // runs that may go on
    for (uint32_t i = 0; i < runs.size(); ++i) {
      const Ends next = EndsOf(runs[i], i);
      std::erase_if(near, [&](const Ends& run) { return From(run.b_end, next.b_begin) > 4 * kSameCopy; });
      if (near.size() > kMostNear) return false;
      for (const Ends& run : near) {
        const bool goes_on = (From(next.b_begin, run.b_end) <= 4 * kOverlap) &
                             (From(next.a_begin, run.a_end) <= 4 * kOverlap) &
                             (From(run.a_end, next.a_begin) <= 4 * kSameCopy);
        if (goes_on) Unite(run.number, i);
      }
      near.push_back(next);
    }
    return true;
  }

  // For each group, in order of the second places: what it takes on both sides.
  template <typename Look>
  void ForEach(const Look& look) const {
    for (uint32_t i = 0; i < parent_.size(); ++i) {
      if (parent_[i] == i) look(places_[i].first, places_[i].second);
    }
  }

 private:
  // Where the places of a run are, in quarters of a word from the beginning of the page; of pages of
  // gigabytes, less what 32 bits do not hold.
  struct Ends {
    uint32_t a_begin = 0, a_end = 0, b_begin = 0, b_end = 0;
    uint32_t number = 0;
  };
  Ends EndsOf(const AlignedRun& run, uint32_t number) const {
    const auto before = [&](uint32_t token) { return scale_.Quarters(0, token); };
    return {before(run.a_begin()), before(run.a_end()), before(run.b_begin()), before(run.b_end()), number};
  }
  // Negative if `end` lies in front.
  static int32_t From(uint32_t begin, uint32_t end) { return static_cast<int32_t>(end - begin); }
  uint32_t Root(uint32_t run) {
    while (parent_[run] != run) run = parent_[run] = parent_[parent_[run]];
    return run;
  }
  void Unite(uint32_t before, uint32_t next) {
    const uint32_t one = Root(before), two = Root(next);
    const uint32_t root = std::min(one, two), other = std::max(one, two);
    if (root == other) return;
    parent_[other] = root;
    const auto add = [](Span more, Span* place) {
      *place = {std::min(place->begin, more.begin), std::max(place->end, more.end)};
    };
    add(places_[other].first, &places_[root].first);
    add(places_[other].second, &places_[root].second);
  }

  const WordScale& scale_;
  std::vector<uint32_t> parent_;
  std::vector<std::pair<Span, Span>> places_;
};

}  // namespace

double WordsOf(const Tokens& tokens) {
  uint64_t quarters = 0;
  constexpr size_t kPart = 4096;  // counts of 32 bits: compilers make vectors of them
  for (size_t begin = 0; begin < tokens.size(); begin += kPart) {
    uint32_t part = 0;
    for (size_t i = begin; i < std::min(begin + kPart, tokens.size()); ++i) part += tokens.quarter_words(i);
    quarters += part;
  }
  return static_cast<double>(quarters) / 4;
}

bool ShortLeadsMayGo(const Tokens& tokens, double min_words) {
  const double least = kPagePerTail * 4 * min_words;
  // A token is a word at most, and most pages have too few to be counted.
  return static_cast<double>(tokens.size()) < least || WordsOf(tokens) < least;
}

bool RunsMayGo(const Tokens& tokens, double min_words, const std::vector<AlignedRun>& runs) {
  if (runs.empty()) return false;
  const double page_words = WordsOf(tokens);
  const double least = page_words / kPagePerCallout;
  if (least <= min_words + kMoreWords) return true;
  const WordScale scale(tokens);
  Copies copies(scale, runs);
  if (!copies.Group(runs)) return true;
  const auto words = [&](Span place) { return scale.Quarters(place.begin, place.end) / 4.0; };
  double second = 0, longest = 0;
  uint32_t end = 0;
  copies.ForEach([&](Span a, Span b) {
    longest = std::max(longest, std::min(words(a), words(b)));
    if (b.end <= end) return;
    second += words({std::max(b.begin, end), b.end});
    end = b.end;
  });
  return longest * kMoreOften + kMoreWords >= least || second * kMoreOften >= kSecondPlaces * page_words;
}

}  // namespace refrain
