#include "refrain/pipeline/plan.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/hash.h"
#include "refrain/base/ordered.h"
#include "refrain/io/output.h"
#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/pipeline/page_texts.h"
#include "refrain/sketch/short_signature.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kLongestStretch = 256 << 10;
constexpr uint64_t kShortestStretch = 4 << 10;
constexpr uint32_t kNoFile = UINT32_MAX;

// Seconds of this thread's work.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// A part of a file that is looked at. What is found in it stands for `weight` times as much.
struct Stretch {
  uint64_t begin = 0, end = 0;
  double weight = 1;
};

// By file: the stretches that a sample of about so many bytes has there. Blocks of a file are drawn in
// proportion to their length, each by a point on the line of all bytes.
std::map<uint32_t, std::vector<Stretch>> Draw(const std::vector<InputFile>& files, uint64_t total,
                                              uint64_t sample) {
  std::map<uint32_t, std::vector<Stretch>> drawn;
  const uint64_t length =
      std::clamp(total / std::max<uint64_t>(files.size(), 1), kShortestStretch, kLongestStretch);
  if (total <= sample) {
    for (uint32_t file = 0; file < files.size(); ++file) {
      for (uint64_t begin = 0; begin < files[file].size; begin += kLongestStretch)
        drawn[file].push_back({begin, std::min(begin + kLongestStretch, files[file].size), 1});
    }
    return drawn;
  }
  const uint64_t points = std::max<uint64_t>(1, sample / length);
  const double step = static_cast<double>(total) / static_cast<double>(points);
  uint32_t file = 0;
  double passed = 0;  // bytes of the files before
  for (uint64_t i = 0; i < points; ++i) {
    // Somewhere in its step, so that nothing in the input keeps time with the sample.
    const double jitter =
        static_cast<double>(HashBytes128({reinterpret_cast<const char*>(&i), sizeof(i)}).low >> 11) * 0x1p-53;
    const double point = (static_cast<double>(i) + jitter) * step;
    while (file + 1 < files.size() && point >= passed + static_cast<double>(files[file].size))
      passed += static_cast<double>(files[file++].size);
    const uint64_t at = static_cast<uint64_t>(std::max(0.0, point - passed));
    const uint64_t begin =
        std::min(at, files[file].size - std::min<uint64_t>(1, files[file].size)) / length * length;
    const uint64_t end = std::min(begin + length, files[file].size);
    if (begin == end) continue;
    std::vector<Stretch>& there = drawn[file];
    const double weight = step / static_cast<double>(end - begin);
    if (!there.empty() && there.back().begin == begin) {
      there.back().weight += weight;
    } else {
      there.push_back({begin, end, weight});
    }
  }
  return drawn;
}

