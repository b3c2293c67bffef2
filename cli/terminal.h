#pragma once
/// Talking to people and pipes: progress, warnings, colour, standard output, signals.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "flags.h"
#include "refrain/pipeline/corpus.h"

namespace refrain::cli {

/// Whether colour is wanted on standard output: `when` decides, "auto" asks the terminal, TERM and NO_COLOR.
bool WantsColor(const std::string& when);
bool StandardOutputIsTerminal();
bool StandardInputIsTerminal();

/// "1 page", "2 pages", "0 pages".
std::string Counted(uint64_t count, std::string_view what);
/// "17 B", "4.1 kB", "2.0 GB".
std::string Bytes(double bytes);

/// To be called first. Opens what the caller closed of descriptors 0 to 2 (`<&-`, `>&-`, `2>&-`), so that no
/// file gets one of these numbers and messages with it; reading the first or writing to the second then
/// fails. A closed pipe or a file above the limit of `ulimit -f` is an error from then on, not a signal.
void HoldStandardStreams();

/// Writes all bytes to standard error, as far as that takes them: there is nowhere left to say that it does
/// not.
void WriteStandardError(std::string_view bytes);

/// Writes all bytes to standard output. A closed pipe is an error like any other, but says nothing.
absl::Status WriteStandardOutput(std::string_view bytes);
/// The same for commands that only print: says what went wrong and returns the exit code.
int PrintText(std::string_view text);

/// Hooks for a job: a progress line that is redrawn on standard error, warnings above it, and a stop flag
/// that SIGINT and SIGTERM set. One a process.
class Console {
 public:
  explicit Console(const Talk& talk);
  ~Console();
  const RunHooks& hooks() const { return hooks_; }
  /// Prints "refrain: line" on standard error.
  void Say(const std::string& line);
  /// Says what went wrong and returns the exit code: 2, or 130 or 143 after a signal.
  int Fail(const absl::Status& status);
  /// 1 if anything was damaged, after saying how much; else 0.
  int Finish(const DamageCount& damage);

 private:
  void Draw(const Progress& progress);
  void Erase();  // REQUIRES: mutex_ held

  RunHooks hooks_;
  bool quiet_;
  bool draws_;
  std::mutex mutex_;  // a stage's progress and the warnings of the one before may come from two threads
  bool drawn_ = false;
  std::string stage_;
  std::chrono::steady_clock::time_point stage_begin_, last_draw_;
};

}  // namespace refrain::cli
