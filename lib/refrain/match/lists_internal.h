#pragma once
/// What several entries of a list have in common: a condition under each offer, a notice under each date.
/// Each entry needs it, however long the line and however short the page. Whether a passage is that is one
/// decision for all the places that show it: decided pair by pair, some entries would lose it.

#include <cstdint>
#include <vector>

#include "refrain/match/page_view_internal.h"
#include "refrain/match/runs.h"

namespace refrain {

/// Looks at the passages of a page that stand in three places or more. They are what entries of a list have
/// in common if each entry has words of its own, about as many as the others and of the same form, and
/// repeats less than an article has, or less than its own words; of five entries or more
/// one word in forty will do. A long article that stands three times has nothing between its copies but what
/// is repeated as well, or a label where the first has a title; a short one may look like a list, and stays.
/// Keeps no views. Linear but for sorting the runs and the places of a passage.
class Lists {
 public:
  Lists(const PageView& page, const std::vector<AlignedRun>& runs, double min_words);

  /// No passage is in a list.
  bool empty() const { return !any_list_; }

  /// The run shows what different entries of one list have in common, and little else. A run that shows two
  /// entries with all that stands between them does not: there the list itself is shown twice.
  bool Has(const AlignedRun& run) const;

  /// Half of the run or more stands in three places at least.
  bool IsSaidThrice(const AlignedRun& run) const;

 private:
  struct Passage {
    uint32_t places = 0;
    bool list = false;
  };
  // One of the places of a passage.
  struct Place {
    uint32_t passage = 0;
    uint32_t entry = 0;  // of its list
  };

  bool any_list_ = false;
  std::vector<uint32_t>
      place_of_;  // for each token: number of its place; UINT32_MAX: of none. Empty if there are none
  std::vector<Place> places_;
  std::vector<Passage> passages_;
};

}  // namespace refrain
