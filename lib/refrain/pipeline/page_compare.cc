#include "refrain/pipeline/page_compare.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "refrain/pipeline/packed.h"

namespace refrain {
namespace {

// Remembered by each thread.
constexpr uint64_t kRecentBytes = 8 << 20;
constexpr size_t kMostRecent = 32;
constexpr uint64_t kMostSpare = 1 << 20;

uint64_t MemoryOf(const PreparedText& text) { return text.text.size() + text.tokens.size() * 17; }

}  // namespace

absl::StatusOr<std::shared_ptr<const PreparedText>> PageComparer::Prepare(uint32_t page) {
  for (const auto& [known, text] : recent_) {
    if (known == page) return text;
  }
  // The memory of one that was let go, if nobody else holds it.
  std::shared_ptr<PreparedText> prepared = std::move(spare_);
  spare_ = nullptr;
  if (prepared == nullptr || prepared.use_count() > 1) prepared = std::make_shared<PreparedText>();
  if (absl::Status status = texts_->Read(page, &prepared->text); !status.ok()) return status;
  Tokenize(prepared->text, &prepared->tokens);
  recent_bytes_ += MemoryOf(*prepared);
  recent_.emplace_front(page, prepared);
  while (recent_.size() > 2 && (recent_bytes_ > kRecentBytes || recent_.size() > kMostRecent)) {
    recent_bytes_ -= MemoryOf(*recent_.back().second);
    if (MemoryOf(*recent_.back().second) < kMostSpare) spare_ = std::move(recent_.back().second);
    recent_.pop_back();
  }
  return prepared;
}

absl::StatusOr<PageComparer::Set> PageComparer::FindSet(uint32_t page, ReadSet* read) {
  if (read->page == page) return read->set;
  if (!sets_.has(page)) {
    const auto text = Prepare(page);
    if (!text.ok()) return text.status();
    MakeShingles((*text)->tokens.hashes, (*text)->tokens.traits, shingle_, &shingles_);
    MakeSet(&shingles_);
    const std::string_view bytes(reinterpret_cast<const char*>(shingles_.data()),
                                 shingles_.size() * sizeof(uint64_t));
    if (absl::Status status = sets_.Add(page, bytes); !status.ok()) return status;
  }
  read->page = UINT32_MAX;
  const absl::StatusOr<std::string_view> bytes = sets_.Read(page, &read->bytes);
  if (!bytes.ok()) return bytes.status();
  read->set = {reinterpret_cast<const uint64_t*>(bytes->data()), bytes->size() / sizeof(uint64_t)};
  read->page = page;
  return read->set;
}

absl::StatusOr<bool> PageComparer::Match(uint32_t a, uint32_t b, double resemblance) {
  const absl::StatusOr<Set> one = FindSet(a, &set_a_);
  if (!one.ok()) return one.status();
  const absl::StatusOr<Set> other = FindSet(b, &set_b_);
  if (!other.ok()) return other.status();
  return Resembles(*one, *other, resemblance);
}

absl::Status PageComparer::Describe(uint32_t a, uint32_t b, PairDescription* pair) {
  const auto one = Prepare(a);
  if (!one.ok()) return one.status();
  const auto other = Prepare(b);
  if (!other.ok()) return other.status();
  const PreparedText& ours = **one;
  const PreparedText& theirs = **other;
  const absl::StatusOr<Set> our_set = FindSet(a, &set_a_);
  if (!our_set.ok()) return our_set.status();
  const absl::StatusOr<Set> their_set = FindSet(b, &set_b_);
  if (!their_set.ok()) return their_set.status();
  pair->overlap = ExactOverlap(*our_set, *their_set);
  Align(theirs.tokens, ours.tokens, shingle_, &align_, &aligned_);
  pair->only_in_b = UncoveredSpans(theirs.tokens, aligned_);
  pair->spans.clear();
  const auto bytes = [](const Tokens& tokens, uint32_t first, uint32_t length) {
    return Span{tokens.begins[first], tokens.ends[first + length - 1]};
  };
  for (const AlignedTokens& span : aligned_) {
    pair->spans.push_back(
        {bytes(ours.tokens, span.b_first, span.length), bytes(theirs.tokens, span.a_first, span.length)});
  }
  std::sort(pair->spans.begin(), pair->spans.end(), [](const SharedSpan& x, const SharedSpan& y) {
    return std::pair(x.a, x.b) < std::pair(y.a, y.b);
  });
  return absl::OkStatus();
}

void Pack(const PairDescription& pair, std::string* bytes) {
  Pack(pair.overlap, bytes);
  Pack(pair.spans, bytes);
  Pack(pair.only_in_b, bytes);
}

void Unpack(std::string_view bytes, PairDescription* pair) {
  Unpack(&bytes, &pair->overlap);
  Unpack(&bytes, &pair->spans);
  Unpack(&bytes, &pair->only_in_b);
}

}  // namespace refrain
