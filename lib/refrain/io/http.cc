#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "refrain/io/decode_internal.h"
#include "refrain/io/fields_internal.h"
#include "refrain/io/http_internal.h"
#include "refrain/io/sniff_internal.h"

namespace refrain {
namespace {

// The codings of a header field, in the order in which they were applied.
std::vector<std::string> Codings(std::string_view list) {
  std::vector<std::string> codings;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (!name.empty() && (name.front() == ' ' || name.front() == '\t')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    std::string coding = LowerCase(name);
    if (!coding.empty() && coding != "identity" && coding != "none") codings.push_back(std::move(coding));
  }
  return codings;
}

// More codings than anybody uses. Each is undone by itself, so that a list of them costs its length times the
// body's.
constexpr size_t kMostCodings = 8;

// Undoes the last coding first.
absl::Status Undo(std::vector<std::string> codings, uint64_t max_body, HttpMessage* message,
                  CodingClaim* claim) {
  if (codings.empty() || message->body.empty()) return absl::OkStatus();
  *claim = CodingClaim::kFalse;
  while (!codings.empty()) {
    const std::string coding = std::move(codings.back());
    codings.pop_back();
    std::string out;
    const DecodeResult result = coding == "chunked" ? DecodeChunks(message->body, &out)
                                                    : DecodeContent(coding, message->body, max_body, &out);
    if (result == DecodeResult::kTooLarge) {
      return absl::InvalidArgumentError(
          fmt::format("a body of more than {} bytes when '{}' is undone", max_body, coding));
    }
    const bool sure = coding != "br" && coding != "deflate";
    const bool good = result == DecodeResult::kWhole ||
                      (result == DecodeResult::kCut && (sure || LooksBinary(message->body)));
    if (!good) {
      if (coding != "chunked" && LooksBinary(message->body) &&
          (IsKnownCoding(coding) || coding == "compress")) {
        return absl::InvalidArgumentError(
            fmt::format("a body that is neither coded by '{}' nor text", coding));
      }
      return absl::OkStatus();
    }
    *claim = CodingClaim::kTrue;
    message->cut = message->cut || result == DecodeResult::kCut;
    message->decoded = std::move(out);
    message->body = message->decoded;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status UnpackHttp(std::string_view block, uint64_t max_body, HttpMessage* message) {
  message->body = block;
  if (!StartsWithIgnoringCase(block, "HTTP/")) return absl::OkStatus();
  const size_t end = std::min(FindHeaderEnd(block), block.size());
  const std::vector<HeaderField> fields = ParseFields(block.substr(0, end));
  message->body = block.substr(end);
  message->content_type = JoinFields(fields, "Content-Type");
  std::vector<std::string> transfer = Codings(JoinFields(fields, "Transfer-Encoding"));
  std::vector<std::string> content = Codings(JoinFields(fields, "Content-Encoding"));
  if (transfer.size() + content.size() > kMostCodings) {
    return absl::InvalidArgumentError(fmt::format("a body in {} codings, at most {} are undone",
                                                  transfer.size() + content.size(), kMostCodings));
  }
  absl::Status status = Undo(std::move(transfer), max_body, message, &message->transfer);
  if (!status.ok()) return status;
  return Undo(std::move(content), max_body, message, &message->content);
}

}  // namespace refrain
