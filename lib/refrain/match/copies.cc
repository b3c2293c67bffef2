#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "refrain/base/radix_sort.h"
#include "refrain/match/copies_internal.h"
#include "refrain/match/edges_internal.h"

namespace refrain {
namespace {

// Runs of one pair of copies may lie this many words apart: a paragraph that one copy lacks.
constexpr uint32_t kSameCopyWords = 300;
// How far back to look for the run before, in order of their second places.
constexpr size_t kLookBack = 16;
// A call-out or a lead has at most so many lines.
constexpr uint32_t kCalloutLines = 3;
// The line around a call-out is a paragraph if it is a whole sentence, or as long as this.
constexpr uint32_t kParagraphWords = 25;

// Line breaks that one place has and the other has not.
struct Breaks {
  int64_t whole = 0;    // where a sentence ends
  int64_t within = 0;   // inside a sentence: the line goes on with a small letter
  int64_t unclear = 0;  // behind a heading, or inside a sentence

  // Paragraphs less accidents. Where lines are broken inside sentences, unclear breaks are of that kind too.
  int64_t Score() const { return whole - within + (within > 0 ? -unclear : unclear); }
};

// How well the two places of a run are made. Differences are a minus b; positive speaks against a.
struct Making {
  int cut_off = 0;       // +1: a is cut off and b is not; -1 the other way round
  int64_t glued = 0;     // sentences whose space is lost
  int64_t enclosed = 0;  // words of lines of a that stand inside a paragraph of b
  Breaks breaks_a, breaks_b;
  int64_t misspelt = 0;  // slips whose word in b is more common in the page
  uint64_t words = 0;
  uint64_t quarters = 0;     // of words
  uint64_t differences = 0;  // places where both have words of their own
  // Words that are whole lines there, line breaks that both have.
  uint64_t whole_a = 0, whole_b = 0, shared_breaks = 0;

  // What decides between the two, and by how much it speaks against a.
  std::pair<CutBecause, int64_t> Decisive() const {
    const std::pair<CutBecause, int64_t> facts[] = {
        {CutBecause::kCutOff, cut_off},
        {CutBecause::kGlued, glued},
        {CutBecause::kCallOut, enclosed},
        {CutBecause::kParagraphs, breaks_b.Score() - breaks_a.Score()},
        {CutBecause::kSlips, misspelt}};
    for (const auto& fact : facts) {
      if (fact.second != 0) return fact;
    }
    return {CutBecause::kSecond, 0};
  }
  bool AgainstA() const { return Decisive().second > 0; }
  void Add(const Making& other) {
    cut_off += other.cut_off;
    glued += other.glued;
    enclosed += other.enclosed;
    for (const auto& [sum, part] :
         {std::pair(&breaks_a, &other.breaks_a), std::pair(&breaks_b, &other.breaks_b)}) {
      sum->whole += part->whole;
      sum->within += part->within;
      sum->unclear += part->unclear;
    }
    misspelt += other.misspelt;
    words += other.words;
    quarters += other.quarters;
    differences += other.differences;
    whole_a += other.whole_a;
    whole_b += other.whole_b;
    shared_breaks += other.shared_breaks;
  }
};

void CompareEdge(EdgeBits a, EdgeBits b, Making* making) {
  making->glued += (Edge::IsGlued(a) && !Edge::IsGlued(b)) - (Edge::IsGlued(b) && !Edge::IsGlued(a));
  const auto compare = [](EdgeBits one, EdgeBits other, Breaks* breaks) {
    if (!(one & Edge::kLine) || (other & Edge::kLine)) return;
    const bool sentence = (one | other) & Edge::kSentence;
    ++(sentence ? breaks->whole : one & Edge::kLower ? breaks->within : breaks->unclear);
  };
  compare(a, b, &making->breaks_a);
  compare(b, a, &making->breaks_b);
}

// The copy stops here, at a line's end or a tail, where the other copy goes on.
bool CutOff(EdgeBits edge, EdgeBits other) {
  constexpr EdgeBits kTorn = Edge::kEllipsis | Edge::kTail;
  if (other & kTorn) return false;
  if ((edge & Edge::kEllipsis) && (edge & Edge::kTail)) return true;
  const bool goes_on = !(other & (Edge::kLine | Edge::kSentence | Edge::kColon));
  return goes_on && ((edge & kTorn) || ((edge & Edge::kLine) && !(edge & Edge::kSentence)));
}

// A stretch of the page that one side of a run shows.
struct Stretch {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Compares the two places of every run of a page.
class Comparison {
 public:
  Comparison(const Tokens& tokens, const std::vector<EdgeBits>& edges, const std::vector<AlignedRun>& runs)
      : tokens_(tokens), edges_(edges), runs_(runs), makings_(runs.size()) {
    FindLines();
    for (uint32_t run = 0; run < runs_.size(); ++run) Compare(run);
    WeighEnclosures();
    WeighSpelling();
  }

