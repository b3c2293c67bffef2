#include "refrain/pipeline/each_page.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace refrain {

absl::StatusOr<DamageCount> VisitPages(const CorpusOptions& options, const RunHooks& hooks,
                                       const std::function<std::unique_ptr<PageVisitor>()>& make_visitor,
                                       const std::function<absl::Status(std::string_view)>& write) {
  absl::StatusOr<std::unique_ptr<Corpus>> opened = Corpus::Open(options, hooks);
  if (!opened.ok()) return opened.status();
  Corpus& corpus = **opened;

  struct Worker {
    Worker(const Corpus& corpus, std::unique_ptr<PageVisitor> its)
        : source(corpus), visitor(std::move(its)) {}
    PageSource source;
    std::unique_ptr<PageVisitor> visitor;
    Page page;
  };
  struct Seen {
    std::vector<std::string> outs;
    std::vector<Damage> damage;
    std::vector<Record> oversized;
    CorpusBatch place;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < std::max(1, options.threads); ++i)
    workers.push_back(std::make_unique<Worker>(corpus, make_visitor()));
  absl::Status status = corpus.ForEachBatch<Seen>(
      "reading", hooks,
      [&](int number, CorpusBatch& batch, Seen* seen) {
        Worker& worker = *workers[static_cast<size_t>(number)];
        seen->place = batch.Place();
        seen->damage = std::move(batch.records.damage);
        for (const Record& record : batch.records.records) {
          if (record.kind == RecordKind::kBlank) continue;
          if (record.oversized) {
            seen->oversized.push_back(record);
            continue;
          }
          const absl::StatusOr<bool> parsed = worker.source.Read(record, &worker.page);
          if (!parsed.ok()) {
            seen->damage.push_back(DamageOf(record, parsed.status()));
          } else if (*parsed) {
            const std::string id = NameOf(worker.page, corpus.files()[batch.file].name);
            worker.visitor->Visit(worker.page, id, &seen->outs.emplace_back());
          }
        }
        worker.source.TakeNotes(&seen->place);
        return absl::OkStatus();
      },
      [&](Seen&& seen) {
        if (seen.place.refused) corpus.ReportRefused(seen.place, hooks);
        for (const Damage& damage : seen.damage) corpus.ReportDamage(damage, hooks);
        for (const Record& record : seen.oversized) corpus.ReportOversized(record, hooks);
        corpus.ReportBatchEnd(seen.place, seen.outs.size(), hooks);
        for (const std::string& out : seen.outs) {
          if (absl::Status written = write(out); !written.ok()) return written;
        }
        return absl::OkStatus();
      },
      [&](int number) {
        workers[static_cast<size_t>(number)] = std::make_unique<Worker>(corpus, make_visitor());
      });
  if (!status.ok()) return status;
  if (corpus.damage().refused_files == corpus.files().size() && !corpus.files().empty()) {
    return absl::InvalidArgumentError("none of the inputs can be read");
  }
  return corpus.damage();
}

}  // namespace refrain
