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

// Decides for all runs of a page.
class Chooser {
 public:
  Chooser(const PageView& page, const std::vector<AlignedRun>& runs, const PageRepeatOptions& options)
      : page_(page),
        runs_(runs),
        options_(options),
        count_(static_cast<uint32_t>(runs.size())),
        makings_(CompareMakings(page, runs)) {}

  void Choose(std::vector<CopyChoice>* choices) {
    GroupRuns();
    SumGroups();
    if (!options_.explain && AreAllTooShort(page_.tokens, runs_, judged_, options_.min_tokens)) return;
    Evidence evidence(page_, runs_, options_.min_tokens);
    JudgeRuns(&evidence, choices);
    KeepRunningText(evidence, choices);
    for (CopyChoice& choice : *choices) {
      const AlignedRun& run = runs_[choice.run];
      const Making& judged = *judged_[choice.run];
      if (choice.left == LeftBecause::kShortForPage && choice.because == CutBecause::kCallOut)
        choice.left = evidence.Judge(run, judged, choice.cut_a);
      if (options_.explain) choice.weight = evidence.Weigh(run, judged, choice.left, choice.cut_a);
    }
    // The most evident copies first: what they leave is what the others can lean on.
    std::stable_sort(choices->begin(), choices->end(), [&](const CopyChoice& one, const CopyChoice& other) {
      return Sum(one.run).words > Sum(other.run).words;
    });
  }

 private:
  Making& Sum(uint32_t run) { return sums_[group_[run]]; }

  // Leads and call-outs are decided each by itself.
  bool IsAlone(uint32_t run) const {
    return Period(page_.tokens, runs_[run]) < options_.min_tokens || makings_[run].cut_off != 0 ||
           makings_[run].enclosed != 0;
  }

  void GroupRuns() {
    Groups groups(runs_);
    if (count_ > 1) {
      const WordScale scale(page_.tokens);
      for (uint32_t i = 0; i < count_; ++i) {
        if (IsAlone(i)) continue;
        for (uint32_t back = 1; back <= std::min<uint32_t>(i, kSameCopyLookBack); ++back) {
          const uint32_t before = i - back;
          if (IsAlone(before) || !Continues(scale, runs_[before], runs_[i]) || !groups.Fit(before, i))
            continue;
          groups.Join(before, i);
          break;
        }
      }
    }
    group_.resize(count_);
    for (uint32_t i = 0; i < count_; ++i) group_[i] = groups.Root(i);
  }

  void SumGroups() {
    sums_.resize(count_);
    std::vector<Span> places_a(count_), places_b(count_);
    for (uint32_t i = 0; i < count_; ++i) {
      Sum(i).Add(makings_[i]);
      places_a[i] = {runs_[i].a_begin(), runs_[i].a_end()};
      places_b[i] = {runs_[i].b_begin(), runs_[i].b_end()};
    }
    std::vector<uint32_t> order(count_);
    std::iota(order.begin(), order.end(), 0u);
    const std::vector<Fill> fills_a = FillGroups(page_.edges, group_, places_a, &order);
    const std::vector<Fill> fills_b = FillGroups(page_.edges, group_, places_b, &order);
    judged_.resize(count_);
    for (uint32_t i = 0; i < count_; ++i) {
      const uint32_t root = group_[i];
      judged_[i] = IsDense(fills_a[root], fills_b[root], sums_[root].words) ? &sums_[root] : &makings_[i];
    }
  }

  void JudgeRuns(Evidence* evidence, std::vector<CopyChoice>* choices) {
    std::vector<uint32_t> call_outs;  // where they begin: one may be shown by several runs
    for (uint32_t i = 0; i < count_; ++i) {
      CopyChoice choice = {.run = i, .cut_a = Sum(i).AgainstA()};
      choice.left = evidence->Judge(runs_[i], *judged_[i], choice.cut_a);
      choice.whole_copy = evidence->IsWholeCopy(makings_[i]);
      choice.because = Sum(i).Decisive().first;
      if (choice.left == LeftBecause::kNothing && choice.because == CutBecause::kCallOut)
        call_outs.push_back(choice.cut_a ? runs_[i].a_begin() : runs_[i].b_begin());
      choices->push_back(choice);
    }
    std::sort(call_outs.begin(), call_outs.end());
    call_outs.erase(std::unique(call_outs.begin(), call_outs.end()), call_outs.end());
    evidence->SeeCallOuts(call_outs.size());
  }

  // Where nothing else decides between two copies, the one in running text stays rather than the first. Asked
  // only of what goes, since few pages get here.
  void KeepRunningText(const Evidence& evidence, std::vector<CopyChoice>* choices) {
    const auto is_open = [](const CopyChoice& choice) {
      return choice.left == LeftBecause::kNothing && choice.because == CutBecause::kSecond;
    };
    for (const CopyChoice& choice : *choices) {
      if (is_open(choice)) Sum(choice.run).quotes += evidence.QuotationMarksLost(runs_[choice.run]);
    }
    for (CopyChoice& choice : *choices) {
      if (choice.because != CutBecause::kSecond) continue;
      const AlignedRun& run = runs_[choice.run];
      const Making& judged = *judged_[choice.run];
      auto [because, against_a] = Sum(choice.run).Decisive();
      if (against_a == 0 && is_open(choice) && Sum(choice.run).words == makings_[choice.run].words) {
        because = CutBecause::kApart;
        against_a = evidence.StandsApart(run, judged);
      }
      if (against_a == 0) continue;
      choice.because = because;
      if (against_a < 0) continue;
      choice.cut_a = true;
      choice.left = evidence.Judge(run, judged, true);
    }
  }

  const PageView& page_;
  const std::vector<AlignedRun>& runs_;
  const PageRepeatOptions& options_;
  const uint32_t count_;
  // One for each run:
  const std::vector<Making> makings_;
  std::vector<uint32_t> group_;        // the first run of its group
  std::vector<Making> sums_;           // of groups, at their first runs
  std::vector<const Making*> judged_;  // by which of the two it is judged
};

}  // namespace

void ChooseCopies(const PageView& page, const std::vector<AlignedRun>& runs, const PageRepeatOptions& options,
                  std::vector<CopyChoice>* choices) {
  choices->clear();
  Chooser(page, runs, options).Choose(choices);
}

}  // namespace refrain
