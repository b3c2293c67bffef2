#include "refrain/pipeline/plan_sample.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/ordered.h"
#include "refrain/base/system_error.h"
#include "refrain/io/output.h"
#include "refrain/pipeline/page_scan.h"
#include "refrain/pipeline/page_source.h"
#include "refrain/pipeline/page_texts.h"
#include "refrain/pipeline/plan_stretches.h"

namespace refrain {
namespace {

constexpr uint32_t kNoFile = UINT32_MAX;

// Seconds of this thread's work.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

absl::Status NoSample(int error) {
  return WithErrno(absl::ResourceExhaustedError(
                       fmt::format("cannot take a sample of the input: {}", std::strerror(error))),
                   error);
}

// A file in memory, for readers of files.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : file_(memfd_create("refrain", MFD_CLOEXEC)) {
    while (file_ >= 0 && !bytes.empty()) {
      const ssize_t written = write(file_, bytes.data(), bytes.size());
      if (written <= 0) break;
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    if (file_ < 0 || !bytes.empty()) status_ = NoSample(errno);
  }
  ~MemoryFile() {
    if (file_ >= 0) close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  const absl::Status& status() const { return status_; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }

 private:
  const int file_;
  absl::Status status_;
};

// Where reading on is impossible.
void AddUnread(const RecordReader& reader, uint32_t file, const absl::Status& status, Found* found) {
  found->damage.push_back(
      {.file = file, .offset = reader.bytes_read(), .reason = std::string(status.message())});
}

// What is looked at together: one stretch of a file, or the beginning of a file that cannot be entered.
struct Job {
  uint64_t number = 0;
  uint32_t file = 0;
  SampledStretch stretch;
  InputFormat format = InputFormat::kAuto;
  bool gzip = false, zstd = false;
  std::shared_ptr<RecordReader> reader;  // opened, first batch read; else the stretch is to be read
  std::shared_ptr<RecordBatch> first;
  bool more = false;   // whether reader has more
  uint64_t quota = 0;  // of bytes of records that are wanted of it
  double share = 0;    // of all points that fell into the file, times bytes that each stands for
};

// Looks at jobs. One for each thread.
class Looker {
 public:
  Looker(const Corpus& corpus, const DedupOptions& options)
      : corpus_(corpus), options_(options), scanner_(corpus, options), source_(corpus) {}

  absl::Status Look(Job& job, Found* found);

 private:
  void LookAt(RecordBatch&& records, const Job& job, Found* found);
  void LookAtClean(const RecordBatch& records, const Job& job, Found* found);

