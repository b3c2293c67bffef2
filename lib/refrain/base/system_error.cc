#include "refrain/base/system_error.h"

#include <charconv>
#include <utility>

#include <absl/strings/cord.h>

namespace refrain {
namespace {

constexpr char kPayload[] = "refrain/errno";

}  // namespace

absl::Status WithErrno(absl::Status status, int error) {
  // From a view: clang 19 spells the name of the constructor from strings otherwise than the library does.
  const std::string number = std::to_string(error);
  status.SetPayload(kPayload, absl::Cord(absl::string_view(number.data(), number.size())));
  return status;
}

absl::Status ErrnoStatus(int error, const std::string& message) {
  return WithErrno(absl::ErrnoToStatus(error, message), error);
}

int ErrnoOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  if (!payload) return 0;
  const std::string number(*payload);
  int error = 0;
  std::from_chars(number.data(), number.data() + number.size(), error);
  return error;
}

absl::Status WithErrnoOf(absl::Status status, const absl::Status& cause) {
  const int error = ErrnoOf(cause);
  return error == 0 ? status : WithErrno(std::move(status), error);
}

}  // namespace refrain
