#include "refrain/pipeline/boilerplate_job.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "refrain/base/cpu.h"
#include "refrain/base/json.h"
#include "refrain/base/spill_file.h"
#include "refrain/base/version.h"
#include "refrain/io/output.h"
#include "refrain/pipeline/clean_files.h"
#include "refrain/pipeline/furniture.h"
#include "refrain/pipeline/page_source.h"
#include "refrain/pipeline/page_table.h"
#include "refrain/pipeline/record_hash.h"
#include "refrain/pipeline/run_folder.h"
#include "refrain/pipeline/run_memory.h"
#include "refrain/pipeline/strip_page.h"
#include "refrain/pipeline/summary_json.h"
#include "refrain/report/jsonl.h"
#include "refrain/report/listed.h"
#include "refrain/report/marked.h"

namespace refrain {

absl::Status BoilerplateOptions::Validate() const { return furniture.Validate(); }

std::string BoilerplateOptions::Id() const {
  const FieldNames& fields = corpus.parse.fields;
  return fmt::format("token{} {} common{} fields:{},{},{},{},{},{} file{} format{} record{}", kTokenVersion,
                     furniture.Id(), int{cut_common}, fields.id, fields.text, fields.html, fields.url,
                     fields.source, fields.date, int{corpus.source_is_file},
                     static_cast<int>(corpus.reader.format), corpus.reader.max_record) +
         (mode == OutputMode::kMark ? " marks" : "");
}

namespace {

using Write = std::function<absl::Status(std::string_view)>;

// What the first pass takes from a batch.
struct ScannedBatch {
  struct ScannedPage {
    PageEntry entry;
    PageFacts facts;  // where its record stands; but for the line
    std::string id;
    uint64_t source = 0;
    FurnitureKeys keys;
  };
  std::vector<ScannedPage> pages;
  std::vector<Damage> damage;
  std::vector<Record> oversized;  // without their bytes
  CorpusBatch place;              // without its records
  uint64_t records = 0;
};

class Scanner {
 public:
  explicit Scanner(const Corpus& corpus) : source_(corpus) {}

  absl::Status Scan(CorpusBatch& batch, ScannedBatch* scanned) {
    scanned->place = batch.Place();
    scanned->damage = std::move(batch.records.damage);
    for (const Record& record : batch.records.records) {
      if (record.kind == RecordKind::kBlank) continue;
      if (record.oversized) {
        scanned->oversized.push_back(record);
        scanned->oversized.back().bytes = {};
        continue;
      }
      ++scanned->records;
      const absl::StatusOr<bool> parsed = source_.Read(record, &page_);
      if (!parsed.ok()) {
        scanned->damage.push_back(DamageOf(record, parsed.status()));
      } else if (*parsed) {
        ScanPage(record, &scanned->pages.emplace_back());
      }
    }
    source_.TakeNotes(&scanned->place);
    return absl::OkStatus();
  }

 private:
  void ScanPage(const Record& record, ScannedBatch::ScannedPage* scanned) {
    Tokenize(page_.text, &tokens_);
    Segment(page_.text, tokens_, &blocks_);
    maker_.Make(tokens_, blocks_, !page_.source.empty(), &scanned->keys);
    scanned->id = page_.id;
    scanned->source = FurnitureFinder::SourceKey(page_.source);
    scanned->entry = {.record = page_.location.record,
                      .file = page_.location.file,
                      .text_bytes = static_cast<uint32_t>(page_.text.size()),
                      .tokens = static_cast<uint32_t>(tokens_.size()),
                      .kind = page_.kind};
    scanned->facts.record_hash = RecordHash(page_);
    scanned->facts.offset = record.location.offset;
    scanned->facts.record_bytes = static_cast<uint32_t>(record.bytes.size());
  }

  PageSource source_;
  Page page_;
  Tokens tokens_;
  std::vector<Block> blocks_;
  FurnitureKeyMaker maker_;
};

class BoilerplateRun {
 public:
  BoilerplateRun(BoilerplateOptions options, const RunHooks& hooks, const Write& write)
      : options_(std::move(options)), hooks_(hooks), write_(write) {}