  const Corpus& corpus_;
  const DedupOptions& options_;
  PageScanner scanner_;
  PageSource source_;
  Page page_;
  PageImage image_;
};

absl::Status Looker::Look(Job& job, Found* found) {
  const double begin = CpuSeconds();
  found->weight = job.stretch.weight;
  found->compressed = job.gzip || job.zstd;
  found->as_read = !Corpus::IsExtracted(job.format);
  found->file = job.file;
  found->format = job.format;
  if (job.reader != nullptr) {
    uint64_t stored = job.first->file_bytes;
    LookAt(std::move(*job.first), job, found);
    while (job.more && found->record_bytes < job.quota) {
      RecordBatch batch;
      const absl::StatusOr<bool> more = job.reader->Next(&batch);
      if (!more.ok()) {
        AddUnread(*job.reader, job.file, more.status(), found);
        break;
      }
      job.more = *more;
      stored += batch.file_bytes;
      LookAt(std::move(batch), job, found);
    }
    const uint64_t size = corpus_.files()[job.file].size;
    found->stored_bytes = job.more ? std::clamp<uint64_t>(stored, 1, std::max<uint64_t>(size, 1)) : size;
    found->weight =
        found->stored_bytes == 0 ? 1 : std::max(1.0, job.share / static_cast<double>(found->stored_bytes));
    job.reader.reset();
  } else {
    found->stored_bytes = job.stretch.end - job.stretch.begin;
    const InputFile& input = corpus_.files()[job.file];
    const int file = open(input.path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && (errno == EMFILE || errno == ENFILE)) return NoSample(errno);
    if (file < 0) return absl::OkStatus();  // gone meanwhile: the run will say so
    uint64_t offset = 0;
    const absl::StatusOr<std::string> bytes =
        ReadStretch(file, input.path, job.stretch, job.format == InputFormat::kWarc ? "WARC/" : "",
                    options_.corpus.reader.max_record, &offset);
    close(file);
    if (!bytes.ok()) {
      found->damage.push_back(
          {.file = job.file, .offset = job.stretch.begin, .reason = std::string(bytes.status().message())});
    }
    if (!bytes.ok() || bytes->empty()) return absl::OkStatus();
    const MemoryFile records(*bytes);
    if (!records.status().ok()) return records.status();
    ReaderOptions reader_options = options_.corpus.reader;
    reader_options.format = job.format;
    auto reader = OpenRecords({.path = records.path(), .name = input.name, .size = bytes->size()}, job.file,
                              reader_options);
    if (absl::IsResourceExhausted(reader.status())) return reader.status();
    if (!reader.ok()) return absl::OkStatus();
    for (bool more = true; more;) {
      RecordBatch batch;
      const absl::StatusOr<bool> next = (*reader)->Next(&batch);
      if (!next.ok()) {
        AddUnread(**reader, job.file, next.status(), found);
        break;
      }
      more = *next;
      LookAt(std::move(batch), job, found);
    }
    for (Damage& damage : found->damage) damage.offset += offset;
    for (Record& record : found->oversized) record.location.offset += offset;
  }
  for (SampledPage& page : found->pages) page.weight = found->weight;
  found->seconds = CpuSeconds() - begin - found->clean_seconds;
  return absl::OkStatus();
}

void Looker::LookAt(RecordBatch&& records, const Job& job, Found* found) {
  for (const Record& record : records.records) found->record_bytes += record.bytes.size();
  const size_t before = found->pages.size();
  CorpusBatch batch;
  batch.file = job.file;
  batch.format = job.format;
  batch.gzip = job.gzip;
  batch.zstd = job.zstd;
  batch.records = std::move(records);
  ScanResult result;
  if (!scanner_.Scan(batch, &result).ok()) return;
  std::move(result.damage.begin(), result.damage.end(), std::back_inserter(found->damage));
  std::move(result.oversized.begin(), result.oversized.end(), std::back_inserter(found->oversized));
  found->fields.Add(result.place.fields);
  found->guesses.Add(result.place.guesses);
  for (const ScanResult::ScannedPage& page : result.pages) {
    const PageEntry& entry = page.entry;
    found->pages.push_back({.exact = page.exact,
                            .sketch = page.facts.sketch,
                            .weight = 0,
                            .stretch = job.number,
                            .text_bytes = entry.text_bytes,
                            .tokens = entry.tokens,
                            .record_bytes = page.facts.record_bytes,
                            .in_place = ReadsInPlace(entry, !job.gzip && !job.zstd)});
    found->text_bytes += entry.text_bytes;
    found->page_bytes += page.facts.record_bytes;
    found->id_bytes += page.id.size();
    found->blocks += page.blocks;
    found->repaired += entry.has_cut;
    if (entry.has_cut) found->repaired_bytes += page.facts.record_bytes;
  }
  found->repeat_spans += result.repeat_spans;
  found->repeat_bytes += result.repeat_bytes;
  found->band_keys.insert(found->band_keys.end(), result.band_keys.begin(), result.band_keys.end());
  if (before == 0 && job.number % 4 == 0 && !found->pages.empty()) {
    const double begin = CpuSeconds();
    LookAtClean(batch.records, job, found);
    found->clean_seconds += CpuSeconds() - begin;
  }
}

void Looker::LookAtClean(const RecordBatch& records, const Job& job, Found* found) {
  constexpr size_t kEnough = 256 << 10;
  std::string clean;
  for (const Record& record : records.records) {
    if (record.oversized || record.kind == RecordKind::kBlank) continue;
    if (clean.size() > kEnough) break;
    const absl::StatusOr<bool> parsed = source_.Read(record, &page_);
    if (!parsed.ok() || !*parsed) continue;
    MakeImage(page_, corpus_.files()[job.file].name, corpus_.options().parse.fields, &image_);
    clean += found->as_read ? record.bytes : image_.raw;
    found->clean_text += page_.text.size();
  }
  found->clean_bytes = clean.size();
  found->clean_stored = CompressedSize(clean, job.gzip   ? Compression::kGzip
                                              : job.zstd ? Compression::kZstd
                                                         : Compression::kNone);
  found->removed_stored = CompressedSize(clean, Compression::kZstd, Effort::kLow);
}

}  // namespace

absl::StatusOr<Sample> TakeSample(Corpus& corpus, const DedupOptions& options, uint64_t bytes,
                                  const RunHooks& hooks) {
  const int threads = std::max(1, options.corpus.threads);
  const uint64_t total = corpus.bytes();
  const auto drawn = DrawStretches(corpus.files(), total, bytes);

  std::vector<std::unique_ptr<Looker>> lookers;
  for (int i = 0; i < threads; ++i) lookers.push_back(std::make_unique<Looker>(corpus, options));
  auto file = drawn.begin();
  size_t next = 0;  // stretch of the file
  Job current;      // of the file; reader taken
  uint64_t number = 0;
  current.file = kNoFile;
  Sample sample;
  for (uint32_t i = 0; i < corpus.files().size(); ++i) {
    if (!corpus.files()[i].unreadable.empty()) sample.refused[i] = corpus.files()[i].unreadable;
  }
  ReaderOptions reader_options = options.corpus.reader;
  reader_options.batch_bytes = std::min<uint64_t>(reader_options.batch_bytes, kLongestStretch);
  const auto begin = std::chrono::steady_clock::now();
  absl::Status status = RunOrdered<Job, Found>(
      threads,
      [&](Job* job) -> absl::StatusOr<bool> {
        if (hooks.stop != nullptr && hooks.stop->load()) return absl::CancelledError("stopped");
        for (; file != drawn.end(); ++file, next = 0, current.file = kNoFile) {
          if (current.file == kNoFile) {
            const InputFile& input = corpus.files()[file->first];
            if (!input.unreadable.empty()) continue;
            auto reader = OpenRecords(input, file->first, reader_options);
            if (absl::IsResourceExhausted(reader.status())) return reader.status();
            if (!reader.ok()) {
              sample.refused[file->first] = std::string(reader.status().message());
              continue;
            }
            auto first = std::make_shared<RecordBatch>();
            const absl::StatusOr<bool> more = (*reader)->Next(first.get());
            if (!more.ok()) {
              sample.refused[file->first] = std::string(more.status().message());
              continue;
            }
            current = {.file = file->first,
                       .stretch = {},
                       .format = (*reader)->format(),
                       .gzip = (*reader)->gzip(),
                       .zstd = (*reader)->zstd(),
                       .reader = *std::move(reader),
                       .first = std::move(first),
                       .more = *more};
          }
          const bool enters = !current.gzip && !current.zstd &&
                              (current.format == InputFormat::kJsonl || current.format == InputFormat::kWarc);
          if (enters) {
            if (next == file->second.size()) continue;
            *job = current;
            job->reader.reset(), job->first.reset();
            job->stretch = file->second[next++];
          } else {
            if (next > 0) continue;
            next = 1;
            *job = std::move(current);
            current.file = file->first;
            for (const SampledStretch& stretch : file->second) {
              job->quota += stretch.end - stretch.begin;
              job->share += stretch.weight * static_cast<double>(stretch.end - stretch.begin);
            }
            // All of it is wanted if all of everything is.
            if (bytes >= total) job->quota = UINT64_MAX;
          }
          job->number = number++;
          return true;
        }
        return false;
      },
      [&](int worker, Job& job, Found* result) {
        return lookers[static_cast<size_t>(worker)]->Look(job, result);
      },
      [&](Found&& result) {
        sample.bytes += result.stored_bytes;
        sample.found.push_back(std::move(result));
        if (hooks.progress)
          hooks.progress({.stage = "planning", .bytes = sample.bytes, .bytes_total = std::min(bytes, total)});
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  sample.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  sample.bytes = std::min(sample.bytes, total);
  sample.whole = bytes >= total;
  return sample;
}

void ReportPassedOver(const Sample& sample, Corpus& corpus, const RunHooks& hooks) {
  std::map<uint32_t, std::vector<const Found*>> by_file;
  for (const Found& found : sample.found) by_file[found.file].push_back(&found);
  for (const auto& [file, why] : sample.refused) by_file[file];
  for (const auto& [file, looked_at] : by_file) {
    CorpusBatch place;
    place.file = file;
    place.closes_file = true;
    if (const auto why = sample.refused.find(file); why != sample.refused.end()) {
      place.refused = true;
      place.refusal = why->second;
      corpus.ReportRefused(place, hooks);
    }
    size_t pages = 0;
    for (const Found* found : looked_at) {
      place.format = found->format;
      pages += found->pages.size();
      place.fields.Add(found->fields);
      place.guesses.Add(found->guesses);
      for (const Damage& damage : found->damage) corpus.ReportDamage(damage, hooks);
      for (const Record& record : found->oversized) corpus.ReportOversized(record, hooks);
    }
    corpus.ReportBatchEnd(place, pages, hooks);
  }
  corpus.ReportIdleFields(hooks);
}

}  // namespace refrain
