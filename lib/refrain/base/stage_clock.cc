#include "refrain/base/stage_clock.h"

#include <time.h>

#include <algorithm>
#include <numeric>

namespace refrain {
namespace {

double Read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double Now() { return Read(CLOCK_MONOTONIC); }
double CpuTime() { return Read(CLOCK_THREAD_CPUTIME_ID); }

// The least of some runs: what is more comes from outside.
double MeasureClockCost() {
  constexpr int kRuns = 20;
  constexpr int kReads = 50;
  double least = 1;
  for (int run = 0; run < kRuns; ++run) {
    const double begin = Now();
    double end = begin;
    for (int i = 0; i < kReads; ++i) end = Now();
    least = std::min(least, (end - begin) / kReads);
  }
  return least;
}

}  // namespace

std::string_view Name(Stage stage) {
  static constexpr std::string_view kNames[kStages] = {"read",       "inflate", "parse", "tokenise",
                                                       "page scope", "sketch",  "keys"};
  return kNames[static_cast<size_t>(stage)];
}

StageClock::StageClock() {
  static const double cost = MeasureClockCost();
  clock_cost_ = cost;
}

void StageClock::Tick() {
  const double now = Now();
  passed_[static_cast<size_t>(stage_)] += std::max(0.0, now - last_ - clock_cost_);
  last_ = now;
}

void StageClock::Settle() {
  const double cpu = CpuTime() - cpu_begin_;
  const double passed = std::accumulate(passed_.begin(), passed_.end(), 0.0);
  // The two clocks tick differently: no stretch counts for more time than passed.
  const double share = stage_ == Stage::kRead || passed <= 0 ? 1 : std::min(1.0, cpu / passed);
  for (size_t i = 0; i < kStages; ++i) seconds_[i] += share * passed_[i];
  passed_.fill(0);
}

void StageClock::Start(Stage stage) {
  stage_ = stage;
  cpu_begin_ = CpuTime();
  last_ = Now();
}

void StageClock::Stop() {
  Tick();
  Settle();
}

Stage StageClock::Enter(Stage stage) {
  const Stage before = stage_;
  if (before == stage) return before;
  if (before == Stage::kRead || stage == Stage::kRead) {
    Stop();
    Start(stage);
  } else {
    Tick();
    stage_ = stage;
  }
  return before;
}

double StageClock::total() const { return std::accumulate(seconds_.begin(), seconds_.end(), 0.0); }

void StageClock::Add(const StageClock& other) {
  for (size_t i = 0; i < kStages; ++i) seconds_[i] += other.seconds_[i];
}

}  // namespace refrain
