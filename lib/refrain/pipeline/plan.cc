#include "refrain/pipeline/plan.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "refrain/pipeline/dedup_run_internal.h"
#include "refrain/pipeline/plan_costs.h"
#include "refrain/pipeline/plan_sample.h"
#include "refrain/pipeline/plan_totals.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

uint64_t Rounded(double value) { return static_cast<uint64_t>(std::llround(std::max(0.0, value))); }

// Free bytes of the file system that holds `folder`, or would hold it; UINT64_MAX if nobody can tell.
uint64_t FreeBytes(const std::string& folder) {
  std::error_code error;
  fs::path path = fs::absolute(folder, error);
  if (error) return UINT64_MAX;
  while (!fs::exists(path, error) && path.has_relative_path()) path = path.parent_path();
  struct statvfs space{};
  if (statvfs(path.c_str(), &space) != 0) return UINT64_MAX;
  return uint64_t{space.f_bavail} * space.f_frsize;
}

// How much of the input is looked at: with the square root of it the number of pairs in the sample that meet
// stays what it is. What is remembered of each page looked at must fit: a first look says how many there are.
absl::StatusOr<uint64_t> SampleBytes(Corpus& corpus, const DedupOptions& options, const MemoryShares& memory,
                                     const RunHooks& hooks, uint64_t least_sample) {
  constexpr uint64_t kLeast = 1 << 20, kFirstLook = 4 << 20;
  constexpr double kMemoryOfPage = 700;  // signature, keys, and both sorted
  const uint64_t wished =
      std::max(least_sample, Rounded(std::sqrt(8e6 * static_cast<double>(corpus.bytes()))));
  const uint64_t surely = std::max(memory.all / 64, kLeast);
  if (wished <= surely) return wished;
  const absl::StatusOr<Sample> first = TakeSample(corpus, options, std::min(surely, kFirstLook), hooks);
  if (!first.ok()) return first.status();
  double pages = 0;
  for (const Found& one : first->found) pages += static_cast<double>(one.pages.size());
  const double room = static_cast<double>(memory.all / 16) / kMemoryOfPage;
  const uint64_t most = Rounded(room * static_cast<double>(first->bytes) / std::max(pages, 1.0));
  return std::min(wished, std::max(most, kLeast));
}

absl::StatusOr<Sample> SampleFor(Corpus& corpus, const DedupOptions& options, const MemoryShares& memory,
                                 const RunHooks& hooks, uint64_t least_sample) {
  const absl::StatusOr<uint64_t> bytes = SampleBytes(corpus, options, memory, hooks, least_sample);
  if (!bytes.ok()) return bytes.status();
  return TakeSample(corpus, options, *bytes, hooks);
}

DedupPlan PlanFrom(const Sample& taken, const Corpus& corpus, const DedupOptions& options,
                   const MemoryShares& memory) {
  const PlanTotals all = TotalsOf(taken.found, options);
  DedupPlan plan;
  plan.files = corpus.files().size();
  plan.input_bytes = corpus.bytes();
  plan.sampled_bytes = taken.bytes;
  for (const Found& one : taken.found) plan.sampled_pages += one.pages.size();
  plan.whole = taken.whole;
  plan.pages = Rounded(all.pages);
  plan.text_bytes = Rounded(all.text);
  plan.pages_kept = Rounded(all.kept);
  for (int percent = 50; percent <= 100; percent += 5)
    plan.recall.emplace_back(percent / 100.0, options.banding.MeetingProbability(percent / 100.0));
  plan.temporary_disk = Rounded(TemporaryDisk(all, options, memory));
  plan.output_bytes = Rounded(OutputBytes(all, plan.files, options.mode));
  plan.stage_bytes = Rounded(StageFolderBytes(all, options));
  plan.memory = Rounded(ResidentMemory(all, options, memory));
  // The first pass is what was measured, on this machine as busy as it is.
  double worked = 0;
  for (const Found& one : taken.found) worked += one.seconds + one.clean_seconds;
  const double looking = worked > 0 ? taken.seconds * all.seconds / worked : 0;
  const double written = static_cast<double>(plan.temporary_disk) +
                         (options.dry_run ? 0 : static_cast<double>(plan.output_bytes + plan.stage_bytes));
  plan.seconds = Seconds(all, looking, written, plan.files, !options.dry_run);
  return plan;
}

}  // namespace

