#pragma once
/// Many threads, one order: jobs are taken in order, worked on side by side, and their results handed on in
/// order. So what comes out never depends on how many threads there are.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace refrain {

/// Calls `next(&job)` until it returns false, `work(worker, job, &result)` on each job in one of `threads`
/// threads (worker is 0 to threads - 1, for scratch memory), and `sink(std::move(result))` for each result in
/// the order of their jobs. `next` and `sink` are each called by one thread at a time; `work` must be safe to
/// run side by side.
///
/// At most four jobs a thread are under way, so memory is bounded by their size. Stops at the first error,
/// first in the order of jobs, and returns it. With one thread everything runs in the caller's.
template <typename Job, typename Result>
absl::Status RunOrdered(int threads, const std::function<absl::StatusOr<bool>(Job*)>& next,
                        const std::function<absl::Status(int, Job&, Result*)>& work,
                        const std::function<absl::Status(Result&&)>& sink) {
  if (threads <= 1) {
    Job job;
    while (true) {
      absl::StatusOr<bool> more = next(&job);
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
      Result result;
      if (absl::Status status = work(0, job, &result); !status.ok()) return status;
      if (absl::Status status = sink(std::move(result)); !status.ok()) return status;
    }
  }

  struct Shared {
    std::mutex next_mutex;  // held while a job is taken
    std::mutex mutex;       // guards all below
    std::condition_variable moved;
    uint64_t taken = 0;      // jobs handed out; written under both mutexes
    uint64_t delivered = 0;  // results given to the sink
    bool ended = false;      // no more jobs
    bool sinking = false;    // some thread is in the sink
    std::map<uint64_t, std::pair<absl::Status, Result>> waiting;
    absl::Status failure;  // what the sink or the first failed job said
  } shared;
  const uint64_t most = static_cast<uint64_t>(threads) * 4;

  const auto run = [&](int worker) {
    Job job;
    while (true) {
      uint64_t number = 0;
      {
        std::lock_guard take(shared.next_mutex);
        {
          std::unique_lock lock(shared.mutex);
          shared.moved.wait(lock, [&] { return shared.ended || shared.taken < shared.delivered + most; });
          if (shared.ended) return;
          number = shared.taken;
        }
        absl::StatusOr<bool> more = next(&job);
        std::lock_guard lock(shared.mutex);
        if (!more.ok()) {
          shared.waiting.emplace(number, std::pair(more.status(), Result{}));
          ++shared.taken;
        }
        if (!more.ok() || !*more) {
          shared.ended = true;
          shared.moved.notify_all();
        } else {
          ++shared.taken;
        }
        if (more.ok() && !*more) return;
        if (!more.ok()) number = UINT64_MAX;
      }
      Result result;
      absl::Status status;
      if (number != UINT64_MAX) status = work(worker, job, &result);

      std::unique_lock lock(shared.mutex);
      if (number != UINT64_MAX)
        shared.waiting.emplace(number, std::pair(std::move(status), std::move(result)));
      if (shared.sinking) continue;
      shared.sinking = true;
      while (!shared.waiting.empty() && shared.waiting.begin()->first == shared.delivered) {
        auto node = shared.waiting.extract(shared.waiting.begin());
        lock.unlock();
        absl::Status done = std::move(node.mapped().first);
        if (done.ok() && shared.failure.ok()) done = sink(std::move(node.mapped().second));
        lock.lock();
        if (!done.ok() && shared.failure.ok()) {
          shared.failure = std::move(done);
          shared.ended = true;
        }
        ++shared.delivered;
        shared.moved.notify_all();
      }
      shared.sinking = false;
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int worker = 1; worker < threads; ++worker) workers.emplace_back(run, worker);
    run(0);
  }
  return shared.failure;
}

/// Threads that wait for work, for loops so short that starting threads would cost more than they save.
class WorkerTeam {
 public:
  /// `threads` with the caller's; they are started when there is something to share out.
  explicit WorkerTeam(int threads) : threads_(threads) {}
  ~WorkerTeam();
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  /// Calls `work(worker, i)` for i in [0, count), side by side. Returns the error of the lowest i that failed
  /// before all stopped.
  absl::Status ForEach(uint64_t count, const std::function<absl::Status(int, uint64_t)>& work);

 private:
  void Wait(int worker);
  void Share(int worker);

  const int threads_;
  std::mutex mutex_;  // guards all below but next_
  std::condition_variable begun_, ended_;
  uint64_t loop_ = 0;  // number of the loop that goes on, or of the last one
  int busy_ = 0;       // threads besides the caller's that have not left it
  bool over_ = false;
  const std::function<absl::Status(int, uint64_t)>* work_ = nullptr;
  uint64_t count_ = 0;
  std::atomic<uint64_t> next_ = 0;
  uint64_t failed_at_ = UINT64_MAX;
  absl::Status failure_;
  std::vector<std::jthread> others_;
};

}  // namespace refrain
