#include "refrain/pipeline/collect_texts.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "refrain/pipeline/page_source.h"

namespace refrain {

absl::Status CollectTexts(Corpus& corpus, uint32_t first_file, const PageTable& table,
                          const std::vector<bool>& wanted, const RunHooks& hooks, TextStore* store) {
  const auto begin = wanted.begin() + table.LowerBound(first_file, 0);
  const auto end =
      wanted.begin() + table.LowerBound(first_file + static_cast<uint32_t>(corpus.files().size()), 0);
  if (std::find(begin, end, true) == end) return absl::OkStatus();
  struct Stored {
    uint32_t page = 0;
    std::string text;
  };
  using Texts = std::vector<Stored>;
  struct Worker {
    explicit Worker(const Corpus& corpus) : source(corpus) {}
    PageSource source;
    Page page;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < std::max(1, corpus.options().threads); ++i)
    workers.push_back(std::make_unique<Worker>(corpus));
  return corpus.ForEachBatch<Texts>(
      "collecting", hooks,
      [&](int number, CorpusBatch& batch, Texts* texts) {
        Worker& worker = *workers[static_cast<size_t>(number)];
        const uint32_t file = first_file + batch.file;
        for (const Record& record : batch.records.records) {
          const uint32_t page = table.LowerBound(file, record.location.record);
          if (page >= table.size() || table[page].file != file ||
              table[page].record != record.location.record)
            continue;
          if (!wanted[page] || record.oversized) continue;
          const absl::StatusOr<bool> parsed = worker.source.Read(record, &worker.page);
          if (!parsed.ok() || !*parsed) continue;
          texts->push_back({page, std::move(worker.page.text)});
        }
        return absl::OkStatus();
      },
      [&](Texts&& texts) {
        for (const Stored& stored : texts) {
          if (absl::Status status = store->Add(stored.page, stored.text); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      [&](int number) { workers[static_cast<size_t>(number)] = std::make_unique<Worker>(corpus); });
}

}  // namespace refrain
