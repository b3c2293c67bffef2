#include "refrain/base/ordered.h"

namespace refrain {

WorkerTeam::~WorkerTeam() {
  {
    std::lock_guard lock(mutex_);
    over_ = true;
  }
  begun_.notify_all();
}

absl::Status WorkerTeam::ForEach(uint64_t count, const std::function<absl::Status(int, uint64_t)>& work) {
  if (threads_ <= 1 || count <= 1) {
    for (uint64_t i = 0; i < count; ++i) {
      if (absl::Status status = work(0, i); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  {
    std::lock_guard lock(mutex_);
    work_ = &work;
    count_ = count;
    next_ = 0;
    failed_at_ = UINT64_MAX;
    failure_ = absl::OkStatus();
    busy_ = threads_ - 1;
    ++loop_;
  }
  begun_.notify_all();
  if (others_.empty()) {
    for (int worker = 1; worker < threads_; ++worker) others_.emplace_back([this, worker] { Wait(worker); });
  }
  Share(0);
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return busy_ == 0; });
  return failure_;
}

// What a thread besides the caller's does all its life.
void WorkerTeam::Wait(int worker) {
  uint64_t done = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    begun_.wait(lock, [&] { return over_ || loop_ != done; });
    if (over_) return;
    done = loop_;
    lock.unlock();
    Share(worker);
    lock.lock();
    if (--busy_ == 0) ended_.notify_one();
  }
}

void WorkerTeam::Share(int worker) {
  while (true) {
    const uint64_t i = next_.fetch_add(1);
    if (i >= count_) return;
    absl::Status status = (*work_)(worker, i);
    if (status.ok()) continue;
    next_.store(count_);
    std::lock_guard lock(mutex_);
    if (i < failed_at_) {
      failed_at_ = i;
      failure_ = std::move(status);
    }
  }
}

}  // namespace refrain
