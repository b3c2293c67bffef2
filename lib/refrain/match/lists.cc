#include "refrain/match/lists_internal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <numeric>
#include <utility>

#include "refrain/base/span.h"
#include "refrain/match/labels_internal.h"
#include "refrain/match/words_internal.h"

namespace refrain {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
// Said in so many places, a passage may be what entries of a list have in common.
constexpr size_t kEntries = 3;
// What is shorter is no passage, in quarters of a word.
constexpr uint64_t kPassageQuarters = 3 * 4;
// An entry repeats fewer words than so many times the minimum, or has as many of its own; of many entries
// one in so many will do: a label is less.
constexpr double kLongEntry = 8;
constexpr size_t kManyEntries = 5;
constexpr uint64_t kOwnShare = 40;
// One entry has at most so many times as many words of its own as is usual.
constexpr uint64_t kUneven = 8;
// Of three entries no heading is so many times as long as the others.
constexpr double kUnevenHeadings = 2.5;
// Tokens of a line that are looked at.
constexpr uint32_t kLongLine = 400;
// Once, twice, four times at most a page shows a list.
constexpr size_t kMostLists = 3;
// So many words that only one place has, inside a sentence, are an edit.
constexpr uint32_t kEditWords = 2;
// Of a run in a list, so much is what the entries have in common; with what their headings have in common,
// which is part of a sentence or a line, so much.
constexpr double kInList = 1.0 / 3, kInEntries = 0.75;
constexpr double kSaidThrice = 0.5;

// The places of all runs, sorted by where they begin.
std::vector<Span> PlacesOf(const std::vector<AlignedRun>& runs) {
  std::vector<Span> places;
  places.reserve(2 * runs.size());
  for (const AlignedRun& run : runs) {
    places.push_back({run.a_begin(), run.a_end()});
    places.push_back({run.b_begin(), run.b_end()});
  }
  std::sort(places.begin(), places.end(),
            [](const Span& one, const Span& other) { return one.begin < other.begin; });
  return places;
}

// Whether one token belongs to places of two runs. Where none does, nothing stands in three places.
bool MayStandThrice(const std::vector<Span>& places) {
  for (size_t i = 1; i < places.size(); ++i) {
    if (places[i].begin < places[i - 1].end) return true;
  }
  return false;
}

// Makes one of places that overlap.
void Unite(std::vector<Span>* places) {
  size_t last = 0;
  for (size_t i = 1; i < places->size(); ++i) {
    const Span place = (*places)[i];
    if (place.begin <= (*places)[last].end) {
      (*places)[last].end = std::max((*places)[last].end, place.end);
    } else {
      (*places)[++last] = place;
    }
  }
  places->resize(std::min(last + 1, places->size()));
}

// The tokens that show the same word of the same passage, as far as runs say so.
struct Chains {
  std::vector<uint32_t> parent;
  std::vector<uint32_t> next;   // place of the same word behind this one; kNone behind the last
  std::vector<uint32_t> count;  // of places, for the first one
  uint32_t most = 1;            // of these

  // `covered`: where places of runs are.
  Chains(size_t size, const std::vector<AlignedRun>& runs, const std::vector<Span>& covered)
      : parent(size), next(size, kNone), count(size, 1) {
    std::iota(parent.begin(), parent.end(), 0u);
    for (const AlignedRun& run : runs) {
      for (size_t p = 0; p < run.pieces.size(); ++p) {
        const RunPiece& piece = run.pieces[p];
        // With the slips behind it.
        const bool slip = p < run.gaps.size() && run.gaps[p] == GapKind::kSlip;
        const uint32_t end = slip ? run.pieces[p + 1].a : piece.a + piece.length;
        for (uint32_t i = 0; piece.a + i < end; ++i) Join(piece.a + i, piece.b + i);
      }
    }
    // From the last place to the first, which leads to those behind it.
    for (auto place = covered.rbegin(); place != covered.rend(); ++place) {
      for (uint32_t token = place->end; token-- > place->begin;) {
        const uint32_t first = parent[token] = First(token);
        if (first == token) continue;
        next[token] = std::exchange(next[first], token);
        most = std::max(most, ++count[first]);
      }
    }
  }
  uint32_t Count(uint32_t token) const { return count[parent[token]]; }

