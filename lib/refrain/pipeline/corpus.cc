#include "refrain/pipeline/corpus.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/spill_file.h"
#include "refrain/base/system_error.h"
#include "refrain/pipeline/run_folder.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReportedPlaces = 100;
constexpr uint64_t kToldOfOneFile = 5;
constexpr uint64_t kToldOfGuesses = 20;  // files

// Copies standard input into `file`, all of it or the first `most` bytes. Signals end it through
// `hooks.stop`, also while nothing comes.
absl::Status Spool(int file, const std::string& tmpdir, uint64_t most, const RunHooks& hooks,
                   uint64_t* size) {
  constexpr int kLookEvery = 200;  // milliseconds: a signal may come between the question and the wait
  std::vector<char> buffer(1 << 20);
  *size = 0;
  while (*size < most) {
    if (hooks.stop != nullptr && hooks.stop->load()) return absl::CancelledError("stopped");
    pollfd wait{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    const int ready = poll(&wait, 1, kLookEvery);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got == 0) return absl::OkStatus();
    if (got < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      if (errno == EBADF) return absl::NotFoundError("standard input is closed; name a file");
      return absl::DataLossError(fmt::format("standard input, byte {}: {}", *size, std::strerror(errno)));
    }
    for (ssize_t done = 0; done < got;) {
      const ssize_t put = write(file, buffer.data() + done, static_cast<size_t>(got - done));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        return absl::ResourceExhaustedError(
            fmt::format("cannot spool standard input to {}: {}; name another folder with --tmpdir", tmpdir,
                        std::strerror(errno)));
      }
      done += put;
    }
    *size += static_cast<uint64_t>(got);
  }
  return absl::OkStatus();
}

// How much of standard input is needed. What a sample does not reach may be cut off anywhere; it reaches less
// far than its own bytes, compressed or not, and the largest record and batch behind them.
uint64_t MostSpooled(const CorpusOptions& options) {
  if (options.sample == 0) return UINT64_MAX;
  return options.sample + 2 * (options.reader.max_record + options.reader.batch_bytes);
}

// Whether `path` is `folder` or lies in it. Both must be canonical.
bool IsInside(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

// The name of the clean file of an input whose pages become lines of ours, if no other has that name; with
// `more` words in front of its ending.
std::string ExtractedName(const std::string& input_name, const std::string& more) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (!input_name.ends_with(ending)) continue;
    return input_name.substr(0, input_name.size() - ending.size()) + more + ".jsonl" + std::string(ending);
  }
  return input_name + more + ".jsonl";
}

// For each input. No name is that of an input, of a folder of one, or of another one's extracted file.
std::vector<std::string> ExtractedNames(const std::vector<InputFile>& files) {
  std::set<std::string> taken;
  for (const InputFile& file : files) {
    for (size_t slash = 0; (slash = file.name.find('/', slash)) != std::string::npos; ++slash)
      taken.insert(file.name.substr(0, slash));
    taken.insert(file.name);
  }
  std::vector<std::string> names;
  for (const InputFile& file : files) {
    const std::string name = ExtractedName(file.name, "");
    names.push_back(taken.contains(name) ? "" : name);
  }
  // Those that must give way, in the order of their names, when it is known what all others are called.
  taken.insert(names.begin(), names.end());
  for (size_t i = 0; i < files.size(); ++i) {
    std::string more;
    while (names[i].empty()) {
      more += ".extracted";
      const std::string name = ExtractedName(files[i].name, more);
      if (taken.insert(name).second) names[i] = name;
    }
  }
  return names;
}

}  // namespace

uint64_t CorpusBatch::bytes() const {
  uint64_t sum = 0;
  for (const Record& record : records.records) sum += record.bytes.size();
  return sum;
}

CorpusBatch CorpusBatch::Place() const {
  return {.file = file,
          .number = number,
          .opens_file = opens_file,
          .closes_file = closes_file,
          .refused = refused,
          .refusal = refusal,
          .gzip = gzip,
          .zstd = zstd,
          .format = format,
          .fields = fields,
          .guesses = guesses,
          .records = {},
          .load = {}};
}

uint64_t CorpusBatch::Load() const {
  uint64_t largest = 0;
  for (const Record& record : records.records) {
    if (!record.oversized) largest = std::max<uint64_t>(largest, record.bytes.size());
  }
  return kMemoryPerBatchByte * bytes() + kMemoryPerByte * largest;
}

