#include "refrain/pipeline/page_compare.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace refrain {
namespace {

// Remembered by each thread, of each kind.
constexpr uint64_t kRecentBytes = 8 << 20;
constexpr size_t kMostRecent = 32;

uint64_t MemoryOf(const PreparedText& text) { return text.text.size() + text.tokens.size() * 17; }
uint64_t MemoryOf(const ShingleSet& set) { return set.size() * sizeof(uint64_t); }

}  // namespace

std::string_view AsBytes(const ShingleSet& set) {
  return {reinterpret_cast<const char*>(set.data()), set.size() * sizeof(uint64_t)};
}

template <typename Thing>
std::shared_ptr<const Thing> PageComparer::Recent<Thing>::Find(uint32_t number) const {
  for (const auto& [known, thing] : things) {
    if (known == number) return thing;
  }
  return nullptr;
}

template <typename Thing>
void PageComparer::Recent<Thing>::Add(uint32_t number, std::shared_ptr<const Thing> thing) {
  bytes += MemoryOf(*thing);
  things.emplace_front(number, std::move(thing));
  while (things.size() > 2 && (bytes > kRecentBytes || things.size() > kMostRecent)) {
    bytes -= MemoryOf(*things.back().second);
    things.pop_back();
  }
}

absl::StatusOr<std::shared_ptr<const PreparedText>> PageComparer::Prepare(uint32_t text) {
  if (auto known = recent_texts_.Find(text)) return known;
  auto prepared = std::make_shared<PreparedText>();
  if (absl::Status status = texts_.Read(text, &prepared->text); !status.ok()) return status;
  Tokenize(prepared->text, &prepared->tokens);
  recent_texts_.Add(text, prepared);
  return prepared;
}

absl::StatusOr<std::shared_ptr<const ShingleSet>> PageComparer::Set(uint32_t text) {
  if (auto known = recent_sets_.Find(text)) return known;
  if (absl::Status status = sets_.Read(text, &bytes_); !status.ok()) return status;
  auto set = std::make_shared<ShingleSet>(bytes_.size() / sizeof(uint64_t));
  std::memcpy(set->data(), bytes_.data(), bytes_.size());
  recent_sets_.Add(text, set);
  return set;
}

absl::StatusOr<Overlap> PageComparer::Compare(uint32_t a, uint32_t b) {
  const auto one = Set(a);
  if (!one.ok()) return one.status();
  const auto other = Set(b);
  if (!other.ok()) return other.status();
  return ExactOverlap(**one, **other);
}

absl::Status PageComparer::Describe(uint32_t a, uint32_t b, MatchRow* row, std::vector<Span>* only_in_b) {
  const auto one = Prepare(a);
  if (!one.ok()) return one.status();
  const auto other = Prepare(b);
  if (!other.ok()) return other.status();
  const PreparedText& ours = **one;
  const PreparedText& theirs = **other;
  const absl::StatusOr<Overlap> overlap = Compare(a, b);
  if (!overlap.ok()) return overlap.status();
  row->resemblance = overlap->resemblance();
  row->a_in_b = overlap->a_in_b();
  row->b_in_a = overlap->b_in_a();
  row->shingle = shingle_.words;
  Align(theirs.tokens, ours.tokens, shingle_, &align_, &aligned_);
  if (only_in_b != nullptr) *only_in_b = UncoveredSpans(theirs.tokens, aligned_);
  row->spans.clear();
  const auto bytes = [](const Tokens& tokens, uint32_t first, uint32_t length) {
    return Span{tokens.begins[first], tokens.ends[first + length - 1]};
  };
  for (const AlignedTokens& span : aligned_) {
    row->spans.push_back(
        {bytes(ours.tokens, span.b_first, span.length), bytes(theirs.tokens, span.a_first, span.length)});
  }
  std::sort(row->spans.begin(), row->spans.end(), [](const SharedSpan& x, const SharedSpan& y) {
    return std::pair(x.a, x.b) < std::pair(y.a, y.b);
  });
  return absl::OkStatus();
}

}  // namespace refrain
