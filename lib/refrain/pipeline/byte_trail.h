#pragma once
/// A digest of a file's bytes with marks on the way: says not only that a file is not what was written, but
/// about where it stops being that.
///
///   ByteTrailMaker maker;
///   maker.Add(bytes);                    // as often as needed; how bytes were cut makes no difference
///   ByteTrail written = maker.Finish();  // a few hundred bytes, however long the file
///   ...
///   if (std::optional<ChangedBytes> changed = FirstChange(written, of_the_file_now)) ...

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain {

struct ByteTrail {
  static constexpr uint64_t kLeastStep = 1024;
  static constexpr size_t kMostMarks = 32;

  uint64_t bytes = 0;
  uint64_t digest = 0;          ///< of all
  uint64_t step = kLeastStep;   ///< from mark to mark: kLeastStep, or two, four, eight … of them
  std::vector<uint32_t> marks;  ///< of the first `step` bytes, the first two, …
  friend bool operator==(const ByteTrail&, const ByteTrail&) = default;
};

class ByteTrailMaker {
 public:
  void Add(std::string_view bytes);
  /// The trail of what was added; begins anew.
  ByteTrail Finish();

 private:
  void AddBlock(std::string_view block);

  ByteTrail trail_;
  uint64_t state_ = 0;
  std::string block_;  // shorter than kLeastStep
};

/// The first byte that differs is one of these, or where bytes begin to be too many or missing.
struct ChangedBytes {
  uint64_t begin = 0, end = 0;
  friend bool operator==(const ChangedBytes&, const ChangedBytes&) = default;
};

/// Nothing where the two are equal.
std::optional<ChangedBytes> FirstChange(const ByteTrail& written, const ByteTrail& now);

/// A word: "BYTES-STEP-DIGEST-MARKS", the last two in hexadecimal digits, eight of them a mark.
std::string TrailText(const ByteTrail& trail);
/// The other way; nothing for what no trail gives.
std::optional<ByteTrail> ParseTrail(std::string_view text);

}  // namespace refrain
