#include "refrain/pipeline/text_store.h"

#include <algorithm>

namespace refrain {
namespace {
constexpr size_t kChunk = 1 << 20;
}  // namespace

TextStore::TextStore(const std::string& tmpdir, uint64_t memory) : most_memory_(memory), file_(tmpdir) {}

// Copies `bytes` to memory if there is some left; else nullptr.
const char* TextStore::Keep(std::string_view bytes) {
  if (free_size_ < bytes.size()) {
    const size_t size = std::max(kChunk, bytes.size());
    if (memory_ + size > most_memory_) return nullptr;
    chunks_.emplace_back(new char[size]);
    memory_ += size;
    free_ = chunks_.back().get();
    free_size_ = size;
  }
  char* const kept = free_;
  std::copy(bytes.begin(), bytes.end(), kept);
  free_ += bytes.size();
  free_size_ -= bytes.size();
  return kept;
}

absl::Status TextStore::Add(uint32_t text, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (Has(text)) return absl::OkStatus();
  if (text >= places_.size()) {
    places_.resize(text + 1, kAbsent);
    sizes_.resize(text + 1);
  }
  sizes_[text] = static_cast<uint32_t>(bytes.size());
  if (const char* const kept = Keep(bytes); kept != nullptr) {
    places_[text] = reinterpret_cast<uint64_t>(kept);
    return absl::OkStatus();
  }
  places_[text] = kInFile | file_.size();
  return file_.Append(bytes);
}

bool TextStore::has(uint32_t text) const {
  const std::lock_guard lock(mutex_);
  return Has(text);
}

uint64_t TextStore::memory() const {
  const std::lock_guard lock(mutex_);
  return memory_ + file_.memory() + places_.capacity() * sizeof(uint64_t) +
         sizes_.capacity() * sizeof(uint32_t);
}

uint64_t TextStore::disk() const {
  const std::lock_guard lock(mutex_);
  return file_.size();
}

absl::StatusOr<std::string_view> TextStore::Read(uint32_t text, Span span, std::string* scratch) const {
  uint64_t offset = 0;
  size_t size = 0;
  {
    const std::lock_guard lock(mutex_);
    const uint32_t begin = std::min(span.begin, sizes_[text]);
    size = std::min(span.end, sizes_[text]) - begin;
    if ((places_[text] & kInFile) == 0)
      return std::string_view(reinterpret_cast<const char*>(places_[text]) + begin, size);
    offset = (places_[text] & ~kInFile) + begin;
    scratch->resize(size);
    if (file_.waits(offset)) {
      if (absl::Status status = file_.Read(offset, size, scratch->data()); !status.ok()) return status;
      return std::string_view(*scratch);
    }
  }
  if (absl::Status status = file_.ReadWritten(offset, size, scratch->data()); !status.ok()) return status;
  return std::string_view(*scratch);
}

}  // namespace refrain
