#include "refrain/base/system_error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace refrain {
namespace {

TEST(SystemError, IsTheOneThatMadeTheStatus) {
  const absl::Status status = ErrnoStatus(EMFILE, "a.jsonl: cannot open");
  EXPECT_EQ(ErrnoOf(status), EMFILE);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), absl::ErrnoToStatus(EMFILE, "a.jsonl: cannot open").message());
  EXPECT_EQ(ErrnoOf(WithErrno(absl::DataLossError("x"), EIO)), EIO);
  EXPECT_EQ(ErrnoOf(absl::DataLossError("Too many open files")), 0);
  EXPECT_EQ(ErrnoOf(absl::OkStatus()), 0);
}

TEST(SystemError, StaysWhereTheSameIsSaidInOtherWords) {
  const absl::Status cause = ErrnoStatus(ENOSPC, "a");
  EXPECT_EQ(ErrnoOf(WithErrnoOf(absl::DataLossError("b"), cause)), ENOSPC);
  EXPECT_EQ(ErrnoOf(WithErrnoOf(absl::DataLossError("b"), absl::DataLossError("a"))), 0);
}

}  // namespace
}  // namespace refrain
