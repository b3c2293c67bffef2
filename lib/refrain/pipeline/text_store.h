#pragma once
/// What comparisons need again of each page and memory need not hold: texts and shingle sets.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/base/span.h"
#include "refrain/base/spill_file.h"

namespace refrain {

/// Texts by number: up to so many bytes of them in memory, the others in an unnamed temporary file, which is
/// gone when the process ends however it ends. Thread safe.
class TextStore {
 public:
  /// The file is made when something has to go there.
  TextStore(const std::string& tmpdir, uint64_t memory);
  TextStore(const TextStore&) = delete;
  TextStore& operator=(const TextStore&) = delete;

  /// Nothing if it is there already. Errors: a full disk, with what to do.
  absl::Status Add(uint32_t text, std::string_view bytes);
  bool has(uint32_t text) const;
  /// Valid as long as the store, `scratch` and what it holds. Aligned for words of eight bytes if all texts
  /// are made of such. REQUIRES: has(text).
  absl::StatusOr<std::string_view> Read(uint32_t text, std::string* scratch) const {
    return Read(text, {0, UINT32_MAX}, scratch);
  }
  /// Those of its bytes that lie in `span`, and no others are read.
  absl::StatusOr<std::string_view> Read(uint32_t text, Span span, std::string* scratch) const;
  /// Bytes of memory in use.
  uint64_t memory() const;
  /// Bytes of temporary disk, what still waits to be written counted.
  uint64_t disk() const;

 private:
  // Where a text is: its address, or its place in the file with kInFile.
  static constexpr uint64_t kAbsent = UINT64_MAX;
  static constexpr uint64_t kInFile = uint64_t{1} << 63;  // no address has this bit
  bool Has(uint32_t text) const { return text < places_.size() && places_[text] != kAbsent; }
  const char* Keep(std::string_view bytes);

  const uint64_t most_memory_;
  mutable std::mutex mutex_;  // guards all below
  std::vector<uint64_t> places_;
  std::vector<uint32_t> sizes_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* free_ = nullptr;  // what is left of the last chunk
  size_t free_size_ = 0;
  uint64_t memory_ = 0;  // of chunks
  SpillFile file_;
};

}  // namespace refrain
