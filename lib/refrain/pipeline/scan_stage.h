#pragma once
/// What the first pass found, batch by batch, in stage files: a run that died does not look at those pages
/// again.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/pipeline/page_scan.h"
#include "refrain/pipeline/stage_file.h"

namespace refrain {

/// As bytes for a stage file: what AddScanned needs of a result.
void AppendScan(const ScanResult& result, std::string* bytes);
/// False if `bytes` are not what AppendScan made of a result for this banding and so many files.
bool TakeScan(std::string_view bytes, const Banding& banding, uint32_t files, ScanResult* result);

/// Says of which input files, as they are now, something was made: names, sizes, times of their last change.
std::string InputsField(const std::vector<InputFile>& files);

/// The results of a pass in order, in files FOLDER/scan-000000 and so on, each about `segment` bytes: what
/// was written when the run dies is whole or not there. Not thread safe.
class ScanStage {
 public:
  ScanStage(std::string folder, StageFields fields, uint64_t segment)
      : folder_(std::move(folder)), fields_(std::move(fields)), segment_(segment) {}

  /// Hands what an earlier run left to `take`, in order. Errors: those of StageReader, with what to do.
  absl::Status Read(const Banding& banding, uint32_t files,
                    const std::function<absl::Status(ScanResult&&)>& take);
  /// How many batches Read handed on: the first ones of the pass.
  uint64_t batches() const { return batches_; }

  absl::Status Add(const ScanResult& result);
  /// Makes whole what was added.
  absl::Status Close();

 private:
  std::string Path() const;
  StageFields Fields() const;

  const std::string folder_;
  const StageFields fields_;
  const uint64_t segment_;
  uint64_t batches_ = 0;
  uint32_t number_ = 0;  // of the next file
  std::unique_ptr<StageWriter> writer_;
  std::string bytes_;
};

}  // namespace refrain
