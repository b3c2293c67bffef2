#pragma once
/// Cuts HTML into text, start tags and end tags: the tokenisation states of the WHATWG standard, without its
/// tree.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "refrain/io/html_tags_internal.h"

namespace refrain::html {

/// How an element's own attributes change what is shown.
enum Attributes : uint32_t {
  kNoAttributes = 0,
  kHiddenAttribute = 1u << 0,  ///< `hidden`, but not hidden=until-found, which a reader can find and open
  kDisplayNone = 1u << 1,      ///< style="display: none"
  kVisibilityHidden = 1u << 2,
  kVisibilityVisible = 1u << 3,
  kOpenAttribute = 1u << 4,  ///< `open`, of a dialog
  kShadowRoot = 1u << 5,     ///< `shadowrootmode`, of a template: shown in place of its parent's content
  kFontAttribute = 1u << 6,  ///< color, face or size
};

struct Token {
  enum Kind : uint8_t { kText, kStartTag, kEndTag };
  Kind kind = kText;
  bool self_closing = false;
  bool literal = false;  ///< text without character references (CDATA)
  Name name = 0;
  uint32_t attributes = 0;  ///< of Attributes; start tags only
  size_t begin = 0;         ///< bytes [begin, end) of the HTML
  size_t end = 0;
};

/// Reads tokens one after the other. Linear in all: no byte is looked at more than a few times.
class Tokens {
 public:
  /// A byte order mark is no text.
  explicit Tokens(std::string_view html) : html_(html), at_(html.starts_with("\xEF\xBB\xBF") ? 3 : 0) {}

  /// The next token; comments, doctypes and processing instructions are passed over. False at the end of the
  /// input, where an unfinished tag is dropped as a browser drops it.
  bool Next(Token* token);

  /// Right after the start tag of an element with kRawText: passes over its content and returns where it
  /// ends. The next token is the end tag, if there is one.
  size_t SkipRawText(Name name);

  /// Whether `<![CDATA[` begins text (inside svg and math) or a comment.
  void set_foreign(bool foreign) { foreign_ = foreign; }

  size_t position() const { return at_; }

 private:
  bool ReadTag(Token* token);
  bool ReadMarkup(Token* token);
  size_t SkipScript();

  std::string_view html_;
  size_t at_ = 0;
  bool foreign_ = false;
};

}  // namespace refrain::html
