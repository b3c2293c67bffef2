#include "refrain/pipeline/text_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace refrain {
namespace {
constexpr size_t kBuffer = 1 << 20;
constexpr size_t kChunk = 1 << 20;
}  // namespace

TextStore::TextStore(const std::string& tmpdir, uint64_t memory)
    : tmpdir_(tmpdir.empty() ? "/tmp" : tmpdir), most_memory_(memory) {}

TextStore::~TextStore() {
  if (file_ >= 0) close(file_);
}

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
  if (text >= places_.size()) places_.resize(text + 1);
  Place& place = places_[text];
  place.size = static_cast<uint32_t>(bytes.size());
  place.memory = Keep(bytes);
  if (place.memory != nullptr) return absl::OkStatus();
  place.offset = written_ + buffer_.size();
  buffer_.append(bytes);
  return buffer_.size() >= kBuffer ? Flush() : absl::OkStatus();
}

absl::Status TextStore::Flush() {
  if (file_ < 0) {
    std::string path = tmpdir_ + "/refrain-texts-XXXXXX";
    file_ = mkstemp(path.data());
    if (file_ < 0) {
      return absl::PermissionDeniedError(
          fmt::format("cannot write temporary files to {}: {}; name another folder with --tmpdir", tmpdir_,
                      std::strerror(errno)));
    }
    unlink(path.c_str());
  }
  for (size_t done = 0; done < buffer_.size();) {
    const ssize_t put = write(file_, buffer_.data() + done, buffer_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      return absl::ResourceExhaustedError(
          fmt::format("cannot write temporary files to {}: {}; name another folder with --tmpdir", tmpdir_,
                      std::strerror(errno)));
    }
    done += static_cast<size_t>(put);
  }
  written_ += buffer_.size();
  buffer_.clear();
  return absl::OkStatus();
}

bool TextStore::has(uint32_t text) const {
  const std::lock_guard lock(mutex_);
  return Has(text);
}

uint64_t TextStore::memory() const {
  const std::lock_guard lock(mutex_);
  return memory_ + buffer_.capacity() + places_.capacity() * sizeof(Place);
}

absl::StatusOr<std::string_view> TextStore::Read(uint32_t text, Span span, std::string* scratch) const {
  Place place;
  int file = -1;
  {
    const std::lock_guard lock(mutex_);
    place = places_[text];
    file = file_;
    const uint32_t begin = std::min(span.begin, place.size);
    place.size = std::min(span.end, place.size) - begin;
    if (place.memory != nullptr) return std::string_view(place.memory + begin, place.size);
    place.offset += begin;
    // What is written at once stays together, so a text is in the file or in the buffer.
    if (place.offset >= written_) {
      scratch->assign(buffer_, place.offset - written_, place.size);
      return std::string_view(*scratch);
    }
  }
  scratch->resize(place.size);
  for (size_t done = 0; done < place.size;) {
    const ssize_t got =
        pread(file, scratch->data() + done, place.size - done, static_cast<off_t>(place.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return absl::DataLossError(
          fmt::format("cannot read back temporary file in {}: {}", tmpdir_,
                      got < 0 ? std::strerror(errno) : "it is shorter than what was written"));
    }
    done += static_cast<size_t>(got);
  }
  return std::string_view(*scratch);
}

}  // namespace refrain
