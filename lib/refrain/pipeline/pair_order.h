#pragma once
/// In which order pairs are compared.

#include <cstdint>
#include <functional>
#include <vector>

#include "refrain/match/decide.h"

namespace refrain {

/// Puts next to each other what has to do with each other, so that a page that many are compared with need
/// not be read for each: each page behind the one before it in keep order that it meets most often, as in a
/// tree of stories, which is then walked from its roots, those of one source after the other. A pair comes
/// when the second of its two has come.
///
///   PairOrder order(pages);
///   order.Add(pair, meetings);            // each pair once
///   order.Finish(source_of);
///   sorter.Add(order.EdgeOf(pair));       // and in their order:
///   order.PairOf(edge);
///
/// 8 bytes a page, 20 while Finish runs. Not thread safe before it.
class PairOrder {
 public:
  explicit PairOrder(uint32_t pages);

  /// `meetings`: how much speaks for the pair.
  void Add(const MatchedPair& pair, uint32_t meetings);
  /// `source_of`: number of a page's source.
  void Finish(const std::function<uint32_t(uint32_t)>& source_of);

  /// REQUIRES: after Finish.
  MatchedEdge EdgeOf(const MatchedPair& pair) const;
  MatchedPair PairOf(const MatchedEdge& edge) const;

 private:
  std::vector<uint32_t> parents_;   // by page; itself: a root
  std::vector<uint32_t> meetings_;  // with it; then pages below each and itself
  std::vector<uint32_t> places_;    // by page
  std::vector<uint32_t> pages_;     // by place
};

}  // namespace refrain