  std::vector<Making>& makings() { return makings_; }

 private:
  // One side of a run stands inside a line of the other side.
  struct Enclosure {
    uint32_t line = 0;   // number of that line
    Stretch inside;      // of it
    uint32_t lines = 0;  // that the other side takes for it
    uint32_t run = 0;
    bool a_enclosed = false;
  };

  void FindLines() {
    line_.resize(edges_.size());
    uint32_t number = 0;
    for (uint32_t i = 0; i < edges_.size(); ++i) {
      if (edges_[i] & Edge::kLine) {
        number = static_cast<uint32_t>(line_begins_.size());
        line_begins_.push_back(i);
      }
      line_[i] = number;
    }
    line_breaks_lost_.assign(line_begins_.size(), 0);
  }

  // Lines from the first word of the stretch to its last, less one.
  uint32_t LineBreaks(Stretch s) const { return line_[s.end - 1] - line_[s.begin]; }
  bool EndsLine(uint32_t edge) const { return edges_[edge] & (Edge::kLine | Edge::kTail); }
  bool IsWholeLines(Stretch s) const { return (edges_[s.begin] & Edge::kLine) && EndsLine(s.end); }

  void Compare(uint32_t number) {
    const AlignedRun& run = runs_[number];
    Making& making = makings_[number];
    size_t first = 0, first_a = 0, first_b = 0;
    for (size_t p = 0; p < run.pieces.size(); ++p) {
      const RunPiece& piece = run.pieces[p];
      for (uint32_t i = 1; i < piece.length; ++i) CompareWithin(piece.a + i, piece.b + i, &making);
      making.words += piece.length;
      for (uint32_t i = 0; i < piece.length; ++i) making.quarters += tokens_.quarter_words(piece.b + i);
      const bool last = p + 1 == run.pieces.size();
      if (!last && run.gaps[p] == GapKind::kSlip) continue;
      if (!last && run.gaps[p] == GapKind::kSeam) {
        const uint32_t in_a = run.pieces[p + 1].a - (piece.a + piece.length);
        const uint32_t in_b = run.pieces[p + 1].b - (piece.b + piece.length);
        making.glued += in_a < in_b ? 1 : -1;
        continue;
      }
      making.differences += !last && IsDifference(run, p);
      // Words that only the other side has do not tear a side.
      if (last || run.gaps[p] != GapKind::kExtraB) {
        const Stretch a = {run.pieces[first_a].a, piece.a + piece.length};
        making.whole_a += a.begin < a.end && IsWholeLines(a) ? a.end - a.begin : 0;
        first_a = p + 1;
      }
      if (last || run.gaps[p] != GapKind::kExtraA) {
        const Stretch b = {run.pieces[first_b].b, piece.b + piece.length};
        making.whole_b += b.begin < b.end && IsWholeLines(b) ? b.end - b.begin : 0;
        first_b = p + 1;
      }
      CompareStretch(number, {run.pieces[first].a, piece.a + piece.length},
                     {run.pieces[first].b, piece.b + piece.length});
      first = p + 1;
    }
    // A lead or a blob is one line; a column of paragraphs that stops in the middle of a sentence just has an
    // edit there.
    const auto cut_off = [&](Stretch one, uint32_t other_end) {
      return (edges_[one.begin] & Edge::kLine) && LineBreaks(one) == 0 &&
             CutOff(edges_[one.end], edges_[other_end]);
    };
    making.cut_off = cut_off({run.a_begin(), run.a_end()}, run.b_end()) -
                     cut_off({run.b_begin(), run.b_end()}, run.a_end());
  }

