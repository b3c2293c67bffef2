// What a dedup run refuses before it reads, for it and for what foresees it.

#include <filesystem>

#include <fmt/format.h>

#include "refrain/pipeline/dedup_run_internal.h"

namespace refrain {
namespace {

namespace fs = std::filesystem;

// Where refrain looks for the pages of an earlier run: a run's folder, or the clean/ in it.
std::string RunOf(const std::string& against) {
  if (HoldsRun(against)) return against;
  fs::path path = fs::path(against).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  const fs::path above = path.parent_path().empty() ? fs::path(".") : path.parent_path();
  return path.filename() == "clean" && HoldsRun(above.string()) ? above.string() : "";
}

// nullptr if there is none.
absl::StatusOr<std::unique_ptr<Corpus>> OpenAgainst(const DedupOptions& options, const RunHooks& hooks) {
  if (options.against.empty()) return nullptr;
  const std::string run = RunOf(options.against);
  if (run.empty()) {
    CorpusOptions earlier = options.corpus;
    earlier.inputs = {options.against};
    earlier.reader.format = InputFormat::kAuto;
    return Corpus::Open(earlier, hooks);
  }
  if (!fs::exists(run + "/run.json")) {
    return absl::FailedPreconditionError(fmt::format(
        "{} holds a run that did not end; give its command once more, then compare with it", run));
  }
  std::error_code error;
  const fs::path results = options.out.empty() ? fs::path() : fs::canonical(options.out, error);
  if (!options.out.empty() && !error && fs::canonical(run, error) == results) {
    return absl::InvalidArgumentError(
        fmt::format("--against and --out are one folder, {}; name another one with --out", options.out));
  }
  return Corpus::OpenRun(run, options.corpus);
}

}  // namespace

absl::StatusOr<DedupInputs> OpenInputs(DedupOptions* options, const RunHooks& hooks) {
  DedupInputs inputs;
  options->corpus.results = options->out;
  const absl::StatusOr<MemoryShares> memory = SettleMemory(options->memory, &options->corpus);
  if (!memory.ok()) return memory.status();
  inputs.memory = *memory;
  absl::StatusOr<std::unique_ptr<Corpus>> corpus = Corpus::Open(options->corpus, hooks);
  if (!corpus.ok()) return corpus.status();
  inputs.corpus = *std::move(corpus);
  absl::StatusOr<std::unique_ptr<Corpus>> against = OpenAgainst(*options, hooks);
  if (!against.ok()) return against.status();
  inputs.against = *std::move(against);
  if (!options->out.empty()) {
    if (absl::Status status = RunFolder::Check(options->out, options->force, "dedup"); !status.ok())
      return status;
  }
  return inputs;
}

}  // namespace refrain
