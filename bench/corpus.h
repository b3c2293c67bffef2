#pragma once
// Text to measure with: made here, the same for the same arguments everywhere, so that nobody needs a
// download.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace refrain::bench {

// Kinds of text: "english" (pseudo-English: word lengths, capitals, digits and punctuation as in prose, a
// typographic quote here and there), "mixed" (one third each of English, accented Latin and Cyrillic, and
// Han, kana, Hangul, Thai by the paragraph), "cyrillic", "han", "thai", "adversarial" ("a a a ...": most
// tokens a byte can make).
const std::vector<std::string>& TextKinds();

// About `bytes` bytes of it, cut at a code point. REQUIRES: `kind` is one of TextKinds().
std::string MakeText(const std::string& kind, size_t bytes, uint64_t seed = 1);

}  // namespace refrain::bench
