#include "refrain/pipeline/clean_writer.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "refrain/pipeline/page_scan.h"
#include "refrain/pipeline/record_hash.h"
#include "refrain/report/jsonl.h"
#include "refrain/text/blank_lines.h"
#include "refrain/text/blocks.h"
#include "refrain/text/line_ends.h"

namespace refrain {
namespace {

// Whether restore gives back the record's bytes; else those of the line of JSON that the page becomes.
bool IsAsRead(RecordKind kind) {
  return kind == RecordKind::kJsonl || kind == RecordKind::kJsonlHtml || kind == RecordKind::kText ||
         kind == RecordKind::kBlank;
}

}  // namespace

absl::Status ChangedMeanwhile(const std::string& path, uint64_t offset) {
  return absl::DataLossError(
      fmt::format("{}: byte {}: the page that was here is not any more; the file was changed during the run, "
                  "so run again",
                  path, offset));
}

absl::Status CleanWriter::Write(CorpusBatch& batch, CleanResult* result) {
  const std::string& name = corpus_.files()[batch.file].name;
  result->file = batch.file;
  result->lines = batch.format != InputFormat::kText;
  result->extracted = Corpus::IsExtracted(batch.format);
  result->opens_file = batch.opens_file;
  result->closes_file = batch.closes_file;
  result->lost = batch.records.damage.size();
  if (batch.refused) {
    if (plan_.table.LowerBound(batch.file, 0) == plan_.table.LowerBound(batch.file + 1, 0))
      return absl::OkStatus();
    return absl::DataLossError(
        fmt::format("{}; it could be read when the run began, so run again", batch.refusal));
  }
  const bool mark = plan_.mode == OutputMode::kMark;
  // Marks are lines, whatever they are about.
  result->name =
      mark ? corpus_.LinesName(batch.file, batch.format) : corpus_.CleanName(batch.file, batch.format);
  result->compression = batch.gzip   ? Compression::kGzip
                        : batch.zstd ? Compression::kZstd
                                     : Compression::kNone;
  const PageTable& table = plan_.table;
  uint32_t next = batch.records.records.empty()
                      ? 0
                      : table.LowerBound(batch.file, batch.records.records.front().location.record);
  if (!batch.records.records.empty()) {
    result->first_record = batch.records.records.front().location.record;
    result->last_record = batch.records.records.back().location.record;
  }
  uint64_t before = result->first_record, marked = UINT64_MAX;
  if (!mark) result->clean.reserve(batch.bytes());
  // One row for a line, though it may come in pieces. What is no line has a row only if it has a document.
  const auto mark_nothing = [&](const Record& record, std::string_view id) {
    if (IsAsRead(record.kind) && record.location.record != marked) MarkNothing(id, result);
    marked = record.location.record;
  };
  for (const Record& record : batch.records.records) {
    // Damage may have cut the line in front, too large to be dropped whole: then its end is missing.
    if (result->lines && record.location.record != before && !result->clean.empty() &&
        result->clean.back() != '\n') {
      result->clean.push_back('\n');
    }
    const bool as_read = IsAsRead(record.kind);
    // A page that was to be extracted is nowhere in the run, which restore has to say: once, though it comes
    // in pieces.
    if (record.oversized && !as_read && !record.no_page) {
      result->begins_left_out |= record.location.record == result->first_record;
      result->lost += before != record.location.record || &record == &batch.records.records.front();
    }
    before = record.location.record;
    const bool is_page =
        next < table.size() && table[next].file == batch.file && table[next].record == record.location.record;
    if (is_page) {
      if (absl::Status status = CheckUnchanged(next, record); !status.ok()) return status;
      ++result->pages;
    }
    if (record.oversized || record.kind == RecordKind::kBlank || (is_page && as_read && Untouched(next))) {
      if (mark) {
        mark_nothing(record, is_page ? OwnId(next) : std::string());
      } else if (as_read) {
        PassThrough(record, result);
      }
      next += is_page;
      continue;
    }
    const absl::StatusOr<bool> parsed = source_.Read(record, &page_);
    if (is_page && !as_read) {
      if (absl::Status status = CheckSamePage(next, record, parsed.ok() && *parsed); !status.ok())
        return status;
    }
    if (parsed.ok() && *parsed && is_page) {
      if (absl::Status status = WritePage(next++, record, result); !status.ok()) return status;
    } else if (mark) {
      mark_nothing(record, {});
    } else if (as_read && parsed.ok()) {
      PassThrough(record, result);  // no page: a line that holds nothing but a byte order mark
    } else if (as_read) {
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

absl::Status CleanWriter::CheckUnchanged(uint32_t number, const Record& record) const {
  PageFacts scratch;
  const absl::StatusOr<const PageFacts*> facts = plan_.table.Facts(number, &scratch);
  if (!facts.ok()) return facts.status();
  // In place as well: what a page that went has for a witness would stand nowhere.
  if (!record.oversized && (*facts)->offset == record.location.offset &&
      (*facts)->record_bytes == record.bytes.size() &&
      (!IsAsRead(record.kind) || RecordHash(record.bytes) == (*facts)->record_hash)) {
    return absl::OkStatus();
  }
  return ChangedMeanwhile(corpus_.files()[record.location.file].path, (*facts)->offset);
}

absl::Status CleanWriter::CheckSamePage(uint32_t number, const Record& record, bool is_page) const {
  PageFacts scratch;
  const absl::StatusOr<const PageFacts*> facts = plan_.table.Facts(number, &scratch);
  if (!facts.ok()) return facts.status();
  if (is_page && RecordHash(page_) == (*facts)->record_hash) return absl::OkStatus();
  return ChangedMeanwhile(corpus_.files()[record.location.file].path, (*facts)->offset);
}

void CleanWriter::PassThrough(const Record& record, CleanResult* result) {
  result->clean.append(record.bytes);
  if (!record.oversized) result->hashes.push_back(HashBytes128(record.bytes));
}

// What the document is called in its file, where readers of marks look for it.
std::string CleanWriter::OwnId(uint32_t number) const {
  return plan_.table[number].id_size > 0 ? std::string(plan_.table.id(number)) : plan_.display_id(number);
}

void CleanWriter::MarkNothing(std::string_view id, CleanResult* result) const {
  AppendJson(MarkRow{.id = id}, &result->marks);
}

// Marks the page at hand. What the input does not hold as it was compared is written beside the marks.
void CleanWriter::Mark(std::vector<MarkedSpan> spans, const RemovedPlace& place, CleanResult* result) {
  // From bytes to code points, going through the text once: spans ascend.
  uint64_t at = 0, points = 0;
  const auto points_before = [&](uint64_t end) {
    for (; at < end; ++at) points += (static_cast<unsigned char>(page_.text[at]) & 0xC0) != 0x80;
    return points;
  };
  for (MarkedSpan& span : spans) {
    span.begin = points_before(span.begin);
    span.end = points_before(span.end);
  }
  AppendJson(MarkRow{.id = page_.id.empty() ? place.id : page_.id, .spans = std::move(spans)},
             &result->marks);
  if (result->extracted) result->clean.append(original_);
}

// Nothing goes from the page, so its record need not be parsed again.
bool CleanWriter::Untouched(uint32_t number) const {
  return !plan_.table[number].has_cut && !plan_.decisions.drops(number) && !plan_.decisions.cuts(number) &&
         (cuts_ == nullptr || !cuts_->Any(number));
}

absl::Status CleanWriter::WritePage(uint32_t number, const Record& record, CleanResult* result) {
  const PageEntry& entry = plan_.table[number];
  const std::string& file = corpus_.files()[record.location.file].name;
  MakeImage(page_, file, corpus_.options().parse.fields, &image_);
  original_ = IsAsRead(page_.kind) ? record.bytes : image_.raw;
  result->hashes.push_back(HashBytes128(original_));
  const std::string id = plan_.display_id(number);
  PageFacts scratch;
  const absl::StatusOr<const PageFacts*> facts = plan_.table.Facts(number, &scratch);
  if (!facts.ok()) return facts.status();
  const RemovedPlace place{.file = file, .record = (*facts)->line, .id = id};
  DroppedPage why;
  const DroppedPage* dropped = nullptr;
  if (plan_.decisions.drops(number)) {
    if (absl::Status status = plan_.decisions.Read(number, &why); !status.ok()) return status;
    dropped = &why;
  }

  const bool whole_page = dropped != nullptr && (!plan_.keep_unique || dropped->only_in_dropped.empty());
  if (whole_page && plan_.mode == OutputMode::kMark) {
    Mark({{.verdict = dropped->verdict,
           .begin = 0,
           .end = page_.text.size(),
           .score = dropped->resemblance,
           .witness = plan_.display_id(dropped->witness)}},
         place, result);
    return absl::OkStatus();
  }
  if (whole_page) {
    AppendJson(RemovedPageRow{.place = place,
                              .verdict = dropped->verdict,
                              .witness = plan_.display_id(dropped->witness),
                              .resemblance = dropped->resemblance,
                              .in_witness = dropped->in_witness,
                              .only_in_dropped = dropped->only_in_dropped,
                              .raw = original_},
               &result->removed);
    result->whole_file_gone = entry.kind == RecordKind::kText;
    return absl::OkStatus();
  }
  if (dropped != nullptr) {
    // Its paragraphs with words of their own stay.
    const std::vector<Span> cut = BlocksWithoutUnique(dropped->only_in_dropped);
    WriteWithout(
        cut, place,
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

  if (cuts_ != nullptr) {
    if (absl::Status status = cuts_->Cut(number, page_, &cut_, &result->aside); !status.ok()) return status;
    WriteWithout(
        cut_, place,
        [&](size_t i) {
          RemovedSpanRow row = cuts_->Row(i);
          row.place = place;
          row.span = cut_[i];
          return row;
        },
        result);
    return absl::OkStatus();
  }

  std::vector<CutPassage> passages;
  if (absl::Status status = plan_.decisions.Read(number, &passages); !status.ok()) return status;
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
  for (const CutPassage& passage : passages)
    pieces.push_back({TakeBlankLines(page_.text, WholeLines(page_.text, passage.span)), &passage});
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& one, const Piece& other) { return one.span < other.span; });
  std::vector<Span> cut;
  std::vector<const CutPassage*> passage_of;
  for (Piece& piece : pieces) {
    if (!cut.empty()) piece.span.begin = std::max(piece.span.begin, cut.back().end);
    if (piece.span.empty()) continue;  // the piece before took it along
    cut.push_back(piece.span);
    passage_of.push_back(piece.passage);
  }
  // Repeats that end in front of a cut belong to none behind it: cuts ascend, and so do repeats.
  size_t first_repeat = 0;
  WriteWithout(
      cut, place,
      [&](size_t i) {
        RemovedSpanRow row{.place = place, .verdict = Verdict::kRepeat, .span = cut[i], .witness = id};
        if (const CutPassage* passage = passage_of[i]; passage != nullptr) {
          row.verdict = Verdict::kPassage;
          row.witness = plan_.display_id(passage->witness);
          row.kept = passage->kept;
          row.resemblance = passage->resemblance;
        } else {
          const std::vector<Repeat>& repeats = repeats_.repeats;
          while (first_repeat < repeats.size() && repeats[first_repeat].dropped.end <= cut[i].begin)
            ++first_repeat;
          for (size_t r = first_repeat; r < repeats.size() && repeats[r].dropped.begin < cut[i].end; ++r) {
            const Repeat& repeat = repeats[r];
            if (repeat.dropped.end <= cut[i].begin) continue;
            row.repeats.push_back({repeat.dropped, repeat.kept, repeat.tokens, repeat.edits});
          }
        }
        return row;
      },
      result);
  return absl::OkStatus();
}

// Writes or marks: image_ without the spans `cut` of the text, and what restore needs.
void CleanWriter::WriteWithout(const std::vector<Span>& cut, const RemovedPlace& place,
                               const std::function<RemovedSpanRow(size_t)>& row, CleanResult* result) {
  if (plan_.mode == OutputMode::kMark) {
    std::vector<MarkedSpan> spans;
    for (size_t i = 0; i < cut.size(); ++i) {
      RemovedSpanRow removed = row(i);
      spans.push_back({.verdict = removed.verdict,
                       .begin = cut[i].begin,
                       .end = cut[i].end,
                       .score = removed.resemblance,
                       .witness = std::move(removed.witness)});
    }
    return Mark(std::move(spans), place, result);
  }
  if (cut.empty()) {
    result->clean.append(original_);
    return;
  }
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
  if (original_.data() != image_.raw.data()) {
    AppendJson(RemovedPageRow{.place = place, .verdict = Verdict::kExtracted, .raw = original_},
               &result->removed);
  }
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
    Span line = TakeBlankLines(page_.text, WholeLines(page_.text, block.span));
    if (!cut.empty()) line.begin = std::max(line.begin, cut.back().end);
    if (!line.empty()) cut.push_back(line);
  }
  return cut;
}

}  // namespace refrain
