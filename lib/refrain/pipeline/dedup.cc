#include "refrain/pipeline/dedup.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <span>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>

#include "refrain/base/spill_file.h"
#include "refrain/base/utf8.h"
#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/pipeline/run_memory.h"

namespace refrain {

namespace fs = std::filesystem;

absl::Status DedupOptions::Validate() const {
  if (!pages && !passages) return absl::InvalidArgumentError("unit: nothing to compare");
  if (!(resemblance >= 0.1 && resemblance <= 1)) {
    return absl::InvalidArgumentError(
        fmt::format("resemblance is {}, must be between 0.1 and 1", resemblance));
  }
  if (!(passage_tokens >= 5 && passage_tokens <= 10000)) {
    return absl::InvalidArgumentError(
        fmt::format("passage-tokens is {}, must be between 5 and 10000", passage_tokens));
  }
  if (banding.bands < 1 || banding.rows < 1 || banding.components() > PageSigner::kComponents) {
    return absl::InvalidArgumentError(
        fmt::format("banding {} x {}: bands times rows must be between 1 and {}", banding.bands, banding.rows,
                    PageSigner::kComponents));
  }
  if (resume && (force || dry_run)) {
    return absl::InvalidArgumentError(fmt::format("--resume goes on with a run, --{} does not; leave one out",
                                                  force ? "force" : "dry-run"));
  }
  if (keep == Keep::kSourceList && sources.empty()) {
    return absl::InvalidArgumentError("keep source-list needs a list of sources (--source-list FILE)");
  }
  if (out.empty() && !dry_run)
    return absl::InvalidArgumentError("no output folder: name one with --out, or look first with --dry-run");
  return repeats.Validate();
}

// Words that begin as options do: who is refused for one has to know which to give.
std::string DedupOptions::Id() const {
  std::string id = fmt::format(
      "token{} sketch{} unit:{} no-repair:{} resemblance:{} min-tokens:{} max-edits:{} passage-tokens:{} "
      "shingle{}.{}.{} bands:{}x{} keep:{} keep-unique:{} all-pairs:{}",
      kTokenVersion, kSketchVersion,
      pages && passages ? "both"
      : pages           ? "page"
                        : "passage",
      int{!repair}, resemblance, repeats.min_tokens, repeats.max_edits, passage_tokens, shingle.words,
      shingle.half, shingle.quarter, banding.bands, banding.rows, Name(keep), int{keep_unique},
      int{all_pairs});
  const FieldNames& fields = corpus.parse.fields;
  id += fmt::format(
      " id-field:{} text-field:{} html-field:{} url-field:{} source-field:{} date-field:{} source-is-file:{} "
      "input-format:{} max-record-or-memory:{}",
      fields.id, fields.text, fields.html, fields.url, fields.source, fields.date, int{corpus.source_is_file},
      static_cast<int>(corpus.reader.format), corpus.reader.max_record);
  if (mode == OutputMode::kMark) id += " mode:mark";
  for (const std::string& source : sources) id += " source-list:" + source;
  return id;
}

absl::StatusOr<DedupSummary> Dedup(const DedupOptions& options, const RunHooks& hooks) {
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  return DedupRun(options, hooks).Run();
}

absl::StatusOr<DedupSummary> DedupRun::Run() {
  absl::Status status = RunStages();
  if (absl::IsCancelled(status) && scan_stage_ != nullptr) {
    // What is read from there has another time each time, as a file that has changed.
    const std::vector<std::string>& inputs = options_.corpus.inputs;
    const bool again = std::find(inputs.begin(), inputs.end(), "-") == inputs.end();
    return absl::CancelledError(
        again ? "stopped; the same command with --resume goes on from here"
              : "stopped; with standard input nothing can go on from here, with files it could");
  }
  if (!status.ok()) return status;
  return std::move(summary_);
}

absl::Status DedupRun::RunStages() {
  if (absl::Status status = CheckSpillFolder(options_.corpus.tmpdir); !status.ok()) return status;
  absl::StatusOr<DedupInputs> inputs = OpenInputs(&options_, hooks_);
  if (!inputs.ok()) return inputs.status();
  memory_ = inputs->memory;
  corpus_ = std::move(inputs->corpus);
  against_ = std::move(inputs->against);
  if (!options_.dry_run) {
    absl::StatusOr<std::unique_ptr<RunFolder>> folder =
        RunFolder::Open(options_.out, options_.force, "dedup");
    if (!folder.ok()) return folder.status();
    folder_ = *std::move(folder);
    if (folder_->held_unfinished() && hooks_.warn && !options_.resume) {
      hooks_.warn(options_.out + " held an unfinished run; starting again (--resume goes on with it)");
    }
  }

  if (absl::Status status = Foresee(); !status.ok()) return status;
  table_ = std::make_unique<PageTable>(Spilled());
  exact_keys_ = std::make_unique<SpillSorter<ExactItem>>(Spilled());
  decisions_ = std::make_unique<Decisions>(SpillOptions{options_.corpus.tmpdir, StoreMemory()});
  page_keys_ = std::make_unique<SpillSorter<KeyedItem>>(Spilled());
  blocks_ = std::make_unique<SpillArray<BlockEntry>>(Spilled().tmpdir, Spilled().memory);
  block_exact_keys_ = std::make_unique<SpillSorter<ExactItem>>(Spilled());
  block_keys_ = std::make_unique<SpillSorter<KeyedItem>>(Spilled());
  repairs_ = std::make_unique<TextStore>(options_.corpus.tmpdir, StoreMemory());
  absl::Status status = Timed("read", [&] {
    absl::Status read = options_.dry_run ? absl::OkStatus() : OpenStages();
    if (read.ok()) read = Scan(*corpus_, false);
    if (read.ok() && against_ != nullptr) read = Scan(*against_, true);
    return read;
  });
  if (!status.ok()) return status;
  if (corpus_->damage().refused_files == corpus_->files().size() && !corpus_->files().empty()) {
    return absl::InvalidArgumentError("none of the inputs can be read");
  }
  if (against_ != nullptr && !against_->files().empty() &&
      against_->damage().refused_files == against_->files().size()) {
    return absl::InvalidArgumentError(fmt::format("nothing in {} can be read", options_.against));
  }
  summary_.unread_dates = unread_dates_.count;
  if (unread_dates_.count > 0 && hooks_.warn) hooks_.warn(unread_dates_.Warning());
  WarnOfIdleSources();
  const absl::StatusOr<uint64_t> same_ids = table_->MarkSameIds();
  if (!same_ids.ok()) return same_ids.status();
  summary_.same_ids = *same_ids;
  if (summary_.same_ids > 0 && hooks_.warn) {
    hooks_.warn(fmt::format("{} pages share their id with another page; they are kept apart by file and line",
                            summary_.same_ids));
  }
  if (status = Order(); !status.ok()) return status;
  summary_.expected_recall = options_.banding.MeetingProbability(options_.resemblance);

  if (!options_.dry_run) {
    if (status = folder_->Clear(decided_ == nullptr ? "" : kMatchesName); !status.ok()) return status;
    if (status = OpenOutputs(); !status.ok()) return status;
  }
  if (decided_ != nullptr) {
    if (status = TakeDecisions(); !status.ok()) return status;
  } else {
    if (options_.pages) {
      if (status = Timed("compare pages", [&] { return ComparePages(); }); !status.ok()) return status;
    }
    if (options_.passages) {
      if (status = Timed("compare passages", [&] { return ComparePassages(); }); !status.ok()) return status;
    }
    if (!options_.dry_run) {
      if (status = LeaveDecisions(); !status.ok()) return status;
    }
  }
  if (status = LeaveOutRepairsOfDropped(); !status.ok()) return status;
  summary_.damage = corpus_->damage();
  if (against_ != nullptr) summary_.damage.Add(against_->damage());
  summary_.input_bytes = corpus_->bytes();
  if (!options_.dry_run) {
    status = Timed("write", [&] {
      absl::Status write = WriteClean();
      if (write.ok()) write = WriteClusters();
      return write.ok() ? CloseOutputs() : write;
    });
    if (!status.ok()) return status;
  }
  ChooseExamples();
  summary_.peak_memory = PeakMemory();
  if (!options_.dry_run) {
    if (status = folder_->Finish(RunJson()); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status DedupRun::Foresee() {
  // No input becomes this many times as large on any disk, as pages go: then nobody need look closer.
  constexpr uint64_t kPlenty = 50;
  const bool plenty =
      DiskWarnings({.temporary_disk = kPlenty * corpus_->bytes(), .output_bytes = kPlenty * corpus_->bytes()},
                   options_)
          .empty();
  if (plenty && !(options_.dry_run && hooks_.plan)) return absl::OkStatus();
  constexpr uint64_t kLeastSample = 8 << 20;
  absl::StatusOr<DedupPlan> plan = PlanDedup(*corpus_, options_, memory_, hooks_, kLeastSample);
  if (!plan.ok()) return plan.status();
  if (options_.dry_run && hooks_.plan) hooks_.plan(*plan);
  for (const std::string& warning : DiskWarnings(*plan, options_)) {
    if (hooks_.warn) hooks_.warn(warning);
  }
  return absl::OkStatus();
}

absl::Status DedupRun::Timed(const std::string& stage, const std::function<absl::Status()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  absl::Status status = work();
  summary_.seconds.emplace_back(
      stage, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  NoteDisk();
  return status;
}

absl::Status DedupRun::Scan(Corpus& corpus, bool against) {
  ScanStage* const stage = against ? nullptr : scan_stage_.get();
  const uint64_t known = stage == nullptr ? 0 : stage->batches();
  std::vector<std::unique_ptr<PageScanner>> scanners;
  for (int worker = 0; worker < std::max(1, corpus.options().threads); ++worker) {
    scanners.push_back(std::make_unique<PageScanner>(corpus, options_));
  }
  if (known == 0) next_line_.assign(corpus.files().size(), 0);
  absl::Status status = corpus.ForEachBatch<ScanResult>(
      against ? "reading what stays" : "reading", hooks_,
      [&](int worker, CorpusBatch& batch, ScanResult* result) {
        result->known = batch.number < known;
        return result->known ? absl::OkStatus() : scanners[static_cast<size_t>(worker)]->Scan(batch, result);
      },
      [&](ScanResult&& result) {
        if (result.known) return absl::OkStatus();
        if (stage != nullptr) {
          if (absl::Status left = stage->Add(result); !left.ok()) return left;
        }
        absl::Status added = AddScanned(std::move(result), corpus, against);
        return added.ok() ? CheckMemory() : added;
      },
      [&](int worker) {
        scanners[static_cast<size_t>(worker)] = std::make_unique<PageScanner>(corpus, options_);
      });
  // Also what there is when the run is stopped.
  if (stage != nullptr && (status.ok() || absl::IsCancelled(status))) {
    if (absl::Status left = stage->Close(); !left.ok() && status.ok()) return left;
  }
  return status;
}

absl::Status DedupRun::AddScanned(ScanResult&& result, Corpus& corpus, bool against) {
  const uint32_t first_file = against ? static_cast<uint32_t>(corpus_->files().size()) : 0;
  if (result.place.refused) corpus.ReportRefused(result.place, hooks_);
  plain_files_.resize(std::max<size_t>(plain_files_.size(), first_file + result.place.file + 1));
  plain_files_[first_file + result.place.file] = !result.place.gzip && !result.place.zstd;
  for (const Damage& damage : result.damage) corpus.ReportDamage(damage, hooks_);
  for (const Record& record : result.oversized) corpus.ReportOversized(record, hooks_);
  corpus.ReportBatchEnd(result.place, result.pages.size(), hooks_);
  size_t key = 0, block = 0;
  size_t example = 0;  // they are of the first pages with a cut
  for (ScanResult::ScannedPage& scanned : result.pages) {
    PageEntry& entry = scanned.entry;
    const uint32_t page = static_cast<uint32_t>(table_->size());
    const bool lines = entry.kind == RecordKind::kJsonl || entry.kind == RecordKind::kJsonlHtml;
    scanned.facts.line = lines ? static_cast<uint32_t>(entry.record) : next_line_[entry.file]++;
    entry.file += first_file;
    entry.against = against;
    absl::Status status;
    if (entry.tokens > 0)
      status = exact_keys_->Add({.key = scanned.exact.high, .low = scanned.exact.low, .item = page});
    const bool compares = decided_ == nullptr;
    for (int band = 0; compares && scanned.banded && status.ok() && band < options_.banding.bands; ++band)
      status = page_keys_->Add({result.band_keys[key++], page});
    for (uint32_t i = 0; compares && status.ok() && i < scanned.blocks; ++i)
      status = AddBlock(result, block++, page);
    if (!status.ok()) return status;
    if (!against) {
      ++summary_.pages;
      summary_.text_bytes += entry.text_bytes;
      summary_.pages_repaired += entry.has_cut;
      if (entry.has_cut) {
        if (status = repairs_->Add(page, scanned.repeats); !status.ok()) return status;
        if (example < result.examples.size() && repeat_examples_.size() < kKnownExamples) {
          repeat_examples_.push_back(std::move(result.examples[example++]));
          repeat_example_pages_.push_back(page);
        }
      }
    }
    if (status = table_->Add(entry, scanned.id, scanned.facts); !status.ok()) return status;
  }
  if (against) return absl::OkStatus();
  summary_.records += result.records;
  for (const auto& [type, records] : result.warc_records) summary_.warc_records[type] += records;
  summary_.invalid_bytes += result.invalid_bytes;
  unread_dates_.Add(std::move(result.unread_dates));
  summary_.repeat_spans += result.repeat_spans;
  summary_.repeat_bytes += result.repeat_bytes;
  return absl::OkStatus();
}

absl::Status DedupRun::AddBlock(const ScanResult& result, size_t at, uint32_t page) {
  const ScannedBlock& block = result.blocks[at];
  const size_t bands = static_cast<size_t>(options_.banding.bands);
  const uint32_t number = static_cast<uint32_t>(blocks_->size());
  absl::Status status =
      block_exact_keys_->Add({.key = block.exact.high, .low = block.exact.low, .item = number});
  for (size_t i = at * bands; i < (at + 1) * bands && status.ok(); ++i)
    status = block_keys_->Add({result.block_keys[i], number});
  if (!status.ok()) return status;
  return blocks_->Add({.page = page, .span = block.span, .tokens = block.tokens});
}

// What grows in memory with pages and blocks, however much is spilled (docs/scaling.md): what is there and
// what will be, order, decision and where each store has a page.
uint64_t DedupRun::MemoryNeeded() const {
  constexpr uint64_t kPageLater = 60, kBlockLater = 16;
  return table_->fixed_memory() + table_->size() * kPageLater + blocks_->size() * kBlockLater;
}

void DedupRun::NoteDisk(uint64_t more) {
  uint64_t sum = more;
  const auto add = [&](const auto& spilled) { sum += spilled == nullptr ? 0 : spilled->disk(); };
  add(table_), add(exact_keys_), add(page_keys_), add(blocks_), add(block_exact_keys_), add(block_keys_);
  add(repairs_), add(store_), add(sets_), add(described_), add(verified_), add(decisions_);
  summary_.temporary_disk = std::max(summary_.temporary_disk, sum);
}

absl::Status DedupRun::CheckMemory() const {
  const uint64_t most = MostMemory(), need = MemoryNeeded();
  if (need <= most) return absl::OkStatus();
  return absl::ResourceExhaustedError(fmt::format(
      "{} page{} take {} MB of memory though all that can be is on disk, more than the {} MB that "
      "--memory leaves for them (half of it is for records); raise --memory or give fewer files",
      table_->size(), table_->size() == 1 ? "" : "s", need >> 20, most >> 20));
}

absl::Status DedupRun::Order() {
  absl::StatusOr<PageOrder> pages = OrderPages(*table_, options_.keep, std::move(exact_keys_));
  if (!pages.ok()) return pages.status();
  pages_ = *std::move(pages);
  return absl::OkStatus();
}

void DedupRun::WarnOfIdleSources() const {
  constexpr size_t kNamed = 5;
  if (options_.sources.empty() || !hooks_.warn) return;
  std::vector<bool> used(options_.sources.size() + 1);  // one more: of pages that no entry is for
  for (uint32_t page = 0; page < table_->size(); ++page) used[Entry(page).source_rank] = true;
  std::vector<std::string> idle;
  std::unordered_set<std::string_view> named;
  for (size_t rank = 0; rank < options_.sources.size(); ++rank) {
    const std::string& source = options_.sources[rank];
    if (named.insert(source).second && !used[rank]) idle.push_back(ToValidUtf8(source));
  }
  if (idle.empty()) return;
  const std::string more = idle.size() > kNamed ? fmt::format(" and {} more", idle.size() - kNamed) : "";
  idle.resize(std::min(idle.size(), kNamed));
  hooks_.warn(
      fmt::format("no page is of {}{}, named in --source-list; a source is spelled as in its field, else as "
                  "the host of the address",
                  fmt::join(idle, ", "), more));
}

// Nothing is repaired of a page that goes, in part or as a whole.
absl::Status DedupRun::LeaveOutRepairsOfDropped() {
  std::string scratch;
  PageRepeats repeats;
  for (uint32_t page = 0; page < table_->size(); ++page) {
    if (!Entry(page).has_cut || !decisions_->drops(page)) continue;
    const absl::StatusOr<std::string_view> packed = repairs_->Read(page, &scratch);
    if (!packed.ok()) return packed.status();
    UnpackRepeats(*packed, &repeats);
    --summary_.pages_repaired;
    summary_.repeat_spans -= repeats.cut.size();
    for (const Span& cut : repeats.cut) summary_.repeat_bytes -= cut.size();
  }
  return absl::OkStatus();
}

// Of each kind as many as of the others, where there are so many. No repeats of pages that went.
void DedupRun::ChooseExamples() {
  size_t kept = 0;
  for (size_t i = 0; i < repeat_examples_.size(); ++i) {
    if (decisions_->drops(repeat_example_pages_[i])) continue;
    if (kept != i) repeat_examples_[kept] = std::move(repeat_examples_[i]);
    ++kept;
  }
  repeat_examples_.resize(kept);
  std::vector<DedupExample>* const kinds[] = {&repeat_examples_, &page_examples_, &passage_examples_};
  size_t chosen[3] = {}, left = kExamples;
  for (bool more = true; more && left > 0;) {
    more = false;
    for (size_t kind = 0; kind < 3 && left > 0; ++kind) {
      if (chosen[kind] == kinds[kind]->size()) continue;
      ++chosen[kind], --left, more = true;
    }
  }
  for (size_t kind = 0; kind < 3; ++kind) {
    for (size_t i = 0; i < chosen[kind]; ++i) {
      DedupExample example = std::move((*kinds[kind])[i]);
      for (std::string* part : {&example.id, &example.witness, &example.text}) *part = ToValidUtf8(*part);
      summary_.examples.push_back(std::move(example));
    }
  }
}

const InputFile& DedupRun::File(uint32_t file) const {
  const size_t ours = corpus_->files().size();
  return file < ours ? corpus_->files()[file] : against_->files()[file - ours];
}

std::string DedupRun::DisplayId(uint32_t page) const {
  return refrain::DisplayId(*table_, page, File(Entry(page).file).name);
}

}  // namespace refrain
