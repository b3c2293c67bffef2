#include "refrain/base/stage_clock.h"

#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>

namespace refrain {
namespace {

double CpuTime() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Works for this much CPU time, however busy the machine is.
void Spin(double seconds) {
  const double end = CpuTime() + seconds;
  while (CpuTime() < end) {
  }
}

void Sleep(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

TEST(StageClock, SharesCpuTimeOutAmongStages) {
  StageClock clock;
  {
    StageStretch work(&clock, Stage::kParse);
    Spin(0.02);
    EnterStage(&clock, Stage::kTokenise);
    Spin(0.06);
  }
  // Another process may take the CPU away in either; the sum does not change.
  EXPECT_NEAR(clock.total(), 0.08, 0.01);
  EXPECT_GT(clock.seconds(Stage::kParse), 0);
  EXPECT_GT(clock.seconds(Stage::kTokenise), 0);
  EXPECT_EQ(clock.seconds(Stage::kInflate), 0);
}

TEST(StageClock, CountsNoSleepButThatOfReading) {
  StageClock clock;
  {
    StageStretch work(&clock, Stage::kInflate);
    Spin(0.005);
    {
      StageScope read(&clock, Stage::kRead);
      Sleep(100);
    }
    Sleep(100);
  }
  Sleep(100);  // in no stretch
  EXPECT_GE(clock.seconds(Stage::kRead), 0.1);
  EXPECT_GT(clock.seconds(Stage::kInflate), 0.004);
  EXPECT_LT(clock.seconds(Stage::kInflate), 0.05);
}

TEST(StageClock, GoesBackToTheStageBefore) {
  StageClock clock;
  {
    StageStretch work(&clock, Stage::kParse);
    {
      StageScope inner(&clock, Stage::kInflate);
    }
    Spin(0.02);
  }
  EXPECT_GT(clock.seconds(Stage::kParse), 0.015);
  EXPECT_LT(clock.seconds(Stage::kInflate), 0.005);
}

TEST(StageClock, TakesOffWhatItCostsItself) {
  // The least of many runs on either side: what is more comes from other processes.
  double counted = 1, spent = 1;
  for (int run = 0; run < 50; ++run) {
    StageClock clock;
    const double begin = CpuTime();
    {
      StageStretch work(&clock, Stage::kParse);
      for (int i = 0; i < 2000; ++i) {
        StageScope inner(&clock, Stage::kSketch);
      }
    }
    spent = std::min(spent, CpuTime() - begin);
    counted = std::min(counted, clock.total());
  }
  EXPECT_LT(counted, 0.6 * spent);
}

TEST(StageClock, AddsUpWhatThreadsDid) {
  StageClock one, sum;
  {
    StageStretch work(&one, Stage::kKeys);
    Spin(0.01);
  }
  sum.Add(one);
  sum.Add(one);
  EXPECT_DOUBLE_EQ(sum.seconds(Stage::kKeys), 2 * one.seconds(Stage::kKeys));
}

TEST(StageClock, NullCostsNothingAndDoesNothing) {
  StageStretch work(nullptr, Stage::kParse);
  StageScope inner(nullptr, Stage::kRead);
  EnterStage(nullptr, Stage::kKeys);
}

TEST(StageClock, EveryStageHasAName) {
  std::set<std::string> names;
  for (size_t i = 0; i < kStages; ++i) names.emplace(Name(static_cast<Stage>(i)));
  EXPECT_EQ(names.size(), kStages);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace refrain
