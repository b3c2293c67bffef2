#pragma once
/// The folder a run writes to: nobody else's, and never half a run that looks whole.

#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace refrain {

/// Holds the folder for one run. While the run goes on, the folder has a locked file `run.partial`;
/// `run.json` says that it ended well. A run that died leaves `run.partial` unlocked, and the next one clears
/// what it left.
class RunFolder {
 public:
  /// Makes the folder, or takes it over. FailedPrecondition if another process is writing to it, if it holds
  /// a whole run and not `force`, or if it holds files that no run of ours wrote (even with `force`: those
  /// are not ours to delete).
  static absl::StatusOr<std::unique_ptr<RunFolder>> Open(const std::string& path, bool force);
  ~RunFolder();

  const std::string& path() const { return path_; }
  /// Whether what an unfinished run had left was cleared.
  bool cleared_unfinished() const { return cleared_unfinished_; }

  /// Makes the folders in which a file named relative to this one will stand.
  absl::Status MakeFoldersFor(const std::string& name) const;

  /// Says that the run ended well: writes run.json and lets go.
  absl::Status Finish(const std::string& run_json);

 private:
  RunFolder() = default;
  std::string path_;
  int lock_ = -1;
  bool cleared_unfinished_ = false;
};

}  // namespace refrain
