#include "refrain/pipeline/page_scan.h"

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>

#include "refrain/base/utf8.h"
#include "refrain/pipeline/packed.h"
#include "refrain/pipeline/record_hash.h"
#include "refrain/sketch/fingerprint.h"

namespace refrain {
namespace {

constexpr size_t kExamples = 10;

// The standard's eight types and one word for all others, so that no file can make many.
std::string WarcTypeForCounts(const std::string& type) {
  for (const char* known :
       {"warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"}) {
    if (type == known) return type;
  }
  return "other";
}

uint32_t SourceRank(const std::vector<std::string>& sources, const std::string& source) {
  const auto at = std::find(sources.begin(), sources.end(), source);
  return static_cast<uint32_t>(at - sources.begin());
}

}  // namespace

namespace {

// What is stored of a Repeat: no more than is read again, and no bytes between that nobody set.
struct StoredRepeat {
  Span dropped;
  Span kept;
  uint32_t tokens = 0;
  uint32_t edits = 0;
};
static_assert(std::has_unique_object_representations_v<StoredRepeat>);

}  // namespace

void PackRepeats(const PageRepeats& repeats, std::string* bytes) {
  Pack(static_cast<uint64_t>(repeats.repeats.size()), bytes);
  for (const Repeat& repeat : repeats.repeats)
    Pack(StoredRepeat{repeat.dropped, repeat.kept, repeat.tokens, repeat.edits}, bytes);
  Pack(repeats.cut, bytes);
}

void UnpackRepeats(std::string_view bytes, PageRepeats* repeats) {
  std::vector<StoredRepeat> stored;
  Unpack(&bytes, &stored);
  repeats->repeats.clear();
  for (const StoredRepeat& one : stored) {
    repeats->repeats.push_back(
        {.dropped = one.dropped, .kept = one.kept, .tokens = one.tokens, .edits = one.edits});
  }
  Unpack(&bytes, &repeats->cut);
}

bool AreRepeats(std::string_view bytes, uint32_t text_bytes) {
  std::string_view left = bytes;
  for (const size_t size : {sizeof(StoredRepeat), sizeof(Span)}) {
    uint64_t count = 0;
    if (left.size() < sizeof(count)) return false;
    Unpack(&left, &count);
    if (count > left.size() / size) return false;
    left.remove_prefix(count * size);
  }
  if (!left.empty()) return false;
  PageRepeats found;
  UnpackRepeats(bytes, &found);
  const auto lies_in_page = [&](const Span& span) { return span.begin < span.end && span.end <= text_bytes; };
  uint32_t before = 0;
  for (const Span& cut : found.cut) {
    if (!lies_in_page(cut) || cut.begin < before) return false;
    before = cut.end;
  }
  return std::all_of(found.repeats.begin(), found.repeats.end(), [&](const Repeat& repeat) {
    return lies_in_page(repeat.dropped) && lies_in_page(repeat.kept);
  });
}

std::string Beginning(std::string_view text, size_t bytes) {
  size_t end = std::min(bytes, text.size());
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string out(text.substr(0, end));
  std::replace_if(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return out;
}

void CountDate(const Page& page, int64_t seconds, const Corpus& corpus, UnreadDates* unread) {
  constexpr size_t kShownBytes = 60;
  if (seconds != kNoDate || page.date.empty()) return;
  if (unread->count++ > 0) return;
  unread->date = Beginning(page.date, kShownBytes);
  unread->page = NameOf(page, corpus.files()[page.location.file].name);
}

PageScanner::PageScanner(const Corpus& corpus, const DedupOptions& options, StageClock* clock)
    : corpus_(corpus),
      options_(options),
      source_(corpus),
      block_scanner_(options.passage_tokens, options.banding),
      clock_(clock) {}

absl::Status PageScanner::Scan(CorpusBatch& batch, ScanResult* result) {
  result->refusal = batch.refusal;
  result->place = batch.Place();
  result->damage = std::move(batch.records.damage);
  for (const Record& record : batch.records.records) {
    if (record.kind == RecordKind::kBlank) continue;
    if (record.oversized) {
      if (record.no_page) continue;
      result->oversized.push_back(record);
      result->oversized.back().bytes = {};
      continue;
    }
    ++result->records;
    absl::StatusOr<bool> parsed = source_.Read(record, &page_);
    if (record.kind == RecordKind::kWarc) ++result->warc_records[WarcTypeForCounts(page_.record_type)];
    if (!parsed.ok()) {
      result->damage.push_back(DamageOf(record, parsed.status()));
    } else if (*parsed) {
      ScanPage(page_, record, result);
      EnterStage(clock_, Stage::kParse);
    }
  }
  source_.TakeNotes(&result->place);
  return absl::OkStatus();
}

void PageScanner::ScanPage(const Page& page, const Record& record, ScanResult* result) {
  EnterStage(clock_, Stage::kTokenise);
  Tokenize(page.text, &tokens_);
  result->invalid_bytes += tokens_.invalid_bytes;
  EnterStage(clock_, Stage::kSketch);
  std::span<const uint64_t> shingles;
  if (options_.pages) shingles = shingle_maker_.Make(tokens_.hashes, tokens_.traits, options_.shingle);
  EnterStage(clock_, Stage::kPageScope);
  repeats_.clear();
  if (options_.repair)
    repeat_finder_.Find(page.text, tokens_, options_.repeats, &repeats_,
                        {.apart = page.apart, .shingles = shingles});
  uint64_t cut_bytes = 0;
  for (const Span& span : repeats_.cut) cut_bytes += span.size();
  result->repeat_spans += repeats_.cut.size();
  result->repeat_bytes += cut_bytes;

  EnterStage(clock_, Stage::kSketch);
  ScanResult::ScannedPage scanned;
  scanned.id = page.id;
  PageEntry& entry = scanned.entry;
  scanned.exact = ExactKey(tokens_.hashes);
  scanned.facts.record_hash = RecordHash(page);
  entry.record = page.location.record;
  scanned.facts.offset = record.location.offset;
  scanned.facts.record_bytes = static_cast<uint32_t>(record.bytes.size());
  entry.file = page.location.file;
  entry.kind = page.kind;
  entry.text_bytes = static_cast<uint32_t>(page.text.size());
  entry.clean_bytes = static_cast<uint32_t>(page.text.size() - cut_bytes);
  entry.tokens = static_cast<uint32_t>(tokens_.size());
  if (!tokens_.empty()) scanned.facts.words = {tokens_.begins.front(), tokens_.ends.back()};
  entry.date = ParseDate(page.date);
  CountDate(page, entry.date, corpus_, &result->unread_dates);
  entry.source_rank = options_.sources.empty() ? 0 : SourceRank(options_.sources, page.source);
  entry.has_cut = !repeats_.empty();
  if (entry.has_cut) PackRepeats(repeats_, &scanned.repeats);
  if (options_.pages && !tokens_.empty()) {
    std::array<uint32_t, PageSigner::kComponents> signature;
    signer_.Sign(shingles, signature);
    EnterStage(clock_, Stage::kKeys);
    scanned.facts.sketch = Shorten(signature);
    AppendBandKeys(signature, options_.banding, &result->band_keys);
    scanned.banded = true;
  }
  if (options_.passages) {
    EnterStage(clock_, Stage::kSketch);
    const size_t before = result->blocks.size();
    block_scanner_.Scan(page.text, tokens_, repeats_, &result->blocks, &result->block_keys);
    scanned.blocks = static_cast<uint32_t>(result->blocks.size() - before);
  }
  if (!repeats_.empty() && result->examples.size() < kExamples) {
    result->examples.push_back({.verdict = "repeat",
                                .id = NameOf(page, corpus_.files()[page.location.file].name),
                                .witness = "",
                                .resemblance = 1,
                                .text = Beginning(Slice(page.text, repeats_.cut.front()), kExampleBytes)});
  }
  result->pages.push_back(std::move(scanned));
}

}  // namespace refrain
