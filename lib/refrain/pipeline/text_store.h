#pragma once
/// Texts on disk: what a comparison needs again, and memory need not hold.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace refrain {

/// An unnamed temporary file of texts, gone when the process ends however it ends. Filled by one thread, then
/// read by many.
class TextStore {
 public:
  /// Room for texts numbered [0, texts).
  static absl::StatusOr<std::unique_ptr<TextStore>> Create(const std::string& tmpdir, uint32_t texts);
  ~TextStore();

  /// Errors: a full disk, with what to do.
  absl::Status Add(uint32_t text, std::string_view bytes);
  /// Writes out what is buffered. No Add after this.
  absl::Status Finish();

  bool has(uint32_t text) const { return places_[text].offset != kAbsent; }
  /// Replaces `bytes`. Thread safe after Finish. REQUIRES: has(text).
  absl::Status Read(uint32_t text, std::string* bytes) const;
  uint64_t bytes() const { return size_; }

 private:
  static constexpr uint64_t kAbsent = UINT64_MAX;
  struct Place {
    uint64_t offset = kAbsent;
    uint32_t size = 0;
  };
  TextStore() = default;
  absl::Status Flush();

  int file_ = -1;
  std::string tmpdir_;
  std::string buffer_;
  uint64_t size_ = 0;
  std::vector<Place> places_;
};

}  // namespace refrain
