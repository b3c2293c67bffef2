#include "refrain/pipeline/byte_trail.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/hash.h"

namespace refrain {
namespace {

// Hexadecimal.
constexpr size_t kMarkDigits = 8, kDigestDigits = 16;

}  // namespace

void ByteTrailMaker::AddBlock(std::string_view block) {
  state_ = HashBytes64(block, state_);
  trail_.bytes += block.size();
  if (trail_.bytes % trail_.step != 0) return;
  std::vector<uint32_t>& marks = trail_.marks;
  marks.push_back(static_cast<uint32_t>(state_));
  if (marks.size() < ByteTrail::kMostMarks) return;
  // Every other one stays: those that lie at multiples of twice the step.
  trail_.step *= 2;
  for (size_t i = 0; i < marks.size() / 2; ++i) marks[i] = marks[2 * i + 1];
  marks.resize(marks.size() / 2);
}

void ByteTrailMaker::Add(std::string_view bytes) {
  constexpr uint64_t kBlock = ByteTrail::kLeastStep;
  if (!block_.empty()) {
    const std::string_view head = bytes.substr(0, kBlock - block_.size());
    block_.append(head);
    bytes.remove_prefix(head.size());
    if (block_.size() < kBlock) return;
    AddBlock(block_);
    block_.clear();
  }
  for (; bytes.size() >= kBlock; bytes.remove_prefix(kBlock)) AddBlock(bytes.substr(0, kBlock));
  block_.append(bytes);
}

ByteTrail ByteTrailMaker::Finish() {
  if (!block_.empty()) {
    state_ = HashBytes64(block_, state_);
    trail_.bytes += block_.size();
    block_.clear();
  }
  trail_.digest = std::exchange(state_, 0);
  return std::exchange(trail_, {});
}

std::optional<ChangedBytes> FirstChange(const ByteTrail& written, const ByteTrail& now) {
  // The marks of one of them may lie closer.
  const uint64_t step = std::max(written.step, now.step);
  const auto mark = [&](const ByteTrail& trail, uint64_t end) {
    const uint64_t number = end / trail.step;
    return number <= trail.marks.size() ? std::optional(trail.marks[number - 1]) : std::nullopt;
  };
  uint64_t same = 0;
  for (;; same += step) {
    const std::optional<uint32_t> was = mark(written, same + step), is = mark(now, same + step);
    if (!was || !is) break;
    if (*was != *is) return ChangedBytes{same, same + step};
  }
  if (written.bytes == now.bytes && written.digest == now.digest) return std::nullopt;
  return ChangedBytes{same, std::min(written.bytes, now.bytes)};
}

std::string TrailText(const ByteTrail& trail) {
  std::string text = fmt::format("{}-{}-{:016x}-", trail.bytes, trail.step, trail.digest);
  for (const uint32_t mark : trail.marks) fmt::format_to(std::back_inserter(text), "{:08x}", mark);
  return text;
}

std::optional<ByteTrail> ParseTrail(std::string_view text) {
  ByteTrail trail;
  const auto take = [&](auto* into, int base, size_t digits) {
    const std::string_view number = text.substr(0, digits);
    const auto [parsed, error] = std::from_chars(number.data(), number.data() + number.size(), *into, base);
    text.remove_prefix(static_cast<size_t>(parsed - number.data()));
    return error == std::errc() && (digits == number.npos || parsed == number.data() + digits);
  };
  const auto take_dash = [&] {
    const bool is_dash = text.starts_with('-');
    text.remove_prefix(is_dash ? 1 : 0);
    return is_dash;
  };
  if (!take(&trail.bytes, 10, text.npos) || !take_dash() || !take(&trail.step, 10, text.npos) ||
      !take_dash() || !take(&trail.digest, 16, kDigestDigits) || !take_dash()) {
    return std::nullopt;
  }
  if (trail.step % ByteTrail::kLeastStep != 0 || !std::has_single_bit(trail.step)) return std::nullopt;
  while (!text.empty()) {
    if (!take(&trail.marks.emplace_back(), 16, kMarkDigits)) return std::nullopt;
  }
  if (trail.marks.size() != trail.bytes / trail.step) return std::nullopt;
  return trail;
}

}  // namespace refrain
