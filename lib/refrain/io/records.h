#pragma once
/// From files to records: inflating, splitting, resynchronising after damage. Parsing comes later (parse.h),
/// in other threads.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/stage_clock.h"
#include "refrain/io/inputs.h"
#include "refrain/io/page.h"

namespace refrain {

/// What an input file is made of. Seen from the content, or said by the user.
enum class InputFormat : uint8_t { kAuto, kJsonl, kText, kHtml, kWarc };

/// "auto", "jsonl", "text", "html", "warc" (WET is WARC).
absl::StatusOr<InputFormat> ParseInputFormat(const std::string& name);

struct ReaderOptions {
  InputFormat format = InputFormat::kAuto;
  /// Records above this many bytes are not parsed: JSONL lines and text files go through untouched, WARC
  /// records are counted and left out. Bounds memory: a worker needs ten to thirty-six times the largest
  /// record.
  uint64_t max_record = uint64_t{64} << 20;
  /// Records are handed out in batches of about this many bytes.
  uint64_t batch_bytes = uint64_t{1} << 20;
  /// Told when reading and inflating begin and end; nullptr: nobody asks. REQUIRES: started where a reader is
  /// opened and in each call of its Next.
  StageClock* clock = nullptr;
};

/// A damaged place in an input file.
struct Damage {
  uint32_t file = 0;
  uint64_t record = 0;      ///< number of the record it spoiled, or of the next one
  uint64_t offset = 0;      ///< first byte of the damage in the decompressed file (unless `stored`)
  uint64_t bytes = 0;       ///< how many bytes were dropped
  bool stored = false;      ///< offset and bytes count the file as stored, before decompression: a place that
                            ///< cannot be inflated
  std::string reason;       ///< "unexpected end inside a gzip member"; for people
  std::string fields = {};  ///< of a line of JSONL without a text: the names of its fields, for people
};

/// One record of a batch.
struct Record {
  Location location;
  RecordKind kind = RecordKind::kText;
  std::string_view
      bytes;  ///< into RecordBatch::buffer; JSONL: the line, line end included; WARC: header and block
  bool oversized =
      false;  ///< above max_record: `bytes` is one piece of it, further pieces follow with the same location
  bool no_page = false;  ///< oversized, and its header says that no page is in it: nothing is missed
  uint64_t member_offset =
      0;  ///< WARC: where its gzip or zstd member begins in the file as stored (else location.offset)
  uint64_t member_length = 0;
};

/// Records that stand together in one buffer. At least 64 readable bytes follow the last one (simdjson's
/// padding).
struct RecordBatch {
  std::string buffer;
  std::vector<Record> records;
  std::vector<Damage> damage;  ///< met while these records were read
  uint64_t file_bytes = 0;  ///< bytes of the file as stored that were consumed for this batch, for progress
};

/// Reads one file from begin to end. Not thread safe. Never fails on damage: it says what was dropped and
/// goes on at the next record. Compression (gzip of many members, zstd of many frames, dictionary frames of
/// .warc.zst) is seen from the content.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  /// Replaces `batch` with the next records. False at the end of the file (the batch may still carry damage).
  /// Errors: only what makes reading on impossible (unreadable file), with path and offset.
  virtual absl::StatusOr<bool> Next(RecordBatch* batch) = 0;
  /// Bytes after decompression so far: equals bytes in records and bytes reported dropped, to the byte.
  virtual uint64_t bytes_read() const = 0;
  virtual InputFormat format() const = 0;
  virtual bool gzip() const = 0;
  virtual bool zstd() const = 0;
};

/// Opens input number `number`. A kind we do not read (ARC, WACZ and other zip, lz4, xz, bzip2, parquet, pdf,
/// a file compressed twice) gives one InvalidArgument that names it and says what to do.
absl::StatusOr<std::unique_ptr<RecordReader>> OpenRecords(const InputFile& input, uint32_t number,
                                                          const ReaderOptions& options);

}  // namespace refrain
