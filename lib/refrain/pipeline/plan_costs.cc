#include "refrain/pipeline/plan_costs.h"

#include <algorithm>
#include <cmath>

#include "refrain/pipeline/dedup_run_internal.h"

namespace refrain {
namespace {

// A sorter, an array, a store of so many bytes: what is in memory of it and what on disk (see their headers).
double SorterDisk(double bytes, double memory) { return bytes > memory / 2 ? bytes : 0; }
double RestOnDisk(double bytes, double memory) { return std::max(0.0, bytes - memory); }
// A TextStore takes its memory by the megabyte: with less it has none.
double StoreDisk(double bytes, double memory) {
  constexpr double kChunk = 1 << 20;
  return RestOnDisk(bytes, std::floor(memory / kChunk) * kChunk);
}

double Dropped(const PlanTotals& all) { return std::max(0.0, all.pages - all.kept); }

// Where a store has each page up to the last one in it.
double Places(double in_store, const PlanTotals& all) { return in_store > 0 ? 12 * all.pages : 0; }

// What a run remembers, in bytes, wherever it is.
struct Remembered {
  double facts = 0, exact = 0, keys = 0, repairs = 0, sets = 0, described = 0, decisions = 0;
  double members = 0, places = 0;  // of buckets
};

Remembered RememberedOf(const PlanTotals& all, const DedupOptions& options) {
  const double bands = options.banding.bands;
  Remembered out;
  out.facts = sizeof(PageFacts) * all.pages;
  out.exact = sizeof(ExactItem) * all.pages;
  out.keys = options.pages ? sizeof(KeyedItem) * bands * all.pages : 0;
  out.repairs = 16 * all.repaired + 24 * all.repeat_spans;
  out.sets = 8 * all.met_words;
  out.described = 160 * all.near;
  out.decisions = 70 * Dropped(all);
  out.members = 4 * std::min(bands, 0.75 * bands) * all.met;
  out.places = 2 * out.members;
  return out;
}

// Rows of marks/ and the documents that are written because nobody has them (docs/formats/marks.md).
double MarksBytes(const PlanTotals& all) {
  const double named = all.pages > 0 ? all.ids / all.pages : 0;
  // What a row is around its id; what a page that goes or a repeat adds, around the witness' id.
  const double rows = 25 * all.pages + 67 * Dropped(all) + 45 * all.repaired + 25 * all.repeat_spans;
  const double ids = all.ids + named * (Dropped(all) + all.repeat_spans);
  // Rows are alike, ids are less so.
  return (all.compressed ? 0.06 * rows + 0.5 * ids : rows + ids) + all.extracted_stored;
}

}  // namespace

double TemporaryDisk(const PlanTotals& all, const DedupOptions& options, const MemoryShares& memory) {
  const double bands = options.banding.bands;
  const double spilled = static_cast<double>(memory.spilled()), store = static_cast<double>(memory.store());
  const Remembered kept = RememberedOf(all, options);
  const double blocks = SorterDisk(sizeof(ExactItem) * all.blocks, spilled) +
                        SorterDisk(sizeof(KeyedItem) * bands * all.blocks, spilled) +
                        RestOnDisk(sizeof(BlockEntry) * all.blocks, spilled);
  const double lasting = RestOnDisk(kept.facts, spilled) + StoreDisk(kept.repairs, store) + blocks;
  const double buckets = RestOnDisk(kept.members, spilled) + SorterDisk(kept.places, spilled);
  const double read =
      lasting + SorterDisk(kept.keys, spilled) + std::max(SorterDisk(kept.exact, spilled), buckets);
  const double compared = lasting + buckets + all.met_text + StoreDisk(kept.sets, store) +
                          StoreDisk(kept.described, store) + StoreDisk(kept.decisions, store);
  return std::max(read, compared);
}

double OutputBytes(const PlanTotals& all, uint64_t files, OutputMode mode) {
  constexpr double kExample = 200, kExamples = 10;  // of what goes, in run.json
  const double matches = 45 * Dropped(all);
  const double run_json =
      1000 + kExample * std::min(kExamples, Dropped(all) + all.repaired) + 130.0 * static_cast<double>(files);
  if (mode == OutputMode::kMark) return MarksBytes(all) + matches + run_json;
  const double goes = all.text > 0 ? (all.text - all.kept_text) / all.text : 0;
  const double cut = all.text > 0 ? all.repeat_bytes / all.text : 0;
  const double rows = matches + 30 * all.repeat_spans;
  const double clean = all.clean_stored * (1 - goes) * (1 - cut) + all.other;
  const double removed = all.removed_stored * (goes + (1 - goes) * cut) + all.extracted_repaired * (1 - goes);
  return clean + removed + rows + run_json;
}

double StageFolderBytes(const PlanTotals& all, const DedupOptions& options) {
  const double bands = options.banding.bands;
  return options.dry_run
             ? 0
             : (260 + 8 * bands) * all.pages + all.ids + (40 + 8 * bands) * all.blocks + 75 * Dropped(all);
}

double ResidentMemory(const PlanTotals& all, const DedupOptions& options, const MemoryShares& memory) {
  const double spilled = static_cast<double>(memory.spilled()), store = static_cast<double>(memory.store());
  const Remembered kept = RememberedOf(all, options);
  // The program, what each thread works on, what stays of each page and what spills.
  const double base = 10e6, a_thread = 13e6, a_compressing_thread = 17e6;
  // Until each thread has its batches full, input decides: measured on 30 kB to 60 MB of JSONL and WARC.
  // Compressed results wait for the thread that writes them.
  const double in_work =
      (all.compressed ? 5e6 : 1.2e6) + (all.compressed ? 5000 : 3500) * std::sqrt(all.clean + all.other);
  const double working =
      std::min({std::max(1, options.corpus.threads) * (all.compressed ? a_compressing_thread : a_thread),
                static_cast<double>(memory.records()), in_work});
  // Batches wait for each other, but one that is too large by itself for nobody (LoadGate).
  const double reading = std::max(working, all.largest_read);
  const double comparing = std::max(working, all.largest_compared);
  const double fixed = (sizeof(PageEntry) + 8) * all.pages + 1.05 * all.ids + sizeof(BlockEntry) * all.blocks;
  const double sorter = kept.keys > spilled / 2 ? spilled / 2 : 1.2 * kept.keys;
  const double repairs = std::min(kept.repairs, store) + Places(all.repaired, all);
  const double blocks = std::min(sizeof(ExactItem) * all.blocks, spilled / 2) +
                        std::min(sizeof(KeyedItem) * options.banding.bands * all.blocks, spilled / 2);
  const double at_read =
      std::min(kept.facts, spilled) + sorter + std::min(kept.exact, spilled / 2) + repairs + blocks;
  // Signatures of facts that are on disk: what is left for them (DedupRun::KeepCoarse).
  const double room = static_cast<double>(memory.pages()) * 13 / 16 - fixed - 52 * all.pages;
  const double coarse = kept.facts > spilled ? std::clamp(room, 0.0, sizeof(CoarseSignature) * all.pages) : 0;
  const double at_compare =
      12 * all.pages + std::min(kept.facts, spilled) + coarse + std::min(kept.members, spilled) +
      std::min(kept.places, spilled / 2) + std::min(kept.sets, store) + Places(all.met, all) +
      std::min(kept.described, store) + Places(all.near, all) + std::min(kept.decisions, store) +
      Places(Dropped(all), all) + Places(all.met_text, all) + repairs + blocks;
  return base + fixed + std::max(reading + at_read, comparing + at_compare);
}

double Seconds(const PlanTotals& all, double looking, double written, uint64_t files, bool writes) {
  // Against the first pass, measured on dumps of JSONL, WET and WARC: who is compared is read and cut into
  // tokens once or twice more, and all is read again to be written.
  constexpr double kCompared = 1.3, kWritten = 0.55;
  // What is written goes to the page cache, until a fifth of memory waits there for the disk.
  constexpr double kDiskBytesPerSecond = 150e6;
  // Each file is on disk before the run ends: its own, and what else a run writes.
  constexpr double kAFile = 4e-3, kOtherFiles = 8;
  const double synced = writes ? kAFile * (static_cast<double>(files) + kOtherFiles) : 0;
  const double met_share = all.pages > 0 ? all.met / all.pages : 0;
  const double waits = std::max(0.0, written - 0.2 * static_cast<double>(AvailableMemory()));
  return looking * (1 + kCompared * met_share + (writes ? kWritten : 0)) + synced +
         waits / kDiskBytesPerSecond;
}

}  // namespace refrain
