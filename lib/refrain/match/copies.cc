#include "refrain/match/copies_internal.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "refrain/match/edges_internal.h"
#include "refrain/match/evidence_internal.h"
#include "refrain/match/making_internal.h"
#include "refrain/match/page_look_internal.h"
#include "refrain/match/same_copy_internal.h"
#include "refrain/match/too_short_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// Runs of the same two copies. Of three copies in a row, the end of the first and second is followed by the
// beginning of the second and third: those are two pairs, so a group's first places end before its second
// places begin.
struct Groups {
  std::vector<uint32_t> parent, a_end, b_begin;
  explicit Groups(const std::vector<AlignedRun>& runs) : parent(runs.size()) {
    std::iota(parent.begin(), parent.end(), 0u);
    for (const AlignedRun& run : runs) {
      a_end.push_back(run.a_end());
      b_begin.push_back(run.b_begin());
    }
  }
  uint32_t Root(uint32_t run) {
    while (parent[run] != run) run = parent[run] = parent[parent[run]];
    return run;
  }
  // Whether the two groups can be one.
  bool Fit(uint32_t one, uint32_t other) {
    one = Root(one), other = Root(other);
    return std::max(a_end[one], a_end[other]) <= std::min(b_begin[one], b_begin[other]) + kSameCopyOverlap;
  }
  void Join(uint32_t one, uint32_t other) {
    one = Root(one), other = Root(other);
    parent[other] = one;
    a_end[one] = std::max(a_end[one], a_end[other]);
    b_begin[one] = std::min(b_begin[one], b_begin[other]);
  }
};

// Whether `next` goes on where `run` ends, on both sides, so that both show the same two copies.
bool Continues(const WordScale& scale, const AlignedRun& run, const AlignedRun& next) {
  const auto near = [&](uint32_t end, uint32_t begin) {
    return scale.IsWithin(begin, end, kSameCopyOverlap) && scale.IsWithin(end, begin, kSameCopyWords);
  };
  return near(run.a_end(), next.a_begin()) && near(run.b_end(), next.b_begin());
}

// How much of what the places of a group reach over on one side they fill.
struct Fill {
  uint64_t filled = 0;  // tokens
  uint64_t reach = 0;
  bool whole_lines = true;  // what they leave are whole lines

  bool IsFull(uint64_t percent) const { return filled * 100 >= reach * percent; }
};

// One for each group. `places`: one side of each run; `order`: all runs, to be sorted.
std::vector<Fill> FillGroups(const std::vector<EdgeBits>& edges, const std::vector<uint32_t>& group,
                             const std::vector<Span>& places, std::vector<uint32_t>* order) {
  std::vector<Fill> fills(places.size());
  std::sort(order->begin(), order->end(), [&](uint32_t one, uint32_t other) {
    return std::pair(group[one], places[one].begin) < std::pair(group[other], places[other].begin);
  });
  for (size_t first = 0, last; first < order->size(); first = last) {
    const uint32_t root = group[(*order)[first]], begin = places[(*order)[first]].begin;
    Fill& fill = fills[root];
    uint32_t end = begin;
    for (last = first; last < order->size() && group[(*order)[last]] == root; ++last) {
      const Span& place = places[(*order)[last]];
      if (place.begin > end) fill.whole_lines &= (edges[end] & edges[place.begin] & Edge::kLine) != 0;
      if (place.end <= end) continue;
      fill.filled += place.end - std::max(place.begin, end);
      end = place.end;
    }
    fill.reach = end - begin;
  }
  return fills;
}

// The runs of a group count together as evidence if little else stands between them: in both places, or in
// one, if the other has whole paragraphs more. Not if they show the same place again and again.
bool IsDense(const Fill& a, const Fill& b, uint64_t words) {
  constexpr uint64_t kMost = 85, kAll = 95, kHalf = 50;  // percent
  if (words * 20 > std::min(a.filled, b.filled) * 21) return false;
  const auto lacks_paragraphs = [](const Fill& one, const Fill& other) {
    return one.IsFull(kAll) && other.IsFull(kHalf) && other.whole_lines;
  };
  return (a.IsFull(kMost) && b.IsFull(kMost)) || lacks_paragraphs(a, b) || lacks_paragraphs(b, a);
}

