#include "refrain/pipeline/clean_writer.h"

#include <algorithm>
#include <optional>

#include "refrain/pipeline/page_scan.h"
#include "refrain/report/jsonl.h"
#include "refrain/text/blocks.h"

namespace refrain {
namespace {

// The whole line, line end included: what goes when a block goes.
Span WholeLine(std::string_view text, Span block) {
  while (block.begin > 0 && text[block.begin - 1] != '\n' && text[block.begin - 1] != '\r') --block.begin;
  while (block.end < text.size() && text[block.end] != '\n' && text[block.end] != '\r') ++block.end;
  if (block.end < text.size() && text[block.end] == '\r') ++block.end;
  if (block.end < text.size() && text[block.end] == '\n') ++block.end;
  return block;
}

}  // namespace

std::string CleanName(const std::string& input_name, InputFormat format) {
  if (format == InputFormat::kJsonl || format == InputFormat::kText) return input_name;
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (!input_name.ends_with(ending)) continue;
    return input_name.substr(0, input_name.size() - ending.size()) + ".jsonl" + std::string(ending);
  }
  return input_name + ".jsonl";
}

absl::Status CleanWriter::Write(CorpusBatch& batch, CleanResult* result) {
  const std::string& name = corpus_.files()[batch.file].name;
  result->file = batch.file;
  result->lines = batch.format != InputFormat::kText;
  result->opens_file = batch.opens_file;
  result->closes_file = batch.closes_file;
  if (batch.refused) return absl::OkStatus();
  result->name = CleanName(name, batch.format);
  result->compression = batch.gzip   ? Compression::kGzip
                        : batch.zstd ? Compression::kZstd
                                     : Compression::kNone;
  const PageTable& table = plan_.table;
  uint32_t next = batch.records.records.empty()
                      ? 0
                      : table.LowerBound(batch.file, batch.records.records.front().location.record);
  for (const Record& record : batch.records.records) {
    const bool as_read = record.kind == RecordKind::kJsonl || record.kind == RecordKind::kText ||
                         record.kind == RecordKind::kBlank;
    const bool is_page =
        next < table.size() && table[next].file == batch.file && table[next].record == record.location.record;
    if (record.oversized || record.kind == RecordKind::kBlank) {
      if (as_read) result->clean.append(record.bytes);
      if (!record.oversized) result->hashes.push_back(HashBytes128(record.bytes));
      continue;
    }
    if (is_page && as_read && Untouched(next)) {
      result->clean.append(record.bytes);
      result->hashes.push_back(HashBytes128(record.bytes));
      ++next;
      continue;
    }
    const absl::StatusOr<bool> parsed = source_.Read(record, &page_);
    if (parsed.ok() && *parsed && is_page) {
      if (absl::Status status = WritePage(next++, name, result); !status.ok()) return status;
    } else if (!parsed.ok() && as_read) {
      result->hashes.push_back(HashBytes128(record.bytes));
      AppendJson(RemovedPageRow{.place = {.file = name, .record = record.location.record, .id = {}},
                                .verdict = Verdict::kDamaged,
                                .reason = std::string_view(parsed.status().message().data(),
                                                           parsed.status().message().size()),
                                .raw = record.bytes},
                 &result->removed);
    }
  }
  return absl::OkStatus();
}

// Nothing goes from the page, so its record need not be parsed again.
bool CleanWriter::Untouched(uint32_t number) const {
  const auto [first_passage, last_passage] = plan_.decisions.PassagesOf(number);
  return !plan_.table[number].has_cut && plan_.decisions.Find(number) == nullptr &&
         first_passage == last_passage;
}

