#include "refrain/pipeline/text_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace refrain {
namespace {
constexpr size_t kBuffer = 1 << 20;
}  // namespace

absl::StatusOr<std::unique_ptr<TextStore>> TextStore::Create(const std::string& tmpdir, uint32_t texts) {
  std::unique_ptr<TextStore> store(new TextStore());
  store->tmpdir_ = tmpdir.empty() ? "/tmp" : tmpdir;
  store->places_.resize(texts);
  std::string path = store->tmpdir_ + "/refrain-texts-XXXXXX";
  store->file_ = mkstemp(path.data());
  if (store->file_ < 0) {
    return absl::PermissionDeniedError(
        fmt::format("cannot write temporary files to {}: {}; name another folder with --tmpdir",
                    store->tmpdir_, std::strerror(errno)));
  }
  unlink(path.c_str());
  return store;
}

TextStore::~TextStore() {
  if (file_ >= 0) close(file_);
}

absl::Status TextStore::Add(uint32_t text, std::string_view bytes) {
  places_[text] = {.offset = size_, .size = static_cast<uint32_t>(bytes.size())};
  size_ += bytes.size();
  buffer_.append(bytes);
  return buffer_.size() >= kBuffer ? Flush() : absl::OkStatus();
}

absl::Status TextStore::Flush() {
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
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status TextStore::Finish() { return Flush(); }

absl::Status TextStore::Read(uint32_t text, std::string* bytes) const {
  const Place& place = places_[text];
  bytes->resize(place.size);
  for (size_t done = 0; done < place.size;) {
    const ssize_t got =
        pread(file_, bytes->data() + done, place.size - done, static_cast<off_t>(place.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return absl::DataLossError(
          fmt::format("cannot read back temporary file in {}: {}", tmpdir_,
                      got < 0 ? std::strerror(errno) : "it is shorter than what was written"));
    }
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

}  // namespace refrain