std::shared_ptr<void> LoadGate::Enter(uint64_t bytes) {
  if (most_ == 0) return nullptr;
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] { return bytes_ == 0 || bytes_ + bytes <= most_; });
  bytes_ += bytes;
  return std::shared_ptr<void>(nullptr, [this, bytes](void*) {
    std::lock_guard leave(mutex_);
    bytes_ -= bytes;
    left_.notify_all();
  });
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::Open(const CorpusOptions& options, const RunHooks& hooks) {
  std::unique_ptr<Corpus> corpus(new Corpus());
  corpus->options_ = options;
  corpus->options_.parse.max_body = options.reader.max_record;  // one cap for what is parsed at once
  std::vector<std::string> arguments = options.inputs;
  const size_t dashes = std::erase(arguments, "-");
  if (arguments.empty() && dashes == 0)
    return absl::InvalidArgumentError("no input: name files or folders, or - for standard input");
  std::error_code error;
  const fs::path results = options.results.empty() ? fs::path() : fs::canonical(options.results, error);
  const auto holds_results = [&](const std::string& path) {
    std::error_code failed;
    const fs::path whole = fs::canonical(path, failed);
    return !results.empty() && !failed && IsInside(whole, results);
  };
  for (const std::string& argument : arguments) {
    if (holds_results(argument)) {
      return absl::InvalidArgumentError(fmt::format(
          "{} lies in {}, where the results go; name another folder with --out", argument, options.results));
    }
    if (HoldsRun(argument)) {
      return absl::InvalidArgumentError(fmt::format(
          "{} holds a run of refrain; to read the pages that it kept, name {}/clean", argument, argument));
    }
  }
  if (!arguments.empty()) {
    std::vector<std::string> left_out;
    absl::StatusOr<std::vector<InputFile>> files = ExpandInputs(arguments, [&](const std::string& folder) {
      if (!holds_results(folder) && !HoldsRun(folder)) return false;
      left_out.push_back(folder);
      return true;
    });
    if (!files.ok()) return files.status();
    corpus->files_ = *std::move(files);
    std::sort(left_out.begin(), left_out.end());
    for (const std::string& folder : left_out) {
      if (hooks.warn) hooks.warn(fmt::format("{} is left out: it holds results of refrain", folder));
    }
    for (const InputFile& file : corpus->files_) {
      if (!holds_results(file.path)) continue;
      return absl::InvalidArgumentError(fmt::format(
          "{} lies in {}, where the results go; name another folder with --out", file.path, options.results));
    }
  }
  if (dashes > 0) {
    const std::string tmpdir = options.tmpdir.empty() ? "/tmp" : options.tmpdir;
    corpus->spool_ = OpenUnnamed(tmpdir);
    if (const int code = errno; corpus->spool_ < 0) {
      return WithErrno(absl::PermissionDeniedError(fmt::format(
                           "cannot spool standard input to {}: {}; name another folder with --tmpdir", tmpdir,
                           std::strerror(code))),
                       code);
    }
    InputFile spooled{.path = fmt::format("/proc/self/fd/{}", corpus->spool_), .name = "stdin"};
    if (absl::Status status = Spool(corpus->spool_, tmpdir, MostSpooled(options), hooks, &spooled.size);
        !status.ok())
      return status;
    // A file or folder of that name may be there too.
    std::vector<std::string> names = {spooled.name};
    for (const InputFile& file : corpus->files_) names.push_back(file.name);
    while (!CanStandTogether(names)) names.front() = spooled.name = "-" + spooled.name;
    corpus->files_.push_back(std::move(spooled));
    std::sort(corpus->files_.begin(), corpus->files_.end(),
              [](const InputFile& one, const InputFile& other) { return one.name < other.name; });
  }
  corpus->extracted_names_ = ExtractedNames(corpus->files_);
  for (const InputFile& file : corpus->files_) corpus->bytes_ += file.size;
  return corpus;
}

absl::StatusOr<std::unique_ptr<Corpus>> Corpus::OpenRun(const std::string& folder, CorpusOptions options) {
  absl::StatusOr<RunFacts> facts = ReadRunFacts(folder);
  if (!facts.ok()) return facts.status();
  options.inputs = {folder};
  options.parse.fields = facts->fields;
  options.reader.max_record = std::max(options.reader.max_record, facts->max_record);
  std::unique_ptr<Corpus> corpus(new Corpus());
  corpus->options_ = options;
  for (RunInput& input : facts->inputs) {
    if (input.clean.empty()) continue;  // was refused
    InputFile file{.path = folder + "/clean/" + input.clean, .name = input.clean};
    std::error_code error;
    file.size = fs::file_size(file.path, error);
    if (error && !input.lines) continue;  // a text file that went leaves none
    if (error) return absl::DataLossError(fmt::format("{}: {}", file.path, error.message()));
    corpus->bytes_ += file.size;
    corpus->files_.push_back(std::move(file));
    corpus->earlier_.push_back(std::move(input));
  }
  corpus->extracted_names_ = ExtractedNames(corpus->files_);
  return corpus;
}

