#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "refrain/io/source_internal.h"

namespace refrain {
namespace {

// A file that is not compressed.
class PlainSource : public ByteSource {
 public:
  explicit PlainSource(std::unique_ptr<StoredFile> file) : file_(std::move(file)) {}

  absl::StatusOr<ReadResult> Read(char* out, size_t room, size_t* got) override {
    const absl::StatusOr<size_t> read = file_->Read(offset_, out, room);
    if (!read.ok()) return read.status();
    *got = *read;
    offset_ += *read;
    if (*read > 0) return ReadResult::kBytes;
    if (offset_ < file_->size_at_open() && !told_) {
      told_ = true;
      AddDamage(offset_, file_->size_at_open() - offset_, kShrunk);
      return ReadResult::kGap;
    }
    return ReadResult::kEnd;
  }

  uint64_t member_offset() const override { return 0; }
  uint64_t member_length() const override { return 0; }
  uint64_t stored_bytes() const override { return offset_; }
  Coding coding() const override { return Coding::kPlain; }

 private:
  std::unique_ptr<StoredFile> file_;
  uint64_t offset_ = 0;
  bool told_ = false;
};

}  // namespace

void ByteSource::AddDamage(uint64_t offset, uint64_t bytes, std::string reason) {
  damage_.push_back({.offset = offset, .bytes = bytes, .stored = true, .reason = std::move(reason)});
}

absl::StatusOr<bool> Resynchronise(StoredWindow* window, uint64_t start, std::string_view magic,
                                   const std::function<absl::StatusOr<bool>(uint64_t* work)>& plausible) {
  constexpr size_t kStep = size_t{64} << 10;
  window->Seek(start);
  uint64_t work = 0;
  while (true) {
    const absl::StatusOr<bool> more = window->Want(kStep);
    if (!more.ok()) return more.status();
    const std::string_view bytes = window->bytes();
    const size_t at = bytes.find(magic);
    if (at == std::string_view::npos) {
      if (!*more) {
        window->Consume(bytes.size());
        return false;
      }
      window->Consume(bytes.size() - (magic.size() - 1));
      continue;
    }
    window->Consume(at);
    const uint64_t place = window->offset();
    if (work <= (uint64_t{4} << 20) + 32 * (place - start)) {
      const absl::StatusOr<bool> good = plausible(&work);
      if (!good.ok()) return good.status();
      window->Seek(place);
      if (*good) return true;
    }
    const absl::StatusOr<bool> again = window->Want(1);
    if (!again.ok()) return again.status();
    if (!*again) return false;  // the file became shorter meanwhile
    window->Consume(1);
  }
}

uint32_t ReadLittle32(const char* p) {
  const auto* b = reinterpret_cast<const unsigned char*>(p);
  return b[0] | b[1] << 8 | b[2] << 16 | static_cast<uint32_t>(b[3]) << 24;
}

Coding CodingOf(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) return Coding::kGzip;
  if (head.size() >= 4) {
    const uint32_t magic = ReadLittle32(head.data());
    if (magic == 0xFD2FB528 || (magic & 0xFFFFFFF0) == 0x184D2A50) return Coding::kZstd;
  }
  return Coding::kPlain;
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const std::string& path, StageClock* clock) {
  absl::StatusOr<std::unique_ptr<StoredFile>> file = StoredFile::Open(path, clock);
  if (!file.ok()) return file.status();
  char head[4];
  const absl::StatusOr<size_t> got = (*file)->Read(0, head, sizeof(head));
  if (!got.ok()) return got.status();
  switch (CodingOf({head, *got})) {
    case Coding::kGzip:
      return NewGzipSource(*std::move(file));
    case Coding::kZstd:
      return NewZstdSource(*std::move(file));
    case Coding::kPlain:
      break;
  }
  return std::make_unique<PlainSource>(*std::move(file));
}

}  // namespace refrain