 private:
  // The first place of the same word.
  uint32_t First(uint32_t token) {
    while (parent[token] != token) token = parent[token] = parent[parent[token]];
    return token;
  }
  void Join(uint32_t one, uint32_t other) {
    one = First(one), other = First(other);
    parent[std::max(one, other)] = std::min(one, other);
  }
};

// A sentence, a line, or what a colon announces begins or ends here. In Thai and its like a space ends no
// sentence.
bool IsBorder(EdgeBits edge) {
  if (edge & (Edge::kLine | Edge::kColon)) return true;
  return (edge & (Edge::kSentence | Edge::kPhrase)) == Edge::kSentence;
}

// Judges passages by what stands between their places.
class Judge {
 public:
  Judge(const PageView& page, double min_words, const Chains& chains)
      : text_(page.text),
        tokens_(page.tokens),
        edges_(page.edges),
        min_words_(min_words),
        chains_(chains),
        size_(static_cast<uint32_t>(tokens_.size())),
        all_(tokens_) {}

  uint64_t Quarters(uint32_t begin, uint32_t end) const { return all_.Quarters(begin, end); }

  // Fills `entries` with the entry that each place of a passage belongs to; places with nothing between them
  // belong to one. Whether these are entries of a list.
  bool IsList(const std::vector<uint32_t>& begins, uint32_t length, std::vector<uint32_t>* entries) {
    FindEntries(begins, length, entries);
    if (firsts_.size() < kEntries || !AreMadeAlike(length)) return false;
    CountOwn(std::bit_width(begins.size() / 2));
    return HaveOwnWords(length) && (HasHead(begins, length, false) || HasHead(begins, length, true));
  }

 private:
  struct Between {
    uint64_t own = 0, repeated = 0;
  };

  // Lines that name an author are no words of an entry, nor calls to read on.
  void FindCredits() {
    if (!credit_.empty()) return;
    credit_.assign(size_, false);
    for (uint32_t begin = 0, end; begin < size_; begin = end) {
      end = std::min(NextLine(edges_, begin + 1), size_);
      if ((edges_[begin] & Edge::kInTail) || IsCredit(text_, tokens_, {begin, end}))
        std::fill(credit_.begin() + begin, credit_.begin() + end, true);
    }
  }

  // Sets `own_` to the words that stand in one place at most, in two if `level` is 2, in four if it is more.
  // Most passages are no list for other reasons, and nobody asks.
  void CountOwn(int level) {
    const size_t number = static_cast<size_t>(std::min(level, static_cast<int>(own_in_.size()))) - 1;
    const uint32_t places = uint32_t{1} << number;
    std::vector<uint32_t>& own = own_in_[number];
    own_ = &own;
    if (!own.empty()) return;
    FindCredits();
    own.assign(size_ + 1, 0);
    for (uint32_t begin = 0, end; begin < size_; begin = end) {
      const bool few = chains_.Count(begin) <= places;
      for (end = begin + 1; end < size_ && (chains_.Count(end) <= places) == few;) ++end;
      const bool edit = end - begin <= kEditWords && !IsBorder(edges_[begin]) && !IsBorder(edges_[end]);
      for (uint32_t i = begin; i < end; ++i)
        own[i + 1] = own[i] + (few && !edit && !credit_[i] ? tokens_.quarter_words(i) : 0);
    }
  }

  void FindEntries(const std::vector<uint32_t>& begins, uint32_t length, std::vector<uint32_t>* entries) {
    firsts_.assign(1, begins[0]);
    lasts_.clear();
    entries->assign(1, 0);
    for (size_t i = 1; i < begins.size(); ++i) {
      if (Quarters(begins[i - 1] + length, begins[i]) > 0) {
        lasts_.push_back(begins[i - 1]);
        firsts_.push_back(begins[i]);
      }
      entries->push_back(static_cast<uint32_t>(lasts_.size()));
    }
  }

  // As many as a list has begin and end lines alike, and where sentences do: but for the end of a heading in
  // front that happens to be the same. If the first is on the page's first line, it is one of them, for a
  // title is none.
  bool AreMadeAlike(uint32_t length) const {
    const bool on_top = LineBefore(firsts_[0] + 1).begin == 0;
    const auto are_borders = [&](uint32_t step) {
      size_t at_line = 0, inside = 0;
      for (const uint32_t first : firsts_) {
        const EdgeBits edge = edges_[first + step];
        at_line += (edge & Edge::kLine) != 0;
        inside += !(edge & Edge::kLine) && IsBorder(edge);
      }
      if (!on_top) return std::max(at_line, inside) >= kEntries;
      return (edges_[firsts_[0] + step] & Edge::kLine ? at_line : inside) >= kEntries;
    };
    const uint64_t quarters = Quarters(firsts_[0], firsts_[0] + length);
    uint32_t begin = 0, end = length;
    while (begin < length && !are_borders(begin)) ++begin;
    while (end > begin && !are_borders(end)) --end;
    return begin < end && 4 * Quarters(firsts_[0] + begin, firsts_[0] + end) >= 3 * quarters;
  }

