#include "refrain/pipeline/page_texts.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "refrain/base/system_error.h"

namespace refrain {
namespace {
constexpr size_t kPadding = 64;  // readable bytes behind a record, see RecordBatch
}  // namespace

bool ReadsInPlace(const PageEntry& entry, bool plain_file) {
  return plain_file && (entry.kind == RecordKind::kJsonl || entry.kind == RecordKind::kText ||
                        entry.kind == RecordKind::kWet);
}

PageTexts::PageTexts(const PageTable& table, const TextStore& store, const Corpus& corpus,
                     const Corpus* against)
    : table_(table), store_(store), corpus_(corpus), against_(against), source_(corpus) {
  if (against != nullptr) against_source_ = std::make_unique<PageSource>(*against);
}

PageTexts::~PageTexts() {
  if (descriptor_ >= 0) close(descriptor_);
}

absl::Status PageTexts::Read(uint32_t page, std::string* text) {
  if (store_.has(page)) {
    const absl::StatusOr<std::string_view> stored = store_.Read(page, text);
    if (!stored.ok()) return stored.status();
    if (stored->data() != text->data()) text->assign(*stored);
    return absl::OkStatus();
  }
  const PageEntry& entry = table_[page];
  const size_t ours = corpus_.files().size();
  const bool is_against = entry.file >= ours;
  const uint32_t number = is_against ? entry.file - static_cast<uint32_t>(ours) : entry.file;
  const InputFile& file = is_against ? against_->files()[number] : corpus_.files()[number];
  const absl::StatusOr<const PageFacts*> found = table_.Facts(page, &facts_);
  if (!found.ok()) return found.status();
  const PageFacts& facts = **found;
  if (absl::Status status = ReadRecord(entry.file, facts, file.path); !status.ok()) return status;
  const Record record{
      .location = {.file = number, .record = entry.record, .offset = facts.offset, .length = 0},
      .kind = entry.kind,
      .bytes = std::string_view(record_).substr(0, facts.record_bytes)};
  const absl::StatusOr<bool> parsed = (is_against ? *against_source_ : source_).Read(record, &page_);
  if (!parsed.ok() || !*parsed || page_.text.size() != entry.text_bytes) {
    return absl::DataLossError(
        fmt::format("{}: byte {}: the file was changed while it was read", file.path, facts.offset));
  }
  text->swap(page_.text);
  return absl::OkStatus();
}

absl::StatusOr<Span> PageTexts::Words(uint32_t page) {
  const absl::StatusOr<const PageFacts*> facts = table_.Facts(page, &facts_);
  if (!facts.ok()) return facts.status();
  return (*facts)->words;
}

// Fills record_ with the bytes of a page's record and padding.
absl::Status PageTexts::ReadRecord(uint32_t file, const PageFacts& facts, const std::string& path) {
  const auto failed = [&](const char* what) {
    return absl::DataLossError(
        fmt::format("{}: byte {}: cannot read this record again: {}", path, facts.offset, what));
  };
  if (open_file_ != file) {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    open_file_ = descriptor_ >= 0 ? file : UINT32_MAX;
    if (const int error = errno; descriptor_ < 0) return WithErrno(failed(std::strerror(error)), error);
  }
  if (record_.size() < facts.record_bytes + kPadding) record_.resize(facts.record_bytes + kPadding);
  std::memset(record_.data() + facts.record_bytes, 0, kPadding);
  for (size_t done = 0; done < facts.record_bytes;) {
    const ssize_t got = pread(descriptor_, record_.data() + done, facts.record_bytes - done,
                              static_cast<off_t>(facts.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(std::strerror(errno));
    if (got == 0) return failed("the file became shorter");
    done += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

}  // namespace refrain
