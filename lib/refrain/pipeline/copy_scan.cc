#include "refrain/pipeline/copy_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "refrain/base/hash.h"
#include "refrain/match/winnow_internal.h"
#include "refrain/pipeline/agency.h"
#include "refrain/pipeline/packed.h"
#include "refrain/pipeline/page_scan.h"
#include "refrain/pipeline/record_hash.h"
#include "refrain/sketch/fingerprint.h"

namespace refrain {
namespace {

// From the first word on, with the bracket that it may stand in: "(AP) - ".
std::string_view FromFirstWord(std::string_view text, size_t begin) {
  while (begin > 0 && (text[begin - 1] == '(' || text[begin - 1] == '[')) --begin;
  return text.substr(begin);
}

// Tokens that touch a span of bytes. `spans`: sorted, disjoint.
void AddTokensIn(const std::vector<Span>& spans, const Tokens& tokens, LeftOut* left_out) {
  uint32_t at = 0;
  const uint32_t size = static_cast<uint32_t>(tokens.size());
  for (const Span& span : spans) {
    while (at < size && tokens.ends[at] <= span.begin) ++at;
    const uint32_t first = at;
    while (at < size && tokens.begins[at] < span.end) ++at;
    if (first < at) left_out->push_back({first, at});
  }
}

// Sorted and disjoint.
void MergeRanges(LeftOut* ranges) {
  std::sort(ranges->begin(), ranges->end());
  size_t kept = 0;
  for (const auto& range : *ranges) {
    if (kept > 0 && range.first <= (*ranges)[kept - 1].last) {
      (*ranges)[kept - 1].last = std::max((*ranges)[kept - 1].last, range.last);
    } else {
      (*ranges)[kept++] = range;
    }
  }
  ranges->resize(kept);
}

}  // namespace

CopyScanner::CopyScanner(const Corpus& corpus, const CopiesOptions& options, const CorpusFurniture* furniture,
                         size_t number)
    : corpus_(corpus),
      options_(options),
      furniture_(furniture),
      number_(number),
      plan_(PlanFor(options.noise, options.passages.min_words)),
      source_(corpus),
      tokenizer_(options.noise) {
  if (furniture != nullptr) furniture_spans_.emplace(furniture->finder());
}

absl::Status CopyScanner::Scan(CorpusBatch& batch, CopyScanResult* result) {
  result->place = batch.Place();
  result->damage = std::move(batch.records.damage);
  for (const Record& record : batch.records.records) {
    if (record.kind == RecordKind::kBlank) continue;
    if (record.oversized) {
      result->oversized.push_back(record);
      result->oversized.back().bytes = {};
      continue;
    }
    ++result->records;
    absl::StatusOr<bool> parsed = source_.Read(record, &page_);
    if (!parsed.ok()) {
      result->damage.push_back(DamageOf(record, parsed.status()));
    } else if (*parsed) {
      if (absl::Status status = ScanPage(page_, record, batch.number, result); !status.ok()) return status;
    }
  }
  source_.TakeNotes(&result->place);
  return absl::OkStatus();
}

absl::Status CopyScanner::ScanPage(const Page& page, const Record& record, uint64_t batch,
                                   CopyScanResult* result) {
  CopyScanResult::ScannedPage scanned;
  tokenizer_.Tokenize(page.text, &tokens_);
  const uint32_t number = furniture_ == nullptr ? 0
                                                : furniture_->FirstPage(number_, batch) +
                                                      static_cast<uint32_t>(result->pages.size());
  if (absl::Status status = FindMainText(page, number); !status.ok()) return status;

  scanned.id = page.id;
  scanned.source = page.source;
  PageEntry& entry = scanned.entry;
  entry.record = page.location.record;
  entry.file = page.location.file;
  entry.kind = page.kind;
  entry.text_bytes = static_cast<uint32_t>(page.text.size());
  entry.date = ParseDate(page.date);
  CountDate(page, entry.date, corpus_, &result->unread_dates);
  scanned.facts.record_hash = RecordHash(page);
  scanned.facts.offset = record.location.offset;
  scanned.facts.record_bytes = static_cast<uint32_t>(record.bytes.size());
  uint64_t gone = 0;
  for (const auto& [first, last] : left_out_) gone += tokens_.ends[last - 1] - tokens_.begins[first];
  entry.clean_bytes = static_cast<uint32_t>(page.text.size() - gone);
  result->left_out_bytes += gone;
  if (!left_out_.empty()) Pack(left_out_, &scanned.left_out);
  KeepMainText(left_out_, &tokens_);
  // Equal pages are those of equal main text: what is furniture of one source may be the article of another.
  scanned.exact = ExactKey(tokens_.hashes);
  entry.tokens = static_cast<uint32_t>(tokens_.size());
  if (!tokens_.empty()) scanned.facts.words = {tokens_.begins.front(), tokens_.ends.back()};
  if (!tokens_.empty()) scanned.agency = FindAgency(FromFirstWord(page.text, tokens_.begins.front()));
  AddKeys(result, &scanned);
  result->pages.push_back(std::move(scanned));
  return absl::OkStatus();
}

absl::Status CopyScanner::FindMainText(const Page& page, uint32_t number) {
  left_out_.clear();
  const Tokens* words = &tokens_;
  if (options_.noise == Noise::kOcr) {
    Tokenize(page.text, &words_);
    words = &words_;
  }
  if (furniture_spans_.has_value()) {
    absl::Status status = furniture_spans_->Find(number, page.text, *words, &spans_);
    if (!status.ok()) return status;
    AddTokensIn(spans_, tokens_, &left_out_);
  }
  repeat_finder_.Find(page.text, *words, options_.repeats, &repeats_, {.apart = page.apart});
  AddTokensIn(repeats_.cut, tokens_, &left_out_);
  MergeRanges(&left_out_);
  return absl::OkStatus();
}

// Of texts whose tokens are halves or quarters of words, half or a quarter of the anchors, chosen by value,
// so that as many are left for so many words as elsewhere.
void CopyScanner::MakeAnchors() {
  const ShingleOptions& anchor = plan_.anchor;
  if (options_.noise == Noise::kOcr || AreAllWords(tokens_.traits)) {
    anchors_ = anchor_maker_.Make(tokens_.hashes, tokens_.traits, anchor);
    return;
  }
  MakePlacedShingles(tokens_.hashes, tokens_.traits, anchor, &placed_);
  const auto half = static_cast<uint32_t>(anchor.half), quarter = static_cast<uint32_t>(anchor.quarter);
  size_t kept = 0;
  for (size_t i = 0; i < placed_.values.size(); ++i) {
    const uint32_t width = placed_.widths[i];
    const uint64_t one_in = width == quarter ? 4 : width == half ? 2 : 1;
    const uint64_t value = placed_.values[i];
    placed_.values[kept] = value;
    kept += (value >> 32 & (one_in - 1)) == 0;  // no branch: it is guessed wrong too often
  }
  anchors_ = std::span(placed_.values).first(kept > 0 ? kept : placed_.values.size());
}

// A text that says the same again and again has the same anchors: the first of each stays. In an open table
// of the numbers of keys; sorting them cost six times as much.
void CopyScanner::DropRepeated(size_t first, std::vector<MeetingKey>* keys) {
  constexpr uint32_t kFree = UINT32_MAX;
  const size_t slots = std::bit_ceil(std::max<size_t>(16, (keys->size() - first) * 2));
  key_slots_.assign(slots, kFree);
  size_t kept = first;
  for (size_t i = first; i < keys->size(); ++i) {
    const MeetingKey key = (*keys)[i];
    const auto is_other = [&](uint32_t number) {
      return (*keys)[number].key != key.key || (*keys)[number].next != key.next;
    };
    size_t slot = (key.key >> 1 ^ key.next) & (slots - 1);  // bit 0 is that of bands
    while (key_slots_[slot] != kFree && is_other(key_slots_[slot])) slot = (slot + 1) & (slots - 1);
    if (key_slots_[slot] != kFree) continue;
    key_slots_[slot] = static_cast<uint32_t>(kept);
    (*keys)[kept++] = key;
  }
  keys->resize(kept);
}

void CopyScanner::AddKeys(CopyScanResult* result, CopyScanResult::ScannedPage* scanned) {
  if (tokens_.empty()) return;
  MakeAnchors();
  const size_t before = result->keys.size();
  const auto add = [&](uint64_t anchor, uint32_t next) {
    result->keys.push_back(MeetingKey::Anchor(anchor, 0, next));
  };
  const std::span<const uint64_t> values = anchors_;
  if (plan_.window > 1) {
    Winnow(values, plan_.window, &winnow_scratch_, &chosen_);
    for (size_t i = 0; i < chosen_.size(); ++i)
      add(values[chosen_[i]], i + 1 < chosen_.size() ? MeetingKey::Next(values[chosen_[i + 1]]) : 0);
  } else {
    for (const uint64_t value : values) add(value, 0);
  }
  DropRepeated(before, &result->keys);
  MakeShingles(tokens_.hashes, tokens_.traits, plan_.shingle, &shingles_);
  std::array<uint32_t, PageSigner::kComponents> signature;
  signer_.Sign(shingles_, signature);
  bands_.clear();
  AppendBandKeys(signature, Banding(), &bands_);
  for (const uint64_t band : bands_) result->keys.push_back(MeetingKey::Band(band, 0));
  scanned->keys = static_cast<uint32_t>(result->keys.size() - before);
}

}  // namespace refrain
