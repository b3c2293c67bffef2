#pragma once
/// From HTML to the text a reader sees, one block a line: a streaming tokeniser without a tree.
///
///   HtmlText page;
///   ExtractHtml("<title>T</title><p>Some <b>bold</b> text<p hidden>no<table><td>a<td>b</table>", {}, &page);
///   // page.text == "Some bold text\na\tb\n", page.title == "T"
///
/// The text is that of a browser's innerText without style sheets.
///
/// - Lines: block elements and <br> break them; inline elements do not, and white space collapses across
///   these. Cells of a row are set apart by a tab. <pre>, <textarea> and <xmp> keep their line breaks and
///   spaces. U+00A0 stays what it is.
/// - Not shown: script, style, template (but for shadow roots), noscript, iframe, object, svg, audio, video,
///   canvas and their like, with all they hold; select lists and their options; closed dialogs; ruby
///   parentheses; annotations of formulas; comments; what has `hidden`, or `display: none` or
///   `visibility: hidden` in its own style attribute.
/// - Shown: what has `aria-hidden`; closed <details> and `hidden=until-found`, which a reader can open;
///   <html> and <body> even if they are hidden, since scripts show such pages.
///
/// Beyond innerText: no line is blank or ends in white space (U+00A0 and U+3000 included), and rows and cells
/// without a table still separate words. Character references are those of the WHATWG standard. Bad markup
/// is read as browsers read it, as far as that can be done without moving text that was already read: a
/// block cut through by the end tag of <b>, <a> and the like stays where it stands, and so does text between
/// the cells of a table.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/span.h"

namespace refrain {

struct HtmlText {
  std::string text;   ///< every line ends in a line feed; UTF-8 if the HTML is
  std::string title;  ///< the first <title> that says something, white space collapsed; not part of `text`
  /// On request: text byte i came from HTML byte offsets[i]. A character reference counts from its ampersand,
  /// a line feed from what broke the line (html.size() for the end of the page). Never falls. Empty
  /// otherwise.
  std::vector<uint32_t> offsets;
  /// On request: where that ends. For a character reference behind its last byte, for a line feed that a tag
  /// stands for where it begins, else behind the byte. Never falls, and no end lies behind where the next
  /// character comes from.
  std::vector<uint32_t> ends;
  /// What <blockquote> and <aside> hold: beside the running text. Sorted, disjoint, not empty; may reach over
  /// the white space behind it.
  std::vector<Span> apart;
};

struct HtmlOptions {
  bool map_offsets = false;
  /// Elements nested deeper are read as if they were siblings. Bounds memory, not what is read. 1 to 65535;
  /// others are taken for the nearest of these. Browsers stop at 512 as well.
  int max_depth = 512;
};

/// Extracts the text of `html`, which should be UTF-8 (see DecodeHtml); bytes that are not go through as they
/// are. Replaces `out`, whose memory is used again. Linear in html.size() whatever it holds, on ordinary
/// pages 300 MB/s and more; memory is linear in the text plus max_depth. Thread safe for different `out`.
/// REQUIRES: html.size() < 4 GiB.
void ExtractHtml(std::string_view html, const HtmlOptions& options, HtmlText* out);

}  // namespace refrain