  absl::StatusOr<BoilerplateSummary> Run() {
    if (absl::Status status = RunStages(); !status.ok()) return status;
    return std::move(summary_);
  }

 private:
  // What the second pass makes of a batch where there is no folder to write to.
  struct Shown {
    std::vector<std::string> pages;
    std::string aside;
  };

  absl::Status RunStages();
  absl::Status Scan();
  absl::Status AddScanned(ScannedBatch&& scanned);
  absl::Status CheckMemory() const;
  absl::Status Show();
  absl::Status ShowBatch(CorpusBatch& batch, PageSource* source, Page* page, PageStripper* stripper,
                         Shown* shown);
  absl::Status ShowPage(uint32_t number, const Page& page, PageStripper* stripper, Shown* shown);
  absl::Status ShowList();
  absl::Status Strip();
  absl::Status WriteRows();
  std::string RunJson() const;

  bool writes_files() const { return !options_.out.empty(); }
  int threads() const { return std::max(1, options_.corpus.threads); }
  uint64_t MemoryAllowed() const { return memory_ - options_.corpus.memory; }
  // For each array or sorter that may spill: five at a time.
  SpillOptions Spilled() const {
    constexpr uint64_t kMost = 64 << 20;
    return {.tmpdir = options_.corpus.tmpdir, .memory = std::min(kMost, MemoryAllowed() / 16)};
  }
  std::string DisplayId(uint32_t page) const {
    const PageEntry& entry = (*table_)[page];
    const std::string place = PlaceName(corpus_->files()[entry.file].name, entry.kind, entry.record);
    if (entry.id_size == 0) return place;
    std::string id(table_->id(page));
    if (entry.same_id) id += "@" + place;
    return id;
  }
  // The name a page goes by in results that stand in the order of the input.
  std::string OwnId(const Page& page) const {
    return NameOf(page, corpus_->files()[page.location.file].name);
  }
  absl::Status Timed(const std::string& stage, const std::function<absl::Status()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    absl::Status status = work();
    summary_.seconds.emplace_back(
        stage, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    const uint64_t disk = finder_->disk() + table_->disk() + rows_->disk();
    summary_.temporary_disk = std::max(summary_.temporary_disk, disk);
    return status;
  }
  void Count(const std::vector<Span>& cuts) {
    uint64_t bytes = 0;
    for (const Span& cut : cuts) bytes += cut.size();
    cut_bytes_ += bytes;
    spans_ += cuts.size();
    pages_stripped_ += !cuts.empty();
  }

  BoilerplateOptions options_;  // with what follows from --memory
  const RunHooks& hooks_;
  const Write& write_;
  uint64_t memory_ = 0;
  BoilerplateSummary summary_;
  std::atomic<uint64_t> cut_bytes_ = 0, spans_ = 0, pages_stripped_ = 0;
  std::unique_ptr<Corpus> corpus_;
  std::unique_ptr<RunFolder> folder_;
  std::unique_ptr<PageTable> table_;
  std::unique_ptr<FurnitureFinder> finder_;
  std::unique_ptr<BoilerplateRows> rows_;
  std::unique_ptr<StripPlan> plan_;
  std::unique_ptr<CleanFiles> files_;
  std::vector<uint32_t> next_line_;  // by file: pages so far, for files whose records are not lines
};

// Counts what is cut on its way to the writer.
class CountedCuts : public PageCuts {
 public:
  CountedCuts(const StripPlan& plan, std::function<void(const std::vector<Span>&)> count)
      : stripper_(plan), count_(std::move(count)) {}
  bool Any(uint32_t number) const override { return stripper_.Any(number); }
  absl::Status Cut(uint32_t number, const Page& page, std::vector<Span>* cuts, std::string* aside) override {
    absl::Status status = stripper_.Cut(number, page, cuts, aside);
    count_(*cuts);
    return status;
  }
  RemovedSpanRow Row(size_t cut) const override { return stripper_.Row(cut); }

