#pragma once
/// From command line arguments to the list of files to read.

#include <cstdint>
#include <functional>
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
  std::string unreadable = {};  ///< why it cannot be read, with its path and what to do; else empty
};

/// Expands files, folders (recursive, known endings only), globs (`*`, `?`, `[...]`, `**`, when the shell did
/// not) into a sorted list without repeats. "-" is not allowed here: callers spool standard input first. A
/// named file's `name` is its file name and a folder's files are named relative to the folder, unless two
/// would be called the same or one like another's folder: then all are named relative to the deepest folder
/// that holds every input.
///
/// `leave_out(folder)`, if there is one, is asked about each folder met on the way down into a named folder
/// or along "**"; nothing in those it answers with true is read.
///
/// What was found, in a folder or by a pattern, and cannot be read (no permission, a link to nowhere, a pipe,
/// a socket, a device, a folder that cannot be listed) is in the list, with `unreadable` set. Errors are
/// about what was named: NotFound with the argument for what does not exist, PermissionDenied likewise.
absl::StatusOr<std::vector<InputFile>> ExpandInputs(
    const std::vector<std::string>& arguments,
    const std::function<bool(const std::string& folder)>& leave_out = {});

/// Whether no two of `names` are the same and none is a folder that another one lies in.
bool CanStandTogether(const std::vector<std::string>& names);

}  // namespace refrain