absl::Status CleanWriter::WritePage(uint32_t number, const std::string& file, CleanResult* result) {
  const PageEntry& entry = plan_.table[number];
  MakeImage(page_, file, &image_);
  result->hashes.push_back(HashBytes128(image_.raw));
  const std::string id = plan_.display_id(number);
  const RemovedPlace place{.file = file, .record = entry.line, .id = id};
  const DroppedPage* dropped = plan_.decisions.Find(number);

  if (dropped != nullptr && (!plan_.keep_unique || dropped->only_in_dropped.empty())) {
    AppendJson(RemovedPageRow{.place = place,
                              .verdict = dropped->verdict,
                              .witness = plan_.display_id(dropped->witness),
                              .resemblance = dropped->resemblance,
                              .in_witness = dropped->in_witness,
                              .only_in_dropped = dropped->only_in_dropped,
                              .raw = image_.raw},
               &result->removed);
    result->whole_file_gone = entry.kind == RecordKind::kText;
    return absl::OkStatus();
  }
  if (dropped != nullptr) {
    // Its paragraphs with words of their own stay.
    const std::vector<Span> cut = BlocksWithoutUnique(dropped->only_in_dropped);
    WriteWithout(
        cut,
        [&](size_t i) {
          return RemovedSpanRow{.place = place,
                                .verdict = dropped->verdict,
                                .span = cut[i],
                                .witness = plan_.display_id(dropped->witness),
                                .resemblance = dropped->resemblance};
        },
        result);
    return absl::OkStatus();
  }

  const auto [first_passage, last_passage] = plan_.decisions.PassagesOf(number);
  repeats_.clear();
  if (entry.has_cut) {
    const absl::StatusOr<std::string_view> repeats = plan_.repairs.Read(number, &packed_);
    if (!repeats.ok()) return repeats.status();
    UnpackRepeats(*repeats, &repeats_);
  }
  // Both kinds of cut in order. A passage that goes is whole in the page: repairs leave it alone.
  struct Piece {
    Span span;
    const CutPassage* passage;
  };
  std::vector<Piece> pieces;
  for (const Span& span : repeats_.cut) pieces.push_back({span, nullptr});
  for (size_t i = first_passage; i < last_passage; ++i) {
    pieces.push_back({WholeLine(page_.text, plan_.decisions.passages[i].span), &plan_.decisions.passages[i]});
  }
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& one, const Piece& other) { return one.span < other.span; });
  std::vector<Span> cut;
  for (Piece& piece : pieces) {
    if (!cut.empty()) piece.span.begin = std::max(piece.span.begin, cut.back().end);
    cut.push_back(piece.span);
  }
  WriteWithout(
      cut,
      [&](size_t i) {
        RemovedSpanRow row{.place = place, .verdict = Verdict::kRepeat, .span = cut[i], .witness = id};
        if (const CutPassage* passage = pieces[i].passage; passage != nullptr) {
          row.verdict = Verdict::kPassage;
          row.witness = plan_.display_id(passage->witness);
          row.kept = passage->kept;
          row.resemblance = passage->resemblance;
        } else {
          for (const Repeat& repeat : repeats_.repeats) {
            if (repeat.dropped.begin >= cut[i].end || repeat.dropped.end <= cut[i].begin) continue;
            row.repeats.push_back({repeat.dropped, repeat.kept, repeat.tokens, repeat.edits});
          }
        }
        return row;
      },
      result);
  return absl::OkStatus();
}

void CleanWriter::WriteWithout(const std::vector<Span>& cut, const std::function<RemovedSpanRow(size_t)>& row,
                               CleanResult* result) {
  MapToImage(image_, cut, &raw_cut_);
  uint32_t at = 0;
  for (size_t i = 0; i < cut.size(); ++i) {
    result->clean.append(image_.raw.substr(at, raw_cut_[i].begin - at));
    at = raw_cut_[i].end;
    RemovedSpanRow removed = row(i);
    removed.at = raw_cut_[i].begin;
    removed.raw = Slice(image_.raw, raw_cut_[i]);
    AppendJson(removed, &result->removed);
  }
  result->clean.append(image_.raw.substr(at));
}

// The lines of the page that hold none of `unique`.
std::vector<Span> CleanWriter::BlocksWithoutUnique(const std::vector<Span>& unique) {
  std::vector<Span> cut;
  std::vector<Block> blocks;
  Tokenize(page_.text, &tokens_);
  Segment(page_.text, tokens_, &blocks);
  size_t next = 0;
  for (const Block& block : blocks) {
    while (next < unique.size() && unique[next].end <= block.span.begin) ++next;
    if (next < unique.size() && unique[next].begin < block.span.end) continue;
    Span line = WholeLine(page_.text, block.span);
    if (!cut.empty()) line.begin = std::max(line.begin, cut.back().end);
    if (!line.empty()) cut.push_back(line);
  }
  return cut;
}

}  // namespace refrain
