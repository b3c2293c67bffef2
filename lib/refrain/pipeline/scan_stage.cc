#include "refrain/pipeline/scan_stage.h"

#include <sys/stat.h>

#include <span>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/system_error.h"
#include "refrain/io/output.h"

namespace refrain {
namespace {

constexpr uint64_t k32 = uint64_t{1} << 32;
constexpr uint64_t kKinds = static_cast<uint64_t>(RecordKind::kBlank) + 1;

void AppendPage(const ScanResult::ScannedPage& page, std::string* bytes) {
  const PageEntry& entry = page.entry;
  for (const uint64_t number :
       {entry.record, static_cast<uint64_t>(entry.date), uint64_t{entry.file}, uint64_t{entry.text_bytes},
        uint64_t{entry.clean_bytes}, uint64_t{entry.tokens}, uint64_t{entry.source_rank},
        static_cast<uint64_t>(entry.kind), uint64_t{entry.has_cut}, page.facts.record_hash.high,
        page.facts.record_hash.low, page.facts.offset, uint64_t{page.facts.words.begin},
        uint64_t{page.facts.words.end}, uint64_t{page.facts.record_bytes}, page.exact.high, page.exact.low,
        uint64_t{page.banded}, uint64_t{page.blocks}}) {
    AppendNumber(number, bytes);
  }
  for (const uint64_t word : page.facts.sketch.words) AppendNumber(word, bytes);
  AppendText(page.id, bytes);
  AppendText(page.repeats, bytes);
}

void TakePage(StageBytes* bytes, uint32_t files, ScanResult::ScannedPage* page) {
  const auto number32 = [&] { return static_cast<uint32_t>(bytes->Below(k32)); };
  PageEntry& entry = page->entry;
  entry.record = bytes->Number();
  entry.date = static_cast<int64_t>(bytes->Number());
  entry.file = static_cast<uint32_t>(bytes->Below(files));
  entry.text_bytes = number32();
  entry.clean_bytes = number32();
  entry.tokens = number32();
  entry.source_rank = number32();
  entry.kind = static_cast<RecordKind>(bytes->Below(kKinds));
  entry.has_cut = bytes->Flag();
  PageFacts& facts = page->facts;
  facts.record_hash.high = bytes->Number();
  facts.record_hash.low = bytes->Number();
  facts.offset = bytes->Number();
  facts.words.begin = number32();
  facts.words.end = number32();
  facts.record_bytes = number32();
  page->exact.high = bytes->Number();
  page->exact.low = bytes->Number();
  page->banded = bytes->Flag();
  page->blocks = number32();
  for (uint64_t& word : facts.sketch.words) word = bytes->Number();
  page->id = bytes->Text();
  page->repeats = bytes->Text();
}

}  // namespace

void AppendScan(const ScanResult& result, std::string* bytes) {
  const CorpusBatch& place = result.place;
  for (const uint64_t number :
       {uint64_t{place.file}, uint64_t{place.opens_file}, uint64_t{place.closes_file},
        uint64_t{place.refused}, uint64_t{place.gzip}, uint64_t{place.zstd}, result.records,
        result.invalid_bytes, result.unread_dates.count, result.repeat_spans, result.repeat_bytes}) {
    AppendNumber(number, bytes);
  }
  AppendText(result.refusal, bytes);
  AppendNumber(result.pages.size(), bytes);
  for (const ScanResult::ScannedPage& page : result.pages) AppendPage(page, bytes);
  AppendNumber(result.band_keys.size(), bytes);
  for (const uint64_t key : result.band_keys) AppendNumber(key, bytes);
  AppendNumber(result.blocks.size(), bytes);
  std::span<const uint64_t> block_keys = result.block_keys;
  const size_t bands = result.blocks.empty() ? 0 : block_keys.size() / result.blocks.size();
  for (const ScannedBlock& block : result.blocks) {
    for (const uint64_t number : {block.exact.high, block.exact.low, uint64_t{block.span.begin},
                                  uint64_t{block.span.end}, uint64_t{block.tokens}}) {
      AppendNumber(number, bytes);
    }
    for (const uint64_t key : block_keys.first(bands)) AppendNumber(key, bytes);
    block_keys = block_keys.subspan(bands);
  }
  AppendNumber(result.damage.size(), bytes);
  for (const Damage& damage : result.damage) {
    for (const uint64_t number :
         {uint64_t{damage.file}, damage.record, damage.offset, damage.bytes, uint64_t{damage.stored}})
      AppendNumber(number, bytes);
    AppendText(damage.reason, bytes);
    AppendText(damage.fields, bytes);
  }
  AppendNumber(result.oversized.size(), bytes);
  for (const Record& record : result.oversized) {
    for (const uint64_t number : {uint64_t{record.location.file}, record.location.record,
                                  record.location.offset, record.location.length})
      AppendNumber(number, bytes);
  }
  AppendNumber(result.warc_records.size(), bytes);
  for (const auto& [type, count] : result.warc_records) {
    AppendText(type, bytes);
    AppendNumber(count, bytes);
  }
  AppendNumber(result.examples.size(), bytes);
  for (const DedupExample& example : result.examples) {
    AppendText(example.id, bytes);
    AppendText(example.text, bytes);
  }
  AppendText(result.unread_dates.date, bytes);
  AppendText(result.unread_dates.page, bytes);
}

bool TakeScan(std::string_view all, const Banding& banding, uint32_t files, ScanResult* result) {
  *result = {};
  StageBytes bytes(all);
  const auto number32 = [&] { return static_cast<uint32_t>(bytes.Below(k32)); };
  CorpusBatch& place = result->place;
  place.file = static_cast<uint32_t>(bytes.Below(files));
  for (bool* flag : {&place.opens_file, &place.closes_file, &place.refused, &place.gzip, &place.zstd})
    *flag = bytes.Flag();
  for (uint64_t* number : {&result->records, &result->invalid_bytes, &result->unread_dates.count,
                           &result->repeat_spans, &result->repeat_bytes})
    *number = bytes.Number();
  result->refusal = place.refusal = bytes.Text();
  // Stage files do not say; what they hold is not to be called a wrong name.
  place.fields.id = place.fields.url = place.fields.source = place.fields.date = true;
  result->pages.resize(bytes.Count(27 * 8));
  uint64_t banded = 0, blocks = 0;
  for (ScanResult::ScannedPage& page : result->pages) {
    TakePage(&bytes, files, &page);
    if (page.entry.has_cut && !AreRepeats(page.repeats, page.entry.text_bytes)) return false;
    banded += page.banded;
    blocks += page.blocks;
  }
  result->band_keys.resize(bytes.Count(8));
  for (uint64_t& key : result->band_keys) key = bytes.Number();
  const size_t bands = static_cast<size_t>(banding.bands);
  if (result->band_keys.size() != banded * bands) return false;
  result->blocks.resize(bytes.Count((5 + bands) * 8));
  if (result->blocks.size() != blocks) return false;
  result->block_keys.resize(blocks * bands);
  auto key = result->block_keys.begin();
  for (ScannedBlock& block : result->blocks) {
    block.exact.high = bytes.Number();
    block.exact.low = bytes.Number();
    block.span.begin = number32();
    block.span.end = number32();
    block.tokens = number32();
    for (size_t band = 0; band < bands; ++band) *key++ = bytes.Number();
  }
  result->damage.resize(bytes.Count(7 * 8));
  for (Damage& damage : result->damage) {
    damage.file = static_cast<uint32_t>(bytes.Below(files));
    damage.record = bytes.Number();
    damage.offset = bytes.Number();
    damage.bytes = bytes.Number();
    damage.stored = bytes.Flag();
    damage.reason = bytes.Text();
    damage.fields = bytes.Text();
  }
  result->oversized.resize(bytes.Count(4 * 8));
  for (Record& record : result->oversized) {
    record.oversized = true;
    record.location.file = static_cast<uint32_t>(bytes.Below(files));
    record.location.record = bytes.Number();
    record.location.offset = bytes.Number();
    record.location.length = bytes.Number();
  }
  for (uint64_t left = bytes.Count(16); left > 0; --left) {
    const std::string type = bytes.Text();
    result->warc_records[type] = bytes.Number();
  }
  result->examples.resize(bytes.Count(16));
  for (DedupExample& example : result->examples) {
    example.verdict = "repeat";
    example.resemblance = 1;
    example.id = bytes.Text();
    example.text = bytes.Text();
  }
  result->unread_dates.date = bytes.Text();
  result->unread_dates.page = bytes.Text();
  return bytes.ok() && bytes.at_end();
}

std::string InputsField(const std::vector<InputFile>& files) {
  std::string all;
  for (const InputFile& file : files) {
    struct stat about{};
    if (stat(file.path.c_str(), &about) != 0) about = {};
    AppendText(file.name, &all);
    AppendNumber(file.size, &all);
    AppendNumber(static_cast<uint64_t>(about.st_mtim.tv_sec) * 1'000'000'000 +
                     static_cast<uint64_t>(about.st_mtim.tv_nsec),
                 &all);
  }
  return fmt::format("{}_files,names,sizes,times:{:016x}", files.size(), HashBytes64(all));
}

std::string ScanStage::Path() const { return fmt::format("{}/scan-{:06}", folder_, number_); }

StageFields ScanStage::Fields() const {
  StageFields fields = {{"kind", "scan-3"}, {"number", std::to_string(number_)}};
  fields.insert(fields.end(), fields_.begin(), fields_.end());
  return fields;
}

absl::Status ScanStage::Read(const Banding& banding, uint32_t files,
                             const std::function<absl::Status(ScanResult&&)>& take) {
  const auto refused = [](const absl::Status& status) {
    return WithErrnoOf(
        absl::Status(status.code(), std::string(status.message()) +
                                        "; give the command as before, or without --resume to start again"),
        status);
  };
  for (;; ++number_) {
    absl::StatusOr<std::unique_ptr<StageReader>> reader = StageReader::Open(Path(), Fields());
    if (absl::IsNotFound(reader.status())) return absl::OkStatus();
    if (!reader.ok()) return refused(reader.status());
    while (true) {
      const absl::StatusOr<bool> more = (*reader)->Next(&bytes_);
      if (!more.ok()) return refused(more.status());
      if (!*more) break;
      ScanResult result;
      if (!TakeScan(bytes_, banding, files, &result))
        return refused(absl::DataLossError(Path() + ": byte 0: a block is not what this version writes"));
      if (absl::Status status = take(std::move(result)); !status.ok()) return status;
      ++batches_;
    }
  }
}

absl::Status ScanStage::Add(const ScanResult& result) {
  if (writer_ == nullptr) {
    absl::StatusOr<std::unique_ptr<StageWriter>> writer = StageWriter::Create(Path(), Fields());
    if (!writer.ok()) return writer.status();
    writer_ = *std::move(writer);
  }
  bytes_.clear();
  AppendScan(result, &bytes_);
  if (absl::Status status = writer_->Add(bytes_); !status.ok()) return status;
  return writer_->bytes() >= segment_ ? Close() : absl::OkStatus();
}

absl::Status ScanStage::Close() {
  if (writer_ == nullptr) return absl::OkStatus();
  ++number_;
  const std::unique_ptr<StageWriter> writer = std::move(writer_);
  return writer->Close();
}

}  // namespace refrain