  // Both sides have words of their own behind piece p, or one has a few: not a paragraph that the other
  // lacks.
  static bool IsDifference(const AlignedRun& run, size_t p) {
    constexpr uint32_t kFew = 8;
    if (run.gaps[p] == GapKind::kOther) return true;
    const RunPiece &piece = run.pieces[p], &next = run.pieces[p + 1];
    return std::max(next.a - piece.a - piece.length, next.b - piece.b - piece.length) < kFew;
  }

  // An edge between two words of a run. Where sentences of one line are lines of their own in the other copy,
  // the line is a blob.
  void CompareWithin(uint32_t a, uint32_t b, Making* making) {
    CompareEdge(edges_[a], edges_[b], making);
    making->shared_breaks += (edges_[a] & edges_[b] & Edge::kLine) != 0;
    if (!((edges_[a] ^ edges_[b]) & Edge::kLine) || !((edges_[a] | edges_[b]) & Edge::kSentence)) return;
    ++line_breaks_lost_[line_[edges_[a] & Edge::kLine ? b : a]];
  }

  // A stretch without words that only one side has.
  void CompareStretch(uint32_t run, Stretch a, Stretch b) {
    if (a.begin == a.end || b.begin == b.end) return;
    CompareEdge(edges_[a.begin], edges_[b.begin], &makings_[run]);
    CompareEdge(edges_[a.end], edges_[b.end], &makings_[run]);
    for (const bool a_enclosed : {true, false}) {
      const Stretch inner = a_enclosed ? a : b, outer = a_enclosed ? b : a;
      if (!IsWholeLines(inner) || IsWholeLines(outer) || LineBreaks(outer) > 0) continue;
      // Not a cell of a table, nor part of an address.
      constexpr EdgeBits kApart = Edge::kLine | Edge::kSentence | Edge::kSpace;
      if (!(edges_[outer.begin] & kApart) || !(edges_[outer.end] & kApart)) continue;
      enclosures_.push_back({line_[outer.begin], outer, LineBreaks(inner) + 1, run, a_enclosed});
    }
  }

  // A line that stands inside a paragraph is a lead or a call-out, and worse than the paragraph. Unless the
  // paragraph is nothing but such lines: then it is a blob.
  void WeighEnclosures() {
    std::sort(enclosures_.begin(), enclosures_.end(), [](const Enclosure& one, const Enclosure& other) {
      return one.line != other.line ? one.line < other.line : one.inside.begin < other.inside.begin;
    });
    for (size_t begin = 0, end; begin < enclosures_.size(); begin = end) {
      const uint32_t line = enclosures_[begin].line;
      const uint32_t line_begin = line_begins_[line], line_end = line_begins_[line + 1];
      uint32_t covered = 0, count = 0, reached = line_begin;
      for (end = begin; end < enclosures_.size() && enclosures_[end].line == line; ++end) {
        const Stretch inside = enclosures_[end].inside;
        count += inside.begin >= reached ? enclosures_[end].lines : 0;
        covered += inside.end - std::min(inside.end, std::max(inside.begin, reached));
        reached = std::max(reached, inside.end);
      }
      const bool blob =
          line_breaks_lost_[line] >= 2 || (count >= 2 && covered * 5 >= (line_end - line_begin) * 3);
      const bool paragraph = (edges_[line_end] & Edge::kSentence) || line_end - line_begin >= kParagraphWords;
      if (blob || !paragraph) continue;
      for (size_t i = begin; i < end; ++i) {
        if (enclosures_[i].lines > kCalloutLines) continue;
        const int64_t words = enclosures_[i].inside.end - enclosures_[i].inside.begin;
        makings_[enclosures_[i].run].enclosed += enclosures_[i].a_enclosed ? words : -words;
      }
    }
  }

