// JSONL: a record a line.

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "refrain/io/records_internal.h"

namespace refrain {
namespace {

bool IsBlankLine(std::string_view line) {
  return std::all_of(line.begin(), line.end(),
                     [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

class LineReader : public BaseReader {
 public:
  LineReader(std::unique_ptr<ByteSource> source, uint32_t number, const ReaderOptions& options)
      : BaseReader(std::move(source), InputFormat::kJsonl, number, options) {}

  absl::StatusOr<bool> Next(RecordBatch* batch) override;

 private:
  absl::StatusOr<ReadResult> Fill(RecordBatch* batch);
  size_t FinishOpenLine(RecordBatch* batch);
  void AddLine(RecordBatch* batch, size_t begin, size_t end);

  enum class State {
    kLine,       // at the begin of a line
    kAfterGap,   // damage ended in front of here: perhaps the begin of a line
    kSkip,       // in what damage left of a line: dropped
    kOversized,  // in a line that is too large, pieces of which went out
  };
  State state_ = State::kLine;
  bool finished_ = false;
  uint64_t open_begin_ = 0;  // kSkip, kOversized: where it began in the file
};

// Reads about a batch, and to the end of a line if that is not too far. kBytes: the batch is full.
absl::StatusOr<ReadResult> LineReader::Fill(RecordBatch* batch) {
  bool whole_line = false;  // what a batch leaves over holds no line end
  while (true) {
    if (used_ >= options_.batch_bytes && (whole_line || used_ > options_.max_record ||
                                          state_ == State::kSkip || state_ == State::kOversized)) {
      return ReadResult::kBytes;
    }
    const size_t before = used_;
    const absl::StatusOr<ReadResult> result = More(batch);
    if (!result.ok() || *result != ReadResult::kBytes) return result;
    whole_line = whole_line || std::memchr(batch->buffer.data() + before, '\n', used_ - before) != nullptr;
  }
}

void LineReader::AddLine(RecordBatch* batch, size_t begin, size_t end) {
  const char* bytes = batch->buffer.data();
  if (end - begin > options_.max_record) {
    AddPiece(batch, RecordKind::kJsonl, begin, end - begin, base_ + begin);
    ++record_;
    return;
  }
  // Nearly all lines begin with a brace.
  const bool blank = bytes[begin] != '{' && IsBlankLine({bytes + begin, end - begin});
  Record* record = Add(batch, blank ? RecordKind::kBlank : RecordKind::kJsonl, begin, end - begin);
  if (bytes[end - 1] == '\n') {
    --record->location.length;
    if (end - begin >= 2 && bytes[end - 2] == '\r') --record->location.length;
  }
  record->member_length = record->location.length;
  ++record_;
}

// Goes on with a line that is being dropped or handed out in pieces. Returns how far it goes in the buffer.
size_t LineReader::FinishOpenLine(RecordBatch* batch) {
  const char* bytes = batch->buffer.data();
  const void* feed = std::memchr(bytes, '\n', used_);
  const size_t end = feed == nullptr ? used_ : static_cast<const char*>(feed) - bytes + 1;
  if (state_ == State::kOversized && end > 0) AddPiece(batch, RecordKind::kJsonl, 0, end, open_begin_);
  if (state_ == State::kSkip && feed != nullptr) {
    Drop(batch, open_begin_, base_ + end - open_begin_, "the rest of a line that damage cut");
  }
  if (feed != nullptr) {
    if (state_ == State::kOversized) ++record_;
    state_ = State::kLine;
  }
  return end;
}

absl::StatusOr<bool> LineReader::Next(RecordBatch* batch) {
  Begin(batch);
  if (finished_) {
    End(batch, used_);
    return false;
  }
  const absl::StatusOr<ReadResult> filled = Fill(batch);
  if (!filled.ok()) return filled.status();
  const char* bytes = batch->buffer.data();
  size_t at = 0;
  if (state_ == State::kAfterGap && used_ > 0) {
    // A member may begin inside a line. One that begins with a brace is taken for a line; if it is none,
    // parsing says so.
    state_ = bytes[0] == '{' ? State::kLine : State::kSkip;
    open_begin_ = base_;
  }
  if (state_ == State::kSkip || state_ == State::kOversized) at = FinishOpenLine(batch);
  while (const void* feed = std::memchr(bytes + at, '\n', used_ - at)) {
    const size_t end = static_cast<const char*>(feed) - bytes + 1;
    AddLine(batch, at, end);
    at = end;
  }
  const bool open = state_ == State::kSkip || state_ == State::kOversized;
  switch (*filled) {
    case ReadResult::kBytes:
      if (!open && used_ - at > options_.max_record) {
        AddPiece(batch, RecordKind::kJsonl, at, used_ - at, base_ + at);
        state_ = State::kOversized;
        open_begin_ = base_ + at;
        at = used_;
      }
      break;
    case ReadResult::kGap:
    case ReadResult::kEnd:
      ReportGap(batch);
      if (state_ == State::kSkip) {
        Drop(batch, open_begin_, base_ + used_ - open_begin_, "the rest of a line that damage cut");
      } else if (state_ != State::kOversized && at < used_) {
        if (*filled == ReadResult::kEnd || used_ - at > options_.max_record) {
          AddLine(batch, at, used_);
        } else {
          Drop(batch, base_ + at, used_ - at, "a line that damage cut");
        }
        at = used_;
      }
      if (state_ == State::kOversized) ++record_;
      state_ = State::kAfterGap;
      finished_ = *filled == ReadResult::kEnd;
      break;
  }
  End(batch, at);
  return !finished_ || !batch->records.empty();
}

}  // namespace

std::unique_ptr<RecordReader> NewLineReader(std::unique_ptr<ByteSource> source, uint32_t number,
                                            const ReaderOptions& options) {
  return std::make_unique<LineReader>(std::move(source), number, options);
}

}  // namespace refrain
