#pragma once
/// A page's text as a row of stretches, each shown in one way: what every writer that shows whole pages walks
/// over.

#include <cstdint>
#include <vector>

#include "refrain/report/model.h"

namespace refrain {

struct Stretch {
  enum Look : uint8_t {
    kPlain,
    kCut,
    kWitness,  ///< it stands for cut text
  };
  Span span;
  Look look = kPlain;
  /// A cut span, or a run of witnesses that overlap, begins with this stretch; ends with it.
  bool opens = false;
  bool closes = false;
  /// Cut text and its witness have the same number, and all that has overlapping witnesses: three copies are
  /// one passage. From 0, in the order of what is cut first.
  uint32_t passage = 0;
  /// kCut: the repeat that it belongs to, as a number in PageRow::repeats.
  uint32_t repeat = 0;
  /// The repeats whose dropped copy (kCut) or witness (kWitness) begins here.
  std::vector<uint32_t> begins;
};

/// Stretches of all of row.text, in order, none empty. Where a witness and a cut overlap, in punctuation, it
/// is cut.
std::vector<Stretch> StretchesOf(const PageRow& row);

}  // namespace refrain
