#include "refrain/base/handover.h"

#include <utility>

namespace refrain {

Handover::Handover(std::function<absl::Status(std::string_view)> work)
    : work_(std::move(work)), thread_([this] { Run(); }) {}

Handover::~Handover() {
  std::lock_guard lock(mutex_);
  over_ = true;
  moved_.notify_all();
}

absl::Status Handover::Give(std::string* block) {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return !waiting_ || !failure_.ok(); });
  if (!failure_.ok()) return failure_;
  block_.swap(*block);
  block->clear();
  waiting_ = true;
  moved_.notify_all();
  return absl::OkStatus();
}

absl::Status Handover::Finish() {
  std::unique_lock lock(mutex_);
  moved_.wait(lock, [&] { return (!waiting_ && !busy_) || !failure_.ok(); });
  return failure_;
}

void Handover::Run() {
  std::string block;
  std::unique_lock lock(mutex_);
  while (true) {
    moved_.wait(lock, [&] { return over_ || waiting_; });
    if (over_ || !failure_.ok()) return;
    block.swap(block_);
    waiting_ = false;
    busy_ = true;
    moved_.notify_all();
    lock.unlock();
    absl::Status status = work_(block);
    lock.lock();
    busy_ = false;
    if (!status.ok()) failure_ = std::move(status);
    moved_.notify_all();
    if (!failure_.ok()) return;
  }
}

}  // namespace refrain
