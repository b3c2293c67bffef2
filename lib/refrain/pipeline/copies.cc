#include "refrain/pipeline/copies.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "refrain/base/base64.h"
#include "refrain/base/cpu.h"
#include "refrain/base/json.h"
#include "refrain/base/spill_file.h"
#include "refrain/base/utf8.h"
#include "refrain/base/version.h"
#include "refrain/pipeline/agency.h"
#include "refrain/pipeline/copies_run_internal.h"
#include "refrain/pipeline/keep_order.h"
#include "refrain/pipeline/run_memory.h"
#include "refrain/pipeline/summary_json.h"
#include "refrain/sketch/signature.h"

namespace refrain {

absl::Status CopiesOptions::Validate() const {
  if (out.empty()) return absl::InvalidArgumentError("no output folder: name one with --out");
  if (!(passages.min_words >= 5 && passages.min_words <= 10000)) {
    return absl::InvalidArgumentError(
        fmt::format("min-tokens is {}, must be between 5 and 10000", passages.min_words));
  }
  if (absl::Status status = thresholds.Validate(); !status.ok()) return status;
  return repeats.Validate();
}

std::string CopiesOptions::Id() const {
  std::string id = fmt::format(
      "token{} sketch{} mirror{} containment{} both{} local{}+{} resemblance{}.{}-{} part{}.{} numbers{} "
      "excerpt{}.{} "
      "min{} "
      "noise:{} "
      "furniture{} pairs{} repeats{}.{} format{}",
      kTokenVersion, kSketchVersion, thresholds.mirror, thresholds.containment, thresholds.both,
      thresholds.local, thresholds.rise, thresholds.resemblance, thresholds.least_words, thresholds.fall,
      thresholds.part, thresholds.part_words, thresholds.numbers, thresholds.excerpt,
      thresholds.excerpt_words, passages.min_words, Name(noise), int{discount_furniture}, int{all_pairs},
      repeats.min_tokens, repeats.max_edits, static_cast<int>(format));
  const FieldNames& fields = corpus.parse.fields;
  id += fmt::format(" fields:{},{},{},{},{},{} file{} format{} record{}", fields.id, fields.text, fields.html,
                    fields.url, fields.source, fields.date, int{corpus.source_is_file},
                    static_cast<int>(corpus.reader.format), corpus.reader.max_record);
  if (!of.empty()) id += " of:" + of;
  return id;
}

absl::StatusOr<CopiesSummary> FindCopies(const CopiesOptions& options, const RunHooks& hooks) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  return CopiesRun(options, hooks).Run();
}

absl::StatusOr<CopiesSummary> CopiesRun::Run() {
  absl::Status status = RunStages();
  if (!status.ok()) return status;
  return std::move(summary_);
}

absl::Status CopiesRun::OpenOf() {
  if (options_.of.empty()) return absl::OkStatus();
  CorpusOptions of = options_.corpus;
  of.inputs = {options_.of};
  of.reader.format = InputFormat::kAuto;
  absl::StatusOr<std::unique_ptr<Corpus>> corpus = Corpus::Open(of, hooks_);
  if (!corpus.ok()) return corpus.status();
  of_ = *std::move(corpus);
  return absl::OkStatus();
}

