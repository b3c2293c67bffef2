#include "refrain/match/leftovers_internal.h"

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

// A place between two passages that went is no longer than this.
constexpr uint32_t kMostTokens = 64;

// Words in a row, as one number that can be had of any stretch in constant time.
class Sequences {
 public:
  explicit Sequences(const Tokens& tokens) : sums_(tokens.size() + 1) {
    powers_[0] = 1;
    for (size_t i = 1; i < powers_.size(); ++i) powers_[i] = powers_[i - 1] * kBase;
    for (size_t i = 0; i < tokens.size(); ++i) sums_[i + 1] = sums_[i] * kBase + tokens.hashes[i];
  }
  // REQUIRES: end - begin <= kMostTokens.
  uint64_t Of(uint32_t begin, uint32_t end) const { return sums_[end] - sums_[begin] * powers_[end - begin]; }

 private:
  static constexpr uint64_t kBase = 0x9E3779B97F4A7C15u;
  std::vector<uint64_t> sums_;
  std::array<uint64_t, kMostTokens + 1> powers_;
};

class Leftovers {
 public:
  Leftovers(const PageView& page, uint64_t least_quarters, WordCuts* cuts)
      : page_(page), least_(least_quarters), cuts_(*cuts) {}

  void Cut() {
    FindPlaces();
    if (places_.empty()) return;
    const Sequences sequences(page_.tokens);
    FindWitnesses(sequences);
    for (const Place& place : places_) CutPlace(sequences, place);
  }

 private:
  // Tokens that stay, and where what they show must stand. A copy that has other words between what went on
  // both sides, or behind it on its line, was edited here: what it has there counts, and nothing else.
  struct Place {
    Span tokens;
    std::optional<Span> within;  // nothing: anywhere
  };

  EdgeBits EdgeAt(uint32_t edge) const { return page_.edges[edge]; }
  // A sentence ends here, or what announces others.
  bool IsBorder(uint32_t edge) const { return Edge::IsUnit(EdgeAt(edge)) || (EdgeAt(edge) & Edge::kColon); }

  // What stays between two passages of the minimum that go, or between one and the end of its line.
  void FindPlaces() {
    const uint32_t size = static_cast<uint32_t>(page_.tokens.size());
    bool behind_passage = false;
    for (uint32_t begin = 0, end; begin < size; begin = end) {
      for (end = begin; end < size && !cuts_.goes(end);) ++end;
      const uint32_t place_end = end;
      while (end < size && cuts_.goes(end)) ++end;
      const bool before_passage = QuarterWords(page_.tokens, place_end, end) >= least_;
      if (behind_passage && before_passage) {
        AddPlace(begin, place_end);
      } else if (behind_passage && !(EdgeAt(begin) & Edge::kLine)) {
        uint32_t line_end = begin + 1;
        while (line_end < place_end && !(EdgeAt(line_end) & Edge::kLine)) ++line_end;
        AddPlace(begin, line_end);
      } else if (before_passage && !(EdgeAt(place_end) & Edge::kLine) && place_end > begin) {
        uint32_t line_begin = place_end - 1;
        while (line_begin > begin && !(EdgeAt(line_begin) & Edge::kLine)) --line_begin;
        AddPlace(line_begin, place_end);
      }
      behind_passage = before_passage;
    }
  }
  void AddPlace(uint32_t begin, uint32_t end) {
    if (begin >= end || end - begin > kMostTokens || !IsBorder(begin) || !IsBorder(end)) return;
    places_.push_back({{begin, end}, KeptCounterpart(begin, end)});
  }

  // What the copy that stays has where the other one has tokens [begin, end); nothing if it has its
  // paragraphs in another order.
  std::optional<Span> KeptCounterpart(uint32_t begin, uint32_t end) {
    const uint32_t size = static_cast<uint32_t>(page_.tokens.size());
    std::optional<uint32_t> before, behind;  // roots of the words around
    if (begin > 0 && cuts_.goes(begin - 1)) before = cuts_.Root(begin - 1);
    if (end < size && cuts_.goes(end)) behind = cuts_.Root(end);
    if (before && behind) {
      if (*before >= *behind || *behind - *before > kMostTokens) return std::nullopt;
      return Span{*before + 1, *behind};
    }
    if (before) {
      uint32_t last = *before + 1;
      while (last < size && last <= *before + kMostTokens && !(EdgeAt(last) & Edge::kLine)) ++last;
      if (last > *before + 1) return Span{*before + 1, last};
    } else if (behind) {
      uint32_t first = *behind;
      while (first > 0 && first + kMostTokens > *behind && !(EdgeAt(first) & Edge::kLine)) --first;
      if (first < *behind) return Span{first, *behind};
    }
    return std::nullopt;
  }

