#pragma once
/// The site scope as a job: what many pages of a source show, listed, marked or stripped.
///
///   BoilerplateOptions options;
///   options.corpus.inputs = {"crawl/"};
///   options.format = BoilerplateFormat::kJson;
///   absl::StatusOr<BoilerplateSummary> summary = RunBoilerplate(options, {}, write);

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "refrain/match/furniture.h"
#include "refrain/pipeline/corpus.h"
#include "refrain/pipeline/output_mode.h"

namespace refrain {

enum class BoilerplateFormat : uint8_t {
  kList,    ///< texts of each source with how many of its pages show them, for people
  kText,    ///< pages without them; between two stands a line with a form feed
  kMarked,  ///< pages as read, what goes marked
  kJson,    ///< an object a page, see docs/formats/boilerplate.md
};

struct BoilerplateOptions {
  CorpusOptions corpus;
  FurnitureOptions furniture;
  /// Texts of many sources go too. They are licences and sayings as often as notices, so it is not the
  /// default.
  bool cut_common = false;
  BoilerplateFormat format = BoilerplateFormat::kList;
  bool color = false;  ///< kMarked: terminal colours
  std::string out;     ///< folder for stripped pages; empty: none, results go to `write` as `format` says
  OutputMode mode = OutputMode::kClean;  ///< what is written to `out`
  bool force = false;                    ///< start again in a folder that holds a run
  uint64_t memory = 0;                   ///< bytes the run may use; 0: half of what is free

  absl::Status Validate() const;
  /// All that decides a result, as text.
  std::string Id() const;
};

struct BoilerplateSummary {
  uint64_t records = 0;  ///< read, damaged ones counted
  uint64_t pages = 0;
  uint64_t with_source = 0;     ///< pages whose source is known
  uint64_t same_ids = 0;        ///< pages whose id another page has too
  uint64_t text_bytes = 0;      ///< of all pages, as read
  uint64_t pages_stripped = 0;  ///< of which something goes
  uint64_t spans = 0;           ///< that go
  uint64_t cut_bytes = 0;
  uint64_t texts = 0;      ///< different ones of sources, with and without slots
  uint64_t templates = 0;  ///< of them those with slots
  uint64_t common = 0;     ///< texts of many sources
  DamageCount damage;
  std::vector<std::pair<std::string, double>> seconds;  ///< by stage
  uint64_t peak_memory = 0;                             ///< resident bytes
  uint64_t temporary_disk = 0;                          ///< bytes, most at the end of a stage
  uint64_t input_bytes = 0;                             ///< as stored
};

/// Reads the input twice, within `memory`. Results are the same bytes for any number of threads, any memory
/// and any order of inputs. Without options.out they go to `write`, in input order. Errors: InvalidArgument
/// and NotFound for what the caller can mend, FailedPrecondition for a folder in use, ResourceExhausted for a
/// full disk or too little memory, Cancelled; and those of `write`.
absl::StatusOr<BoilerplateSummary> RunBoilerplate(const BoilerplateOptions& options, const RunHooks& hooks,
                                                  const std::function<absl::Status(std::string_view)>& write);

}  // namespace refrain
