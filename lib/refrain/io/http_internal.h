#pragma once
/// An HTTP response as it stands in a WARC record.

#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "refrain/io/page.h"

namespace refrain {

struct HttpMessage {
  std::string content_type;  ///< of the header; empty without one
  std::string_view body;     ///< into the block, or into `decoded`
  std::string decoded;
  CodingClaim transfer = CodingClaim::kNone;
  CodingClaim content = CodingClaim::kNone;
  bool cut = false;  ///< a coding ended early: `body` is its begin
};

/// Takes header and codings off the response in `block`. A block without status line is all body. Headers
/// lie: a coding is undone only if its decoder agrees from begin to end (if it agrees with the begin, for
/// gzip and zstd, which have a magic number, for chunks once one was whole, and for the others if the body is
/// no text). `max_body` bounds what comes out; more is InvalidArgument, and so is a body that claims a
/// coding, cannot be decoded, and is no text.
absl::Status UnpackHttp(std::string_view block, uint64_t max_body, HttpMessage* message);

}  // namespace refrain
