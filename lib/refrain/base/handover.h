#pragma once
/// A thread that works on blocks of bytes while the caller makes the next one.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <absl/status/status.h>

namespace refrain {

/// Calls `work(block)` for each block in the order in which they were given, in a thread of its own. One
/// block waits while another is worked on, so memory is three blocks with the one that the caller fills. For
/// one caller at a time.
class Handover {
 public:
  explicit Handover(std::function<absl::Status(std::string_view block)> work);
  /// What waits is not worked on any more.
  ~Handover();
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;

  /// Takes the block, and leaves an empty string that has room for the next one. Waits while another block
  /// waits. Returns the first error of `work` so far, after which no block is worked on: it may be about an
  /// earlier block.
  absl::Status Give(std::string* block);
  /// Waits until all is done. Returns the first error of `work`.
  absl::Status Finish();

 private:
  void Run();

  const std::function<absl::Status(std::string_view)> work_;
  std::mutex mutex_;  // guards all below
  std::condition_variable moved_;
  std::string block_;
  bool waiting_ = false;  // block_ is one that nobody works on yet
  bool busy_ = false;     // in work_
  bool over_ = false;
  absl::Status failure_;
  std::jthread thread_;  // the last member: it uses the others
};

}  // namespace refrain
