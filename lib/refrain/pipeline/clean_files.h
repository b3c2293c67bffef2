#pragma once
/// The files of a run that writes or marks documents: what CleanWriter gives, in order, becomes clean/ and
/// the removal log, and what restore has to know about each file; or marks/, and documents/ for pages that
/// the input does not hold as they were compared.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/json.h"
#include "refrain/io/output.h"
#include "refrain/pipeline/byte_trail.h"
#include "refrain/pipeline/clean_writer.h"
#include "refrain/pipeline/content_digest.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/run_folder.h"

namespace refrain {

/// What run.json says about an input file, for restore.
struct InputFacts {
  std::string clean;                 ///< name under clean/; empty if the input was refused
  bool lines = true;                 ///< clean output has one record a line; else the file is one record
  bool extracted = false;            ///< the lines are ours
  uint64_t lost = 0;                 ///< places that could not be read
  ContentDigest digest;              ///< of the records as read, extracted ones as the lines they became
  std::optional<ByteTrail> written;  ///< of the clean file before compression, if there is one
};

/// Not thread safe.
class CleanFiles {
 public:
  /// Begins the removal log, if there is to be one. `folder` must outlive this. With more than one of
  /// `threads`, files that are compressed have one of their own: Add is called by one thread at a time.
  static absl::StatusOr<std::unique_ptr<CleanFiles>> Create(const RunFolder& folder, size_t inputs,
                                                            OutputMode mode, int threads);

  /// The next batch. Files are whole when their last batch was added.
  absl::Status Add(CleanResult&& result);
  /// Makes the removal log whole.
  absl::Status Close() { return removed_ == nullptr ? absl::OkStatus() : removed_->Close(); }

  OutputMode mode() const { return mode_; }

  const std::vector<InputFacts>& facts() const { return facts_; }

 private:
  CleanFiles(const RunFolder& folder, size_t inputs, OutputMode mode, int threads)
      : folder_(folder),
        mode_(mode),
        compressing_(threads > 1 ? Compressing::kBeside : Compressing::kInCaller),
        facts_(inputs) {}
  absl::StatusOr<std::unique_ptr<OutputFile>> Open(const std::string& name, Compression compression) const;
  absl::Status WriteClean(std::string_view bytes);
  absl::Status AddMarks(const CleanResult& result);

  const RunFolder& folder_;
  const OutputMode mode_;
  const Compressing compressing_;
  std::vector<InputFacts> facts_;  // by file
  std::unique_ptr<OutputFile> removed_;
  std::unique_ptr<OutputFile> clean_;  // or documents
  ByteTrailMaker trail_;               // of clean_
  std::unique_ptr<OutputFile> marks_;
  bool line_open_ = false;  // clean_ ends inside a line of record last_record_
  bool page_gone_ = false;  // of clean_, a file of one page
  uint64_t last_record_ = 0;
};

/// Members of run.json that ReadRunFacts wants: "mode" unless it is kClean, "max_record", "inputs", "fields".
void AppendRunFacts(const Corpus& corpus, const CleanFiles& files, JsonWriter* json);

}  // namespace refrain
