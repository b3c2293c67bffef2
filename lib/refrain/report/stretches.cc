#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "refrain/report/stretches_internal.h"

namespace refrain {
namespace {

// Witnesses that overlap, as one.
struct Witness {
  Span span;
  uint32_t passage = 0;
};

class Walk {
 public:
  explicit Walk(const PageRow& row) : row_(row), size_(static_cast<uint32_t>(row.text.size())) {
    JoinWitnesses();
  }

  std::vector<Stretch> Run() {
    const std::vector<uint32_t> edges = Edges();
    for (size_t i = 0; i + 1 < edges.size(); ++i) {
      const Span span = {edges[i], edges[i + 1]};
      while (cut_ < row_.cut.size() && row_.cut[cut_].end <= span.begin) ++cut_;
      while (witness_ < witnesses_.size() && witnesses_[witness_].span.end <= span.begin) ++witness_;
      if (cut_ < row_.cut.size() && row_.cut[cut_].begin <= span.begin) {
        AddCut(span);
      } else if (witness_ < witnesses_.size() && witnesses_[witness_].span.begin <= span.begin) {
        AddWitness(span);
      } else {
        stretches_.push_back({.span = span});
      }
    }
    for (size_t i = 0; i < stretches_.size(); ++i) {  // a cut inside a witness parts it
      Stretch& stretch = stretches_[i];
      if (stretch.look != Stretch::kWitness) continue;
      stretch.opens = stretch.opens || i == 0 || stretches_[i - 1].look != Stretch::kWitness;
      stretch.closes =
          stretch.closes || i + 1 == stretches_.size() || stretches_[i + 1].look != Stretch::kWitness;
    }
    return std::move(stretches_);
  }

 private:
  void JoinWitnesses() {
    const std::vector<RepeatRow>& repeats = row_.repeats;
    by_witness_.resize(repeats.size());
    std::iota(by_witness_.begin(), by_witness_.end(), 0u);
    std::sort(by_witness_.begin(), by_witness_.end(), [&](uint32_t one, uint32_t other) {
      return repeats[one].kept.begin != repeats[other].kept.begin
                 ? repeats[one].kept.begin < repeats[other].kept.begin
                 : one < other;
    });
    std::vector<uint32_t> joined(repeats.size());  // of each repeat, which of witnesses_
    for (const uint32_t repeat : by_witness_) {
      const Span kept = repeats[repeat].kept;
      if (witnesses_.empty() || witnesses_.back().span.end <= kept.begin)
        witnesses_.push_back({.span = kept});
      witnesses_.back().span.end = std::max(witnesses_.back().span.end, kept.end);
      joined[repeat] = static_cast<uint32_t>(witnesses_.size() - 1);
    }
    std::vector<bool> numbered(witnesses_.size(), false);
    uint32_t next = 0;
    for (const uint32_t witness : joined) {
      if (!numbered[witness]) witnesses_[witness].passage = next++;
      numbered[witness] = true;
      passage_.push_back(witnesses_[witness].passage);
    }
  }

  // Where the look of the text may change, and both its ends.
  std::vector<uint32_t> Edges() const {
    std::vector<uint32_t> edges = {0, size_};
    for (const Span& cut : row_.cut) edges.insert(edges.end(), {cut.begin, cut.end});
    for (const Witness& witness : witnesses_) edges.push_back(witness.span.end);
    size_t cut = 0;
    for (const RepeatRow& repeat : row_.repeats) {
      edges.push_back(repeat.kept.begin);
      // What stands before the first repeat of a cut belongs to it.
      const uint32_t begin = repeat.dropped.begin;
      while (cut < row_.cut.size() && row_.cut[cut].end <= begin) ++cut;
      const bool first = &repeat == row_.repeats.data() || cut == row_.cut.size() ||
                         (&repeat - 1)->dropped.end <= row_.cut[cut].begin;
      if (!first) edges.push_back(begin);
    }
    for (uint32_t& edge : edges) edge = std::min(edge, size_);
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
  }

  void AddCut(Span span) {
    const Span cut = row_.cut[cut_];
    Stretch stretch = {.span = span,
                       .look = Stretch::kCut,
                       .opens = span.begin == cut.begin,
                       .closes = span.end == std::min(cut.end, size_)};
    // Repeats that begin at this stretch, or in it.
    for (; next_ < row_.repeats.size() && row_.repeats[next_].dropped.begin < span.end; ++next_)
      stretch.begins.push_back(next_);
    if (next_ > 0) {
      stretch.repeat = next_ - 1;
      stretch.passage = passage_[stretch.repeat];
    }
    stretches_.push_back(std::move(stretch));
  }

  void AddWitness(Span span) {
    const Witness& witness = witnesses_[witness_];
    Stretch stretch = {.span = span,
                       .look = Stretch::kWitness,
                       .opens = span.begin == witness.span.begin,
                       .closes = span.end == std::min(witness.span.end, size_),
                       .passage = witness.passage};
    for (; next_witness_ < by_witness_.size(); ++next_witness_) {
      const uint32_t repeat = by_witness_[next_witness_];
      if (row_.repeats[repeat].kept.begin >= span.end) break;
      stretch.begins.push_back(repeat);
    }
    stretches_.push_back(std::move(stretch));
  }

  const PageRow& row_;
  const uint32_t size_;
  std::vector<uint32_t> by_witness_;  // repeats, by where their witness begins
  std::vector<Witness> witnesses_;
  std::vector<uint32_t> passage_;  // of each repeat
  std::vector<Stretch> stretches_;
  size_t cut_ = 0, witness_ = 0, next_witness_ = 0;
  uint32_t next_ = 0;
};

}  // namespace

std::vector<Stretch> StretchesOf(const PageRow& row) { return Walk(row).Run(); }

}  // namespace refrain
