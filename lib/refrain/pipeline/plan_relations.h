#pragma once
/// Who among the pages of a sample is like whom.

#include <cstdint>
#include <vector>

#include "refrain/base/hash.h"
#include "refrain/sketch/short_signature.h"

namespace refrain {

/// A page of the sample, which stands for `weight` pages.
struct SampledPage {
  Key128 exact;
  ShortSignature sketch;
  double weight = 0;
  uint64_t stretch = 0;  ///< where it was found
  uint32_t text_bytes = 0;
  uint32_t tokens = 0;
  uint32_t record_bytes = 0;
  bool in_place = false;  ///< its text need not be stored to be read again
};

/// Numbers of other pages: in the page's own stretch, of which all is seen, and elsewhere. More than a few
/// dozen in one bucket are counted by a part of them.
struct Others {
  uint32_t near = 0;
  double far = 0;
};

/// For each page of the sample: whom it equals, who is compared with it, who matches it (equal or by sketch).
struct Relations {
  std::vector<Others> equal, met, match;
};

/// `band_keys`: `bands` for each page with tokens, in order. Time: that of sorting the keys.
Relations Relate(const std::vector<SampledPage>& pages, const std::vector<uint64_t>& band_keys, int bands,
                 double resemblance);

}  // namespace refrain
