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
bool Continues(const AlignedRun& run, const AlignedRun& next) {
  const auto near = [](uint32_t end, uint32_t begin) {
    return begin + kSameCopyOverlap >= end && begin <= end + kSameCopyWords;
  };
  return near(run.a_end(), next.a_begin()) && near(run.b_end(), next.b_begin());
}

// Takes from `dense` the groups whose words fill less than 85 % of what their places reach over, or that show
// the same place again and again. `places`: one side of each run.
void MarkSparse(const std::vector<Making>& sums, const std::vector<uint32_t>& group,
                const std::vector<Span>& places, std::vector<bool>* dense) {
  std::vector<uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t one, uint32_t other) {
    return std::pair(group[one], places[one].begin) < std::pair(group[other], places[other].begin);
  });
  for (size_t first = 0, last; first < order.size(); first = last) {
    const uint32_t root = group[order[first]], begin = places[order[first]].begin;
    uint64_t filled = 0;
    uint32_t end = begin;
    for (last = first; last < order.size() && group[order[last]] == root; ++last) {
      const Span& place = places[order[last]];
      if (place.end <= end) continue;
      filled += place.end - std::max(place.begin, end);
      end = place.end;
    }
    const uint64_t words = sums[root].words;
    if (filled * 20 < (end - begin) * uint64_t{17} || words * 20 > filled * 21) (*dense)[root] = false;
  }
}

}  // namespace

void ChooseCopies(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                  const std::vector<AlignedRun>& runs, const PageRepeatOptions& options,
                  std::vector<CopyChoice>* choices) {
  choices->clear();
  const uint32_t count = static_cast<uint32_t>(runs.size());
  const std::vector<Making> makings = CompareMakings(text, tokens, edges, runs);
  // Leads and call-outs are decided each by itself.
  const auto alone = [&](uint32_t i) {
    return Period(tokens, runs[i]) < options.min_tokens || makings[i].cut_off != 0 ||
           makings[i].enclosed != 0;
  };
  Groups groups(runs);
  for (uint32_t i = 0; i < count; ++i) {
    if (alone(i)) continue;
    for (uint32_t back = 1; back <= std::min<uint32_t>(i, kSameCopyLookBack); ++back) {
      const uint32_t before = i - back;
      if (alone(before) || !Continues(runs[before], runs[i]) || !groups.Fit(before, i)) continue;
      groups.Join(before, i);
      break;
    }
  }
  std::vector<Making> sums(count);
  for (uint32_t i = 0; i < count; ++i) sums[groups.Root(i)].Add(makings[i]);
  // Runs of one group count together as evidence if little else stands between them.
  std::vector<Span> places_a(count), places_b(count);
  std::vector<uint32_t> group(count);
  for (uint32_t i = 0; i < count; ++i) {
    group[i] = groups.Root(i);
    places_a[i] = {runs[i].a_begin(), runs[i].a_end()};
    places_b[i] = {runs[i].b_begin(), runs[i].b_end()};
  }
  std::vector<bool> dense(count, true);
  MarkSparse(sums, group, places_a, &dense);
  MarkSparse(sums, group, places_b, &dense);
  std::vector<const Making*> judged(count);
  for (uint32_t i = 0; i < count; ++i) judged[i] = dense[group[i]] ? &sums[group[i]] : &makings[i];
  if (!options.explain && AreAllTooShort(tokens, runs, judged, options.min_tokens)) return;
  Evidence evidence(text, tokens, edges, runs, options.min_tokens);
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
