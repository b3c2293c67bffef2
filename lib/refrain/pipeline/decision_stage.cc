#include "refrain/pipeline/decision_stage.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "refrain/base/hash.h"
#include "refrain/base/system_error.h"

namespace refrain {
namespace {

constexpr uint64_t k32 = uint64_t{1} << 32;
constexpr uint64_t kVerdicts = static_cast<uint64_t>(Verdict::kPassage) + 1;
constexpr size_t kBlock = size_t{1} << 20;

std::string PathIn(const std::string& folder) { return folder + "/decisions"; }

StageFields FieldsOf(const StageFields& fields) {
  StageFields all = {{"kind", "decisions-1"}};
  all.insert(all.end(), fields.begin(), fields.end());
  return all;
}

absl::Status Refused(const absl::Status& status) {
  return WithErrnoOf(
      absl::Status(status.code(), std::string(status.message()) +
                                      "; give the command as before, or without --resume to start again"),
      status);
}

void AppendShare(double share, std::string* bytes) { AppendNumber(std::bit_cast<uint64_t>(share), bytes); }
double TakeShare(StageBytes* bytes) { return std::bit_cast<double>(bytes->Number()); }

void AppendSpan(const Span& span, std::string* bytes) {
  AppendNumber(span.begin, bytes);
  AppendNumber(span.end, bytes);
}

// A span of a text of so many bytes. `ok` becomes false if it is none.
Span TakeSpan(uint32_t text_bytes, StageBytes* bytes, bool* ok) {
  Span span;
  span.begin = static_cast<uint32_t>(bytes->Below(k32));
  span.end = static_cast<uint32_t>(bytes->Below(k32));
  *ok = *ok && span.begin < span.end && span.end <= text_bytes;
  return span;
}

void AppendExamples(const std::vector<DedupExample>& examples, std::string* bytes) {
  AppendNumber(examples.size(), bytes);
  for (const DedupExample& example : examples) {
    for (const std::string* text : {&example.verdict, &example.id, &example.witness, &example.text})
      AppendText(*text, bytes);
    AppendShare(example.resemblance, bytes);
  }
}

void TakeExamples(StageBytes* bytes, std::vector<DedupExample>* examples) {
  examples->resize(bytes->Count(5 * 8));
  for (DedupExample& example : *examples) {
    for (std::string* text : {&example.verdict, &example.id, &example.witness, &example.text})
      *text = bytes->Text();
    example.resemblance = TakeShare(bytes);
  }
}

// The numbers of facts, in their order in a file.
template <typename Facts>
auto Numbers(Facts& facts) {
  return std::to_array({&facts.pages, &facts.matches_bytes, &facts.matches_hash, &facts.compared,
                        &facts.matches, &facts.skipped, &facts.dropped_exact, &facts.dropped_near,
                        &facts.dropped_bytes, &facts.kept_in_part, &facts.passages_cut,
                        &facts.passage_bytes});
}

}  // namespace

void AppendFacts(const ComparedFacts& facts, std::string* bytes) {
  for (const uint64_t* number : Numbers(facts)) AppendNumber(*number, bytes);
  AppendExamples(facts.page_examples, bytes);
  AppendExamples(facts.passage_examples, bytes);
}

bool TakeFacts(std::string_view all, ComparedFacts* facts) {
  *facts = {};
  StageBytes bytes(all);
  for (uint64_t* number : Numbers(*facts)) *number = bytes.Number();
  TakeExamples(&bytes, &facts->page_examples);
  TakeExamples(&bytes, &facts->passage_examples);
  return bytes.ok() && bytes.at_end();
}

void AppendDecided(const DecidedPage& decided, std::string* bytes) {
  AppendNumber(decided.page, bytes);
  AppendNumber(decided.drops, bytes);
  if (decided.drops) {
    const DroppedPage& why = decided.dropped;
    AppendNumber(why.witness, bytes);
    AppendNumber(static_cast<uint64_t>(why.verdict), bytes);
    AppendShare(why.resemblance, bytes);
    AppendShare(why.in_witness, bytes);
    AppendNumber(why.only_in_dropped.size(), bytes);
    for (const Span& span : why.only_in_dropped) AppendSpan(span, bytes);
  }
  AppendNumber(decided.cuts.size(), bytes);
  for (const CutPassage& cut : decided.cuts) {
    AppendSpan(cut.span, bytes);
    AppendNumber(cut.witness, bytes);
    AppendSpan(cut.kept, bytes);
    AppendShare(cut.resemblance, bytes);
  }
}

bool TakeDecided(std::string_view all, uint32_t pages, const TextBytes& text_bytes,
                 std::vector<DecidedPage>* decided) {
  decided->clear();
  StageBytes bytes(all);
  const auto take_page = [&] { return static_cast<uint32_t>(bytes.Below(pages)); };
  bool fits = true;
  while (bytes.ok() && fits && !bytes.at_end()) {
    DecidedPage one;
    one.page = take_page();
    one.drops = bytes.Flag();
    if (!bytes.ok() || (!decided->empty() && decided->back().page >= one.page)) return false;
    const uint32_t size = text_bytes(one.page);
    uint32_t end = 0;  // of the span before
    const auto in_order = [&](const Span& span) {
      fits = fits && span.begin >= std::exchange(end, span.end);
    };
    if (one.drops) {
      one.dropped.witness = take_page();
      one.dropped.verdict = static_cast<Verdict>(bytes.Below(kVerdicts));
      one.dropped.resemblance = TakeShare(&bytes);
      one.dropped.in_witness = TakeShare(&bytes);
      fits = fits && one.dropped.witness != one.page;
      one.dropped.only_in_dropped.resize(bytes.Count(2 * 8));
      for (Span& span : one.dropped.only_in_dropped) in_order(span = TakeSpan(size, &bytes, &fits));
    }
    one.cuts.resize(bytes.Count(6 * 8));
    end = 0;
    for (CutPassage& cut : one.cuts) {
      in_order(cut.span = TakeSpan(size, &bytes, &fits));
      cut.witness = take_page();
      cut.kept = bytes.ok() ? TakeSpan(text_bytes(cut.witness), &bytes, &fits) : Span();
      cut.resemblance = TakeShare(&bytes);
      fits = fits && cut.witness != one.page;
    }
    if (!one.drops && one.cuts.empty()) return false;
    decided->push_back(std::move(one));
  }
  return bytes.ok() && fits;
}

absl::StatusOr<uint64_t> HashFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string block(kBlock, '\0');
  uint64_t hash = 0;
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto got = static_cast<size_t>(file.gcount());
    if (got > 0) hash = HashBytes64({block.data(), got}, hash);
  }
  if (!file.eof()) return absl::DataLossError(fmt::format("{}: {}", path, std::strerror(errno)));
  return hash;
}

