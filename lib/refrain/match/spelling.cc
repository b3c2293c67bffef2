#include "refrain/match/spelling_internal.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace refrain {
namespace {

// How often a page has certain words.
class WordCounts {
 public:
  // The hash of a word and 0, or of the two parts of one.
  using Word = std::pair<uint64_t, uint64_t>;

  void Ask(const Word& word) { counts_.emplace_back(word, 0); }

  // Of two parts: times with a hyphen, less times with nothing between them, where a word was taken apart.
  void Count(const PageView& page) {
    std::sort(counts_.begin(), counts_.end());
    counts_.erase(std::unique(counts_.begin(), counts_.end()), counts_.end());
    const bool parts = std::any_of(counts_.begin(), counts_.end(),
                                   [](const auto& count) { return count.first.second != 0; });
    const Tokens& tokens = page.tokens;
    for (uint32_t i = 0; i < tokens.size(); ++i) {
      if (int64_t* const count = Find({tokens.hashes[i], 0}); count != nullptr) ++*count;
      if (!parts || i + 1 == tokens.size()) continue;
      int64_t* const count = Find({tokens.hashes[i], tokens.hashes[i + 1]});
      if (count == nullptr) continue;
      const std::string_view between = Slice(page.text, {tokens.ends[i], tokens.begins[i + 1]});
      *count += between == "-" ? 1 : between.empty() ? -1 : 0;
    }
  }

  // REQUIRES: it was asked for.
  int64_t Of(const Word& word) { return *Find(word); }

 private:
  int64_t* Find(const Word& word) {
    const auto at = std::lower_bound(counts_.begin(), counts_.end(), word,
                                     [](const auto& count, const Word& w) { return count.first < w; });
    return at != counts_.end() && at->first == word ? &at->second : nullptr;
  }

  std::vector<std::pair<Word, int64_t>> counts_;
};

template <typename Visit>
void ForEachSlip(const Tokens& tokens, const std::vector<AlignedRun>& runs, const Visit& visit) {
  for (uint32_t number = 0; number < runs.size(); ++number) {
    const AlignedRun& run = runs[number];
    for (size_t p = 0; p + 1 < run.pieces.size(); ++p) {
      if (run.gaps[p] != GapKind::kSlip) continue;
      const uint32_t a = run.pieces[p].a + run.pieces[p].length, b = run.pieces[p].b + run.pieces[p].length;
      for (uint32_t i = 0; a + i < run.pieces[p + 1].a; ++i)
        visit(number, WordCounts::Word(tokens.hashes[a + i], 0), WordCounts::Word(tokens.hashes[b + i], 0));
    }
  }
}

}  // namespace

void WeighHyphens(const PageView& page, std::vector<Hyphen>* hyphens, std::vector<Making>* makings) {
  if (hyphens->empty()) return;
  WordCounts counts;
  std::vector<WordCounts::Word> wholes;
  const auto parts_of = [&](const Hyphen& hyphen) {
    return WordCounts::Word(page.tokens.hashes[hyphen.apart], page.tokens.hashes[hyphen.apart + 1]);
  };
  Tokens whole;
  for (const Hyphen& hyphen : *hyphens) {
    Tokenize(Slice(page.text, hyphen.without), &whole);
    wholes.emplace_back(whole.empty() ? 0 : whole.hashes.front(), 0);
    counts.Ask(wholes.back());
    counts.Ask(parts_of(hyphen));
  }
  counts.Count(page);
  for (size_t i = 0; i < hyphens->size(); ++i)
    (*hyphens)[i].less_often = counts.Of(wholes[i]) - counts.Of(parts_of((*hyphens)[i]));
  const auto place = [](const Hyphen& hyphen) { return std::pair(hyphen.run, hyphen.joined > 0); };
  std::sort(hyphens->begin(), hyphens->end(),
            [&](const Hyphen& one, const Hyphen& other) { return place(one) < place(other); });
  for (size_t begin = 0, end; begin < hyphens->size(); begin = end) {
    int64_t stray = 0, joined = 0;
    for (end = begin; end < hyphens->size() && place((*hyphens)[end]) == place((*hyphens)[begin]); ++end) {
      stray += ((*hyphens)[end].less_often > 0) - ((*hyphens)[end].less_often < 0);
      joined += (*hyphens)[end].joined;
    }
    if (stray > 0) (*makings)[(*hyphens)[begin].run].joined -= 2 * joined;
  }
}

void WeighSlips(const PageView& page, const std::vector<AlignedRun>& runs, std::vector<Making>* makings) {
  WordCounts counts;
  bool any = false;
  ForEachSlip(page.tokens, runs, [&](uint32_t, const WordCounts::Word& a, const WordCounts::Word& b) {
    counts.Ask(a);
    counts.Ask(b);
    any = true;
  });
  if (!any) return;
  counts.Count(page);
  ForEachSlip(page.tokens, runs, [&](uint32_t run, const WordCounts::Word& a, const WordCounts::Word& b) {
    const int64_t in_a = counts.Of(a), in_b = counts.Of(b);
    (*makings)[run].misspelt += (in_b > in_a) - (in_a > in_b);
  });
}

}  // namespace refrain
