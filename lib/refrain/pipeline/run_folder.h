#pragma once
/// The folder a run writes to: nobody else's, and never half a run that looks whole.

#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace refrain {

/// Whether `folder` holds a run of refrain, finished or not: a run.json of ours, or a run.partial among
/// nothing but what a run writes.
bool HoldsRun(const std::string& folder);

/// Holds the folder for one run. While the run goes on, the folder has a locked file `run.partial`;
/// `run.json` says that it ended well. A run that died leaves `run.partial` unlocked, and the next one clears
/// what it left.
class RunFolder {
 public:
  /// Makes the folder, or takes it over, and changes nothing in it yet. FailedPrecondition if another process
  /// is writing to it, if it holds a whole run and not `force`, or if it holds files that no run of ours
  /// wrote (even with `force`: those are not ours to delete).
  /// FailedPrecondition too if it holds a whole run of another command than `command`, whatever `force` says:
  /// its removal log may be all that is left of a text. Empty: of any.
  static absl::StatusOr<std::unique_ptr<RunFolder>> Open(const std::string& path, bool force,
                                                         const std::string& command = "");
  /// What Open would refuse. Makes and changes nothing.
  static absl::Status Check(const std::string& path, bool force, const std::string& command = "");
  /// Before Clear: leaves a whole run as it was.
  ~RunFolder();

  const std::string& path() const { return path_; }
  /// Whether an unfinished run had left something.
  bool held_unfinished() const { return held_unfinished_; }

  /// Deletes what an earlier run left: its run.json first, so that what is half deleted never looks whole. To
  /// be called when the new run is sure to write. Stage files stay, and the file of that name.
  absl::Status Clear(const std::string& but = "");

  /// Where stage files of the run are, until it ends well: in the folder, but no result.
  std::string stages() const { return path_ + "/stages"; }
  /// Makes that folder, empty but for what is to be gone on from.
  absl::Status MakeStages(bool resume) const;

  /// Makes the folders in which a file named relative to this one will stand.
  absl::Status MakeFoldersFor(const std::string& name) const;

  /// Says that the run ended well: writes run.json and lets go.
  absl::Status Finish(const std::string& run_json);

 private:
  RunFolder() = default;
  std::string path_;
  int lock_ = -1;
  bool held_unfinished_ = false;
  bool held_whole_ = false;  // and Clear was not called
};

}  // namespace refrain
