#pragma once
/// What a style attribute says about being seen.

#include <cstdint>
#include <string_view>

namespace refrain::html {

/// Reads `display` and `visibility` from the declarations in a style attribute; the last of each counts.
/// Returns bits of Attributes: kDisplayNone, kVisibilityHidden, kVisibilityVisible. Linear in style.size().
uint32_t ReadStyle(std::string_view style);

}  // namespace refrain::html