  template <typename Visit>
  void ForEachSlip(const Visit& visit) const {
    for (uint32_t number = 0; number < runs_.size(); ++number) {
      const AlignedRun& run = runs_[number];
      for (size_t p = 0; p + 1 < run.pieces.size(); ++p) {
        if (run.gaps[p] != GapKind::kSlip) continue;
        const uint32_t a = run.pieces[p].a + run.pieces[p].length, b = run.pieces[p].b + run.pieces[p].length;
        for (uint32_t i = 0; a + i < run.pieces[p + 1].a; ++i)
          visit(number, tokens_.hashes[a + i], tokens_.hashes[b + i]);
      }
    }
  }

  // Of two spellings the one that the page has more often is right.
  void WeighSpelling() {
    std::vector<std::pair<uint64_t, uint32_t>> counts;
    ForEachSlip([&](uint32_t, uint64_t a, uint64_t b) {
      counts.emplace_back(a, 0);
      counts.emplace_back(b, 0);
    });
    if (counts.empty()) return;
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    const auto find = [&](uint64_t hash) {
      const auto at = std::lower_bound(counts.begin(), counts.end(), std::pair(hash, uint32_t{0}));
      return at != counts.end() && at->first == hash ? &at->second : nullptr;
    };
    for (const uint64_t hash : tokens_.hashes) {
      if (uint32_t* const count = find(hash); count != nullptr) ++*count;
    }
    ForEachSlip([&](uint32_t run, uint64_t a, uint64_t b) {
      const uint32_t in_a = *find(a), in_b = *find(b);
      makings_[run].misspelt += (in_b > in_a) - (in_a > in_b);
    });
  }

  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
  const std::vector<AlignedRun>& runs_;
  std::vector<Making> makings_;
  std::vector<uint32_t> line_;         // of each token, and one behind the last
  std::vector<uint32_t> line_begins_;  // of each line, and the end of the page
  std::vector<uint32_t> line_breaks_lost_;
  std::vector<Enclosure> enclosures_;
};

// Whether a page shows a passage twice, or says something twice: laws, manuals, verse and talk do. Lengths in
// words.
class Evidence {
 public:
  Evidence(const Tokens& tokens, const std::vector<EdgeBits>& edges, const std::vector<AlignedRun>& runs,
           double min_words)
      : edges_(edges), min_words_(min_words) {
    std::vector<bool> repeats(tokens.size(), false);
    for (const AlignedRun& run : runs) {
      if (run.a_end() > run.b_begin()) continue;
      for (const RunPiece& piece : run.pieces)
        std::fill(repeats.begin() + piece.b, repeats.begin() + piece.b + piece.length, true);
    }
    uint64_t quarters = 0, repeated = 0;
    std::vector<uint64_t> words;
    for (uint32_t i = 0; i < tokens.size(); ++i) {
      quarters += tokens.quarter_words(i);
      if (!repeats[i]) continue;
      repeated += tokens.quarter_words(i);
      words.push_back(tokens.hashes[i]);
    }
    page_words_ = static_cast<double>(quarters) / 4;
    if (static_cast<double>(repeated) < kShareShownTwice * static_cast<double>(quarters)) return;
    // A sentence said a hundred times is nothing but a few words.
    const size_t all = words.size();
    SortHashes(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    shown_twice_ = words.size() * kTimesAWord >= std::min<size_t>(all, kTimesAWord * 1000);
  }

  LeftBecause Judge(const AlignedRun& run, const Making& making, bool cut_a) const {
    const uint32_t begin = cut_a ? run.a_begin() : run.b_begin(), end = cut_a ? run.a_end() : run.b_end();
    const double words = static_cast<double>(making.quarters) / 4;
    const bool one_sided = run.teaser || making.cut_off != 0 || making.enclosed != 0;
    const bool tail = edges_[end] & Edge::kTail;
    if (one_sided && !tail && IsFirstLine(begin, end)) return LeftBecause::kTitle;
    if (!one_sided && making.glued == 0 && IsVerse(making, words)) return LeftBecause::kVerse;
    const double evident = words - kWordsPerDifference * static_cast<double>(making.differences);
    if (evident < Least(run, making, cut_a, tail)) {
      if (words >= Least(run, making, cut_a, tail)) return LeftBecause::kDiffers;
      const bool inside = !one_sided && making.glued == 0 && !IsWhole(making, cut_a);
      return inside && words >= page_words_ / kPagePerRepeat ? LeftBecause::kInsideText
                                                             : LeftBecause::kShortForPage;
    }
    return LeftBecause::kNothing;
  }

  // Fills in what `choice` was left for, if it is a matter of length.
  void Explain(const AlignedRun& run, const Making& making, CopyChoice* choice) const {
    const LeftBecause left = choice->left;
    if (left == LeftBecause::kVerse || left == LeftBecause::kTitle) return;
    const uint32_t end = choice->cut_a ? run.a_end() : run.b_end();
    choice->weighed = static_cast<double>(making.quarters) / 4 -
                      kWordsPerDifference * static_cast<double>(making.differences);
    choice->needed = Least(run, making, choice->cut_a, edges_[end] & Edge::kTail);
    choice->kind = run.teaser || making.cut_off != 0 ? RepeatKind::kCutOff
                   : making.enclosed != 0            ? RepeatKind::kCallOut
                   : making.glued != 0               ? RepeatKind::kGlued
                   : IsWhole(making, choice->cut_a)  ? RepeatKind::kWholeLines
                                                     : RepeatKind::kInsideText;
    Evidence other = *this;
    for (int minimum = static_cast<int>(std::ceil(min_words_)) - 1; minimum >= 3; --minimum) {
      other.min_words_ = minimum;
      if (other.Judge(run, making, choice->cut_a) != LeftBecause::kNothing) continue;
      choice->at_min_tokens = minimum;
      return;
    }
  }

  bool IsWholeCopy(const Making& making) const {
    return static_cast<double>(making.quarters) >= 4 * kWholeCopy * min_words_ &&
           making.differences * 50 <= making.words;
  }

 private:
  // A word of difference on both sides at one place weighs as much as so many that agree.
  static constexpr double kWordsPerDifference = 10;
  // A page may be so many times as long as what it shows twice: of leads with a tail, other leads, call-outs
  // and cut-off copies, copies with sentences glued, others.
  static constexpr double kPagePerTail = 1000, kPagePerLead = 500, kPagePerCallout = 200, kPagePerGlued = 100,
                          kPagePerRepeat = 40;
  // Times the minimum, for what stands inside paragraphs in both places.
  static constexpr double kInsideText = 4;
  static constexpr double kWholeCopy = 6;  // times the minimum
  static constexpr double kVerseLine = 10, kPagePerVerse = 4;
  static constexpr uint32_t kTitleWords = 25;
  // Of the page, in second places: nearly all of it is shown twice, so its short paragraphs are as well.
  static constexpr double kShareShownTwice = 0.35;
  static constexpr size_t kTimesAWord = 8;  // a word is repeated in an ordinary text, at most

  double Least(const AlignedRun& run, const Making& making, bool cut_a, bool tail) const {
    if (run.teaser) return page_words_ / (tail ? kPagePerTail : kPagePerLead);
    if (shown_twice_) return min_words_;
    if (making.cut_off != 0 || making.enclosed != 0)
      return std::max(min_words_, page_words_ / kPagePerCallout);
    if (making.glued != 0) return std::max(min_words_, page_words_ / kPagePerGlued);
    return std::max(IsWhole(making, cut_a) ? min_words_ : kInsideText * min_words_,
                    page_words_ / kPagePerRepeat);
  }
  static bool IsWhole(const Making& making, bool cut_a) {
    return 2 * (cut_a ? making.whole_a : making.whole_b) >= making.words;
  }
  bool IsFirstLine(uint32_t begin, uint32_t end) const {
    if (end > kTitleWords) return false;
    return begin == 0 || std::none_of(edges_.begin() + 1, edges_.begin() + begin + 1,
                                      [](EdgeBits edge) { return edge & Edge::kLine; });
  }
  bool IsVerse(const Making& making, double words) const {
    return making.shared_breaks > 0 && words <= kVerseLine * static_cast<double>(making.shared_breaks + 1) &&
           words * kPagePerVerse < page_words_;
  }

  const std::vector<EdgeBits>& edges_;
  double min_words_;
  double page_words_ = 0;
  bool shown_twice_ = false;
};

struct Groups {
  std::vector<uint32_t> parent;
  explicit Groups(size_t size) : parent(size) { std::iota(parent.begin(), parent.end(), 0u); }
  uint32_t Root(uint32_t run) {
    while (parent[run] != run) run = parent[run] = parent[parent[run]];
    return run;
  }
};

// Whether `next` goes on where `run` ends, on both sides, so that both show the same two copies.
bool Continues(const AlignedRun& run, const AlignedRun& next) {
  const auto near = [](uint32_t end, uint32_t begin) {
    return begin + 8 >= end && begin <= end + kSameCopyWords;
  };
  return near(run.a_end(), next.a_begin()) && near(run.b_end(), next.b_begin()) &&
         next.a_end() <= run.b_begin() + 8;
}

}  // namespace

void ChooseCopies(const Tokens& tokens, const std::vector<EdgeBits>& edges,
                  const std::vector<AlignedRun>& runs, const PageRepeatOptions& options,
                  std::vector<CopyChoice>* choices) {
  choices->clear();
  const double min_words = options.min_tokens;
  const uint32_t count = static_cast<uint32_t>(runs.size());
  Comparison comparison(tokens, edges, runs);
  std::vector<Making>& makings = comparison.makings();
  std::vector<bool> repeat(count, true);
  std::vector<uint64_t> periods(count, 0);  // quarter words from where the first place begins to the second
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t& period = periods[i];
    for (uint32_t t = runs[i].a_begin(); t < std::min(runs[i].b_begin(), runs[i].a_end()); ++t)
      period += tokens.quarter_words(t);
    repeat[i] = runs[i].teaser || static_cast<double>(period) >= min_words * 4;
  }