absl::Status WriteDecisions(const std::string& folder, const StageFields& fields, const ComparedFacts& facts,
                            const Decisions& decisions) {
  absl::StatusOr<std::unique_ptr<StageWriter>> writer = StageWriter::Create(PathIn(folder), FieldsOf(fields));
  if (!writer.ok()) return writer.status();
  std::string bytes;
  AppendFacts(facts, &bytes);
  if (absl::Status status = (*writer)->Add(bytes); !status.ok()) return status;
  bytes.clear();
  for (uint32_t page = 0; page < facts.pages; ++page) {
    DecidedPage one{.page = page, .drops = decisions.drops(page), .dropped = {}, .cuts = {}};
    if (!one.drops && !decisions.cuts(page)) continue;
    absl::Status status = one.drops ? decisions.Read(page, &one.dropped) : absl::OkStatus();
    if (status.ok()) status = decisions.Read(page, &one.cuts);
    if (!status.ok()) return status;
    AppendDecided(one, &bytes);
    if (bytes.size() < kBlock) continue;
    if (status = (*writer)->Add(bytes); !status.ok()) return status;
    bytes.clear();
  }
  if (!bytes.empty()) {
    if (absl::Status status = (*writer)->Add(bytes); !status.ok()) return status;
  }
  return (*writer)->Close();
}

absl::StatusOr<std::unique_ptr<DecisionStage>> DecisionStage::Open(const std::string& folder,
                                                                   const StageFields& fields) {
  auto stage = std::make_unique<DecisionStage>();
  stage->path_ = PathIn(folder);
  absl::StatusOr<std::unique_ptr<StageReader>> reader = StageReader::Open(stage->path_, FieldsOf(fields));
  if (absl::IsNotFound(reader.status())) return nullptr;
  if (!reader.ok()) return Refused(reader.status());
  stage->reader_ = *std::move(reader);
  std::string bytes;
  const absl::StatusOr<bool> more = stage->reader_->Next(&bytes);
  if (!more.ok()) return Refused(more.status());
  if (!*more || !TakeFacts(bytes, &stage->facts_))
    return Refused(absl::DataLossError(stage->path_ + ": byte 0: no facts of a run that compared"));
  return stage;
}

absl::Status DecisionStage::Read(const TextBytes& text_bytes, Decisions* decisions) {
  const auto damaged = [&] {
    return Refused(absl::DataLossError(path_ + ": byte 0: a block is not what this version writes"));
  };
  std::string bytes;
  std::vector<DecidedPage> block;
  while (true) {
    const absl::StatusOr<bool> more = reader_->Next(&bytes);
    if (!more.ok()) return Refused(more.status());
    if (!*more) return absl::OkStatus();
    if (!TakeDecided(bytes, static_cast<uint32_t>(facts_.pages), text_bytes, &block)) return damaged();
    for (const DecidedPage& one : block) {
      if (decisions->drops(one.page) || decisions->cuts(one.page)) return damaged();
      absl::Status status = one.drops ? decisions->Drop(one.page, one.dropped) : absl::OkStatus();
      if (status.ok() && !one.cuts.empty()) status = decisions->Cut(one.page, one.cuts);
      if (!status.ok()) return status;
    }
  }
}

}  // namespace refrain
