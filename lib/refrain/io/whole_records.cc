// Plain text and HTML: a record a file.

#include <utility>

#include "refrain/io/records_internal.h"

namespace refrain {
namespace {

class WholeReader : public BaseReader {
 public:
  WholeReader(std::unique_ptr<ByteSource> source, InputFormat format, uint32_t number,
              const ReaderOptions& options)
      : BaseReader(std::move(source), format, number, options),
        kind_(format == InputFormat::kHtml ? RecordKind::kHtml : RecordKind::kText) {}

  absl::StatusOr<bool> Next(RecordBatch* batch) override;

 private:
  const RecordKind kind_;
  bool finished_ = false;
  bool damaged_ = false;    // bytes are missing inside: no page is made of the rest
  bool oversized_ = false;  // pieces went out
  uint64_t dropped_ = 0;
};

absl::StatusOr<bool> WholeReader::Next(RecordBatch* batch) {
  Begin(batch);
  while (!finished_) {
    const absl::StatusOr<ReadResult> result = More(batch);
    if (!result.ok()) return result.status();
    if (*result == ReadResult::kGap) {
      ReportGap(batch);
      damaged_ = true;
      if (oversized_ && used_ > 0) {  // what stands in front of the gap goes through like the pieces before
        AddPiece(batch, kind_, 0, used_, 0);
        End(batch, used_);
        return true;
      }
    }
    finished_ = *result == ReadResult::kEnd;
    if (damaged_) {
      dropped_ += used_;
      base_ += used_;
      used_ = 0;
      continue;
    }
    if (used_ > options_.max_record || (oversized_ && used_ >= options_.batch_bytes)) {
      oversized_ = true;
      AddPiece(batch, kind_, 0, used_, 0);
      End(batch, used_);
      return true;
    }
  }
  if (dropped_ > 0) {
    Drop(batch, base_ - dropped_, dropped_, "a page that damage cut");
    dropped_ = 0;
  } else if (used_ > 0 && oversized_) {
    AddPiece(batch, kind_, 0, used_, 0);
  } else if (used_ > 0) {
    Add(batch, kind_, 0, used_)->member_length = used_;
  }
  End(batch, used_);
  return !batch->records.empty();
}

}  // namespace

std::unique_ptr<RecordReader> NewWholeReader(std::unique_ptr<ByteSource> source, InputFormat format,
                                             uint32_t number, const ReaderOptions& options) {
  return std::make_unique<WholeReader>(std::move(source), format, number, options);
}

}  // namespace refrain