// Where nothing else decides between two copies, the one in running text stays rather than the first. Asked
// only of what goes, since few pages get here. One choice for each run; `sums` of each group.
void KeepRunningText(const Evidence& evidence, const std::vector<AlignedRun>& runs,
                     const std::vector<Making>& makings, const std::vector<const Making*>& judged,
                     const std::vector<uint32_t>& group, std::vector<Making>* sums,
                     std::vector<CopyChoice>* choices) {
  const auto is_open = [](const CopyChoice& choice) {
    return choice.left == LeftBecause::kNothing && choice.because == CutBecause::kSecond;
  };
  for (const CopyChoice& choice : *choices) {
    if (is_open(choice)) (*sums)[group[choice.run]].quotes += evidence.QuotationMarksLost(runs[choice.run]);
  }
  for (CopyChoice& choice : *choices) {
    if (choice.because != CutBecause::kSecond) continue;
    const Making& sum = (*sums)[group[choice.run]];
    auto [because, against_a] = sum.Decisive();
    if (against_a == 0 && is_open(choice) && sum.words == makings[choice.run].words) {
      because = CutBecause::kApart;
      against_a = evidence.StandsApart(runs[choice.run], *judged[choice.run]);
    }
    if (against_a == 0) continue;
    choice.because = because;
    if (against_a < 0) continue;
    choice.cut_a = true;
    choice.left = evidence.Judge(runs[choice.run], *judged[choice.run], true);
  }
}

}  // namespace

void ChooseCopies(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                  const std::vector<AlignedRun>& runs, const PageRepeatOptions& options,
                  std::vector<CopyChoice>* choices, std::span<const Span> apart) {
  choices->clear();
  const uint32_t count = static_cast<uint32_t>(runs.size());
  const std::vector<Making> makings = CompareMakings(text, tokens, edges, runs);
  // Leads and call-outs are decided each by itself.
  const auto alone = [&](uint32_t i) {
    return Period(tokens, runs[i]) < options.min_tokens || makings[i].cut_off != 0 ||
           makings[i].enclosed != 0;
  };
  Groups groups(runs);
  if (count > 1) {
    const WordScale scale(tokens);
    for (uint32_t i = 0; i < count; ++i) {
      if (alone(i)) continue;
      for (uint32_t back = 1; back <= std::min<uint32_t>(i, kSameCopyLookBack); ++back) {
        const uint32_t before = i - back;
        if (alone(before) || !Continues(scale, runs[before], runs[i]) || !groups.Fit(before, i)) continue;
        groups.Join(before, i);
        break;
      }
    }
  }
  std::vector<Making> sums(count);
  for (uint32_t i = 0; i < count; ++i) sums[groups.Root(i)].Add(makings[i]);
  std::vector<Span> places_a(count), places_b(count);
  std::vector<uint32_t> group(count);
  for (uint32_t i = 0; i < count; ++i) {
    group[i] = groups.Root(i);
    places_a[i] = {runs[i].a_begin(), runs[i].a_end()};
    places_b[i] = {runs[i].b_begin(), runs[i].b_end()};
  }
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  const std::vector<Fill> fills_a = FillGroups(edges, group, places_a, &order);
  const std::vector<Fill> fills_b = FillGroups(edges, group, places_b, &order);
  std::vector<const Making*> judged(count);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t root = group[i];
    judged[i] = IsDense(fills_a[root], fills_b[root], sums[root].words) ? &sums[root] : &makings[i];
  }
  if (!options.explain && AreAllTooShort(tokens, runs, judged, options.min_tokens)) return;
  Evidence evidence(text, tokens, edges, runs, options.min_tokens);
  evidence.SeeApart(apart);
  std::vector<uint32_t> call_outs;  // where they begin: one may be shown by several runs
  for (uint32_t i = 0; i < count; ++i) {
    const Making& sum = sums[group[i]];
    CopyChoice choice = {.run = i, .cut_a = sum.AgainstA()};
    choice.left = evidence.Judge(runs[i], *judged[i], choice.cut_a);
    choice.whole_copy = evidence.IsWholeCopy(makings[i]);
    choice.because = sum.Decisive().first;
    if (choice.left == LeftBecause::kNothing && choice.because == CutBecause::kCallOut)
      call_outs.push_back(choice.cut_a ? runs[i].a_begin() : runs[i].b_begin());
    choices->push_back(choice);
  }
  std::sort(call_outs.begin(), call_outs.end());
  call_outs.erase(std::unique(call_outs.begin(), call_outs.end()), call_outs.end());
  evidence.SeeCallOuts(call_outs.size());
  KeepRunningText(evidence, runs, makings, judged, group, &sums, choices);
  for (CopyChoice& choice : *choices) {
    const AlignedRun& run = runs[choice.run];
    if (choice.left == LeftBecause::kShortForPage && choice.because == CutBecause::kCallOut)
      choice.left = evidence.Judge(run, *judged[choice.run], choice.cut_a);
    if (options.explain) choice.weight = evidence.Weigh(run, *judged[choice.run], choice.left, choice.cut_a);
  }
  // The most evident copies first: what they leave is what the others can lean on.
  std::stable_sort(choices->begin(), choices->end(), [&](const CopyChoice& one, const CopyChoice& other) {
    return sums[group[one.run]].words > sums[group[other.run]].words;
  });
}

}  // namespace refrain