  // Most of what stands between two entries is the words of one, about as many each time.
  bool HaveOwnWords(uint32_t length) const {
    std::vector<Between> between;  // two entries
    std::vector<uint64_t> sizes;
    for (size_t i = 0; i < lasts_.size(); ++i) {
      const uint64_t own = OwnQuarters(lasts_[i] + length, firsts_[i + 1]);
      between.push_back({own, Quarters(lasts_[i], firsts_[i + 1]) - own});
      if (own >= 4) sizes.push_back(own);
    }
    if (sizes.size() + 1 < kEntries) return false;
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    const uint64_t usual = *middle;
    const auto is_good = [&](const Between& one) {
      if (one.own < 4 || one.own > kUneven * usual || usual > kUneven * one.own) return false;
      return one.own >= one.repeated ||
             (firsts_.size() >= kManyEntries && one.own * kOwnShare >= one.repeated) ||
             static_cast<double>(one.repeated) < 4 * kLongEntry * min_words_;
    };
    const size_t good = static_cast<size_t>(std::count_if(between.begin(), between.end(), is_good));
    return good + 1 >= kEntries && 3 * good >= 2 * between.size();
  }

  // The first entry has words in front of it as the others have; or the last behind it, if `behind`. Of three
  // copies with two labels between them that is so of two only: a title is no label.
  bool HasHead(const std::vector<uint32_t>& begins, uint32_t length, bool behind) const {
    const auto line_of = [&](uint32_t place) {
      return behind ? LineBehind(place + length) : LineBefore(place);
    };
    const Span head = line_of(behind ? begins.back() : begins.front());
    if (OwnQuarters(head.begin, head.end) < 4) return false;
    if (firsts_.size() > kEntries) return true;
    uint64_t least = UINT64_MAX, most = 0;
    size_t with_digits = 0;
    for (size_t i = behind ? 0 : 1; i < kEntries - (behind ? 1 : 0); ++i) {
      const Span line = line_of(firsts_[i]);
      least = std::min(least, Quarters(line.begin, line.end));
      most = std::max(most, Quarters(line.begin, line.end));
      with_digits += HasDigit(line);
    }
    if (HasDigit(head) ? with_digits == 0 : with_digits == kEntries - 1) return false;
    const double size = static_cast<double>(Quarters(head.begin, head.end));
    return size <= kUnevenHeadings * static_cast<double>(most) &&
           static_cast<double>(least) <= kUnevenHeadings * size;
  }

  uint64_t OwnQuarters(uint32_t begin, uint32_t end) const { return (*own_)[end] - (*own_)[begin]; }

  // What stands on the same line, or else on the next one; the beginning of a line that is very long.
  Span LineBefore(uint32_t place) const {
    const uint32_t stop = place - std::min(place, kLongLine);
    uint32_t begin = place;
    while (begin > stop && (begin == place || !(edges_[begin] & Edge::kLine))) --begin;
    return {begin, place};
  }
  Span LineBehind(uint32_t place) const {
    const uint32_t stop = std::min(size_, place + kLongLine);
    uint32_t end = place;
    while (end < stop && (end == place || !(edges_[end] & Edge::kLine))) ++end;
    return {place, end};
  }
  bool HasDigit(Span line) const {
    for (uint32_t i = line.begin; i < line.end; ++i) {
      if (tokens_.has_digit(i)) return true;
    }
    return false;
  }

  const std::string_view text_;
  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
  const double min_words_;
  const Chains& chains_;
  const uint32_t size_;
  const WordScale all_;
  // In quarters of a word, how many stand before each token of those words that stand in one place at most,
  // in two, in four, for passages that stand in twice as many. A page that shows a list twice shows what one
  // entry has for itself twice.
  std::array<std::vector<uint32_t>, kMostLists> own_in_;
  std::vector<bool> credit_;
  // Of the passage at hand.
  const std::vector<uint32_t>* own_ = nullptr;
  std::vector<uint32_t> firsts_, lasts_;  // first places of the entries, last places of those with one behind
};

}  // namespace