  // Leads and call-outs are decided each by itself.
  const auto alone = [&](uint32_t i) {
    return !repeat[i] || makings[i].cut_off != 0 || makings[i].enclosed != 0;
  };
  Groups groups(count);
  for (uint32_t i = 0; i < count; ++i) {
    if (alone(i)) continue;
    for (uint32_t back = 1; back <= std::min<uint32_t>(i, kLookBack); ++back) {
      const uint32_t before = i - back;
      if (alone(before) || !Continues(runs[before], runs[i])) continue;
      groups.parent[groups.Root(i)] = groups.Root(before);
      break;
    }
  }
  std::vector<Making> sums(count);
  for (uint32_t i = 0; i < count; ++i) sums[groups.Root(i)].Add(makings[i]);
  const Evidence evidence(tokens, edges, runs, min_words);
  // Runs of one group count together as evidence if little else stands between them.
  std::vector<Stretch> reach(count, {UINT32_MAX, 0});
  for (uint32_t i = 0; i < count; ++i) {
    Stretch& whole = reach[groups.Root(i)];
    whole.begin = std::min(whole.begin, runs[i].b_begin());
    whole.end = std::max(whole.end, runs[i].b_end());
  }
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t root = groups.Root(i);
    const Making& sum = sums[root];
    const bool dense = sum.words * 3 >= (reach[root].end - reach[root].begin) * uint64_t{2};
    CopyChoice choice = {.run = i, .cut_a = sum.AgainstA()};
    choice.left =
        repeat[i] ? evidence.Judge(runs[i], dense ? sum : makings[i], choice.cut_a) : LeftBecause::kPeriod;
    choice.whole_copy = evidence.IsWholeCopy(makings[i]);
    choice.because = sum.Decisive().first;
    if (options.explain && choice.left == LeftBecause::kPeriod) {
      choice.weighed = static_cast<double>(periods[i]) / 4;
      choice.needed = min_words;
      choice.at_min_tokens = choice.weighed >= 3 ? static_cast<int>(choice.weighed) : 0;
    } else if (options.explain && choice.left != LeftBecause::kNothing) {
      evidence.Explain(runs[i], dense ? sum : makings[i], &choice);
    }
    choices->push_back(choice);
  }
  // The most evident copies first: what they leave is what the others can lean on.
  std::stable_sort(choices->begin(), choices->end(), [&](const CopyChoice& one, const CopyChoice& other) {
    return sums[groups.Root(one.run)].words > sums[groups.Root(other.run)].words;
  });
}

}  // namespace refrain