absl::StatusOr<DedupPlan> PlanDedup(const DedupOptions& asked, const RunHooks& hooks, uint64_t least_sample) {
  DedupOptions options = asked;
  options.dry_run = options.dry_run || options.out.empty();
  if (absl::Status status = options.Validate(); !status.ok()) return status;
  absl::StatusOr<DedupInputs> inputs = OpenInputs(&options, hooks);
  if (!inputs.ok()) return inputs.status();
  Corpus& corpus = *inputs->corpus;
  const absl::StatusOr<Sample> taken = SampleFor(corpus, options, inputs->memory, hooks, least_sample);
  if (!taken.ok()) return taken.status();
  ReportPassedOver(*taken, corpus, hooks);
  const size_t files = corpus.files().size();
  if (files > 0 && corpus.damage().refused_files == files)
    return absl::InvalidArgumentError("none of the inputs can be read");
  DedupPlan plan = PlanFrom(*taken, corpus, options, inputs->memory);
  plan.damage = corpus.damage();
  return plan;
}

absl::StatusOr<DedupPlan> PlanDedup(Corpus& corpus, const DedupOptions& options, const MemoryShares& memory,
                                    const RunHooks& hooks, uint64_t least_sample) {
  const absl::StatusOr<Sample> taken = SampleFor(corpus, options, memory, hooks, least_sample);
  if (!taken.ok()) return taken.status();
  return PlanFrom(*taken, corpus, options, memory);
}

std::vector<std::string> DiskWarnings(const DedupPlan& plan, const DedupOptions& options) {
  std::vector<std::string> warnings;
  const auto megabytes = [](uint64_t bytes) { return (bytes + 999'999) / 1'000'000; };
  const std::string tmpdir = options.corpus.tmpdir.empty() ? "/tmp" : options.corpus.tmpdir;
  if (const uint64_t free = FreeBytes(tmpdir); plan.temporary_disk > free) {
    warnings.push_back(fmt::format(
        "the run needs about {} MB of temporary disk, and {} has {} MB; name another folder with --tmpdir",
        megabytes(plan.temporary_disk), tmpdir, free / 1'000'000));
  }
  if (options.dry_run || options.out.empty()) return warnings;
  const uint64_t output = plan.output_bytes + plan.stage_bytes;
  if (const uint64_t free = FreeBytes(options.out); output > free) {
    warnings.push_back(
        fmt::format("the results need about {} MB, and {} has {} MB; name another folder with --out",
                    megabytes(output), options.out, free / 1'000'000));
  }
  return warnings;
}

void AppendPlanFields(const DedupPlan& plan, JsonWriter* json) {
  json->Key("sample").BeginObject();
  json->Field("files_all", plan.files).Field("input_bytes", plan.input_bytes);
  json->Field("stored_bytes", plan.sampled_bytes)
      .Field("pages", plan.sampled_pages)
      .Field("whole", plan.whole);
  json->EndObject();
  json->Field("pages", plan.pages).Field("pages_kept", plan.pages_kept).Field("text_bytes", plan.text_bytes);
  json->Field("peak_memory", plan.memory).Field("temporary_disk", plan.temporary_disk);
  json->Field("output_bytes", plan.output_bytes).Field("stage_bytes", plan.stage_bytes);
  json->Key("seconds").Fixed(plan.seconds, 2);
  json->Key("recall").BeginArray();
  for (const auto& [resemblance, probability] : plan.recall) {
    json->BeginObject()
        .Key("resemblance")
        .Fixed(resemblance, 2)
        .Key("probability")
        .Fixed(probability, 4)
        .EndObject();
  }
  json->EndArray();
}

}  // namespace refrain