// The records of a file that begin in a stretch of it, whole: a record begins behind a line end, and a WARC
// record with "WARC/" there. Empty if none does.
absl::StatusOr<std::string> ReadStretch(int file, const std::string& path, const Stretch& stretch,
                                        std::string_view begin_of_record, uint64_t max_record) {
  constexpr size_t kMore = 64 << 10;
  std::string bytes;
  bool at_end = false;
  const uint64_t from = stretch.begin - (stretch.begin > 0);
  const auto read_to = [&](uint64_t size) -> absl::Status {
    while (bytes.size() < size && !at_end) {
      const size_t had = bytes.size();
      bytes.resize(size);
      const ssize_t got = pread(file, bytes.data() + had, size - had, static_cast<off_t>(from + had));
      bytes.resize(had + static_cast<size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0 && errno != EINTR) return absl::ErrnoToStatus(errno, path);
      at_end = got == 0;
    }
    return absl::OkStatus();
  };
  const uint64_t size = stretch.end - from;
  if (absl::Status status = read_to(size); !status.ok()) return status;
  const std::string delimiter = "\n" + std::string(begin_of_record);
  size_t begin = 0;
  if (stretch.begin > 0) {
    while ((begin = bytes.find(delimiter)) == std::string::npos && !at_end &&
           bytes.size() < size + delimiter.size())
      if (absl::Status status = read_to(size + delimiter.size()); !status.ok()) return status;
    if (begin == std::string::npos || begin + 1 >= size) return std::string();
    ++begin;
  }
  // The first one that begins behind the stretch ends the last one in it.
  size_t look = size - 1, end = 0;
  while ((end = bytes.find(delimiter, look)) == std::string::npos) {
    if (at_end) return bytes.substr(begin);
    if (bytes.size() > size + max_record) {  // too large to be read by the run too: what is in front counts
      end = bytes.rfind(delimiter, size - 1);
      return end == std::string::npos || end < begin ? std::string() : bytes.substr(begin, end + 1 - begin);
    }
    look = std::max(look, bytes.size() - std::min(bytes.size(), delimiter.size()));
    if (absl::Status status = read_to(bytes.size() + kMore); !status.ok()) return status;
  }
  return bytes.substr(begin, end + 1 - begin);
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
    whole_ = file_ >= 0 && bytes.empty();
  }
  ~MemoryFile() {
    if (file_ >= 0) close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  bool whole() const { return whole_; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }

 private:
  const int file_;
  bool whole_ = false;
};

// What is looked at together: one stretch of a file, or the beginning of a file that cannot be entered.
struct Job {
  uint64_t number = 0;
  uint32_t file = 0;
  Stretch stretch;
  InputFormat format = InputFormat::kAuto;
  bool gzip = false, zstd = false;
  std::shared_ptr<RecordReader> reader;  // opened, first batch read; else the stretch is to be read
  std::shared_ptr<RecordBatch> first;
  bool more = false;   // whether reader has more
  uint64_t quota = 0;  // of bytes of records that are wanted of it
  double share = 0;    // of all points that fell into the file, times bytes that each stands for
};

// A page of the sample.
struct Seen {
  Key128 exact;
  ShortSignature sketch;
  double weight = 0;
  uint64_t stretch = 0;
  uint32_t text_bytes = 0;
  uint32_t tokens = 0;
  bool in_place = false;
};

// What one job gave, not yet weighed.
struct Found {
  std::vector<Seen> pages;
  std::vector<uint64_t> band_keys;  // of pages with tokens, in order
  double weight = 0;
  uint64_t stored_bytes = 0, record_bytes = 0, page_bytes = 0, text_bytes = 0, id_bytes = 0, blocks = 0;
  uint64_t repaired = 0, repaired_bytes = 0, repeat_spans = 0, repeat_bytes = 0;
  // Of records as clean output would have them: how large they are for their text, and what compression makes
  // of them. Looked at in some jobs only.
  uint64_t clean_text = 0, clean_bytes = 0, clean_stored = 0, removed_stored = 0;
  double seconds = 0;
  bool as_read = true;
  bool compressed = false;
};

// Numbers of other pages, in the page's own stretch and elsewhere.
struct Others {
  uint32_t near = 0;
  double far = 0;
};

// For each page of the sample: whom it equals, who is compared with it, who matches it (equal or by sketch).
struct Relations {
  std::vector<Others> equal, met, match;
};

// Buckets are looked at up to this many of them a member; what more there are count by the share of those.
constexpr size_t kMostPartners = 64;

