#include "refrain/text/fold_internal.h"

#include <algorithm>
#include <string>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "refrain/base/utf8.h"

namespace refrain::text_internal {
namespace {

using unicode::CodePoint;

// Hangul syllables are arithmetic: lead consonant, vowel, tail consonant (The Unicode Standard,
// section 3.12).
constexpr char32_t kLeadBase = 0x1100, kVowelBase = 0x1161, kTailBase = 0x11A7, kSyllableBase = 0xAC00;
constexpr uint32_t kLeads = 19, kVowels = 21, kTails = 28;

// The syllable that `first` and `second` make, or 0.
char32_t JoinHangul(char32_t first, char32_t second) {
  const uint32_t lead = first - kLeadBase, vowel = second - kVowelBase;
  if (lead < kLeads && vowel < kVowels) return kSyllableBase + (lead * kVowels + vowel) * kTails;
  const uint32_t syllable = first - kSyllableBase, tail = second - kTailBase;
  if (syllable < kLeads * kVowels * kTails && syllable % kTails == 0 && tail - 1 < kTails - 1)
    return first + tail;
  return 0;
}

const unicode::VoicedKana* FindKana(char32_t base, char32_t mark) {
  const auto* const end = unicode::kVoicedKana + unicode::kVoicedKanaCount;
  const auto* const found = std::find_if(
      unicode::kVoicedKana, end, [&](const auto& kana) { return kana.base == base && kana.mark == mark; });
  return found == end ? nullptr : found;
}

const unicode::VoicedKana* FindComposedKana(char32_t composed) {
  const auto* const end = unicode::kVoicedKana + unicode::kVoicedKanaCount;
  const auto* const found =
      std::find_if(unicode::kVoicedKana, end, [&](const auto& kana) { return kana.composed == composed; });
  return found == end ? nullptr : found;
}

// Marks behind one letter that are sorted together. No text has thirty (the limit of Unicode's stream-safe
// format), but an attacker's may be all marks, and shall not take memory for all of them.
constexpr size_t kMostMarks = 1 << 16;

bool IsKana(char32_t c) { return c >= 0x3040 && c < 0x3100; }

}  // namespace

struct FoldedBytes::Stream {
  XXH3_state_t state;
};

FoldedBytes::FoldedBytes() = default;
FoldedBytes::~FoldedBytes() = default;

void FoldedBytes::Append(char32_t c) {
  if (size_ + 4 > kCapacity) Spill();
  std::string bytes;  // short: no allocation
  AppendUtf8(c, &bytes);
  size_ += bytes.copy(bytes_ + size_, bytes.size());
}

void FoldedBytes::Spill() {
  if (!spilled_) {
    if (!stream_) stream_ = std::make_unique<Stream>();
    XXH3_64bits_reset(&stream_->state);
    spilled_ = true;
  }
  XXH3_64bits_update(&stream_->state, bytes_, size_);
  size_ = 0;
}

uint64_t FoldedBytes::LongHash() {
  if (!spilled_) return XXH3_64bits(bytes_, size_);
  Spill();
  return XXH3_64bits_digest(&stream_->state);
}

uint64_t HashToken(const char* bytes, size_t length) {
  if (length > kShortToken) return XXH3_64bits(bytes, length);
  char padded[kShortToken] = {};
  std::copy_n(bytes, length, padded);
  return HashShort(padded, length);
}

uint64_t HashAscii(const char* bytes, size_t length) {
  constexpr size_t kPiece = 1024;
  char lower[kPiece];
  const auto lower_case = [&](const char* from, size_t count) {
    for (size_t i = 0; i < count; ++i) lower[i] = static_cast<char>(from[i] | 0x20);  // digits have this bit
  };
  if (length <= kPiece) {
    lower_case(bytes, length);
    return HashToken(lower, length);
  }
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (size_t at = 0; at < length; at += kPiece) {
    const size_t count = std::min(kPiece, length - at);
    lower_case(bytes + at, count);
    XXH3_64bits_update(&state, lower, count);
  }
  return XXH3_64bits_digest(&state);
}

uint64_t Canonicalizer::Hash(std::string_view token) {
  folded_.Clear();
  pending_.clear();
  for (size_t at = 0; at < token.size();) {
    char32_t c = 0;
    if (!DecodeUtf8(token, &at, &c)) continue;
    const CodePoint& entry = unicode::Find(c);
    if (entry.kind() == unicode::kIgnorable) continue;
    if (entry.length == 0) {
      const auto* const kana = IsKana(c) ? FindComposedKana(c) : nullptr;
      if (kana != nullptr) {
        Add(kana->base, 0);
        Add(kana->mark, unicode::Find(char32_t{kana->mark}).lead_class);
      } else {
        Add(c, entry.lead_class);
      }
      continue;
    }
    char bytes[16];
    Store64(bytes, entry.low);
    Store64(bytes + 8, entry.high);
    const std::string_view folded(bytes, entry.length);
    for (size_t i = 0; i < folded.size();) {
      char32_t part = 0;
      DecodeUtf8(folded, &i, &part);
      Add(part, unicode::Find(part).lead_class);
    }
  }
  Flush();
  return folded_.Hash();
}

void Canonicalizer::Add(char32_t c, uint8_t combining_class) {
  if (combining_class == 0) {
    if (pending_.size() == 1) {
      if (const char32_t joined = JoinHangul(pending_[0].code_point, c); joined != 0) {
        pending_[0].code_point = joined;
        return;
      }
      if (pending_[0].code_point == 0x1025 && c == 0x102E) {  // the one letter of Myanmar that decomposes
        pending_[0].code_point = 0x1026;
        return;
      }
    }
    Flush();
  } else if (pending_.size() >= kMostMarks) {
    Flush();
  }
  pending_.push_back({c, combining_class});
}

void Canonicalizer::Flush() {
  const auto marks =
      std::find_if(pending_.begin(), pending_.end(), [](Item i) { return i.combining_class != 0; });
  const auto by_class = [](Item a, Item b) { return a.combining_class < b.combining_class; };
  if (!std::is_sorted(marks, pending_.end(), by_class)) std::stable_sort(marks, pending_.end(), by_class);
  ComposeKana();
  DropDots();
  for (const Item item : pending_) {
    folded_.Append(item.code_point == unicode::kIotaSubscript ? unicode::kIota : item.code_point);
  }
  pending_.clear();
}

// The first voiced mark behind a kana joins it; marks that sort before it do not stand in between.
void Canonicalizer::ComposeKana() {
  if (pending_.size() < 2 || !IsKana(pending_[0].code_point)) return;
  const auto mark = std::find_if(pending_.begin() + 1, pending_.end(),
                                 [](Item i) { return i.code_point == 0x3099 || i.code_point == 0x309A; });
  if (mark == pending_.end()) return;
  const auto* const kana = FindKana(pending_[0].code_point, mark->code_point);
  if (kana == nullptr) return;
  pending_[0].code_point = kana->composed;
  pending_.erase(mark);
}

// Dots over an i, up to another mark above.
void Canonicalizer::DropDots() {
  if (pending_.size() < 2 || pending_[0].code_point != 'i') return;
  const uint8_t above = unicode::Find(unicode::kDotAbove).lead_class;
  const auto first =
      std::find_if(pending_.begin(), pending_.end(), [&](Item i) { return i.combining_class == above; });
  const auto last =
      std::find_if(first, pending_.end(), [](Item i) { return i.code_point != unicode::kDotAbove; });
  pending_.erase(first, last);
}

}  // namespace refrain::text_internal
