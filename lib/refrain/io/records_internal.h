#pragma once
/// What the readers of all formats share, and how each is made.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/io/records.h"
#include "refrain/io/source_internal.h"

namespace refrain {

/// A file being read: its source, and the bytes of a batch under construction. Derived classes cut those into
/// records.
///
/// The batch's buffer holds bytes [0, used_) of the file's decompressed bytes from base_ on. Its size() is
/// memory, not content: it is kept from batch to batch so that nothing is cleared twice.
class BaseReader : public RecordReader {
 public:
  uint64_t bytes_read() const override { return bytes_read_; }
  InputFormat format() const override { return format_; }
  bool gzip() const override { return source_->coding() == Coding::kGzip; }
  bool zstd() const override { return source_->coding() == Coding::kZstd; }

 protected:
  BaseReader(std::unique_ptr<ByteSource> source, InputFormat format, uint32_t number,
             const ReaderOptions& options);

  /// Empties `batch` and puts what the last one left over at its begin.
  void Begin(RecordBatch* batch);
  /// Reads some more bytes behind used_. kGap and kEnd bring none.
  absl::StatusOr<ReadResult> More(RecordBatch* batch);
  /// Reports what made a gap, as damage to record number record_.
  void ReportGap(RecordBatch* batch);
  /// Adds a record of `size` bytes at `begin` of the buffer, with the number record_. Its view is set by End:
  /// the buffer may move.
  Record* Add(RecordBatch* batch, RecordKind kind, size_t begin, size_t size);
  /// Adds a piece of a record that is too large, or lengthens the piece before if this one follows it.
  void AddPiece(RecordBatch* batch, RecordKind kind, size_t begin, size_t size, uint64_t record_offset);
  /// Reports bytes of the decompressed file that are in no record.
  void Drop(RecordBatch* batch, uint64_t offset, uint64_t bytes, std::string reason);
  /// Sets the views and keeps bytes [rest, used_) for the next batch.
  void End(RecordBatch* batch, size_t rest);

  uint64_t record_ = 0;  ///< number of the next record
  uint64_t base_ = 0;    ///< place of the buffer's first byte in the decompressed file
  size_t used_ = 0;      ///< bytes in the buffer
  const uint32_t file_;
  const ReaderOptions options_;
  std::unique_ptr<ByteSource> source_;

 private:
  const InputFormat format_;
  uint64_t bytes_read_ = 0;
  uint64_t stored_told_ = 0;  // of the file's bytes, in batches so far
  std::string left_over_;
  std::vector<std::pair<size_t, size_t>> places_;  // of each record of the batch in the buffer: begin, size
};

std::unique_ptr<RecordReader> NewLineReader(std::unique_ptr<ByteSource> source, uint32_t number,
                                            const ReaderOptions& options);
std::unique_ptr<RecordReader> NewWholeReader(std::unique_ptr<ByteSource> source, InputFormat format,
                                             uint32_t number, const ReaderOptions& options);
std::unique_ptr<RecordReader> NewWarcReader(std::unique_ptr<ByteSource> source, uint32_t number,
                                            const ReaderOptions& options);

/// Readable bytes behind the last record of a batch.
inline constexpr size_t kBatchPadding = 64;

}  // namespace refrain
