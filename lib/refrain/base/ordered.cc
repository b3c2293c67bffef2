#include "refrain/base/ordered.h"

#include <atomic>

namespace refrain {

absl::Status ForEachParallel(int threads, uint64_t count,
                             const std::function<absl::Status(int, uint64_t)>& work) {
  if (threads <= 1 || count <= 1) {
    for (uint64_t i = 0; i < count; ++i) {
      if (absl::Status status = work(0, i); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  std::atomic<uint64_t> next = 0;
  std::mutex mutex;
  uint64_t failed_at = UINT64_MAX;
  absl::Status failure;
  const auto run = [&](int worker) {
    while (true) {
      const uint64_t i = next.fetch_add(1);
      if (i >= count) return;
      absl::Status status = work(worker, i);
      if (status.ok()) continue;
      next.store(count);
      std::lock_guard lock(mutex);
      if (i < failed_at) {
        failed_at = i;
        failure = std::move(status);
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int worker = 1; worker < threads; ++worker) workers.emplace_back(run, worker);
    run(0);
  }
  return failure;
}

}  // namespace refrain
