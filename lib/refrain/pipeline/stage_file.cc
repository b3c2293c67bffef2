#include "refrain/pipeline/stage_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "refrain/base/hash.h"
#include "refrain/base/system_error.h"

namespace refrain {
namespace {

constexpr std::string_view kMagic = "refrain stage 1\n";
// Kinds of blocks. Each block: its kind, its size (4 bytes each), a hash of its place, kind and bytes (8),
// and those.
constexpr uint32_t kFields = 0x646c6566, kData = 0x61746164, kEnd = 0x21646e65;
constexpr size_t kBlockHead = 16;

uint64_t BlockHash(uint64_t offset, uint32_t kind, std::string_view bytes) {
  return HashBytes64(bytes, offset * 0x9e3779b97f4a7c15 + kind);
}

// The first word of `text`, which goes.
std::string TakeWord(std::string_view* text) {
  const size_t end = std::min(text->find(' '), text->size());
  std::string word(text->substr(0, std::min<size_t>(end, 80)));
  text->remove_prefix(std::min(end + 1, text->size()));
  return word.empty() ? "nothing" : word;
}

// The first words in which two values of a field differ: options are many words.
std::string FirstDifference(std::string_view there, std::string_view now) {
  while (!there.empty() || !now.empty()) {
    const std::string one = TakeWord(&there), other = TakeWord(&now);
    if (one != other) return fmt::format("{} there, {} now", one, other);
  }
  return "not the same";
}

}  // namespace

void AppendNumber(uint64_t value, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void AppendText(std::string_view text, std::string* bytes) {
  AppendNumber(text.size(), bytes);
  bytes->append(text);
}

void StageBytes::Copy(void* to, size_t size) {
  if (!ok_ || bytes_.size() < size) {
    ok_ = false;
    return;
  }
  std::memcpy(to, bytes_.data(), size);
  bytes_.remove_prefix(size);
}

absl::StatusOr<std::unique_ptr<StageWriter>> StageWriter::Create(const std::string& path,
                                                                 const StageFields& fields) {
  absl::StatusOr<std::unique_ptr<OutputFile>> file = OutputFile::Create(path, Compression::kNone);
  if (!file.ok()) return file.status();
  std::unique_ptr<StageWriter> writer(new StageWriter(*std::move(file)));
  if (absl::Status status = writer->file_->Write(kMagic); !status.ok()) return status;
  writer->bytes_ = kMagic.size();
  std::string bytes;
  AppendNumber(fields.size(), &bytes);
  for (const auto& [name, value] : fields) {
    AppendText(name, &bytes);
    AppendText(value, &bytes);
  }
  if (absl::Status status = writer->WriteBlock(kFields, bytes); !status.ok()) return status;
  return writer;
}

absl::Status StageWriter::WriteBlock(uint32_t kind, std::string_view block) {
  if (block.size() > kMostBlock)
    return absl::InvalidArgumentError(
        fmt::format("a block of {} bytes is too large for a stage file", block.size()));
  const uint32_t size = static_cast<uint32_t>(block.size());
  const uint64_t hash = BlockHash(bytes_, kind, block);
  std::string head;
  head.append(reinterpret_cast<const char*>(&kind), sizeof(kind));
  head.append(reinterpret_cast<const char*>(&size), sizeof(size));
  head.append(reinterpret_cast<const char*>(&hash), sizeof(hash));
  bytes_ += head.size() + block.size();
  if (absl::Status status = file_->Write(head); !status.ok()) return status;
  return file_->Write(block);
}

absl::Status StageWriter::Add(std::string_view block) {
  ++blocks_;
  return WriteBlock(kData, block);
}

absl::Status StageWriter::Close() {
  std::string bytes;
  AppendNumber(blocks_, &bytes);
  if (absl::Status status = WriteBlock(kEnd, bytes); !status.ok()) return status;
  return file_->Close();
}

StageReader::~StageReader() { close(file_); }

absl::Status StageReader::Damaged(uint64_t offset, const char* what) const {
  return absl::DataLossError(fmt::format("{}: byte {}: {}", path_, offset, what));
}

absl::Status StageReader::ReadExactly(size_t size, char* to) {
  if (size > size_ - offset_) return Damaged(offset_, "the file ends too early");
  for (size_t done = 0; done < size;) {
    const ssize_t got = read(file_, to + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Damaged(offset_ + done, std::strerror(errno));
    if (got == 0) return Damaged(offset_ + done, "the file ends too early");
    done += static_cast<size_t>(got);
  }
  offset_ += size;
  return absl::OkStatus();
}

// Replaces `block`, and returns its kind.
absl::StatusOr<uint32_t> StageReader::ReadBlock(std::string* block) {
  const uint64_t begin = offset_;
  char head[kBlockHead];
  if (absl::Status status = ReadExactly(kBlockHead, head); !status.ok()) return status;
  uint32_t kind = 0, size = 0;
  uint64_t hash = 0;
  std::memcpy(&kind, head, 4);
  std::memcpy(&size, head + 4, 4);
  std::memcpy(&hash, head + 8, 8);
  if (size > size_ - offset_) return Damaged(begin, "a block is larger than what is left of the file");
  block->resize(size);
  if (absl::Status status = ReadExactly(size, block->data()); !status.ok()) return status;
  if (hash != BlockHash(begin, kind, *block)) return Damaged(begin, "a block is not what was written");
  return kind;
}

absl::StatusOr<std::unique_ptr<StageReader>> StageReader::Open(const std::string& path,
                                                               const StageFields& fields) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    const int error = errno;
    const std::string reason = fmt::format("{}: {}", path, std::strerror(error));
    return WithErrno(error == ENOENT ? absl::NotFoundError(reason) : absl::DataLossError(reason), error);
  }
  std::unique_ptr<StageReader> reader(new StageReader(path, file));
  struct stat about{};
  if (fstat(file, &about) != 0) return reader->Damaged(0, std::strerror(errno));
  reader->size_ = static_cast<uint64_t>(about.st_size);
  std::string magic(kMagic.size(), '\0');
  if (absl::Status status = reader->ReadExactly(magic.size(), magic.data()); !status.ok()) return status;
  if (magic != kMagic) return reader->Damaged(0, "no stage file of this version");
  const uint64_t begin = reader->offset_;
  std::string block;
  const absl::StatusOr<uint32_t> kind = reader->ReadBlock(&block);
  if (!kind.ok()) return kind.status();
  if (*kind != kFields) return reader->Damaged(begin, "no fields");
  StageBytes bytes(block);
  StageFields found;
  for (uint64_t left = bytes.Count(16); left > 0; --left) {
    std::string name = bytes.Text();
    found.emplace_back(std::move(name), bytes.Text());
  }
  if (!bytes.ok() || !bytes.at_end()) return reader->Damaged(begin, "its fields cannot be read");
  for (size_t i = 0; i < std::max(found.size(), fields.size()); ++i) {
    if (i < found.size() && i < fields.size() && found[i] == fields[i]) continue;
    const bool same_name = i < found.size() && i < fields.size() && found[i].first == fields[i].first;
    return absl::FailedPreconditionError(fmt::format(
        "{} was left by another run: {} ({})", path, i < fields.size() ? fields[i].first : found[i].first,
        !same_name ? "not known to both"
        : fields[i].first == "inputs" || fields[i].first == "against"
            ? "a file came, went or changed since"
            : FirstDifference(found[i].second, fields[i].second)));
  }
  return reader;
}

absl::StatusOr<bool> StageReader::Next(std::string* block) {
  if (ended_) return false;
  const uint64_t begin = offset_;
  const absl::StatusOr<uint32_t> kind = ReadBlock(block);
  if (!kind.ok()) return kind.status();
  if (*kind == kData) {
    ++blocks_;
    return true;
  }
  StageBytes bytes(*block);
  if (*kind != kEnd || bytes.Number() != blocks_ || !bytes.ok() || !bytes.at_end())
    return Damaged(begin, "a block is not what was written");
  if (offset_ != size_) return Damaged(offset_, "something stands behind the end");
  ended_ = true;
  return false;
}

}  // namespace refrain