absl::Status CopiesRun::RunStages() {
  if (absl::Status status = CheckSpillFolder(options_.corpus.tmpdir); !status.ok()) return status;
  options_.corpus.results = options_.out;
  options_.passages.rewritten = options_.noise != Noise::kNone;
  const absl::StatusOr<MemoryShares> memory = SettleMemory(options_.memory, &options_.corpus);
  if (!memory.ok()) return memory.status();
  memory_ = memory->all;
  if (options_.noise == Noise::kOcr) {
    // A token a letter: five times what a record takes otherwise.
    options_.corpus.memory /= 5;
    if (options_.memory > 0) {
      options_.corpus.reader.max_record =
          std::min(options_.corpus.reader.max_record, LargestRecord(options_.corpus.memory));
    }
  }
  absl::StatusOr<std::unique_ptr<Corpus>> corpus = Corpus::Open(options_.corpus, hooks_);
  if (!corpus.ok()) return corpus.status();
  corpus_ = *std::move(corpus);
  if (absl::Status status = OpenOf(); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<RunFolder>> folder = RunFolder::Open(options_.out, options_.force, "copies");
  if (!folder.ok()) return folder.status();
  folder_ = *std::move(folder);

  table_ = std::make_unique<PageTable>(Spilled());
  exact_keys_ = std::make_unique<SpillSorter<ExactItem>>(Spilled());
  SpillOptions shared = Spilled();
  shared.least = 2;  // what one page has alone brings nobody together
  keys_ = std::make_unique<SpillSorter<MeetingKey>>(shared);
  left_out_ = std::make_unique<TextStore>(options_.corpus.tmpdir, StoreMemory());
  if (options_.discount_furniture) {
    if (absl::Status counted = Timed("furniture", [&] { return CountFurniture(); }); !counted.ok())
      return counted;
  }
  absl::Status status = Timed("read", [&] {
    absl::Status read = Scan(*corpus_, false);
    if (read.ok() && of_ != nullptr) read = Scan(*of_, true);
    return read;
  });
  if (!status.ok()) return status;
  for (const auto& [read, name] :
       {std::pair{corpus_.get(), "the inputs"}, {of_.get(), "the pages of --of"}}) {
    if (read != nullptr && !read->files().empty() && read->damage().refused_files == read->files().size())
      return absl::InvalidArgumentError(fmt::format("none of {} can be read", name));
  }
  summary_.unread_dates = unread_dates_.count;
  if (unread_dates_.count > 0 && hooks_.warn) hooks_.warn(unread_dates_.Warning());
  const absl::StatusOr<uint64_t> same_ids = table_->MarkSameIds();
  if (!same_ids.ok()) return same_ids.status();
  summary_.same_ids = *same_ids;
  if (summary_.same_ids > 0 && hooks_.warn) {
    hooks_.warn(fmt::format("{} pages share their id with another page; they are told apart by file and line",
                            summary_.same_ids));
  }
  furniture_.reset();
  if (status = Order(); !status.ok()) return status;
  if (status = folder_->Clear(); !status.ok()) return status;
  absl::StatusOr<std::unique_ptr<OutputFile>> matches =
      OutputFile::Create(folder_->path() + "/matches.jsonl.zst", Compression::kZstd, Effort::kLow);
  if (!matches.ok()) return matches.status();
  matches_ = *std::move(matches);
  if (status = Timed("compare", [&] { return ComparePairs(); }); !status.ok()) return status;
  if (status = matches_->Close(); !status.ok()) return status;
  if (status = Timed("stories", [&] { return WriteStories(); }); !status.ok()) return status;
  summary_.damage = corpus_->damage();
  if (of_ != nullptr) summary_.damage.Add(of_->damage());
  summary_.input_bytes = corpus_->bytes();
  summary_.peak_memory = PeakMemory();
  return folder_->Finish(RunJson());
}

absl::Status CopiesRun::Timed(const std::string& stage, const std::function<absl::Status()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  absl::Status status = work();
  summary_.seconds.emplace_back(
      stage, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  NoteDisk();
  return status;
}

absl::Status CopiesRun::CountFurniture() {
  furniture_ = std::make_unique<CorpusFurniture>(Spilled());
  absl::Status status = furniture_->Count(*corpus_, hooks_);
  if (status.ok() && of_ != nullptr) status = furniture_->Count(*of_, hooks_);
  return status.ok() ? furniture_->Finish(hooks_) : status;
}

absl::Status CopiesRun::Scan(Corpus& corpus, bool of) {
  std::vector<std::unique_ptr<CopyScanner>> scanners;
  for (int worker = 0; worker < std::max(1, corpus.options().threads); ++worker)
    scanners.push_back(std::make_unique<CopyScanner>(corpus, options_, furniture_.get(), of));
  next_line_.assign(corpus.files().size(), 0);
  return corpus.ForEachBatch<CopyScanResult>(
      of ? "reading pages of --of" : "reading", hooks_,
      [&](int worker, CorpusBatch& batch, CopyScanResult* result) {
        return scanners[static_cast<size_t>(worker)]->Scan(batch, result);
      },
      [&](CopyScanResult&& result) {
        absl::Status added = AddScanned(std::move(result), corpus, of);
        return added.ok() ? CheckMemory() : added;
      },
      [&](int worker) {
        scanners[static_cast<size_t>(worker)] =
            std::make_unique<CopyScanner>(corpus, options_, furniture_.get(), of);
      });
}

absl::Status CopiesRun::AddScanned(CopyScanResult&& result, Corpus& corpus, bool of) {
  const uint32_t first_file = of ? static_cast<uint32_t>(corpus_->files().size()) : 0;
  if (result.place.refused) corpus.ReportRefused(result.place, hooks_);
  plain_files_.resize(std::max<size_t>(plain_files_.size(), first_file + result.place.file + 1));
  plain_files_[first_file + result.place.file] = !result.place.gzip && !result.place.zstd;
  for (const Damage& damage : result.damage) corpus.ReportDamage(damage, hooks_);
  for (const Record& record : result.oversized) corpus.ReportOversized(record, hooks_);
  corpus.ReportBatchEnd(result.place, result.pages.size(), hooks_);
  size_t key = 0;
  for (CopyScanResult::ScannedPage& scanned : result.pages) {
    PageEntry& entry = scanned.entry;
    const uint32_t page = static_cast<uint32_t>(table_->size());
    const bool lines = entry.kind == RecordKind::kJsonl || entry.kind == RecordKind::kJsonlHtml;
    scanned.facts.line = lines ? static_cast<uint32_t>(entry.record) : next_line_[entry.file]++;
    entry.file += first_file;
    entry.against = of;
    // An agency's own page need not say whose it is.
    const uint8_t own = AgencyOfSource(scanned.source);
    if (scanned.agency == kNoAgency) scanned.agency = own;
    entry.agency = own != kNoAgency && own == scanned.agency;
    entry.source_rank = kNoSource;
    if (!scanned.source.empty()) {
      const auto [at, is_new] =
          source_numbers_.try_emplace(scanned.source, static_cast<uint32_t>(sources_.size()));
      if (is_new) {
        sources_.push_back(scanned.source);
        source_bytes_ += 2 * scanned.source.size() + 160;
      }
      entry.source_rank = at->second;
    }
    agencies_.push_back(scanned.agency);
    absl::Status status;
    if (entry.tokens > 0)
      // With --of the equals of either side stand for themselves.
      status = exact_keys_->Add(
          {.key = scanned.exact.high, .low = scanned.exact.low ^ uint64_t{of}, .item = page});
    for (uint32_t i = 0; i < scanned.keys && status.ok(); ++i, ++key) {
      result.keys[key].page = page;
      status = keys_->Add(result.keys[key]);
    }
    if (status.ok() && !scanned.left_out.empty()) status = left_out_->Add(page, scanned.left_out);
    if (!status.ok()) return status;
    if (!of) {
      ++summary_.pages;
      summary_.text_bytes += entry.text_bytes;
    }
    if (status = table_->Add(entry, scanned.id, scanned.facts); !status.ok()) return status;
  }
  summary_.sources = sources_.size();
  if (of) return absl::OkStatus();
  summary_.records += result.records;
  summary_.left_out_bytes += result.left_out_bytes;
  unread_dates_.Add(std::move(result.unread_dates));
  return absl::OkStatus();
}

absl::Status CopiesRun::Order() {
  absl::StatusOr<PageOrder> pages = OrderPages(*table_, Keep::kOrigin, std::move(exact_keys_));
  if (!pages.ok()) return pages.status();
  pages_ = *std::move(pages);
  return absl::OkStatus();
}

uint64_t CopiesRun::StoreMemory() const {
  constexpr uint64_t kMost = 16 << 20;
  return std::min(kMost, (memory_ - options_.corpus.memory) / 64);
}

// No records are read meanwhile. Pages that have to do with each other are compared one after the other: to
// remember more saves few reads, and memory that is touched for it costs as much.
uint64_t CopiesRun::CompareMemory() const {
  constexpr uint64_t kMost = 48 << 20, kMostOfAll = 512 << 20;
  const auto threads = static_cast<uint64_t>(std::max(1, options_.corpus.threads));
  return std::min(kMost, std::min(kMostOfAll, options_.corpus.memory / 4 * 3) / threads);
}

// While pairs are compared five of its users have their share at a time.
SpillOptions CopiesRun::Spilled() const {
  constexpr uint64_t kMost = 256 << 20;
  return {.tmpdir = options_.corpus.tmpdir,
          .memory = std::min(kMost, (memory_ - options_.corpus.memory) / 10),
          .ahead = options_.corpus.threads > 1};
}

// What grows in memory with the pages (docs/scaling.md): the rest spills.
absl::Status CopiesRun::CheckMemory() const {
  constexpr uint64_t kPageLater = 48;
  const uint64_t most = (memory_ - options_.corpus.memory) / 2;
  const uint64_t need = table_->fixed_memory() + table_->size() * kPageLater + source_bytes_;
  if (need <= most) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("{} pages and their sources take {} MB of memory, more than the {} MB that --memory leaves "
                  "for them; raise "
                  "--memory or give fewer files",
                  table_->size(), need >> 20, most >> 20));
}

void CopiesRun::NoteDisk(uint64_t more) {
  uint64_t sum = more;
  const auto add = [&](const auto& spilled) { sum += spilled == nullptr ? 0 : spilled->disk(); };
  add(table_), add(exact_keys_), add(keys_), add(left_out_), add(furniture_), add(pairs_), add(chosen_),
      add(candidates_), add(rows_), add(store_), add(one_story_), add(told_);
  summary_.temporary_disk = std::max(summary_.temporary_disk, sum);
}

const InputFile& CopiesRun::File(uint32_t file) const {
  const size_t ours = corpus_->files().size();
  return file < ours ? corpus_->files()[file] : of_->files()[file - ours];
}

std::string CopiesRun::DisplayId(uint32_t page) const {
  return refrain::DisplayId(*table_, page, File(Entry(page).file).name);
}

std::string CopiesRun::RunJson() const {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Field("refrain", kVersionText)
      .Field("command", "copies")
      .Field("options", options_.Id())
      .Field("kernel", KernelName());
  json.Field("token_version", kTokenVersion).Field("sketch_version", kSketchVersion);
  for (const auto& [key, corpus] : {std::pair{"inputs", corpus_.get()}, {"of", of_.get()}}) {
    if (corpus == nullptr) continue;
    json.Key(key).BeginArray();
    for (const InputFile& file : corpus->files()) {
      json.BeginObject();
      IsValidUtf8(file.name) ? json.Field("name", file.name)
                             : json.Field("name_base64", EncodeBase64(file.name));
      json.Field("bytes", file.size).EndObject();
    }
    json.EndArray();
  }
  AppendSummaryFields(summary_, &json);
  json.EndObject().EndLine();
  return out;
}

}  // namespace refrain