Relations Relate(const std::vector<Seen>& pages, const std::vector<uint64_t>& band_keys, int bands,
                 double resemblance) {
  Relations out;
  out.equal.resize(pages.size()), out.met.resize(pages.size()), out.match.resize(pages.size());
  std::vector<uint32_t> by_exact;
  for (uint32_t i = 0; i < pages.size(); ++i) {
    if (pages[i].tokens > 0) by_exact.push_back(i);
  }
  std::vector<uint32_t> keys_of(pages.size());
  for (uint32_t i = 0; i < by_exact.size(); ++i) keys_of[by_exact[i]] = i;
  const auto exact = [&](uint32_t page) { return std::pair(pages[page].exact.high, pages[page].exact.low); };
  std::sort(by_exact.begin(), by_exact.end(),
            [&](uint32_t a, uint32_t b) { return std::pair(exact(a), a) < std::pair(exact(b), b); });
  // Groups of equal pages: by_exact [begins[g], begins[g + 1]).
  std::vector<uint32_t> begins;
  for (uint32_t i = 0; i < by_exact.size(); ++i) {
    if (i == 0 || exact(by_exact[i]) != exact(by_exact[i - 1])) begins.push_back(i);
  }
  begins.push_back(static_cast<uint32_t>(by_exact.size()));
  const auto add = [&](uint32_t page, uint32_t group, double times, Others* others) {
    const uint32_t size = begins[group + 1] - begins[group];
    if (size > kMostPartners) {
      others->far += times * size;
      return;
    }
    for (uint32_t i = begins[group]; i < begins[group + 1]; ++i) {
      if (by_exact[i] == page) continue;
      if (pages[by_exact[i]].stretch == pages[page].stretch) {
        ++others->near;
      } else {
        others->far += times;
      }
    }
  };
  // Of each group its first page is compared.
  std::vector<std::pair<uint64_t, uint32_t>> keyed;
  for (uint32_t group = 0; group + 1 < begins.size(); ++group) {
    const uint32_t first = by_exact[begins[group]];
    for (int band = 0; band < bands; ++band)
      keyed.emplace_back(
          band_keys[size_t{keys_of[first]} * static_cast<size_t>(bands) + static_cast<size_t>(band)], group);
  }
  std::sort(keyed.begin(), keyed.end());
  struct Partner {
    uint32_t group, other;
    float times;
    bool operator<(const Partner& o) const {
      return std::tuple(group, other, -times) < std::tuple(o.group, o.other, -o.times);
    }
  };
  std::vector<Partner> partners;
  for (size_t begin = 0, end = 0; begin < keyed.size(); begin = end) {
    while (end < keyed.size() && keyed[end].first == keyed[begin].first) ++end;
    const size_t size = end - begin, looked = std::min(size - 1, kMostPartners);
    for (size_t i = 0; i < size && looked > 0; ++i) {
      for (size_t k = 1; k <= looked; ++k) {
        partners.push_back({keyed[begin + i].second, keyed[begin + (i + k) % size].second,
                            static_cast<float>(size - 1) / static_cast<float>(looked)});
      }
    }
  }
  std::sort(partners.begin(), partners.end());
  const int may_match = LeastAgreement(resemblance);
  const int matches =
      static_cast<int>(std::lround(PageSigner::kComponents * (resemblance + (1 - resemblance) / 16)));
  for (uint32_t group = 0, next = 0; group + 1 < begins.size(); ++group) {
    const uint32_t before = next;
    while (next < partners.size() && partners[next].group == group) ++next;
    for (uint32_t i = begins[group]; i < begins[group + 1]; ++i) {
      const uint32_t page = by_exact[i];
      add(page, group, 1, &out.equal[page]);
      out.match[page] = out.equal[page];
      for (uint32_t p = before; p < next; ++p) {
        if (p > before && partners[p].other == partners[p - 1].other) continue;
        const Seen& one = pages[by_exact[begins[group]]];
        const Seen& other = pages[by_exact[begins[partners[p].other]]];
        const int agree = AgreeingComponents(one.sketch, other.sketch);
        if (std::min(one.tokens, other.tokens) >= 2 * kEnoughShingles && agree < may_match) continue;
        add(page, partners[p].other, partners[p].times, &out.met[page]);
        if (agree >= matches) add(page, partners[p].other, partners[p].times, &out.match[page]);
      }
      if (begins[group + 1] - begins[group] > kMostPartners && i > begins[group] + kMostPartners) {
        // What was found for one of many equals holds for all.
        const uint32_t known = by_exact[begins[group] + 1];
        out.met[page] = out.met[known], out.match[page] = out.match[known];
      }
    }
  }
  return out;
}

