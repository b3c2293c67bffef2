#pragma once
/// Collects shown text, line by line, collapsing white space as a browser does.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::html {

/// How to read a stretch of HTML text.
struct TextMode {
  bool references = true;  ///< `&amp;` is one character
  bool pre = false;        ///< line breaks and spaces count
  bool keep_nul = false;   ///< NUL becomes U+FFFD (inside raw text), else it is left out
};

/// Appends lines to a string. Lines are never empty, have no white space (nor U+00A0 or U+3000) at their end,
/// and each ends in a line feed. With `offsets` and `ends`, notes for each byte which bytes of the HTML it
/// came from; these never fall.
class Lines {
 public:
  /// `offsets` and `ends` may be null.
  Lines(std::string_view html, std::string* text, std::vector<uint32_t>* offsets, std::vector<uint32_t>* ends)
      : html_(html), text_(text), offsets_(offsets), ends_(ends) {}

  /// The text html[begin, end).
  void Text(size_t begin, size_t end, TextMode mode);

  /// Ends the line, if anything stands on it; `at` is the byte of the HTML that breaks it.
  void Break(size_t at) { Break(at, at); }
  /// A tab between table cells: not at the begin of a line, and never two.
  void Cell(size_t at);
  /// White space.
  void Space(size_t at) { Space(at, at); }

 private:
  void Append(const char* bytes, size_t size, size_t at);
  void AppendAll(const char* bytes, size_t size, size_t at, size_t end);
  void White(char c, size_t at, size_t end, bool pre);
  void Break(size_t at, size_t end);
  void Space(size_t at, size_t end);
  void TrimLine();
  bool AtLineBegin() const { return text_->size() == line_begin_; }

  std::string_view html_;
  std::string* text_;
  std::vector<uint32_t>* offsets_;  // null when not asked for
  std::vector<uint32_t>* ends_;     // used only with offsets_
  size_t line_begin_ = 0;
};

}  // namespace refrain::html