Lists::Lists(const PageView& page, const std::vector<AlignedRun>& runs, double min_words) {
  std::vector<Span> covered = PlacesOf(runs);
  if (!MayStandThrice(covered)) return;
  Unite(&covered);
  const Tokens& tokens = page.tokens;
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  const Chains chains(size, runs, covered);
  if (chains.most < kEntries) return;
  Judge judge(page, min_words, chains);
  place_of_.assign(size, kNone);
  std::vector<uint32_t> begins, entries;
  for (uint32_t token = 0; token < size; ++token) {
    if (chains.count[token] < kEntries || chains.parent[token] != token || place_of_[token] != kNone)
      continue;
    begins.clear();
    uint32_t longest = size;  // places do not overlap
    for (uint32_t at = token; at != kNone; at = chains.next[at]) {
      if (!begins.empty()) longest = std::min(longest, at - begins.back());
      begins.push_back(at);
    }
    // As far as all places go on in step.
    const auto in_step = [&](uint32_t step) {
      for (size_t i = 0; i < begins.size(); ++i) {
        const uint32_t at = begins[i] + step;
        if (at >= size || place_of_[at] != kNone) return false;
        const uint32_t behind = i + 1 < begins.size() ? begins[i + 1] + step : kNone;
        if (chains.next[at] != behind) return false;
      }
      return chains.parent[token + step] == token + step;
    };
    uint32_t length = 1;
    while (length < longest && in_step(length)) ++length;
    if (judge.Quarters(token, token + length) < kPassageQuarters) continue;
    const bool list = judge.IsList(begins, length, &entries);
    for (size_t i = 0; i < begins.size(); ++i) {
      std::fill_n(place_of_.begin() + begins[i], length, static_cast<uint32_t>(places_.size()));
      places_.push_back({static_cast<uint32_t>(passages_.size()), entries[i]});
    }
    passages_.push_back({static_cast<uint32_t>(begins.size()), list});
    any_list_ |= list;
  }
  if (places_.empty()) place_of_.clear();
}

bool Lists::Has(const AlignedRun& run) const {
  if (!any_list_) return false;
  // Calls visit(passage, entry) for each word that stands in different entries.
  const auto for_each = [&](const RunPiece& piece, const auto& visit) {
    for (uint32_t i = 0; i < piece.length; ++i) {
      const uint32_t a = place_of_[piece.a + i], b = place_of_[piece.b + i];
      if (a == kNone || b == kNone || places_[a].entry == places_[b].entry) continue;
      visit(places_[b].passage, places_[b].entry);
    }
  };
  uint64_t words = 0, in_list = 0, in_entries = 0;
  uint32_t most_places = 0;
  std::vector<std::pair<uint32_t, uint32_t>> entries;  // passage and entry
  for (const RunPiece& piece : run.pieces) {
    words += piece.length;
    for_each(piece, [&](uint32_t passage, uint32_t entry) {
      if (!passages_[passage].list) return;
      ++in_list;
      most_places = std::max(most_places, passages_[passage].places);
      if (entries.empty() || entries.back() != std::pair(passage, entry))
        entries.emplace_back(passage, entry);
    });
  }
  // Two entries, with most of what stands between them: the list is there twice.
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  const auto two_entries = [](const auto& one, const auto& other) { return one.first == other.first; };
  const uint64_t not_shown = run.b_end() - run.b_begin() - words;
  if (words - in_list > 2 * not_shown &&
      std::adjacent_find(entries.begin(), entries.end(), two_entries) != entries.end())
    return false;
  // What fewer entries show is the words of one, which the page shows again.
  for (const RunPiece& piece : run.pieces) {
    for_each(piece, [&](uint32_t passage, uint32_t) {
      in_entries += passages_[passage].list || 3 * passages_[passage].places > 2 * most_places;
    });
  }
  const double all = static_cast<double>(words);
  return static_cast<double>(in_list) >= kInList * all && static_cast<double>(in_entries) >= kInEntries * all;
}

bool Lists::IsSaidThrice(const AlignedRun& run) const {
  if (place_of_.empty()) return false;
  uint64_t words = 0, thrice = 0;
  for (const RunPiece& piece : run.pieces) {
    words += piece.length;
    thrice +=
        piece.length - static_cast<uint64_t>(std::count(place_of_.begin() + piece.b,
                                                        place_of_.begin() + piece.b + piece.length, kNone));
  }
  return static_cast<double>(thrice) >= kSaidThrice * static_cast<double>(words);
}

}  // namespace refrain
