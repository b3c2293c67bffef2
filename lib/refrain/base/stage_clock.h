#pragma once
/// Where the time of a run goes, stage by stage, measured inside the code that runs anyway.
///
///   StageClock clock;
///   {
///     StageStretch work(&clock, Stage::kParse);   // this thread works from here to the end of the block
///     Parse(record, &page);
///     EnterStage(&clock, Stage::kTokenise);
///     Tokenize(page.text, &tokens);
///   }
///   clock.seconds(Stage::kTokenise);
///
/// Code that can be timed is given a StageClock*, nullptr where nobody asks: then a change of stage costs one
/// comparison.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace refrain {

/// Parts of the way from a file to keys that are sorted, in the order of the data.
enum class Stage : uint8_t {
  kRead,       ///< bytes of the file, from the disk or from the page cache
  kInflate,    ///< gzip, zstd
  kParse,      ///< records, and pages of them: JSON, WARC, charsets, HTML
  kTokenise,   ///< text to tokens
  kPageScope,  ///< repeats within each page
  kSketch,     ///< exact keys, shingles, signatures
  kKeys,       ///< band keys, and their sorting into buckets
};
inline constexpr size_t kStages = 7;

/// "read", "inflate", "parse", "tokenise", "page scope", "sketch", "keys".
std::string_view Name(Stage stage);

/// Adds up CPU time by stage. Not thread safe: one for each thread, or one that threads use in turn, a whole
/// stretch each.
///
/// Stages change several times a page, and asking for a thread's CPU time takes about a microsecond. So the
/// steady clock tells the stages of a stretch apart, less what reading it costs, and the CPU time of the
/// whole stretch is shared out among them in that proportion. What another process took away meanwhile
/// counts for none. kRead is a stretch of its own, and what counts of it is the time that passed: it waits.
class StageClock {
 public:
  StageClock();

  /// The calling thread begins to work, in this stage.
  void Start(Stage stage);
  /// It ends.
  void Stop();
  /// From here on it is in this stage. Returns the one before. REQUIRES: started.
  Stage Enter(Stage stage);

  double seconds(Stage stage) const { return seconds_[static_cast<size_t>(stage)]; }
  double total() const;
  void Add(const StageClock& other);

 private:
  void Tick();
  void Settle();

  std::array<double, kStages> seconds_{};
  std::array<double, kStages> passed_{};  // of this stretch, by the steady clock
  double clock_cost_;                     // of reading it
  double last_ = 0;                       // when it was read last
  double cpu_begin_ = 0;                  // of this stretch
  Stage stage_ = Stage::kParse;
};

inline void EnterStage(StageClock* clock, Stage stage) {
  if (clock != nullptr) clock->Enter(stage);
}

/// Time of the calling thread, from construction to destruction. `clock` may be nullptr.
class StageStretch {
 public:
  StageStretch(StageClock* clock, Stage stage) : clock_(clock) {
    if (clock_ != nullptr) clock_->Start(stage);
  }
  ~StageStretch() {
    if (clock_ != nullptr) clock_->Stop();
  }
  StageStretch(const StageStretch&) = delete;
  StageStretch& operator=(const StageStretch&) = delete;

 private:
  StageClock* clock_;
};

/// A stage inside another, which goes on afterwards. `clock` may be nullptr, or else is started.
class StageScope {
 public:
  StageScope(StageClock* clock, Stage stage) : clock_(clock) {
    if (clock_ != nullptr) before_ = clock_->Enter(stage);
  }
  ~StageScope() {
    if (clock_ != nullptr) clock_->Enter(before_);
  }
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;

 private:
  StageClock* clock_;
  Stage before_ = Stage::kParse;
};

}  // namespace refrain
