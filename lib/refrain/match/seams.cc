#include <algorithm>
#include <utility>

#include "refrain/match/edges_internal.h"
#include "refrain/match/seams_internal.h"

namespace refrain {
namespace {

// A place to split: a byte inside a token.
using Seam = std::pair<uint32_t, uint32_t>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class SeamFinder {
 public:
  SeamFinder(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges)
      : text_(text), tokens_(tokens), edges_(edges) {}

  std::vector<Seam> Find(const std::vector<AlignedRun>& runs) {
    for (const AlignedRun& run : runs) {
      if (run.a_begin() > 0) TryFront(run.a_begin() - 1, run.b_begin() - 1);
      if (run.b_end() < tokens_.size()) TryBehind(run.a_end(), run.b_end());
      for (size_t p = 0; p + 1 < run.pieces.size(); ++p) {
        const RunPiece& next = run.pieces[p + 1];
        const uint32_t a = run.pieces[p].a + run.pieces[p].length, b = run.pieces[p].b + run.pieces[p].length;
        if (run.gaps[p] == GapKind::kSeam) {
          if (next.a - a == 1) TakeApart(a, b, next.b);
          if (next.b - b == 1) TakeApart(b, a, next.a);
        } else if (run.gaps[p] != GapKind::kSlip) {
          TryBehind(a, b);
          if (next.a > 0) TryFront(next.a - 1, next.b - 1);
        }
      }
    }
    std::sort(seams_.begin(), seams_.end());
    seams_.erase(std::unique(seams_.begin(), seams_.end()), seams_.end());
    return std::move(seams_);
  }

 private:
  std::string_view Word(uint32_t token) const { return Slice(text_, tokens_.span(token)); }

  // One of the two words, right behind a run, begins with the other, whose passage ends there.
  void TryBehind(uint32_t one, uint32_t other) {
    if (Word(one).size() < Word(other).size()) std::swap(one, other);
    const std::string_view longer = Word(one), shorter = Word(other);
    if (longer.size() == shorter.size() || !longer.starts_with(shorter)) return;
    if (Edge::IsUnit(edges_[other + 1])) Add(one, static_cast<uint32_t>(shorter.size()));
  }

  // One of the two words, right in front of a run, ends with the other, whose passage begins there.
  void TryFront(uint32_t one, uint32_t other) {
    if (Word(one).size() < Word(other).size()) std::swap(one, other);
    const std::string_view longer = Word(one), shorter = Word(other);
    if (longer.size() == shorter.size() || !longer.ends_with(shorter)) return;
    if (Edge::IsUnit(edges_[other])) Add(one, static_cast<uint32_t>(longer.size() - shorter.size()));
  }

  // Not before a small letter: "an" and "and" are two words. Not inside a number.
  void Add(uint32_t token, uint32_t offset) {
    const uint32_t at = tokens_.begins[token] + offset;
    if (IsLowerAt(text_, at) || (IsDigit(text_[at - 1]) && IsDigit(text_[at]))) return;
    seams_.emplace_back(token, at);
  }

  // `token` has the letters of [first, last).
  void TakeApart(uint32_t token, uint32_t first, uint32_t last) {
    uint32_t at = tokens_.begins[token];
    for (uint32_t part = first; part + 1 < last; ++part) {
      at += tokens_.span(part).size();
      if (at < tokens_.ends[token]) seams_.emplace_back(token, at);
    }
  }

  std::string_view text_;
  const Tokens& tokens_;
  const std::vector<EdgeBits>& edges_;
  std::vector<Seam> seams_;
};

}  // namespace

bool SplitSeams(std::string_view text, const Tokens& tokens, const std::vector<EdgeBits>& edges,
                const std::vector<AlignedRun>& runs, Tokens* split) {
  const std::vector<Seam> seams = SeamFinder(text, tokens, edges).Find(runs);
  if (seams.empty()) return false;
  split->clear();
  split->invalid_bytes = tokens.invalid_bytes;
  Tokens part;
  const auto add = [&](uint64_t hash, uint32_t begin, uint32_t end, uint8_t traits) {
    split->hashes.push_back(hash);
    split->begins.push_back(begin);
    split->ends.push_back(end);
    split->traits.push_back(traits);
  };
  auto seam = seams.begin();
  for (uint32_t token = 0; token < tokens.size(); ++token) {
    if (seam == seams.end() || seam->first != token) {
      add(tokens.hashes[token], tokens.begins[token], tokens.ends[token], tokens.traits[token]);
      continue;
    }
    const size_t before = split->size();
    uint32_t begin = tokens.begins[token];
    bool whole = true;
    for (bool more = true; more && whole;) {
      more = seam != seams.end() && seam->first == token;
      const uint32_t end = more ? seam++->second : tokens.ends[token];
      Tokenize(text.substr(begin, end - begin), &part);
      // A mark behind the seam would be a word of its own, or none.
      whole = part.size() == 1 && part.begins[0] == 0 && part.ends[0] == end - begin;
      if (whole) add(part.hashes[0], begin, end, part.traits[0]);
      begin = end;
    }
    if (whole) continue;
    while (seam != seams.end() && seam->first == token) ++seam;
    split->hashes.resize(before);
    split->begins.resize(before);
    split->ends.resize(before);
    split->traits.resize(before);
    add(tokens.hashes[token], tokens.begins[token], tokens.ends[token], tokens.traits[token]);
  }
  return split->size() > tokens.size();
}

namespace {

// A line that begins with a small letter may be the rest of a sentence. Not if it begins a line in another
// place too, behind other words.
void ClearParagraphs(const Tokens& tokens, const std::vector<AlignedRun>& runs,
                     std::vector<EdgeBits>* edges) {
  for (const AlignedRun& run : runs) {
    const uint32_t a = run.a_begin(), b = run.b_begin();
    EdgeBits &one = (*edges)[a], &other = (*edges)[b];
    if (!(one & other & Edge::kLine) || !((one | other) & Edge::kLower)) continue;
    if (a > 0 && b > 0 && tokens.hashes[a - 1] == tokens.hashes[b - 1]) continue;
    one &= static_cast<EdgeBits>(~Edge::kLower);
    other &= static_cast<EdgeBits>(~Edge::kLower);
  }
}

}  // namespace

void MarkJoints(const Tokens& tokens, const std::vector<AlignedRun>& runs, std::vector<EdgeBits>* edges) {
  ClearParagraphs(tokens, runs, edges);
  const auto is_line = [&](uint32_t edge) { return ((*edges)[edge] & Edge::kLine) != 0; };
  std::vector<uint32_t> begins, ends;
  const auto meet = [&](uint32_t a, uint32_t b, std::vector<uint32_t>* places) {
    if (is_line(b) && !is_line(a)) places->push_back(a);
    if (is_line(a) && !is_line(b)) places->push_back(b);
  };
  // More than a caption stands between two pieces: paragraphs that one place lacks, or has elsewhere.
  constexpr uint32_t kParagraph = 20;  // tokens
  for (const AlignedRun& run : runs) {
    meet(run.a_begin(), run.b_begin(), &begins);
    for (size_t p = 0; p + 1 < run.pieces.size(); ++p) {
      const RunPiece &piece = run.pieces[p], &next = run.pieces[p + 1];
      const uint32_t a = piece.a + piece.length, b = piece.b + piece.length;
      if (std::max(next.a - a, next.b - b) < kParagraph) continue;
      meet(a, b, &ends);
      meet(next.a, next.b, &begins);
    }
    meet(run.a_end(), run.b_end(), &ends);
  }
  std::sort(ends.begin(), ends.end());
  for (const uint32_t edge : begins) {
    if (edge < tokens.size() && std::binary_search(ends.begin(), ends.end(), edge))
      (*edges)[edge] |= Edge::kJoint | Edge::kSentence;
  }
  // A line that one place has, in the middle of a run, and the other has no space there.
  const auto mark = [&](uint32_t edge, uint32_t other) {
    const bool quarters = tokens.quarter_words(edge) == TokenTraits::kQuarter;
    if (quarters && is_line(other) && !((*edges)[edge] & (Edge::kLine | Edge::kSpace)) &&
        IsBesideParagraph(tokens, *edges, other)) {
      (*edges)[edge] |= Edge::kJoint;
    }
  };
  for (const AlignedRun& run : runs) {
    for (const RunPiece& piece : run.pieces) {
      for (uint32_t i = 1; i < piece.length; ++i) {
        mark(piece.a + i, piece.b + i);
        mark(piece.b + i, piece.a + i);
      }
    }
  }
}

}  // namespace refrain