Corpus::~Corpus() {
  if (spool_ >= 0) close(spool_);
}

absl::StatusOr<bool> Corpus::Next(Cursor* cursor, const std::string& stage, const RunHooks& hooks,
                                  CorpusBatch* batch) {
  if (hooks.stop != nullptr && hooks.stop->load(std::memory_order_relaxed))
    return absl::CancelledError("stopped");
  if (cursor->file >= files_.size()) return false;
  if (options_.sample > 0 && cursor->handed_out >= options_.sample) return false;
  StageStretch reading(options_.reader.clock, Stage::kParse);
  const InputFile& file = files_[cursor->file];
  batch->file = cursor->file;
  batch->number = cursor->batches++;
  batch->opens_file = cursor->reader == nullptr;
  batch->closes_file = false;
  batch->refused = false;
  batch->refusal.clear();
  batch->format = InputFormat::kAuto;
  batch->fields = {};
  batch->guesses = {};
  batch->records.records.clear();
  batch->records.damage.clear();
  batch->records.file_bytes = 0;
  if (cursor->reader == nullptr) {
    ReaderOptions reader_options = options_.reader;
    if (!earlier_.empty()) {
      const RunInput& earlier = earlier_[cursor->file];
      reader_options.format = earlier.lines ? InputFormat::kJsonl : InputFormat::kText;
      if (earlier.extracted) reader_options.max_record = UINT32_MAX / 2;  // as long as the run made them
    }
    absl::StatusOr<std::unique_ptr<RecordReader>> reader =
        file.unreadable.empty() ? OpenRecords(file, cursor->file, reader_options)
                                : absl::NotFoundError(file.unreadable);
    // A file that cannot be opened for want of handles is not left out: nothing is wrong with it.
    if (absl::IsResourceExhausted(reader.status())) return reader.status();
    if (!reader.ok()) {
      batch->refused = true;
      batch->closes_file = true;
      batch->refusal = std::string(reader.status().message());
      if (batch->refusal.starts_with(file.path))
        batch->refusal.replace(0, file.path.size(), Shown(cursor->file));
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
  cursor->handed_out += batch->bytes();
  if (hooks.progress) hooks.progress({.stage = stage, .bytes = cursor->bytes, .bytes_total = bytes_});
  return true;
}

void DamageCount::Add(const DamageCount& other) {
  places += other.places;
  bytes += other.bytes;
  oversized += other.oversized;
  refused_files += other.refused_files;
  const size_t room = kReportedPlaces - std::min(kReportedPlaces, first.size());
  first.insert(first.end(), other.first.begin(), other.first.begin() + std::min(room, other.first.size()));
}

const std::string& Corpus::Shown(uint32_t file) const {
  // What has no name on disk is called by the one we gave it.
  const bool spooled = spool_ >= 0 && files_[file].path.starts_with("/proc/self/fd/");
  return spooled ? files_[file].name : files_[file].path;
}

std::string Corpus::Where(uint32_t file, uint64_t offset) const {
  return fmt::format("{}: byte {}", Shown(file), offset);
}

void Corpus::ReportDamage(const Damage& damage, const RunHooks& hooks) {
  ++damage_.places;
  damage_.bytes += damage.bytes;
  if (fields_.empty()) fields_ = damage.fields;
  std::string line = fmt::format("{}: {}", Where(damage.file, damage.offset), damage.reason);
  if (damage.bytes > 0)
    line += fmt::format(" ({} byte{} left out)", damage.bytes, damage.bytes == 1 ? "" : "s");
  ReportPlace(std::move(line), hooks);
}

// Nobody reads a thousand lines that say the same of one file.
void Corpus::ReportPlace(std::string line, const RunHooks& hooks) {
  if (told_here_ < kToldOfOneFile && told_ < kReportedPlaces) {
    ++told_here_;
    ++told_;
    if (hooks.warn) hooks.warn(line);
  } else {
    ++untold_here_;
  }
  if (damage_.first.size() < kReportedPlaces) damage_.first.push_back(std::move(line));
}

void Corpus::ReportBatchEnd(const CorpusBatch& place, size_t pages, const RunHooks& hooks) {
  has_pages_ = has_pages_ || pages > 0;
  fields_seen_.Add(place.fields);
  guesses_.Add(place.guesses);
  if (!place.closes_file) return;
  if (hooks.warn && told_here_ > 0 && untold_here_ > 0) {
    hooks.warn(fmt::format("{}: {} more place{} like that", Shown(place.file), untold_here_,
                           untold_here_ == 1 ? "" : "s"));
  }
  const bool any_damage = told_here_ + untold_here_ > 0;
  const bool guessed = place.format == InputFormat::kJsonl && options_.reader.format == InputFormat::kAuto;
  const std::string& name = Shown(place.file);
  if (hooks.warn && guessed && any_damage && !has_pages_ && fields_.empty() &&
      name.find(".json") == std::string::npos) {
    hooks.warn(fmt::format(
        "{}: read as JSONL because it begins with a brace; as text with --input-format text", name));
  }
  told_here_ = untold_here_ = 0;
  if (!has_pages_ && !fields_.empty() && !told_of_fields_) {
    told_of_fields_ = true;
    if (hooks.warn) {
      hooks.warn(
          fmt::format("{}: no line has a field '{}' or '{}'; name the one that holds the text with "
                      "--text-field, or its HTML with --html-field (the first line has {})",
                      Shown(place.file), options_.parse.fields.text, options_.parse.fields.html, fields_));
    }
  }
  fields_.clear();
  has_pages_ = false;
  ReportGuesses(place.file, hooks);
  if (place.file + 1 == files_.size()) ReportIdleFields(hooks);
}

void Corpus::ReportGuesses(uint32_t file, const RunHooks& hooks) {
  const CharsetGuesses guesses = std::exchange(guesses_, {});
  if (guesses.pages > 0 && ++guessed_files_ <= kToldOfGuesses && hooks.warn) {
    const std::string pages = guesses.pages == 1 ? "a page" : fmt::format("{} pages", guesses.pages);
    const std::string& looks = guesses.first;
    std::string line = Shown(file) + ": ";
    if (guesses.kind == RecordKind::kText) {
      line += "not all of it is UTF-8; bytes that are not part words";
      if (looks != "utf-8")
        line += fmt::format(". It looks like {0}: iconv -f {0} -t utf-8 makes it UTF-8", looks);
    } else if (guesses.kind == RecordKind::kWet) {
      line += fmt::format("not all of {} is UTF-8, as WET should be; what is not became U+FFFD", pages);
    } else {
      line += fmt::format("nothing says the charset of {}; guessed {}", pages,
                          guesses.pages == 1 ? looks : fmt::format("of each, of the first {}", looks));
    }
    hooks.warn(line);
  }
  if (file + 1 == files_.size() && guessed_files_ > kToldOfGuesses && hooks.warn) {
    hooks.warn(fmt::format("{} more file{} whose charset was guessed", guessed_files_ - kToldOfGuesses,
                           guessed_files_ == kToldOfGuesses + 1 ? "" : "s"));
  }
}

void Corpus::ReportIdleFields(const RunHooks& hooks) {
  // Names in an earlier run are those that it was given; it has said so.
  if (!hooks.warn || told_of_idle_fields_ || fields_seen_.lines == 0 || !earlier_.empty()) return;
  told_of_idle_fields_ = true;
  const FieldNames usual;
  const FieldNames& names = options_.parse.fields;
  std::string inputs = options_.inputs.front() == "-" ? "standard input" : options_.inputs.front();
  if (options_.inputs.size() > 1) inputs += fmt::format(" and {} more", options_.inputs.size() - 1);
  const auto report = [&](bool seen, const std::string& name, const std::string& usual_name,
                          std::string_view option, std::string_view what_then) {
    if (seen || name == usual_name) return;
    hooks.warn(fmt::format(
        "no page of {} has a string or number in a field '{}', which {} names: {} (the first line has {})",
        inputs, name, option, what_then, fields_seen_.first));
  };
  report(fields_seen_.id, names.id, usual.id, "--id-field", "pages are called by file and line");
  report(fields_seen_.url, names.url, usual.url, "--url-field", "they have no address");
  if (!options_.source_is_file) {
    report(fields_seen_.source, names.source, usual.source, "--source-field",
           "the source is the host of the address");
  }
  report(fields_seen_.date, names.date, usual.date, "--date-field", "they have no date");
}

void Corpus::ReportRefused(const CorpusBatch& batch, const RunHooks& hooks) {
  ++damage_.refused_files;
  ReportPlace(batch.refusal, hooks);
}

void Corpus::ReportOversized(const Record& record, const RunHooks& hooks) {
  if (record.no_page) return;
  if (record.location.file == last_oversized_.file && record.location.record == last_oversized_.record)
    return;
  last_oversized_ = record.location;
  ++damage_.oversized;
  const bool extracted = record.kind != RecordKind::kJsonl && record.kind != RecordKind::kText;
  std::string line =
      fmt::format("{}: {} larger than {} bytes, {}; raise {} to read it",
                  Where(record.location.file, record.location.offset), extracted ? "page" : "record",
                  options_.reader.max_record, extracted ? "left out" : "not compared",
                  options_.memory_caps ? "--memory" : "--max-record");
  ReportPlace(std::move(line), hooks);
}

}  // namespace refrain