 private:
  PageStripper stripper_;
  const std::function<void(const std::vector<Span>&)> count_;
};

absl::Status BoilerplateRun::RunStages() {
  if (absl::Status status = CheckSpillFolder(options_.corpus.tmpdir); !status.ok()) return status;
  options_.corpus.results = options_.out;
  const absl::StatusOr<MemoryShares> memory = SettleMemory(options_.memory, &options_.corpus);
  if (!memory.ok()) return memory.status();
  memory_ = memory->all;
  absl::StatusOr<std::unique_ptr<Corpus>> corpus = Corpus::Open(options_.corpus, hooks_);
  if (!corpus.ok()) return corpus.status();
  corpus_ = *std::move(corpus);
  if (writes_files()) {
    absl::StatusOr<std::unique_ptr<RunFolder>> folder =
        RunFolder::Open(options_.out, options_.force, "boilerplate");
    if (!folder.ok()) return folder.status();
    folder_ = *std::move(folder);
    if (folder_->held_unfinished() && hooks_.warn)
      hooks_.warn(options_.out + " held an unfinished run; starting again");
  }
  table_ = std::make_unique<PageTable>(Spilled());
  finder_ = std::make_unique<FurnitureFinder>(options_.furniture, Spilled());
  rows_ = std::make_unique<BoilerplateRows>(Spilled());
  const bool lists = !writes_files() && options_.format == BoilerplateFormat::kList;
  plan_ = std::make_unique<StripPlan>(StripPlan{
      .finder = *finder_,
      .cut_common = options_.cut_common,
      .display_id = [this](uint32_t page) { return DisplayId(page); },
      .print = [lists](const BoilerplateRow& row,
                       std::string* out) { lists ? AppendListed(row, out) : AppendJson(row, out); }});

  if (absl::Status status = Timed("read", [&] { return Scan(); }); !status.ok()) return status;
  if (corpus_->damage().refused_files == corpus_->files().size() && !corpus_->files().empty())
    return absl::InvalidArgumentError("none of the inputs can be read");
  const absl::StatusOr<uint64_t> same_ids = table_->MarkSameIds();
  if (!same_ids.ok()) return same_ids.status();
  summary_.same_ids = *same_ids;
  if (hooks_.progress) hooks_.progress({.stage = "counting"});
  if (absl::Status status = Timed("count", [&] { return finder_->Finish(hooks_); }); !status.ok())
    return status;
  if (writes_files()) {
    if (absl::Status status = folder_->Clear(); !status.ok()) return status;
  }
  absl::Status status = Timed("write", [&] { return writes_files() ? Strip() : Show(); });
  if (!status.ok()) return status;
  summary_.cut_bytes = cut_bytes_;
  summary_.spans = spans_;
  summary_.pages_stripped = pages_stripped_;
  summary_.texts = rows_->texts();
  summary_.templates = rows_->templates();
  summary_.common = rows_->common();
  summary_.damage = corpus_->damage();
  summary_.input_bytes = corpus_->bytes();
  summary_.peak_memory = PeakMemory();
  return writes_files() ? folder_->Finish(RunJson()) : absl::OkStatus();
}

absl::Status BoilerplateRun::Scan() {
  next_line_.assign(corpus_->files().size(), 0);
  std::vector<std::unique_ptr<Scanner>> scanners;
  for (int i = 0; i < threads(); ++i) scanners.push_back(std::make_unique<Scanner>(*corpus_));
  return corpus_->ForEachBatch<ScannedBatch>(
      "reading", hooks_,
      [&](int worker, CorpusBatch& batch, ScannedBatch* scanned) {
        return scanners[static_cast<size_t>(worker)]->Scan(batch, scanned);
      },
      [&](ScannedBatch&& scanned) {
        absl::Status added = AddScanned(std::move(scanned));
        return added.ok() ? CheckMemory() : added;
      },
      [&](int worker) { scanners[static_cast<size_t>(worker)] = std::make_unique<Scanner>(*corpus_); });
}

absl::Status BoilerplateRun::AddScanned(ScannedBatch&& scanned) {
  if (scanned.place.refused) corpus_->ReportRefused(scanned.place, hooks_);
  for (const Damage& damage : scanned.damage) corpus_->ReportDamage(damage, hooks_);
  for (const Record& record : scanned.oversized) corpus_->ReportOversized(record, hooks_);
  corpus_->ReportBatchEnd(scanned.place, scanned.pages.size(), hooks_);
  for (ScannedBatch::ScannedPage& page : scanned.pages) {
    const PageEntry& entry = page.entry;
    const bool lines = entry.kind == RecordKind::kJsonl || entry.kind == RecordKind::kJsonlHtml;
    page.facts.line = lines ? static_cast<uint32_t>(entry.record) : next_line_[entry.file]++;
    absl::Status status = table_->Add(entry, page.id, page.facts);
    if (status.ok()) status = finder_->Add(page.source, page.keys);
    if (!status.ok()) return status;
    ++summary_.pages;
    summary_.with_source += page.source != FurnitureFinder::kUnknown;
    summary_.text_bytes += entry.text_bytes;
  }
  summary_.records += scanned.records;
  return absl::OkStatus();
}

// What grows with pages whatever is on disk: the table, and what FurnitureFinder says.
absl::Status BoilerplateRun::CheckMemory() const {
  constexpr uint64_t kPageInFinder = 56;
  const uint64_t need = table_->fixed_memory() + table_->size() * kPageInFinder;
  const uint64_t most = MemoryAllowed() / 16 * 10;
  if (need <= most) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("{} pages take {} MB of memory though all that can be is on disk, more than the {} MB that "
                  "--memory leaves for them (half of it is for records); raise --memory or give fewer files",
                  table_->size(), need >> 20, most >> 20));
}

absl::Status BoilerplateRun::Show() {
  struct Worker {
    Worker(const Corpus& corpus, const StripPlan& plan) : source(corpus), stripper(plan) {}
    PageSource source;
    PageStripper stripper;
    Page page;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < threads(); ++i) workers.push_back(std::make_unique<Worker>(*corpus_, *plan_));
  bool first = true, line_open = false;
  const bool parts =
      options_.format == BoilerplateFormat::kText || options_.format == BoilerplateFormat::kMarked;
  absl::Status status = corpus_->ForEachBatch<Shown>(
      "writing", hooks_,
      [&](int number, CorpusBatch& batch, Shown* shown) {
        Worker& worker = *workers[static_cast<size_t>(number)];
        return ShowBatch(batch, &worker.source, &worker.page, &worker.stripper, shown);
      },
      [&](Shown&& shown) {
        absl::Status written = rows_->Add(shown.aside);
        for (const std::string& page : shown.pages) {
          // A page that is alone comes out byte for byte; between two stands a line with a form feed.
          if (written.ok() && parts && !first) written = write_(line_open ? "\n\f\n" : "\f\n");
          if (written.ok()) written = write_(page);
          first = false;
          line_open = !page.empty() && page.back() != '\n';
        }
        return written;
      },
      [&](int number) { workers[static_cast<size_t>(number)] = std::make_unique<Worker>(*corpus_, *plan_); });
  if (status.ok() && options_.format == BoilerplateFormat::kList) status = ShowList();
  return status;
}

absl::Status BoilerplateRun::ShowBatch(CorpusBatch& batch, PageSource* source, Page* page,
                                       PageStripper* stripper, Shown* shown) {
  const std::vector<Record>& records = batch.records.records;
  if (records.empty()) return absl::OkStatus();
  const bool lists = options_.format == BoilerplateFormat::kList;
  uint32_t number = table_->LowerBound(batch.file, records.front().location.record);
  for (const Record& record : records) {
    const bool is_page = number < table_->size() && (*table_)[number].file == batch.file &&
                         (*table_)[number].record == record.location.record;
    if (!is_page) continue;
    const uint32_t its = number++;
    if (lists && !finder_->any(its)) continue;
    const absl::StatusOr<bool> parsed = source->Read(record, page);
    if (!parsed.ok() || !*parsed) continue;  // the input changed while it was read
    if (absl::Status status = ShowPage(its, *page, stripper, shown); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status BoilerplateRun::ShowPage(uint32_t number, const Page& page, PageStripper* stripper,
                                      Shown* shown) {
  std::vector<Span> cuts;
  if (absl::Status status = stripper->Cut(number, page, &cuts, &shown->aside); !status.ok()) return status;
  Count(cuts);
  if (options_.format == BoilerplateFormat::kList) return absl::OkStatus();
  // Cuts that touch are one.
  std::vector<Span> joined;
  for (const Span& cut : cuts) {
    if (!joined.empty() && joined.back().end == cut.begin) {
      joined.back().end = cut.end;
    } else {
      joined.push_back(cut);
    }
  }
  std::string& out = shown->pages.emplace_back();
  const std::string id = OwnId(page);
  switch (options_.format) {
    case BoilerplateFormat::kText:
      out = WithoutSpans(page.text, joined);
      break;
    case BoilerplateFormat::kMarked:
      AppendMarked({.id = id, .text = page.text, .repeats = {}, .cut = joined}, {.color = options_.color},
                   &out);
      break;
    case BoilerplateFormat::kJson:
      AppendJson(BoilerplatePageRow{.id = id,
                                    .source = page.source,
                                    .text = page.text,
                                    .cut = joined,
                                    .common = stripper->common()},
                 &out);
      break;
    case BoilerplateFormat::kList:
      break;
  }
  return absl::OkStatus();
}

absl::Status BoilerplateRun::ShowList() {
  std::string last;
  bool any = false;
  return rows_->ForEach([&](std::string_view source, uint32_t of, std::string_view row) {
    std::string out;
    if (!any || source != last) {
      if (any) out += "\n";
      AppendListHeading(source, of, &out);
      last = source;
      any = true;
    }
    out += row;
    return write_(out);
  });
}

absl::Status BoilerplateRun::Strip() {
  absl::StatusOr<std::unique_ptr<CleanFiles>> files =
      CleanFiles::Create(*folder_, corpus_->files().size(), options_.mode, options_.corpus.threads);
  if (!files.ok()) return files.status();
  files_ = *std::move(files);
  // No page goes, and nothing is repaired.
  const Decisions decisions(Spilled());
  const TextStore repairs(options_.corpus.tmpdir, 0);
  const CleanPlan plan{.table = *table_,
                       .decisions = decisions,
                       .repairs = repairs,
                       .mode = options_.mode,
                       .display_id = [this](uint32_t page) { return DisplayId(page); }};
  const auto writer = [&] {
    return std::make_unique<CleanWriter>(
        *corpus_, plan,
        std::make_unique<CountedCuts>(*plan_, [this](const std::vector<Span>& cuts) { Count(cuts); }));
  };
  std::vector<std::unique_ptr<CleanWriter>> writers;
  for (int i = 0; i < threads(); ++i) writers.push_back(writer());
  absl::Status status = corpus_->ForEachBatch<CleanResult>(
      "writing", hooks_,
      [&](int worker, CorpusBatch& batch, CleanResult* result) {
        return writers[static_cast<size_t>(worker)]->Write(batch, result);
      },
      [&](CleanResult&& result) {
        absl::Status added = rows_->Add(result.aside);
        return added.ok() ? files_->Add(std::move(result)) : added;
      },
      [&](int worker) { writers[static_cast<size_t>(worker)] = writer(); });
  if (status.ok()) status = WriteRows();
  return status.ok() ? files_->Close() : status;
}

absl::Status BoilerplateRun::WriteRows() {
  absl::StatusOr<std::unique_ptr<OutputFile>> file =
      OutputFile::Create(folder_->path() + "/boilerplate.jsonl", Compression::kNone);
  if (!file.ok()) return file.status();
  absl::Status status =
      rows_->ForEach([&](std::string_view, uint32_t, std::string_view row) { return (*file)->Write(row); });
  return status.ok() ? (*file)->Close() : status;
}

std::string BoilerplateRun::RunJson() const {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Field("refrain", kVersionText)
      .Field("command", "boilerplate")
      .Field("options", options_.Id())
      .Field("kernel", KernelName())
      .Field("token_version", kTokenVersion);
  AppendRunFacts(*corpus_, *files_, &json);
  AppendSummaryFields(summary_, &json);
  json.EndObject().EndLine();
  return out;
}

}  // namespace

absl::StatusOr<BoilerplateSummary> RunBoilerplate(const BoilerplateOptions& options, const RunHooks& hooks,
                                                  const Write& write) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  return BoilerplateRun(options, hooks, write).Run();
}

}  // namespace refrain
