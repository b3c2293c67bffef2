#include "refrain/io/records.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/system_error.h"
#include "refrain/io/records_internal.h"
#include "refrain/io/sniff_internal.h"

namespace refrain {
namespace {

// What a source does besides reading.
Stage StageOf(const ByteSource& source) {
  return source.coding() == Coding::kPlain ? Stage::kRead : Stage::kInflate;
}

// The first decompressed bytes of a file, for sniffing. Not across damage, unless there is nothing in front
// of it.
absl::StatusOr<std::string> Head(ByteSource* source, StageClock* clock) {
  StageScope inflating(clock, StageOf(*source));
  std::string head(kSniffBytes, '\0');
  size_t used = 0;
  while (used < head.size()) {
    size_t got = 0;
    const absl::StatusOr<ReadResult> result = source->Read(head.data() + used, head.size() - used, &got);
    if (!result.ok()) return result.status();
    used += got;
    if (*result == ReadResult::kEnd || (*result == ReadResult::kGap && used > 0)) break;
  }
  head.resize(used);
  return head;
}

absl::Status WithPath(const absl::Status& status, const std::string& path) {
  return WithErrnoOf(absl::Status(status.code(), fmt::format("{}: {}", path, std::string(status.message()))),
                     status);
}

}  // namespace

absl::StatusOr<InputFormat> ParseInputFormat(const std::string& name) {
  if (name == "auto") return InputFormat::kAuto;
  if (name == "jsonl") return InputFormat::kJsonl;
  if (name == "text") return InputFormat::kText;
  if (name == "html") return InputFormat::kHtml;
  if (name == "warc") return InputFormat::kWarc;
  return absl::InvalidArgumentError(fmt::format(
      "'{}' is no input format: it is one of auto, jsonl, text, html, warc (for WET as well)", name));
}

absl::StatusOr<std::unique_ptr<RecordReader>> OpenRecords(const InputFile& input, uint32_t number,
                                                          const ReaderOptions& options) {
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenSource(input.path, options.clock);
  if (!source.ok()) return source.status();
  InputFormat format = options.format;
  if (format == InputFormat::kAuto) {
    const absl::StatusOr<std::string> head = Head(source->get(), options.clock);
    if (!head.ok()) return head.status();
    const absl::StatusOr<InputFormat> sniffed = SniffFormat(*head, input.path);
    if (!sniffed.ok()) return WithPath(sniffed.status(), input.path);
    format = *sniffed;
    source = OpenSource(input.path, options.clock);  // from the begin again
    if (!source.ok()) return source.status();
  }
  switch (format) {
    case InputFormat::kJsonl:
      return NewLineReader(*std::move(source), number, options);
    case InputFormat::kWarc:
      return NewWarcReader(*std::move(source), number, options);
    default:
      return NewWholeReader(*std::move(source), format, number, options);
  }
}

BaseReader::BaseReader(std::unique_ptr<ByteSource> source, InputFormat format, uint32_t number,
                       const ReaderOptions& options)
    : file_(number), options_(options), source_(std::move(source)), format_(format) {}

void BaseReader::Begin(RecordBatch* batch) {
  batch->records.clear();
  batch->damage.clear();
  batch->file_bytes = 0;
  places_.clear();
  const size_t room = std::max<size_t>(options_.batch_bytes, left_over_.size()) + kBatchPadding;
  if (batch->buffer.size() < room) batch->buffer.resize(room);
  std::memcpy(batch->buffer.data(), left_over_.data(), left_over_.size());
  used_ = left_over_.size();
  left_over_.clear();
}

absl::StatusOr<ReadResult> BaseReader::More(RecordBatch* batch) {
  // By less where it is large: resize() writes zeros, so that all of it is memory.
  constexpr size_t kLarge = size_t{8} << 20;
  if (const size_t held = batch->buffer.size(); used_ + kBatchPadding >= held)
    batch->buffer.resize(held < kLarge ? 2 * held : held + held / 4);
  const size_t room = batch->buffer.size() - kBatchPadding - used_;
  size_t got = 0;
  StageScope inflating(options_.clock, StageOf(*source_));
  const absl::StatusOr<ReadResult> result =
      source_->Read(batch->buffer.data() + used_,
                    std::min<size_t>(room, std::max<uint64_t>(options_.batch_bytes, 1)), &got);
  if (!result.ok()) return result;
  used_ += got;
  bytes_read_ += got;
  return result;
}

void BaseReader::ReportGap(RecordBatch* batch) {
  for (Damage& damage : source_->TakeDamage()) {
    damage.file = file_;
    damage.record = record_;
    batch->damage.push_back(std::move(damage));
  }
}

Record* BaseReader::Add(RecordBatch* batch, RecordKind kind, size_t begin, size_t size) {
  places_.emplace_back(begin, size);
  Record& record = batch->records.emplace_back();
  record.kind = kind;
  record.location = {.file = file_, .record = record_, .offset = base_ + begin, .length = size};
  record.member_offset = record.location.offset;
  return &record;
}

void BaseReader::AddPiece(RecordBatch* batch, RecordKind kind, size_t begin, size_t size,
                          uint64_t record_offset) {
  if (!batch->records.empty()) {
    const Record& last = batch->records.back();
    auto& [last_begin, last_size] = places_.back();
    if (last.oversized && last.location.record == record_ && last_begin + last_size == begin) {
      last_size += size;
      return;
    }
  }
  Record* record = Add(batch, kind, begin, size);
  record->oversized = true;
  record->location.offset = record_offset;
  record->location.length = 0;
  record->member_offset = record_offset;
}

void BaseReader::Drop(RecordBatch* batch, uint64_t offset, uint64_t bytes, std::string reason) {
  batch->damage.push_back(
      {.file = file_, .record = record_, .offset = offset, .bytes = bytes, .reason = std::move(reason)});
}

void BaseReader::End(RecordBatch* batch, size_t rest) {
  for (size_t i = 0; i < places_.size(); ++i) {
    batch->records[i].bytes = {batch->buffer.data() + places_[i].first, places_[i].second};
  }
  // simdjson looks at the byte behind a line; what it finds there must not depend on what was read before.
  std::memset(batch->buffer.data() + used_, 0, kBatchPadding);
  left_over_.assign(batch->buffer, rest, used_ - rest);
  base_ += rest;
  used_ = 0;
  const uint64_t stored = source_->stored_bytes();
  batch->file_bytes = stored - std::min(stored, stored_told_);
  stored_told_ = std::max(stored, stored_told_);
}

}  // namespace refrain
