#pragma once
/// Content codings of HTTP.

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain {

/// How far a decoder agreed that some bytes are coded as it thinks.
enum class DecodeResult : uint8_t {
  kWhole,     ///< from begin to end
  kCut,       ///< from the begin, but the bytes end early or are damaged further on
  kNot,       ///< not at all
  kTooLarge,  ///< more than the limit comes out
};

/// Whether there is a decoder for a coding (lower case): gzip, x-gzip, deflate, br, zstd.
bool IsKnownCoding(std::string_view coding);

/// Replaces `out` with the decoded bytes, at most `limit`; for kCut, with what came out so far.
DecodeResult DecodeContent(std::string_view coding, std::string_view bytes, uint64_t limit, std::string* out);

/// The same for "Transfer-Encoding: chunked". kWhole: chunks one behind the other up to the end of `bytes`,
/// whether or not the last one of size 0 and trailers are there. kCut: at least one chunk is whole.
DecodeResult DecodeChunks(std::string_view bytes, std::string* out);

}  // namespace refrain
