#include "refrain/pipeline/corpus.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace refrain {
namespace {

constexpr size_t kReportedPlaces = 100;

absl::Status SpoolStandardInput(const std::string& tmpdir, std::string* path, uint64_t* size) {
  *path = tmpdir + "/refrain-stdin-XXXXXX";
  const int file = mkstemp(path->data());
  if (file < 0) {
    const std::string failed = std::exchange(*path, "");
    return absl::PermissionDeniedError(
        fmt::format("cannot spool standard input to {}: {}; name another folder with --tmpdir", failed,
                    std::strerror(errno)));
  }
  std::vector<char> buffer(1 << 20);
  *size = 0;
  absl::Status status;
  while (status.ok()) {
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      status = absl::DataLossError(fmt::format("standard input, byte {}: {}", *size, std::strerror(errno)));
      break;
    }
    for (ssize_t done = 0; done < got;) {
      const ssize_t put = write(file, buffer.data() + done, static_cast<size_t>(got - done));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        status = absl::ResourceExhaustedError(
            fmt::format("cannot spool standard input to {}: {}; name another folder with --tmpdir", *path,
                        std::strerror(errno)));
        break;
      }
      done += put;
    }
    *size += static_cast<uint64_t>(got);
  }
  close(file);
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Open(const CorpusOptions& options) {
  std::unique_ptr<Corpus> corpus(new Corpus());
  corpus->options_ = options;
  std::vector<std::string> arguments = options.inputs;
  const size_t dashes = std::erase(arguments, "-");
  if (arguments.empty() && dashes == 0)
    return absl::InvalidArgumentError("no input: name files or folders, or - for standard input");
  if (!arguments.empty()) {
    absl::StatusOr<std::vector<InputFile>> files = ExpandInputs(arguments);
    if (!files.ok()) return files.status();
    corpus->files_ = *std::move(files);
  }
  if (dashes > 0) {
    InputFile spooled{.name = "stdin"};
    absl::Status status =
        SpoolStandardInput(options.tmpdir.empty() ? "/tmp" : options.tmpdir, &spooled.path, &spooled.size);
    corpus->spool_ = spooled.path;
    if (!status.ok()) return status;
    corpus->files_.push_back(std::move(spooled));
    std::sort(corpus->files_.begin(), corpus->files_.end(),
              [](const InputFile& one, const InputFile& other) { return one.name < other.name; });
  }
  for (const InputFile& file : corpus->files_) corpus->bytes_ += file.size;
  return corpus;
}

Corpus::~Corpus() {
  if (!spool_.empty()) unlink(spool_.c_str());
}

absl::StatusOr<bool> Corpus::Next(Cursor* cursor, const std::string& stage, const RunHooks& hooks,
                                  CorpusBatch* batch) {
  if (hooks.stop != nullptr && hooks.stop->load(std::memory_order_relaxed))
    return absl::CancelledError("stopped");
  if (cursor->file >= files_.size()) return false;
  const InputFile& file = files_[cursor->file];
  batch->file = cursor->file;
  batch->opens_file = cursor->reader == nullptr;
  batch->closes_file = false;
  batch->refused = false;
  batch->refusal.clear();
  batch->records.records.clear();
  batch->records.damage.clear();
  batch->records.file_bytes = 0;
  if (cursor->reader == nullptr) {
    absl::StatusOr<std::unique_ptr<RecordReader>> reader = OpenRecords(file, cursor->file, options_.reader);
    if (!reader.ok()) {
      batch->refused = true;
      batch->closes_file = true;
      batch->refusal = std::string(reader.status().message());
      ++cursor->file;
      cursor->bytes += file.size;
      return true;
    }
    cursor->reader = *std::move(reader);
  }
  absl::StatusOr<bool> more = cursor->reader->Next(&batch->records);
  batch->gzip = cursor->reader->gzip();
  batch->zstd = cursor->reader->zstd();
  batch->format = cursor->reader->format();
  if (!more.ok()) {  // reading on is impossible: what came before counts, the rest is damage
    batch->records.records.clear();
    batch->records.damage.push_back({.file = cursor->file,
                                     .record = 0,
                                     .offset = cursor->reader->bytes_read(),
                                     .bytes = 0,
                                     .reason = std::string(more.status().message())});
  }
  if (!more.ok() || !*more) {
    batch->closes_file = true;
    cursor->reader.reset();
    ++cursor->file;
  }
  cursor->bytes += batch->records.file_bytes;
  if (hooks.progress) hooks.progress({.stage = stage, .bytes = cursor->bytes, .bytes_total = bytes_});
  return true;
}

std::string Corpus::Where(uint32_t file, uint64_t offset) const {
  return fmt::format("{}:{}", files_[file].name, offset);
}

void Corpus::ReportDamage(const Damage& damage, const RunHooks& hooks) {
  ++damage_.places;
  damage_.bytes += damage.bytes;
  std::string line = fmt::format("{}: {}", Where(damage.file, damage.offset), damage.reason);
  if (damage.bytes > 0) line += fmt::format(" ({} bytes left out)", damage.bytes);
  if (hooks.warn && damage_.first.size() < kReportedPlaces) hooks.warn(line);
  if (damage_.first.size() < kReportedPlaces) damage_.first.push_back(std::move(line));
}

void Corpus::ReportRefused(const CorpusBatch& batch, const RunHooks& hooks) {
  ++damage_.refused_files;
  if (hooks.warn && damage_.first.size() < kReportedPlaces) hooks.warn(batch.refusal);
  if (damage_.first.size() < kReportedPlaces) damage_.first.push_back(batch.refusal);
}

void Corpus::ReportOversized(const Record& record, const RunHooks& hooks) {
  if (record.location.file == last_oversized_.file && record.location.record == last_oversized_.record)
    return;
  last_oversized_ = record.location;
  ++damage_.oversized;
  std::string line =
      fmt::format("{}: record larger than {} bytes, not compared; raise --max-record to read it",
                  Where(record.location.file, record.location.offset), options_.reader.max_record);
  if (hooks.warn && damage_.first.size() < kReportedPlaces) hooks.warn(line);
  if (damage_.first.size() < kReportedPlaces) damage_.first.push_back(std::move(line));
}

}  // namespace refrain
