// A WARC record to a page.

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/utf8.h"
#include "refrain/io/charset.h"
#include "refrain/io/fields_internal.h"
#include "refrain/io/http_internal.h"
#include "refrain/io/parse_internal.h"
#include "refrain/io/sniff_internal.h"
#include "refrain/io/url.h"

namespace refrain {
namespace {

enum class Content { kHtml, kText, kOther };

// What a body is by its type, or without one by its first bytes.
Content ContentOf(const std::string& media_type, std::string_view charset, std::string_view body) {
  const std::string_view head = body.substr(0, kSniffBytes);
  // UTF-16 without a byte order mark is half zeros.
  const bool binary = !StartsWithIgnoringCase(charset, "utf-16") && LooksBinary(head);
  if (binary) return Content::kOther;
  if (media_type == "text/html" || media_type == "application/xhtml+xml") return Content::kHtml;
  if (media_type == "text/plain") return Content::kText;
  if (media_type == "text/xml" || media_type == "application/xml") {
    return LooksLikeHtml(head) == HtmlSigns::kStrong ? Content::kHtml : Content::kOther;
  }
  if (media_type.find('/') != std::string::npos) return Content::kOther;
  return LooksLikeHtml(head) == HtmlSigns::kNone ? Content::kText : Content::kHtml;
}

std::string FieldOrEmpty(const WarcHead& head, std::string_view name) {
  const std::string* value = FindField(head.fields, name);
  return value == nullptr ? std::string() : *value;
}

bool TakeBody(std::string_view body, const std::string& content_type, bool map_html, HtmlText* scratch,
              Page* page) {
  if (body.empty()) return false;
  const std::string charset = MediaParameter(content_type, "charset");
  switch (ContentOf(MediaType(content_type), charset, body)) {
    case Content::kHtml:
      TakeHtml(body, charset, map_html, scratch, page);
      return true;
    case Content::kText: {
      Decoded decoded = DecodeText(body, charset);
      page->text = std::move(decoded.text);
      page->charset_guessed = IsGuess(decoded);
      page->charset = std::move(decoded.charset);
      page->replaced = decoded.replaced;
      return true;
    }
    case Content::kOther:
      return false;
  }
  return false;
}

}  // namespace

bool MayHoldPage(const WarcHead& head, std::string_view begin_of_block) {
  const std::string record_type = LowerCase(FieldOrEmpty(head, "WARC-Type"));
  if (record_type != "response" && record_type != "resource" && record_type != "conversion") return false;
  std::string type = FieldOrEmpty(head, "Content-Type");
  if (record_type != "conversion" && StartsWithIgnoringCase(begin_of_block, "HTTP/")) {
    const size_t end = FindHeaderEnd(begin_of_block);
    if (end == std::string_view::npos) return true;
    type = JoinFields(ParseFields(begin_of_block.substr(0, end)), "Content-Type");
    if (type.empty()) type = FieldOrEmpty(head, "WARC-Identified-Payload-Type");
  }
  const std::string media = MediaType(type);
  return media.find('/') == std::string::npos || media == "text/html" || media == "application/xhtml+xml" ||
         media == "text/plain" || media == "text/xml" || media == "application/xml";
}

absl::StatusOr<bool> ParseWarcRecord(std::string_view record, const ParseOptions& options, HtmlText* scratch,
                                     Page* page) {
  std::string reason;
  const std::optional<WarcHead> head = ParseWarcHead(record, &reason);
  if (!head.has_value()) return absl::InvalidArgumentError(reason + " at byte 0");
  if (head->content_length > record.size() - head->size) {
    return absl::InvalidArgumentError(fmt::format("a WARC record that is cut off at byte {}", record.size()));
  }
  const std::string_view block = record.substr(head->size, head->content_length);
  page->record_type = LowerCase(FieldOrEmpty(*head, "WARC-Type"));
  page->id = FieldOrEmpty(*head, "WARC-Record-ID");
  page->date = FieldOrEmpty(*head, "WARC-Date");
  page->url = FieldOrEmpty(*head, "WARC-Target-URI");
  if (page->url.starts_with('<') && page->url.ends_with('>'))
    page->url = page->url.substr(1, page->url.size() - 2);  // wget
  page->source = HostOf(page->url);
  page->truncated = FindField(head->fields, "WARC-Truncated") != nullptr;
  const std::string block_type = FieldOrEmpty(*head, "Content-Type");
  const std::string block_media = MediaType(block_type);

  if (page->record_type == "conversion") {
    if (block_media == "text/plain" || block_media.empty()) {
      page->kind = RecordKind::kWet;
      page->text.assign(block);
      return true;
    }
    return TakeBody(block, block_type, options.map_html, scratch, page);
  }
  if (page->record_type != "response" && page->record_type != "resource") return false;

  const bool http =
      block_media == "application/http" || (block_media.empty() && StartsWithIgnoringCase(block, "HTTP/"));
  if (!http) return TakeBody(block, block_type, options.map_html, scratch, page);
  HttpMessage message;
  const absl::Status status = UnpackHttp(block, options.max_body, &message);
  page->transfer = message.transfer;
  page->content = message.content;
  if (!status.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("{} at byte {}", std::string(status.message()), head->size));
  }
  page->truncated = page->truncated || message.cut;
  if (message.content_type.empty())
    message.content_type = FieldOrEmpty(*head, "WARC-Identified-Payload-Type");
  return TakeBody(message.body, message.content_type, options.map_html, scratch, page);
}

}  // namespace refrain
