#pragma once
/// From command line arguments to the list of files to read.

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace refrain {

/// One file to read. Results never depend on the order in which inputs were named: lists are sorted by
/// `name`, bytewise.
struct InputFile {
  std::string path;   ///< how to open it
  std::string name;   ///< its path relative to the inputs' root, '/' between parts; unique in a run; names
                      ///< clean output
  uint64_t size = 0;  ///< bytes on disk
};

/// Expands files, folders (recursive, known endings only), globs (`*`, `?`, `**`, when the shell did not)
/// into a sorted list without repeats. "-" is not allowed here: callers spool standard input first. A named
/// file's `name` is its file name and a folder's files are named relative to the folder, unless two would be
/// called the same: then all are named relative to the deepest folder that holds every input.
/// Errors: NotFound with the argument for what does not exist, PermissionDenied likewise.
absl::StatusOr<std::vector<InputFile>> ExpandInputs(const std::vector<std::string>& arguments);

}  // namespace refrain
