#include "refrain/pipeline/main_text.h"

#include <algorithm>
#include <utility>

#include "refrain/pipeline/page_source.h"

namespace refrain {

absl::Status CorpusFurniture::Count(Corpus& corpus, const RunHooks& hooks) {
  struct Worker {
    explicit Worker(const Corpus& corpus) : source(corpus) {}
    PageSource source;
    Page page;
    Tokens tokens;
    std::vector<Block> blocks;
    FurnitureKeyMaker maker;
  };
  struct Counted {
    uint64_t source = FurnitureFinder::kUnknown;
    FurnitureKeys keys;
  };
  using Pages = std::vector<Counted>;
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < std::max(1, corpus.options().threads); ++i)
    workers.push_back(std::make_unique<Worker>(corpus));
  std::vector<uint32_t>& first_pages = first_pages_.emplace_back();
  return corpus.ForEachBatch<Pages>(
      "counting furniture", hooks,
      [&](int number, CorpusBatch& batch, Pages* pages) {
        Worker& worker = *workers[static_cast<size_t>(number)];
        for (const Record& record : batch.records.records) {
          if (record.kind == RecordKind::kBlank || record.oversized) continue;
          const absl::StatusOr<bool> parsed = worker.source.Read(record, &worker.page);
          if (!parsed.ok() || !*parsed) continue;
          Counted& counted = pages->emplace_back();
          counted.source = FurnitureFinder::SourceKey(worker.page.source);
          Tokenize(worker.page.text, &worker.tokens);
          Segment(worker.page.text, worker.tokens, &worker.blocks);
          worker.maker.Make(worker.tokens, worker.blocks, counted.source != FurnitureFinder::kUnknown,
                            &counted.keys);
        }
        return absl::OkStatus();
      },
      [&](Pages&& pages) {
        first_pages.push_back(pages_);
        pages_ += static_cast<uint32_t>(pages.size());
        for (const Counted& counted : pages) {
          if (absl::Status status = finder_.Add(counted.source, counted.keys); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      [&](int number) { workers[static_cast<size_t>(number)] = std::make_unique<Worker>(corpus); });
}

absl::Status FurnitureSpans::Find(uint32_t page, std::string_view text, const Tokens& tokens,
                                  std::vector<Span>* spans) {
  spans->clear();
  if (!finder_.any(page)) return absl::OkStatus();
  if (absl::Status status = finder_.Read(page, &found_); !status.ok()) return status;
  Segment(text, tokens, &blocks_);
  marker_.Mark(page, tokens, blocks_, found_, &furniture_);
  for (const FurnitureSpan& span : furniture_.spans) {
    // What many sources show may be what they copied.
    if (!span.common) spans->push_back({tokens.begins[span.first], tokens.ends[span.last - 1]});
  }
  return absl::OkStatus();
}

}  // namespace refrain
