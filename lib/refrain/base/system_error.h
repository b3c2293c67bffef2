#pragma once
/// Statuses that remember the system's error that made them, so that nobody has to read it out of a message.

#include <string>

#include <absl/status/status.h>

namespace refrain {

/// `status`, made because of `error` (an errno). REQUIRES: !status.ok().
absl::Status WithErrno(absl::Status status, int error);
/// What absl::ErrnoToStatus gives, and that.
absl::Status ErrnoStatus(int error, const std::string& message);
/// The errno of a status; 0 if it has none.
int ErrnoOf(const absl::Status& status);
/// `status` with the errno of `cause`, if that has one: for a status that says the same in other words.
absl::Status WithErrnoOf(absl::Status status, const absl::Status& cause);

}  // namespace refrain
