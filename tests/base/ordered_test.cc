#include "refrain/base/ordered.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace refrain {
namespace {

constexpr int kThreads[] = {0, 1, 2, 7, 32};

// What one call of RunOrdered over jobs 0 to count - 1 did.
struct Outcome {
  absl::Status status;
  std::vector<int> delivered;  // results in the order the sink saw them
  int worked = 0;
};

Outcome Squares(
    int threads, int count, const std::function<absl::Status(int)>& work_says,
    const std::function<absl::Status(int)>& sink_says = [](int) { return absl::OkStatus(); }) {
  Outcome run;
  int next = 0;
  std::atomic<int> worked = 0;
  run.status = RunOrdered<int, int>(
      threads,
      [&](int* job) -> absl::StatusOr<bool> {
        if (next == count) return false;
        *job = next++;
        return true;
      },
      [&](int, int& job, int* result) {
        ++worked;
        // Later jobs are often done before earlier ones.
        if (threads > 1 && job % 5 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
        *result = job * job;
        return work_says(job);
      },
      [&](int&& result) {
        run.delivered.push_back(result);
        return sink_says(result);
      });
  run.worked = worked;
  return run;
}

absl::Status Fine(int) { return absl::OkStatus(); }

TEST(RunOrdered, HandsResultsOnInTheOrderOfJobs) {
  for (const int threads : kThreads) {
    SCOPED_TRACE(threads);
    for (const int count : {0, 1, 3, 500}) {
      const Outcome run = Squares(threads, count, Fine);
      EXPECT_TRUE(run.status.ok()) << run.status;
      ASSERT_EQ(run.delivered.size(), static_cast<size_t>(count));
      for (int i = 0; i < count; ++i) EXPECT_EQ(run.delivered[static_cast<size_t>(i)], i * i);
    }
  }
}

TEST(RunOrdered, ReturnsTheErrorOfTheLowestFailedJob) {
  for (const int threads : kThreads) {
    SCOPED_TRACE(threads);
    const Outcome run = Squares(threads, 300, [](int job) -> absl::Status {
      if (job < 40) return absl::OkStatus();
      return absl::DataLossError("job " + std::to_string(job));
    });
    EXPECT_EQ(run.status, absl::DataLossError("job 40"));
    EXPECT_EQ(run.delivered.size(), 40u) << "all before the failed job, and nothing behind it";
  }
}

TEST(RunOrdered, StopsAtTheFirstErrorOfTheSink) {
  for (const int threads : kThreads) {
    SCOPED_TRACE(threads);
    const Outcome run = Squares(threads, 5000, Fine, [](int result) -> absl::Status {
      if (result < 100) return absl::OkStatus();
      return absl::ResourceExhaustedError("full at " + std::to_string(result));
    });
    EXPECT_EQ(run.status, absl::ResourceExhaustedError("full at 100"));
    EXPECT_EQ(run.delivered.size(), 11u);
    EXPECT_LT(run.worked, 5000) << "work that nobody wants is not done";
  }
}

TEST(RunOrdered, DeliversWhatStandsInFrontOfAnErrorInTheInput) {
  for (const int threads : kThreads) {
    SCOPED_TRACE(threads);
    int next = 0;
    std::vector<int> delivered;
    const absl::Status status = RunOrdered<int, int>(
        threads,
        [&](int* job) -> absl::StatusOr<bool> {
          if (next == 20) return absl::UnavailableError("torn");
          *job = next++;
          return true;
        },
        [](int, int& job, int* result) {
          *result = job;
          return absl::OkStatus();
        },
        [&](int&& result) {
          delivered.push_back(result);
          return absl::OkStatus();
        });
    EXPECT_EQ(status, absl::UnavailableError("torn"));
    EXPECT_EQ(delivered.size(), 20u);
  }
}

TEST(RunOrdered, KeepsFourJobsAThreadUnderWayAtMost) {
  constexpr int kWorkers = 3;
  std::atomic<int> under_way = 0;
  int most = 0, next = 0;
  const absl::Status status = RunOrdered<int, int>(
      kWorkers,
      [&](int* job) -> absl::StatusOr<bool> {
        if (next == 400) return false;
        *job = next++;
        most = std::max(most, ++under_way);  // taken by one thread at a time
        return true;
      },
      [](int, int& job, int*) {
        // The first job holds all others up.
        if (job == 0) std::this_thread::sleep_for(std::chrono::milliseconds(30));
        return absl::OkStatus();
      },
      [&](int&&) {
        --under_way;
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok());
  // A result leaves `under_way` in the sink, a moment before its place is free.
  EXPECT_LE(most, kWorkers * 4);
  EXPECT_EQ(under_way, 0);
}

TEST(RunOrdered, NamesWorkersFromZeroAndNeverUsesOneTwiceAtATime) {
  constexpr int kWorkers = 7;
  std::vector<std::atomic<int>> busy(kWorkers);
  std::atomic<bool> wrong = false;
  int next = 0;
  const absl::Status status = RunOrdered<int, int>(
      kWorkers,
      [&](int* job) -> absl::StatusOr<bool> {
        *job = next;
        return next++ < 2000;
      },
      [&](int worker, int&, int*) {
        if (worker < 0 || worker >= kWorkers) {
          wrong = true;
          return absl::OkStatus();
        }
        if (++busy[static_cast<size_t>(worker)] != 1) wrong = true;
        --busy[static_cast<size_t>(worker)];
        return absl::OkStatus();
      },
      [](int&&) { return absl::OkStatus(); });
  EXPECT_TRUE(status.ok());
  EXPECT_FALSE(wrong);
}

TEST(WorkerTeam, CallsEachNumberOnceLoopAfterLoop) {
  for (const int threads : kThreads) {
    WorkerTeam team(threads);
    for (int round = 0; round < 50; ++round) {
      for (const size_t count : {0u, 1u, 2u, 3u, 1000u}) {
        std::vector<std::atomic<int>> calls(count);
        std::atomic<bool> sane = true;
        const absl::Status status = team.ForEach(count, [&](int worker, uint64_t i) {
          if (worker < 0 || worker >= std::max(1, threads)) sane = false;
          ++calls[i];
          return absl::OkStatus();
        });
        EXPECT_TRUE(status.ok());
        EXPECT_TRUE(sane);
        for (const std::atomic<int>& call : calls) EXPECT_EQ(call, 1);
      }
    }
  }
}

TEST(WorkerTeam, ReturnsAnErrorAndStopsAndGoesOn) {
  for (const int threads : kThreads) {
    WorkerTeam team(threads);
    for (int round = 0; round < 3; ++round) {
      std::atomic<int> calls = 0;
      const absl::Status status = team.ForEach(1000000, [&](int, uint64_t i) -> absl::Status {
        ++calls;
        if (i == 3) return absl::InternalError("3");
        // The thread that fails may have to wait for a core.
        if (i > 1000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return absl::OkStatus();
      });
      EXPECT_EQ(status, absl::InternalError("3"));
      EXPECT_LT(calls, 1000000);
    }
  }
}

}  // namespace
}  // namespace refrain