std::vector<std::pair<uint32_t, double>> CountFar(const std::vector<Others>& others) {
  std::map<uint32_t, double> counts;
  for (const Others& one : others) ++counts[static_cast<uint32_t>(std::lround(one.far))];
  return {counts.begin(), counts.end()};
}

// A function of the others that a page has, over pages.
class Expected {
 public:
  Expected(const std::vector<Others>& others, double seen, double (*f)(double))
      : shares_(CountFar(others), seen), f_(f) {}
  double operator()(const Others& one) {
    const std::pair key(one.near, static_cast<uint32_t>(std::lround(one.far)));
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    return known_[key] = shares_.Expect(key.second, [&](double far) { return f_(one.near + far); });
  }

 private:
  DegreeShares shares_;
  double (*const f_)(double);
  std::map<std::pair<uint32_t, uint32_t>, double> known_;
};

// A sorter, an array, a store of so many bytes: what is in memory of it and what on disk (see their headers).
double SorterDisk(double bytes, double memory) { return bytes > memory / 2 ? bytes : 0; }
double RestOnDisk(double bytes, double memory) { return std::max(0.0, bytes - memory); }

uint64_t Rounded(double value) { return static_cast<uint64_t>(std::llround(std::max(0.0, value))); }

// Free bytes of the file system that holds `folder`, or would hold it; UINT64_MAX if nobody can tell.
uint64_t FreeBytes(const std::string& folder) {
  std::error_code error;
  fs::path path = fs::absolute(folder, error);
  if (error) return UINT64_MAX;
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  struct statvfs space{};
  if (statvfs(path.c_str(), &space) != 0) return UINT64_MAX;
  return uint64_t{space.f_bavail} * space.f_frsize;
}

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
  if (job.reader != nullptr) {
    uint64_t stored = job.first->file_bytes;
    LookAt(std::move(*job.first), job, found);
    while (job.more && found->record_bytes < job.quota) {
      RecordBatch batch;
      const absl::StatusOr<bool> more = job.reader->Next(&batch);
      if (!more.ok()) break;
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
    if (file < 0) return absl::OkStatus();  // gone meanwhile: the run will say so
    const absl::StatusOr<std::string> bytes =
        ReadStretch(file, input.path, job.stretch, job.format == InputFormat::kWarc ? "WARC/" : "",
                    options_.corpus.reader.max_record);
    close(file);
    if (!bytes.ok() || bytes->empty()) return absl::OkStatus();
    const MemoryFile records(*bytes);
    if (!records.whole()) return absl::ResourceExhaustedError("cannot keep a sample of the input in memory");
    ReaderOptions reader_options = options_.corpus.reader;
    reader_options.format = job.format;
    auto reader = OpenRecords({.path = records.path(), .name = input.name, .size = bytes->size()}, job.file,
                              reader_options);
    if (!reader.ok()) return absl::OkStatus();
    for (bool more = true; more;) {
      RecordBatch batch;
      const absl::StatusOr<bool> next = (*reader)->Next(&batch);
      if (!next.ok()) break;
      more = *next;
      LookAt(std::move(batch), job, found);
    }
  }
  for (Seen& page : found->pages) page.weight = found->weight;
  found->seconds = CpuSeconds() - begin;
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
  for (const ScanResult::ScannedPage& page : result.pages) {
    const PageEntry& entry = page.entry;
    found->pages.push_back({.exact = page.exact,
                            .sketch = page.facts.sketch,
                            .weight = 0,
                            .stretch = job.number,
                            .text_bytes = entry.text_bytes,
                            .tokens = entry.tokens,
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
  if (before == 0 && job.number % 4 == 0 && !found->pages.empty()) LookAtClean(batch.records, job, found);
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

// Everything a sample says about the whole, weighed.
struct Weighed {
  double pages = 0, text = 0, ids = 0, blocks = 0, repaired = 0, repeat_spans = 0, repeat_bytes = 0;
  double clean = 0, clean_stored = 0, removed_stored = 0;  // if nothing went, and if everything went
  double extracted_repaired = 0;  // of removed_stored: pages of ours that were repaired
  double other = 0;               // bytes of records without a page, which go through
  double seconds = 0;
  double kept = 0, kept_text = 0;               // pages that stay, and their bytes
  double met = 0, met_words = 0, met_text = 0;  // pages that are compared; texts that have to be stored
  bool compressed = false;                      // some of the input
  double near = 0;                              // pages that go as near-duplicates
};

Weighed Weigh(const std::vector<Found>& found, const DedupOptions& options) {
  Weighed all;
  std::vector<Seen> pages;
  std::vector<uint64_t> band_keys;
  double clean_text = 0, clean_bytes = 0, clean_stored = 0, removed_stored = 0;
  for (const Found& one : found) {
    clean_text += static_cast<double>(one.clean_text), clean_bytes += static_cast<double>(one.clean_bytes);
    clean_stored += static_cast<double>(one.clean_stored),
        removed_stored += static_cast<double>(one.removed_stored);
  }
  const double a_clean = clean_text > 0 ? clean_bytes / clean_text : 1;
  const double a_stored = clean_bytes > 0 ? clean_stored / clean_bytes : 1;
  const double a_removed = clean_bytes > 0 ? removed_stored / clean_bytes : 0.4;
  for (const Found& one : found) {
    const double weight = one.weight;
    const double text = weight * static_cast<double>(one.text_bytes);
    all.pages += weight * static_cast<double>(one.pages.size());
    all.text += text;
    all.ids += weight * static_cast<double>(one.id_bytes);
    all.blocks += weight * static_cast<double>(one.blocks);
    all.repaired += weight * static_cast<double>(one.repaired);
    all.repeat_spans += weight * static_cast<double>(one.repeat_spans);
    all.repeat_bytes += weight * static_cast<double>(one.repeat_bytes);
    all.seconds += weight * one.seconds;
    all.compressed = all.compressed || one.compressed;
    const double clean = one.as_read ? weight * static_cast<double>(one.page_bytes) : text * a_clean;
    all.clean += clean;
    if (one.as_read) {
      all.other += a_stored * weight *
                   static_cast<double>(one.record_bytes - std::min(one.page_bytes, one.record_bytes));
    } else if (one.page_bytes > 0) {
      all.extracted_repaired +=
          clean * a_removed * static_cast<double>(one.repaired_bytes) / static_cast<double>(one.page_bytes);
    }
    pages.insert(pages.end(), one.pages.begin(), one.pages.end());
    band_keys.insert(band_keys.end(), one.band_keys.begin(), one.band_keys.end());
  }
  all.clean_stored = all.clean * a_stored;
  all.removed_stored = all.clean * a_removed;
  all.kept = all.pages, all.kept_text = all.text;
  if (!options.pages || pages.empty()) return all;

  const Relations relations = Relate(pages, band_keys, options.banding.bands, options.resemblance);
  const double seen = std::min(1.0, static_cast<double>(pages.size()) / all.pages);
  const auto one_of = [](double others) { return 1 / (1 + others); };
  Expected kept(relations.match, seen, one_of);
  Expected first(relations.equal, seen, one_of);
  Expected met(relations.met, seen, [](double others) { return std::min(others, 1.0); });
  all.kept = all.kept_text = 0;
  double firsts = 0;
  for (size_t i = 0; i < pages.size(); ++i) {
    const Seen& page = pages[i];
    const double stays = kept(relations.match[i]), is_first = first(relations.equal[i]);
    const double compared = met(relations.met[i]);
    all.kept += page.weight * stays;
    all.kept_text += page.weight * stays * page.text_bytes;
    firsts += page.weight * is_first;
    all.met += page.weight * is_first * compared;
    all.met_words += page.weight * is_first * compared * page.tokens;
    if (!page.in_place) all.met_text += page.weight * compared * page.text_bytes;
  }
  all.near = std::max(0.0, firsts - all.kept);
  return all;
}

}  // namespace

DegreeShares::DegreeShares(const std::vector<std::pair<uint32_t, double>>& counts, double seen)
    : seen_(std::min(seen, 1.0)) {
  // What every item has is known if all are in the sample.
  if (seen_ > 0.999) {
    for (const auto& [met, count] : counts) degrees_.push_back(met), shares_.push_back(count);
    return;
  }
  const double most = counts.empty() ? 0 : static_cast<double>(counts.back().first) / seen_;
  for (double degree = 0; degrees_.empty() || degrees_.back() < 2 * most + 8;
       degree = degree < 16 ? degree + 1 : std::ceil(degree * 1.2)) {
    degrees_.push_back(degree);
    // Where the sample says nothing, most items are alone.
    shares_.push_back(degree == 0 ? 0.8 : 0.2 / ((degree + 1) * (degree + 1)));
  }
  std::vector<std::vector<double>> likelihood;
  double items = 0;
  for (const auto& [met, count] : counts) {
    items += count;
    likelihood.emplace_back();
    for (const double degree : degrees_) likelihood.back().push_back(Likelihood(met, degree));
  }
  // Expectation and maximisation: the shares that explain the counts best. Slow where little is seen, and
  // stopped where more rounds would follow chance.
  for (int round = 0; round < 2000 && items > 0; ++round) {
    std::vector<double> next(degrees_.size());
    for (size_t i = 0; i < counts.size(); ++i) {
      double sum = 0;
      for (size_t d = 0; d < degrees_.size(); ++d) sum += shares_[d] * likelihood[i][d];
      if (!(sum > 0)) continue;
      for (size_t d = 0; d < degrees_.size(); ++d)
        next[d] += counts[i].second * shares_[d] * likelihood[i][d] / sum / items;
    }
    shares_ = std::move(next);
  }
}

// Binomial.
double DegreeShares::Likelihood(uint32_t met, double degree) const {
  if (seen_ > 0.999) return met == degree ? 1 : 0;
  if (met > degree) return 0;
  const double k = met;
  return std::exp(std::lgamma(degree + 1) - std::lgamma(k + 1) - std::lgamma(degree - k + 1) +
                  k * std::log(seen_) + (degree - k) * std::log1p(-seen_));
}

absl::StatusOr<DedupPlan> PlanDedup(const DedupOptions& asked, const RunHooks& hooks, uint64_t least_sample) {
  DedupOptions options = asked;
  options.dry_run = options.dry_run || options.out.empty();
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  options.corpus.results = options.out;
  const absl::StatusOr<MemoryShares> memory = SettleMemory(options.memory, &options.corpus);
  if (!memory.ok()) return memory.status();
  absl::StatusOr<std::unique_ptr<Corpus>> corpus = Corpus::Open(options.corpus, hooks);
  if (!corpus.ok()) return corpus.status();
  return PlanDedup(**corpus, options, *memory, hooks, least_sample);
}

absl::StatusOr<DedupPlan> PlanDedup(Corpus& corpus, const DedupOptions& options, const MemoryShares& memory,
                                    const RunHooks& hooks, uint64_t least_sample) {
  const int threads = std::max(1, options.corpus.threads);
  const uint64_t total = corpus.bytes();
  const uint64_t wished =
      std::max<uint64_t>(least_sample, Rounded(std::sqrt(8e6 * static_cast<double>(total))));
  const uint64_t sample = std::min(wished, std::max<uint64_t>(memory.all / 8, 1 << 20));
  const auto drawn = Draw(corpus.files(), total, sample);

  std::vector<std::unique_ptr<Looker>> lookers;
  for (int i = 0; i < threads; ++i) lookers.push_back(std::make_unique<Looker>(corpus, options));
  auto file = drawn.begin();
  size_t next = 0;  // stretch of the file
  Job current;      // of the file; reader taken
  uint64_t number = 0, sampled = 0;
  current.file = kNoFile;
  std::vector<Found> found;
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
            if (!reader.ok()) continue;
            auto first = std::make_shared<RecordBatch>();
            const absl::StatusOr<bool> more = (*reader)->Next(first.get());
            if (!more.ok()) continue;
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
            for (const Stretch& stretch : file->second) {
              job->quota += stretch.end - stretch.begin;
              job->share += stretch.weight * static_cast<double>(stretch.end - stretch.begin);
            }
            // All of it is wanted if all of everything is.
            if (sample >= total) job->quota = UINT64_MAX;
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
        sampled += result.stored_bytes;
        found.push_back(std::move(result));
        if (hooks.progress)
          hooks.progress({.stage = "planning", .bytes = sampled, .bytes_total = std::min(sample, total)});
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  const Weighed all = Weigh(found, options);
  DedupPlan plan;
  plan.files = corpus.files().size();
  plan.input_bytes = total;
  plan.sampled_bytes = std::min(sampled, total);
  for (const Found& one : found) plan.sampled_pages += one.pages.size();
  plan.whole = sample >= total;
  plan.pages = Rounded(all.pages);
  plan.text_bytes = Rounded(all.text);
  plan.pages_kept = Rounded(all.kept);
  for (int percent = 50; percent <= 100; percent += 5)
    plan.recall.emplace_back(percent / 100.0, options.banding.MeetingProbability(percent / 100.0));

  // What is on disk when pages were read, and when they were compared (docs/scaling.md).
  const double bands = options.banding.bands, spilled = static_cast<double>(memory.spilled());
  const double store = static_cast<double>(memory.store());
  const double dropped = std::max(0.0, all.pages - all.kept);
  const double compared_pages = options.pages ? all.pages : 0;
  const double facts = sizeof(PageFacts) * all.pages, exact = sizeof(ExactItem) * all.pages;
  const double keys = sizeof(KeyedItem) * bands * compared_pages;
  const double repairs = 16 * all.repaired + 24 * all.repeat_spans;
  const double sets = 8 * all.met_words, described = 160 * all.near, decisions = 70 * dropped;
  const double members = 4 * std::min(bands, 0.75 * bands) * all.met, places = 2 * members;
  const double blocks = SorterDisk(sizeof(ExactItem) * all.blocks, spilled) +
                        SorterDisk(sizeof(KeyedItem) * bands * all.blocks, spilled) +
                        RestOnDisk(sizeof(BlockEntry) * all.blocks, spilled);
  const double lasting = RestOnDisk(facts, spilled) + RestOnDisk(repairs, store) + blocks;
  const double bucket_disk = RestOnDisk(members, spilled) + SorterDisk(places, spilled);
  const double read = lasting + SorterDisk(keys, spilled) + std::max(SorterDisk(exact, spilled), bucket_disk);
  const double compared = lasting + bucket_disk + all.met_text + RestOnDisk(sets, store) +
                          RestOnDisk(described, store) + RestOnDisk(decisions, store);
  plan.temporary_disk = Rounded(std::max(read, compared));

  const double goes = all.text > 0 ? (all.text - all.kept_text) / all.text : 0;
  const double cut = all.text > 0 ? all.repeat_bytes / all.text : 0;
  const double rows = 45 * dropped + 30 * all.repeat_spans;
  const double clean = all.clean_stored * (1 - goes) * (1 - cut) + all.other;
  const double removed = all.removed_stored * (goes + (1 - goes) * cut) + all.extracted_repaired * (1 - goes);
  plan.output_bytes = Rounded(clean + removed + rows + 3000 + 200.0 * static_cast<double>(plan.files));
  plan.stage_bytes =
      options.dry_run ? 0 : Rounded((260 + 8 * bands) * all.pages + all.ids + (40 + 8 * bands) * all.blocks);

  // Most of it at the end of reading or while pages are compared: the program, what each thread works on,
  // what stays of each page and what spills.
  const double base = 10e6, a_thread = 13e6, a_compressing_thread = 17e6;
  const double working = std::min(threads * (all.compressed ? a_compressing_thread : a_thread),
                                  static_cast<double>(memory.records()));
  const double fixed = (sizeof(PageEntry) + 8) * all.pages + 1.05 * all.ids;
  const double sorter = [&](double bytes) { return bytes > spilled / 2 ? spilled / 2 : 1.2 * bytes; }(keys);
  const double at_read =
      std::min(facts, spilled) + sorter + std::min(exact, spilled / 2) + std::min(repairs, store);
  const double at_compare = 12 * all.pages + std::min(facts, spilled) + std::min(members, spilled) +
                            std::min(places, spilled / 2) + std::min(sets, store) +
                            std::min(described, store) + std::min(decisions, store) +
                            std::min(repairs, store);
  plan.memory = Rounded(base + working + fixed + std::max(at_read, at_compare));

  // Reading is what was measured, on this machine as busy as it is; who is compared is read and cut into
  // tokens once or twice more, and all is read again to be written.
  double worked = 0;
  for (const Found& one : found) worked += one.seconds;
  const double met_share = all.pages > 0 ? all.met / all.pages : 0;
  const double written =
      (options.dry_run ? 0 : all.clean) + all.met_text + static_cast<double>(plan.temporary_disk);
  constexpr double kWriteBytesPerSecond = 150e6;
  plan.seconds = (worked > 0 ? passed * all.seconds / worked : 0) * (1 + 1.2 * met_share) +
                 written / kWriteBytesPerSecond;
  return plan;
}

std::vector<std::string> DiskWarnings(const DedupPlan& plan, const DedupOptions& options) {
  std::vector<std::string> warnings;
  const auto megabytes = [](uint64_t bytes) { return (bytes + 999'999) / 1'000'000; };
  const std::string tmpdir = options.corpus.tmpdir.empty() ? "/tmp" : options.corpus.tmpdir;
  if (const uint64_t free = FreeBytes(tmpdir); plan.temporary_disk > free) {
    warnings.push_back(fmt::format(
        "the run needs about {} MB of temporary disk, and {} has {} MB; name another folder with --tmpdir",
        megabytes(plan.temporary_disk), tmpdir, free / 1'000'000));
  }
  if (options.dry_run || options.out.empty()) return warnings;
  const uint64_t output = plan.output_bytes + plan.stage_bytes;
  if (const uint64_t free = FreeBytes(options.out); output > free) {
    warnings.push_back(
        fmt::format("the results need about {} MB, and {} has {} MB; name another folder with --out",
                    megabytes(output), options.out, free / 1'000'000));
  }
  return warnings;
}

void AppendPlanFields(const DedupPlan& plan, JsonWriter* json) {
  json->Key("sample").BeginObject();
  json->Field("files_all", plan.files).Field("input_bytes", plan.input_bytes);
  json->Field("stored_bytes", plan.sampled_bytes)
      .Field("pages", plan.sampled_pages)
      .Field("whole", plan.whole);
  json->EndObject();
  json->Field("pages", plan.pages).Field("pages_kept", plan.pages_kept).Field("text_bytes", plan.text_bytes);
  json->Field("peak_memory", plan.memory).Field("temporary_disk", plan.temporary_disk);
  json->Field("output_bytes", plan.output_bytes).Field("stage_bytes", plan.stage_bytes);
  json->Key("seconds").Fixed(plan.seconds, 1);
  json->Key("recall").BeginArray();
  for (const auto& [resemblance, probability] : plan.recall) {
    json->BeginObject()
        .Key("resemblance")
        .Fixed(resemblance, 2)
        .Key("probability")
        .Fixed(probability, 4)
        .EndObject();
  }
  json->EndArray();
}

}  // namespace refrain