  // The first place that stays and shows the same words between two borders.
  void FindWitnesses(const Sequences& sequences) {
    std::bitset<kMostTokens + 1> lengths;
    const auto want = [&](uint32_t begin, uint32_t end) {
      if (!MayGo(begin, end)) return;
      lengths.set(end - begin);
      witnesses_.try_emplace({end - begin, sequences.Of(begin, end)}, kNone);
    };
    for (const Place& place : places_) {
      if (place.within) continue;
      want(place.tokens.begin, place.tokens.end);
      ForEachPart(place.tokens, Edge::kLine, want);
      ForEachPart(place.tokens, Edge::kSentence, want);
    }
    if (witnesses_.empty()) return;
    size_t next_place = 0;
    for (uint32_t begin = 0; begin < page_.tokens.size(); ++begin) {
      while (next_place < places_.size() && places_[next_place].tokens.end <= begin) ++next_place;
      const uint32_t before_place =
          next_place < places_.size() ? places_[next_place].tokens.begin : UINT32_MAX;
      if (before_place <= begin || cuts_.goes(begin) || !IsBorder(begin)) continue;
      for (uint32_t length = 1; length <= kMostTokens && begin + length <= page_.tokens.size(); ++length) {
        const uint32_t end = begin + length;
        if (cuts_.goes(end - 1) || end > before_place) break;
        if (!IsBorder(end) || !lengths[length]) continue;
        const auto found = witnesses_.find({length, sequences.Of(begin, end)});
        if (found != witnesses_.end() && found->second == kNone) found->second = begin;
      }
    }
  }

  // Calls visit(begin, end) for each part of a place that ends at a `border`.
  template <typename Visit>
  void ForEachPart(const Span& place, EdgeBits border, const Visit& visit) const {
    for (uint32_t begin = place.begin, end; begin < place.end; begin = end) {
      for (end = begin + 1; end < place.end && !(EdgeAt(end) & border); ++end) continue;
      visit(begin, end);
    }
  }

  // A sentence of three words and more, too short to be found.
  bool MayGo(uint32_t begin, uint32_t end) const {
    const uint64_t quarters = QuarterWords(page_.tokens, begin, end);
    return quarters >= kPartQuarters && quarters < least_ && IsBorder(begin) && IsBorder(end) &&
           (EdgeAt(end) & (Edge::kSentence | Edge::kColon));
  }

  uint32_t Witness(const Sequences& sequences, const Place& place, uint32_t begin, uint32_t end) const {
    if (!MayGo(begin, end)) return kNone;
    const uint32_t length = end - begin;
    const uint64_t words = sequences.Of(begin, end);
    if (!place.within) return witnesses_.at({length, words});
    for (uint32_t at = place.within->begin; at + length <= place.within->end; ++at) {
      if (IsBorder(at) && IsBorder(at + length) && sequences.Of(at, at + length) == words &&
          cuts_.AllStay(at, at + length))
        return at;
    }
    return kNone;
  }

  // All of a place goes, at once or sentence by sentence, or those of its lines that may.
  void CutPlace(const Sequences& sequences, const Place& place) {
    const auto witness_of = [&](uint32_t begin, uint32_t end) {
      return Witness(sequences, place, begin, end);
    };
    const Span& tokens = place.tokens;
    if (const uint32_t witness = witness_of(tokens.begin, tokens.end); witness != kNone) {
      cuts_.CutPassage(tokens, witness);
      return;
    }
    bool all = true;
    ForEachPart(tokens, Edge::kSentence,
                [&](uint32_t begin, uint32_t end) { all = all && witness_of(begin, end) != kNone; });
    ForEachPart(tokens, all ? Edge::kSentence : Edge::kLine, [&](uint32_t begin, uint32_t end) {
      const uint32_t witness = witness_of(begin, end);
      const bool line = EdgeAt(begin) & EdgeAt(end) & Edge::kLine;
      if (witness != kNone && (all || line)) cuts_.CutPassage({begin, end}, witness);
    });
  }

  static constexpr uint32_t kNone = UINT32_MAX;
  const PageView& page_;
  const uint64_t least_;
  WordCuts& cuts_;
  std::vector<Place> places_;  // rising
  absl::flat_hash_map<std::pair<uint32_t, uint64_t>, uint32_t> witnesses_;
};

}  // namespace

void CutLeftovers(const PageView& page, uint64_t least_quarters, WordCuts* cuts) {
  Leftovers(page, least_quarters, cuts).Cut();
}

}  // namespace refrain
