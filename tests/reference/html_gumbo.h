#pragma once
/// Reference for ExtractHtml: a walk over the tree that Gumbo builds, in the manner of a browser's innerText.
/// Slow, and not for pages nested deeper than a few hundred elements: Gumbo itself cannot stand those.

#include <string>
#include <string_view>
#include <vector>

namespace refrain::reference {

struct GumboText {
  std::string text;   ///< as HtmlText::text
  std::string title;  ///< as HtmlText::title
};

/// The shown text of `html`, under the rules of io/html.h.
GumboText ExtractWithGumbo(std::string_view html);

/// `text` with control characters and noncharacters replaced by U+FFFD. Gumbo does so where the standard
/// keeps them.
std::string WithoutControls(std::string_view text);

/// The words of `text`: what stands between white space.
std::vector<std::string> Words(std::string_view text);

}  // namespace refrain::reference
